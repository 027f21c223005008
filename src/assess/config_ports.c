/* config_ports.c - 2.5, 2.13: ports an image exposes, and who uses them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach_priv.h"
#include "look.h"
#include "muster/err.h"
#include "muster/mem.h"

#define MAX_PORT	65535
#define MAX_PAIRS	100000	/* of Services and pods, looked at */
#define MAX_RANGE	1024	/* ports of one range that is used */

/* "8000-8010/udp": false when it is nothing of the kind. */
struct port {
	int64_t	 first, last;
	char	 proto[8];
};

static bool read_port(const char *text, struct port *p)
{
	char number[16];
	size_t n = strcspn(text, "/"), dash = strcspn(text, "-/");

	if (n == 0 || n >= sizeof(number))
		return false;
	snprintf(p->proto, sizeof(p->proto), "%s", text[n] == '/' ?
	    text + n + 1 : "tcp");
	for (char *c = p->proto; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c;
	memcpy(number, text, dash);
	number[dash] = '\0';
	if (!str_listed("tcp udp sctp", p->proto) ||
	    !str_int(number, 0, MAX_PORT, &p->first))
		return false;
	p->last = p->first;
	if (dash < n) {
		memcpy(number, text + dash + 1, n - dash - 1);
		number[n - dash - 1] = '\0';
		if (!str_int(number, 0, MAX_PORT, &p->last))
			return false;
	}
	return p->first <= p->last;
}

static int judge_port(struct assess *as, const char *text, const char *who,
    const char *name, struct cite cite, struct err *err)
{
	int64_t limit = assess_value_int(as, "privileged_port_limit");
	struct port p;

	if (!read_port(text, &p) || p.first == 0)
		return assess_say(as, ROLE_FAIL, cite, err,
		    "%s%s port %.80s, which is no valid port", who, name, text);
	if (p.first < limit)
		return assess_say(as, ROLE_FAIL, cite, err,
		    "%s%s port %.80s, below %lld", who, name, text,
		    (long long)limit);
	return 0;
}

int config_ports_privileged(struct assess *as, struct err *err)
{
	struct look_self self;
	struct query q;
	int64_t n = 0;
	int rc, known;

	if (look_self(as, &self, err) < 0)
		return -1;
	look_facts(&q, as, "config.port");
	while ((rc = query_next(&q, err)) > 0 && ++n > 0)
		if ((rc = judge_port(as, query_text(&q, FACT_KEY),
		    "the config exposes", "", look_cite(&q), err)) < 0)
			break;
	query_close(&q);
	if (rc < 0 || (rc = look_against(as, "config.port", "exposed port",
	    err)) < 0)
		goto out;
	look_pods(&q, as, "pod.port");
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = judge_port(as, query_text(&q, FACT_KEY),
		    query_text(&q, FACT_WORKLOAD), " opens", look_cite(&q),
		    err)) < 0)
			break;
	query_close(&q);
	if (rc < 0 || (rc = known = look_config(as, &self, err)) < 0)
		goto out;
	rc = 0;
	if (known && !assess_said(as, ROLE_FAIL))
		rc = n > 0 ? assess_say(as, ROLE_PASS, look_self_cite(&self),
		    err, "all exposed ports are %lld or above (%lld looked at)",
		    (long long)assess_value_int(as, "privileged_port_limit"),
		    (long long)n) : assess_say(as, ROLE_PASS,
		    look_self_cite(&self), err, "the config exposes no port");
out:
	look_self_free(&self);
	return rc;
}

/* Ports somebody uses, and what shows it. */
struct used {
	int64_t		 port;
	char		 proto[8];	/* "" unknown */
	char		*by;
	bool		 exposed;
};

struct usage {
	struct used	*used;
	size_t		 n, cap;
	bool		 compared;	/* there is something to compare with */
	bool		 cut;		/* ... and not all of it was looked at */
};

