/*
 * dockerfile.c - what an image is built by: a Dockerfile or Containerfile.
 *
 * It names no image, so its facts are those of the file as a whole, and count
 * for the image that somebody says it builds ("muster import --subject").
 * Every instruction becomes a fact, masked as an image's history is; what the
 * final stage ends with becomes facts of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dockerfile_parse.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/secret.h"
#include "muster/sink.h"

struct out {
	struct sink	*sink;
	struct err	*err;
	const char	*locator;	/* of the secrets at hand */
	int		 rc;
};

static int fact(struct out *o, const char *name, const char *key,
    const char *value, int line)
{
	char at[32];

	snprintf(at, sizeof(at), "line:%d", line);
	return sink_fact(o->sink, &(struct fact){ .name = name, .key = key,
	    .value = value, .locator = at }, o->err);
}

static void hit(void *ctx, const struct secret_hit *h)
{
	struct out *o = ctx;
	struct str value = STR_INIT;

	if (o->rc < 0)
		return;
	str_addf(&value, "%s %s", secret_grade_name(h->grade), h->preview);
	o->rc = sink_fact(o->sink, &(struct fact){ .name = "secret",
	    .key = h->rule, .value = str_text(&value),
	    .locator = o->locator }, o->err);
	str_free(&value);
}

static int masked(struct out *o, const char *name, const char *key,
    const char *text, int line)
{
	struct str clean = STR_INIT;
	int rc;

	secret_mask(NULL, text, &clean);
	rc = fact(o, name, key, str_text(&clean), line);
	str_free(&clean);
	return rc;
}

/* A word as a shell would have to be given it. */
static void shell_word(struct str *out, const char *word)
{
	if (*word != '\0' && word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%")] == '\0') {
		str_add(out, word);
		return;
	}
	str_addc(out, '\'');
	for (; *word != '\0'; word++)
		if (*word == '\'')
			str_add(out, "'\\''");
		else
			str_addc(out, *word);
	str_addc(out, '\'');
}

/* ["a", "b"] as words a b; false where it is no such list. */
static bool exec_form(const char *text, struct str *out)
{
	struct err why = ERR_INIT;
	struct tree *t = *text != '[' ? NULL :
	    tree_json(text, strlen(text), "", &why);
	const struct node *root = t != NULL ? tree_root(t) : NULL;
	bool is = root != NULL && root->kind == NODE_LIST;

	NODE_EACH(n, root)
		is = is && n->kind == NODE_STRING;
	if (is)
		NODE_EACH(n, root) {
			if (n->index > 0)
				str_addc(out, ' ');
			shell_word(out, n->text);
		}
	tree_free(t);
	return is;
}

/* The instruction as one text: the commands of a RUN as a shell gets them. */
static void one_text(const struct dockerfile_op *op, struct str *out)
{
	const char *rest = dockerfile_parse_rest(op);
	const char *here = op->here != NULL ? op->here : "";
	size_t n = strlen(here);

	str_addf(out, "%s ", op->name);
	if (!str_eq(op->name, "RUN")) {
		str_add(out, op->args);
	} else {
		str_addn(out, op->args, (size_t)(rest - op->args));
		if (op->script) {
			/* without the line that ends it */
			while (n > 0 && here[n - 1] == '\n')
				n--;
			while (n > 0 && here[n - 1] != '\n')
				n--;
			str_addn(out, here, n);
			return;
		}
		if (!exec_form(rest, out))
			str_add(out, rest);
	}
	if (n > 0)
		str_addf(out, "\n%s", here);
}

static int instruction(struct out *o, const struct dockerfile *d,
    const struct dockerfile_op *op)
{
	struct str text = STR_INIT;
	char key[24], at[32];
	int rc;

	one_text(op, &text);
	snprintf(key, sizeof(key), "%d", op->line);
	snprintf(at, sizeof(at), "line:%d", op->line);
	o->locator = at;
	rc = masked(o, "dockerfile.instruction", key, str_text(&text),
	    op->line);
	if (rc == 0 && op->stage >= 0)
		rc = fact(o, "dockerfile.used", key,
		    d->stage[op->stage].used ? "true" : "false", op->line);
	if (rc == 0) {
		secret_text(NULL, str_text(&text), hit, o);
		rc = o->rc;
	}
	o->locator = NULL;
	str_free(&text);
	sink_count(o->sink, COUNT_READ, 1);
	sink_count(o->sink, COUNT_STORED, 1);
	return rc;
}

static int stages(struct out *o, const struct dockerfile *d)
{
	char key[24];

	for (size_t i = 0; i < d->nstages; i++) {
		const struct dockerfile_stage *s = &d->stage[i];

		snprintf(key, sizeof(key), "%zu", i);
		if (masked(o, "dockerfile.from", key, s->from, s->line) < 0 ||
		    (s->name != NULL && masked(o, "dockerfile.stage", key,
		    s->name, s->line) < 0))
			return -1;
	}
	return 0;
}

/* The stage that the final one is built on in the end. */
static const struct dockerfile_stage *lowest(const struct dockerfile *d)
{
	const struct dockerfile_stage *s = &d->stage[d->nstages - 1];

	while (s->base >= 0)
		s = &d->stage[s->base];
	return s;
}

