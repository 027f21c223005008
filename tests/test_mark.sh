#!/bin/sh
# test_mark.sh - a marking stands on every page and in every format that has a
# place for one, and goes with the package.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

m() {
	"$MUSTER" -q -d "$dir/m.db" "$@" 2>> "$dir/err"
}
fail() {
	echo "test_mark.sh: $1" >&2
	exit 1
}

m import "$story/grype.json" "$story/web.yaml" > "$dir/out"
m --as-of 2026-11-23 assess
m report -o "$dir/plain"
grep -rq 'CUI//SP' "$dir/plain" && fail "it is marked already"
m --as-of 2026-11-24 mark 'CUI//SP-VULN <test>'
m --as-of 2026-11-23 assess
m report -o "$dir/before"
diff -r "$dir/plain" "$dir/before" > "$dir/out" || fail "marked before its day"
m --as-of 2026-11-24 assess
m report -o "$dir/marked"
for f in "$dir"/marked/*.html "$dir"/marked/*/*.html; do
	[ "$(grep -o 'class="marking">CUI//SP-VULN &lt;test&gt;<' "$f" |
	    wc -l)" = 2 ] || fail "$f is not marked top and bottom"
done
for f in "$dir"/marked/xccdf/* "$dir"/marked/arf/* "$dir"/marked/ckl/* \
    "$dir"/marked/cklb/* "$dir"/marked/oscal-ar/* "$dir"/marked/hdf/* \
    "$dir"/marked/sarif/* "$dir"/marked/emass/*; do
	grep -q 'CUI//SP-VULN' "$f" || fail "$f is not marked"
done
m package "$dir/p.zip"
(cd "$dir" && "$MUSTER" -q verify --replay p.zip > out 2>&1) ||
    fail "the marked package is not replayed"
m mark "$(printf 'two\nlines')" && fail "two lines are taken"
m --as-of 2026-11-25 mark ''
m --as-of 2026-11-25 assess
m report -f ckl -o "$dir/again"
grep -rq MARKING "$dir/again" && fail "a marking that was taken back stands"
exit 0
