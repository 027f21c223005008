/*
 * ignore_rules.c - what scanners are told to leave out: .trivyignore (a list
 * of ids), .trivyignore.yaml, the "ignore" of .grype.yaml.
 *
 * Each rule is a proposal of kind "ignore" about whatever was scanned with
 * it; nothing is suppressed by it.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/yaml.h"
#include "row.h"

struct rules {
	struct sink	*sink;
	bool		 any;
};

static int add(struct rules *r, struct statement *t, const char *locator,
    struct err *err)
{
	t->kind = "ignore";
	t->locator = locator;
	if (t->status == NULL)
		t->status = "ignored";
	sink_count(r->sink, COUNT_READ, 1);
	r->any = true;
	if (str_empty(t->id)) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, locator, err, "a rule that names no "
		    "vulnerability (%.100s): it may leave out any",
		    t->package != NULL ? t->package : t->justification != NULL
		    ? t->justification : t->status);
	}
	return sink_statement(r->sink, t, err);
}

/* "yaml:DOC:LINE:/ignore/0" */
static void place(const struct node *n, int doc, struct str *at)
{
	str_clear(at);
	str_addf(at, "yaml:%d:%d:", doc, n->line);
	node_pointer(n, at);
}

/* The items of a YAML list as lines; a scalar is a list of one. */
static const char *lines_of(const struct node *n, struct str *out)
{
	str_clear(out);
	if (node_text(n) != NULL)
		str_add(out, node_text(n));
	NODE_EACH(item, n)
		if (node_text(item) != NULL)
			row_join(out, "\n", node_text(item));
	return row_text(out);
}

static int trivy_rules(struct rules *r, const struct node *root, int doc,
    struct err *err)
{
	static const char *const lists[] = {
		"vulnerabilities", "misconfigurations", "secrets", "licenses"
	};
	struct str at = STR_INIT, paths = STR_INIT, purls = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		NODE_EACH(n, node_get(root, lists[i])) {
			struct statement t = {
				.id = node_text(node_get(n, "id")),
				.product = lines_of(node_get(n, "purls"),
				    &purls),
				.justification = lines_of(node_get(n, "paths"),
				    &paths),
				.text = node_text(node_get(n, "statement")),
				.until = node_text(node_get(n, "expired_at")),
				.author = "trivy",
			};

			place(n, doc, &at);
			if ((rc = add(r, &t, at.s, err)) < 0)
				goto out;
		}
out:
	str_free(&at);
	str_free(&paths);
	str_free(&purls);
	return rc;
}

static int grype_rules(struct rules *r, const struct node *list, int doc,
    struct err *err)
{
	struct str at = STR_INIT;
	int rc = 0;

	NODE_EACH(n, list) {
		const char *fix = node_text(node_get(n, "fix-state"));
		struct statement t = {
			.id = node_text(node_get(n, "vulnerability")),
			.package = node_text(node_at(n, "package.name")),
			.version = node_text(node_at(n, "package.version")),
			.product = node_text(node_at(n, "package.location")),
			.status = node_text(node_get(n, "vex-status")),
			.justification = fix != NULL ? fix :
			    node_text(node_get(n, "vex-justification")),
			.text = node_text(node_get(n, "reason")),
			.author = "grype",
		};

		place(n, doc, &at);
		if ((rc = add(r, &t, at.s, err)) < 0)
			break;
	}
	str_free(&at);
	return rc;
}

static int on_document(void *ctx, const struct tree *tree, int doc,
    struct err *err)
{
	const struct node *root = tree_root(tree);
	const struct node *list = node_get(root, "ignore");

	if (list != NULL && list->kind == NODE_LIST)
		return grype_rules(ctx, list, doc, err);
	return trivy_rules(ctx, root, doc, err);
}

/* CVE-2024-1, GHSA-..., AVD-DS-0002, DS002, KSV001, aws-access-key-id. */
static size_t id_length(const char *p)
{
	size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
	    "uvwxyz0123456789-_.:");

	return p[n] == '\0' || isspace((unsigned char)p[n]) ? n : 0;
}

static bool known_id(const char *p)
{
	static const char *const starts[] = { "CVE-", "GHSA-", "AVD-", "DLA-",
	    "TEMP-", "ELSA-", "ALAS-", "DSA-", "RHSA-", "PRISMA-" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(p, starts[i]))
			return true;
	return (str_starts(p, "DS") || str_starts(p, "KSV")) &&
	    isdigit((unsigned char)p[strcspn(p, "0123456789\n")]);
}

