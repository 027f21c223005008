/*
 * poam_item.c - the items of a plan of action and milestones; see poam.h.
 *
 * Two ordered walks, over failed requirements and over open vulnerabilities.
 * Rows of one item stand together; it is told when the next one begins.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "poam.h"
#include "poam_text.h"

/* The columns of SHEETS_FAILED and SHEETS_OPEN. */
enum { F_ID, F_ORD, F_TITLE, F_RULE, F_CCI, F_CONTROL, F_SEVERITY, F_FIX,
	F_ASSET, F_SLUG, F_WHY, F_WAIVE, F_PLAN, F_ADJUST, F_MARK };
enum { O_ID, O_PACKAGE, O_VERSION, O_SEVERITY, O_ASSET, O_SLUG, O_WORST,
	O_TOOLS, O_FIXED, O_TITLE, O_WAIVE, O_PLAN, O_ADJUST, O_MARK };

#define REASONS_MOST	3		/* different ones of an item */
#define DEVICES_MOST	30000		/* bytes of their names */

struct walk {
	struct poam_walk *w;
	int (*fn)(void *ctx, const struct poam_item *item, struct err *err);
	void		*ctx;
	struct poam_item item;
	struct str	 key;		/* of the item */
	struct str	 decision[3];	/* waive, plan, adjust: ids or "" */
	struct str	 asset, version;	/* the last of each */
	struct str	 marks;		/* different ones */
	int		 severity;	/* worst so far */
	int64_t		 devices, unnamed, reasons, versions, rows;
	bool		 begun;
};

static struct str *field(struct walk *k, enum poam_field f)
{
	return &k->item.field[f];
}

/* Is it not the one that came before?  Then it is now. */
static bool other(struct str *last, const char *text)
{
	if (last->s != NULL && strcmp(last->s, text) == 0)
		return false;
	str_clear(last);
	str_add(last, text);
	return true;
}

