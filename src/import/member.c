/*
 * member.c - a file inside a file: its bytes into memory, then imported.
 *
 * It is imported as if it had come alone, by a reader of its own, so that
 * nothing that is wrong with it touches its neighbours; what came of it is
 * told by the file around it.  Nothing is written to disk on the way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"
#include "import_priv.h"

void member_drop(struct nest *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
	free(n->member);
	free(n->kind);
	free(n->value);
	sha_free(n->sha);
	n->member = n->kind = n->value = NULL;
	n->sha = NULL;
	n->bytes = 0;
}

static int start(struct nest *n, const struct rec *rec, struct err *err)
{
	struct together *all = n->in->together;

	if (n->fd >= 0 || str_empty(rec->f[1].p))
		return err_set(err, ERR_INPUT, "the reader sent a broken "
		    "member");
	if (++all->members > cap(CAP_MEMBERS))
		return cap_err(err, CAP_MEMBERS, "too many files in it");
	if ((n->fd = memfd_create("member", MFD_CLOEXEC)) < 0)
		return err_sys(err, "cannot get memory for a file in it");
	n->member = mem_dup(rec->f[1].p);
	if (!str_empty(rec->f[2].p) && !str_empty(rec->f[3].p)) {
		n->kind = mem_dup(rec->f[2].p);
		n->value = mem_dup(rec->f[3].p);
	}
	n->sha = sha_new();
	return 0;
}

static int take_data(struct nest *n, const struct field *f, struct err *err)
{
	struct together *all = n->in->together;
	const char *at = f->p;
	size_t left = at != NULL ? f->len : 0;

	if (n->fd < 0)
		return err_set(err, ERR_INPUT, "the reader sent a broken "
		    "member");
	n->bytes += (int64_t)left;
	all->bytes += (int64_t)left;
	if (n->bytes > cap(CAP_MEMBER_BYTES))
		return cap_err(err, CAP_MEMBER_BYTES, "%.200s in it is too "
		    "long", n->member);
	if (all->bytes > cap(CAP_MEMBERS_BYTES))
		return cap_err(err, CAP_MEMBERS_BYTES, "%.200s in it is too "
		    "long with the files before it", n->member);
	sha_add(n->sha, at, left);
	while (left > 0) {
		ssize_t done = write(n->fd, at, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_sys(err, "cannot hold a file in memory");
		at += done;
		left -= (size_t)done;
	}
	return 0;
}

/* Import it, or leave no trace of it: -1 only for what is not its fault. */
static int import_it(struct nest *n, const char *name,
    struct import_result *res, struct err *bad, struct err *err)
{
	const struct intake *k = n->in;
	const struct import_opts opts = {
		.batch = k->batch, .member = k->opts->member,
		.ctx = k->opts->ctx
	};
	const struct intake in = {
		.store = k->store, .opts = &opts, .batch = k->batch,
		.kind = n->kind, .value = n->value, .depth = k->depth + 1,
		.top = k->top, .together = k->together
	};
	int rc;

	if (in.depth > cap(CAP_MEMBER_DEPTH)) {
		cap_err(bad, CAP_MEMBER_DEPTH, "files inside files too deep");
		return 0;
	}
	if ((rc = keep_held(k->store, res, err)) != 0)
		return rc < 0 ? -1 : 0;
	if (store_save(k->store, err) < 0)
		return -1;
	rc = keep_file(&in, n->fd, name, res, bad);
	if (rc < 0 && bad->kind != ERR_INPUT && bad->kind != ERR_BUG) {
		*err = *bad;
		return -1;
	}
	if (rc < 0 && res->status != IMPORT_NO_EVIDENCE)
		res->status = IMPORT_REFUSED;
	return rc == 0 ? store_release(k->store, err) :
	    store_back(k->store, err);
}

/* What came of it, into the evidence of the file around it. */
static int account(struct nest *n, const struct import_result *res,
    const struct err *bad, struct evidence *ev, struct err *err)
{
	struct str told = STR_INIT, at = STR_INIT;
	const char *no = "no evidence: of no format that muster reads";
	bool fine = res->status == IMPORT_DONE ||
	    res->status == IMPORT_DUPLICATE;
	int rc;

	str_addf(&told, "sha256:%s ", res->sha256);
	if (fine)
		str_addf(&told, "%s %s", res->status == IMPORT_DONE ?
		    "imported as" : "held already as", res->format);
	else if (res->status == IMPORT_NO_EVIDENCE)
		str_add(&told, no);
	else
		str_addf(&told, "refused: %s", bad->text);
	str_addf(&at, "member:%s", n->member);
	const struct rec fact = { REC_FACT, 5, {
		{ "0", 1 }, { "archive.member", 14 },
		{ n->member, strlen(n->member) }, { told.s, told.len },
		{ at.s, at.len }
	} };
	const struct rec warning = { REC_WARNING, 2, {
		{ at.s, at.len },
		{ told.s + 7 + SHA_HEX, told.len - 7 - SHA_HEX }
	} };

	rc = evidence_put(ev, &fact, err);
	if (rc == 0 && !fine)
		rc = evidence_put(ev, &warning, err);
	n->stored += res->status == IMPORT_DONE;
	n->held += res->status == IMPORT_DUPLICATE;
	n->unplaced += !fine;
	if (res->status == IMPORT_REFUSED)
		snprintf(n->why, sizeof(n->why), "; %.60s: %.80s", n->member,
		    bad->text);
	str_free(&told);
	str_free(&at);
	return rc;
}

static int finish(struct nest *n, struct evidence *ev, struct err *err)
{
	struct import_result res = { .status = IMPORT_REFUSED };
	struct err bad = ERR_INIT;
	struct str name = STR_INIT;
	int rc;

	if (n->fd < 0)
		return err_set(err, ERR_INPUT, "the reader sent a broken "
		    "member");
	sha_end_hex(n->sha, res.sha256);
	res.bytes = n->bytes;
	str_addf(&name, "%s!%s", n->name, n->member);
	rc = import_it(n, name.s, &res, &bad, err);
	if (rc == 0)
		rc = account(n, &res, &bad, ev, err);
	if (rc == 0 && n->in->opts->member != NULL)
		n->in->opts->member(n->in->opts->ctx, name.s + n->in->top,
		    &res, &bad);
	str_free(&name);
	member_drop(n);
	return rc;
}

int member_take(struct nest *n, const struct rec *rec, struct evidence *ev,
    struct err *err)
{
	const char *step = rec->n == 5 ? rec->f[0].p : NULL;

	if (str_eq(step, "start"))
		return start(n, rec, err);
	if (str_eq(step, "data"))
		return take_data(n, &rec->f[4], err);
	if (str_eq(step, "end"))
		return finish(n, ev, err);
	return err_set(err, ERR_INPUT, "the reader sent a broken member");
}

int member_any(struct nest *n, const struct import_result *res,
    struct err *err)
{
	if (n->unplaced == 0 || n->unplaced != res->read)
		return 0;
	n->nothing = n->why[0] == '\0';
	return err_set(err, ERR_INPUT, "none of the %lld files in it is of a "
	    "format that muster reads%s", (long long)n->unplaced, n->why);
}
