#!/bin/sh
# deps.sh PURPOSE... - what must be installed for build, test, lint, asan,
# fuzz, samples or bench; on Debian and its kin it is installed with apt-get,
# elsewhere it is named and the script fails.
#
# A row: purpose, how to see that it is there (a pkg-config module, a
# program after a "!", or a module of Python after a ":"), Debian's package,
# what muster needs it for.
set -u
rows() {
	cat <<'EOF'
build	!cc	gcc	compiles muster
build	!pkg-config	pkg-config	finds the libraries
build	libxml-2.0	libxml2-dev	reads and writes XML
build	libxslt	libxslt1-dev	turns evidence into reports
build	libexslt	libxslt1-dev	dates and strings in stylesheets
build	sqlite3	libsqlite3-dev	the evidence database
build	libarchive	libarchive-dev	reads archives
build	yaml-0.1	libyaml-dev	reads YAML
build	libzstd	libzstd-dev	zstd layers, and kept reports
build	libcrypto	libssl-dev	SHA-256, keys, signatures
build	zlib	zlib1g-dev	gzip
build	xlsxwriter	libxlsxwriter-dev	writes spreadsheets
build	libisal	libisal-dev	gzip, twice as fast
build	librnp	librnp-dev	OpenPGP signatures of images
build	libseccomp	libseccomp-dev	confines who reads a file
test	cmocka	libcmocka-dev	the unit tests
lint	!mandoc	mandoc	checks the manual page
lint	!xmllint	libxml2-utils	checks stylesheets and the benchmark
lint	!nm	binutils	sees who exports what
lint	!oscap	openscap-scanner	validates the benchmark
analyze	!clang-tidy	clang-tidy	reads the code for faults
analyze	!cppcheck	cppcheck	reads the code for faults
fuzz	!clang	clang	has the fuzzer
fuzz	!python3	python3	makes what the fuzzer starts from
cfi	!clang	clang	has control flow integrity
cfi	!ld.lld	lld	links it
cfi	!llvm-ar	llvm	puts its objects into a library
conformance	!python3	python3	runs the comparisons
conformance	!jq	jq	reads expected results
conformance	:openpyxl	python3-openpyxl	reads spreadsheets back
conformance	!oscap	openscap-scanner	validates XCCDF and ARF
conformance	!xmllint	libxml2-utils	validates CKL
conformance	!npm	npm	fetches other tools' own readers
conformance	!chromium	chromium	looks at the pages
conformance	!pdftotext	poppler-utils	reads what was printed
bench	!python3	python3	measures
bench	!json_verify	yajl-tools	is measured against
bench	!openssl	openssl	is measured against
bench	!xmllint	libxml2-utils	is measured against
bench	!oscap	openscap-scanner	is measured against
samples	!umoci	umoci	makes images
samples	!skopeo	skopeo	makes images
samples	!buildah	buildah	makes images
samples	!busybox	busybox-static	is in the images
samples	!setcap	libcap2-bin	makes images
samples	!oscap	openscap-scanner	makes the OpenSCAP result
samples	!jq	jq	reads digests
EOF
	# Made for this processor only; muster does without it elsewhere.
	case $(uname -m) in
	x86_64) echo 'build	libhs	libhyperscan-dev	finds credentials faster' ;;
	esac
}

there() {
	case $1 in
	!*) command -v "${1#!}" >/dev/null 2>&1 ;;
	:*) /usr/bin/python3 -c "import ${1#:}" >/dev/null 2>&1 ;;
	*) pkg-config --exists "$1" 2>/dev/null ;;
	esac
}

missing() {
	rows | while IFS='	' read -r purpose what package why; do
		case " $* " in
		*" $purpose "*) there "$what" || echo "$package	$why" ;;
		esac
	done | sort -u
}

list=$(missing "$@")
[ -n "$list" ] || exit 0
packages=$(echo "$list" | cut -f1 | sort -u | tr '\n' ' ')
echo "muster needs these Debian packages, which are not installed:" >&2
echo "$list" | sed 's/^\([^	]*\)	/  \1: /' >&2
if ! command -v apt-get >/dev/null || ! [ -f /etc/debian_version ]; then
	echo "Install what your system calls them, then run make again." >&2
	exit 1
fi
if [ "$(id -u)" = 0 ]; then
	as=
elif command -v sudo >/dev/null; then
	as=sudo
else
	echo "As root:  apt-get install $packages" >&2
	exit 1
fi
echo "Installing them with apt-get." >&2
$as apt-get update -qq >&2 &&
$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $packages >&2 || exit 1
list=$(missing "$@")
[ -z "$list" ] && exit 0
echo "still missing:" $list >&2
exit 1
