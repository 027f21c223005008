#!/bin/sh
# test_report.sh - a report into the place of an earlier one leaves nothing of
# that behind, and takes away nothing of anybody else's.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

m() {
	"$MUSTER" -q -d "$dir/m.db" --as-of 2026-11-23 "$@" 2> "$dir/err" \
	    > "$dir/said"
}
fail() {
	echo "test_report.sh: $1" >&2
	exit 1
}
same() {
	diff -r "$1" "$2" > "$dir/said" || fail "$3: $(cat "$dir/said")"
}

# Two subjects, then other ones.
m import "$story/grype.json" "$story/web.yaml" && m assess
m report -o "$dir/out"
(cd "$dir/out" && sha256sum -c --quiet .muster.sha256) || fail "the list lies"
[ "$(find "$dir/out" -type f ! -name .muster.sha256 | wc -l)" = \
    "$(grep -vc '^#' "$dir/out/.muster.sha256")" ] || fail "not all are listed"
rm "$dir/m.db"
m import "$story/kubelet.yaml" "$story/debian12-base.oci.tar" && m assess
m report -o "$dir/alone"
m report -o "$dir/out" && fail "an earlier report was overwritten"
m report -o "$dir/out" -f ckl && fail "one format of it was overwritten"
grep -q 'earlier report' "$dir/err" || fail "no word of it: $(cat "$dir/err")"

# What others put there, or changed, is theirs.
echo mine > "$dir/out/ckl/mine.ckl"
echo mine > "$dir/out/notes.txt"
changed=$(find "$dir/out/subjects" -name '*.html' | head -1)
echo '<!-- my remark -->' >> "$changed"
m report -o "$dir/out" --force || fail "force: $(cat "$dir/err")"
grep -q "1 of an earlier report's files were changed" "$dir/err" ||
    fail "no word of what is left: $(cat "$dir/err")"
for f in "$dir/out/ckl/mine.ckl" "$dir/out/notes.txt" "$changed"; do
	[ -f "$f" ] || fail "$f is gone"
	rm "$f"
done
same "$dir/alone" "$dir/out" "it is not as if it were alone"

# Only the outputs asked for give way.
rm "$dir/m.db"
m import "$story/grype.json" "$story/web.yaml" && m assess
m report -o "$dir/out" --force -f ckl,csv
m report -o "$dir/two" -f ckl,csv
same "$dir/two/ckl" "$dir/out/ckl" "old checklists"
same "$dir/alone/subjects" "$dir/out/subjects" "pages that nobody asked for"
(cd "$dir/out" && sha256sum -c --quiet .muster.sha256) || fail "the list lies"
cmp -s "$dir/alone/lists/findings.jsonl" "$dir/out/lists/findings.jsonl" ||
    fail "JSON Lines are gone"

# Another output beside those that are there needs no force.
m report -o "$dir/two" -f xccdf || fail "beside: $(cat "$dir/err")"
m report -o "$dir/two" -f xccdf && fail "overwritten without force"
(cd "$dir/two" && sha256sum -c --quiet .muster.sha256) || fail "the list lies"
grep -q '  ckl/' "$dir/two/.muster.sha256" || fail "the list forgot"

# A list of somebody else's takes nothing away, nor does one that leads out.
mkdir "$dir/theirs" "$dir/theirs/ckl" "$dir/else"
echo keep > "$dir/theirs/ckl/a.ckl"
echo keep > "$dir/else/b.ckl"
(cd "$dir/theirs" && sha256sum ckl/a.ckl > .muster.sha256)
m report -o "$dir/theirs" -f ckl && fail "their list was overwritten"
m report -o "$dir/theirs" -f ckl --force
[ -f "$dir/theirs/ckl/a.ckl" ] || fail "their file is gone"
mkdir "$dir/led"
ln -s "$dir/else" "$dir/led/xccdf"
hash=$(sha256sum < "$dir/else/b.ckl" | cut -d' ' -f1)
{
	head -1 "$dir/out/.muster.sha256"
	for f in xccdf/b.ckl ../else/b.ckl "$dir/else/b.ckl" /else/b.ckl; do
		echo "$hash  $f"
	done
} > "$dir/led/.muster.sha256"
m report -o "$dir/led" -f ckl --force
[ -f "$dir/else/b.ckl" ] || fail "a list led outside"
exit 0
