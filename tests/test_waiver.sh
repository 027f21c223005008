#!/bin/sh
# test_waiver.sh - the story of a package: a contributor proposes, an approver
# approves with a signature, the AO accepts; the image is rebuilt, two waivers
# carry and one is void; one expires at midnight; every report is the same
# when asked again.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

m() {
	"$MUSTER" -d "$dir/m.db" "$@" 2>> "$dir/err"
}
fail() {
	echo "test_waiver.sh: $1" >&2
	tail -n 3 "$dir/err" >&2
	exit 1
}
refused() {
	why=$1
	shift
	: > "$dir/err"
	m "$@" > "$dir/out" && fail "not refused: $*"
	grep -q "$why" "$dir/err" || fail "refused for another reason: $*"
}
propose() {
	m -q --as-of "$1" waiver propose --by ann --finding "$2" \
	    --repository registry.example.mil/shop/web --until "$3" \
	    --why "not reachable from outside"
}
# How a finding of an image stands: state in_force
stands() {
	m --as-of "$1" waiver show "$2" --json | grep -o \
	    '"subject":"[^"]*","item":"[^"]*","in_force":[a-z]*' |
	    grep -c "shop/web:$3.*in_force\":$4" || :
}
report() {
	m -q --as-of "$1" assess > "$dir/out"
	m -q report -o "$2"
}

: > "$dir/err"
m -q --as-of 2026-11-23 run "$story" -o "$dir/first" > "$dir/out"

# Who may do what.
cat > "$dir/policy.toml" <<EOF
[[person]]
name = "ann"
roles = ["contributor"]
[[person]]
name = "ben"
roles = ["cve_approver"]
keys = ["""@KEY@"""]
[[person]]
name = "olivia"
roles = ["ao"]
EOF
if command -v openssl > /dev/null; then
	openssl genpkey -algorithm ed25519 -out "$dir/key" 2>> "$dir/err"
	openssl pkey -in "$dir/key" -pubout -out "$dir/key.pub" 2>> "$dir/err"
	awk 'NR == FNR { key = key $0 "\n"; next }
	    { sub(/@KEY@/, "\n" key); print }' "$dir/key.pub" \
	    "$dir/policy.toml" > "$dir/p" && mv "$dir/p" "$dir/policy.toml"
	key=y
else
	echo "test_waiver.sh: no openssl: signatures are not tried" >&2
	sed -i '/^keys/d' "$dir/policy.toml"
	key=
fi
m --as-of 2026-11-23 waiver policy "$dir/policy.toml"
sed 's/roles/rolls/' "$dir/policy.toml" > "$dir/wrong.toml"
refused 'wrong.toml:3' waiver policy "$dir/wrong.toml"

# Day 1: proposals.
one=$(propose 2026-11-24 CVE-2024-28757 P90D)
two=$(propose 2026-11-24 CVE-2023-42366 2026-12-31)
three=$(propose 2026-11-24 CVE-2023-45853 2027-06-01)
refused 'knows no "mallory"' --as-of 2026-11-24 waiver propose --by mallory \
    --finding CVE-2025-59375 --all --until P1Y --why x
refused 'until is missing' --as-of 2026-11-24 waiver propose --by ann \
    --finding CVE-2025-59375 --all --why x
refused 'before it begins' --as-of 2026-11-24 waiver propose --by ann \
    --finding CVE-2025-59375 --all --until 2026-11-23 --why x
refused 'one of --image' --as-of 2026-11-24 waiver propose --by ann \
    --finding CVE-2025-59375 --until P1Y --why x
[ "$(stands 2026-11-24 "$one" 1.4 false)" = 1 ] || fail "a proposal covers"

# Day 2: approvals, one of them signed.
refused 'no role that may approve' --as-of 2026-11-25 waiver approve "$one" \
    --by ann
refused 'no decision has the id' --as-of 2026-11-23 waiver approve "$one" \
    --by ben
