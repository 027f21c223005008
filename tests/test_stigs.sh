#!/bin/sh
# test_stigs.sh - checklists of a subject with results of other STIGs: the
# guide first, then each STIG with each rule once, whatever number and whatever
# names; and a checklist that lost a rule is no checklist.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
here=$(cd "$(dirname "$0")/.." && pwd)

m() {
	"$MUSTER" -q -d "$dir/m.db" "$@"
}
fail() {
	echo "test_stigs.sh: $1" >&2
	exit 1
}

# results BENCHMARK N FIRST - N rules: pass, fail, notapplicable, fixed,
# informational, notselected, notchecked, error in turn
results() {
	awk -v b="$1" -v n="$2" -v first="$3" 'BEGIN {
	x = "xccdf_mil.disa.stig_rule_"
	split("pass fail notapplicable fixed informational notselected " \
	    "notchecked error", word, " ")
	print "<Benchmark xmlns=\"http://checklists.nist.gov/xccdf/1.2\" id=\"" \
	    "xccdf_mil.disa.stig_benchmark_" b "\"><status>draft</status>" \
	    "<title>" b " guide</title><plain-text id=\"release-info\">" \
	    "Release: 3 Benchmark Date: 05 Jan 2026</plain-text>" \
	    "<version>2</version>"
	for (i = first; i < first + n; i++)
		print "<Group id=\"V-" i "\"><Rule id=\"" x "SV-" i \
		    "r1_rule\" severity=\"high\"><title>Rule " i "</title>" \
		    "<ident system=\"http://cyber.mil/cci\">CCI-000366" \
		    "</ident></Rule></Group>"
	print "<TestResult id=\"xccdf_a_testresult_b\" end-time=\"2026-10-01" \
	    "T00:00:00\" test-system=\"cpe:/a:x:y:1\"><target>h</target>"
	for (i = first; i < first + n; i++)
		print "<rule-result idref=\"" x "SV-" i "r1_rule\" severity=\"" \
		    "high\"><result>" word[(i - first) % 8 + 1] \
		    "</result><ident system=\"http://cyber.mil/cci\">CCI-000366" \
		    "</ident></rule-result>"
	print "<score>1</score></TestResult></Benchmark>"
	}'
}
results Big_STIG 1600 10000 > "$dir/big.xml"
results Small_STIG 8 50000 > "$dir/small.xml"
# the same STIG once more: what passed fails, one rule is new
results Small_STIG 8 50000 | sed 's/<result>pass</<result>fail</
    s/SV-50007r/SV-50008r/; s/V-50007"/V-50008"/' > "$dir/again.xml"
# ids that no checklist can hold as they are: too long, and of one beginning
long=$(printf '%060d' 7)
printf '%s' '<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="odd' \
    ' &amp; &quot;ids&quot;"><status>draft</status><version>1</version>' \
    "<Rule id=\"r_rule_${long}1\"/><Rule id=\"r_rule_${long}2\"/>" \
    '<Rule id="&#x202e;\&lt;b>"/><TestResult id="t" end-time="2026-10-01' \
    'T00:00:00"><target>h</target>' \
    "<rule-result idref=\"r_rule_${long}1\"><result>pass</result>" \
    "</rule-result><rule-result idref=\"r_rule_${long}2\"><result>fail" \
    '</result></rule-result><rule-result idref="&#x202e;\&lt;b>"><result>' \
    'pass</result></rule-result><score>1</score></TestResult></Benchmark>' \
    > "$dir/odd.xml"
