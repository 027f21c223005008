#!/bin/sh
# test_doctor.sh - the doctor says what is in force by trying it, and what is
# wrong with a database without touching it.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

fail() {
	echo "test_doctor.sh: $1" >&2
	exit 1
}
doctor() {
	rc=0
	TMPDIR=$dir "$MUSTER" -d "$dir/$1" doctor > "$dir/said" \
	    2> "$dir/err" || rc=$?
}
line() {
	grep -qE "$1" "$dir/said" || fail "$2: $(cat "$dir/said" "$dir/err")"
}

# A machine may lack something: then the doctor says so, and so does import.
doctor none.db
faults=$(grep -c '^fault' "$dir/said") || :
[ "$rc" = "$((faults > 0))" ] || fail "status $rc with $faults faults"
if [ "$faults" = 0 ]; then
	for who in reader keeper; do
		line "^ok +$who: reach a network +refused: the process is end" \
		    "$who: network"
		line "^ok +$who: start a program +refused" "$who: program"
		line "^ok +$who: open a file nobody named +refused" "$who: open"
		line "^ok +$who: write elsewhere +refused" "$who: write"
	done
	line '^ok +keeper: write where it may +allowed' "it is no jail"
else
	line '^fault +(seccomp|Landlock|sanitizer) ' "an unexpected fault"
fi
line '^note +database +there is none' "no database"
line '^note +benchmark built in +sha256 [0-9a-f]{64}$' "the benchmark"
line '^ok +SQLite.s synchronous +3$' "synchronous"
for lib in libxml2 SQLite libcrypto libarchive libxslt; do
	line "^note +$lib +.*[0-9]" "the version of $lib"
done
[ ! -e "$dir/none.db" ] || fail "it made a database"
[ -z "$(find "$dir" -name 'muster.*')" ] || fail "its trial lies about"

TMPDIR=$dir "$MUSTER" -d "$dir/m.db" import "$story" > "$dir/head" \
    2> "$dir/err"
if grep -qE '^fault +(seccomp|Landlock) ' "$dir/said"; then
	grep -q 'not confined as it should be' "$dir/err" ||
	    fail "import does not say what the doctor says"
else
	grep -q confined "$dir/err" && fail "import: $(cat "$dir/err")"
fi

# A database: its head is the one import printed.
before=$(sha256sum < "$dir/m.db")
doctor m.db
line "^note +head +$(sed -n 's/^head //p' "$dir/head")$" "the head"
line '^ok +pages +whole' "its pages"
"$MUSTER" -d "$dir/m.db" doctor --json > "$dir/json" || :
grep -q '^{"check":"head","state":"note","text":"' "$dir/json" ||
    fail "no JSON: $(cat "$dir/json")"

# What is wrong with one, and that it is left as it is.
broken() {
	doctor "$1"
	[ "$rc" = 1 ] || fail "$1: status $rc"
	line "^fault +$2" "$1"
	"$MUSTER" -d "$dir/$1" doctor -q > "$dir/quiet" 2>&1 || :
	grep -qE "^fault +$2" "$dir/quiet" && ! grep -q '^ok' "$dir/quiet" ||
	    fail "$1: -q: $(cat "$dir/quiet")"
}
echo 'no database' > "$dir/text.db"
broken text.db 'database +.*text.db is none of muster'
cp "$dir/m.db" "$dir/new.db"
printf '\000\000\000\143' |
    dd of="$dir/new.db" bs=1 seek=60 conv=notrunc 2> "$dir/err"
broken new.db 'database +.*schema 99 of'
cp "$dir/m.db" "$dir/bad.db"
head -c 4096 /dev/zero | tr '\0' x |
    dd of="$dir/bad.db" bs=4096 seek=4 conv=notrunc 2> "$dir/err"
broken bad.db '(pages|database) '
cp "$dir/m.db" "$dir/late.db"
: > "$dir/late.db-journal"
doctor late.db
line '^note +journal file +a write is going on, or was killed' "a journal"
[ -e "$dir/late.db-journal" ] || fail "the doctor touched the journal"
[ "$before" = "$(sha256sum < "$dir/m.db")" ] || fail "the doctor wrote"