if [ "$key" ]; then
	m --as-of 2026-11-25 waiver approve "$one" --by ben --to-sign \
	    > "$dir/text"
	m --as-of 2026-11-25 waiver approve "$one" --by ben --to-sign |
	    cmp -s - "$dir/text" || fail "the text to sign is not the same"
	openssl pkeyutl -sign -rawin -inkey "$dir/key" -in "$dir/text" \
	    -out "$dir/sig" 2>> "$dir/err"
	refused 'signature is not one' --as-of 2026-11-26 waiver approve \
	    "$one" --by ben --signature "$dir/sig"
	m -q --as-of 2026-11-25 waiver approve "$one" --by ben \
	    --signature "$dir/sig"
	m --as-of 2026-11-25 waiver show "$one" | grep -q 'signed: Ed25519' ||
	    fail "the signature does not show"
else
	m -q --as-of 2026-11-25 waiver approve "$one" --by ben
fi
# The same with an OpenSSH key, where there is a tool to make one.
if command -v ssh-keygen > /dev/null && [ "$key" ]; then
	ssh-keygen -q -t ed25519 -N '' -f "$dir/ssh"
	awk -v key="$(cut -d' ' -f1,2 "$dir/ssh.pub")" '
	    /^keys/ { print "keys = [\"" key "\"]"; skip = 1 }
	    !skip { print } /"""\]/ { skip = 0 }' "$dir/policy.toml" \
	    > "$dir/ssh.toml"
	cp "$dir/m.db" "$dir/copy.db"
	m --as-of 2026-11-25 waiver policy "$dir/ssh.toml"
	m --as-of 2026-11-25 waiver approve "$two" --by ben --to-sign \
	    > "$dir/text"
	ssh-keygen -q -Y sign -n file -f "$dir/ssh" "$dir/text" 2>> "$dir/err"
	refused 'signature is not one' --as-of 2026-11-25 waiver approve \
	    "$two" --by ben --signature "$dir/text.sig"
	rm "$dir/text.sig"
	ssh-keygen -q -Y sign -n muster-decision -f "$dir/ssh" "$dir/text" \
	    2>> "$dir/err"
	m -q --as-of 2026-11-25 waiver approve "$two" --by ben \
	    --signature "$dir/text.sig"
	m --as-of 2026-11-25 waiver show "$two" | grep -q 'signed: no' &&
	    fail "a signature of ssh-keygen does not count"
	mv "$dir/copy.db" "$dir/m.db"
fi
for id in "$two" "$three"; do
	m -q --as-of 2026-11-25 waiver approve "$id" --by ben
	m --as-of 2026-11-25 waiver show "$id" | grep -q 'signed: no' ||
	    fail "an unsigned approval does not say so"
done
refused 'cannot become approved' --as-of 2026-11-25 waiver approve "$two" \
    --by ben
[ "$(stands 2026-11-25 "$one" 1.4 true)" = 1 ] || fail "approval covers nothing"
[ "$(stands 2026-11-24 "$one" 1.4 true)" = 0 ] || fail "it covers the day before"

refused 'earlier date' --as-of 2026-11-24 waiver reject "$one" --by ben

# Day 3: the package is accepted, by nobody who approved a finding.
report 2026-11-26 "$dir/accepted"
refused 'no role that may accept' --as-of 2026-11-27 accept --by ben
m --as-of 2026-11-27 accept --by olivia --note "for 30 days"

# The verdicts are those of before: a waived failure is a failure.
m -q --as-of 2026-11-23 assess > "$dir/out"
m show results --csv | cut -d, -f1-5 > "$dir/before"
m -q --as-of 2026-11-26 assess > "$dir/out"
m show results --csv | cut -d, -f1-5 | cmp -s - "$dir/before" ||
    fail "a waiver changed a verdict"

# The last second before it ends, and the one at which it has.
[ "$(stands 2026-12-30T23:59:59Z "$two" 1.4 true)" = 1 ] || fail "too early"
[ "$(stands 2026-12-31T00:00:00Z "$two" 1.4 true)" = 0 ] || fail "too late"
report 2026-12-30T23:59:59Z "$dir/eve"
report 2026-12-31T00:00:00Z "$dir/new"
cmp -s "$dir/eve/index.html" "$dir/new/index.html" &&
    fail "an end shows nowhere"
m status | grep -q '1 expired' || fail "status does not tell of the end"

# Asked again, each day says the same.
report 2026-11-26 "$dir/accepted.2"
diff -r "$dir/accepted" "$dir/accepted.2" > "$dir/out" ||
    fail "the report of a day changed"
report 2026-12-30T23:59:59Z "$dir/eve.2"
diff -r "$dir/eve" "$dir/eve.2" > "$dir/out" || fail "the eve changed"

# The rebuild: another digest, and zlib is a new version.
new=$(printf '%064d' 7)
sed -e "s/sha256:736876aa[0-9a-f]*/sha256:$new/g" \
    -e "s/sha256:c840e657[0-9a-f]*/sha256:8${new#?}/g" \
    -e 's/shop\/web:1\.4/shop\/web:1.5/g' \
    -e 's/1:1\.2\.13\.dfsg-1/1:1.3.dfsg-1/g' "$story/grype.json" \
    > "$dir/grype-new.json"
m -q import "$dir/grype-new.json" > "$dir/out"
m -q --as-of 2026-12-01 assess > "$dir/out"
[ "$(stands 2026-12-01 "$one" 1.5 true)" = 0 ] ||
    fail "an approval covers what nobody saw"
m --as-of 2026-12-01 waiver carry --by ann --propose > "$dir/out"
grep -q "^$one  valid" "$dir/out" || fail "the first does not carry"
grep -q "^$two  valid" "$dir/out" || fail "the second does not carry"
grep -q "^$three  void" "$dir/out" || fail "the third is not void"
grep -q '2 valid, 0 partly, 1 void; 2 proposed' "$dir/out" ||
    fail "the sums are wrong"
m --as-of 2026-12-01 waiver carry --by ann --propose | grep -q '0 proposed' ||
    fail "followers are proposed twice"
follower=$(m --as-of 2026-12-01 waiver list --json |
    grep '"state":"proposed"' | grep CVE-2024-28757 |
    sed 's/.*{"id":"\([^"]*\)".*/\1/')
[ "$(stands 2026-12-01 "$follower" 1.5 true)" = 0 ] || fail "granted by itself"
m -q --as-of 2026-12-02 waiver approve "$follower" --by ben
[ "$(stands 2026-12-02 "$follower" 1.5 true)" = 1 ] ||
    fail "the follower covers nothing"

# A spreadsheet out, filled in, and back.
m waiver export --open --csv > "$dir/draft.csv"
head -n 1 "$dir/draft.csv" | grep -q '^"id","state","act"' ||
    fail "no column names"
awk -F, 'BEGIN { OFS = "," } { sub(/\r$/, "") } NR == 1 { for (i = 1; i <= NF; i++)
    at[$i] = i } NR == 3 { $(at["\"why\""]) = "\"=1+1, \"\"said\"\" Ann\"";
    $(at["\"until\""]) = "P1M"; $(at["\"by\""]) = "ann" } { print }' \
    "$dir/draft.csv" > "$dir/filled.csv"
m --as-of 2026-12-03 waiver import "$dir/filled.csv" > "$dir/out"
grep -q ' 1 proposed, 0 acted upon' "$dir/out" || fail "not one row proposed"
m --as-of 2026-12-03 waiver export --csv | grep -q "'=1+1, \"\"said\"\" Ann" ||
    fail "a formula was not made safe"
m --as-of 2026-12-03 waiver export > "$dir/all.jsonl"
m --as-of 2026-12-03 waiver import "$dir/all.jsonl" | grep -q ' 0 proposed' ||
    fail "what is known was proposed again"
printf 'id,why,colour\n,x,red\n' > "$dir/bad.csv"
refused 'column "colour"' waiver import "$dir/bad.csv"

m verify > "$dir/out"
