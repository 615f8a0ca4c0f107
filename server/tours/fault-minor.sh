# The same fault, not serious and without a stop: no mayor, no council; the chief's approval alone resumes. Sourced by server/quickstart.
. "$source/server/tours/fault.sh"

tour_decision_minor() {
	heading "手順2 判断" "Step 2: decisions"
	chief "データ保護を指示する（停止は命じない）" "instructs protection of data, orders no stop" act "$incident" F2.1 instruction='バックアップを確認すること' stop=no_stop
	manager "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/F2.1"
	officer "指示を受ける" "receives it" ack "$incident/F2.1"
	chief "重大でないと判断する" "decides: not serious" act "$incident" F2.2a serious=not_serious ground='他の端末で窓口業務を続けられる'
	no_chief "会議を招集しようとする" "tries to convene the council" act "$incident" F3.1 at="$(today_at)" place=第1会議室
	responded "$chief"
}

tour_recovery_minor() {
	heading "手順4・5 修理、再開" "Steps 4 and 5: repair and resumption"
	officer "修理の結果を記録する" "records the repair" act "$incident" F4.1 result='電源装置を交換し、起動を確認した'
	officer "整合性を確認し、関係機関に電話する" "checks integrity and telephones the bodies" act "$incident" F5.1 integrity='照合の結果、差異なし' \
		--call prefecture --answered 中村 --said '了解した' --call national --answered 受付 --said '了解した'
	chief "差し戻す" "sends it back" act "$incident" F5.2 approval=send_back ground='全国センターへの連絡内容が足りない'
	officer "やり直す" "does it again" act "$incident" F5.1 integrity='照合の結果、差異なし。全国センターに詳細を伝えた' \
		--call prefecture --answered 中村 --said '了解した' --call national --answered 受付 --said '詳細を伝えた'
	chief "承認する" "approves" act "$incident" F5.2 approval=approve ground='復旧と整合性を確認した'
	officer "運用を再開する" "resumes" act "$incident" F5.4 text='15時30分に運用を再開した'
	terminals_ack F5.4
}

tour() {
	heading "在席（それぞれの機器で renraku watch）" "Present (renraku watch on their own devices)"
	come_in "$operator" "$officer" "$manager" "$chief"
	tour_alarm
	tour_report
	tour_decision_minor
	tour_recovery_minor
	tour_after
}

tour_verdict() {
	heading "事案の記録" "The incident's record"
	look as_person "$chief" log "$incident"
	expect_closed F1.1a F1.1b F1.1c F1.2a F1.2b F1.3 F2.1 F2.2a F4 F5.1 F5.2 F6
	expect_not_applicable F2.2b F3.1 F3.2 F3.3a F3.3b F5.3c
}
