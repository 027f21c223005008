#!/bin/sh
# harden.sh COMPILER... - which hardening flags this compiler and its linker
# take, as make variables: HARD for compiling, HARD_LD for linking.  Nothing
# where there is no compiler yet.
#
# A row: for compiling (c), for compiling with optimisation (o) or for linking
# (l); the flag; what it is against.  One that is not taken without a warning
# is left out.
set -u
rows() {
	cat <<'EOF2'
c	-fPIE	code at addresses that are known beforehand
c	-fstack-protector-strong	a return address overwritten from below
c	-fstack-clash-protection	a stack that grows into the heap
c	-fcf-protection	jumps to the middle of functions (x86)
c	-mbranch-protection=standard	the same (arm64)
c	-ftrivial-auto-var-init=zero	what an earlier call left on the stack
c	-Wformat -Wformat-security	an input as a format
c	-fno-delete-null-pointer-checks	a check that is optimised away
c	-fno-strict-overflow	the same, of sums
o	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3	lengths that libc can see are wrong
l	-pie	see -fPIE
l	-Wl,-z,relro	tables of the linker overwritten,
l	-Wl,-z,now	all of them
l	-Wl,-z,noexecstack	code on the stack
EOF2
}

command -v "$1" > /dev/null || exit 0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' \
    > "$tmp/a.c"
"$@" -O2 -c -o "$tmp/a.o" "$tmp/a.c" || exit 1
hard= fort= link=
while IFS='	' read -r where flag why; do
	case $where in
	l) "$@" $flag -o "$tmp/a" "$tmp/a.o" > /dev/null 2>&1 &&
	    link="$link $flag" ;;
	c) "$@" -Werror -O2 $flag -c -o "$tmp/b.o" "$tmp/a.c" \
	    > /dev/null 2>&1 && hard="$hard $flag" ;;
	o) "$@" -Werror -O2 $flag -c -o "$tmp/b.o" "$tmp/a.c" \
	    > /dev/null 2>&1 && fort="$fort $flag" ;;
	esac
done << ROWS
$(rows)
ROWS
echo "HARD_C =$hard"
echo "HARD_O =$fort"
echo "HARD_LD =$link"
