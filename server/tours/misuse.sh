# Parts of chapter 3 (不正行為) that several stories share. Sourced by them; the words of a story are its own, given as arguments.
. "$source/server/tours/people.sh"

reporter=t1 # the terminal of whoever noticed it

# misuse_alarm FIELD…: before much is known; nobody but the roles is told.
misuse_alarm() {
	heading "手順1 不正行為の発見" "Step 1: misuse is noticed"
	at "$reporter" "不正行為を知らせる（まだ分からないことは「調査中」）" "raises the alarm (what is not known yet: 'looking into it')" alarm misuse "$@"
	opens "$officer"
	expect_screen "$officer" "$(t 不正行為の通報 'Misuse alarm')"
	officer "受け取ったことを知らせる" "acknowledges" ack "$incident/A.misuse"
	refused_look p_hirata 支所の職員 'clerk of the branch office' "役割のない職員が見ようとする" "somebody without a part in it tries to look" status "$incident"
}

# four_fields TIMES DEVICE DAMAGE FIRST-AID: first what is known, then the rest.
four_fields() {
	no_officer "四つの項目が空欄のまま報告しようとする" "tries to report with fields left empty" act "$incident" M1.2 times="$1" device="$2"
	at "$reporter" "四つの項目を報告する。分からないものは理由を書く" "reports the four fields; what is unknown has a reason" act "$incident" M1.2 \
		times="$1" device="$2" --unknown damage=調査中 first_aid="$4"
	officer "受け取る" "acknowledges" ack "$incident/M1.2"
	officer "分かったので報告を補う" "completes the report when it is known" act "$incident" M1.2 times="$1" device="$2" damage="$3" first_aid="$4"
}

# analysis LEVEL AT-BODIES GROUND INFORMATION: ends with the report up.
analysis() {
	operator "情報を集約する" "collects the information" act "$incident" M1.3a text="$4"
	reads "$operator" "$O_ja" "$O_en" "脅威度の例を見る" "looks at the examples of each level" act "$incident" M1.3b --form
	operator "調査・分析し、脅威度の可能性を述べる" "investigates and says which level is likely" act "$incident" M1.3b \
		text="$4" provisional="$1" at_bodies="$2" ground="$3"
	case "$1" in
	level1) ;;
	*) operator "県と全国センターに依頼する" "asks the prefecture and the national centre for help" act "$incident" M1.3c \
		asked='被害状況を把握するための照会' --call prefecture --answered 中村 --said '調べて折り返す' --call national --answered 受付 --said '記録を確認する' ;;
	esac
	operator "報告する" "reports" act "$incident" M1.4 text="$3"
	officer "受け取る（ここで初めて上に届く）" "acknowledges (only now are those above told)" ack "$incident/M1.4"
	manager "受け取る" "acknowledges" ack "$incident/M1.4"
	chief "受け取る" "acknowledges" ack "$incident/M1.4"
	responded "$chief"
}

# first_orders INSTRUCTION: up to the mayor and down to the operator, neither waiting for the other.
first_orders() {
	heading "手順2 緊急措置" "Step 2: emergency measures"
	chief "町長に第一報を入れる" "makes the first report to the mayor" act "$incident" M2.0a text='不正行為の疑いがあり、調査しています'
	chief "町長の応答を待たずに、データ保護を指示する" "instructs protection of data without waiting for the mayor" act "$incident" M2.0b instruction="$1"
	manager "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/M2.0b"
	officer "指示を受け、下へ渡す" "receives it and passes it down" ack "$incident/M2.0b"
	operator "指示を受ける" "receives it" ack "$incident/M2.0b"
}

bodies_called() {
	no_operator "電話を一か所だけで済ませようとする" "tries to make do with one call" act "$incident" M2.1 --call prefecture --answered 中村 --said 了解した
	operator "関係機関に協力を要請する" "asks the bodies for their help" act "$incident" M2.1 --call national --answered 受付 --said 協力する \
		--call prefecture --answered 中村 --said 了解した --call planning --answered 西村 --said 了解した --call contractor --answered 山本 --said 待機する
}

# determined LEVEL GROUND
determined() {
	keeper "関係機関に諮り、脅威度を判定する" "consults and determines the level" act "$incident" M3.0 level="$1" ground="$2" \
		--call national --answered 受付 --said '判断に同意する'
}

