#!/bin/sh
# test_posture.sh - assessments are remembered, compared and told.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
here=$(cd "$(dirname "$0")/.." && pwd)
m() {
	"$MUSTER" -q -d "$dir/$db" "$@"
}
db=m.db

fail() {
	echo "test_posture.sh: $*" >&2
	exit 1
}
# same WHAT EXPECTED: the file out holds exactly that
says() {
	grep -q -- "$1" "$dir/out" || {
		cat "$dir/out" >&2
		fail "nothing like \"$1\""
	}
}
says_not() {
	! grep -q -- "$1" "$dir/out" || {
		cat "$dir/out" >&2
		fail "it says \"$1\""
	}
}

# An image without bytes: what scanners say is all there is.
digest() {
	printf 'sha256:%064d' "$1"
}
scan() {	# scan FILE TAG DIGEST VULN PACKAGE VERSION SEVERITY
	cat > "$dir/$1" <<JSON
{"matches": [{"vulnerability": {"id": "$4", "severity": "$7",
  "fix": {"versions": ["9"], "state": "fixed"}},
  "artifact": {"name": "$5", "version": "$6", "type": "deb",
   "purl": "pkg:deb/debian/$5@$6"}}],
 "source": {"type": "image", "target": {"userInput": "r.example/shop/web:$2",
  "imageID": "$(digest $3)", "manifestDigest": "$(digest 9$3)",
  "tags": ["r.example/shop/web:$2"], "repoDigests": [], "layers": []}},
 "descriptor": {"name": "grype", "version": "0.94.0",
  "timestamp": "2026-0$3-01T00:00:00Z"}}
JSON
}

scan one.json 1 1 CVE-2026-0001 openssl 1 High
m import "$dir/one.json" > /dev/null
m assess --as-of 2026-01-02
m assess --as-of 2026-01-02
m trend > "$dir/out"
[ "$(wc -l < "$dir/out")" = 2 ] || fail "the same assessment counts twice"

# Nothing changed, but it is another day: remembered, and nothing differs.
m assess --as-of 2026-02-02
m diff 1 2 --exit-code > "$dir/out" || fail "differs without a difference"
says "1 carried"

# A newer image of the repository, scanned by the same: the issue is fixed.
scan two.json 2 2 CVE-2026-0002 curl 8 Critical
m import "$dir/two.json" > /dev/null
m assess --as-of 2026-03-02
rc=0
m diff 1 3 --exit-code > "$dir/out" || rc=$?
[ $rc = 3 ] || fail "--exit-code gave $rc"
says "fixed .*CVE-2026-0001"
says "new .*critical .*CVE-2026-0002"
m diff 2026-01-31 now --csv > "$dir/out"
says "^fixed,issue,r.example/shop/web,"
m diff shop/web:1 shop/web:2 --json > "$dir/out"
says '"change":"new","kind":"issue".*"item":"CVE-2026-0002"'

# Another database that only holds what a later scan of the same image says:
# the issue vanished, and the file that named it last is told.
db=other.db
scan three.json 2 2 CVE-2026-0003 zlib 1 Low
m import "$dir/three.json" > /dev/null
m assess --as-of 2026-04-02
db=m.db
m diff now "$dir/other.db" > "$dir/out"
says "vanished .*CVE-2026-0002.*closed, last seen in two.json"
says "new .*CVE-2026-0003"

m report --since 2026-01-15 > "$dir/out"
says "image family or workload"
says "1 *1 .* grype"
says "new .*CVE-2026-0002"
m report --since 1 --json > "$dir/out"
says '"change":"fixed"'
m report --since 1 -f html -o "$dir/html"
grep -q "CVE-2026-0001" "$dir/html/changes.html" || fail "no page of changes"

rc=0
m report --since 77 > "$dir/out" 2>&1 || rc=$?
[ $rc != 0 ] || fail "assessment 77 was found"
m verify > "$dir/out" || fail "the database does not verify"
echo posture
