/*
 * docker_daemon.c - the configuration of a Docker engine (daemon.json): a
 * platform.
 *
 * The file may hold any of some hundred settings and names itself nowhere, so
 * it is recognised by the settings that only it has.  There is one such file
 * for an engine: its platform is named by what the file is.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"

/* The settings checks ask for: fact, and the setting, which is its key. */
static const struct {
	const char *fact, *key;
} settings[] = {
	{ "platform.pids",    "default-pids-limit" },
	{ "platform.seccomp", "seccomp-profile" },
	{ "platform.setting", "userns-remap" },
	{ "platform.setting", "no-new-privileges" },
	{ "platform.setting", "tlsverify" },
	{ "platform.setting", "tls" },
	{ "platform.setting", "icc" },
	{ "platform.setting", "live-restore" },
	{ "platform.setting", "userland-proxy" },
};

static int fact(struct sink *sink, int64_t target, const char *name,
    const char *key, const struct node *n, struct err *err)
{
	struct str at = STR_INIT;
	int rc;

	if (node_text(n) == NULL)
		return 0;
	str_add(&at, "json:");
	node_pointer(n, &at);
	rc = sink_fact(sink, &(struct fact){ .target = target, .name = name,
	    .key = key, .value = node_text(n), .locator = str_text(&at) },
	    err);
	str_free(&at);
	sink_count(sink, COUNT_READ, 1);
	sink_count(sink, COUNT_STORED, 1);
	return rc;
}

/* Registries that are reached without TLS, or without checking it. */
static int registries(struct sink *sink, int64_t t, const struct node *root,
    struct err *err)
{
	NODE_EACH(n, node_get(root, "insecure-registries"))
		if (fact(sink, t, "tls.off", "insecure-registries", n,
		    err) < 0)
			return -1;
	NODE_EACH(n, node_get(root, "registry-mirrors"))
		if (node_text(n) != NULL &&
		    str_starts(node_text(n), "http://") &&
		    fact(sink, t, "tls.off", "registry-mirrors", n, err) < 0)
			return -1;
	return 0;
}

static int engine(struct sink *sink, const struct node *root,
    struct err *err)
{
	int64_t t = sink_target(sink, &(struct target){ .kind = "platform",
	    .key = "docker-daemon/daemon.json", .name = "docker-daemon/"
	    "daemon.json", .locator = "json:" }, err);

	if (t < 0 || sink_fact(sink, &(struct fact){ .target = t,
	    .name = "platform.kind", .value = "docker-daemon",
	    .locator = "json:" }, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (fact(sink, t, settings[i].fact, settings[i].key,
		    node_get(root, settings[i].key), err) < 0)
			return -1;
	NODE_EACH(n, node_get(root, "hosts"))
		if (fact(sink, t, "platform.setting", "hosts", n, err) < 0)
			return -1;
	return registries(sink, t, root, err);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct tree *t = NULL;
	size_t len;
	char *text = input_slurp(in, CAP_SETTINGS_BYTES, &len, err);
	int rc = -1;

	if (text != NULL &&
	    (t = tree_json(text, len, input_name(in), err)) != NULL) {
		if (tree_root(t) == NULL || tree_root(t)->kind != NODE_MAP)
			err_set(err, ERR_INPUT, "no daemon.json: expected "
			    "an object of settings");
		else
			rc = engine(sink, tree_root(t), err);
	}
	tree_free(t);
	free(text);
	return rc;
}

static int bid(const struct probe *p)
{
	/* Settings of no other program's file. */
	static const char *const own[] = {
		"insecure-registries", "registry-mirrors", "live-restore",
		"userland-proxy", "default-pids-limit", "seccomp-profile",
		"userns-remap", "default-ulimits", "storage-driver",
		"log-driver", "log-opts", "exec-opts", "data-root",
		"no-new-privileges", "default-address-pools", "tlscacert",
		"cgroup-parent", "default-runtime",
	};
	int n = 0;

	if (p->kind != PROBE_JSON)
		return 0;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		n += probe_has(p, own[i]);
	return n > 1 ? 75 : n == 1 ? 35 : 0;
}

const struct importer importer_docker_daemon = {
	.name = "docker-daemon",
	.about = "the configuration of a Docker engine (daemon.json)",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
