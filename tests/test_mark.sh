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
    "$dir"/marked/sarif/* "$dir"/marked/emass/* "$dir"/marked/junit/*; do
	grep -q 'CUI//SP-VULN' "$f" || fail "$f is not marked"
done
grep -q '<SID_DATA>CUI//SP-VULN' "$dir"/marked/ckl/* ||
    fail "the checklist's own classification"
grep -q 'Unclass' "$dir"/marked/ckl/* "$dir"/marked/cklb/* &&
    fail "a checklist is unclassified beside its marking"
for f in "$dir"/marked/lists/*.csv; do
	sed 1d "$f" | grep -q . || continue
	tail -1 "$f" | grep -q ',CUI//SP-VULN <test>' || fail "$f is not marked"
done
[ "$(grep -c . "$dir/marked/lists/results.jsonl")" = "$(grep -c \
    '"marking":"CUI//SP-VULN <test>"}$' "$dir/marked/lists/results.jsonl")" ] ||
    fail "JSON Lines are not marked"
m report --since 1 > "$dir/out"
[ "$(head -1 "$dir/out")" = 'CUI//SP-VULN <test>' ] || fail "since: first line"
[ "$(tail -1 "$dir/out")" = 'CUI//SP-VULN <test>' ] || fail "since: last line"
m report --since 1 --csv > "$dir/out"
[ "$(head -1 "$dir/out" | tr -d '\r')" != "$(tail -1 "$dir/out")" ] &&
    ! sed 1d "$dir/out" | grep -v ',CUI//SP-VULN <test>.$' ||
    fail "since: a row without its marking"
m report --since 1 --json > "$dir/out"
[ -s "$dir/out" ] && ! grep -v '"marking":"CUI//SP-VULN <test>"}$' \
    "$dir/out" || fail "since: a line without its marking"
m gate -p "$(dirname "$0")/../samples/gate/policy.toml" --junit \
    "$dir/gate.xml" > "$dir/out" || :
grep -qF '<property name="marking" value="CUI//SP-VULN &lt;test&gt;"/>' \
    "$dir/gate.xml" || fail "the gate's JUnit file is not marked"
m diff 1 now --csv > "$dir/out"
head -1 "$dir/out" | grep -q ',marking.$' || fail "diff: no marking"

# A requirement and a finding of their own, one of them of one subject.
m --as-of 2026-11-24 mark --requirement 2.3 'U//FOUO'
m --as-of 2026-11-24 mark --requirement 2.3 --subject web 'SECRET' ||
    m --as-of 2026-11-24 mark --requirement 2.3 --subject \
    "$("$MUSTER" -d "$dir/m.db" show subjects --json |
    sed -n '1s/.*"slug":"\([^"]*\)".*/\1/p')" 'SECRET'
id=$("$MUSTER" -d "$dir/m.db" show issues --json |
    sed -n '1s/.*"id":"\([^"]*\)".*/\1/p')
m --as-of 2026-11-24 mark --finding "$id" 'CUI//<F>'
m --as-of 2026-11-24 mark --requirement 9.99 X && fail "a requirement of none"
m --as-of 2026-11-24 mark --requirement 2.3 --finding x X && fail "both"
m --as-of 2026-11-24 mark --subject web X && fail "a subject's package"
m mark > "$dir/out"
grep -q '^requirement 2.3: U//FOUO$' "$dir/out" || fail "the list of them"
m waiver propose --finding "$id" --all --kind false_positive --why no \
    --until 2027-06-01 --by alice --as-of 2026-10-01
w=$("$MUSTER" -d "$dir/m.db" waiver list --json |
    sed -n '1s/.*"id":"\([^"]*\)".*/\1/p')