static int add_line(struct rules *r, char *line, int64_t n,
    const char *comment, struct err *err)
{
	struct statement t = { .id = line, .text = comment,
	    .author = "trivy" };
	size_t len = id_length(line);
	char at[32], *more;

	if (len == 0) {
		err_set(err, ERR_INPUT, "\"%.80s\" is no id; expected one a "
		    "line, as in .trivyignore", line);
		return err_at(err, NULL, n, -1);
	}
	if ((more = strstr(line + len, "exp:")) != NULL) {
		t.until = more + 4;
		more[4 + strcspn(more + 4, " \t")] = '\0';
	}
	line[len] = '\0';
	snprintf(at, sizeof(at), "line:%lld", (long long)n);
	return add(r, &t, at, err);
}

/* A comment speaks about the ids below it, up to an empty line. */
static int read_lines(struct rules *r, char *text, struct err *err)
{
	struct str comment = STR_INIT;
	int64_t n = 0;
	int rc = 0;

	for (char *p = text, *next; rc == 0 && p != NULL; p = next) {
		if ((next = strchr(p, '\n')) != NULL)
			*next++ = '\0';
		n++;
		p += strspn(p, " \t\r");
		for (size_t k = strlen(p); k > 0 &&
		    isspace((unsigned char)p[k - 1]); k--)
			p[k - 1] = '\0';
		if (*p == '\0')
			str_clear(&comment);
		else if (*p == '#')
			row_join(&comment, " ", p + 1 + strspn(p + 1, "# \t"));
		else
			rc = add_line(r, p, n, row_text(&comment), err);
	}
	str_free(&comment);
	return rc;
}

static bool is_list(const char *head, size_t len)
{
	bool seen = false;

	for (const char *p = head, *end = head + len; p < end; ) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		char line[128];
		size_t n = (size_t)((nl != NULL ? nl : end) - p);

		snprintf(line, sizeof(line), "%.*s", (int)(n < 127 ? n : 127),
		    p);
		if (line[0] != '#' && line[strspn(line, " \t\r")] != '\0' &&
		    nl != NULL) {
			if (id_length(line) == 0)
				return false;
			seen = seen || known_id(line);
		} else if (line[0] != '#' && nl == NULL) {
			seen = seen || known_id(line);
		}
		p = nl != NULL ? nl + 1 : end;
	}
	return seen;
}

static int read_rules(struct input *in, struct sink *sink, struct err *err)
{
	struct rules r = { .sink = sink };
	size_t len;
	const char *head = input_head(in, &len, err);
	char *text;
	int rc;

	if (head == NULL)
		return -1;
	if (is_list(head, len)) {
		if ((text = input_slurp(in, CAP_DOCUMENT_BYTES, &len, err)) == NULL)
			return -1;
		rc = strlen(text) == len && str_is_utf8(text, len) ?
		    read_lines(&r, text, err) : err_set(err, ERR_INPUT,
		    "no UTF-8 text; expected a .trivyignore");
		free(text);
	} else {
		rc = yaml_read(in, on_document, &r, err);
	}
	if (rc == 0 && !r.any)
		rc = sink_warn(sink, "line:1", err, "no rule: nothing is "
		    "ignored");
	return rc;
}

/* A key at the beginning of a line. */
static bool has_key(const struct probe *p, const char *key)
{
	size_t n = strlen(key);

	for (const char *at = p->head, *end = p->head + p->head_len;
	    at != NULL && at + n < end; ) {
		if (memcmp(at, key, n) == 0 && at[n] == ':')
			return true;
		if ((at = memchr(at, '\n', (size_t)(end - at))) != NULL)
			at++;
	}
	return false;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_TEXT)
		return 0;
	if (is_list(p->head, p->head_len))
		return 60;
	if (has_key(p, "apiVersion") || has_key(p, "services"))
		return 0;
	if (has_key(p, "ignore") && (probe_seen(p, "vulnerability:") ||
	    probe_seen(p, "fix-state:") || probe_seen(p, "package:")))
		return 70;
	return probe_seen(p, "- id:") && (has_key(p, "vulnerabilities") ||
	    has_key(p, "misconfigurations") || has_key(p, "secrets") ||
	    has_key(p, "licenses")) ? 70 : 0;
}

const struct importer importer_ignore_rules = {
	.name = "ignore-rules",
	.about = "what scanners are told to leave out: .trivyignore (also "
	    ".yaml), .grype.yaml",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_rules,
};
