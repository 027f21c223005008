#!/bin/sh
# bench.sh MUSTER SHARED [WORK] - the figures muster must reach, each as a
# pair: muster and a yardstick run in turn on the same input, and the median
# of the ratios of their CPU times counts.  PAIRS=5 rounds; LARGE=DIR adds
# the big image, an OCI layout (SHARED/images/build/40_large.sh makes it);
# SAF=COMMAND is MITRE's converter, REAL=FILE a real result of oscap's.
set -eu
work=${3:-$(mktemp -d)}
mkdir -p "$work"
for kind in grype:1000:json grype:10000:json grype:100000:json \
    grype:150000:json grype:400:json xccdf:3000:xml ckl:3000:ckl \
    twistcli:100000:json cyclonedx:100000:json; do
	n=${kind#*:}
	f=$work/${kind%%:*}-${n%:*}.${kind##*:}
	[ -s "$f" ] || python3 "$2/perf/gen.py" "${kind%%:*}" "${n%:*}" "$f" >&2
done
f=$work/anchore-100000.json
[ -s "$f" ] || python3 "$2/perf/genscan.py" anchore -n 100000 -o "$f" >&2
status=0
for half in pairs outputs; do
	python3 "$(dirname "$0")/$half.py" "$1" "$work" || status=1
done
exit $status
