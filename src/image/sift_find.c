/*
 * sift_find.c - where in a block a credential may start.
 *
 * A pattern is a literal and a run of characters behind it, as bytes and as
 * UTF-16.  Hyperscan looks for all of them at once where it is there; a table
 * of first bytes finds the same places otherwise.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "muster/mem.h"
#include "muster/str.h"
#include "sift.h"
#include "token.h"

#ifdef HAVE_HS
#include <hs.h>
#endif

#define MAX_RUN	12	/* looked at beforehand; the proof sees the rest */

static const struct sift_pattern signs[] = {
	{ "PRIVATE KEY-----", NULL, 0, SIFT_KEY },
	{ "PRIVATE KEY BLOCK-----", NULL, 0, SIFT_KEY },
	{ "PuTTY-User-Key-File-", "0-9", 1, SIFT_PUTTY },
	{ "://", "!-.0-~", 10, SIFT_URL },
	{ "ecret_access_key", NULL, 0, SIFT_AWS },
	{ "ECRET_ACCESS_KEY", NULL, 0, SIFT_AWS },
	{ "ecretAccessKey", NULL, 0, SIFT_AWS },
	{ "\"auths\"", NULL, 0, SIFT_AUTHS },
	{ "client-key-data", NULL, 0, SIFT_CLIENT_KEY },
};
#define NSIGNS (sizeof(signs) / sizeof(signs[0]))

bool sift_find_pattern(size_t i, struct sift_pattern *p)
{
	if (i < NSIGNS) {
		*p = signs[i];
		return true;
	}
	p->sign = SIFT_TOKEN;
	if (!token_anchor(i - NSIGNS, &p->text, &p->set, &p->run))
		return false;
	if (p->run > MAX_RUN)
		p->run = MAX_RUN;
	return true;
}

static void add(struct sift_places *out, size_t at, unsigned id)
{
	MEM_ROOM(out->place, out->n, out->cap);
	out->place[out->n++] = (struct sift_place){ (uint32_t)at,
	    (uint16_t)(id / 2), (id & 1) != 0 };
}

#ifdef HAVE_HS

struct sift_find {
	hs_scratch_t		*scratch;
	struct sift_places	*out;
};

/* Compiled once, for all threads; never freed, because it is never done. */
static struct {
	pthread_once_t	 once;
	hs_database_t	*hs;
	size_t		*length;	/* of what a pattern matches */
} base = { .once = PTHREAD_ONCE_INIT };

/* \xNN for every byte: nothing in a literal means anything else. */
static void literal(struct str *out, const char *text, bool wide)
{
	for (; *text != '\0'; text++) {
		str_addf(out, "\\x%02x", (unsigned)(unsigned char)*text);
		/* The last NUL is not asked for: in big-endian text another
		 * character's comes first. */
		if (wide && text[1] != '\0')
			str_add(out, "\\x00");
	}
}

static size_t expression(const struct sift_pattern *p, bool wide,
    struct str *out)
{
	size_t n = strlen(p->text);

	literal(out, p->text, wide);
	if (p->run > 0 && wide)
		str_addf(out, "(?:\\x00[%s]){%zu}", p->set, p->run);
	else if (p->run > 0)
		str_addf(out, "[%s]{%zu}", p->set, p->run);
	n += p->run;
	return wide ? 2 * n - 1 : n;
}

static void compile(void)
{
	struct sift_pattern p;
	struct str *text;
	const char **exprs;
	unsigned *flags, *ids;
	size_t n = 0;
	hs_compile_error_t *why = NULL;

	while (sift_find_pattern(n, &p))
		n++;
	n *= 2;
	text = mem_array(n, sizeof(*text));
	exprs = mem_array(n, sizeof(*exprs));
	flags = mem_array(n, sizeof(*flags));
	ids = mem_array(n, sizeof(*ids));
	base.length = mem_array(n, sizeof(*base.length));
	for (size_t i = 0; i < n; i++) {
		sift_find_pattern(i / 2, &p);
		base.length[i] = expression(&p, (i & 1) != 0, &text[i]);
		exprs[i] = text[i].s;
		flags[i] = HS_FLAG_DOTALL;
		ids[i] = (unsigned)i;
	}
	if (hs_compile_multi(exprs, flags, ids, (unsigned)n, HS_MODE_BLOCK,
	    NULL, &base.hs, &why) != HS_SUCCESS) {
		base.hs = NULL;
		hs_free_compile_error(why);
	}
	for (size_t i = 0; i < n; i++)
		str_free(&text[i]);
	free(text);
	free(exprs);
	free(flags);
	free(ids);
}
#else
struct sift_find {
	char	unused;
};
#endif

