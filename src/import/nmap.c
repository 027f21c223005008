/*
 * nmap.c - which TLS a registry offers, from "nmap --script ssl-enum-ciphers
 * -oX": a table for each protocol under the script of an open port.
 */
#include <stdio.h>
#include <string.h>

#include "builder.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/xml.h"

struct scan {
	struct sink	*sink;
	struct builder	 b;
	struct str	 host, port, name;
	bool		 script;	/* inside ssl-enum-ciphers */
	int		 depth;		/* of it */
	int64_t		 ports;
};

static void take(struct str *s, const char *text)
{
	str_clear(s);
	str_add(s, text != NULL ? text : "");
}

static int open_port(struct scan *s, struct xml *x, struct err *err)
{
	struct str at = STR_INIT;
	int rc;

	str_clear(&s->name);
	str_addf(&s->name, "%s:%s", str_text(&s->host), str_text(&s->port));
	str_add(&at, "xpath:");
	xml_path(x, &at);
	rc = builder_open(&s->b, s->sink, "tls-scan", str_text(&s->name),
	    err);
	if (rc == 0)
		rc = builder_fact_at(&s->b, "tls.scan", NULL,
		    str_text(&s->name), str_text(&at), err);
	s->ports++;
	str_free(&at);
	return rc;
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct scan *s = ctx;
	struct str at = STR_INIT;
	int rc;

	(void)ns;
	if (strcmp(name, "host") == 0)
		take(&s->host, NULL);
	else if (strcmp(name, "address") == 0 && s->host.len == 0)
		take(&s->host, xml_attr(x, "addr"));
	else if (strcmp(name, "hostname") == 0 &&
	    str_eq(xml_attr(x, "type"), "user"))
		take(&s->host, xml_attr(x, "name"));
	else if (strcmp(name, "port") == 0)
		take(&s->port, xml_attr(x, "portid"));
	else if (strcmp(name, "script") == 0 &&
	    str_eq(xml_attr(x, "id"), "ssl-enum-ciphers")) {
		s->script = true;
		s->depth = xml_depth(x);
		return open_port(s, x, err);
	}
	if (!s->script || strcmp(name, "table") != 0 ||
	    xml_depth(x) != s->depth + 1 || xml_attr(x, "key") == NULL)
		return 0;
	str_add(&at, "xpath:");
	xml_path(x, &at);
	rc = builder_fact_at(&s->b, "tls.offered", xml_attr(x, "key"),
	    "true", str_text(&at), err);
	str_free(&at);
	return rc;
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct scan *s = ctx;

	(void)ns;
	(void)name;
	(void)text;
	(void)len;
	(void)err;
	if (s->script && xml_depth(x) == s->depth)
		s->script = false;
	return 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct scan s = { .sink = sink };
	int rc = xml_read(in, &handler, &s, err);

	if (rc == 0 && s.ports == 0)
		rc = err_set(err, ERR_INPUT, "an nmap scan without the script "
		    "ssl-enum-ciphers; expected one with it");
	str_free(&s.host);
	str_free(&s.port);
	str_free(&s.name);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_XML && strcmp(p->xml_name, "nmaprun") == 0 ?
	    80 : 0;
}

const struct importer importer_nmap = {
	.name = "nmap",
	.about = "a TLS scan of a registry: nmap's ssl-enum-ciphers, XML",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
