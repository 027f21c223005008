#!/bin/sh
# test_package_story.sh - a package is the same each time, proves itself on
# another machine's terms, and any one changed byte of it is found.
set -eu
: "${MUSTER:?}"
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() {
	echo "test_package_story.sh: $1" >&2
	exit 1
}
m() {
	"$MUSTER" -q "$@" > out 2> err
}

# Some of everything that verdicts and outputs depend on: archives of reports,
# placements, a kind that was said, a key, earlier assessments, what the AO
# accepted, a policy, decisions, markings, a tailoring.
cp "$here"/signed/* .
chmod 600 ed25519 rsa ecdsa
m -d a.db import "$here"/../samples/story/*
m -d a.db import "$here"/../samples/archive/reports.zip || :
m -d a.db import --platform core "$here"/../samples/k8s/hardened.yaml
m -d a.db import --type dockerfile --subject shop/web:1.4 \
    "$here"/../samples/dockerfile/app.Dockerfile
m -d a.db import --on core "$here"/../samples/compose/hardened.yaml
m -d a.db import "$here"/../samples/epss/scores.csv
m -d a.db trust add x509.pub --for registry.example.mil
for who in alice joan joe; do
	printf '[[person]]\nname = "%s"\nroles = ["assessor", "ao"]\n' $who
done > policy.toml
m -d a.db waiver policy policy.toml --as-of 2026-09-30 ||
    fail "policy: $(cat err)"
m -d a.db assess --as-of 2026-10-15
MUSTER_USER=joan m -d a.db accept --as-of 2026-10-16
m -d a.db assess --as-of 2026-11-01 --tailoring \
    "$here"/../samples/tailoring/strict.xml
m -d a.db waiver propose --requirement 2.3 --all \
    --until 2027-06-01 --why "the sample" --by alice \
    --as-of 2026-10-01 || { cat err >&2; fail "propose"; }
m -d a.db package early.zip && fail "a package of stale verdicts"
grep -q 'muster assess' err || fail "no word of what to do: $(cat err)"
m -d a.db attest 3.9 Deployment/shop/web/web --verdict pass --until P90D \
    --evidence policy.toml --why looked --by joe --as-of 2026-10-03 ||
    { cat err >&2; fail "attest"; }
m -d a.db mark CUI --as-of 2026-10-01
m -d a.db mark --requirement 2.3 SECRET --as-of 2026-10-01
m -d a.db assess --as-of 2026-11-01 --tailoring \
    "$here"/../samples/tailoring/strict.xml

# Another folder, time zone, locale and, where we may, user.
mkdir -p else/where
cp "$MUSTER" muster
chmod 755 . muster
chmod 777 else else/where
nobody=
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
fi
for f in zip tar.gz; do
	m -d a.db package "p.$f" --sign ed25519
	TZ=Asia/Tokyo LC_ALL=C m -d a.db package "again.$f" --sign ed25519
	cmp "p.$f" "again.$f" || fail "two packages differ: $f"
	m -d a.db package "p.$f" && fail "a package was overwritten"
	m verify --key ed25519.pub "p.$f" || fail "verify $f: $(cat err)"
	m verify --key rsa.pub "p.$f" && fail "another key's signature"
	(cd else/where && TZ=America/Lima LC_ALL=tr_TR.UTF-8 MUSTER_USER=bob \
	    HOME=/nowhere TMPDIR="$dir/else" SOURCE_DATE_EPOCH=1 $nobody \
	    "$dir/muster" verify --replay "$dir/p.$f" > "$dir/out" \
	    2> "$dir/err") || fail "replay $f: $(cat err)"
	grep -q '^replayed' out || fail "nothing was replayed"
done
m verify --replay p.zip "$here"/../samples/story/*tar* || fail "$(cat err)"
grep -q '2 from the files given' out || fail "archives were not read again"

# Other programs agree.
mkdir open && (cd open && tar xzf ../p.tar.gz && sha256sum -c SHA256SUMS) \
    > out 2>&1 || fail "sha256sum: $(cat out)"
if command -v ssh-keygen > /dev/null; then
	echo "jane $(cat ed25519.pub)" > allowed
	ssh-keygen -q -Y verify -n file -f allowed -I jane \
	    -s open/manifest.json.sig < open/manifest.json > out ||
	    fail "ssh-keygen does not accept the signature"
fi
echo 'open sesame' > pass
m -d a.db package locked.zip --sign ecdsa384 --passphrase pass ||
    fail "locked: $(cat err)"
m verify locked.zip --key ecdsa384.pub || fail "locked: $(cat err)"
m -d a.db package cms.zip --sign x509.key --cert x509.pem
m verify cms.zip --key x509.pem || fail "cms: $(cat err)"
if command -v openssl > /dev/null && command -v unzip > /dev/null; then
	mkdir cms && (cd cms && unzip -q ../cms.zip)
	openssl cms -verify -binary -inform PEM -in cms/manifest.json.p7s \
	    -content cms/manifest.json -CAfile x509.pem -out out 2> err ||
	    fail "openssl does not accept the signature"
fi
m -d b.db import "$here"/../samples/story
m -d b.db assess --as-of 2026-11-01
m -d b.db package digests.zip --digests-only
m verify --replay digests.zip && fail "files that are not there were read"
grep -q 'name that file' err || fail "no word of what is missing"
m verify --replay digests.zip "$here"/../samples/story/* ||
    fail "digests: $(cat err)"
m verify digests.zip --key ed25519.pub && fail "a missing signature"

# One byte, anywhere.
for f in p.zip p.tar.gz; do
	size=$(wc -c < $f)
	for at in 0 5 12 40 1000 $((size / 7)) $((size / 3)) $((size / 2)) \
	    $((size - 4000)) $((size - 300)) $((size - 95)) $((size - 22)) \
	    $((size - 1)); do
		cp $f bad
		byte=$(od -An -tu1 -j $at -N 1 $f | tr -d ' ')
		printf "\\$(printf %03o $(((byte + 1) % 256)))" |
		    dd of=bad bs=1 seek=$at conv=notrunc 2> /dev/null
		rc=0
		m verify bad || rc=$?
		[ $rc = 4 ] || fail "byte $at of $f: status $rc"
	done
done
# A journal that somebody wrote anew is no chain.
sed 's/"who":"[^"]*"/"who":"eve"/' open/journal.jsonl > j
cmp -s j open/journal.jsonl && fail "the journal names nobody"
m verify a.db && fail "a database is no package"
echo ok