/* Without the library, or on a processor it does not serve. */
static struct {
	pthread_once_t	 once;
	unsigned char	 first[256];	/* a pattern starts with this byte */
	unsigned short	 list[256][24];	/* which; first[] of them */
	bool		 set[256][256];	/* characters of a pattern's run */
	struct sift_pattern pattern[256];
	size_t		 length[256];
} table = { .once = PTHREAD_ONCE_INIT };

static void fill_set(bool set[256], const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char lo = (unsigned char)*text, hi = lo;

		if (text[1] == '-' && text[2] != '\0') {
			hi = (unsigned char)text[2];
			text += 2;
		}
		for (unsigned c = lo; c <= hi; c++)
			set[c] = true;
	}
}

static void tabulate(void)
{
	struct sift_pattern p;

	for (size_t i = 0; i < 256 && sift_find_pattern(i, &p); i++) {
		unsigned char c = (unsigned char)p.text[0];

		if (table.first[c] == 24)
			abort();	/* the table above is too small */
		table.list[c][table.first[c]++] = (unsigned short)i;
		table.pattern[i] = p;
		table.length[i] = strlen(p.text);
		if (p.run > 0)
			fill_set(table.set[i], p.set);
	}
}

/* step 2: characters are two bytes apart */
static bool here(const char *s, size_t n, size_t i, size_t step)
{
	const struct sift_pattern *p = &table.pattern[i];
	size_t len = table.length[i], all = len + p->run;

	if (n < step * all - (step - 1))
		return false;
	for (size_t k = 0; k < all; k++) {
		unsigned char c = (unsigned char)s[step * k];

		if (k < len ? c != (unsigned char)p->text[k] :
		    !table.set[i][c])
			return false;
		if (step == 2 && k > 0 && s[2 * k - 1] != '\0')
			return false;
	}
	return true;
}

static void by_table(const char *text, size_t n, struct sift_places *out)
{
	pthread_once(&table.once, tabulate);
	for (size_t at = 0; at < n; at++) {
		unsigned char c = (unsigned char)text[at];

		for (unsigned k = 0; k < table.first[c]; k++) {
			size_t i = table.list[c][k];
			bool wide = at + 1 < n && text[at + 1] == '\0';

			if (here(text + at, n - at, i, wide ? 2 : 1))
				add(out, at, (unsigned)(2 * i + wide));
		}
	}
}

#ifdef HAVE_HS
static int match(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *ctx)
{
	struct sift_find *f = ctx;

	(void)from;
	(void)flags;
	add(f->out, (size_t)to - base.length[id], id);
	return 0;
}

static int in_order(const void *a, const void *b)
{
	const struct sift_place *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->pattern > y->pattern) - (x->pattern < y->pattern);
}
#endif

struct sift_find *sift_find_new(void)
{
	struct sift_find *f = mem_alloc(sizeof(*f));

#ifdef HAVE_HS
	pthread_once(&base.once, compile);
	if (base.hs == NULL || hs_alloc_scratch(base.hs, &f->scratch) !=
	    HS_SUCCESS)
		f->scratch = NULL;
#endif
	return f;
}

void sift_find_free(struct sift_find *f)
{
	if (f == NULL)
		return;
#ifdef HAVE_HS
	hs_free_scratch(f->scratch);
#endif
	free(f);
}

void sift_find(struct sift_find *f, const char *text, size_t n,
    struct sift_places *out)
{
	out->n = 0;
#ifdef HAVE_HS
	f->out = out;
	if (f->scratch != NULL && hs_scan(base.hs, text, (unsigned)n, 0,
	    f->scratch, match, f) == HS_SUCCESS) {
		if (out->n > 1)
			qsort(out->place, out->n, sizeof(*out->place),
			    in_order);
		return;
	}
	out->n = 0;
#endif
	(void)f;
	by_table(text, n, out);
}
