#!/bin/bash
# build.sh - make samples/story anew: the images, the scanners' reports, the
# OpenSCAP result and the manifests of the demo.
#
#	samples/make/build.sh [WORKDIR]		(as root, on Debian 12)
#
# Needs: umoci skopeo buildah busybox-static libcap2-bin openscap-scanner jq
# python3, and the package mirror that apt already uses.  Dates are fixed, so
# the same package versions give the same layers; the image's config also
# holds a host name that buildah draws, so its digest is new each time, and
# the reports and manifests, which are made from the images, follow.  What is planted, and what muster must say to it, is written in
# samples/README.md.
set -euo pipefail
MAKE=$(cd "$(dirname "$0")" && pwd)
STORY=$MAKE/../story
W=${1:-$(mktemp -d)}
mkdir -p "$W"
W=$(cd "$W" && pwd)
export LC_ALL=C TZ=UTC BUILDAH_ISOLATION=chroot
BASE_EPOCH=1790812800		# 2026-10-01: the base
WEB_EPOCH=1792454400		# 2026-10-20: the image on it
BASE_REF=registry.example.mil/base/debian12:12.15
WEB_REF=registry.example.mil/shop/web:1.4
PORT=${PORT:-18980}

say() { echo "== $*" >&2; }
for c in umoci skopeo buildah busybox setcap oscap jq python3; do
	command -v $c >/dev/null || { echo "build.sh: needs $c" >&2; exit 1; }
done
store() { echo "containers-storage:[vfs@$W/store+$W/run]$1"; }
bld() { buildah --root "$W/store" --runroot "$W/run" --storage-driver vfs "$@"; }
rm -rf "$W"/{debs,www,base,push,ctx,store,run,web,web-fs,rootfs,su}
mkdir -p "$W"/{debs,www,ctx}

say "packages"
cd "$W/debs"
# libexpat1 in the version before its security updates: something to find.
OLD_EXPAT=$(apt-cache madison libexpat1 | awk '{ print $3 }' | sort -V | head -1)
apt-get download -q busybox-static base-files netbase zlib1g libcap2 \
    gcc-12-base gcc patch iputils-ping util-linux "libexpat1=$OLD_EXPAT" >&2
for p in gcc patch iputils-ping libexpat1; do
	mv "$W/debs/${p}_"*.deb "$W/www/$p.deb"
done
for p in libexpat1 patch gcc iputils-ping; do
	dpkg-deb -f "$W/www/$p.deb"
	echo "Filename: $p.deb"
	echo
done > "$W/www/Packages"
mkdir "$W/su"
dpkg-deb -x util-linux_*.deb "$W/su"
rm util-linux_*.deb

say "base: $BASE_REF"
umoci init --layout "$W/base"
umoci new --image "$W/base:12"
umoci unpack --image "$W/base:12" "$W/rootfs"
R=$W/rootfs/rootfs
mkdir -p "$R/var/lib/dpkg/info" "$R/etc/apt/sources.list.d" "$R/tmp" \
    "$R/var/lib/apt/lists" "$R/var/cache/apt/archives" "$R/proc" "$R/dev" \
    "$R/usr/share/keyrings" "$R/root"
