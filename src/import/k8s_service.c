/*
 * k8s_service.c - which containers of the file are behind which Service.
 *
 * A Service may stand before or after the pods it selects, so both are kept
 * until the file's end.  Pods are looked up by one label of the selector,
 * which keeps the join linear for files as people write them; for the others
 * the work is capped.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "k8s_priv.h"

/* A list of texts: labels "app=web", or port names and numbers in turn. */
struct texts {
	char	**v;
	size_t	  n, cap;
};

/* A container under one of its pod's labels. */
struct link {
	const struct end *end;
	const struct link *next;
};

/* A container that may be selected. */
struct end {
	int64_t		 target;
	struct texts	 labels, ports;
	struct link	*links;		/* one a label */
};

struct service {
	char		*ns, *port, *locator;
	struct texts	 terms;
};

struct k8s_services {
	struct k8s_index  by_label;	/* "ns\napp=web" to struct link */
	struct service	 *services;
	size_t		  n, cap;
	struct end	**ends;
	size_t		  nends, endcap;
	size_t		  tries, facts;
	int64_t		  held;		/* labels, ports, terms */
};

static void texts_add(struct texts *t, const char *text)
{
	MEM_ROOM(t->v, t->n, t->cap);
	t->v[t->n++] = mem_dup(text);
}

static void texts_free(struct texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
}

/* A map of strings as "key=value" texts. */
static void texts_map(struct texts *t, const struct node *map)
{
	struct str one = STR_INIT;

	NODE_EACH(n, map) {
		const char *v = node_text(n);

		str_clear(&one);
		str_addf(&one, "%s=%s", n->key != NULL ? n->key : "",
		    v != NULL ? v : "");
		texts_add(t, str_text(&one));
	}
	str_free(&one);
}

struct k8s_services *k8s_service_new(void)
{
	return mem_alloc(sizeof(struct k8s_services));
}

void k8s_service_free(struct k8s_services *s)
{
	for (size_t i = 0; i < s->n; i++) {
		texts_free(&s->services[i].terms);
		free(s->services[i].ns);
		free(s->services[i].port);
		free(s->services[i].locator);
	}
	free(s->services);
	for (size_t i = 0; i < s->nends; i++) {
		texts_free(&s->ends[i]->labels);
		texts_free(&s->ends[i]->ports);
		free(s->ends[i]->links);
		free(s->ends[i]);
	}
	free(s->ends);
	k8s_index_free(&s->by_label);
	free(s);
}

static void **slot(struct k8s_services *s, const char *ns, const char *label)
{
	struct str key = STR_INIT;
	void **at;

	str_addf(&key, "%s\n%s", ns, label);
	at = k8s_index_slot(&s->by_label, str_text(&key));
	str_free(&key);
	return at;
}

/* What is held to the end of the file has its cap. */
static int hold(struct k8s_services *s, size_t n, struct err *err)
{
	s->held += (int64_t)n + 1;
	return s->held <= cap(CAP_KUBERNETES_HELD) ? 0 : cap_err(err,
	    CAP_KUBERNETES_HELD, "too many Services, containers and labels");
}

int k8s_service_pod(struct k8s *k, const struct k8s_pod *pod,
    int64_t target, const struct node *container, struct err *err)
{
	struct k8s_services *s = k->services;
	struct end *e = mem_alloc(sizeof(*e));

	MEM_ROOM(s->ends, s->nends, s->endcap);
	s->ends[s->nends++] = e;
	e->target = target;
	texts_map(&e->labels, node_get(pod->meta, "labels"));
	NODE_EACH(p, node_get(container, "ports")) {
		const char *name = node_text(node_get(p, "name"));
		const char *number = node_text(node_get(p, "containerPort"));

		if (name != NULL && number != NULL) {
			texts_add(&e->ports, name);
			texts_add(&e->ports, number);
		}
	}
	e->links = mem_array(e->labels.n, sizeof(*e->links));
	for (size_t i = 0; i < e->labels.n; i++) {
		void **at = slot(s, pod->of->ns, e->labels.v[i]);

		e->links[i] = (struct link){ e, *at };
		*at = &e->links[i];
	}
	return hold(s, e->labels.n + e->ports.n, err);
}

