# bash completion for muster(1)

_muster()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local verb= i kinds="artifacts subjects findings
	    issues packages results gaps workloads layers files facts
	    values"

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-d|--db|--as-of|--color|--cap) ((i++)) ;;
		-*) ;;
		*) verb=${COMP_WORDS[i]}; break ;;
		esac
	done
	COMPREPLY=()
	case $prev in
	-d|--db|-o|--output|--templates) return ;;
	--cap) compopt -o nospace; COMPREPLY=($(compgen -S = -W "$("$1" help \
	    caps 2>/dev/null | sed '1d; s/ .*//')" -- "$cur")); return ;;
	--color) COMPREPLY=($(compgen -W "always never auto" -- "$cur")); return ;;
	esac
	if [[ -z $verb && $cur != -* ]]; then
		COMPREPLY=($(compgen -W "run import assess report poam status why show
		    diff trend req log waiver attest accept mark
		    trust gate package merge seal verify doctor version
		    help" -- "$cur"))
	elif [[ $cur == -* ]]; then
		local own=
		case $verb in
		run) own="--output --format --type --templates --force" ;;
		report) own="--output --format --templates --force --since --csv" ;;
		poam) own="--output --office --force" ;;
		diff) own="--all --csv --exit-code" ;;
		trend) own="--csv" ;;
		import) own="--type" ;;
		show) own="--csv" ;;
		package) own="--format --digests-only --sign --cert
		    --passphrase --force" ;;
		seal) own="--sign --cert --passphrase --force" ;;
		verify) own="--all --head --key --replay" ;;
		esac
		COMPREPLY=($(compgen -W "--db --as-of --json --color --cap --quiet
		    --verbose $own" -- "$cur"))
	elif [[ $verb == show ]]; then
		COMPREPLY=($(compgen -W "$kinds" -- "$cur"))
	elif [[ $verb == help ]]; then
		COMPREPLY=($(compgen -W "run import assess report poam status why show
		    diff trend req log waiver attest accept mark
		    trust gate package merge seal verify version
		    caps" -- "$cur"))
	fi
}
complete -o default -o bashdefault -F _muster muster
