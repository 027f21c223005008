#!/bin/sh
# test_poam.sh - the story of a plan of action: written in both layouts, put
# into a workbook of one's own, marked, the same when asked again, and in the
# package that is replayed.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

m() {
	"$MUSTER" -d "$dir/m.db" "$@" 2> "$dir/err"
}
fail() {
	echo "test_poam.sh: $1" >&2
	tail -n 3 "$dir/err" >&2
	exit 1
}
# status, what standard error says, command
refused() {
	want=$1 why=$2
	shift 2
	status=0
	m "$@" > "$dir/out" || status=$?
	[ $status = "$want" ] || fail "status $status, not $want: $*"
	grep -q "$why" "$dir/err" || fail "refused for another reason: $*"
}

m -q import "$story/grype.json" "$story/web.yaml" > "$dir/out"
refused 1 'run "muster assess"' poam "$story/grype.json" -o "$dir/x.xlsx"
m -q --as-of 2026-11-23 assess > "$dir/out"
m -q report -f poam,ironbank -o "$dir/a"
(TZ=Asia/Tokyo LC_ALL=C; export TZ LC_ALL; m -q report -f poam,ironbank \
    -o "$dir/b")
diff -r "$dir/a" "$dir/b" > "$dir/out" || fail "not the same bytes"
[ -f "$dir/a/poam.xlsx" ] && [ -f "$dir/a/poam-26.xlsx" ] ||
    fail "a layout is missing"
[ "$(ls "$dir/a/ironbank" | wc -l)" = 1 ] || fail "not one of the one image"

# A plan that is filled already is no template.
refused 2 'a blank template is expected' poam "$dir/a/poam.xlsx" \
    -o "$dir/x.xlsx"
refused 2 'not a zip archive' poam "$story/grype.json" -o "$dir/x.xlsx"
head -c 3000 "$dir/a/poam.xlsx" > "$dir/cut.xlsx"
refused 2 '' poam "$dir/cut.xlsx" -o "$dir/x.xlsx"
[ ! -e "$dir/x.xlsx" ] || fail "a file is left of what was refused"

# Of nothing there is a plan without items: a blank template.
"$MUSTER" -q -d "$dir/none.db" import "$story/../cci_list/list.xml" > "$dir/out"
"$MUSTER" -q -d "$dir/none.db" --as-of 2026-11-23 assess > "$dir/out"
"$MUSTER" -q -d "$dir/none.db" report -f poam -o "$dir/none"
for f in poam poam-26; do
	m poam "$dir/none/$f.xlsx" -o "$dir/$f.xlsx" --office 'Org, Ann' \
	    > "$dir/out"
	grep -q ' items in [1-9]' "$dir/err" || fail "$f: nothing is told"
	cmp -s "$dir/none/$f.xlsx" "$dir/$f.xlsx" && fail "$f: nothing in it"
	refused 1 'there already' poam "$dir/none/$f.xlsx" -o "$dir/$f.xlsx"
	cp "$dir/$f.xlsx" "$dir/before"
	m -q poam --force "$dir/none/$f.xlsx" -o "$dir/$f.xlsx" \
	    --office 'Org, Ann' > "$dir/out"
	cmp "$dir/before" "$dir/$f.xlsx" || fail "$f: not the same bytes"
done
refused 1 'called \*.xlsx' poam "$dir/none/poam.xlsx" -o "$dir/x.xls"

# A marking is on what is written, and told of where it is not.
m -q --as-of 2026-11-23 mark 'CUI//SP-VULN & so'
m -q --as-of 2026-11-23 assess > "$dir/out"
m -q report -f poam,ironbank -o "$dir/marked"
cmp -s "$dir/a/poam.xlsx" "$dir/marked/poam.xlsx" && fail "it is not marked"
m poam "$dir/none/poam.xlsx" -o "$dir/y.xlsx" > "$dir/out"
grep -q 'does not show the marking "CUI//SP-VULN & so"' "$dir/err" ||
    fail "nobody says that the marking is missing"
m -q package "$dir/p.zip"
"$MUSTER" -q verify --replay "$dir/p.zip" > "$dir/out" 2> "$dir/err" ||
    fail "the package is not replayed"
