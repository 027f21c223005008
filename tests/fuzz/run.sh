#!/bin/sh
# run.sh BUILD MUSTER SECONDS [TARGET [SHARED]] - every fuzz target in turn,
# each an equal share of the seconds; how often it ran, what it reached, what
# it found.  Status 1: something was found.
#
# BUILD/corpus is kept from run to run, BUILD/finds has what was found, and
# BUILD/total.tsv a line a target and run: name, executions, coverage, finds.
set -u
build=$1 muster=$2 seconds=$3 only=${4:-} shared=${5:-}
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
mkdir -p "$build/finds" "$build/corpus"
rm -rf "$build/seeds"
python3 tests/fuzz/seeds.py "$build/fuzz" "$muster" "$build/seeds" \
    ${shared:+"$shared"} || exit 1

targets=$(FUZZ=list "$build/fuzz")
[ -z "$only" ] || targets=$(echo "$targets" | awk -v n="$only" '$1 == n')
[ -n "$targets" ] || { echo "no target is called $only" >&2; exit 1; }
share=$((seconds / $(echo "$targets" | wc -l)))
[ $share -gt 0 ] || share=1

stat() {
	sed -n "s/^stat::$1: *//p" "$build/log"
}
finds=0 all=0
printf '%-20s %12s %9s %8s %s\n' target executions 'a second' coverage finds
while read -r name most; do
	mkdir -p "$build/corpus/$name" "$build/seeds/$name"
	dict=
	[ ! -s "$build/seeds/$name.dict" ] ||
	    dict=-dict=$build/seeds/$name.dict
	before=$(ls "$build/finds" | wc -l)
	FUZZ=$name "$build/fuzz" -max_total_time=$share -max_len="$most" \
	    -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	    -artifact_prefix="$build/finds/$name-" $dict \
	    "$build/corpus/$name" "$build/seeds/$name" > "$build/log" 2>&1
	rc=$?
	found=$(($(ls "$build/finds" | wc -l) - before))
	runs=$(stat number_of_executed_units)
	cov=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$build/log" | tail -n 1)
	printf '%-20s %12s %9s %8s %s\n' "$name" "${runs:=0}" \
	    "$(stat average_exec_per_sec)" "${cov:=0}" "$found"
	printf '%s\t%s\t%s\t%s\n' "$name" "$runs" "$cov" "$found" \
	    >> "$build/total.tsv"
	all=$((all + runs)) finds=$((finds + found))
	# it has to have run, and to have ended well
	if [ $rc != 0 ] || [ "$runs" = 0 ] || [ $found != 0 ]; then
		[ $found != 0 ] || finds=$((finds + 1))
		cp "$build/log" "$build/finds/$name.txt"
		tail -n 40 "$build/log" >&2
		echo "$name: see $build/finds" >&2
	fi
done << LIST
$targets
LIST
printf '%-20s %12s %9s %8s %s\n' all "$all" '' '' $finds
[ $finds = 0 ]
