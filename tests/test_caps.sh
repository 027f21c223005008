#!/bin/sh
# test_caps.sh - what --cap changes is said, kept with what was read under it,
# and holds again when a package is replayed.
set -eu
: "${MUSTER:?}"
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() {
	echo "test_caps.sh: $1" >&2
	exit 1
}
m() {
	"$MUSTER" -q "$@" > out 2> err
}
says() {
	grep -qF -e "$2" "$1" || fail "$1 does not say \"$2\": $(cat "$1")"
}

# The flag: before the command and behind it, more than once, each checked.
m help caps --cap json-depth=30 --cap json-key=2M
says out 'json-depth           30        200 '
says out 'json-key             2M        64K '
m --cap json-depth=30 help caps --json
says out '{"cap":"json-depth","value":30,"default":200,"least":1,"most":1000,'
for bad in json-depth=1001 json-depth json-dept=1 json-depth=1s; do
	m status --cap $bad && fail "--cap $bad is taken"
	grep -q 'cap' err || fail "--cap $bad: $(cat err)"
done
set --
for i in 1 2 3 4 5 6 7 8; do
	set -- "$@" --cap json-depth=$i --cap json-depth=$i --cap json-depth=$i \
	    --cap json-depth=$i --cap json-depth=$i --cap json-depth=$i \
	    --cap json-depth=$i --cap json-depth=$i
done
m help caps "$@"
says out 'json-depth           8         200 '
m help caps "$@" --cap json-depth=9 && fail "65 times --cap"
m help --json && fail "help --json"

# A deeper report than usual: refused with the way out, then taken.
deep=$(printf '%250s' '' | tr ' ' '[')$(printf '%250s' '' | tr ' ' ']')
printf '{"descriptor":{"name":"grype","version":"0.80.0"},"matches":[],"x":%s}' \
    "$deep" > deep.json
m -d a.db import deep.json && fail "250 levels are taken"
says err 'the limit is 200 levels (--cap json-depth=N allows more)'
m -d a.db import deep.json --cap json-depth=300 || fail "$(cat err)"
m -d a.db import "$here"/../samples/story/* || fail "$(cat err)"
m -d a.db show facts
says out 'json-depth=300'
[ "$(grep -c import.caps out)" = 1 ] || fail "recorded elsewhere, too"
m -d a.db verify || fail "$(cat err)"

# A package: read again under the same, where that is allowed.
m -d a.db assess --as-of 2026-11-01
m -d a.db package a.zip -f csv
m verify --replay a.zip && fail "a package raised a cap by itself"
says err 'it was read with json-depth=300, which is more than here'
says err '--cap json-depth=300 allows that'
m verify --replay a.zip --cap json-depth=300 || fail "$(cat err)"
m verify --replay a.zip --cap json-depth=400 || fail "$(cat err)"
