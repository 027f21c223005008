#!/bin/sh
# test_checklist.sh - checklists that muster wrote come back to the subject
# they are about: unchanged they propose nothing, edited they propose exactly
# what was edited; and no verdict follows from them.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
samples=$(dirname "$0")/../samples

m() {
	"$MUSTER" -q -d "$dir/m.db" "$@"
}
fail() {
	echo "test_checklist.sh: $1" >&2
	exit 1
}
proposals() {
	m waiver list --csv | sed 1d | wc -l
}
verdicts() {
	m show results --json | sed 's/"waived":[a-z]*//'
}

m import "$samples/story" > "$dir/out"
# two containers of one key: only their names tell them apart
printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {%s}\n' \
    'containers: [{name: c, image: x}]' > "$dir/one.yaml"
sed 's/image: x/image: x, securityContext: {readOnlyRootFilesystem: true}/' \
    "$dir/one.yaml" > "$dir/two.yaml"
m import "$dir/one.yaml" "$dir/two.yaml" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
m report -o "$dir/written" --format ckl,cklb
m report -o "$dir/system" --format oscal,emass
[ -s "$dir/system/oscal-ar.json" ] && [ -s "$dir/system/oscal-poam.json" ] ||
    fail "two subjects of one key cannot be in one document"
before=$(verdicts)
m why 2.16 > "$dir/why.before"
grep -q '<SID_DATA>web-baseline<' "$dir"/written/ckl/*shop-web-1*.ckl ||
    fail "the scan's STIG is not in the checklist"
[ "$(proposals)" -eq 0 ] || fail "there are proposals already"

m import "$dir/written" > "$dir/out"
! grep 'not placed' "$dir/out" || fail "a cell was not placed"
n=$(find "$dir/written" -name '*.ckl*' | wc -l)
m show artifacts --json | grep -c '"format":"cklb\{0,1\}"' > "$dir/n"
[ "$(cat "$dir/n")" -eq "$n" ] || fail "not every checklist was imported"
m show gaps | grep 'is a checklist of' && fail "one is of no subject"
# a checklist's file is named as its subject
for f in "$dir"/written/ckl/*.ckl; do
	slug=$(basename "$f" .ckl)
	key=$(m show subjects --json | grep "\"slug\":\"$slug\"" |
	    sed 's/^{"subject":"//; s/".*//')
	cells=$(sed '/<.iSTIG>/q' "$f" | grep -c '<VULN>')	# of the guide
	got=$(m show statements "$slug" --json | grep -F "\"artifact\":\"$slug.ckl\"" |
	    grep -cF "\"subject\":\"$key\"")
	[ "$got" -eq "$cells" ] || fail "$slug: $got of $cells cells"
done
m assess --as-of 2026-11-01 > "$dir/out"
[ "$(proposals)" -eq 0 ] || fail "what was not edited proposes something"
# the rules of another STIG in it are those of the scan: said once
m why 2.16 > "$dir/why"
cmp -s "$dir/why.before" "$dir/why" || fail "its own words are evidence"
m report -o "$dir/unchanged" --format ckl,cklb
diff -r -x '.*' "$dir/written" "$dir/unchanged" > "$dir/out" ||
    fail "what came back changed what is written"
rm -r "$dir/unchanged"
[ "$(verdicts)" = "$before" ] || fail "a checklist changed a verdict"

# An editor changes one cell of each format.
ckl=$(find "$dir/written/ckl" -name '*shop-web*.ckl' | grep -v deploy |
    grep registry | head -n 1)
cklb=$(find "$dir/written/cklb" -name 'deployment-*.cklb' | head -n 1)
awk '/CIDG-02-030</ { here = 1 }
    here && sub("<STATUS>[A-Za-z_]*<", "<STATUS>NotAFinding<") { n++ }
    here && sub("<COMMENTS/>", "<COMMENTS>It is needed.</COMMENTS>") { n++ }
    here && sub("<SEVERITY_OVERRIDE/>",
        "<SEVERITY_OVERRIDE>low</SEVERITY_OVERRIDE>") { n++ }
    /<.VULN>/ { here = 0 }
    { print } END { exit n != 3 }' "$ckl" > "$dir/edited.ckl" ||
    fail "nothing to edit in $ckl"
awk '/"rule_id_src": ".*CIDG-03-090"/ { here = 1 }
    here && sub("\"status\": \"[a-z_]*\"", "\"status\": \"not_applicable\"") {
	n++; here = 0 }
    { print } END { exit n != 1 }' "$cklb" > "$dir/edited.cklb" ||
    fail "nothing to edit in $cklb"
m import "$dir/edited.ckl" "$dir/edited.cklb" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
[ "$(verdicts)" = "$before" ] || fail "an edited checklist changed a verdict"
# the status, the comments and the severity of one rule, a status of another
[ "$(proposals)" -eq 4 ] || fail "$(proposals) proposals, not 4"
m waiver list --csv > "$dir/list"
grep -q '^.*attestation.*2\.3.*' "$dir/list" || fail "2.3 is not proposed"
grep -q 'not_applicable.*3\.9' "$dir/list" || fail "3.9 is not proposed"
m show statements --json | grep '"artifact":"edited.ckl"' |
    grep '"id":"2.3"' | grep '"status":"NotAFinding"' |
    grep '"text":"It is needed."' | grep -q '"severity":"low"' ||
    fail "the cell of 2.3 is not as edited"

