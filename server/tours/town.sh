# A demonstration town in one folder: throwaway certificates, the sample plan and site, renrakud, one agent for each terminal and, where it is
# wanted, the console for browsers, all on loopback. Sourced by server/quickstart and by whole-process tests. Needs $source (the tree) and $bin (the programs); say.sh first.
#
#   DIR/ca/             the certification authority (certs/make-certs)
#   DIR/server/         renrakud.yaml, the log, renrakud's own lines
#   DIR/t1/ …           a terminal: client.yaml, spool, what its screen showed (screen.txt), client-PERSON.yaml for --as PERSON
#   DIR/persons/ID/     a person's own device
#   DIR/web/            renraku-web: web.yaml, client.yaml (its way to renrakud), its own lines, address (https://127.0.0.1:PORT)
#   DIR/passwords       one password for everybody in the demonstration

plan=${RENRAKU_PLAN:-$source/server/plans/taga-juki-net.yaml}
site=${RENRAKU_SITE:-$source/server/plans/taga-demo-site.yaml}
. "$source/server/tours/ids.sh"

# Ids of the site's persons who can sign in, and of its terminals, in the file's order.
# The ids under one key of the site, however many stand on a line.
town_ids() {
	awk -v key="$1:" '/^[a-z_]+:/ { part = $1 }
		part == key { for (s = $0; match(s, /\{ *id: [A-Za-z0-9_.:-]+/); s = substr(s, RSTART + RLENGTH)) { x = substr(s, RSTART, RLENGTH); sub(/.*id: /, "", x); print x } }' "$site"
}
town_persons() { town_ids persons; }
town_terminals() { town_ids terminals; }

# wait_until SECONDS COMMAND…: the thing itself is awaited, looked at ten times a second.
wait_until() {
	local left=$(($1 * 10))
	shift
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		read -r -t 0.1 <>"$town/.never" || :
	done
}

town_certificates() {
	local id
	"$source/certs/make-certs" --lang "$lang" ca "$town/ca"
	"$source/certs/make-certs" server "$town/ca" main
	for id in $(town_terminals); do "$source/certs/make-certs" terminal "$town/ca" "$id"; done
	for id in $(town_persons); do "$source/certs/make-certs" person "$town/ca" "$id"; done
	"$source/certs/make-certs" gateway "$town/ca" web
	"$source/certs/make-certs" web "$town/ca" console # what browsers are shown
}

town_server_files() {
	mkdir -p "$town/server"
	cp "$town/ca/ca.pem" "$town/ca/crl.pem" "$town/ca/server-main.pem" "$town/ca/server-main.key" "$town/server/"
	cat >"$town/server/renrakud.yaml" <<YAML
# A demonstration: times are shortened so that it need not be waited for. A town leaves these keys out.
address: 127.0.0.1
port: $port
ca: $town/server/ca.pem
cert: $town/server/server-main.pem
key: $town/server/server-main.key
crl: $town/server/crl.pem
store: $town/server/renraku.db
presence_hold: 1s
presence_grace: 3s
YAML
}

# client_file FILE CERT KEY [LINE…]: a client's configuration, with the port put in once it is known.
client_file() {
	local file=$1 cert=$2
	shift 2
	mkdir -p "${file%/*}"
	cp "$town/ca/ca.pem" "$town/ca/$cert.pem" "$town/ca/$cert.key" "${file%/*}/"
	{
		printf 'server: 127.0.0.1\nport: %s\nca: ca.pem\ncert: %s.pem\nkey: %s.key\nlang: %s\n' "$port" "$cert" "$cert" "$lang"
		printf '%s\n' "$@"
	} >"$file"
}

town_client_files() {
	local t p
	for t in $(town_terminals); do
		client_file "$town/$t/client.yaml" "terminal-$t" "agent_socket: agent.sock" "state: state" "place: $t" \
			"notice_command:" "  - $source/server/tours/show-notice" "  - $town/$t/screen.txt" \
			"test_command:" "  - $source/server/tours/show-notice" "  - $town/$t/screen.txt" \
			"emergency_contacts:" "  - $(t '住基ネット担当者 0749-00-0001' 'operator 0749-00-0001')"
		: >"$town/$t/screen.txt"
	done
	for p in $(town_persons); do
		client_file "$town/persons/$p/client.yaml" "person-$p" "state: state" "token: token"
	done
}

# The console's two sides: towards renrakud a gateway's certificate, towards browsers one that is good for nothing else.
town_web_files() {
	client_file "$town/web/client.yaml" gateway-web
	cp "$town/ca/web-console.pem" "$town/ca/web-console.key" "$town/web/"
	cat >"$town/web/web.yaml" <<YAML
address: 127.0.0.1
port: 0
cert: $town/web/web-console.pem
key: $town/web/web-console.key
client: $town/web/client.yaml
telephone:
  - $(t '住基ネット担当者 0749-00-0001' 'operator 0749-00-0001')
lang: $lang
YAML
}

# Everything that need be done once. The password is the town's own, so that nobody's habit of a default survives the demonstration.
town_make() { # DIR
	town=$1
	mkdir -p "$town"
	chmod 700 "$town"
	mkfifo "$town/.never" 2>/dev/null || :
	[ ! -e "$town/ca" ] || fail "$town には町がもうあります。別のフォルダーを --dir で選ぶか、消してください" \
		"there is a town in $town already; choose another folder with --dir or remove it"
	port=0
	town_certificates
	head -c 9 /dev/urandom | base64 | tr '+/' '-_' >"$town/passwords"
	chmod 600 "$town/passwords"
	town_server_files
	"$bin/renrakud" --config "$town/server/renrakud.yaml" --load-plan "$plan" --load-site "$site" >"$town/server/load.txt" 2>&1 ||
		{ cat "$town/server/load.txt" >&2; fail "計画か庁内登録情報を読み込めません" "the plan or the site could not be loaded"; }
	local p
	for p in $(town_persons); do
		"$bin/renrakud" --config "$town/server/renrakud.yaml" --set-password "$p" <"$town/passwords" >>"$town/server/load.txt" 2>&1 ||
			{ cat "$town/server/load.txt" >&2; fail "パスワードを設定できません: $p" "the password of $p could not be set"; }
	done
}

# keep_running NAME FOLDER COMMAND…: in the background as $kept_pid, started again when it ends by itself, as systemd would do it. FOLDER/pid is the
# program's process id, out.txt and log.txt what it says. While FOLDER/hold is there it stays down (tests).
keep_running() {
	local name=$1 folder=$2
	shift 2
	: >"$folder/out.txt"
	(
		child= starts=0
		trap '[ -z "$child" ] || { kill -TERM "$child" 2>/dev/null; wait "$child"; }; exit 0' TERM INT
		while :; do
			while [ -e "$folder/hold" ]; do read -r -t 0.1 <>"$town/.never" || :; done
			"$@" >>"$folder/out.txt" 2>>"$folder/log.txt" &
			child=$!
			echo "$child" >"$folder/pid"
			status=0
			{ wait "$child" || status=$?; } 2>/dev/null
			child=
			echo "$name ended with $status" >>"$folder/log.txt"
			starts=$((starts + 1))
			# Wrong usage or configuration does not mend itself.
			[ "$status" -ge 128 ] || [ "$starts" -lt 5 ] || exit "$status"
		done
	) &
	kept_pid=$!
}

# What a program said of where it listens, once it did.
listening() { grep -oE 'listening on [^ ]*:[0-9]+' "$1/out.txt" 2>/dev/null; }
dead() { ! kill -0 "$1" 2>/dev/null; }
listening_or_dead() { listening "$1" >/dev/null || dead "$2"; }
# await_listening NAME FOLDER CONFIG: it listens; the port it got stands in the configuration from then on, so that it stays over restarts.
await_listening() {
	wait_until 20 listening_or_dead "$2" "$kept_pid" && listening "$2" >/dev/null || {
		tail -n 20 "$2/log.txt" >&2
		fail "$1 が始まりません" "$1 does not start"
	}
	listens=$(listening "$2" | head -n 1)
	listens=${listens#listening on }
	sed -i "s/^port: 0$/port: ${listens##*:}/" "$3"
}

# Tests put a tracer before the server with $RENRAKU_SERVER_WRAP, which then counts anew at each start.
town_start_server() {
	keep_running renrakud "$town/server" ${RENRAKU_SERVER_WRAP:-} "$bin/renrakud" --config "$town/server/renrakud.yaml"
	server_pid=$kept_pid
	await_listening renrakud "$town/server" "$town/server/renrakud.yaml"
	port=${listens##*:}
}

# The console, after town_start.
town_start_web() {
	keep_running renraku-web "$town/web" "$bin/renraku-web" --config "$town/web/web.yaml"
	web_pid=$kept_pid
	await_listening renraku-web "$town/web" "$town/web/web.yaml"
	console=https://127.0.0.1:${listens##*:}
	echo "$console" >"$town/web/address"
}

town_start_agent() { # TERMINAL
	"$bin/renraku-agent" --config "$town/$1/client.yaml" >>"$town/$1/agent.txt" 2>&1 &
	agent_pids="${agent_pids:-} $!"
	echo $! >"$town/$1/pid"
}

town_start() {
	local t
	agent_pids= watch_pids= web_pid=
	town_start_server
	town_client_files
	town_web_files
	for t in $(town_terminals); do town_start_agent "$t"; done
	for t in $(town_terminals); do
		wait_until 20 test -S "$town/$t/agent.sock" || {
			tail -n 20 "$town/$t/agent.txt" >&2
			fail "$t のエージェントが始まりません" "the agent of $t does not start"
		}
	done
}

# Clients first, so that nobody reports a lost server.
town_stop() {
	local p
	[ -n "${town:-}" ] || return 0
	for p in ${watch_pids:-} ${agent_pids:-} ${web_pid:-} ${server_pid:-}; do
		kill -TERM "$p" 2>/dev/null || continue
		wait "$p" 2>/dev/null || :
	done
	watch_pids= agent_pids= web_pid= server_pid=
}

# at_terminal T COMMAND…, as_person P COMMAND…: the command line there.
at_terminal() { local id; id_of "$1"; shift; with_ids "$bin/renraku" --config "$town/$id/client.yaml" --lang "$lang" -- "$@"; }
as_person() { local id; id_of "$1"; shift; with_ids "$bin/renraku" --config "$town/persons/$id/client.yaml" --lang "$lang" -- "$@"; }

# A person's device: `renraku watch` keeps them present and says 'displayed' for what it shows.
town_watch() { # PERSON. The program itself in the background, not a function: its process id must be the one that is ended.
	local id
	id_of "$1"
	"$bin/renraku" --config "$town/persons/$id/client.yaml" --lang "$lang" watch >>"$town/persons/$id/screen.txt" 2>&1 </dev/null &
	watch_pids="${watch_pids:-} $!"
}