/* One port of a Service, kept for the join: where it leads. */
static const struct node *keep(struct k8s *k, const struct k8s_object *o,
    const struct node *selector, const struct node *port)
{
	struct k8s_services *s = k->services;
	const struct node *to = node_get(port, "targetPort");
	struct str where = STR_INIT;
	struct service *v;

	if (node_text(to) == NULL)
		to = node_get(port, "port");
	if (node_text(to) == NULL)
		return NULL;
	MEM_ROOM(s->services, s->n, s->cap);
	v = &s->services[s->n++];
	*v = (struct service){ .ns = mem_dup(o->ns),
	    .port = mem_dup(node_text(to)) };
	texts_map(&v->terms, selector);
	k8s_locator(k, to, &where);
	v->locator = mem_dup(str_text(&where));
	str_free(&where);
	return to;
}

int k8s_service_read(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	const struct node *selector = node_at(o->node, "spec.selector");
	const struct node *list = node_at(o->node, "spec.ports");
	struct str key = STR_INIT, value = STR_INIT;
	int rc;

	if (k8s_is(k, node_get(o->node, "spec"), NODE_MAP, err) < 0 ||
	    k8s_is(k, selector, NODE_MAP, err) < 0 ||
	    k8s_is(k, list, NODE_LIST, err) < 0)
		return -1;
	if (selector == NULL || selector->child == NULL)
		return 0;
	NODE_EACH(n, selector)
		str_addf(&value, "%s%s=%s", value.len > 0 ? "," : "", n->key,
		    node_text(n) != NULL ? node_text(n) : "");
	str_addf(&key, "%s/%s", o->ns, o->name);
	rc = k8s_fact(k, 0, "k8s.service", str_text(&key), str_text(&value),
	    selector, err);
	NODE_EACH(p, list) {
		const struct node *to = keep(k, o, selector, p);
		struct str port = STR_INIT;

		if (rc == 0 && to != NULL) {
			str_addf(&port, "%s %s", node_text(to),
			    str_text(&value));
			rc = k8s_fact(k, 0, "k8s.service_port",
			    str_text(&key), str_text(&port), to, err);
		}
		if (rc == 0 && to != NULL)
			rc = hold(k->services, selector->count, err);
		str_free(&port);
	}
	str_free(&key);
	str_free(&value);
	return rc;
}

static bool holds(const struct texts *t, const char *text)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i], text) == 0)
			return true;
	return false;
}

static bool selects(const struct service *v, const struct end *e)
{
	for (size_t i = 0; i < v->terms.n; i++)
		if (!holds(&e->labels, v->terms.v[i]))
			return false;
	return true;
}

/* The number of a port: a name is one of the container's own. */
static const char *number(const struct service *v, const struct end *e)
{
	int64_t n;

	if (str_int(v->port, 0, 65535, &n))
		return v->port;
	for (size_t i = 0; i + 1 < e->ports.n; i += 2)
		if (strcmp(e->ports.v[i], v->port) == 0)
			return e->ports.v[i + 1];
	return NULL;
}

/* The cap that stops looking, or CAPS. */
static enum cap enough(const struct k8s_services *s)
{
	return (int64_t)s->tries > cap(CAP_KUBERNETES_LABELS) ?
	    CAP_KUBERNETES_LABELS : (int64_t)s->facts >
	    cap(CAP_KUBERNETES_PORTS) ? CAP_KUBERNETES_PORTS : CAPS;
}

static int join(struct k8s *k, const struct service *v, struct err *err)
{
	struct k8s_services *s = k->services;
	const struct link *l = *slot(s, v->ns, v->terms.v[0]);
	const char *port;

	for (; l != NULL && enough(s) == CAPS; l = l->next) {
		s->tries += 1 + v->terms.n * l->end->labels.n;
		if ((int64_t)s->tries > cap(CAP_KUBERNETES_LABELS))
			break;
		if (!selects(v, l->end) ||
		    (port = number(v, l->end)) == NULL)
			continue;
		if ((int64_t)++s->facts > cap(CAP_KUBERNETES_PORTS))
			break;
		if (sink_fact(k->sink, &(struct fact){
		    .target = l->end->target, .name = "pod.service_port",
		    .key = port, .locator = v->locator }, err) < 0)
			return -1;
	}
	return 0;
}

int k8s_service_join(struct k8s *k, struct err *err)
{
	struct k8s_services *s = k->services;

	for (size_t i = 0; i < s->n; i++)
		if (join(k, &s->services[i], err) < 0)
			return -1;
	return enough(s) == CAPS ? 0 : sink_warn(k->sink, NULL, err,
	    "more Services and pods with the same labels than are looked "
	    "at, some ports of Services are left out: %s",
	    cap_hint(enough(s)));
}