m import "$here/samples/story/debian12-base.oci.tar" "$dir"/*.xml > "$dir/out"
m assess --as-of 2026-11-01 > "$dir/out"
m report -o "$dir/written" -f ckl,cklb

ckl=$(echo "$dir"/written/ckl/*)
cklb=$(echo "$dir"/written/cklb/*)
# word FILE STIG STATUS - how many rules of the STIG have it
ckl_of() {
	awk -v stig="$2" -v status="$3" '/<SID_NAME>/ { name = $0 }
	    /<SID_DATA>/ && name ~ /stigid/ { here = index($0, ">" stig "<") }
	    here && index($0, "<STATUS>" status "<") { n++ }
	    END { print n + 0 }' "$1"
}
cklb_of() {
	awk -v stig="$2" -v status="$3" '/^      "stig_id":/ {
	    here = index($0, "\"" stig "\"") }
	    here && index($0, "\"status\": \"" status "\"") { n++ }
	    END { print n + 0 }' "$1"
}
while read -r stig xml json n; do
	[ "$(ckl_of "$ckl" "$stig" "$xml")" -eq "$n" ] ||
	    fail "$(ckl_of "$ckl" "$stig" "$xml") $xml of $stig, not $n"
	[ "$(cklb_of "$cklb" "$stig" "$json")" -eq "$n" ] ||
	    fail "$(cklb_of "$cklb" "$stig" "$json") $json of $stig, not $n"
done <<'EOF'
Big_STIG NotAFinding not_a_finding 400
Big_STIG Open open 200
Big_STIG Not_Applicable not_applicable 200
Big_STIG Not_Reviewed not_reviewed 600
Small_STIG NotAFinding not_a_finding 1
Small_STIG Open open 2
Small_STIG Not_Applicable not_applicable 1
Small_STIG Not_Reviewed not_reviewed 4
EOF
[ "$(grep -c '<iSTIG>' "$ckl")" -eq 4 ] || fail "not four STIGs"
grep '<SID_DATA>' "$ckl" | sed -n '1,/_STIG/p' | grep -q 'benchmark_CIDG' ||
    fail "the guide is not the first"
grep -A1 '<VULN_ATTRIBUTE>Vuln_Num' "$ckl" | grep -q '>V-10001<' &&
    grep -q '>SV-10001r1_rule<' "$ckl" || fail "not named as DISA does"
grep -q '<SID_DATA>Release: 3 Benchmark Date: 05 Jan 2026<' "$ckl" ||
    fail "no release"
grep -q '^pass, by .*small.xml\|^pass, by .*again.xml' "$ckl" ||
    fail "the other result of a rule is not named"
grep -A1 '>Rule_ID<' "$ckl" | sed -n 's/.*<ATTRIBUTE_DATA>\(.*\)<.*/\1/p' |
    sort > "$dir/ids"
[ -z "$(uniq -d "$dir/ids")" ] || fail "two rules of one id"
[ -z "$(grep '.\{46\}' "$dir/ids")" ] || fail "an id of over 45 characters"

# Markings: of the package, of one rule.
m mark --as-of 2026-11-01 CUI > "$dir/out"
m mark --as-of 2026-11-01 --finding xccdf_mil.disa.stig_rule_SV-10001r1_rule \
    SECRET > "$dir/out"
m report -o "$dir/marked" -f ckl,cklb
for f in "$dir"/marked/ckl*/*; do
	! grep -qi 'unclass' "$f" || fail "$f says unclassified"
	[ "$(grep -c 'Marking: SECRET' "$f")" -eq 1 ] ||
	    fail "a rule's marking is not with it in $f"
	[ "$(grep -c '[>"]SECRET[<"]' "$f")" -eq 1 ] || fail "$f: class"
done

# A stylesheet that loses a rule, or shows one twice, makes no file.
cp -R "$here/templates" "$dir/templates"
for select in 'e:part/e:cell[position() != 7]' \
    'e:part/e:cell[1] | e:part/e:cell'; do
	for name in ckl cklb; do
		sed "s#select=\"e:part/e:cell\"#select=\"$select\"#" \
		    "$here/templates/$name.xsl" > "$dir/templates/$name.xsl"
	done
	[ "$select" != "${select#*|}" ] && for name in ckl cklb; do
		sed "s#<xsl:apply-templates select=\"e:part/e:cell\"/>#&&#" \
		    "$here/templates/$name.xsl" > "$dir/templates/$name.xsl"
	done
	for name in ckl cklb; do
		! m report -o "$dir/broken" -f $name --templates \
		    "$dir/templates" 2> "$dir/why" ||
		    fail "$name: $select was taken"
		grep -q "making the output $name ($name) of" "$dir/why" ||
		    fail "the output is not named: $(cat "$dir/why")"
		[ -z "$(find "$dir/broken" -type f)" ] ||
		    fail "a file is left"
	done
done
