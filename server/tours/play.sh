# Playing a story through the real programs: one line for each human act, what the command line answered, and who has responded.
# Sourced after say.sh and town.sh.

incident=
acts=0

# name PERSON: as the site has it. clock: Japan's. Both without a process of their own: a story asks them hundreds of times.
declare -A names=()
names_read() {
	local id rest
	while IFS=$'\t' read -r id rest; do names[$id]=$rest; done < <(awk -v key="$(t name name_en)" 'match($0, /\{ *id: [^,]+,/) {
		id = substr($0, RSTART, RLENGTH); sub(/^\{ *id: */, "", id); sub(/,$/, "", id)
		if (match($0, "[{,] *" key ": [^,}]+")) { s = substr($0, RSTART, RLENGTH); sub(/^[^:]*: */, "", s); gsub(/["'\'']/, "", s); print id "\t" s } }' "$site")
}
name() {
	local id
	id_of "$1"
	printf '%s' "${names[$id]:-$1}"
}
names_read
clock() { TZ=JST-9 printf '%(%H:%M:%S)T' -1; }

# What is typed, as it could be typed again. Words with blanks and such get quotes.
typed() {
	local w out=renraku quote="'\\''"
	for w in "$@"; do
		case "$w" in
		'' | *[!A-Za-z0-9_.,:/=+%@-]*) out="$out '${w//\'/$quote}'" ;;
		*) out="$out $w" ;;
		esac
	done
	printf '%s\n' "$out"
}

tell_act() { # WHO WHAT COMMAND…
	acts=$((acts + 1))
	printf '\n[%s] %d  %s — %s\n' "$(clock)" "$acts" "$1" "$2"
	shift 2
	printf '    $ '
	typed "$@"
}

# The command under one id until it is answered: a server that dies and comes back must not make two of one act.
play() { # at_terminal T | as_person P, COMMAND…
	local where=$1 whom=$2 id tries=0 status out
	shift 2
	read -r id </proc/sys/kernel/random/uuid
	while :; do
		status=0
		out=$("$where" "$whom" "$@" --id "$id" 2>&1 </dev/null) || status=$?
		printf '%s\n' "$out" | sed 's/^/    /'
		[ "$status" = 3 ] && [ "$tries" -lt 20 ] || break
		tries=$((tries + 1))
	done
	[ "$status" != 0 ] || echo "$id" >>"$town/accepted.txt"
	return "$status"
}

# look COMMAND…: a question, asked again while the server cannot be reached (exit 3 or 4).
look() {
	local tries=0 status out
	while :; do
		status=0
		out=$("$@" </dev/null) || status=$?
		case "$status" in 3 | 4) ;; *) break ;; esac
		[ "$tries" -lt 20 ] || break
		tries=$((tries + 1))
	done
	printf '%s\n' "$out"
	return "$status"
}

# act PERSON ROLE-JA ROLE-EN WHAT-JA WHAT-EN COMMAND…: must be accepted.
act() {
	local p=$1 who what
	who=$(t "$(name "$p")（$2）" "$(name "$p") ($3)") what=$(t "$4" "$5")
	shift 5
	tell_act "$who" "$what" "$@"
	play as_person "$p" "$@" || fail "受け付けられるはずの操作が受け付けられませんでした" "an act that should have been accepted was not"
}

# reads PERSON ROLE-JA ROLE-EN WHAT-JA WHAT-EN COMMAND…: a question, which changes nothing.
reads() {
	local p=$1 who what
	who=$(t "$(name "$p")（$2）" "$(name "$p") ($3)") what=$(t "$4" "$5")
	shift 5
	tell_act "$who" "$what" "$@"
	look as_person "$p" "$@" | sed 's/^/    /'
}

# refused_act …: as act, but must be refused (exit 2), which is what the plan wants.
refused_act() {
	local p=$1 who what status=0
	who=$(t "$(name "$p")（$2）" "$(name "$p") ($3)") what=$(t "$4" "$5")
	shift 5
	tell_act "$who" "$what" "$@"
	play as_person "$p" "$@" || status=$?
	[ "$status" = 2 ] || fail "拒まれるはずの操作が拒まれませんでした（終了コード $status）" "an act that should have been refused was not (exit code $status)"
	say "    → 計画のとおり、できません" "    → as the plan wants it"
}

# at TERMINAL WHAT-JA WHAT-EN COMMAND…: at a terminal, with nobody signed in.
at() {
	local terminal=$1 what
	what=$(t "$2" "$3")
	shift 3
	tell_act "$(t "端末 $terminal（サインインなし）" "terminal $terminal (nobody signed in)")" "$what" "$@"
	play at_terminal "$terminal" "$@" || fail "受け付けられるはずの操作が受け付けられませんでした" "an act that should have been accepted was not"
}

# responded PERSON: whom to telephone, who has been told and has answered, as that person's status shows it; the list of items is left out.
responded() {
	say "  ── 知らせた相手と応答（renraku status $incident）" "  ── who has been told and has answered (renraku status $incident)"
	look as_person "$1" status "$incident" | sed -e '/^手順の進みぐあい/,$d' -e '/^The procedure/,$d' -e '/^$/d' -e 's/^/    │ /'
}

present() { as_person "$1" status --json 2>/dev/null | sed 's/{"key":/\n&/g' | grep -E "\"person\":\{\"id\":\"$1\"," | grep -q '"present":true'; }
# come_in PERSON…: they open their devices and are seen to be there (which is not waited for with $RENRAKU_TOUR_HURRY: a server that is killed
# every second knows nobody for long).
come_in() {
	local p
	for p in "$@"; do town_watch "$p"; done
	[ -z "${RENRAKU_TOUR_HURRY:-}" ] || return 0
	for p in "$@"; do
		wait_until 30 present "$p" || fail "$p が在席になりません" "$p is not seen to be present"
		printf '  %s\n' "$(t "在席: $(name "$p")" "present: $(name "$p")")"
	done
}

# screen_of TERMINAL|PERSON: the file that holds what their screen showed, in $screen.
screen_of() {
	local id
	id_of "$1"
	screen=$town/$id/screen.txt
	[ -f "$screen" ] || screen=$town/persons/$id/screen.txt
}
shown_at() { screen_of "$1" && grep -qF -- "$2" "$screen"; }
# expect_screen TERMINAL|PERSON WORDS: the screen comes to show them.
expect_screen() {
	wait_until 20 shown_at "$1" "$2" || fail "$1 の画面に「$2」が出ません" "the screen of $1 does not show '$2'"
	printf '    [%s] %s\n' "$1" "$(grep -F -- "$2" "$screen" | tail -n 1)"
}

# never_shown WORDS TERMINAL…: and these did not. Ask after something later has come, or nothing is proved.
never_shown() {
	local words=$1 where
	shift
	for where in "$@"; do
		! shown_at "$where" "$words" || fail "$where の画面に「$words」が出ました" "the screen of $where showed '$words'"
	done
	say "  ✓ 端末 $* の画面に「$words」は出ていない" "  ✓ '$words' was not shown at $*"
}

# The incident's rows as JSON, one on each line.
incident_rows() { look as_person p_nishida status "$incident" --json | sed 's/{"key":/\n&/g'; }

# Lines "STATE ITEM CLAUSE,CLAUSE" of every item.
item_states() {
	awk '
	match($0, /"item":\{"incident":[0-9]+,"id":"[^"]+"/) {
		id = substr($0, RSTART, RLENGTH); sub(/.*"id":"/, "", id); sub(/"$/, "", id)
		clause = ""
		if (match($0, /"clause":\[[^]]*\]/)) { clause = substr($0, RSTART + 10, RLENGTH - 11); gsub(/"/, "", clause) }
		state = "?"
		if (match($0, /"state":"[^"]+"/)) state = substr($0, RSTART + 9, RLENGTH - 10)
		print state, id, clause
	}' "$1"
}

# expect_closed CLAUSE…: the incident is closed, no acknowledgement is owed, every item is settled, and the record names these clauses.
expect_closed() {
	local rows=$town/rows.json items=$town/items.txt clause bad=
	incident_rows >"$rows"
	item_states "$rows" >"$items"
	heading "確かめる" "Checking"
	grep -qE '"incident":\{"id":'"$incident"',.*"state":"closed"' "$rows" || fail "事案が終結していません" "the incident is not closed"
	say "  ✓ 事案 $incident は終結した" "  ✓ incident $incident is closed"
	if grep -E '"notice":\{"id":' "$rows" | grep '"wants_ack":true' | grep -q '"state":"open"'; then
		fail "受領確認のない通知が残っています" "a notice still waits for its acknowledgement"
	fi
	say "  ✓ 求められた受領確認はすべて記録にある（$(grep -cE '"notice":\{.*"wants_ack":true' "$rows") 件の通知）" \
		"  ✓ every required acknowledgement is on record ($(grep -cE '"notice":\{.*"wants_ack":true' "$rows") notices)"
	for clause in "$@"; do
		grep -qE "^(done|waived|kept) [^ ]+ (.*,)?${clause//./\\.}(,|\$)" "$items" || bad="$bad $clause"
	done
	[ -z "$bad" ] || fail "記録に出てこない条項:$bad" "clauses that the record does not name:$bad"
	say "  ✓ 記録にある条項: $*" "  ✓ clauses on record: $*"
	expect_once
	look as_person p_nishida log verify || fail "記録の検証に失敗しました" "the log does not verify"
}

# Everything that was answered 'accepted' is in the log, once.
expect_once() {
	local id n
	look as_person p_nishida log --json >"$town/log.json" || fail "記録を読めません" "the log cannot be read"
	while read -r id; do
		n=$(grep -cF "\"command\":\"$id\"" "$town/log.json") || :
		[ "$n" = 1 ] || fail "受け付けられた命令 $id が記録に $n 回あります" "the accepted command $id is in the log $n times"
	done <"$town/accepted.txt"
	say "  ✓ 受け付けられた $(wc -l <"$town/accepted.txt") 件の操作は、それぞれ記録に一度だけある" \
		"  ✓ each of the $(wc -l <"$town/accepted.txt") accepted acts is in the log exactly once"
}

# expect_not_applicable ITEM…: these did not apply.
expect_not_applicable() {
	local item
	for item in "$@"; do
		grep -qE "^not_applicable ${item//./\\.} " "$town/items.txt" || fail "該当しないはずの項目が該当しています: $item" "an item applies that should not: $item"
	done
	say "  ✓ 該当しなかった項目: $*" "  ✓ items that did not apply: $*"
}

# refused_look PERSON ROLE-JA ROLE-EN WHAT-JA WHAT-EN COMMAND…: a question that is not for them (exit 2).
refused_look() {
	local p=$1 who what status=0
	who=$(t "$(name "$p")（$2）" "$(name "$p") ($3)") what=$(t "$4" "$5")
	shift 5
	tell_act "$who" "$what" "$@"
	look as_person "$p" "$@" 2>&1 | sed 's/^/    /' || status=${PIPESTATUS[0]}
	[ "$status" = 2 ] || fail "見えないはずのものが見えました（終了コード $status）" "what should not be seen was seen (exit code $status)"
	say "    → 計画のとおり、見えません" "    → as the plan wants it, it is not to be seen"
}

# The clauses of a report as lines "STATE APPLICABLE EVIDENCE CLAUSE"; EVIDENCE is - where there is none.
report_clauses() {
	sed 's/{"clause":"/\n&/g' "$1" | awk '/^\{"clause":"/ {
		clause = $0; sub(/^\{"clause":"/, "", clause); sub(/".*/, "", clause)
		state = applicable = "?"
		if (match($0, /"state":"[a-z_]+"/)) state = substr($0, RSTART + 9, RLENGTH - 10)
		if (match($0, /"applicable":[a-z]+/)) applicable = substr($0, RSTART + 13, RLENGTH - 13)
		print state, applicable, match($0, /"evidence":\[\{/) && RSTART == index($0, "\"evidence\":[") ? "evidence" : "-", clause }'
}

# The report, for programs and for the prefecture: each clause that applies has its evidence and no gap. What a tour names in `unapplied`
# was not carried out, though a fact that the clause shares with another was decided.
unapplied=
report_verdict() {
	local clauses=$town/clauses.txt bad pdf=$town/report-$incident.pdf said clause
	look as_person p_ito report "$incident" --format json >"$town/report.json" || fail "報告書を作れません" "the report cannot be made"
	report_clauses "$town/report.json" >"$clauses"
	bad=$(awk '$2 != "false" && ($1 == "open" || $3 == "-") { printf " %s(%s)", $4, $1 }' "$clauses")
	[ -z "$bad" ] || fail "報告書に証拠のない条項があります:$bad" "clauses without evidence in the report:$bad"
	say "  ✓ 報告書: 該当する $(grep -c ' true ' "$clauses") の条項のすべてに証拠がある（該当しなかった条項 $(grep -c ' false ' "$clauses")）" \
		"  ✓ report: each of the $(grep -c ' true ' "$clauses") clauses that apply has its evidence ($(grep -c ' false ' "$clauses") did not apply)"
	for clause in $unapplied; do
		grep -q "^not_applicable false .* ${clause//./\\.}\$" "$clauses" || fail "報告書で、該当しないはずの条項が該当しています: $clause" "a clause applies in the report that should not: $clause"
	done
	said=$(look as_person p_ito report "$incident" --out "$pdf" 2>&1) || fail "PDF の報告書を作れません: $said" "the PDF cannot be made: $said"
	[ -z "$keep" ] || say "  報告書（A4）: $pdf" "  report (A4): $pdf"
}