m waiver review "$w" --by bob --role cve_approver --as-of 2026-10-02
m waiver approve "$w" --by carol --role ao --as-of 2026-10-02
m --as-of 2026-11-24 assess
m report -o "$dir/portions"
has() {			# what, files...
	what=$1
	shift
	grep -qF -- "$what" "$@" || fail "not in $1: $what"
}
has '<ATTRIBUTE_DATA>SECRET</ATTRIBUTE_DATA>' "$dir"/portions/ckl/*
has '<ATTRIBUTE_DATA>CUI//SP-VULN &lt;test&gt;<' "$dir"/portions/ckl/*
has '"classification": "SECRET"' "$dir"/portions/cklb/*
has 'Marking: SECRET' "$dir"/portions/xccdf/*
has 'SECRET' "$dir"/portions/hdf/*
has 'SECRET' "$dir"/portions/oscal-ar/*
has '(SECRET)' "$dir"/portions/subjects/*
has '(SECRET)' "$dir"/portions/requirements/2.3.html
has '(CUI//&lt;F&gt;)' "$dir"/portions/subjects/*
has 'Marking: CUI//<F>; approved' "$dir"/portions/openvex/*
[ "$(grep -c ',CUI//<F>.$' "$dir/portions/lists/issues.csv")" = 1 ] ||
    fail "one finding of the list has its marking"
grep ',2\.3,' "$dir/portions/lists/results.csv" | grep -q ',SECRET.$' ||
    fail "the verdict of one subject in the list"

# Two databases' markings both stand until somebody says which.
cp "$dir/m.db" "$dir/a.db"
"$MUSTER" -q -d "$dir/b.db" import "$story/twistcli.json" > "$dir/out"
"$MUSTER" -q -d "$dir/b.db" --as-of 2026-11-20 mark 'SECRET//NOFORN'
for order in 'a b' 'b a'; do
	set -- $order
	rm -f "$dir/both.db"
	"$MUSTER" -q -d "$dir/both.db" merge "$dir/$1.db" "$dir/$2.db" \
	    > "$dir/out"
	grep -q '^conflict: markings of the package.*CUI.*; SECRET//NOFORN' \
	    "$dir/out" || fail "no conflict: $(cat "$dir/out")"
	"$MUSTER" -d "$dir/both.db" mark > "$dir/out-$1"
	grep -q '^package: CUI//SP-VULN <test>; SECRET//NOFORN$' \
	    "$dir/out-$1" || fail "not both: $(cat "$dir/out-$1")"
done
cmp "$dir/out-a" "$dir/out-b" || fail "the order of merging matters"
"$MUSTER" -q -d "$dir/both.db" --as-of 2026-11-24 mark 'SECRET//NOFORN'
"$MUSTER" -d "$dir/both.db" mark > "$dir/out"
grep -q '^package: SECRET//NOFORN$' "$dir/out" || fail "it is not settled"
"$MUSTER" -q -d "$dir/both.db" merge "$dir/a.db" "$dir/b.db" > "$dir/out"
grep -q '^conflict: markings' "$dir/out" && fail "settled, and a conflict"

m package "$dir/p.zip"
unzip -p "$dir/p.zip" README.txt 2> "$dir/out" | head -1 > "$dir/first" || :
[ ! -s "$dir/first" ] || [ "$(cat "$dir/first")" = 'CUI//SP-VULN <test>' ] ||
    fail "the reading guide is not marked"
(cd "$dir" && "$MUSTER" -q verify --replay p.zip > out 2>&1) ||
    fail "the marked package is not replayed"
"$MUSTER" -d "$dir/m.db" --as-of 2026-12-24 mark 'LATER' 2> "$dir/out"
grep -q 'it holds from 2026-12-24 on, and the verdicts are as of' "$dir/out" ||
    fail "a marking of a later day is not told"
m mark "$(printf 'two\nlines')" && fail "two lines are taken"
m mark '   ' && fail "blanks are taken"
m --as-of 2026-11-25 mark ''
m --as-of 2026-11-25 assess
m report -f ckl -o "$dir/again"
grep -rq MARKING "$dir/again" && fail "a marking that was taken back stands"
exit 0
