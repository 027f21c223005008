#!/bin/sh
# test_trust.sh - signatures are judged by the program itself, confined as it
# is: what a library opens when it is first needed must still be there.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
samples=$(cd "$(dirname "$0")/../samples/cosign" && pwd)

fail() {
	echo "test_trust.sh: $1" >&2
	exit 1
}
# judged NAME WORD KEY FILE: so the program judges FILE by KEY
judged() {
	"$MUSTER" -q -d "$dir/$1.db" trust add "$3" --for '*' > "$dir/said" \
	    2> "$dir/err" || fail "$1: $(cat "$dir/err")"
	"$MUSTER" -q -d "$dir/$1.db" import "$4" > "$dir/said" 2> "$dir/err" ||
	    fail "$1: $(cat "$dir/err")"
	"$MUSTER" --as-of 2026-11-01 -d "$dir/$1.db" trust check \
	    > "$dir/said" 2> "$dir/err" || fail "$1: $(cat "$dir/err")"
	grep -q "^$2 " "$dir/said" || fail "$1: not $2: $(cat "$dir/said")"
}

if "$MUSTER" -d "$dir/none.db" doctor > "$dir/doctor" && grep -q "librnp .*[0-9]" "$dir/doctor"
then
	judged gpg valid "$samples/gpg-signer.asc" "$samples/gpg.signature"
	judged gpg-other invalid "$samples/gpg-other.gpg" \
	    "$samples/gpg.signature"
fi
judged dsse valid "$samples/signer.pub" "$samples/provenance.dsse.json"
echo "test_trust.sh: ok"