/* A decision that covers the item, told in its fields. */
static int decided(struct walk *k, int which, struct err *err)
{
	struct query q;
	int rc;

	if (k->decision[which].len == 0)
		return 0;
	query_open(&q, k->w->store, SQL_SHEETS_DECISION,
	    BIND(V(str_text(&k->decision[which]))));
	rc = query_next(&q, err);
	if (rc == 0)
		rc = err_set(err, ERR_BUG, "there is no decision %s",
		    str_text(&k->decision[which]));
	else if (rc > 0)
		poam_text_decision(&k->item, &q, k->w->layout,
		    k->decision[0].len != 0 && which != 0);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static void mark(struct walk *k, const char *text)
{
	if (text[0] == '\0' || str_contains(str_text(&k->marks), text))
		return;
	str_addf(&k->marks, "%s%s", k->marks.len > 0 ? "; " : "", text);
}

/* Before the text it is about, as portions of a document are marked. */
static void portion(struct walk *k)
{
	struct str *to = field(k, POAM_DESCRIPTION), text = STR_INIT;

	if (k->marks.len == 0)
		return;
	str_addf(&text, "(%s) %s", str_text(&k->marks), str_text(to));
	str_clear(to);
	str_add(to, str_text(&text));
	str_free(&text);
}

/* Who is affected: in a column where there is one. */
static void affected(struct walk *k)
{
	struct str *devices = field(k, POAM_DEVICES);

	if (k->unnamed > 0)
		str_addf(devices, "\nand %lld more", (long long)k->unnamed);
	if (k->w->layout == POAM_22)
		str_addf(field(k, POAM_DESCRIPTION), "\nAffected (%lld): %s",
		    (long long)k->devices, str_text(devices));
}

static int tell(struct walk *k, struct err *err)
{
	struct poam_walk *w = k->w;

	if (!k->begun)
		return 0;
	k->begun = false;
	affected(k);
	portion(k);
	poam_text_severity(&k->item, k->severity);
	str_add(field(k, POAM_STATUS), "Ongoing");
	for (int i = 0; i < 3; i++)
		if (decided(k, i, err) < 0)
			return -1;
	if (w->office != NULL) {
		str_clear(field(k, POAM_OFFICE));
		str_add(field(k, POAM_OFFICE), w->office);
	}
	w->items++;
	w->risks += k->decision[0].len != 0;
	w->dateless += k->decision[0].len == 0 &&
	    field(k, POAM_COMPLETION)->len == 0;
	return k->fn(k->ctx, &k->item, err);
}

/* Does the row belong to the item before it?  If not, that one is told. */
static int begin(struct walk *k, const struct query *q, int id, int package,
    int waive, struct err *err)
{
	struct str key = STR_INIT;
	int rc = 0;

	str_addf(&key, "%s\n%s", query_text(q, id), query_text(q, package));
	for (int i = 0; i < 3; i++)
		str_addf(&key, "\n%s", query_text(q, waive + i));
	if (!k->begun || other(&k->key, str_text(&key))) {
		rc = tell(k, err);
		for (int i = 0; i < POAM_FIELDS; i++)
			str_clear(&k->item.field[i]);
		for (int i = 0; i < 3; i++) {
			str_clear(&k->decision[i]);
			str_add(&k->decision[i], query_text(q, waive + i));
		}
		str_clear(&k->key);
		str_add(&k->key, str_text(&key));
		str_free(&k->asset);
		str_free(&k->version);
		str_clear(&k->marks);
		k->severity = 0;
		k->devices = k->unnamed = k->reasons = k->versions = 0;
		k->begun = true;
		rc = rc < 0 ? -1 : 1;
	}
	k->rows++;
	str_free(&key);
	return rc;
}

static void device(struct walk *k, const char *asset, const char *slug)
{
	struct str *devices = field(k, POAM_DEVICES);

	if (!other(&k->asset, slug))
		return;
	k->devices++;
	if (devices->len > DEVICES_MOST) {
		k->unnamed++;
		return;
	}
	if (devices->len > 0)
		str_addc(devices, '\n');
	str_add(devices, asset);
}

static int failed_row(struct walk *k, const struct query *q, struct err *err)
{
	int rc = begin(k, q, F_ID, F_ID, F_WAIVE, err);

	if (rc > 0) {
		str_addf(field(k, POAM_DESCRIPTION), "%s %s",
		    query_text(q, F_ID), query_text(q, F_TITLE));
		poam_text_control(field(k, POAM_CONTROL), query_text(q, F_CCI),
		    query_text(q, F_CONTROL));
		str_addf(field(k, POAM_CHECKS), "%s; %s",
		    query_text(q, F_RULE), query_text(q, F_CCI));
		str_add(field(k, POAM_SOURCE), "muster " MUSTER_VERSION
		    ", Container Image Creation and Deployment Guide");
		str_add(field(k, POAM_RECOMMENDATIONS), query_text(q, F_FIX));
		k->severity = poam_text_level(query_text(q, F_SEVERITY));
	}
	if (rc >= 0) {
		if (k->reasons < REASONS_MOST &&
		    query_null(q, F_WHY) != NULL &&
		    !str_contains(str_text(field(k, POAM_DESCRIPTION)),
		    query_text(q, F_WHY))) {
			str_addf(field(k, POAM_DESCRIPTION), "\n%s",
			    query_text(q, F_WHY));
			k->reasons++;
		}
		device(k, query_text(q, F_ASSET), query_text(q, F_SLUG));
		mark(k, query_text(q, F_MARK));
	}
	return rc < 0 ? -1 : 0;
}

/* The parts of a description that may differ between what is affected. */
static void version(struct walk *k, const struct query *q)
{
	struct str *to = field(k, POAM_DESCRIPTION);

	if (query_text(q, O_VERSION)[0] == '\0' ||
	    !other(&k->version, query_text(q, O_VERSION)) ||
	    k->versions++ > REASONS_MOST)
		return;
	if (k->versions > REASONS_MOST)
		str_add(to, ", \xe2\x80\xa6");
	else
		str_addf(to, "%s %s", k->versions > 1 ? "," : "",
		    query_text(q, O_VERSION));
}

static int open_row(struct walk *k, const struct query *q, struct err *err)
{
	int rc = begin(k, q, O_ID, O_PACKAGE, O_WAIVE, err);
	struct str *to = field(k, POAM_RECOMMENDATIONS);

	if (rc < 0)
		return -1;
	if (rc > 0) {
		str_addf(field(k, POAM_DESCRIPTION), "%s in %s",
		    query_text(q, O_ID), query_text(q, O_PACKAGE));
		str_add(field(k, POAM_CHECKS), query_text(q, O_ID));
		str_add(field(k, POAM_COMMENTS), query_text(q, O_TITLE));
	}
	version(k, q);
	if (query_text(q, O_TOOLS)[0] != '\0' &&
	    !str_contains(str_text(field(k, POAM_SOURCE)),
	    query_text(q, O_TOOLS)))
		str_addf(field(k, POAM_SOURCE), "%s%s",
		    field(k, POAM_SOURCE)->len > 0 ? "; " : "",
		    query_text(q, O_TOOLS));
	if (query_text(q, O_FIXED)[0] != '\0' &&
	    !str_contains(str_text(to), query_text(q, O_FIXED)))
		str_addf(to, "%s %s", to->len > 0 ? "," : "Update to",
		    query_text(q, O_FIXED));
	if (query_int(q, O_SEVERITY) > k->severity)
		k->severity = (int)query_int(q, O_SEVERITY);
	device(k, query_text(q, O_ASSET), query_text(q, O_SLUG));
	mark(k, query_text(q, O_MARK));
	return 0;
}

static int rows(struct walk *k, enum sql sql,
    int (*row)(struct walk *k, const struct query *q, struct err *err),
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, k->w->store, sql, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = row(k, &q, err)) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : tell(k, err);
}

