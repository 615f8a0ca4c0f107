# With $RENRAKU_IDS naming a file of lines "OLD NEW", the stories are played in a town whose plan and site have other ids (tests/renamed): words
# of commands are put into the town's ids, and what the programs print back into the story's. Sourced by town.sh; the only place that knows.
declare -A new_id=()
if [ -n "${RENRAKU_IDS:-}" ]; then
	while read -r old new; do new_id[$old]=$new; done <"$RENRAKU_IDS"
fi

# id_of WORD: as the town calls it. Sets $id, so that no process is needed.
id_of() { id=${1:+${new_id[${1:-.}]:-$1}}; }

# One word of a command: ID, N/ID, ID=ID or ID=text, ID:text.
id_word() {
	local rest
	case $1 in
	[0-9]*/*) id_of "${1#*/}" && id=${1%%/*}/$id ;;
	*=*)
		id_of "${1#*=}" && rest=$id
		id_of "${1%%=*}" && id=$id=$rest
		;;
	*) id_of "$1"; [ "$id" != "$1" ] || { id_of "${1%%:*}" && case $1 in *:*) id=$id:${1#*:} ;; esac; } ;;
	esac
}

# ids_into WORD…: a whole command line, into the array $words. The first word is a command and not an id; so is the second where it is a verb.
# `--FIELD value` is a field in alarms only, and there what the command itself knows is not.
ids_into() {
	local w n=0 fixed=1 id
	words=()
	case "${1:-}" in council | follow-up | drill | log | plan | site | test) fixed=2 ;; esac
	for w in "$@"; do
		n=$((n + 1))
		case "$1:$w" in
		*:--drill | *:--reporter | *:--unknown | *:--check | *:--unannounced | *:--items | *:--reason | *:--id | *:--json) id=$w ;;
		alarm:--* | drill:--*) id_of "${w#--}" && id=--$id ;;
		*:-*) id=$w ;;
		*) if [ "$n" -le "$fixed" ]; then id=$w; else id_word "$w"; fi ;;
		esac
		words+=("$id")
	done
}

# Standard input with the town's ids turned back.
ids_back() {
	LC_ALL=C awk -v map="$RENRAKU_IDS" '
	function old(word) { return word in of ? of[word] : word }
	function turned(word,  tail, n, part, i, out) {
		if (word in of) return of[word]
		if (match(word, /[.:-]+$/)) { tail = substr(word, RSTART); word = substr(word, 1, RSTART - 1) }
		if (word in of) return of[word] tail
		n = split(word, part, ":")
		for (i = 1; i <= n; i++) out = out (i > 1 ? ":" : "") old(part[i])
		return out tail
	}
	BEGIN { while ((getline line <map) > 0) { split(line, w, " "); of[w[2]] = w[1] } }
	{
		line = $0; out = ""
		while (match(line, /[A-Za-z0-9_.:-]+/)) {
			word = substr(line, RSTART, RLENGTH)
			out = out substr(line, 1, RSTART - 1)
			line = substr(line, RSTART + RLENGTH)
			out = out turned(word)
		}
		print out line; fflush()
	}'
}

# with_ids COMMAND… -- WORD…: runs COMMAND with the words as the town calls them.
with_ids() {
	local run=() words
	while [ "$1" != -- ]; do run+=("$1") && shift; done
	shift
	if [ -z "${RENRAKU_IDS:-}" ]; then
		"${run[@]}" "$@"
	else
		ids_into "$@"
		"${run[@]}" "${words[@]}" | ids_back
		return "${PIPESTATUS[0]}"
	fi
}
