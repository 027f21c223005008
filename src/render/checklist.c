/*
 * checklist.c - the other STIGs of a subject in its checklist.
 *
 * A STIG may have any number of rules, so it is no part of the evidence
 * document: the stylesheet makes the guide's part, leaves a mark where STIGs
 * go, and is asked for them piece by piece.  What it makes of a piece is, by
 * marks: what opens the STIG, the rules, what closes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

#define RULES	250		/* of a piece */
#define CUTS	4		/* between before, opens, rules, closes, after */

struct out {
	const struct making	*m;
	struct transform	*sheet;
	const char *const	*params;
	const char		*mark;
	FILE			*file;
};

/* One that no text can hold: XML escapes any "<", JSON any newline. */
static const char *mark_of(const struct output *o)
{
	return strcmp(o->media_type, "application/json") == 0 ?
	    "\n\t\n\t\n" : "<?stigs?>";
}

/* Cut a text at its marks, of which it has from least to most. */
static int cut(const char *bytes, size_t len, const char *mark,
    struct str *piece, int least, int most, struct err *err)
{
	const char *p = bytes, *end = bytes + len, *at;
	size_t width = strlen(mark);
	int i = 0;

	while (i <= most && (at = memmem(p, (size_t)(end - p), mark, width)) !=
	    NULL) {
		str_addn(&piece[i++], p, (size_t)(at - p));
		p = at + width;
	}
	if (i < least || i > most)
		return err_set(err, ERR_BUG, "it has %d marks where STIGs go, "
		    "not %d", i, most);
	str_addn(&piece[i], p, (size_t)(end - p));
	return 0;
}

static void put(struct out *o, const struct str *s)
{
	fwrite(str_text(s), 1, s->len, o->file);
}

/* So many rules, the next ones of the walk. */
static int piece(struct out *o, const struct part *p, struct query *q,
    struct err *err)
{
	struct str is[CUTS + 2] = { STR_INIT };
	xmlDoc *doc = document_list(o->m->r, p, "cell", q, err);
	char *bytes = NULL;
	size_t len;
	int rc = -1;

	if (doc != NULL)
		bytes = transform_run(o->sheet, doc, o->params, &len, err);
	if (bytes != NULL &&
	    (rc = cut(bytes, len, o->mark, is, CUTS, CUTS, err)) == 0) {
		if (p->page == 1)
			put(o, &is[1]);
		put(o, &is[2]);
		if (p->page * p->most >= p->total)
			put(o, &is[3]);
	}
	for (size_t i = 0; i < CUTS + 2; i++)
		str_free(&is[i]);
	free(bytes);
	xmlFreeDoc(doc);
	return rc;
}

static int stig(struct out *o, const char *id, int64_t rules,
    struct err *err)
{
	struct part p = { id, o->m->subject, 1, rules, RULES };
	struct query q;
	int rc = 0;

	query_open(&q, o->m->r->store, SQL_CHECKLIST_CELLS,
	    BIND(V(p.subject), V(id)));
	for (; rc == 0 && (p.page - 1) * RULES < rules; p.page++)
		rc = piece(o, &p, &q, err);
	query_close(&q);
	return rc;
}

static int stigs(struct out *o, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, o->m->r->store, SQL_CHECKLIST_STIGS,
	    BIND(V(o->m->subject)));
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = stig(o, query_text(&q, 0), query_int(&q, 1), err))
		    < 0)
			break;
	query_close(&q);
	return rc;
}

/* Around the STIGs what the stylesheet made of the guide. */
static int whole(struct out *o, const struct str *around, int fd,
    struct err *err)
{
	int rc;

	if ((o->file = fdopen(fd, "w")) == NULL) {
		close(fd);
		return err_sys(err, "cannot write the checklist");
	}
	put(o, &around[0]);
	rc = stigs(o, err);
	put(o, &around[1]);
	if (fflush(o->file) != 0 || ferror(o->file))
		rc = rc < 0 ? -1 : err_sys(err, "cannot write the checklist");
	if (rc == 0)
		rc = proof_checklist(o->m, fd, err);
	if (fclose(o->file) != 0 && rc == 0)
		rc = err_sys(err, "cannot write the checklist");
	return rc;
}

/* Most subjects have none: their file is in memory already. */
static int any(const struct making *m, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, m->r->store, SQL_CHECKLIST_STIGS, BIND(V(m->subject)));
	rc = query_next(&q, err);
	query_close(&q);
	return rc;
}

int checklist_write(const struct making *m, struct transform *sheet,
    const char *const *params, const char *bytes, size_t len,
    struct err *err)
{
	struct out o = { m, sheet, params, mark_of(m->o), NULL };
	struct str around[3] = { STR_INIT, STR_INIT, STR_INIT };
	struct str name = STR_INIT;
	int fd, has = any(m, err), rc = -1;

	str_addf(&name, "%s%s", m->slug, m->o->suffix);
	/* a stylesheet of somebody's own may not know of STIGs */
	if (has >= 0)
		rc = cut(bytes, len, o.mark, around, has, 1, err);
	if (rc == 0 && has == 0) {
		str_addn(&around[0], str_text(&around[1]), around[1].len);
		rc = files_put(m->files, m->o->place, str_text(&name),
		    str_text(&around[0]), around[0].len, err);
	} else if (rc == 0) {
		fd = files_start(m->files, m->o->place, str_text(&name), err);
		rc = fd >= 0 ? whole(&o, around, fd, err) : -1;
	}
	for (int i = 0; i < 3; i++)
		str_free(&around[i]);
	str_free(&name);
	return rc;
}
