#!/bin/sh
# test_odd.sh - what is no plain file, in every place where a file is named: a
# message that names it, the right exit status, and nobody waits.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'chmod -R u+rwx "$dir"; rm -rf "$dir"' EXIT
samples=$(cd "$(dirname "$0")/../samples" && pwd)
n=0

fail() {
	echo "test_odd.sh: $1" >&2
	exit 1
}
# root reads everything, unless it gives that up
as_user() {
	if [ "$(id -u)" = 0 ]; then
		caps=-dac_override,-dac_read_search
		timeout 60 setpriv --bounding-set=$caps --inh-caps=$caps "$@"
	else
		timeout 60 "$@"
	fi
}
# odd STATUS FILE ARGUMENT...: refused with that status, naming the file
odd() {
	want=$1 file=$2
	shift 2
	rc=0
	as_user "$MUSTER" "$@" > "$dir/said" 2> "$dir/err" < /dev/null || rc=$?
	[ "$rc" = "$want" ] ||
	    fail "$*: status $rc, not $want: $(cat "$dir/said" "$dir/err")"
	head -1 "$dir/err" | grep -qE \
	    "^muster: (cannot [a-z]* (the directory )?)?$file[:/]" ||
	    fail "$*: no word of $file: $(cat "$dir/err")"
	[ "$(head -1 "$dir/err" | wc -w)" -ge 5 ] ||
	    fail "$*: no cause: $(cat "$dir/err")"
	n=$((n + 1))
}

cd "$dir"
"$MUSTER" -q -d ok.db run "$samples/story" -o out > said 2> err
"$MUSTER" -q -d ok.db package ok.zip > said 2> err
mkfifo fifo
mkdir folder
ln -s loop loop
ln -s nowhere dangling
ln -s /dev/zero zero
ln -s /dev/null null
ln -s fifo to-fifo
echo '{}' > unreadable
chmod 0 unreadable

for f in fifo to-fifo folder loop dangling zero null unreadable missing; do
	[ $f = folder ] || odd 2 $f -d new.db import $f
	odd 2 $f -d ok.db assess --tailoring $f
	odd 2 $f -d ok.db poam $f -o filled.xlsx
	odd 2 $f -d ok.db trust add $f --for registry.example
	odd 2 $f -d ok.db waiver import $f
	odd 2 $f -d ok.db attest 2.3 registry.example.mil/shop/web:1.4 \
	    --verdict pass --why shown --evidence $f
	odd 2 $f -d ok.db gate -p $f
	odd 2 $f -d ok.db package new.zip --sign $f
	odd 2 $f verify $f
	odd 2 $f verify --replay ok.zip $f
done
for f in fifo folder; do
	odd 1 $f -d $f status
	odd 1 $f -d $f import "$samples/story/web.yaml"
	odd 1 $f -d ok.db merge $f
	odd 1 $f -d ok.db gate --junit $f
done
# a link could lead anywhere: -d takes the file itself
for f in to-fifo dangling zero; do
	odd 1 $f -d $f status
	odd 1 $f -d $f import "$samples/story/web.yaml"
done
for f in fifo missing unreadable; do
	odd 1 $f -d ok.db report -o there --templates $f
done
mkfifo folder/package.xsl
odd 1 folder -d ok.db report -o there --templates folder
for f in fifo unreadable; do
	odd 1 $f -d ok.db report -o $f
done
[ ! -e new.zip ] && [ ! -e filled.xlsx ] || fail "something was made of it"

# A directory with nothing in it to read is no success.
mkdir -p empty/deeper hidden
echo x > hidden/.x
odd 2 empty -d empty.db import empty
odd 2 hidden -d empty.db import hidden

# In a directory that is walked they are passed over, by name.
mkdir walked
mkfifo walked/fifo
ln -s /dev/zero walked/zero
cp "$samples/story/web.yaml" walked/
"$MUSTER" -d walk.db import walked > said 2> err
grep -q '^muster: walked/fifo: skipped: not a regular file' err ||
    fail "the FIFO is not named: $(cat err)"
grep -q '^muster: walked/zero: skipped: not a regular file' err ||
    fail "the link is not named: $(cat err)"
grep -q '^imported walked/web.yaml' said || fail "the file is not imported"

# A bad one does not keep the others out.
rc=0
as_user "$MUSTER" -d many.db import fifo unreadable \
    "$samples/story/web.yaml" > said 2> err || rc=$?
[ $rc = 2 ] || fail "status $rc where one of three is good"
grep -q '^imported .*web.yaml' said || fail "the good one is not imported"
[ $n -gt 100 ] || fail "only $n were tried"