# Approved, the cells come out as they were edited, and nothing else changed.
m waiver list --json | grep -q '"requirement":"2.3".*"source":"edited.ckl"' ||
    fail "a proposal does not say whose it is"
for id in $(m waiver list --json | sed 's/^{"id":"\([^"]*\)".*/\1/'); do
	m --as-of 2026-11-02 waiver show "$id" > "$dir/out"
	MUSTER_USER=ben m --as-of 2026-11-02 waiver approve "$id" --until P90D
done
m assess --as-of 2026-11-02 > "$dir/out"
[ "$(verdicts)" = "$before" ] || fail "an approval changed a verdict"
m report -o "$dir/again" --format ckl,cklb
(cd "$dir/written" && find . -type f ! -name '.*' | sort) > "$dir/names"
while read -r f; do
	case $dir/written/$f in
	*/$(basename "$ckl"))
		diff "$dir/written/$f" "$dir/again/$f" | grep '^<' |
		    sed 's/^<[ \t]*//' | sort | tr '\n' ' ' > "$dir/gone"
		[ "$(cat "$dir/gone")" = '<COMMENTS/> <SEVERITY_OVERRIDE/> ' ] ||
		    fail "other cells changed: $(cat "$dir/gone")"
		;;
	*/$(basename "$ckl" .ckl).cklb|*/$(basename "$cklb"))
		;;
	*/$(basename "$cklb" .cklb).ckl)
		diff "$dir/written/$f" "$dir/again/$f" | grep '^<' |
		    grep -v COMMENTS && fail "other cells of $f changed"
		;;
	*)
		cmp -s "$dir/written/$f" "$dir/again/$f" ||
		    fail "$f changed, and nobody edited it"
		;;
	esac
done < "$dir/names"
grep -q '<COMMENTS>It is needed\.$' "$dir/again/ckl/$(basename "$ckl")" ||
    fail "the comment did not come out as it was edited"
grep -q '<SEVERITY_OVERRIDE>low<' "$dir/again/ckl/$(basename "$ckl")" ||
    fail "the severity did not come out as it was edited"
m import "$dir/again" > "$dir/out"
m assess --as-of 2026-11-02 > "$dir/out"
m waiver list --json | grep '"state":"proposed"' &&
    fail "what came back approved is proposed again"

# Without the scan the checklist is the evidence, of both formats once; and a
# result that somebody changed is evidence beside it.
stig=$(echo "$dir"/written/ckl/*shop-web-1*.ckl)
m() {
	"$MUSTER" -q -d "$dir/alone.db" "$@"
}
m import "$samples/story/web-1.4.docker.tar.gz" "$stig" \
    "$dir/written/cklb/$(basename "$stig" .ckl).cklb" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
m why 2.16 > "$dir/why"
[ "$(grep -c '2 of 9 rules of web-baseline failed' "$dir/why")" -eq 1 ] ||
    fail "the checklist's results do not count, or twice"
m() {
	"$MUSTER" -q -d "$dir/m.db" "$@"
}
awk '/<STATUS>NotAFinding</ && stig { sub("NotAFinding", "Open"); stig = 0 }
    /<SID_DATA>web-baseline</ { stig = 1 }
    { print }' "$stig" > "$dir/changed.ckl"
cmp -s "$stig" "$dir/changed.ckl" && fail "nothing to change in $stig"
m import "$dir/changed.ckl" > "$dir/out"
m assess --as-of 2026-11-02 > "$dir/out"
m why 2.16 | tr '\n' ' ' | grep -q '3 of 9 rules of web-baseline failed' ||
    fail "a changed result of a STIG is no evidence"
m report -o "$dir/worst" --format ckl
sed -n '/<SID_DATA>web-baseline</,$p' \
    "$dir/worst/ckl/$(basename "$stig")" > "$dir/worst.ckl"
[ "$(grep -c '<STATUS>Open<' "$dir/worst.ckl")" -eq 3 ] &&
    [ "$(grep -c '<VULN>' "$dir/worst.ckl")" -eq 9 ] ||
    fail "not each rule once, by the worst of its results"
grep -q 'The worst of 2 results; also:' "$dir/worst.ckl" &&
    grep -q '^pass, by openscap \[openscap-xccdf.xml sha256:' "$dir/worst.ckl" ||
    fail "the other result is not named"

# The same name, other bytes: not its checklist.
sed 's/\(<TARGET_COMMENT>image sha256:\)[0-9a-f]\{8\}/\100000000/' "$ckl" \
    > "$dir/other.ckl"
cmp -s "$ckl" "$dir/other.ckl" && fail "the digest was not changed"
m import "$dir/other.ckl" > "$dir/out"
m show gaps | grep -q 'other.ckl is a checklist of image sha256:00000000' ||
    fail "a checklist of another image was attached"

# A rule of a STIG shows under its control, as the requirements do.
m import "$samples/cci_list/list.xml" > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
m show controls --csv > "$dir/controls"
grep -q '^CM-6 b,CCI-000366,sha256:[0-9a-f]*,rule,xccdf_mil.example_rule_one' \
    "$dir/controls" || fail "a rule is not under its control"
grep -q '^CM-6 b,CCI-000366,sha256:[0-9a-f]*,requirement,2.16,,fail' \
    "$dir/controls" || fail "a requirement is not under its control"
