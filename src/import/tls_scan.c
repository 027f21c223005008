/*
 * tls_scan.c - which TLS a registry offers, as JSON: testssl.sh's flat list
 * (--jsonfile), its nested form (--jsonfile-pretty) and sslyze's (--json_out).
 *
 * testssl.sh says of each protocol "offered" or "not offered", with words
 * around it; sslyze lists the cipher suites it got, and none where the
 * protocol is off.
 */
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"

/* testssl.sh's ids and sslyze's members, and what they stand for. */
static const struct {
	const char *testssl, *sslyze, *name;
} protocols[] = {
	{ "SSLv2",  "ssl_2_0_cipher_suites", "SSLv2" },
	{ "SSLv3",  "ssl_3_0_cipher_suites", "SSLv3" },
	{ "TLS1",   "tls_1_0_cipher_suites", "TLSv1.0" },
	{ "TLS1_1", "tls_1_1_cipher_suites", "TLSv1.1" },
	{ "TLS1_2", "tls_1_2_cipher_suites", "TLSv1.2" },
	{ "TLS1_3", "tls_1_3_cipher_suites", "TLSv1.3" },
};
#define NPROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

struct scan {
	struct sink	*sink;
	struct builder	 b;
	struct str	 host;		/* of the target at hand; "": none yet */
	int64_t		 hosts, said;
};

static int fact(struct scan *s, const char *name, const char *key,
    const char *value, const struct node *n, struct err *err)
{
	struct str at = STR_INIT;
	int rc;

	str_add(&at, "json:");
	node_pointer(n, &at);
	rc = builder_fact_at(&s->b, name, key, value, str_text(&at), err);
	str_free(&at);
	return rc;
}

/* What follows is about this host and port. */
static int host(struct scan *s, const char *name, const char *port,
    const struct node *n, struct err *err)
{
	struct str full = STR_INIT;
	int rc = 0;

	str_addf(&full, "%s:%s", name != NULL ? name : "?",
	    port != NULL ? port : "?");
	if (!str_eq(full.s, str_text(&s->host))) {
		str_clear(&s->host);
		str_add(&s->host, full.s);
		s->hosts++;
		rc = builder_open(&s->b, s->sink, "tls-scan", full.s, err);
		if (rc == 0)
			rc = fact(s, "tls.scan", NULL, full.s, n, err);
	}
	str_free(&full);
	return rc;
}

/* ------------------------------------------------------------- testssl.sh */

/* A finding "offered", "not offered", "offered with final", "not offered and
 * downgraded to a weaker protocol", "is offered (NOT ok)". */
static int finding(struct scan *s, const struct node *n, struct err *err)
{
	const char *id = node_text(node_get(n, "id"));
	const char *text = node_text(node_get(n, "finding"));

	for (size_t i = 0; i < NPROTOCOLS; i++) {
		if (!str_eq(id, protocols[i].testssl) || text == NULL ||
		    strstr(text, "offered") == NULL)
			continue;
		s->said++;
		return fact(s, "tls.offered", protocols[i].name,
		    strstr(text, "not offered") != NULL ? "false" : "true",
		    n, err);
	}
	return 0;
}

static int flat(struct scan *s, const struct node *root, struct err *err)
{
	NODE_EACH(n, root) {
		const char *ip = node_text(node_get(n, "ip"));

		if (n->kind != NODE_MAP)
			continue;
		if (ip != NULL && strcmp(ip, "/") != 0 && host(s, ip,
		    node_text(node_get(n, "port")), n, err) < 0)
			return -1;
		if (s->hosts > 0 && finding(s, n, err) < 0)
			return -1;
	}
	return 0;
}

static int pretty(struct scan *s, const struct node *root, struct err *err)
{
	NODE_EACH(r, node_get(root, "scanResult")) {
		const char *name = node_text(node_get(r, "targetHost"));

		if (name == NULL)
			continue;
		if (host(s, name, node_text(node_get(r, "port")), r, err) < 0)
			return -1;
		NODE_EACH(n, node_get(r, "protocols"))
			if (finding(s, n, err) < 0)
				return -1;
	}
	return 0;
}

/* ----------------------------------------------------------------- sslyze */

static int sslyze_one(struct scan *s, const struct node *r, struct err *err)
{
	const struct node *at = node_get(r, "server_location");
	const struct node *results = node_get(r, "scan_result");

	if (at == NULL)
		at = node_at(r, "server_info.server_location");
	if (results == NULL)
		results = node_get(r, "scan_commands_results");
	if (at == NULL || results == NULL)
		return 0;
	if (host(s, node_text(node_get(at, "hostname")),
	    node_text(node_get(at, "port")), at, err) < 0)
		return -1;
	for (size_t i = 0; i < NPROTOCOLS; i++) {
		const struct node *p = node_get(results,
		    protocols[i].sslyze);
		const struct node *list = node_at(p,
		    "result.accepted_cipher_suites");

		if (list == NULL)
			list = node_get(p, "accepted_cipher_suites");
		if (list == NULL || list->kind != NODE_LIST)
			continue;
		s->said++;
		if (fact(s, "tls.offered", protocols[i].name,
		    list->count > 0 ? "true" : "false", list, err) < 0)
			return -1;
	}
	return 0;
}

static int sslyze(struct scan *s, const struct node *root, struct err *err)
{
	NODE_EACH(r, node_get(root, "server_scan_results"))
		if (sslyze_one(s, r, err) < 0)
			return -1;
	return 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct scan s = { .sink = sink };
	struct tree *t = tree_json_input(in, err);
	const struct node *root = t != NULL ? tree_root(t) : NULL;
	int rc = -1;

	if (root != NULL)
		rc = root->kind == NODE_LIST ? flat(&s, root, err) :
		    node_get(root, "scanResult") != NULL ?
		    pretty(&s, root, err) : sslyze(&s, root, err);
	if (rc == 0 && s.said == 0)
		rc = err_set(err, ERR_INPUT, "a TLS scan that says of no "
		    "protocol whether it is offered");
	str_free(&s.host);
	tree_free(t);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "server_scan_results") ||
	    probe_has(p, "server_scan_results[].server_location") ||
	    probe_has(p, "sslyze_version"))
		return 85;
	if (probe_has(p, "scanResult") && (probe_has(p,
	    "scanResult[].targetHost") || probe_has(p, "clientProblem1") ||
	    probe_has(p, "Invocation")))
		return 85;
	return probe_has(p, "[].id") && probe_has(p, "[].ip") &&
	    probe_has(p, "[].port") && probe_has(p, "[].finding") ? 85 : 0;
}

const struct importer importer_tls_scan = {
	.name = "tls-scan",
	.about = "a TLS scan of a registry: testssl.sh or sslyze, JSON",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
