/*
 * watch.c - the files of an image that somebody reads, in one table: a
 * pattern, the most bytes that are kept of it, and who reads it.
 *
 * Patterns are matched against names without the leading slash; '*' stands
 * for anything, slashes too.
 */
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/sink.h"
#include "muster/str.h"

#define PACKAGES	CAP_IMAGE_PACKAGES
#define LISTS		CAP_IMAGE_LISTS
#define SETTINGS	CAP_IMAGE_SETTINGS
#define PRESENCE	CAPS		/* that it is there is all */

static const struct watch {
	const char	*pattern;
	enum cap	 most;
	int (*read)(struct emit *e, const struct seen *f, struct err *err);
} table[] = {
	{ "etc/passwd", LISTS, observe_passwd },
	{ "etc/group", LISTS, observe_group },
	{ "etc/os-release", SETTINGS, observe_release },
	{ "usr/lib/os-release", SETTINGS, observe_release },
	/* package databases */
	{ "var/lib/dpkg/status", PACKAGES, dpkg_read },
	{ "var/lib/dpkg/status.d/*", PACKAGES, dpkg_read },
	{ "var/lib/dpkg/diversions", LISTS, dpkg_diversions },
	{ "var/lib/dpkg/info/*.md5sums", LISTS, dpkg_sums },
	{ "var/lib/dpkg/info/*.list", LISTS, dpkg_list },
	{ "lib/apk/db/installed", PACKAGES, apk_read },
	{ "usr/lib/apk/db/installed", PACKAGES, apk_read },
	{ "var/lib/rpm/rpmdb.sqlite", PACKAGES, rpm_read },
	{ "usr/lib/sysimage/rpm/rpmdb.sqlite", PACKAGES, rpm_read },
	{ "var/lib/rpm/Packages", PACKAGES, rpm_read },
	{ "var/lib/rpm/Packages.db", PACKAGES, rpm_read },
	{ "usr/lib/sysimage/rpm/Packages", PACKAGES, rpm_read },
	{ "usr/lib/sysimage/rpm/Packages.db", PACKAGES, rpm_read },
	/* where packages come from, and whether that is verified */
	{ "etc/apt/sources.list", SETTINGS, verify_apt_list },
	{ "etc/apt/sources.list.d/*.list", SETTINGS, verify_apt_list },
	{ "etc/apt/sources.list.d/*.sources", SETTINGS, verify_deb822 },
	{ "etc/apt/apt.conf", SETTINGS, verify_apt_conf },
	{ "etc/apt/apt.conf.d/*", SETTINGS, verify_apt_conf },
	{ "etc/yum.conf", SETTINGS, verify_repo },
	{ "etc/dnf/dnf.conf", SETTINGS, verify_repo },
	{ "etc/yum.repos.d/*.repo", SETTINGS, verify_repo },
	{ "etc/zypp/zypp.conf", SETTINGS, verify_repo },
	{ "etc/zypp/repos.d/*.repo", SETTINGS, verify_repo },
	{ "etc/pip.conf", SETTINGS, verify_pip },
	{ "*/.pip/pip.conf", SETTINGS, verify_pip },
	{ "*/pip/pip.conf", SETTINGS, verify_pip },
	{ "etc/npmrc", SETTINGS, verify_npm },
	{ "*/etc/npmrc", SETTINGS, verify_npm },
	{ "*/.npmrc", SETTINGS, verify_npm },
	{ "etc/apt/trusted.gpg", PRESENCE, verify_key },
	{ "etc/apt/trusted.gpg.d/*", PRESENCE, verify_key },
	{ "etc/apt/keyrings/*", PRESENCE, verify_key },
	{ "etc/pki/rpm-gpg/*", PRESENCE, verify_key },
	{ "etc/apk/keys/*", PRESENCE, verify_key },
	/* pulls without TLS */
	{ "etc/containers/registries.conf", SETTINGS, tls_registries },
	{ "etc/containers/registries.conf.d/*.conf", SETTINGS,
	    tls_registries },
	{ "*/.config/containers/registries.conf", SETTINGS, tls_registries },
	{ "etc/buildkit/buildkitd.toml", SETTINGS, tls_registries },
	{ "*/.config/buildkit/buildkitd.toml", SETTINGS, tls_registries },
	{ "etc/docker/daemon.json", SETTINGS, tls_daemon },
	{ "*/.config/docker/daemon.json", SETTINGS, tls_daemon },
	/* what starts services */
	{ "etc/supervisord.conf", SETTINGS, start_script },
	{ "etc/supervisor/*.conf", SETTINGS, start_script },
	{ "etc/supervisor.d/*", SETTINGS, start_script },
	{ "etc/supervisord.d/*", SETTINGS, start_script },
	{ "etc/inittab", SETTINGS, start_script },
	{ "etc/init.d/*", SETTINGS, start_script },
	{ "etc/rc.local", SETTINGS, start_script },
	{ "etc/systemd/system/*.service", SETTINGS, start_script },
	{ "lib/systemd/system/*.service", SETTINGS, start_script },
	{ "usr/lib/systemd/system/*.service", SETTINGS, start_script },
	{ "etc/s6-overlay/s6-rc.d/*/run", SETTINGS, start_script },
	{ "etc/services.d/*/run", SETTINGS, start_script },
	{ "etc/cont-init.d/*", SETTINGS, start_script },
	{ "etc/sv/*/run", SETTINGS, start_script },
	{ "etc/service/*/run", SETTINGS, start_script },
	{ "etc/runit/*", SETTINGS, start_script },
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
	if (str_listed("passwd group", base))
		return (size_t)cap(LISTS);
	if (strcmp(base, "os-release") == 0)
		return (size_t)cap(SETTINGS);
	if (str_listed("rpmdb.sqlite Packages Packages.db status installed",
	    base))
		return (size_t)cap(PACKAGES);
	if ((mode & 0111) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		if (str_glob(scripts[i], base))
			return (size_t)cap(SETTINGS);
	return 0;
}

size_t watch_wants(const char *path, unsigned mode)
{
	const struct watch *w = find(path);
	const char *slash = strrchr(path, '/');

	return w == NULL ? elsewhere(slash != NULL ? slash + 1 : path, mode) :
	    w->most == PRESENCE ? 1 : (size_t)cap(w->most);
}

static int unread(struct emit *e, const struct seen *f, enum cap most,
    struct err *err)
{
	struct str why = STR_INIT;
	int rc;

	str_addf(&why, "larger than what is read of a package database (%s; "
	    "of a layer %s), or found under a name that is not kept",
	    cap_hint(most), cap_hint(CAP_LAYER_BODIES));
	rc = emit_file_fact(e, "package.unread", NULL, why.s, f->layer,
	    f->path, err);
	str_free(&why);
	return rc;
}

int watch_file(struct emit *e, const struct seen *f, struct err *err)
{
	const struct watch *w = find(f->path + 1);
	struct str at = STR_INIT;
	int rc;

	if (w == NULL)
		return 0;
	if (f->body != NULL || w->most == PRESENCE)
		return w->read(e, f, err);
	emit_locator(e, f->layer, f->path, &at);
	if (w->read == dpkg_read || w->read == dpkg_sums || w->read == apk_read ||
	    w->read == rpm_read)
		rc = unread(e, f, w->most, err);
	else
		rc = sink_warn(e->sink, str_text(&at), err, "not read: larger "
		    "than what is (%s; of a layer %s), or a link to a file "
		    "whose content is not kept", cap_hint(w->most),
		    cap_hint(CAP_LAYER_BODIES));
	str_free(&at);
	return rc;
}