# cause_reported CAUSE COUNTERMEASURES
cause_reported() {
	keeper "原因と対策を報告する" "reports cause and countermeasures" act "$incident" M3.2 cause="$1" counter="$2"
	manager "受け取る（ここで初めて統括責任者に届く）" "acknowledges (only now is the chief told)" ack "$incident/M3.2"
	chief "受け取る" "acknowledges" ack "$incident/M3.2"
}

# council_meets SYSTEM: convened by screen and telephone; nine items. SYSTEM: keep | stop.
council_meets() {
	heading "手順4 セキュリティ会議" "Step 4: the council"
	chief "招集する" "convenes it" council convene "$incident" M4.1 at="$(today_at)"
	no_keeper "定足数に達しないうちに報告しようとする" "tries to report before there is a quorum" act "$incident" M4.2 situation="$found" cause="$cause" --unknown extent=調査中
	present_all M4.1 "$manager" "$officer" "$chief"
	manager "欠席の小野さんに電話し、返事を入力する" "telephones the member who is away and enters the answer" \
		ack "$incident/M4.1" --for p_ono --by telephone --number 0749-00-0010 --at "$(now)" --answer absent
	act p_vice "$V_ja" "$V_en" "代理を出す" "sends a deputy" ack "$incident/M4.1" --answer deputy --comment '加藤が出席'
	keeper "会議に報告する" "reports to the council" act "$incident" M4.2 situation="$found" cause="$cause" --unknown extent=調査中
	chief "緊急の措置の承認を得る" "has the emergency measures approved" act "$incident" M4.2r approval=approved minutes='全員一致で承認'
	no_chief "9項目のうち1項目だけを決めて終えようとする" "tries to decide one item of nine" council decide "$incident" M4.3a system="$1"
	chief "9項目を協議し決定する" "nine agenda items" council decide "$incident" M4.3a system="$1" inform='全国センターと都道府県管理課に連絡する' \
		support='保守委託事業者に依頼する' organise='税務住民課が窓口を統括する' residents='窓口で説明する' publicity='町のホームページで知らせる' \
		substitute='手書きの受付票で対応する' review='アクセスログの監視を加える' resume=deferred
	[ "$1" != stop ] || terminals_ack M4.3a # a stop is broadcast, and every terminal acknowledges
	chief "結果を町長に報告する" "reports the result to the mayor" act "$incident" M4.3b text='9項目を決定しました。再開は復旧後に審議します'
	mayor_told M4.3b
	confirms p_ono "$V_ja" "$V_en"
	reads "$chief" "$C_ja" "$C_en" "会議の出欠と決定を見る" "sees who attended and what was decided" council show "$incident"
}

# final_cause CAUSE RESTORATION: evidence is a file; its SHA-256 goes on record, the file stays where it is.
final_cause() {
	heading "手順5 原因の究明と復旧" "Step 5: cause and restoration"
	printf '%s 10.1.2.3 LOGIN FAILED\n' "$(now '%F %H:%M:%S')" >"$town/access.log"
	chief "原因と復旧措置、証拠のファイルを記録する" "records cause, restoration and the files of evidence" act "$incident" M5.1 cause="$1" restoration="$2" \
		evidence=@"$town/access.log"
}

# stopped ITEM: it is broadcast; one terminal is out of service, another is checked on the spot. Until all have answered they are listed.
stopped() {
	expect_screen t1 "$(t システムの停止 Stopping)"
	at t1 "停止の知らせを受け取る" "acknowledges the stop" ack "$incident/$1"
	reads "$chief" "$C_ja" "$C_en" "講じた措置と、受領していない端末を場所で見る" "sees the measure and which terminals, by place, have not answered" measures "$incident"
	operator "端末 t3 を、その場で見て確かめる" "checks terminal t3 on the spot" ack "$incident/$1" --terminal t3
	refused_act p_ono "$V_ja" "$V_en" "役割でない者が端末 t2 を外そうとする" "somebody without the role tries to excuse terminal t2" excuse "$incident/$1" t2 --reason 不要
	operator "壊れた端末 t2 を、理由を残して外す" "excuses terminal t2, which is broken, with the reason" excuse "$incident/$1" t2 --reason '電源が入らない'
}

