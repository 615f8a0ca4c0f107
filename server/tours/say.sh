# Words for people: Japanese first, English with --lang en. Sourced.

lang=${RENRAKU_LANG:-ja}

# t JA EN: the one that is wanted.
t() { if [ "$lang" = en ]; then printf '%s' "$2"; else printf '%s' "$1"; fi; }
say() { t "$@"; printf '\n'; }
fail() {
	{ printf '%s: ' "${0##*/}"; say "$@"; } >&2
	exit 1
}
# A rule with a heading.
heading() {
	printf '\n\033[1m━━ %s\033[0m\n' "$(t "$@")" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi
}
