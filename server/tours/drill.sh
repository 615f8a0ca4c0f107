# Drills (訓練): an announced one in which not everybody answers, an unannounced one that goes better, and a third that a real alarm interrupts. Each has
# its score card. Sourced by server/quickstart.
. "$source/server/tours/fault.sh"

# reported TEXT: the report climbs from the operator to the system manager, as in the real thing.
reported() {
	operator "受け取る" "acknowledges" ack "$incident/A.fault"
	operator "種類と原因を記録する" "records kind and cause" act "$incident" F1.1b kind=hardware --check 警告ランプの確認 place='1階窓口' --unknown cause="$1"
	operator "セキュリティ責任者に報告する" "reports to the security officer" act "$incident" F1.2b situation="$1" --unknown cause="$1" --unknown extent="$1"
	officer "受け取る" "acknowledges" ack "$incident/F1.2b"
	officer "上へ報告する" "reports upward" act "$incident" F1.3 remark="$1"
}

ends() {
	manager "訓練を終える。採点表が出る" "ends the drill; its score card" drill end "$incident" --reason 予定どおり
}

tour_announced() {
	heading "予告した訓練" "A drill that was announced"
	manager "障害の訓練を始める" "begins a drill of a fault" drill start fault --kind hardware --place '2階 電算室' --text '想定: 起動しない'
	opens "$officer"
	expect_screen t2 "$(t 訓練 DRILL)"
	reported '想定のため'
	responded "$officer"
	say "  （システム管理者は F1.3 に応えない。統括責任者には届かない）" "  (the system manager does not answer F1.3; the chief never hears of it)"
	ends
}

tour_unannounced() {
	heading "予告のない訓練" "A drill nobody knew of"
	manager "予告せずに同じ訓練を始める" "begins the same drill unannounced" drill start fault --unannounced --kind hardware --place '2階 電算室' --text '想定: 起動しない'
	opens "$officer"
	reported '想定のため'
	manager "受け取る" "acknowledges" ack "$incident/F1.3"
	chief "受け取る" "acknowledges" ack "$incident/F1.3"
	ends
	reads "$manager" "$M_ja" "$M_en" "これまでの訓練を比べる" "compares the drills so far" drill list
}

tour_interrupted() {
	heading "訓練の途中で、実際の通報" "A real alarm in the middle of a drill"
	manager "不正行為の訓練を始める" "begins a drill of misuse" drill start misuse --kind virus --place '2階 電算室' --text '想定: 警告'
	opens "$officer"
	third=$incident
	officer "受け取る" "acknowledges" ack "$third/A.misuse"
	marked
	at t1 "本物の障害を知らせる" "raises a real alarm" alarm fault --kind hardware --text 起動しない
	opens "$operator"
	[ "$incident" != "$third" ] || fail "実際の通報が訓練にまとめられました" "the real alarm joined a drill"
	reads "$manager" "$M_ja" "$M_en" "訓練は中止された。それまでの採点は残る" "the drill has ended; what was measured stays" drill score "$third"
	refused_act "$officer" "$S_ja" "$S_en" "中止された訓練を続けようとする" "tries to go on with the drill" act "$third" M1.2 times=a device=b damage=c first_aid=d
	refused_act "$manager" "$M_ja" "$M_en" "本物の事案の間に訓練を始めようとする" "tries to begin a drill beside a real incident" drill start fault --kind hardware --place '2階 電算室'
	operator "受け取る" "acknowledges" ack "$incident/A.fault"
	operator "調べると誤報だった。取り下げる" "it was a false alarm; withdraws it" withdraw "$incident" --ground 'コンセントが抜けていた'
	officer "受け取る" "acknowledges" ack "$incident/X.withdraw"
	chief "終結する" "closes" act "$incident" X.close text='誤報と確認した'
}

# Whatever the screens showed so far was a drill's, and every line says so.
marked() {
	local where
	for where in t1 t2 t3 "$operator" "$officer" "$manager"; do
		screen_of "$where"
		! grep -E '通報|alarm' "$screen" | grep -vE '訓練|DRILL' || fail "$where の画面に【訓練】のない行があります" "a line on the screen of $where is not marked as a drill"
	done
	say "  ✓ 画面に出たものには、すべて【訓練】とある" "  ✓ everything shown is marked as a drill"
}

tour() {
	heading "在席（それぞれの機器で renraku watch）" "Present (renraku watch on their own devices)"
	come_in "$operator" "$officer" "$manager" "$chief"
	tour_announced
	tour_unannounced
	tour_interrupted
}

# scored DRILL WORDS WHY-JA WHY-EN: the list of drills says so of it.
scored() {
	sed 's/{"key":/\n&/g' "$town/drills.json" | grep -E "\"(score|incident)\":\{\"(incident|id)\":$1," | grep -qE -- "$2" ||
		fail "訓練 $1 の採点が違います: $3" "the score of drill $1 is wrong: $4"
	say "  ✓ 訓練 $1: $3" "  ✓ drill $1: $4"
}

tour_verdict() {
	look as_person "$manager" drill list --json >"$town/drills.json"
	heading "訓練の採点" "The drills' scores"
	scored 1 '"wanted":8,"answered":7,"quarters":\[[0-9]+,[0-9]+,[0-9]+\]' '8件のうち7件に応答、100%には達しない' '7 of 8 answered, 100 % never reached'
	scored 2 '"previous":\{"incident":1,' '前回と比べられている' 'compared with the one before'
	scored "$third" "\"interrupted_by\":$incident[,}]" '実際の通報で中止' 'interrupted by the real alarm'
	scored "$third" '"answered":1,' 'それまでの応答は残る' 'what was answered until then stays'
	expect_closed G1 F1.1a
	expect_not_applicable F1.1b F1.2b M1.2
}
