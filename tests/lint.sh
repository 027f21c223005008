#!/bin/sh
# lint.sh OBJECT... - what a reader may rely on, checked: who includes whom,
# who exports what, that nothing talks to a network, that the manual names
# everything, that data files are well formed.  From the top directory.
set -u
bad=0
complain() {
	echo "$*" >&2
	bad=1
}
try() {
	"$@" >&2 || bad=1
}
# Lines found are faults; the first argument says what is wrong with them.
none() {
	why=$1
	shift
	found=$("$@") && { complain "$why:"; echo "$found" >&2; }
}

try awk -f tests/layers.awk src/*/*.[ch] src/*.c

# foo.c exports foo_*, or what its room is named after; tables are the
# exceptions.
nm -A --defined-only -g "$@" | sed 's/:[^ ]* */ /; s/:/ /' | awk '
	{
		n = split($1, p, "/"); f = p[n]; sub(/\.o$/, "", f)
		room = p[n - 1]
		name = $NF
	}
	name == f || name ~ "^" f "_" || name ~ "^" room "_" { next }
	name ~ "^(cmd|importer)_" f "$" { next }
	room == "store" && name ~ /^(store|evidence|journal|query|kept)_/ { next }
	f == "main" && name ~ /^command_/ { next }
	f == "mem_libs" && name ~ /^(m|c|re)alloc$/ { next }
	f == "sink" && name ~ /^severity_/ { next }
	f == "reader" && name ~ /^fail_/ { next }
	{ print $1 ": exports " name; bad = 1 }
	END { exit bad }' >&2 || bad=1

none "a network call" grep -rnE \
    '\<(socket|connect|getaddrinfo|gethostby[a-z]*|curl_[a-z_]*|xmlNanoHTTP[A-Za-z]*|xmlNanoFTP[A-Za-z]*) *\(' \
    src include
none "an object that calls the network" sh -c '
	nm -A -u "$@" | grep -Ew "socket|connect|getaddrinfo|gethostbyname"' sh "$@"
none "something put off" grep -rnE '\<([T]ODO|[F]IXME)\>|\<[X]XX[: ]' \
    Makefile README.md CONTRIBUTING.md .ci src include tests templates xccdf \
    man packaging samples/make
none "a file over 600 lines" sh -c '
	wc -l src/*/*.[ch] src/*.c | awk "\$2 != \"total\" && \$1 > 600" | grep .'

# Stylesheets: // and joins without a key cost a hundredfold.
none "// in a stylesheet" grep -nE \
    '(select|match|test|use|value)="([^":]*[^":])?//' templates/*.xsl
for f in templates/*.xsl templates/*.rng xccdf/*.xml samples/make/*/*.xml; do
	[ ! -f "$f" ] || try xmllint --nonet --noout "$f"
done
# oscap's Schematron calls what is advice an error in a few places; the
# schema is the test here.
for f in xccdf/*.xml; do
	oscap xccdf validate --skip-schematron "$f" >&2 ||
	    complain "$f: not valid XCCDF"
done

# The manual.
try mandoc -Tlint -Wwarning man/*.1
text=$(mandoc -Tutf8 man/muster.1 | col -b)
named() {
	echo "$text" | grep -qw -e "$2" || complain "man/muster.1: no $1 $2"
}
for c in $(sed -n 's/^COMMAND(\([a-z]*\).*/\1/p' src/cmd/commands.def); do
	grep -q "^\.Ss $c$\|^\.It Cm $c\b" man/muster.1 ||
	    complain "man/muster.1: no section for $c"
done
for f in $(sed -n 's/^	\.name = "\([a-z0-9-]*\)".*/\1/p' src/import/*.c)
do
	named importer "$f"
done
for f in $(sed -n 's/^[A-Z]*("\([a-z0-9]*\)".*/\1/p' src/render/outputs.def)
do
	named output "$f"
done

# name, TAB, what it bounds, as the manual and "muster help caps" say it
caps() {
	printf '%s\n#include "include/muster/cap.def"\n' \
	    '#define CAP(i, name, u, l, m, unit, s, about) name unit about' |
	    cc -E -P - | sed -n 's/^"\([^"]*\)" "\([^"]*\)" "\(.*\)"$/\1	\2: \3/p' |
	    sed 's/	\(bytes\|s\): /	/'
}
[ "$(caps)" = "$(sed -n '/^\.\\" CAPS:/,/^\.El/p' man/muster.1 |
    sed -n '/^\.It Cm /{N; s/^\.It Cm \(.*\)\n/\1	/p;}')" ] ||
    complain "man/muster.1: CAPS are not those of cap.def: $(
	caps | awk -F '	' '{ print ".It Cm " $1; print $2 }')"

for f in packaging/*.sh tests/*.sh tests/*/*.sh; do
	[ ! -f "$f" ] || try sh -n "$f"
done
for f in samples/make/*.sh .ci/run packaging/completion/*; do
	[ ! -f "$f" ] || try bash -n "$f"
done
[ $bad = 0 ] && echo "lint: nothing to say"
exit $bad
