#!/bin/sh
# test_sbom.sh - the program's own bill of materials: every library it is
# linked with, the same each time, and muster reads it itself.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$(dirname "$0")/.."
fail() {
	echo "test_sbom.sh: $1" >&2
	exit 1
}
sh packaging/sbom.sh "$MUSTER" 0.1 > "$dir/a.json" || fail "not made"
(TZ=Asia/Tokyo LC_ALL=C.UTF-8; export TZ LC_ALL; umask 077
sh packaging/sbom.sh "$MUSTER" 0.1 > "$dir/b.json")
cmp "$dir/a.json" "$dir/b.json" || fail "another one the second time"
readelf -d "$MUSTER" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -v '^ld-' > "$dir/libs"
[ "$(wc -l < "$dir/libs")" -gt 5 ] || fail "hardly a library is linked"
while read -r lib; do
	grep -q "\"value\":\"$lib\"" "$dir/a.json" || fail "$lib is missing"
done < "$dir/libs"
grep -q "\"content\":\"$(sha256sum < "$MUSTER" | cut -c1-64)\"" \
    "$dir/a.json" || fail "not this program's digest"

"$MUSTER" -q -d "$dir/m.db" --json import "$dir/a.json" > "$dir/out" ||
    fail "muster does not read it: $(cat "$dir/out")"
grep -q '"format":"cyclonedx".*"status":"imported"' "$dir/out" ||
    fail "read as something else: $(cat "$dir/out")"
read=$(sed 's/.*"read":\([0-9]*\).*/\1/' "$dir/out")
[ "$read" = "$(grep -c '^{"type":"library"' "$dir/a.json")" ] ||
    fail "$read packages were read"

# A library whose licence nobody wrote down is not passed over.
if sh packaging/sbom.sh /bin/bash 0.1 > "$dir/c.json" 2> "$dir/err"; then
	fail "a library without a licence is taken"
fi
grep -q 'no licence is known' "$dir/err" || fail "refused for another reason"
