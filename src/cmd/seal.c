/*
 * seal.c - "muster seal": a small file that says how the database stands.
 *
 * Kept elsewhere, signed or not, it tells later whether the journal only grew
 * since, and with "verify --all" whether a single bit of the file changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/command.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/pages.h"
#include "muster/sign.h"
#include "muster/str.h"
#include "scratch.h"
#include "seal.h"
#include "signing.h"

static const char *force;
static struct signing with;

static const struct opt opts[] = {
	SIGNING_OPTS(with),
	{ 0, "force", NULL, "overwrite a seal that is there", &force },
	{ 0, NULL, NULL, NULL, NULL }
};

void seal_free(struct seal *s)
{
	free(s->chain);
}

void seal_text(const struct seal *s, struct str *out)
{
	str_addf(out, "{\"seal\":1,\n\"tool\":\"muster\",\n\"head\":\"%s\",\n"
	    "\"database\":{\"bytes\":%lld,\"sha256\":\"%s\"},\n\"chains\":[",
	    s->head, (long long)s->bytes, s->sha256);
	for (size_t i = 0; i < s->n; i++)
		str_addf(out, "%s\n{\"chain\":\"%s\",\"entries\":%lld,"
		    "\"hash\":\"%s\"}", i > 0 ? "," : "", s->chain[i].id,
		    (long long)s->chain[i].entries, s->chain[i].hash);
	str_add(out, "\n]}\n");
}

static bool copy(const struct node *n, const char *key, char *out,
    size_t size)
{
	const char *text = node_text(node_get(n, key));

	if (text == NULL || strlen(text) >= size)
		return false;
	snprintf(out, size, "%s", text);
	return true;
}

int seal_parse(struct seal *s, const char *text, size_t len,
    struct err *err)
{
	struct tree *t = tree_json(text, len, "", err);
	struct node *root = t != NULL ? tree_root(t) : NULL, *file;
	int64_t version = 0;
	bool good;

	if (t == NULL)
		return -1;
	file = node_get(root, "database");
	good = node_int(node_get(root, "seal"), &version) && version == 1 &&
	    copy(root, "head", s->head, sizeof(s->head)) &&
	    copy(file, "sha256", s->sha256, sizeof(s->sha256)) &&
	    node_int(node_get(file, "bytes"), &s->bytes);
	NODE_EACH(n, node_get(root, "chains")) {
		struct journal_chain *c;

		MEM_ROOM(s->chain, s->n, s->cap);
		c = &s->chain[s->n++];
		*c = (struct journal_chain){ .entries = 0 };
		good = good && copy(n, "chain", c->id, sizeof(c->id)) &&
		    copy(n, "hash", c->hash, sizeof(c->hash)) &&
		    node_int(node_get(n, "entries"), &c->entries) &&
		    c->entries >= 0;
	}
	tree_free(t);
	return good && s->n > 0 ? 0 : err_set(err, ERR_INPUT, "no seal of a "
	    "muster database: \"muster seal FILE\" writes one");
}

static int take(struct store *st, struct seal *s, struct err *err)
{
	return journal_head(st, s->head, err) < 0 ||
	    journal_chains(st, &s->chain, &s->n, err) < 0 ||
	    pages_digest(st, s->sha256, &s->bytes, err) < 0 ? -1 : 0;
}

static int publish(const char *dir, const char *name, const char *file,
    const char *end, const struct str *bytes, struct err *err)
{
	int fd = scratch_open(dir, name, err), rc;
	struct str to = STR_INIT;

	if (fd < 0)
		return -1;
	str_addf(&to, "%s%s", file, end);
	rc = scratch_write(fd, bytes->s, bytes->len, err);
	if (rc == 0)
		rc = scratch_publish(fd, dir, name, to.s, force != NULL, err);
	close(fd);
	str_free(&to);
	return rc;
}

static int write_out(const char *file, const struct str *text,
    const struct str *sig, struct err *err)
{
	char *dir = scratch_make(file, err);
	int rc = -1;

	/* the seal last: without it, its signature means nothing */
	if (dir != NULL && (sig->len == 0 || publish(dir, "sig", file,
	    signing_end(&with), sig, err) == 0))
		rc = publish(dir, "seal", file, "", text, err);
	scratch_remove(dir);
	free(dir);
	return rc;
}

static int run(struct ctx *c, struct err *err)
{
	struct str text = STR_INIT, sig = STR_INIT;
	struct sign_secret *secret = NULL;
	struct seal s = { .n = 0 };
	int rc = -1;

	if (signing_open(&with, &secret, err) < 0 ||
	    store_begin_read(c->store, err) < 0)
		goto out;
	rc = take(c->store, &s, err);
	store_rollback(c->store);
	if (rc == 0) {
		seal_text(&s, &text);
		rc = secret != NULL ? signing_sign(&with, secret, &text, &sig,
		    err) : 0;
	}
	if (rc == 0)
		rc = write_out(c->argv[0], &text, &sig, err);
	if (rc == 0 && !c->quiet)
		printf("head %s\n", s.head);
out:
	sshkey_free(secret);
	seal_free(&s);
	str_free(&text);
	str_free(&sig);
	return rc;
}

const struct command cmd_seal = {
	.name = "seal",
	.operands = "FILE",
	.about = "write down how the database stands, for verify --head",
	.least = 1, .most = 1,
	.are = OPERANDS_WRITE,
	.mode = STORE_READ,
	/* what commands would work out later would change the file */
	.settles = true,
	.opts = opts,
	.run = run,
};
