# Misuse, level 2 (手順3③): a virus was caught. The chief passes the council over with a ground; nothing was stopped. Ends with permanent measures
# that outlive the incident. Sourced by server/quickstart.
. "$source/server/tours/misuse.sh"

tour() {
	people_come
	misuse_alarm --kind virus --text 'ウイルス対策ソフトの警告が出た'
	four_fields '本日9時5分に発見、同時刻' '1階窓口 統合端末1' 'ウイルスの検出のみ。駆除済みで、異常動作はない' 'ネットワークケーブルを抜いた'
	analysis level2 not_found '対策ソフトによる検出であり、異常動作はない' '統合端末1で検出、駆除済み'
	first_orders '全端末の検査を行うこと'
	mayor_told M2.0a
	no_operator "レベル3の可能性がないのに止めようとする" "tries to stop the system though level 3 is not likely" act "$incident" M2.2 stop=stop scope=whole
	bodies_called
	heading "手順3 脅威度の判定" "Step 3: the level"
	determined level2 'ウイルス対策ソフトによる検出（レベル2の例3）'
	cause_reported '添付ファイルを開いた' '検査と注意喚起'
	no_chief "根拠を書かずに会議を招集しないと決めようとする" "tries to pass the council over without a ground" act "$incident" M3.3 council=pass
	chief "会議は招集しない" "does not convene the council" act "$incident" M3.3 council=pass ground='駆除済みで広がりがない'
	no_chief "それでも会議を招集しようとする" "tries to convene it all the same" council convene "$incident" M4.1 at="$(today_at)"
	final_cause '添付ファイルからの感染' '端末を初期化し、検査した'
	approved
	resumed
	permanent_measures
	mayor_confirms
	closes '復旧を確認し、終結する'
	followed_up
}

tour_verdict() {
	expect_closed $LEVEL2 G2b M1.1 M1.2
	expect_not_applicable M2.2 M2.3 M2.4 M3.1 M3.4 M4.1 M4.2 M4.3a M4.3b M6.1c M6.1r M6.1d
	unapplied='M2.4 M3.4'
}
