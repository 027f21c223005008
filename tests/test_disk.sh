#!/bin/sh
# test_disk.sh - disks that refuse, databases that are not what they should
# be, outputs that nobody takes: what is told, and what is left.
set -u
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
here=$(cd "$(dirname "$0")/.." && pwd)
story=$here/samples/story
failed=0 passed=0

# Root may write everywhere; here nobody is root.
as=
[ "$(id -u)" != 0 ] || as="setpriv --bounding-set=-dac_override,-dac_read_search
    --inh-caps=-dac_override,-dac_read_search"

fail() {
	echo "test_disk.sh: $*" >&2
	failed=$((failed + 1))
}
# ends STATUS WORDS COMMAND...: that status, and the words in what it says
ends() {
	want=$1 words=$2 status=0
	shift 2
	"$@" > "$dir/out" 2> "$dir/err" || status=$?
	if [ "$status" != "$want" ]; then
		fail "status $status, not $want: $*: $(cat "$dir/err")"
	elif [ -n "$words" ] && ! grep -q -e "$words" "$dir/err"; then
		fail "no \"$words\" said by $*: $(cat "$dir/err")"
	else
		passed=$((passed + 1))
	fi
}
m() {
	d=$1
	shift
	$as "$MUSTER" -d "$dir/$d" "$@"
}

m a.db -q import "$story" > /dev/null && m a.db -q assess ||
    fail "the story is not imported"

