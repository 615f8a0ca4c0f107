# Nobody but a clerk of the branch office is at hand: every role holder is reached by telephone, and the clerk, signed in at terminal t3, enters
# what each of them said. Terminal t2 is off. The incident must still come to its close, each entry marked as taken by telephone.
. "$source/server/tours/fault.sh"

clerk=p_hirata

# The first telephone number of a person in the site file.
number() { local id; id_of "$1"; awk -v id="$id" 'match($0, "\\{ *id: " id ",") && match($0, /number: [0-9-]+/) { print substr($0, RSTART + 8, RLENGTH - 8); exit }' "$site"; }

sign_in() {
	as_clerk - sign-in "$clerk" --password-stdin <"$town/passwords" | sed 's/^/    /'
}

as_clerk() { # ignored, COMMAND…
	local id
	shift
	id_of t3
	set -- "$id" "$@"
	id_of "$clerk"
	with_ids "$bin/renraku" --config "$town/$1/client.yaml" --lang "$lang" --as "$id" -- "${@:2}"
}

# act PERSON ROLE-JA ROLE-EN WHAT-JA WHAT-EN COMMAND…, as in play.sh, but said by telephone and entered by the clerk.
act() {
	local p=$1 who what
	who=$(t "$(name "$p")（$2、電話）" "$(name "$p") ($3, by telephone)") what=$(t "$4" "$5")
	shift 5
	set -- "$@" --for "$p" --by telephone --number "$(number "$p")" --at "$(now)"
	tell_act "$who" "$what" "$@"
	play as_clerk "$clerk" "$@" || fail "受け付けられるはずの操作が受け付けられませんでした" "an act that should have been accepted was not"
}

# Nobody but the clerk looks at a screen.
reads() { :; }

responded() {
	say "  ── 知らせた相手と応答（renraku status $incident）" "  ── who has been told and has answered (renraku status $incident)"
	look as_clerk "$clerk" status "$incident" | sed -e '/^手順の進みぐあい/,$d' -e '/^The procedure/,$d' -e '/^$/d' -e 's/^/    │ /'
}

tour() {
	heading "支所の職員がサインインする" "A clerk of the branch office signs in"
	tell_act "$(name "$clerk")" "$(t "端末 t3 でサインインする" "signs in at terminal t3")" sign-in "$clerk"
	sign_in
	screen_of t2
	kill -TERM "$(cat "${screen%/*}/pid")"
	heading "手順1 障害の発見（端末 t2 は電源が切れている）" "Step 1: the fault is found (terminal t2 is off)"
	at t1 "障害を知らせる" "raises the alarm" alarm fault --kind hardware --text 起動しない
	incident=1
	expect_screen t3 "$(t 障害 Fault)"
	responded
	tour_report
	tour_decision
	tour_council_by_telephone
	tour_recovery_by_telephone
	officer "再発防止策を決める" "decides on measures" act "$incident" F6.1 --follow-up technical=障害監視の強化 --owner "$operator" --due "$(in_days 60)"
	chief "終結する" "closes" act "$incident" X.close text='復旧を確認し、終結する'
}

tour_council_by_telephone() {
	heading "手順3 セキュリティ会議（電話で開く）" "Step 3: the council, by telephone"
	chief "招集する" "convenes it" council convene "$incident" F3.1 at="$(today_at)" place=電話会議
	present_all F3.1 "$manager" "$officer" "$chief"
	officer "会議に報告する" "reports to the council" act "$incident" F3.2 situation='統合端末1が起動しない' cause=電源装置の故障 extent='窓口1か所が使えない'
	chief "措置の承認を得る" "has the measures approved" act "$incident" F3.2r approval=approved minutes='全員一致で承認'
	chief "8項目を決める" "eight agenda items" council decide "$incident" F3.3a equipment=keep inform='全国センターと滋賀県に連絡する' support=依頼済み \
		organise=現行のとおり residents='手書きの受付票で対応する' publicity=行わない substitute='他の端末で交付する' resume=deferred
	chief "結果を町長に報告する" "reports the result to the mayor" act "$incident" F3.3b text='復旧後に再開を審議します'
	mayor "受け取る" "acknowledges" ack "$incident/F3.3b"
}

tour_recovery_by_telephone() {
	heading "手順4・5 修理、再開" "Steps 4 and 5: repair and resumption"
	officer "修理の結果を記録する" "records the repair" act "$incident" F4.1 result='電源装置を交換し、起動を確認した'
	officer "整合性を確認し、関係機関に電話する" "checks integrity and telephones the bodies" act "$incident" F5.1 integrity='照合の結果、差異なし' \
		--call prefecture:077-563-3750:中村:了解した --call national:03-5214-0908:受付:了解した
	chief "承認する" "approves" act "$incident" F5.2 approval=approve ground='復旧と整合性を確認した'
	chief "会議はまだ開いているので、あらためて招集しない" "the council still sits; no new convening" not-needed "$incident" F5.3c --reason '会議を継続している'
	officer "会議に復旧を報告する" "reports recovery to the council" act "$incident" F5.3r text='復旧し、整合性を確認した'
	chief "会議の再開の決定を記録する" "records the council's decision to resume" act "$incident" F5.3 decision=resume minutes='再開を決定'
	officer "運用を再開する" "resumes" act "$incident" F5.4 text='15時30分に運用を再開した'
	terminals_ack F5.4
}

terminals_ack() {
	at t1 "知らせを受け取る" "acknowledges" ack "$incident/$1"
	at t3 "知らせを受け取る" "acknowledges" ack "$incident/$1"
	tell_act "$(name "$clerk")" "$(t "電源の切れた端末 t2 をその場で確かめた" "has checked terminal t2, which is off, on the spot")" ack "$incident/$1" --terminal t2
	play as_clerk "$clerk" ack "$incident/$1" --terminal t2 || fail "端末の確認を入力できません" "the check of the terminal is not accepted"
}

# In the tour's decision the manager telephones the mayor; here it is the mayor's own words like everybody's.
mayor_told() { mayor "受け取る" "acknowledges" ack "$incident/$1"; }

tour_verdict() {
	heading "事案の記録" "The incident's record"
	look as_clerk "$clerk" log "$incident"
	expect_closed F1.1a F1.1b F1.1c F1.2a F1.2b F1.3 F2.1 F2.2a F2.2b F3.1 F3.2 F3.3a F3.3b F4 F5.1 F5.2 F5.3 F6
	if grep -oE '"channel":"screen"[^}]*"entered_by":"'"$(name "$clerk")" "$town/rows.json" | grep -q .; then
		fail "電話の印のない代理入力があります" "an entry for another is not marked as taken by telephone"
	fi
	say "  ✓ 代わりに入力したものには電話の印がある（$(grep -oE '"channel":"telephone"' "$town/rows.json" | grep -c .) か所）" \
		"  ✓ what was entered for others is marked as taken by telephone ($(grep -oE '"channel":"telephone"' "$town/rows.json" | grep -c .) places)"
}