static void add_used(struct usage *u, const char *text, const char *proto,
    const char *by, const char *what)
{
	struct used one = { 0 };
	struct str why = STR_INIT;
	struct port p;

	/* A name stands for a port that its container lists by number. */
	if (!read_port(text, &p))
		return;
	snprintf(one.proto, sizeof(one.proto), "%s", strchr(text, '/') != NULL ?
	    p.proto : proto);
	for (char *c = one.proto; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c;
	str_addf(&why, "%s %s", what, by);
	/* A range (of a compose file) stands for its ports, within reason. */
	for (one.port = p.first; one.port <= p.last &&
	    one.port - p.first < MAX_RANGE; one.port++) {
		one.by = mem_dup(str_text(&why));
		MEM_ROOM(u->used, u->n, u->cap);
		u->used[u->n++] = one;
	}
	str_free(&why);
}

static int used_by_pods(struct assess *as, struct usage *u, struct err *err)
{
	static const struct {
		const char *fact, *what;
	} kinds[] = {
		{ "pod.port", "containerPort of" },
		{ "pod.service_port", "a Service's port of" },
		{ "pod.probe_port", "a probe of" },
	};
	struct query q;
	int64_t workloads;
	int rc = store_int(as->store, SQL_IMG_DEPLOYED, BIND(V(as->subject)),
	    &workloads, err);

	if (rc == 0 && workloads > 0)
		u->compared = true;
	for (size_t i = 0; rc == 0 && i < 3; i++) {
		look_pods(&q, as, kinds[i].fact);
		while ((rc = query_next(&q, err)) > 0)
			add_used(u, query_text(&q, FACT_KEY), i == 0 ?
			    query_text(&q, FACT_VALUE) : "",
			    query_text(&q, FACT_WORKLOAD), kinds[i].what);
		query_close(&q);
	}
	return rc;
}

/* Does a pod with these labels ("\na=b\n") have all of "a=b,c=d"? */
static bool selected(const char *labels, const char *selector)
{
	bool all = *selector != '\0';
	struct str term = STR_INIT;

	while (all && *selector != '\0') {
		size_t n = strcspn(selector, ",");

		str_clear(&term);
		str_addf(&term, "\n%.*s\n", (int)n, selector);
		all = str_contains(labels, str_text(&term));
		selector += n + (selector[n] == ',');
	}
	str_free(&term);
	return all;
}

/* Services that another file describes; those of a workload's own file are
 * its facts already. */
static int used_by_services(struct assess *as, struct usage *u,
    struct err *err)
{
	struct query q;
	int rc, pairs = 0;

	query_open(&q, as->store, SQL_POD_SERVICES, BIND(V(as->subject),
	    V(MAX_PAIRS + 1)));
	while ((rc = query_next(&q, err)) > 0 && ++pairs <= MAX_PAIRS)
		if (selected(query_text(&q, 1), query_text(&q, 2)))
			add_used(u, query_text(&q, 3), "", query_text(&q, 0),
			    "a Service's port of");
	query_close(&q);
	u->cut = pairs > MAX_PAIRS;
	return rc < 0 ? -1 : 0;
}

/* "8443, 9000/udp": what the image's maker declares. */
static int used_by_label(struct assess *as, struct usage *u, struct err *err)
{
	struct str label = STR_INIT;
	char *word, *save;
	int rc = look_keyed(as, "config.label", "muster.service.ports",
	    &label, err);

	if (rc > 0) {
		u->compared = true;
		str_add(&label, "");
		if (label.len > 0)
			for (word = strtok_r(label.s, " ,;\t\n", &save);
			    word != NULL;
			    word = strtok_r(NULL, " ,;\t\n", &save))
				add_used(u, word, "", "muster.service.ports",
				    "the label");
	}
	str_free(&label);
	return rc < 0 ? -1 : 0;
}

/* Is every port of the range used?  The first that is not, or -1. */
static int64_t unused(struct usage *u, const struct port *p)
{
	for (int64_t port = p->first; port <= p->last; port++) {
		bool found = false;

		for (size_t i = 0; i < u->n; i++)
			if (u->used[i].port == port &&
			    (u->used[i].proto[0] == '\0' ||
			    str_eq(u->used[i].proto, p->proto)))
				found = u->used[i].exposed = true;
		if (!found)
			return port;
	}
	return -1;
}

static int exposed(struct assess *as, struct usage *u, int64_t *n,
    struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "config.port");
	while ((rc = query_next(&q, err)) > 0 && ++*n > 0) {
		const char *text = query_text(&q, FACT_KEY);
		struct port p;

		if (!u->compared)
			continue;
		if (!read_port(text, &p))
			rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
			    "port %.80s is exposed and is no valid port", text);
		else if (unused(u, &p) >= 0)
			rc = assess_say(as, u->cut ? ROLE_MISSING : ROLE_FAIL,
			    look_cite(&q), err, "port %.80s is exposed and "
			    "used nowhere%s%s", text, p.first < p.last ?
			    " as a whole" : "", u->cut ?
			    " that was looked at" : "");
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int say_services(struct assess *as, const struct look_self *self,
    const struct usage *u, int64_t n, struct err *err)
{
	bool told[MAX_PORT + 1] = { false };	/* many use the same one */

	for (size_t i = 0; i < u->n; i++) {
		const struct used *p = &u->used[i];

		if (p->exposed || told[p->port])
			continue;
		told[p->port] = true;
		if (assess_say(as, ROLE_NOTE, look_self_cite(self), err,
		    "port %lld is used (%s) and not exposed",
		    (long long)p->port, p->by) < 0)
			return -1;
	}
	if (u->cut && attach_gap(as->store, "gap", as->subject, 0, err,
	    "of the Services in other files only %d pairs of Service and pod "
	    "were looked at for 2.13; there are more", MAX_PAIRS) < 0)
		return -1;
	if (assess_said(as, ROLE_FAIL) || assess_said(as, ROLE_MISSING))
		return 0;
	if (n == 0)
		return assess_say(as, ROLE_PASS, look_self_cite(self), err,
		    "the config exposes no port");
	if (!u->compared)
		return assess_say(as, ROLE_MISSING, look_self_cite(self), err,
		    "ports are exposed (%lld) and there is nothing to "
		    "compare them with: import the manifests that deploy the "
		    "image, or declare them (label muster.service.ports)",
		    (long long)n);
	return assess_say(as, ROLE_PASS, look_self_cite(self), err,
	    "all exposed ports are used (%lld looked at)", (long long)n);
}

int config_ports_services(struct assess *as, struct err *err)
{
	struct usage u = { .used = NULL };
	struct look_self self;
	int64_t n = 0;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (used_by_pods(as, &u, err) < 0 ||
	    used_by_services(as, &u, err) < 0 ||
	    used_by_label(as, &u, err) < 0 ||
	    exposed(as, &u, &n, err) < 0)
		goto out;
	if ((rc = look_config(as, &self, err)) > 0)
		rc = say_services(as, &self, &u, n, err);
out:
	for (size_t i = 0; i < u.n; i++)
		free(u.used[i].by);
	free(u.used);
	look_self_free(&self);
	return rc;
}
