#!/bin/sh
# test_place.sh - what the user says of a file when importing it is kept, in
# the journal, and decides from then on; also of a file imported before.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
story=$(dirname "$0")/../samples/story

m() {
	"$MUSTER" -d "$dir/m.db" "$@" 2>> "$dir/err"
}
fail() {
	echo "test_place.sh: $1" >&2
	exit 1
}
pids() {
	m -q assess > "$dir/out"
	m show results --json | grep '"requirement":"3.3"' |
	    grep '"subject_kind":"workload"' | grep -q "\"verdict\":\"$1\"" ||
	    fail "3.3 is not $1 $2"
}
kubelet() {
	printf 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: %s\n%s\n' \
	    KubeletConfiguration "podPidsLimit: $2" > "$dir/$1.yaml"
}

printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {%s}\n' \
    'containers: [{name: c, image: x}]' > "$dir/pod.yaml"
kubelet good 100
kubelet bad -1
m -q import "$dir/pod.yaml" > "$dir/out"
m -q import --platform core "$dir/good.yaml" >> "$dir/out"
m -q import --platform edge "$dir/bad.yaml" >> "$dir/out"
pids fail "while nothing is said of the pod"
m -q import --on core "$dir/pod.yaml" > "$dir/out"
grep -q '^duplicate' "$dir/out" || fail "the pod was imported twice"
pids pass "on the platform with a limit"
m -q import --on= "$dir/pod.yaml" > "$dir/out"
pids fail "after the word was taken back"

m -q import "$story/web-1.4.docker.tar.gz" > "$dir/out"
m -q import "$story/openscap-xccdf.xml" > "$dir/out"
: > "$dir/err"
m import --subject no/such:1 "$story/openscap-xccdf.xml" > "$dir/out"
grep -q 'names no image in evidence' "$dir/err" || fail "no warning"
image=$(m show subjects --json |
    sed -n 's/.*"subject":"\(sha256:[0-9a-f]*\)".*"subject_kind":"image".*/\1/p' |
    head -n 1)
[ -n "$image" ] || fail "no image"
m -q import --subject "$image" "$story/openscap-xccdf.xml" > "$dir/out"
m show artifacts | grep openscap-xccdf | grep -q "$image" ||
    fail "the report was not placed"
n=$(m log | grep -c 'place\.')
m -q import --subject "$image" "$story/openscap-xccdf.xml" > "$dir/out"
[ "$(m log | grep -c 'place\.')" = "$n" ] || fail "the same word twice"

# A Dockerfile names no image: a gap, until somebody says which.
docker=$(dirname "$0")/../samples/dockerfile/app.Dockerfile
m -q import "$docker" > "$dir/out"
m show gaps | grep -q 'does not say which image it built' || fail "no gap"
m -q import --subject "$image" "$docker" > "$dir/out"
if m show gaps | grep -q 'does not say which image it built'; then
	fail "a gap though it was placed"
fi
m verify > "$dir/out" || fail "verify"