/* Was every row told, in as many items as there are? */
static int adds_up(const struct walk *k, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, k->w->store, SQL_SHEETS_COUNTS, NOBIND);
	rc = query_next(&q, err);
	if (rc > 0 && (k->rows != query_int(&q, 0) + query_int(&q, 1) ||
	    k->w->items != query_int(&q, 2) + query_int(&q, 3)))
		rc = err_set(err, ERR_BUG, "%lld failures and issues make "
		    "%lld items, where the database has %lld in %lld",
		    (long long)k->rows, (long long)k->w->items,
		    (long long)(query_int(&q, 0) + query_int(&q, 1)),
		    (long long)(query_int(&q, 2) + query_int(&q, 3)));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int poam_item_walk(struct poam_walk *w,
    int (*fn)(void *ctx, const struct poam_item *item, struct err *err),
    void *ctx, struct err *err)
{
	struct walk k = { .w = w, .fn = fn, .ctx = ctx };
	int rc = 0;

	w->items = w->risks = w->dateless = 0;
	if (rows(&k, SQL_SHEETS_FAILED, failed_row, err) < 0 ||
	    rows(&k, SQL_SHEETS_OPEN, open_row, err) < 0 ||
	    adds_up(&k, err) < 0)
		rc = -1;
	for (int i = 0; i < POAM_FIELDS; i++)
		str_free(&k.item.field[i]);
	for (int i = 0; i < 3; i++)
		str_free(&k.decision[i]);
	str_free(&k.key);
	str_free(&k.asset);
	str_free(&k.version);
	str_free(&k.marks);
	return rc;
}

/* The n-th line that is not empty; NULL: there are fewer. */
static const char *line_of(const char *text, size_t n, size_t *len)
{
	for (; *text != '\0'; text += *len) {
		text += strspn(text, "\r\n");
		*len = strcspn(text, "\r\n");
		if (*len > 0 && n-- == 0)
			return text;
	}
	return NULL;
}

bool poam_item_row(const struct poam_item *item, size_t n,
    struct str out[POAM_FIELDS], uint64_t *cut)
{
	const char *p;
	size_t len = 0;
	char *line;

	p = line_of(str_text(&item->field[POAM_MILESTONE]), n, &len);
	if (n > 0 && p == NULL)
		return false;
	line = mem_dupn(p != NULL ? p : "", len);
	*cut = 0;
	for (int i = 0; i < POAM_FIELDS; i++) {
		const char *text = str_text(&item->field[i]);

		str_clear(&out[i]);
		if (i == POAM_MILESTONE)
			text = line;
		else if (n > 0)
			continue;
		if (cell_add(&out[i], text, poam_columns[i].most))
			*cut |= UINT64_C(1) << i;
	}
	free(line);
	return true;
}
