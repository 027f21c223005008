#!/bin/sh
# torture.sh MUSTER BUILD N - muster while everything around it fails: the
# system's calls, the power, memory, the disk; while it is killed, and after
# somebody changed what it wrote.  N says how long: 5 takes a minute or two,
# 100 half an hour.
set -u
muster=$1 build=$2/tests/torture n=$3
here=$(dirname "$0")
failed=

step() {
	echo "== $*"
	"$@" || failed="$failed $(basename "$1")"
}
step "$build/faults" $((n / 10 + 1))
step "$build/power" $((n * 5))
step python3 "$here/kill.py" "$muster" $((n * 10))
step python3 "$here/nocall.py" "$muster" "$build/nocall.so" "$n"
step python3 "$here/nomem.py" "$muster" "$build/nomem.so" "$n"
step python3 "$here/tamper.py" "$muster" $((n * 20))
[ -z "$failed" ] || {
	echo "failed:$failed" >&2
	exit 1
}
