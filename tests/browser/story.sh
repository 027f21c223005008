#!/bin/sh
# story.sh MUSTER DATABASE REPORT - the samples' story over three months, with
# decisions of people; what the pages are looked at with.
set -eu
muster=$1 db=$2 report=$3
here=$(cd "$(dirname "$0")/../.." && pwd)
story=$here/samples/story
m() {
	"$muster" -q -d "$db" "$@" > /dev/null
}
m import "$story/web-1.4.docker.tar.gz" "$story/grype.json" "$story/web.yaml"
m assess --as-of 2026-09-01
m import "$story/debian12-base.oci.tar" "$story/kubelet.yaml" \
    "$story/twistcli.json" "$story/openscap-xccdf.xml"
m assess --as-of 2026-10-10
propose() {
	"$muster" -q -d "$db" waiver propose --as-of 2026-10-10 --by "$@" |
	    grep -oE '[0-9a-f]{8}-[0-9a-f-]{27}' | head -1
}
one=$(propose "R. Diaz" --kind waiver --requirement 2.5 \
    --image shop/web:1.4 --until 2026-11-20 \
    --why "The load balancer of the enclave speaks to port 80" \
    --risk "Low: the port is not routed outside the enclave" \
    --plan "Release 1.5 listens on 8080 only")
two=$(propose "R. Diaz" --kind poam --requirement 2.12 \
    --image shop/web:1.4 --until 2027-01-15 \
    --why "A plug-in is still compiled on the image" \
    --risk "Low: nobody logs in to the container" --owner "Shop team" \
    --plan "Move the compiler to the build stage in release 1.5")
m waiver approve "$one" --as-of 2026-10-12 --by "Col. M. Sato"
m waiver approve "$two" --as-of 2026-10-12 --by "Col. M. Sato"
shift 3
m import "$story" "$@"
m assess --as-of 2026-11-01
"$muster" -q -d "$db" report -o "$report" -f html \
    ${MARKING:+--marking "$MARKING"}
