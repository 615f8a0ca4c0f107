# A town of its own for one script of this folder, and what it expects of the command line. Sourced; $source is the tree, $bin the programs.
#   expect CODE COMMAND…   the exit code; what was said is in $said
#   has TEXT, lacks TEXT   of $said
export LANG=C.UTF-8 LC_ALL=C.UTF-8 NO_COLOR=1
unset RENRAKU_LANG RENRAKU_CONFIG RENRAKU_AS COLUMNS
. "$source/server/tours/say.sh"
. "$source/server/tours/town.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/renraku-ctl.XXXXXX")
stopped=
finish() {
	local status=$?
	[ -z "$stopped" ] || kill -CONT "$stopped" 2>/dev/null || :
	town_stop
	rm -rf "$dir"
	exit "$status"
}
trap finish EXIT
export HOME=$dir/home XDG_STATE_HOME=$dir/home/state
mkdir -p "$HOME"
town_make "$dir/town" >/dev/null
printf '%s\n' "$@" >>"$dir/town/server/renrakud.yaml" # further lines of the server's configuration
town_start

checks=0
expect() {
	local want=$1 got=0
	shift
	said=$("$@" 2>&1 </dev/null) || got=$?
	checks=$((checks + 1))
	[ "$got" = "$want" ] || fail "終了コード $got（$want のはず）: $*
$said" "exit code $got instead of $want: $*
$said"
}
has() { [ "$1" != -- ] || shift; case "$said" in *"$1"*) ;; *) fail "「$1」がありません: $said" "'$1' is missing: $said" ;; esac; checks=$((checks + 1)); }
lacks() { [ "$1" != -- ] || shift; case "$said" in *"$1"*) fail "「$1」があります: $said" "'$1' should not be there: $said" ;; esac; checks=$((checks + 1)); }