# A read-only directory, and a read-only file in it.
mkdir "$dir/ro"
cp "$dir/a.db" "$dir/ro"
m only.db -q import "$story/grype.json" > /dev/null
cp "$dir/only.db" "$dir/ro"
before=$(cd "$dir/ro" && sha256sum *)
chmod 555 "$dir/ro"
for mode in 644 444; do
	chmod $mode "$dir"/ro/*
	for c in verify status "show results" "why 2.3" log gate "waiver list" \
	    "report -o $dir/rep-$mode" "package $dir/p-$mode.zip"; do
		ends 0 "" m ro/a.db $c
	done
	for c in assess "mark CUI" "import $here/samples/grype/small.json"; do
		ends 1 "ro/a.db: .*read-only" m ro/a.db $c
	done
	ends 1 "copy it to a place where it can" m ro/only.db show issues
done
ends 1 "ro/new.db: .*read-only" m ro/new.db import "$story/grype.json"
[ "$before" = "$(cd "$dir/ro" && sha256sum *)" ] ||
    fail "a read-only database was changed"

# Databases of another time, of another program, and broken ones.
python3 - "$dir" "$here" <<'PY'
import shutil, sqlite3, sys
d, here = sys.argv[1:]
def sql(name, *lines):
    c = sqlite3.connect(d + "/" + name, isolation_level=None)
    for l in lines:
        c.executescript(l)
    return c
shutil.copy(d + "/a.db", d + "/newer.db")
sql("newer.db", "PRAGMA user_version = 99").close()
sql("old.db", open(here + "/src/store/001-evidence.sql").read(),
    "PRAGMA application_id = 0x6d757374; PRAGMA user_version = 1;"
    "INSERT INTO chain(id, mine) VALUES('0123456789abcdef', 1)").close()
sql("foreign.db", "CREATE TABLE t(x)").close()
whole = open(d + "/a.db", "rb").read()
open(d + "/half.db", "wb").write(whole[:len(whole) // 2])
open(d + "/stub.db", "wb").write(whole[:700])
open(d + "/garbage.db", "wb").write(whole[:100] + b"\xa5" * 9000)
open(d + "/text.db", "w").write("this is a note, no database\n" * 50)
# a step that was cut short: pages were written, the journal is there
shutil.copy(d + "/a.db", d + "/cut.db")
c = sql("cut.db", "PRAGMA cache_size = 1; BEGIN; CREATE TABLE spill(x);"
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500)"
        " INSERT INTO spill SELECT randomblob(3000) FROM n")
for end in "", "-journal":
    shutil.copy(d + "/cut.db" + end, d + "/hot.db" + end)
c.execute("ROLLBACK")
PY
cp "$dir/old.db" "$dir/old-ro.db"
chmod 444 "$dir/old-ro.db"
ends 1 "newer.db: written by a newer muster" m newer.db status
ends 1 "newer.db: written by a newer muster" m newer.db import "$story"
ends 1 "written by an older muster.*copy it" m old-ro.db status
ends 0 "1 imported" m old.db import "$story/grype.json"
ends 0 "" m old.db verify
ends 1 "foreign.db: this SQLite file belongs to another" m foreign.db status
ends 4 "is damaged .*put a copy back" m half.db verify
ends 1 "is damaged .*put a copy back" m half.db import "$story/grype.json"
for f in stub garbage text; do
	ends 1 "$f.db: .*\(not a muster database\|damaged\)" m $f.db status
done
ends 1 "not a regular file" m ro status
ends 1 "no evidence database here" m none.db status
ends 1 "No such file or directory" m none/none.db import "$story"

# A journal that is left is played back; where it cannot be, that is told.
mkdir "$dir/cut"
cp "$dir"/hot.db* "$dir/cut"
chmod 555 "$dir/cut"
ends 1 "cut short" m cut/hot.db verify
chmod 444 "$dir"/cut/*
ends 1 "cut short" m cut/hot.db verify
ends 0 "" m hot.db verify
[ ! -e "$dir/hot.db-journal" ] || fail "the journal was not played back"
m hot.db show results > "$dir/hot" && m a.db show results > "$dir/whole" &&
    cmp -s "$dir/hot" "$dir/whole" || fail "it plays back something else"

# Files may not grow: nothing half done gets its name.
grows() {
	(ulimit -f 4; m a.db "$@")
}
mkdir "$dir/few"
ends 1 "cannot write\|File too large\|limit" grows report -o "$dir/few"
left=$(find "$dir/few" -type f ! -name '*.part')
[ -z "$left" ] || fail "a report that failed left $left"
ends 1 "cannot write\|File too large\|limit" grows package "$dir/few.zip"
[ ! -e "$dir/few.zip" ] || fail "a package that failed is there"
ends 1 "cannot write\|File too large\|limit" grows report -o "$dir/few" \
    -f poam
ends 0 "" m a.db report -o "$dir/few"
left=$(find "$dir/few" -name '*.part')
[ -z "$left" ] || fail "a report left $left"

# Nobody takes what is said.
for c in status "show results" "show artifacts --csv" "show results --json" \
    verify log "why 2.3" trend req help version gate "report --since 2020-01-01"; do
	ends 1 "cannot write to standard output\|no assessment" sh -c \
	    "\"$MUSTER\" -d \"$dir/a.db\" $c > /dev/full"
done
ends 1 "cannot write to standard output" sh -c \
    "\"$MUSTER\" -d \"$dir/f.db\" import \"$story/grype.json\" > /dev/full"
ends 1 "cannot write to standard output" sh -c \
    "\"$MUSTER\" -d \"$dir/a.db\" status >&-"
ends 0 "" m f.db verify

# No place for what is temporary.
ends 1 "cannot make a temporary file" sh -c "echo {} |
    TMPDIR='$dir/none' '$MUSTER' -d '$dir/a.db' import -"

# Eight at once: each is done, or says that the database is in use.
mkdir "$dir/eight"
i=0
for f in "$story"/*.json "$story"/*.xml "$story"/*.yaml \
    "$here"/samples/grype/small.json "$here"/samples/vat/*.json; do
	[ $i -lt 8 ] || break
	i=$((i + 1))
	(
		m eight.db import "$f" > /dev/null 2> "$dir/eight/$i"
		echo $? >> "$dir/eight/$i"
	) &
done
wait
for f in "$dir"/eight/*; do
	tail -1 "$f" | grep -q '^0$' || grep -q "in use" "$f" ||
	    fail "one of eight: $(cat "$f")"
done
ends 0 "" m eight.db verify
[ "$(m eight.db show artifacts --csv | sed 1d | wc -l)" -gt 0 ] ||
    fail "none of eight is there"

echo "test_disk.sh: $passed passed, $failed failed"
[ $failed = 0 ]
