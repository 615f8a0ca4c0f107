# The whole story of chapter 2 (機器障害): an alarm at terminal t1, the report's climb, a serious fault, the mayor by telephone, the
# council, repair, resumption through the council, closing. Sourced by server/quickstart; every human act goes through the command line.

. "$source/server/tours/people.sh"

tour_alarm() {
	heading "手順1 障害の発見" "Step 1: the fault is found"
	at t1 "障害を知らせる" "raises the alarm" alarm fault --kind hardware --text 起動しない
	opens "$officer"
	expect_screen t2 "$(t 障害 Fault)"
	expect_screen t3 "$(t 障害 Fault)"
	responded "$operator"
}

tour_report() {
	heading "手順1 特定・報告" "Step 1: cause and report"
	reads "$operator" "$O_ja" "$O_en" "届いたものを見る" "sees what has arrived" inbox
	operator "受け取ったことを知らせる" "acknowledges" ack "$incident/A.fault"
	reads "$operator" "$O_ja" "$O_en" "種類ごとの確認方法を見る" "sees how to check each kind of fault" act "$incident" F1.1b --form
	operator "種類と原因を記録する" "records kind and cause" act "$incident" F1.1b kind=hardware --check 警告ランプの確認 --check 形状異常の確認 \
		place='1階窓口 統合端末1' cause=電源装置の故障
	operator "国・県への照会は要らない" "no need to consult others" not-needed "$incident" F1.1c --reason 原因が判明したため
	operator "保守を依頼する" "asks the contractor" act "$incident" F1.2a --call contractor --answered 山本 --said '15時に来庁して部品を交換する'
	operator "セキュリティ責任者に報告する" "reports to the security officer" act "$incident" F1.2b situation='統合端末1が起動しない' cause=電源装置の故障 \
		extent='窓口1か所が使えない'
	officer "受け取る" "acknowledges" ack "$incident/F1.2b"
	officer "上へ報告する" "reports upward" act "$incident" F1.3 remark='他の端末への影響を確認中'
	responded "$officer"
	manager "受け取る（ここで初めて統括責任者に届く）" "acknowledges (only now is the chief told)" ack "$incident/F1.3"
	chief "受け取る" "acknowledges" ack "$incident/F1.3"
}

tour_decision() {
	heading "手順2 判断" "Step 2: decisions"
	chief "データ保護を指示し、端末を切り離す" "instructs protection of data and cuts the terminal off" act "$incident" F2.1 instruction='統合端末1を切り離し、バックアップを確認すること' stop=stop
	manager "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/F2.1"
	officer "指示を受ける" "receives it" ack "$incident/F2.1"
	expect_screen t3 "$(t 措置が命じられました 'A measure is ordered')"
	terminals_ack F2.1
	reads "$chief" "$C_ja" "$C_en" "講じた措置と端末の受領を見る" "sees the measure and which terminals know of it" measures "$incident"
	chief "重大と判断する" "decides: serious" act "$incident" F2.2a serious=serious ground='長時間の停止が見込まれる'
	chief "町長に報告する" "reports to the mayor" act "$incident" F2.2b text='統合端末の障害により窓口業務が停止しています'
	responded "$chief"
	mayor_told F2.2b
}

tour_council() {
	heading "手順3 セキュリティ会議" "Step 3: the council"
	chief "招集する" "convenes it" council convene "$incident" F3.1 at="$(today_at)" place=第1会議室
	present_all F3.1 "$manager" "$officer"
	responded "$chief"
	manager "欠席の小野さんに電話し、返事を入力する" "telephones the member who is away and enters the answer" \
		ack "$incident/F3.1" --for p_ono --by telephone --number 0749-00-0010 --at "$(now)" --answer absent
	act p_vice "$V_ja" "$V_en" "代理を出す" "sends a deputy" ack "$incident/F3.1" --answer deputy --comment '加藤が出席'
	present_all F3.1 "$chief"
	officer "会議に報告する" "reports to the council" act "$incident" F3.2 situation='統合端末1が起動しない' cause=電源装置の故障 extent='窓口1か所が使えない'
	chief "措置の承認を得る" "has the measures approved" act "$incident" F3.2r approval=approved minutes='全員一致で承認'
	chief "8項目を決める" "eight agenda items" council decide "$incident" F3.3a equipment=stop inform='全国センターと滋賀県に連絡する' \
		support='保守委託事業者に依頼済み' organise='税務住民課が窓口を統括する' residents='手書きの受付票で対応する' publicity='町のホームページで知らせる' \
		substitute='他の端末で証明書を交付する' resume=deferred
	terminals_ack F3.3a
	chief "結果を町長に報告する" "reports the result to the mayor" act "$incident" F3.3b text='停止を承認し、復旧後に再開を審議します'
	mayor_told F3.3b
}

tour_recovery() {
	reads "$chief" "$C_ja" "$C_en" "会議の出欠と決定を見る" "sees who attends and what was decided" council show "$incident"
	heading "手順4・5 修理、再開" "Steps 4 and 5: repair and resumption"
	officer "修理の結果を記録する" "records the repair" act "$incident" F4.1 result='電源装置を交換し、起動を確認した'
	officer "整合性を確認し、関係機関に電話する" "checks integrity and telephones the bodies" act "$incident" F5.1 integrity='照合の結果、差異なし' \
		--call prefecture --answered 中村 --said '了解した' --call national --answered 受付 --said '了解した'
	chief "承認する" "approves" act "$incident" F5.2 approval=approve ground='復旧と整合性を確認した'
	no_officer "承認だけで再開しようとする" "tries to resume on the approval alone" act "$incident" F5.4 text=再開
	chief "会議はまだ開いているので、あらためて招集しない" "the council still sits; no new convening" not-needed "$incident" F5.3c --reason '会議を継続している'
	officer "会議に復旧を報告する" "reports recovery to the council" act "$incident" F5.3r text='復旧し、整合性を確認した'
	chief "会議の再開の決定を記録する" "records the council's decision to resume" act "$incident" F5.3 decision=resume minutes='再開を決定'
	officer "運用を再開する" "resumes" act "$incident" F5.4 text='15時30分に運用を再開した'
	terminals_ack F5.4
}

tour_after() {
	heading "再発防止・終結" "Measures against recurrence; closing"
	officer "再発防止策を決める" "decides on measures" act "$incident" F6.1 --follow-up technical=障害監視の強化 --owner "$operator" --due "$(in_days 60)" \
		--follow-up operational=予備装置の確保 --owner "$manager" --due "$(in_days 90)"
	mayor_confirms
	chief "終結する" "closes" act "$incident" X.close text='復旧を確認し、終結する'
}

tour() {
	heading "在席（それぞれの機器で renraku watch）" "Present (renraku watch on their own devices)"
	come_in "$operator" "$officer" "$manager" "$chief" p_vice
	tour_alarm
	tour_report
	tour_decision
	tour_council
	tour_recovery
	tour_after
}

tour_verdict() {
	heading "事案の記録" "The incident's record"
	look as_person "$chief" log "$incident"
	expect_closed F1.1a F1.1b F1.1c F1.2a F1.2b F1.3 F2.1 F2.2a F2.2b F3.1 F3.2 F3.3a F3.3b F4 F5.1 F5.2 F5.3 F6
}
