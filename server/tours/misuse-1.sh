# Misuse, level 1 (手順3①): somebody tried a locked door. Nothing is stopped, no council; the chief stands the response down. Sourced by server/quickstart.
. "$source/server/tours/misuse.sh"

tour() {
	people_come
	misuse_alarm --unknown kind=調査中 --place '2階 電算室' --text '電算室の扉をこじ開けようとした跡がある'
	four_fields '今朝7時30分に発見、昨夜の閉庁後と思われる' '2階 電算室の扉（機器は異状なし）' '扉の傷のみ。侵入はない' '扉に触れず、写真を撮った'
	analysis level1 not_found '入室記録と監視映像から、室内に入っていない' '扉の傷、入室記録なし、機器の警告なし'
	first_orders '入室記録と監視映像を保全すること'
	mayor_told M2.0a
	bodies_called
	heading "手順3 脅威度の判定、解除" "Step 3: the level; stand-down"
	no_chief "判定の前に解除しようとする" "tries to stand down before the level is determined" act "$incident" M3.1 text=異状なし
	reads "$officer" "$K_ja" "$K_en" "脅威度の例を見る" "looks at the examples of each level" act "$incident" M3.0 --form
	determined level1 '侵入しようとしたが侵入できなかった（レベル1の例1）'
	chief "庁内に報告し、緊急時対応を解除する" "reports in-house and stands down" act "$incident" M3.1 text='侵入はなく、緊急時対応を解除する'
	expect_screen t2 "$(t 解除 stand-down)"
	never_shown "$(t 不正行為の通報 'Misuse alarm')" t2 t3
	no_chief "受領確認がそろわないうちに終結しようとする" "tries to close before all have acknowledged" act "$incident" X.close text=終結
	all_ack M3.1
	mayor_confirms
	closes '侵入はなかった'
}

tour_verdict() {
	expect_closed $LEVEL1
	expect_not_applicable M1.3c M2.2 M2.3 M2.4 M3.2 M3.3 M3.4 M4.1 M4.3a M5.1 M6.1 M6.1e M7.1 M7.2
}
