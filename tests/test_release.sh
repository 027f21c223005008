#!/bin/sh
# test_release.sh - the release artifacts of the guide's section 4.3.5 in a
# package: each is present where there is evidence of it, and missing before.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
samples=$(cd "$(dirname "$0")/../samples" && pwd)

m() {
	"$MUSTER" -q -d "$dir/m.db" --as-of 2026-11-01 "$@"
}
fail() {
	echo "test_release.sh: $1" >&2
	exit 1
}
# says ITEM [PATTERN] - the package's word on it, in both places: missing
# without a pattern
says() {
	tar xzf "$dir/p.tgz" -C "$dir" README.txt release.jsonl
	if [ $# -eq 1 ]; then
		grep -q "^    MISSING  $1\$" "$dir/README.txt" &&
		    grep -q "\"item\":\"$1\",\"present\":false,\"where\":null}" \
		    "$dir/release.jsonl" || fail "$1 should be missing"
	else
		grep -q "^    present  $1: $2" "$dir/README.txt" &&
		    grep -q "\"item\":\"$1\",\"present\":true,\"where\":\"$2" \
		    "$dir/release.jsonl" || fail "$1 should be there: $2"
	fi
}
package() {
	m assess > "$dir/out"
	m package --force -f csv "$dir/p.tgz"
}
# image FILE... - docker save's archive of an image with these files
image() {
	mkdir -p "$dir/root/opt/app" "$dir/save"
	for f; do
		echo text > "$dir/root/$f"
	done
	tar cf "$dir/save/l.tar" -C "$dir/root" .
	sum=$(sha256sum < "$dir/save/l.tar" | cut -d' ' -f1)
	printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{%s}}' \
	    "\"type\":\"layers\",\"diff_ids\":[\"sha256:$sum\"]" \
	    > "$dir/save/c.json"
	printf '[{"Config":"c.json","Layers":["l.tar"],"RepoTags":["%s"]}]' \
	    registry.example.mil/shop/app:1 > "$dir/save/manifest.json"
	tar cf "$dir/image.tar" -C "$dir/save" manifest.json c.json l.tar
	digest=$(sha256sum < "$dir/save/c.json" | cut -d' ' -f1)
}

image etc.conf
m import "$dir/image.tar" > "$dir/out"
package
says 'image checksum' "config sha256:$digest"
for item in README licences signature 'vulnerability scan reports' \
    'compliance scan reports' 'whitelist of approved findings' \
    'hardening manifest'; do
	says "$item"
done

rm "$dir/m.db"
image README.md opt/app/LICENSE.txt
printf '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"%s",%s' \
    registry.example.mil/shop/app "\"digest\":{\"sha256\":\"$digest\"}}]," \
    > "$dir/statement"
printf '"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}' \
    >> "$dir/statement"
printf '{"payloadType":"application/vnd.in-toto+json","payload":"%s",%s}' \
    "$(base64 -w0 < "$dir/statement")" \
    '"signatures":[{"keyid":"","sig":"MEQ="}]' > "$dir/signature.json"
printf '{"source":{"type":"image","target":{"userInput":"%s","imageID":"%s"}}' \
    registry.example.mil/shop/app:1 "sha256:$digest" > "$dir/scan.json"
printf ',"descriptor":{"name":"grype","version":"0.80.0"},"matches":[{%s,%s}]}' \
    '"vulnerability":{"id":"CVE-2026-7","severity":"High"}' \
    '"artifact":{"name":"libx","version":"1","type":"deb"}' >> "$dir/scan.json"
cat > "$dir/hardening_manifest.yaml" <<'EOF'
apiVersion: v1
name: shop/app
tags: ["1"]
args: {BASE_IMAGE: base/debian12, BASE_TAG: "12.15"}
labels: {org.opencontainers.image.title: app}
maintainers: [{name: A, username: a, email: a@example.mil}]
EOF
m import "$dir/image.tar" "$dir/scan.json" "$dir/signature.json" \
    > "$dir/out"
m import --subject registry.example.mil/shop/app:1 \
    "$samples/xccdf/xccdf11.xml" "$dir/hardening_manifest.yaml" > "$dir/out"
m assess > "$dir/out"
MUSTER_USER=ann m waiver propose --finding CVE-2026-7 --all --why "no use" \
    --until P90D > "$dir/out"
id=$(m waiver list --json | sed -n '1s/^{"id":"\([^"]*\)".*/\1/p')
MUSTER_USER=ben m waiver approve "$id" --until P90D
package
says README 'in the image: /README.md'
says licences 'in the image: /opt/app/LICENSE.txt'
says 'image checksum' "config sha256:$digest"
says signature '1 in evidence'
says 'vulnerability scan reports' 'scan.json (grype)'
says 'compliance scan reports' 'xccdf11.xml'
says 'whitelist of approved findings' '1 findings covered by decisions in force'
says 'hardening manifest' 'hardening_manifest.yaml'
grep -q '"tool":"muster","version":"' "$dir/p.tgz" || tar xzOf "$dir/p.tgz" \
    manifest.json | tr -d '\n' | grep -q '"tool":"muster","version":"' ||
    fail "the manifest does not say what wrote it"
tar xzOf "$dir/p.tgz" artifacts.jsonl | grep -q '"tool":"grype","tool_version":"0.80.0"' ||
    fail "the version of a scanner is not in the package"
