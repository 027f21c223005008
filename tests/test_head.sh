#!/bin/sh
# test_head.sh - an older copy put back is found by the head that was noted,
# and a verdict that somebody changed by the journal.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

m() {
	"$MUSTER" -d "$dir/m.db" "$@" 2>> "$dir/err"
}
fail() {
	echo "test_head.sh: $1" >&2
	exit 1
}
refused() {
	status=0
	: > "$dir/err"
	m "$@" > "$dir/out" || status=$?
	[ "$status" = 4 ] || fail "status $status, not 4: $*"
}

# A database whose first import was refused is whole, and empty.
echo nothing > "$dir/nothing.xyz"
m import "$dir/nothing.xyz" > "$dir/out" || [ $? = 2 ] || fail "not refused"
m verify --all > "$dir/out" || fail "without files: $(cat "$dir/out")"

m import "$story/grype.json" > "$dir/out"
first=$(sed -n '$s/^head //p' "$dir/out")
[ ${#first} = 64 ] || fail "import does not end with the head"
cp "$dir/m.db" "$dir/old.db"
m import "$story/twistcli.json" > "$dir/out"
second=$(sed -n '$s/^head //p' "$dir/out")
m -q assess > "$dir/out"
m report -o "$dir/report" > "$dir/out"
third=$(sed -n '$s/^head //p' "$dir/out")
grep -rq "$third" "$dir/report" && fail "the head is in the report"
for head in "$first" "$second" "$third"; do
	m verify --head "$head" > "$dir/out" || fail "a head it had is refused"
done
refused verify --head "$(printf '%064d' 0)"

mv "$dir/m.db" "$dir/new.db"
cp "$dir/old.db" "$dir/m.db"
m verify > "$dir/out" || fail "the older copy is not whole"
refused verify --head "$third"
grep -q 'older copy' "$dir/err" || fail "the older copy is not named"

# Some bytes of a reason, in a database that is otherwise whole.
mv "$dir/new.db" "$dir/m.db"
m -q import "$story/web-1.4.docker.tar.gz" > "$dir/out"
m -q assess > "$dir/out"
m verify > "$dir/out" || fail "what was assessed is not verified"
LC_ALL=C sed -i 's/the config exposes port 80/the config exposes port 81/' \
    "$dir/m.db"
m why 2.5 | grep -q 'port 81' || fail "nothing was changed"
refused verify
grep -q 'a verdict or a reason is not as it was assessed' "$dir/err" ||
    fail "the changed reason is not named"
