#!/bin/sh
# test_merge_story.sh - the databases of two assessors become one, whichever
# comes first and however often; nothing damaged or forked goes in.
set -eu
: "${MUSTER:?}"
samples=$(cd "$(dirname "$0")/../samples" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() {
	echo "test_merge_story.sh: $1" >&2
	cat out err >&2
	exit 1
}
m() {
	"$MUSTER" -q "$@" > out 2> err
}
# All that a database says, without its own journal of merging.
says() {
	"$MUSTER" -q -d "$1" assess --as-of 2026-11-01 > out 2>> err
	for what in artifacts subjects findings results gaps issues facts; do
		"$MUSTER" -d "$1" show $what --json
	done | sort > "$2"
	"$MUSTER" -d "$1" log --json 2>> err |
	    grep -Ev '"what":"(merge|assess|derived)"' | sort >> "$2"
	"$MUSTER" -q -d "$1" report -o "$2.d" 2>> err
}

story=$samples/story
m -d a.db import "$story"/*.tar* "$story"/web.yaml "$story"/grype.json
m -d a.db import --platform core "$story"/kubelet.yaml
cp "$story"/grype.json other-name.json
m -d b.db import "$story"/twistcli.json other-name.json
m -d b.db import "$story"/openscap-xccdf.xml "$story"/report-job.json
m -d b.db assess --as-of 2026-11-01
m -d b.db waiver propose --requirement 2.3 --all --by alice \
    --until 2027-06-01 --why w --as-of 2026-10-01 || fail "propose"
cp a.db fork.db

m -d ab.db merge a.db b.db || fail "merge a b"
grep -q '^conflict: .*json' out || fail "two names, and no conflict"
m -d ba.db merge b.db a.db || fail "merge b a"
m -d ab.db verify || fail "verify"
"$MUSTER" -d ab.db merge b.db a.db b.db > out || fail "merge again"
grep -q 'merged: 0 artifacts and 0 journal entries' out || fail "not the same"
says ab.db ab
says ba.db ba
cmp ab ba || fail "the order of the databases matters"
diff -r ab.d ba.d > out || fail "the outputs differ"
[ "$("$MUSTER" -d ab.db show artifacts --json | grep -c sha256)" -ge 8 ] ||
    fail "artifacts are missing"
"$MUSTER" -d ab.db waiver list | grep -q 2.3 || fail "the decision is missing"
m -d ab.db package p.zip || fail "package"
m verify --replay p.zip || fail "replay of what was merged"

# (a + b) + c is a + (b + c).
m -d c.db import "$samples"/k8s/hardened.yaml
m -d bc.db merge b.db c.db
m -d left.db merge ab.db c.db
m -d right.db merge bc.db a.db
says left.db left
says right.db right
cmp left right || fail "the grouping of the databases matters"

# Two copies that both went on; a damaged one; one of somebody else.
m -d a.db import "$samples"/k8s/hardened.yaml
m -d fork.db import "$samples"/k8s/careless.json
m -d x.db merge a.db fork.db && fail "a fork was merged"
grep -q 'both went on' err || fail "no word of the fork"
m -d ab.db merge a.db || fail "a copy that went on"
cp b.db bad.db
size=$(wc -c < bad.db)
head -c 4096 /dev/urandom |
    dd of=bad.db bs=1 seek=$((size / 2)) conv=notrunc 2> out
m -d y.db merge c.db bad.db && fail "a damaged database was merged"
[ ! -e y.db ] || fail "a refused merge left a database behind"
echo no > foreign.db
m -d y.db merge foreign.db && fail "a foreign file was merged"
m -d a.db merge a.db && fail "a database was merged with itself"
echo ok
