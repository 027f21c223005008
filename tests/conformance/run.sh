#!/bin/sh
# run.sh MUSTER SHARED [WORK] - compare muster with facts that other people's
# tools found: every script of this folder, summed up.  A script prints a line
# for each thing that differs or is skipped, and at its end
# "N passed, N failed[, N skipped]"; its status is 0 when nothing failed.
set -u
muster=$1
shared=$2
work=${3:-$(mktemp -d)}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"

# STIG Manager's own reader, and the schemas in npm's
# @cyclonedx/cyclonedx-library, where somebody installed them there.
: "${SM_NODE:=$work/validators/node-sm/}"
: "${HDF_NODE:=$work/validators/node-hdf/}"
: "${CDX_NODE:=$work/validators/node-cdx/}"
export SM_NODE HDF_NODE CDX_NODE
passed=0 failed=0 skipped=0
for script in "$here"/*.py; do
	name=$(basename "$script" .py)
	case $name in conform*) continue ;; esac
	echo "== $name"
	TMPDIR=$work python3 "$script" "$muster" "$shared" > "$work/$name.log" 2>&1
	status=$?
	cat "$work/$name.log"
	sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed' \
	    "$work/$name.log" | tail -1)
	if [ -z "$sum" ]; then
		echo "$name: ended with status $status and no sum"
		failed=$((failed + 1))
		continue
	fi
	set -- $sum
	passed=$((passed + $1)) failed=$((failed + ${3%,}))
	skipped=$((skipped + ${5:-0}))
	if [ $status != 0 ] && [ "${3%,}" = 0 ]; then
		echo "$name: status $status though nothing failed"
		failed=$((failed + 1))
	fi
done
echo "== all: $passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
