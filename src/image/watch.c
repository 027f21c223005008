/*
 * watch.c - the files of an image that somebody reads, in one table: a
 * pattern, the most bytes that are kept of it, and who reads it.
 *
 * Patterns are matched against names without the leading slash; '*' stands
 * for anything, slashes too.
 */
#include <string.h>

#include "image_priv.h"
#include "muster/sink.h"
#include "muster/str.h"

#define KB	1024
#define MB	(1024 * 1024)

static const struct watch {
	const char	*pattern;
	size_t		 most;
	int (*read)(struct emit *e, const struct seen *f, struct err *err);
} table[] = {
	{ "etc/passwd", MB, observe_passwd },
	{ "etc/group", MB, observe_group },
	{ "etc/os-release", 64 * KB, observe_release },
	{ "usr/lib/os-release", 64 * KB, observe_release },
	/* package databases */
	{ "var/lib/dpkg/status", 64 * MB, dpkg_read },
	{ "var/lib/dpkg/status.d/*", 8 * MB, dpkg_read },
	{ "var/lib/dpkg/diversions", MB, dpkg_diversions },
	{ "var/lib/dpkg/info/*.md5sums", 8 * MB, dpkg_sums },
	{ "var/lib/dpkg/info/*.list", 8 * MB, dpkg_list },
	{ "lib/apk/db/installed", 64 * MB, apk_read },
	{ "usr/lib/apk/db/installed", 64 * MB, apk_read },
	{ "var/lib/rpm/rpmdb.sqlite", 96 * MB, rpm_read },
	{ "usr/lib/sysimage/rpm/rpmdb.sqlite", 96 * MB, rpm_read },
	{ "var/lib/rpm/Packages", 96 * MB, rpm_read },
	{ "var/lib/rpm/Packages.db", 96 * MB, rpm_read },
	{ "usr/lib/sysimage/rpm/Packages", 96 * MB, rpm_read },
	{ "usr/lib/sysimage/rpm/Packages.db", 96 * MB, rpm_read },
	/* where packages come from, and whether that is verified */
	{ "etc/apt/sources.list", 256 * KB, verify_apt_list },
	{ "etc/apt/sources.list.d/*.list", 256 * KB, verify_apt_list },
	{ "etc/apt/sources.list.d/*.sources", 256 * KB, verify_deb822 },
	{ "etc/apt/apt.conf", 256 * KB, verify_apt_conf },
	{ "etc/apt/apt.conf.d/*", 256 * KB, verify_apt_conf },
	{ "etc/yum.conf", 256 * KB, verify_repo },
	{ "etc/dnf/dnf.conf", 256 * KB, verify_repo },
	{ "etc/yum.repos.d/*.repo", 256 * KB, verify_repo },
	{ "etc/zypp/zypp.conf", 256 * KB, verify_repo },
	{ "etc/zypp/repos.d/*.repo", 256 * KB, verify_repo },
	{ "etc/pip.conf", 64 * KB, verify_pip },
	{ "*/.pip/pip.conf", 64 * KB, verify_pip },
	{ "*/pip/pip.conf", 64 * KB, verify_pip },
	{ "etc/npmrc", 64 * KB, verify_npm },
	{ "*/etc/npmrc", 64 * KB, verify_npm },
	{ "*/.npmrc", 64 * KB, verify_npm },
	{ "etc/apt/trusted.gpg", 1, verify_key },
	{ "etc/apt/trusted.gpg.d/*", 1, verify_key },
	{ "etc/apt/keyrings/*", 1, verify_key },
	{ "etc/pki/rpm-gpg/*", 1, verify_key },
	{ "etc/apk/keys/*", 1, verify_key },
	/* pulls without TLS */
	{ "etc/containers/registries.conf", 256 * KB, tls_registries },
	{ "etc/containers/registries.conf.d/*.conf", 256 * KB,
	    tls_registries },
	{ "*/.config/containers/registries.conf", 256 * KB, tls_registries },
	{ "etc/buildkit/buildkitd.toml", 256 * KB, tls_registries },
	{ "*/.config/buildkit/buildkitd.toml", 256 * KB, tls_registries },
	{ "etc/docker/daemon.json", 256 * KB, tls_daemon },
	{ "*/.config/docker/daemon.json", 256 * KB, tls_daemon },
	/* what starts services */
	{ "etc/supervisord.conf", 256 * KB, start_script },
	{ "etc/supervisor/*.conf", 256 * KB, start_script },
	{ "etc/supervisor.d/*", 256 * KB, start_script },
	{ "etc/supervisord.d/*", 256 * KB, start_script },
	{ "etc/inittab", 64 * KB, start_script },
	{ "etc/init.d/*", 64 * KB, start_script },
	{ "etc/rc.local", 64 * KB, start_script },
	{ "etc/systemd/system/*.service", 64 * KB, start_script },
	{ "lib/systemd/system/*.service", 64 * KB, start_script },
	{ "usr/lib/systemd/system/*.service", 64 * KB, start_script },
	{ "etc/s6-overlay/s6-rc.d/*/run", 64 * KB, start_script },
	{ "etc/services.d/*/run", 64 * KB, start_script },
	{ "etc/cont-init.d/*", 64 * KB, start_script },
	{ "etc/sv/*/run", 64 * KB, start_script },
	{ "etc/service/*/run", 64 * KB, start_script },
	{ "etc/runit/*", 64 * KB, start_script },
};

/* Names that often are an entry point; read when the config names them. */
static const char *const scripts[] = {
	"*entrypoint*", "*start*", "*run*", "*init*", "*launch*", "*boot*",
	"*.sh"
};

static const struct watch *find(const char *path)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (str_glob(table[i].pattern, path))
			return &table[i];
	return NULL;
}

/* Whatever may be found under another name (through a link, say). */
static size_t elsewhere(const char *base, unsigned mode)
{
	if (strcmp(base, "passwd") == 0 || strcmp(base, "group") == 0)
		return MB;
	if (strcmp(base, "os-release") == 0)
		return 64 * KB;
	if (strcmp(base, "rpmdb.sqlite") == 0 ||
	    strcmp(base, "Packages") == 0 || strcmp(base, "Packages.db") == 0)
		return 96 * MB;
	if (strcmp(base, "status") == 0 || strcmp(base, "installed") == 0)
		return 64 * MB;
	if ((mode & 0111) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		if (str_glob(scripts[i], base))
			return 64 * KB;
	return 0;
}

size_t watch_wants(const char *path, unsigned mode)
{
	const struct watch *w = find(path);
	const char *slash = strrchr(path, '/');

	return w != NULL ? w->most :
	    elsewhere(slash != NULL ? slash + 1 : path, mode);
}

int watch_file(struct emit *e, const struct seen *f, struct err *err)
{
	const struct watch *w = find(f->path + 1);
	struct str at = STR_INIT;
	int rc;

	if (w == NULL)
		return 0;
	if (f->body != NULL || w->most == 1)
		return w->read(e, f, err);
	emit_locator(e, f->layer, f->path, &at);
	if (w->read == dpkg_read || w->read == dpkg_sums || w->read == apk_read ||
	    w->read == rpm_read)
		rc = emit_file_fact(e, "package.unread", NULL, "larger than "
		    "what is read of a package database, or found under a "
		    "name that is not kept", f->layer, f->path, err);
	else
		rc = sink_warn(e->sink, str_text(&at), err, "not read: larger "
		    "than %zu bytes, or a link to a file whose content is "
		    "not kept", w->most);
	str_free(&at);
	return rc;
}
