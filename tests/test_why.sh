#!/bin/sh
# test_why.sh - "why" shows the lines a reason was read from, and no secret.
set -eu
: "${MUSTER:?}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat > "$dir/pod.yaml" <<'YAML'
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: Tr0ub4dor-and-3}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  volumes: [{name: v, hostPath: {path: /run/docker.sock}}]
  containers:
  - name: app
    volumeMounts:
    - {name: v, mountPath: /run/docker.sock}
    env:
    - name: DB_PASSWORD
      value: Tr0ub4dor-and-3
    - {name: API_PASSWORD, value: "Tr0ub4dor-and-3"}
    securityContext: {readOnlyRootFilesystem: false}
    resources: {limits: {cpu: 0}}
YAML
"$MUSTER" -q -d "$dir/m.db" import "$dir/pod.yaml" > "$dir/out"
"$MUSTER" -q -d "$dir/m.db" assess
for r in 3.1 3.5 3.7 3.10; do
	"$MUSTER" -d "$dir/m.db" why $r >> "$dir/out"
done

check() {
	grep -q -- "$1" "$dir/out" || {
		echo "test_why.sh: nothing like \"$1\" in:" >&2
		cat "$dir/out" >&2
		exit 1
	}
}
check '> *14  .*mountPath: /run/docker.sock'
check '  *13  .*volumeMounts'
check '> *19  .*readOnlyRootFilesystem'
check '17  .*value: .*secret:'
check '18  .*API_PASSWORD, value: .*secret:'
if grep -q 'Tr0ub4dor' "$dir/out"; then
	echo "test_why.sh: a secret was printed:" >&2
	grep 'Tr0ub4dor' "$dir/out" >&2
	exit 1
fi
