#!/bin/sh
# sbom.sh PROGRAM VERSION - what the program is made of, as CycloneDX 1.5 on
# standard output: itself, its source, and each library it is linked with as
# the Debian package that brings it here.  The same program on the same system
# gives the same bytes.  From the top directory.
#
# A row: the library's name (without .so and what follows), its licence.
set -eu
export LC_ALL=C
rows() {
	cat <<'EOF2'
libasan	Apache-2.0 WITH LLVM-exception
libarchive	BSD-2-Clause
libc	LGPL-2.1-or-later
libcrypto	Apache-2.0
libexslt	MIT
libgcc_s	GPL-3.0-or-later WITH GCC-exception-3.1
libhs	BSD-3-Clause
libisal	BSD-3-Clause
libm	LGPL-2.1-or-later
librnp	BSD-2-Clause
libseccomp	LGPL-2.1-only
libsqlite3	blessing
libubsan	Apache-2.0 WITH LLVM-exception
libxlsxwriter	BSD-2-Clause
libxml2	MIT
libxslt	MIT
libyajl	ISC
libyaml-0	MIT
libz	Zlib
libzstd	BSD-3-Clause
EOF2
}
program=$1 version=$2
digest() {
	sha256sum | cut -c1-64
}
# What a purl may not have plainly.
encode() {
	echo "$1" | sed 's/%/%25/g; s/+/%2B/g; s/:/%3A/g'
}
arch=$(dpkg --print-architecture 2> /dev/null || uname -m)
system=$(. /etc/os-release 2> /dev/null && echo "${ID-} ${ID-}-${VERSION_ID-}")
source=$(find Makefile include src templates xccdf -type f |
    grep -v '\.o$' | sort | xargs sha256sum | digest)
self="pkg:generic/muster@$version"

# The library's file, as the loader finds it here.
file_of() {
	ldd "$program" | awk -v l="$1" '$1 == l { print $3 }'
}
# Debian's package of a file, whose path may have moved into /usr.
package_of() {
	for f in "$1" "$(readlink -f "$1")"; do
		for g in "$f" "${f#/usr}" "/usr$f"; do
			dpkg -S "$g" 2> /dev/null | sed 's/[:,].*//' |
			    head -n 1 | grep . && return
		done
	done
	return 0
}
component() {
	lib=$1 name=${1%%.so*} file=$(file_of "$1")
	licence=$(rows | awk -F'\t' -v n="$name" '$1 == n { print $2 }')
	[ -n "$licence" ] || {
		echo "sbom.sh: no licence is known of $lib: add a row" >&2
		return 1
	}
	package=$(package_of "$file")
	if [ -n "$package" ]; then
		found=$(dpkg-query -W -f '${Version}' "$package:$arch" 2> \
		    /dev/null || dpkg-query -W -f '${Version}' "$package")
		ref="pkg:deb/${system%% *}/$package@$(encode "$found")"
		ref="$ref?arch=$arch&distro=${system##* }"
		printf '{"type":"library","bom-ref":"%s","name":"%s",' \
		    "$ref" "$package"
		printf '"version":"%s","purl":"%s",' "$found" "$ref"
	else
		ref=$lib
		printf '{"type":"library","bom-ref":"%s","name":"%s",' \
		    "$ref" "$lib"
	fi
	case $licence in
	*' WITH '*) printf '"licenses":[{"expression":"%s"}],' "$licence" ;;
	*) printf '"licenses":[{"license":{"id":"%s"}}],' "$licence" ;;
	esac
	printf '"properties":[{"name":"muster:library","value":"%s"}]}\n' \
	    "$lib"
}

libs=$(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort)
all=
for lib in $libs; do
	case $lib in
	ld-*) continue ;;	# comes with libc
	esac
	one=$(component "$lib")
	all="$all$one
"
done
# Two libraries may come in one package: that is one component.
all=$(echo "$all" | grep . | sort | awk '
	{
		split($0, part, "\"properties\":\\[")
		own = substr(part[2], 1, length(part[2]) - 2)
		if (part[1] == last)
			libs = libs "," own
		else {
			if (NR > 1) print last "\"properties\":[" libs "]}"
			last = part[1]
			libs = own
		}
	}
	END { print last "\"properties\":[" libs "]}" }')
refs=$(echo "$all" | sed 's/.*"bom-ref":"\([^"]*\)".*/"\1"/' | paste -sd,)
hash=$(digest < "$program")
cat <<EOF2
{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
"metadata":{"component":{"type":"application","bom-ref":"$self",
"name":"muster","version":"$version","purl":"$self",
"licenses":[{"license":{"id":"Apache-2.0"}}],
"hashes":[{"alg":"SHA-256","content":"$hash"}],
"properties":[{"name":"muster:source:sha256","value":"$source"}]}},
"components":[
$(echo "$all" | sed '$!s/$/,/')
],
"dependencies":[{"ref":"$self","dependsOn":[$refs]}]}
EOF2
