#!/bin/sh
# test_gate_story.sh - a gate names what is in its way, believes decisions in
# force and no others, and refuses a policy it does not understand.
set -eu
: "${MUSTER:?}"
samples=$(cd "$(dirname "$0")/../samples" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() {
	echo "test_gate_story.sh: $1" >&2
	cat out err >&2
	exit 1
}
m() {
	"$MUSTER" -d m.db "$@" > out 2> err
}
# gate STATUS POLICY-TEXT
gate() {
	printf '%s\n' "$2" > policy.toml
	rc=0
	m gate -p policy.toml || rc=$?
	[ $rc = "$1" ] || fail "status $rc, not $1, of: $2"
}

m -q import "$samples"/grype/small.json
m gate && fail "a gate without verdicts"
m -q import "$samples"/story
m -q assess --as-of 2026-11-01
m gate || fail "the standard policy"
gate 0 'min_pass_percent = 1'
gate 3 'min_pass_percent = 100'
gate 3 'must_pass = ["2.3"]'
grep -q 'shop/web:1.4: 2.3 .*: fail' out || fail "2.3 is not named"
gate 3 'min_scanners = 3'
gate 3 'max_gaps = 0'
gate 3 '[max_findings]
critical = 0'
gate 0 '[max_age_days]
critical = 100000'
gate 3 '[max_age_days]
critical = 0
high = 0'
grep -q 'first seen [0-9]* days ago' out || fail "no age"
gate 2 'max_typo = 3'
grep -q 'policy.toml:1:.*no condition' err || fail "where is the typo?"
gate 2 'must_pass = ["9.9"]'
gate 2 'max_gaps = "none"'
gate 2 ''
m gate -p "$samples/gate/policy.toml" --junit out.xml && fail "sample policy"
grep -q '<failure message=' out.xml || fail "no JUnit failure"
m gate --json -p "$samples/gate/policy.toml" && fail "sample policy, JSON"
[ "$(grep -c '"met":false' out)" = "$(grep -c '<failure' out.xml)" ] ||
    fail "JSON and JUnit count differently"
m gate --as-of 2026-12-01 && fail "verdicts of another day"

# A decision counts once it is approved, until it ends.
id=$("$MUSTER" -q -d m.db waiver propose --requirement 2.3 --all --by alice \
    --until 2026-12-01 --why w --as-of 2026-10-01 2> err |
    grep -Eo '[0-9a-f]{8}-[0-9a-f-]{27}' | head -n 1)
[ -n "$id" ] || fail "nothing was proposed"
m -q assess --as-of 2026-11-01
gate 3 'must_pass = ["2.3"]'
m waiver approve "$id" --by bob --role ao --as-of 2026-11-01 ||
    fail "not approved"
m -q assess --as-of 2026-11-01
gate 0 'must_pass = ["2.3"]'
gate 3 'max_unsigned = 0'
gate 0 'max_expired = 0'
m -q assess --as-of 2026-12-01
gate 3 'must_pass = ["2.3"]'
gate 3 'max_expired = 0'
echo ok
