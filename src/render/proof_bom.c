/* proof_bom.c - reading a bill of materials back, however long; see bom.h. */
#include <stdlib.h>
#include <string.h>

#include "bom.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

enum { COMPONENT = 1, REF, NAME, VULNERABILITY, VULN_REF, VULN_ID, AFFECT };

#define UUID	36

/* UUIDs, one behind the other. */
struct refs {
	struct str	 text;
	size_t		 n;
};

struct seen {
	int64_t		 components, vulnerabilities, named;
	struct refs	 refs, ids, affects;
	bool		 odd;		/* a reference is none of ours */
};

static void add(struct seen *s, struct refs *r, const char *text, size_t len)
{
	s->odd |= len != UUID;
	if (len == UUID) {
		str_addn(&r->text, text, UUID);
		r->n++;
	}
}

static int value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct seen *s = ctx;

	(void)js, (void)err;
	if (ev == JSON_BEGIN) {
		s->components += id == COMPONENT;
		s->vulnerabilities += id == VULNERABILITY;
	}
	if (ev != JSON_STRING)
		return 0;
	if (id == NAME || id == VULN_ID)
		s->named += len > 0;
	else if (id == REF)
		add(s, &s->refs, text, len);
	else if (id == VULN_REF)
		add(s, &s->ids, text, len);
	else if (id == AFFECT)
		add(s, &s->affects, text, len);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return memcmp(a, b, UUID);
}

static int once(struct refs *r, struct err *err)
{
	const char *p = str_text(&r->text);

	if (r->n > 0)
		qsort(r->text.s, r->n, UUID, by_text);
	for (size_t i = 1; i < r->n; i++)
		if (memcmp(p + (i - 1) * UUID, p + i * UUID, UUID) == 0)
			return err_set(err, ERR_BUG, "two things in it have "
			    "the id %.36s", p + i * UUID);
	return 0;
}

static int resolve(struct seen *s, struct err *err)
{
	const char *p = str_text(&s->affects.text);

	for (size_t i = 0; i < s->affects.n; i++)
		if (s->refs.n == 0 || bsearch(p + i * UUID, s->refs.text.s,
		    s->refs.n, UUID, by_text) == NULL)
			return err_set(err, ERR_BUG, "a vulnerability of it "
			    "affects %.36s, which is not there", p + i * UUID);
	return 0;
}

static int compare(const struct seen *s, const struct making *m,
    int64_t affects, struct err *err)
{
	int64_t components = 0, issues = 0;
	struct query q;
	int rc;

	query_open(&q, m->r->store, SQL_BOM_COUNTS, BIND(V(m->subject)));
	if ((rc = query_next(&q, err)) > 0) {
		components = query_int(&q, 0);
		issues = query_int(&q, 1);
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	if (s->odd || s->named != s->components + s->vulnerabilities ||
	    (int64_t)s->refs.n != s->components ||
	    (int64_t)s->ids.n != s->vulnerabilities)
		return err_set(err, ERR_BUG, "something in it has no id or no "
		    "name");
	if (s->components != components || s->vulnerabilities != issues ||
	    (int64_t)s->affects.n != affects)
		return err_set(err, ERR_BUG, "it has %lld components and %lld "
		    "vulnerabilities, the database %lld and %lld",
		    (long long)s->components, (long long)s->vulnerabilities,
		    (long long)components, (long long)issues);
	return 0;
}

int proof_bom(const struct making *m, int fd, int64_t affects,
    struct err *err)
{
	static const struct json_want wants[] = {
		{ "components[]", COMPONENT }, { "components[].bom-ref", REF },
		{ "components[].name", NAME },
		{ "vulnerabilities[]", VULNERABILITY },
		{ "vulnerabilities[].bom-ref", VULN_REF },
		{ "vulnerabilities[].id", VULN_ID },
		{ "vulnerabilities[].affects[].ref", AFFECT }, { NULL, 0 }
	};
	struct seen s = { .components = 0 };
	struct err why = ERR_INIT;
	struct input *in = input_open(fd, "output", &why);
	int rc = -1;

	if (in == NULL || json_read(in, wants, value, &s, &why) < 0)
		err_set(err, ERR_BUG, "it cannot be read: %.200s", why.text);
	else if (once(&s.refs, err) == 0 && once(&s.ids, err) == 0 &&
	    resolve(&s, err) == 0)
		rc = compare(&s, m, affects, err);
	input_close(in);
	str_free(&s.refs.text);
	str_free(&s.ids.text);
	str_free(&s.affects.text);
	return rc;
}