/*
 * What the final image is built on.  A build argument may replace the value
 * that the file gives it: then this is a default and no statement.
 */
static int base(struct out *o, const struct dockerfile *d)
{
	const struct dockerfile_stage *s = lowest(d);
	bool scratch = str_eq(s->from, "scratch") && !s->varies;

	if (fact(o, "dockerfile.scratch", "final", scratch ? "true" : "false",
	    s->line) < 0)
		return -1;
	return scratch ? 0 : masked(o, "dockerfile.from",
	    s->varies ? "default" : "final", s->from, s->line);
}

/* HEALTHCHECK as an image's config has it: ["CMD", ...]. */
static int health(struct out *o, const struct dockerfile_op *op)
{
	const char *p = dockerfile_parse_rest(op);
	struct str json = STR_INIT, words = STR_INIT;
	int rc;

	if (strncasecmp(p, "CMD", 3) == 0 && strchr(" \t[", p[3]) != NULL &&
	    p[3] != '\0') {
		p += 3 + strspn(p + 3, " \t");
		if (exec_form(p, &words)) {
			bool empty = p[1 + strspn(p + 1, " \t")] == ']';

			str_addf(&json, "[\"CMD\"%s%s", empty ? "" : ",",
			    p + 1);
		} else {
			str_add(&json, "[\"CMD-SHELL\",");
			str_json(&json, p);
			str_addc(&json, ']');
		}
	} else {
		str_add(&json, strncasecmp(p, "NONE", 4) == 0 ?
		    "[\"NONE\"]" : "[]");
	}
	rc = masked(o, "dockerfile.health", NULL, str_text(&json), op->line);
	str_free(&json);
	str_free(&words);
	return rc;
}

static int ports(struct out *o, const struct dockerfile_op *op)
{
	char *text = mem_dup(op->args), *save;
	int rc = 0;

	for (char *w = strtok_r(text, " \t", &save); rc == 0 && w != NULL;
	    w = strtok_r(NULL, " \t", &save))
		rc = fact(o, "dockerfile.port", w, NULL, op->line);
	free(text);
	return rc;
}

/* What the final stage ends with, and those of this file under it. */
static int final(struct out *o, const struct dockerfile *d)
{
	const struct dockerfile_op *user = NULL, *check = NULL;
	bool *in = mem_array(d->nstages, sizeof(*in));
	int rc = 0;

	for (int i = (int)d->nstages - 1; i >= 0; i = d->stage[i].base)
		in[i] = true;
	for (size_t i = 0; i < d->n && rc == 0; i++) {
		const struct dockerfile_op *op = &d->op[i];

		if (op->stage < 0 || !in[op->stage])
			continue;
		if (str_eq(op->name, "USER"))
			user = op;
		else if (str_eq(op->name, "HEALTHCHECK"))
			check = op;
		else if (str_eq(op->name, "EXPOSE"))
			rc = ports(o, op);
	}
	free(in);
	if (rc == 0 && user != NULL)
		rc = masked(o, "dockerfile.user", NULL, user->args,
		    user->line);
	return rc < 0 || check == NULL ? rc : health(o, check);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct out o = { .sink = sink, .err = err };
	struct str clean = STR_INIT;
	struct dockerfile d = { .op = NULL };
	size_t len;
	char *text = input_slurp(in, CAP_SETTINGS_BYTES, &len, err);
	int rc = -1;

	if (text == NULL)
		return -1;
	str_utf8(&clean, text, len);
	if (dockerfile_parse(str_text(&clean), input_name(in), &d, err) < 0)
		goto out;
	for (size_t i = 0; i < d.n; i++)
		if (instruction(&o, &d, &d.op[i]) < 0)
			goto out;
	if (stages(&o, &d) == 0 && base(&o, &d) == 0)
		rc = final(&o, &d);
	if (rc == 0 && d.left)
		rc = sink_warn(sink, NULL, err, "variables are left as they "
		    "are written: %s", cap_hint(CAP_DOCKERFILE_VARIABLES));
out:
	dockerfile_parse_free(&d);
	str_free(&clean);
	free(text);
	return rc;
}

/* Its first line that is no comment begins with ARG or FROM. */
static int bid(const struct probe *p)
{
	const char *s = p->head, *end = s + p->head_len;

	if (p->kind != PROBE_TEXT)
		return 0;
	while (s < end) {
		while (s < end && strchr(" \t\r\n", *s) != NULL)
			s++;
		if (s < end && *s != '#')
			break;
		while (s < end && *s != '\n')
			s++;
	}
	if (end - s > 5 && strncasecmp(s, "FROM", 4) == 0 &&
	    strchr(" \t\\", s[4]) != NULL)
		return 85;
	return end - s > 4 && strncasecmp(s, "ARG", 3) == 0 &&
	    strchr(" \t\\", s[3]) != NULL ? 80 : 0;
}

const struct importer importer_dockerfile = {
	.name = "dockerfile",
	.about = "a Dockerfile; --subject says which image it builds",
	.version = 2,
	.keep = false,		/* it may hold secrets */
	.bid = bid,
	.read = read,
};
