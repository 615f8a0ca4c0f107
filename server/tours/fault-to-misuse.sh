# An alarm of unknown kind is sorted as a fault; a terminal is cut off; then it turns out to be misuse. One incident: what was recorded and the stop in force
# stay, and the terminals hear nothing of it. Sourced by server/quickstart.
. "$source/server/tours/misuse.sh"

tour_unknown() {
	heading "手順1 区分のわからない通報" "Step 1: an alarm of unknown kind"
	reporter=t2
	at "$reporter" "おかしいが、何かは分からない" "something is wrong, but what?" alarm unknown --text '画面が勝手に動く'
	opens "$officer"
	expect_screen "$operator" "$(t 区分不明 unknown)"
	operator "受け取る" "acknowledges" ack "$incident/A.unknown"
	officer "受け取る" "acknowledges" ack "$incident/A.unknown"
	refused_act "$manager" "$M_ja" "$M_en" "区分を決める役割でない者が決めようとする" "somebody else tries to sort it" act "$incident" X.classify category=fault ground=故障
	operator "障害とする" "sorts it as a fault" act "$incident" X.classify category=fault ground='端末の故障と思われる'
	officer "受け取る" "acknowledges" ack "$incident/X.classify"
}

tour_fault_begins() {
	operator "種類と原因を記録する" "records kind and cause" act "$incident" F1.1b kind=hardware --check 警告ランプの確認 place='1階窓口 統合端末2' --unknown cause=調査中
	operator "国・県への照会はまだしない" "consults nobody yet" not-needed "$incident" F1.1c --reason '保守業者を先に呼ぶ'
	operator "保守を依頼する" "asks the contractor" act "$incident" F1.2a --call contractor --answered 山本 --said '遠隔で確認する'
	operator "セキュリティ責任者に報告する" "reports to the security officer" act "$incident" F1.2b situation='画面が勝手に動く' --unknown cause=調査中 extent='窓口1か所'
	officer "受け取る" "acknowledges" ack "$incident/F1.2b"
	officer "上へ報告する" "reports upward" act "$incident" F1.3 remark='保守業者が確認中'
	manager "受け取る" "acknowledges" ack "$incident/F1.3"
	chief "受け取る" "acknowledges" ack "$incident/F1.3"
	chief "端末を切り離す" "cuts the terminal off" act "$incident" F2.1 instruction='統合端末2を切り離すこと' stop=stop
	manager "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/F2.1"
	officer "指示を受ける" "receives it" ack "$incident/F2.1"
	terminals_ack F2.1
}

tour() {
	people_come
	tour_unknown
	tour_fault_begins
	heading "障害ではなく、不正行為だった" "It is no fault, it is misuse"
	no_chief "切り離したまま誤報として取り下げようとする" "tries to withdraw the alarm while the stop is in force" withdraw "$incident" --ground 誤報
	officer "区分を不正行為に改める" "reclassifies it as misuse" act "$incident" X.reclassify category=misuse ground='遠隔操作の痕跡が見つかった'
	operator "受け取る" "acknowledges" ack "$incident/X.reclassify"
	reads "$chief" "$C_ja" "$C_en" "それまでの記録も、続いている切り離しも残っている" "all records and the cut-off in force are still there" status "$incident"
	refused_look p_hirata 支所の職員 'clerk of the branch office' "役割のない職員には、もう見えない" "who has no part in it sees it no longer" status "$incident"
	four_fields '本日10時に発見' '1階窓口 統合端末2' '遠隔操作の試み。検索はされていない' '切り離した'
	analysis level2 not_found 'ファイアウォールを通過した通信はない' '遠隔操作ソフトの痕跡'
	first_orders '統合端末2を保全すること'
	mayor_told M2.0a
	bodies_called
	heading "手順3 脅威度の判定" "Step 3: the level"
	determined level2 'ファイアウォールを通過しなかった不正アクセス（レベル2の例2）'
	cause_reported '遠隔操作ソフト' '削除と検査'
	chief "会議は招集しない" "does not convene the council" act "$incident" M3.3 council=pass ground='広がりがない'
	final_cause '遠隔操作ソフト' '端末を初期化した'
	approved
	resumed
	never_shown "$(t 不正行為 isuse)" t1 t3
	permanent_measures
	mayor_confirms
	closes '復旧を確認し、終結する'
	followed_up
}

tour_verdict() {
	expect_closed $LEVEL2 F1.1b F1.2a F1.2b F1.3 F2.1 M1.2
	expect_not_applicable F2.2a F4.1 F5.1 F5.4 M3.4 M4.1 M6.1d
}
