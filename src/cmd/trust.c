/*
 * trust.c - "muster trust": whose signatures count, and for which images.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/command.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/sign.h"
#include "muster/str.h"
#include "muster/trust.h"
#include "table.h"

static const char *prefix, *identity, *any_time;

static const struct opt opts[] = {
	{ 0, "for", "REF-PREFIX", "add: which images it is trusted for, a "
	    "registry, a folder or a repository; \"*\" is all", &prefix },
	{ 0, "identity", "GLOB", "add: the signer's name in certificates "
	    "under this root (mail, URI or host)", &identity },
	{ 0, "any-time", NULL, "add: certificates under this root count "
	    "when they have expired, too", &any_time },
	{ 0, NULL, NULL, NULL, NULL }
};

/* The bytes of a key's file. */
static char *slurp(const char *file, size_t *len, struct err *err)
{
	int fd = input_file(file, "a public key", err);
	struct str all = STR_INIT;
	struct input *in = NULL;
	const unsigned char *p = NULL;
	size_t n = 0;

	if (fd >= 0 && (in = input_open(fd, file, err)) != NULL)
		while ((p = input_next_raw(in, &n, err)) != NULL && n > 0 &&
		    all.len <= SIGN_MAX_KEY)
			str_addn(&all, p, n);
	if (p == NULL)
		err_at(err, file, 0, -1);
	if (in != NULL)
		input_close(in);
	if (fd >= 0)
		close(fd);
	*len = all.len;
	if (p != NULL && all.s == NULL)
		str_add(&all, "");
	if (p == NULL)
		str_free(&all);
	return all.s;
}

static int add(struct ctx *c, const char *file, struct err *err)
{
	struct trust_new t = { .prefix = prefix, .identity = identity,
	    .any_time = any_time != NULL };
	struct str id = STR_INIT;
	char *key = NULL;
	int rc = -1;

	if (prefix == NULL)
		return err_set(err, ERR_USAGE, "say which images the key is "
		    "trusted for: --for REF-PREFIX");
	if ((key = slurp(file, &t.len, err)) == NULL)
		goto out;
	t.key = key;
	if ((c->store = store_open(c->db, STORE_CREATE, err)) == NULL ||
	    store_begin(c->store, err) < 0)
		goto out;
	if (trust_add(c->store, &t, &id, err) < 0) {
		store_rollback(c->store);
		if (err->kind == ERR_INPUT)
			err_at(err, file, 0, -1);
		goto out;
	}
	if ((rc = store_commit(c->store, err)) == 0 && !c->quiet)
		printf("%s\n", id.s);
out:
	free(key);
	str_free(&id);
	return rc;
}

static int take_back(struct ctx *c, const char *id, struct err *err)
{
	struct str whole = STR_INIT;
	int rc = -1;

	if ((c->store = store_open(c->db, STORE_WRITE, err)) == NULL ||
	    store_begin(c->store, err) < 0)
		goto out;
	if (trust_remove(c->store, id, &whole, err) < 0) {
		store_rollback(c->store);
		goto out;
	}
	rc = store_commit(c->store, err);
out:
	str_free(&whole);
	return rc;
}

static int list(struct ctx *c, struct err *err)
{
	struct query q;
	long long n;

	if ((c->store = store_open(c->db, STORE_READ, err)) == NULL)
		return -1;
	query_open(&q, c->store, SQL_TRUST_LIST, NOBIND);
	n = table_write(&q, c->json ? TABLE_JSON : TABLE_TEXT, err);
	query_close(&q);
	return n < 0 ? -1 : 0;
}

static void member(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
	if (value != NULL)
		str_json(out, value);
	else
		str_add(out, "null");
}

/* One signature; ctx says whether as JSON. */
static int told(void *ctx, const struct trust_row *r, struct err *err)
{
	const struct ctx *c = ctx;
	const char *verdict = trust_verdict_name(r->word->verdict);
	struct str out = STR_INIT;

	(void)err;
	if (c->json) {
		str_add(&out, "{");
		member(&out, "verdict", verdict);
		member(&out, "kind", r->kind);
		member(&out, "image", r->image);
		member(&out, "claim", r->claim);
		member(&out, "reference", r->reference);
		member(&out, "type", r->type);
		member(&out, "why", str_text(&r->word->text));
		member(&out, "file", r->file);
		member(&out, "locator", str_text(&r->word->locator));
		str_add(&out, "}\n");
		fputs(str_text(&out), stdout);
	} else {
		str_addf(&out, "%-9s  %s  %s\n           %s (%s, %s)\n",
		    verdict, r->kind, r->image != NULL ? r->image :
		    r->claim != NULL ? r->claim : "-",
		    str_text(&r->word->text), r->file,
		    str_text(&r->word->locator));
		for (char *p = out.s, *end; *p != '\0'; p = end + 1) {
			end = strchr(p, '\n');
			*end = '\0';
			str_safe(stdout, p);
			putchar('\n');
		}
	}
	str_free(&out);
	return 0;
}

static int check(struct ctx *c, struct err *err)
{
	if ((c->store = store_open(c->db, STORE_READ, err)) == NULL)
		return -1;
	return trust_each(c->store, c->as_of, told, c, err);
}

static int run(struct ctx *c, struct err *err)
{
	const char *what = c->argv[0];
	const char *operand = c->argc > 1 ? c->argv[1] : NULL;

	if (str_eq(what, "add") && operand != NULL)
		return add(c, operand, err);
	if (prefix != NULL || identity != NULL || any_time != NULL)
		return err_set(err, ERR_USAGE, "--for, --identity and "
		    "--any-time go with \"muster trust add KEY\"");
	if (str_eq(what, "remove") && operand != NULL)
		return take_back(c, operand, err);
	if (str_eq(what, "list") && operand == NULL)
		return list(c, err);
	if (str_eq(what, "check") && operand == NULL)
		return check(c, err);
	return err_set(err, ERR_USAGE, "expected \"add KEY --for "
	    "REF-PREFIX\", \"remove ID\", \"list\" or \"check\" behind "
	    "\"muster trust\"");
}

const struct command cmd_trust = {
	.name = "trust",
	.operands = "add KEY | remove ID | list | check",
	.about = "keys whose signatures count, for which images",
	.least = 1, .most = 2,
	.are = OPERANDS_READ,
	.json = true,
	.no_store = true,
	.opts = opts,
	.run = run,
};