for d in "$W"/debs/*.deb; do
	p=$(dpkg-deb -f "$d" Package)
	dpkg-deb -x "$d" "$R"
	dpkg-deb -e "$d" "$W/ctl"
	for f in md5sums conffiles; do
		[ ! -f "$W/ctl/$f" ] || cp "$W/ctl/$f" "$R/var/lib/dpkg/info/$p.$f"
	done
	rm -r "$W/ctl"
	dpkg-deb -c "$d" | awk '{ sub(/^\.\//, "/", $6); sub(/\/$/, "", $6);
		print $6 == "" ? "/." : $6 }' > "$R/var/lib/dpkg/info/$p.list"
	dpkg-deb -f "$d" | sed '/^Package:/a Status: install ok installed'
	echo
done > "$R/var/lib/dpkg/status"
rm -rf "$R"/usr/share/{man,locale,info,lintian}
find "$R/usr/share/doc" -type f ! -name copyright -delete
for a in sh ls cat mkdir wget httpd chmod rm grep sed dpkg adduser addgroup \
    tar gzip gunzip id find touch ln; do
	ln -sf busybox "$R/bin/$a"
done
install -m 755 "$MAKE/web/apt-get" "$R/usr/bin/apt-get"
# Packages' scripts ask for these; nothing here needs what they would do.
for a in update-alternatives dpkg-divert; do
	printf '#!/bin/sh\nexit 0\n' > "$R/usr/bin/$a"
	chmod 755 "$R/usr/bin/$a"
done
cp "$MAKE/web/debian.sources" "$R/etc/apt/sources.list.d/debian.sources"
cp /usr/share/keyrings/debian-archive-keyring.gpg "$R/usr/share/keyrings/"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n' > "$R/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$R/etc/group"
printf 'root:*:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n' > "$R/etc/shadow"
chmod 640 "$R/etc/shadow"
chmod 1777 "$R/tmp"
find "$R" -xdev -exec touch -h -d "@$BASE_EPOCH" {} +
D=$(date -u -d "@$BASE_EPOCH" +%FT%TZ)
umoci repack --image "$W/base:12" --history.created "$D" \
    --history.author "base team" \
    --history.created_by "/bin/sh -c #(nop) ADD file:$(sha256sum < "$R/var/lib/dpkg/status" | cut -c1-64) in / " \
    "$W/rootfs"
umoci config --image "$W/base:12" --created "$D" --history.created "$D" \
    --history.created_by '/bin/sh -c #(nop)  CMD ["sh"]' \
    --config.cmd sh --config.env PATH=/usr/local/bin:/usr/bin:/bin:/sbin \
    --config.label org.opencontainers.image.title=debian12 \
    --config.label org.opencontainers.image.version=12.15 \
    --architecture amd64 --os linux
rm -f "$W/base.tar"
skopeo --insecure-policy copy -q "oci:$W/base:12" "oci-archive:$W/base.tar:$BASE_REF"
BASE_DIGEST=$(skopeo inspect --format '{{.Digest}}' "oci-archive:$W/base.tar:$BASE_REF")

say "image: $WEB_REF"
cp "$MAKE"/web/Containerfile "$MAKE"/web/index.html "$W/ctx/"
cp "$W/su/bin/su" "$W/ctx/su"
dpkg-deb --fsys-tarfile "$W/www/iputils-ping.deb" |
    tar -xO ./bin/ping > "$W/ctx/netping"
chmod 755 "$W/ctx/netping"
setcap cap_net_raw+ep "$W/ctx/netping"
cp "$MAKE/web/agent.sh" "$W/www/agent.sh"
python3 -m http.server -b 127.0.0.1 -d "$W/www" "$PORT" >/dev/null 2>&1 &
WEB=$!
trap 'kill $WEB' EXIT
sleep 1
skopeo --insecure-policy copy -q "oci-archive:$W/base.tar:$BASE_REF" "$(store "$BASE_REF")"
# Layers, not one: what a step leaves behind is part of the story.
bld bud -q --layers --format docker --timestamp $WEB_EPOCH --pull-never \
    --add-host packages.example.mil:127.0.0.1 \
    --label "org.opencontainers.image.base.name=$BASE_REF" \
    --label "org.opencontainers.image.base.digest=$BASE_DIGEST" \
    --build-arg "PORT=$PORT" -t "$WEB_REF" "$W/ctx"
rm -f "$W/web.tar"
skopeo --insecure-policy copy -q "$(store "$WEB_REF")" "docker-archive:$W/web.tar:$WEB_REF"
# What a registry would say to a push: the manifest and its digest.
skopeo --insecure-policy copy -q --dest-compress --format v2s2 \
    "$(store "$WEB_REF")" "dir:$W/push"

say "the effective file system, for the scanners"
skopeo --insecure-policy copy -q "$(store "$WEB_REF")" "oci:$W/web:1.4"
umoci unpack --image "$W/web:1.4" "$W/web-fs"

say "reports"
rm -f "$STORY"/*.{tar,gz,json,xml,yaml}
cp "$W/base.tar" "$STORY/debian12-base.oci.tar"
gzip -9n < "$W/web.tar" > "$STORY/web-1.4.docker.tar.gz"
python3 "$MAKE/reports.py" "$W/push" "$W/web-fs/rootfs" "$WEB_REF" "$STORY"
"$MAKE/oscap.sh" "$W/push" "$W/web-fs/rootfs" "$WEB_REF" "$STORY"
MANIFEST=sha256:$(sha256sum < "$W/push/manifest.json" | cut -c1-64)
for f in "$MAKE"/deploy/*; do
	sed "s|@WEB_DIGEST@|$MANIFEST|" "$f" > "$STORY/${f##*/}"
done
du -sh "$STORY" >&2
ls -l "$STORY" >&2
