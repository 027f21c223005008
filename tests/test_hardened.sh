#!/bin/sh
# test_hardened.sh - the program that was built has what its build asked for:
# HARD has the compiler's flags, as the Makefile found them; those of the
# linker are there on every Debian.
set -eu
: "${MUSTER:?}"
fail() {
	echo "test_hardened.sh: $1" >&2
	exit 1
}
# A part of the file that readelf shows, and what must stand there.
shows() {
	readelf -W "$1" "$MUSTER" 2> /dev/null | grep -Eq "$2" || fail "$3"
}
# The same where a flag was used.
asked() {
	case " ${HARD-} " in
	*" $1 "*) shows "$2" "$3" "$4" ;;
	esac
}
shows -h 'Type: +DYN' "not position independent"
shows -l GNU_RELRO "no RELRO"
shows -d 'FLAGS.*NOW|BIND_NOW' "symbols are looked up later"
shows -l 'GNU_STACK.* RW +0x' "a stack that runs"
readelf -W -l "$MUSTER" | grep -E '^ +LOAD.* RWE ' &&
    fail "memory that is written and run"
readelf -W -d "$MUSTER" | grep -E 'RPATH|RUNPATH|TEXTREL' &&
    fail "libraries from elsewhere, or text that is written"
asked -fstack-protector-strong --dyn-syms __stack_chk_fail \
    "no stack protector"
asked -D_FORTIFY_SOURCE=3 --dyn-syms '__(memcpy|snprintf|vsnprintf)_chk' \
    "not fortified"
# The linker's own mark (IBT) needs a C library that was built so.
case " ${HARD-} " in
*" -fcf-protection "* | *" -mbranch-protection=standard "*)
	objdump -d --disassemble=main "$MUSTER" |
	    grep -Eq 'endbr64|bti|paciasp' ||
	    fail "no marks where jumps may land" ;;
esac
