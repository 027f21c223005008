#!/bin/sh
# reproducible.sh - two builds of the same source give the same program: in
# other directories, with another umask, locale, time zone, number of jobs and
# at another time.  "make reproducible" runs it.
set -eu
: "${MAKE:=make}"
top=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
a=$dir/a b=$dir/another/and/much/longer/place
for d in "$a" "$b"; do
	mkdir -p "$d"
	(cd "$top" && tar cf - Makefile src include templates xccdf packaging) |
	    (cd "$d" && tar xf -)
done
unset MAKEFLAGS MAKELEVEL SOURCE_DATE_EPOCH || :
(cd "$a" && umask 022 && LC_ALL=C TZ=UTC "$MAKE" -s -j2 all sbom) > \
    "$dir/log" 2>&1 || { tail "$dir/log" >&2; exit 1; }
(cd "$b" && umask 077 && LC_ALL=C.UTF-8 TZ=Asia/Tokyo \
    SOURCE_DATE_EPOCH=86400 HOME=/nowhere "$MAKE" -s -j3 all sbom) > \
    "$dir/log" 2>&1 || { tail "$dir/log" >&2; exit 1; }
rc=0
for f in muster libmuster.a muster.cdx.json; do
	cmp "$a/build/$f" "$b/build/$f" || {
		echo "reproducible.sh: $f is another the second time" >&2
		rc=1
	}
done
! grep -qF "$dir" "$a/build/muster" || {
	echo "reproducible.sh: the program names where it was built" >&2
	rc=1
}
[ $rc = 0 ] && sha256sum < "$a/build/muster" | sed 's/  -/  muster/'
exit $rc
