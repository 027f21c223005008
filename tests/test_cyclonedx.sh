#!/bin/sh
# test_cyclonedx.sh - bills of materials that muster wrote: all there is, read
# back they say the same; beside the evidence they were made of they say nothing
# new, and what somebody added to one counts.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
samples=$(cd "$(dirname "$0")/../samples" && pwd)

m() {
	"$MUSTER" -q -d "$dir/$db.db" "$@"
}
fail() {
	echo "test_cyclonedx.sh: $1" >&2
	exit 1
}
issues() {
	m show issues --json | sed 's/"statements":.*//'
}

db=all
m import "$samples/story" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
MUSTER_USER=ann m --as-of 2026-11-01 waiver propose --kind false_positive \
    --finding CVE-2018-6952 --all --why "not called" --until P90D > "$dir/out"
id=$(m waiver list --json | sed -n '1s/^{"id":"\([^"]*\)".*/\1/p')
MUSTER_USER=ben m --as-of 2026-11-01 waiver approve "$id" --until P90D
m mark --as-of 2026-11-01 CUI > "$dir/out"
m mark --as-of 2026-11-01 --finding CVE-2018-6952 SECRET > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
m report -o "$dir/written" -f cyclonedx
bom=$(echo "$dir"/written/cyclonedx/*shop-web-1*)
[ "$(find "$dir/written" -name '*.cdx.json' | wc -l)" -eq 2 ] ||
    fail "not one an image"

# What the database counts.
web=$(basename "$bom" .cdx.json)
n=$(m show issues "$web" --json | wc -l)
[ "$n" -gt 0 ] && [ "$(grep -c '^      "id": ' "$bom")" -eq "$n" ] ||
    fail "not $n vulnerabilities"
# a package of several files is one component
n=$(m show packages "$web" --json | sed 's/.*"name":"\([^"]*\)","version":"\([^"]*\)".*/\1 \2/' |
    sort -u | wc -l)
[ "$n" -gt 0 ] && [ "$(grep -c '^      "type": "library"' "$bom")" -eq "$n" ] ||
    fail "not $n components"
grep -q '"value": "in the image"' "$bom" || fail "not found in the image"
grep -q '"location": "json:/results/0/packages/0"' "$bom" ||
    fail "a report is no evidence"
grep -q '"purl": "pkg:oci/web@sha256%3A' "$bom" || fail "no purl of the image"
grep -q '"analysis": {"state": "false_positive", "detail": "false_positive, approved by ben' \
    "$bom" || fail "what was approved is not there"
grep -q '"properties": \[{"name": "muster:marking", "value": "CUI"}\]' "$bom" &&
    grep -q '"properties": \[{"name": "muster:marking", "value": "SECRET"}\]' \
    "$bom" || fail "a marking is not there"

# The same database says nothing new; nor does anybody propose anything.
issues > "$dir/issues"
m show scanners --json > "$dir/scanners"
m import "$dir/written/cyclonedx" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
issues | cmp -s - "$dir/issues" || fail "its own words are findings"
m show scanners --json | cmp -s - "$dir/scanners" || fail "muster is a scanner"
[ "$(m waiver list --json | wc -l)" -eq 1 ] || fail "it proposes something"
m report -o "$dir/again" -f cyclonedx
diff -r -x '.*' "$dir/written" "$dir/again" > "$dir/out" ||
    fail "what came back changed what is written"

# Alone it is evidence: the same packages and findings.
db=alone
m import "$dir/written/cyclonedx" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
m show issues --json | sed 's/.*"id":"\([^"]*\)","package":"\([^"]*\)".*/\1 \2/' |
    sort > "$dir/alone"
[ -s "$dir/alone" ] || fail "nothing was found in it"
db=all
m show issues --json | sed 's/.*"id":"\([^"]*\)","package":"\([^"]*\)".*/\1 \2/' |
    sort | cmp -s - "$dir/alone" || fail "read back it says something else"
db=alone
[ "$(m show packages registry.example.mil/shop/web:1.4 --json | wc -l)" \
    -eq "$n" ] ||
    fail "not $n packages when read back"
m show gaps | grep -q 'no vulnerability scanner reported' ||
    fail "muster is a scanner"

# One more vulnerability in it is news.
db=all
sed 's/"id": "CVE-2018-6952"/"id": "CVE-2099-1"/' "$bom" > "$dir/more.cdx.json"
m import "$dir/more.cdx.json" > "$dir/out"
m show issues --json | grep -q 'CVE-2099-1' || fail "news are dropped"
echo ok
