# The people of server/plans/taga-demo-site.yaml by their part in the plan, and what they do in every story. Sourced after play.sh.
operator=p_tanaka officer=p_suzuki manager=p_sato chief=p_ito mayor=p_mayor administrator=p_nishida
O_ja=住基ネット担当者 O_en=operator S_ja=セキュリティ責任者 S_en='security officer' M_ja=システム管理者 M_en='system manager'
C_ja=セキュリティ統括責任者 C_en=chief V_ja=会議の構成員 V_en='council member' K_ja=セキュリティ管理者 K_en='security manager'

operator() { act "$operator" "$O_ja" "$O_en" "$@"; }
officer() { act "$officer" "$S_ja" "$S_en" "$@"; }
keeper() { act "$officer" "$K_ja" "$K_en" "$@"; } # R1: who is the security officer is the security manager too
manager() { act "$manager" "$M_ja" "$M_en" "$@"; }
chief() { act "$chief" "$C_ja" "$C_en" "$@"; }
mayor() { act "$mayor" 町長 mayor "$@"; }
no_operator() { refused_act "$operator" "$O_ja" "$O_en" "$@"; }
no_officer() { refused_act "$officer" "$S_ja" "$S_en" "$@"; }
no_keeper() { refused_act "$officer" "$K_ja" "$K_en" "$@"; }
no_chief() { refused_act "$chief" "$C_ja" "$C_en" "$@"; }

now() { TZ=JST-9 printf "%(${1:-%H:%M})T" -1; }
today_at() { now '%Y-%m-%d %H:%M'; }
in_days() { TZ=JST-9 date -d "+$1days" +%F; }

# present_all ITEM PERSON…: these answer the convening of ITEM.
present_all() {
	local item=$1 p
	shift
	for p in "$@"; do act "$p" "$V_ja" "$V_en" "出席" "present" ack "$incident/$item" --answer present; done
}

# all_ack ITEM: those who are told in-house.
all_ack() {
	operator "受け取る" "acknowledges" ack "$incident/$1"
	officer "受け取る" "acknowledges" ack "$incident/$1"
	manager "受け取る" "acknowledges" ack "$incident/$1"
}

# mayor_told ITEM: the mayor is no reader of screens; the manager telephones and enters the acknowledgement.
mayor_told() {
	manager "町長に電話し、受領を代わって入力する" "telephones the mayor and enters the acknowledgement" \
		ack "$incident/$1" --for "$mayor" --by telephone --number 0749-00-0005 --at "$(now)"
}

# confirms PERSON ROLE-JA ROLE-EN: what was entered for them by telephone waits for their own word.
confirms() {
	local record
	for record in $(look as_person "$1" inbox --json | grep -o '"confirm":{"record":[0-9]*' | grep -o '[0-9]*$' | sort -u); do
		act "$1" "$2" "$3" "電話で言ったことを本人として確かめる（記録 $record）" "confirms what was entered for them (record $record)" confirm "$record"
	done
}
mayor_confirms() { confirms "$mayor" 町長 mayor; }

# terminals_ack ITEM: every terminal acknowledges what was broadcast.
terminals_ack() {
	local terminal
	for terminal in $(town_terminals); do
		at "$terminal" "知らせを受け取る" "acknowledges" ack "$incident/$1"
	done
}

opens() { # the incident of the alarm just raised, as PERSON sees it
	incident=$(look as_person "$1" status --json | grep -o '"incident":{"id":[0-9]*' | grep -o '[0-9]*$' | sort -n | tail -n 1)
	[ -n "$incident" ] || fail "事案が見えません" "no incident is to be seen"
}
