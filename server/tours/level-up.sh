# The level goes from 2 to 3 after the council was passed over: that decision no longer counts, the council must be dealt with anew, and nothing leads to
# resumption or closing before it. Then down to 1: what was recorded stays, and the council's stop still needs the council. Sourced by server/quickstart.
. "$source/server/tours/misuse.sh"

item_is() { # ITEM STATE WHY-JA WHY-EN
	incident_rows >"$town/rows.json"
	item_states "$town/rows.json" | grep -q "^$2 $1 " || fail "$1 は $2 のはずです: $(item_states "$town/rows.json" | grep " $1 ")" "$1 should be $2"
	say "  ✓ $1: $3" "  ✓ $1: $4"
}

tour() {
	found='ウイルスの検出' cause='添付ファイル'
	people_come
	misuse_alarm --kind virus --text 'ウイルス対策ソフトの警告が出た'
	four_fields '本日9時5分に発見' '1階窓口 統合端末1' 'ウイルスの検出のみ' 'ネットワークケーブルを抜いた'
	analysis level2 not_found '対策ソフトによる検出' '統合端末1で検出、駆除済み'
	first_orders '全端末の検査を行うこと'
	mayor_told M2.0a
	bodies_called
	determined level2 'ウイルス対策ソフトによる検出（レベル2の例3）'
	cause_reported "$cause" '検査'
	chief "会議は招集しない" "does not convene the council" act "$incident" M3.3 council=pass ground='駆除済み'
	final_cause "$cause" '端末を初期化した'
	approved
	heading "脅威度が上がる: レベル2 → 3" "The level goes up: 2 to 3"
	determined level3 '感染した端末から本人確認情報が検索されていた（レベル3の例4）'
	item_is M3.3 not_applicable 'レベル2での「招集しない」は、もう効かない' 'the decision at level 2 no longer counts'
	item_is M3.4 ready '会議の招集の判断をしなければならない' 'the council must be decided upon'
	no_keeper "会議を経ずに再開しようとする" "tries to resume without the council" act "$incident" M6.1e text=再開
	no_chief "会議を経ずに終結しようとする" "tries to close without the council" act "$incident" X.close text=終結
	chief "会議を招集する" "convenes the council" act "$incident" M3.4 council=convene ground='本人確認情報への脅威が高い'
	chief "町長に続報を入れる" "updates the mayor" act "$incident" M3.4m text='脅威度をレベル3に改めました'
	mayor_told M3.4m
	council_meets stop
	heading "脅威度が下がる: レベル3 → 1" "The level goes down: 3 to 1"
	determined level1 '検索は職員による正当なものと確認できた'
	item_is M4.3a kept '会議の決定は記録に残る' "the council's decisions stay on record"
	no_chief "停止が続くまま解除しようとする" "tries to stand down while the stop is in force" act "$incident" M3.1 text=解除
	no_chief "停止が続くまま終結しようとする" "tries to close while the stop is in force" act "$incident" X.close text=終結
	approved
	council_resumes
	resumed
	chief "庁内に報告し、緊急時対応を解除する" "reports in-house and stands down" act "$incident" M3.1 text='正当な操作と確認し、解除する'
	all_ack M3.1
	mayor_confirms
	closes '正当な操作と確認した'
}

tour_verdict() {
	expect_closed $LEVEL1 M3.2 $COUNCIL M6.1 M6.3 M6.4
	expect_not_applicable M7.1 M7.2 M2.2
}
