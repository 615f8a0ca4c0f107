# Misuse, level 3 (手順3④), at night: a stop is broadcast to every terminal, the mayor and the chief are reached by telephone, the council must meet
# and takes the stop over, and only its decision resumes. Sourced by server/quickstart.
. "$source/server/tours/misuse.sh"

# by_phone PERSON ROLE-JA ROLE-EN NUMBER WHAT-JA WHAT-EN COMMAND…: said by telephone, entered by the manager.
by_phone() {
	local p=$1 ja=$2 en=$3 number=$4 what_ja=$5 what_en=$6
	shift 6
	manager "$(name "$p")（$ja）の電話を受けて入力する: $what_ja" "enters what $(name "$p") ($en) says by telephone: $what_en" "$@" \
		--for "$p" --by telephone --number "$number" --at "$(now)"
}

tour_night() {
	heading "手順2 緊急措置（夜間、電話で）" "Step 2: emergency measures (at night, by telephone)"
	by_phone "$chief" "$C_ja" "$C_en" 090-0000-0004 "データ保護の指示" "instructs protection of data" \
		act "$incident" M2.0b instruction='統合端末を切り離し、記録を保全すること'
	manager "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/M2.0b"
	officer "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/M2.0b"
	operator "指示を受ける" "receives it" ack "$incident/M2.0b"
	chief "町長に第一報を入れる" "makes the first report to the mayor" act "$incident" M2.0a text='不正アクセスの疑いがあり、停止を検討しています'
	manager "町長の自宅に電話したが出ない。かけ直す時刻を残す" "telephones the mayor at home; no answer, will try again" \
		call "$incident" "$mayor" --item M2.0a --number 090-0000-0005 --no-answer --again "$(now)"
	by_phone "$mayor" 町長 mayor 090-0000-0005 "受け取った" "has it" ack "$incident/M2.0a"
	no_operator "停止の範囲を書かずに止めようとする" "tries to stop without saying how much" act "$incident" M2.2 stop=stop
	operator "端末をネットワークから切り離す" "cuts the terminals off from the network" act "$incident" M2.2 stop=stop scope=network
	stopped M2.2
	no_chief "停止したまま誤報として取り下げようとする" "tries to withdraw the alarm while the stop is in force" withdraw "$incident" --ground 誤報
	operator "関係者から聴き取る" "hears those concerned" act "$incident" M2.3 text='操作者に心当たりはない'
	operator "提供先の機関に緊急措置を求める" "asks bodies that received the data for emergency measures" act "$incident" M2.4 asked='保有情報の確認と廃棄' \
		--call national --answered 受付 --said '確認して報告する' --follow-up answer='講じた措置の報告を受ける' --owner "$operator" --due "$(in_days 7)"
	bodies_called
}

tour() {
	found='正当な権限によると確認できない操作' cause='認証情報の流出'
	people_come
	misuse_alarm --kind access --text '閉庁後に統合端末が操作された記録がある'
	four_fields '本日21時10分に発見、20時台と思われる' '1階窓口 統合端末1' '本人確認情報の検索3件' '端末に触れていない'
	analysis level3 found '正当な権限によるものと確認できない操作がある' '20時台の検索3件、操作者不明'
	tour_night
	heading "手順3 脅威度の判定" "Step 3: the level"
	determined level3 '正当な権限によるものと確認することができない統合端末等の操作（レベル3の例3）'
	cause_reported "$cause" '全員の認証情報を改める'
	no_chief "会議を招集せず、根拠も書かない" "tries to pass the council over without a ground" act "$incident" M3.4 council=pass
	chief "会議を招集しなければならない" "convenes the council, as must be" act "$incident" M3.4 council=convene ground='本人確認情報への脅威が高い'
	chief "町長に続報を入れる" "updates the mayor" act "$incident" M3.4m text='停止し、会議を招集します'
	mayor_told M3.4m
	council_meets keep
	final_cause "$cause" '認証情報を改め、端末を初期化した'
	approved
	chief "会議はまだ開いているので、あらためて招集しない" "the council still sits; no new convening" not-needed "$incident" M6.1c --reason '会議を継続している'
	keeper "会議に復旧を報告する" "reports recovery to the council" act "$incident" M6.1r text='認証情報を改めた'
	chief "会議は、まだ再開しないと決める" "the council decides: not yet" act "$incident" M6.1d decision=not_yet minutes='証拠の保全を先に行う'
	no_keeper "それでも再開しようとする" "tries to resume all the same" act "$incident" M6.1e text=再開
	final_cause "$cause" '証拠の写しを保全し、端末を初期化した'
	approved
	council_resumes
	no_chief "停止したまま終結しようとする" "tries to close while the stop is in force" act "$incident" X.close text=終結
	resumed
	permanent_measures
	mayor_confirms
	confirms "$chief" "$C_ja" "$C_en"
	closes '復旧を確認し、終結する'
	followed_up
}

tour_verdict() {
	expect_closed $LEVEL3 $COUNCIL G2b M1.1 M1.2
	expect_not_applicable M3.1 M3.3 F1.1b F5.4
	unapplied='M3.3'
}
