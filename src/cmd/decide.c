/* decide.c - proposing a decision and showing one; see decide.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/cap.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "say.h"
#include "subject.h"
#include "table.h"
#include "decide.h"

#define EVIDENCE_SHOWN 20		/* things covered, quoted */

const char *decide_who(const char *name)
{
	static char uid[32];
	const char *user = getenv("MUSTER_USER");

	if (!str_empty(name))
		return name;
	if (!str_empty(user))
		return user;
	snprintf(uid, sizeof(uid), "uid:%ld", (long)getuid());
	return uid;
}

static struct input *open_file(const char *file, int *fd, struct err *err)
{
	struct input *in;

	if ((*fd = input_file(file, "the file", err)) < 0)
		return NULL;
	if ((in = input_open(*fd, file, err)) == NULL) {
		err_at(err, file, 0, -1);
		close(*fd);
	}
	return in;
}

char *decide_slurp(const char *file, enum cap most, size_t *len,
    struct err *err)
{
	const size_t max = (size_t)cap(most);
	struct str all = STR_INIT;
	const unsigned char *p;
	struct input *in;
	size_t n = 0;
	int fd;

	if ((in = open_file(file, &fd, err)) == NULL)
		return NULL;
	while ((p = input_next_raw(in, &n, err)) != NULL && n > 0 &&
	    all.len <= max)
		str_addn(&all, p, n);
	if (p != NULL && all.len > max)
		cap_err(err, most, "too many bytes");
	if (p == NULL || all.len > max) {
		err_at(err, file, 0, -1);
		str_free(&all);
	} else if (all.s == NULL) {
		str_add(&all, "");
	}
	input_close(in);
	close(fd);
	*len = all.len;
	return all.s;
}

int decide_evidence(struct decision_new *d, char *hex, struct err *err)
{
	const char *file = d->field[DECISION_evidence], *slash;
	struct input *in;
	int64_t bytes;
	int fd, rc;

	if (str_empty(file))
		return 0;
	if ((in = open_file(file, &fd, err)) == NULL)
		return -1;
	if ((rc = input_finish(in, hex, &bytes, err)) < 0)
		err_at(err, file, 0, -1);
	input_close(in);
	close(fd);
	slash = strrchr(file, '/');
	d->field[DECISION_evidence] = slash != NULL ? slash + 1 : file;
	d->evidence_sha256 = hex;
	return rc;
}

int decide_subject(struct ctx *c, struct decision_new *d, char **key,
    struct err *err)
{
	const char *image = d->field[DECISION_image];
	struct query q;
	int64_t id;
	int rc;

	*key = NULL;
	if (str_empty(image))
		return 0;
	if (subject_find(c->store, image, &id, err) < 0)
		return -1;
	query_open(&q, c->store, SQL_RENDER_ONE_SUBJECT, BIND(V(id)));
	if ((rc = query_next(&q, err)) > 0) {
		bool is = str_eq(query_text(&q, 1), "image");

		*key = mem_dup(query_text(&q, 2));
		d->field[is ? DECISION_image : DECISION_workload] = *key;
		if (!is)
			d->field[DECISION_image] = NULL;
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* "why: ..." for every field of the record that is there. */
static int record(const char *body, struct err *err)
{
	struct tree *t = tree_json(body, strlen(body), "a decision", err);

	if (t == NULL)
		return -1;
	NODE_EACH(n, tree_root(t)) {
		struct str line = STR_INIT;

		if (node_text(n) == NULL)
			continue;
		str_addf(&line, "%s: %s", n->key, node_text(n));
		say_text(str_text(&line), 2);
		str_free(&line);
	}
	tree_free(t);
	return 0;
}

static int covers(struct ctx *c, const char *id, struct err *err)
{
	struct query q;
	int64_t n = 0;
	int rc;

	query_open(&q, c->store, SQL_DECISION_SHOW_COVERS, BIND(V(id)));
	while ((rc = query_next(&q, err)) > 0) {
		struct str line = STR_INIT;

		if (++n > EVIDENCE_SHOWN && !c->verbose) {
			str_free(&line);
			continue;
		}
		str_addf(&line, "%s: %s%s%s%s", query_text(&q, 0),
		    query_text(&q, 1), query_int(&q, 2) ? "" : " - not covered",
		    query_text(&q, 3)[0] != '\0' ? ": " : "",
		    query_text(&q, 3));
		say_text(str_text(&line), 4);
		str_free(&line);
	}
	query_close(&q);
	if (n > EVIDENCE_SHOWN && !c->verbose)
		printf("    and %lld more; -v lists all\n",
		    (long long)n - EVIDENCE_SHOWN);
	if (n == 0)
		puts("    nothing today");
	return rc;
}

static int events(struct ctx *c, const char *id, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_DECISION_EVENTS, BIND(V(id)));
	while ((rc = query_next(&q, err)) > 0) {
		struct str line = STR_INIT;

		str_addf(&line, "%s  %s by %s%s%s%s%s", query_text(&q, 3),
		    query_text(&q, 0), query_text(&q, 1),
		    query_text(&q, 2)[0] != '\0' ? " as " : "",
		    query_text(&q, 2), query_text(&q, 4)[0] != '\0' ? ": " :
		    "", query_text(&q, 4));
		say_text(str_text(&line), 4);
		str_free(&line);
	}
	query_close(&q);
	return rc;
}

int decide_show(struct ctx *c, const char *part, struct err *err)
{
	struct str id = STR_INIT;
	struct query q;
	int rc = -1;

	if (decision_find(c->store, part, &id, err) < 0)
		goto out;
	query_open(&q, c->store, c->json ? SQL_DECISION_SHOW_JSON :
	    SQL_DECISION_SHOW, BIND(V(str_text(&id))));
	if (c->json) {
		rc = table_write(&q, TABLE_JSON, err) < 0 ? -1 : 0;
		query_close(&q);
		goto out;
	}
	if ((rc = query_next(&q, err)) > 0) {
		printf("%s  %s  %s\n", str_text(&id), query_text(&q, 0),
		    query_text(&q, 1));
		printf("  signed: %s\n", query_text(&q, 2));
		if (query_int(&q, 3))
			puts("  proposed and approved by the same person");
		rc = record(query_text(&q, 4), err);
	}
	query_close(&q);
	if (rc < 0)
		goto out;
	puts("  covers");
	if ((rc = covers(c, str_text(&id), err)) == 0) {
		puts("  log");
		rc = events(c, str_text(&id), err);
	}
out:
	str_free(&id);
	return rc;
}

int decide_propose(struct ctx *c, struct decision_new *d, struct err *err)
{
	struct str id = STR_INIT;
	char hex[SHA_HEX], *key = NULL;
	int rc = -1;

	d->field[DECISION_by] = decide_who(d->field[DECISION_by]);
	d->at = c->as_of;
	if (decide_evidence(d, hex, err) < 0 ||
	    assess_begin(c->store, err) < 0)
		goto out;
	if (decide_subject(c, d, &key, err) < 0 ||
	    decision_propose(c->store, d, &id, err) < 0 ||
	    store_commit(c->store, err) < 0) {
		store_rollback(c->store);
		goto out;
	}
	if (c->quiet) {
		puts(str_text(&id));
		rc = 0;
	} else if ((rc = assess_begin(c->store, err)) == 0) {
		rc = decision_build(c->store, c->as_of, err);
		if (rc == 0)
			rc = decide_show(c, str_text(&id), err);
		store_rollback(c->store);
	}
out:
	str_free(&id);
	free(key);
	return rc;
}
