#!/bin/sh
# test_kill.sh - an import that is killed at any moment loses nothing that it
# reported, and leaves a database that "muster verify" accepts.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL after $2 s: $3"
	fi
}

for delay in 0.002 0.005 0.01 0.015 0.02 0.03 0.04 0.05 0.06 0.08 0.1 0.15; do
	db=$dir/$delay.db
	"$MUSTER" -d "$db" import samples/story >"$dir/said" 2>/dev/null &
	pid=$!
	sleep "$delay"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ -e "$db" ] || continue
	# Opening recovers; a file without our schema yet is a fresh one.
	"$MUSTER" -q -d "$db" import samples/grype/small.json >/dev/null 2>&1
	verdict $? "$delay" "the next import fails"
	said=$("$MUSTER" -d "$db" verify 2>&1)
	verdict $? "$delay" "verify: $said"
	held=$("$MUSTER" -d "$db" show artifacts)
	lost=0
	while read -r word file rest; do
		[ "$word" = imported ] || continue
		case $held in
		*" $(basename "$file") "*) ;;
		*) lost=1 ;;
		esac
	done <"$dir/said"
	verdict $lost "$delay" "a reported import is gone"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
