#!/bin/sh
# test_settle.sh - small files share a commit, a refused one goes alone, and
# what is worked out from evidence never stands beside evidence it does not
# know.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
here=$(dirname "$0")/..
story=$here/samples/story

m() {
	"$MUSTER" -d "$dir/m.db" "$@" 2>> "$dir/err"
}
fail() {
	echo "test_settle.sh: $1" >&2
	exit 1
}
ends() {
	want=$1 status=0
	shift
	: > "$dir/err"
	m "$@" > "$dir/out" || status=$?
	[ "$status" = "$want" ] || fail "status $status, not $want: $*"
}
held() {
	m show artifacts --csv | sed 1d | wc -l
}

# Verdicts go with the evidence they were reached from, and nobody reports or
# accepts as if they were there.
m -q import "$story/grype.json" > "$dir/out"
m -q assess
ends 0 report -o "$dir/before" -f csv
m -q import "$story/twistcli.json" > "$dir/out"
ends 1 report -o "$dir/after" -f csv
grep -q 'nothing was assessed since the last import' "$dir/err" ||
    fail "a report without verdicts does not say so"
[ ! -e "$dir/after" ] || fail "a report without verdicts was written"
ends 1 accept --by somebody
ends 0 status
grep -q 'Not assessed yet' "$dir/out" || fail "status speaks of verdicts"
rm "$dir/m.db"

# 300 files in three commits, two of them refused.
mkdir "$dir/fleet"
i=0
while [ $i -lt 300 ]; do
	sed "s/registry\.example/registry$i.example/" \
	    "$here/samples/grype/small.json" > "$dir/fleet/r$i.json"
	i=$((i + 1))
done
echo '{"matches": [' > "$dir/fleet/r150.json"
echo 'nothing at all' > "$dir/fleet/r299.json"
ends 2 import "$dir/fleet"
[ "$(grep -c '^imported' "$dir/out")" = 298 ] || fail "not all are told"
[ "$(grep -c "fleet/r.*json:" "$dir/err")" = 2 ] || fail "not both refused"
[ "$(held)" = 298 ] ||
    fail "not all are stored"
m verify > "$dir/out" || fail "it does not verify"

# What cannot be committed was never called imported.
whole=$(wc -c < "$dir/m.db")
rm "$dir/m.db"
(
	ulimit -f $((whole * 3 / 4 / 512))
	"$MUSTER" -d "$dir/m.db" import "$dir/fleet" > "$dir/said" \
	    2> "$dir/err"
) && fail "no limit was met"
grep -q 'none of them is kept' "$dir/err" || fail "what is lost is not told"
said=$(grep -c '^imported' "$dir/said" || true)
[ "$(held)" = "$said" ] ||
    fail "$said are called imported, others are held"
[ "$said" -gt 0 ] || fail "the limit left nothing"
m verify > "$dir/out" || fail "what is left does not verify"
ends 2 import "$dir/fleet"
[ "$(held)" = 298 ] ||
    fail "the rest does not come in later"

# Who reads meanwhile sees all that the evidence is about, however far it is.
rm "$dir/m.db"
ends 0 import "$story/grype.json"
m import "$dir/fleet" > "$dir/said" &
reads=0
while kill -0 $! 2> "$dir/gone"; do
	[ "$(m show subjects --csv | sed 1d | wc -l)" -gt 0 ] ||
	    fail "a reader saw evidence about nothing"
	reads=$((reads + 1))
done
wait $! || true
[ $reads -gt 0 ] || fail "nobody read meanwhile"

# The user's word on a file is stored with the file.
rm "$dir/m.db"
ends 0 import --subject registry1.example/app "$story/openscap-xccdf.xml"
ends 0 log
grep -q 'place.subject' "$dir/out" || fail "the word is not kept"
echo "test_settle.sh: ok"
