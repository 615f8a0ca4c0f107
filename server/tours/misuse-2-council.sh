# Misuse, level 2 with the council (手順1③ and 手順3③): the prefecture telephones, so the operator opens the incident. The council orders a stop; only
# its own decision resumes. Sourced by server/quickstart.
. "$source/server/tours/misuse.sh"

tour() {
	found='外部からの不正アクセスの試み' cause='公開された認証情報の試行'
	people_come
	heading "手順1 外部からの通報" "Step 1: reported from outside"
	no_officer "住基ネット担当者でない者が受け付けようとする" "somebody else than the operator tries to take the report" alarm notice \
		--who '滋賀県 中村' --at "$(today_at)" --how 電話 --text "$found"
	operator "県からの通報を受け付ける（誰が、いつ、どの方法で）" "takes the prefecture's report (who, when, how)" alarm notice --who '滋賀県 中村' --at "$(today_at)" \
		--how 電話 --text "$found"
	opens "$officer"
	analysis level2 not_found 'ファイアウォールを通過していない' 'ファイアウォールの記録に試行が残る'
	first_orders 'ファイアウォールの記録を保全すること'
	mayor_told M2.0a
	bodies_called
	heading "手順3 脅威度の判定" "Step 3: the level"
	determined level2 'ファイアウォールを通過しなかった不正アクセス（レベル2の例2）'
	cause_reported "$cause" '認証の遮断'
	chief "会議を招集する" "convenes the council" act "$incident" M3.3 council=convene ground='試行が続いている'
	council_meets stop
	final_cause "$cause" '認証情報を無効にし、規則を加えた'
	approved
	council_resumes
	resumed
	permanent_measures
	mayor_confirms
	closes '復旧を確認し、終結する'
	followed_up
}

tour_verdict() {
	expect_closed $LEVEL2 $COUNCIL M1.3
	expect_not_applicable A.misuse M1.2 M2.2 M2.3 M2.4 M3.1 M3.4 M3.4m
}