integrity() { keeper "整合性を確認する" "checks integrity" act "$incident" M6.1 integrity="$1"; }
approved() {
	heading "手順6 運用の再開" "Step 6: resumption"
	integrity '抽出した範囲で差異なし'
	chief "照合が足りないと差し戻す" "sends it back" act "$incident" M6.1a approval=send_back ground='全件を照合すること'
	no_keeper "差し戻されたまま再開しようとする" "tries to resume all the same" act "$incident" M6.1e text=再開
	integrity '全件を照合し、差異なし'
	chief "承認する" "approves" act "$incident" M6.1a approval=approve ground='復旧と整合性を確認した'
}

council_resumes() {
	no_keeper "承認だけで再開しようとする" "tries to resume on the approval alone" act "$incident" M6.1e text=再開
	chief "会議はまだ開いているので、あらためて招集しない" "the council still sits; no new convening" not-needed "$incident" M6.1c --reason '会議を継続している'
	keeper "会議に復旧を報告する" "reports recovery to the council" act "$incident" M6.1r text='復旧し、全件の整合性を確認した'
	chief "会議の再開の決定を記録する" "records the decision to resume" act "$incident" M6.1d decision=resume minutes='再開を決定'
}

resumed() {
	keeper "運用を再開する" "resumes" act "$incident" M6.1e text='運用を再開した'
	terminals_ack M6.1e
	keeper "再開に伴う作業は要らない" "no further tasks are needed" not-needed "$incident" M6.2 --reason '権限の変更はない'
	chief "町長に報告する" "reports to the mayor" act "$incident" M6.3 text='運用を再開しました'
	mayor_told M6.3
	operator "関係機関に連絡する" "informs the bodies" act "$incident" M6.4 --call prefecture --answered 中村 --said 了解した \
		--call national --answered 受付 --said 了解した --call municipalities --answered 彦根市 --said 了解した
}

permanent_measures() {
	heading "恒久対策・終結" "Permanent measures; closing"
	no_chief "恒久対策を審議せずに終結しようとする" "tries to close before permanent measures are dealt with" act "$incident" X.close text=終結
	chief "恒久対策の会議を招集する" "convenes the council on permanent measures" council convene "$incident" M7.1 at="$(today_at)"
	present_all M7.1 "$manager" "$officer" "$chief" p_vice
	chief "恒久対策を決める" "decides on permanent measures" act "$incident" M7.2 --follow-up permanent='認証の記録を毎日点検する' --owner "$operator" --due "$(in_days 30)" \
		--follow-up permanent='職員の研修を行う' --owner "$officer" --due "$(in_days 90)"
}

closes() { chief "終結する" "closes" act "$incident" X.close text="$1"; }

# What was promised is followed to its end by its owners, though the incident is closed.
followed_up() {
	local number owner
	heading "終結の後" "After closing"
	while read -r number owner; do
		act "$owner" 担当者 owner "終結の後、対策を完了とする" "finishes a measure after the close" follow-up done "$incident" "$number" --text 実施した
	done <<<"$(look as_person "$chief" follow-up list "$incident" --json | sed 's/{"key":/\n&/g' |
		sed -nE 's/.*"follow_up":\{"id":([0-9]+),.*"owner":"([^"]*)".*/\1 \2/p')"
	reads "$chief" "$C_ja" "$C_en" "対策の状況を見る" "sees how the measures stand" follow-up list "$incident"
}

people_come() {
	heading "在席（それぞれの機器で renraku watch）" "Present (renraku watch on their own devices)"
	come_in "$operator" "$officer" "$manager" "$chief" p_vice
}

# What the record of each level must name.
LEVEL1="G1 G2b M0 M1.1 M1.2 M1.3a M1.3b M1.4 M2.0 M2.1 M3.0 M3.1"
LEVEL2="G1 M0 M1.3a M1.3b M1.3c M1.4 M2.0 M2.1 M3.0 M3.2 M3.3 M5 M6.1 M6.2 M6.3 M6.4 M7"
LEVEL3="G1 M0 M1.3a M1.3b M1.3c M1.4 M2.0 M2.1 M2.2 M2.3 M2.4 M3.0 M3.2 M3.4 M5 M6.1 M6.2 M6.3 M6.4 M7"
COUNCIL="M4.1 M4.2 M4.3a M4.3b"
