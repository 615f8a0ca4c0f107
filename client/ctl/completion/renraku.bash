# bash completion for renraku. Install as /usr/share/bash-completion/completions/renraku, or source it from ~/.bashrc.
#
# The list of commands and options comes from `renraku __complete`, so that it never differs from the program; ids of open incidents,
# notices and items are asked of the server with a short patience, and silently left out when it is away.

_renraku_words() { # the command line so far, without the word being typed
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do printf '%s\n' "${COMP_WORDS[i]}"; done
}

_renraku() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words= IFS=$'\n'
	COMPREPLY=()
	case $previous in
	--lang) words=$'ja\nen' ;;
	--answer) words=$'present\nabsent\ndeputy' ;;
	--by) words=$'telephone\nin-person\npaper' ;;
	--config)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	check | load | save | verify)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	*)
		local -a before=()
		mapfile -t before < <(_renraku_words)
		words=$("${COMP_WORDS[0]}" __complete "${before[@]}" 2>/dev/null)
		[[ $current == -* ]] || words=$(grep -v '^--' <<<"$words")
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _renraku renraku
