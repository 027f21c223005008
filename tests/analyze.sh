#!/bin/sh
# analyze.sh -std=c11 CPPFLAGS... - what three analysers say of src/, which is to be
# nothing: gcc's, clang-tidy (.clang-tidy) and cppcheck.  From the top
# directory, with what make generates in place.
#
# What is left out: of gcc's and clang's, that a pointer may be null, since
# they read one file and do not see what others promise; of cppcheck, files
# that version 2.10 takes for broken C.
set -u
bad=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

step() {
	name=$1
	shift
	"$@" > "$out" 2>&1 || bad=1
	if grep -E '(warning|error|style|performance|portability):' "$out" >&2
	then
		echo "analyze: $name has something to say" >&2
		bad=1
	elif [ $bad != 0 ]; then
		cat "$out" >&2
	fi
}
files() {
	ls src/*/*.c src/main.c
}
compiler() {
	files | xargs -P2 -I{} gcc "$@" -O1 -fanalyzer \
	    -Wno-analyzer-null-argument -Wno-analyzer-null-dereference \
	    -c -o /dev/null {}
}
tidy() {
	files | xargs -P2 -I{} clang-tidy --quiet {} -- "$@"
}
check() {
	shift		# -std=c11, which it spells otherwise
	cppcheck -q -j2 --std=c11 --enable=warning,portability,performance \
	    --suppress=internalAstError -D__cppcheck__ "$@" src
}

step "gcc -fanalyzer" compiler "$@"
step cppcheck check "$@"
step clang-tidy tidy "$@"
[ $bad = 0 ] && echo "analyze: nothing to say"
exit $bad
