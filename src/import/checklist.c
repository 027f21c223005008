/* checklist.c - records of a checklist's cells; see checklist.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checklist.h"
#include "ident.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "row.h"
#include "xccdf_priv.h"

/* The guide's benchmark, in full or as other tools shorten it. */
static bool is_ours(const char *stig)
{
	return stig != NULL && (str_eq(stig, "CIDG") ||
	    str_ends(stig, "_benchmark_CIDG"));
}

/* "CIDG-02-100" in a rule's id is requirement 2.10 (see xccdf/cidg.xml). */
static bool requirement_of(const char *rule, char out[16])
{
	const char *p = rule != NULL ? strstr(rule, "CIDG-") : NULL;
	int section, number, end = 0;

	if (p == NULL)
		return false;
	p += strlen("CIDG-");
	if (strspn(p, "0123456789") != 2 || p[2] != '-' ||
	    strspn(p + 3, "0123456789") != 3 ||
	    sscanf(p, "%2d-%3d%n", &section, &number, &end) != 2 ||
	    section == 0 || number == 0 || number % 10 != 0)
		return false;
	snprintf(out, 16, "%d.%d", section, number / 10);
	return true;
}

/* What muster writes as an asset's comment: a kind of subject and its key. */
static bool is_subject(const char *comment)
{
	return comment != NULL && (str_starts(comment, "image sha256:") ||
	    str_starts(comment, "workload ") ||
	    str_starts(comment, "platform "));
}

/* Without what an editor wrote behind it: a digest is one word, any other key
 * a line. */
static void subject_of(struct str *out, const char *comment)
{
	size_t kind = strcspn(comment, " ") + 1;

	str_clear(out);
	str_addn(out, comment, kind + strcspn(comment + kind,
	    str_starts(comment, "image ") ? " \t\r\n,;" : "\r\n"));
}

static bool is_image(const char *text)
{
	return text != NULL && xccdf_name_is_image(text);
}

/*
 * The target: of a kind "file" whose key names the subject where muster wrote
 * it (src/assess/attach_checklist.c reads it back), else what was assessed.
 */
static int open_target(struct checklist *c,
    const struct checklist_asset *asset, const char *locator, struct err *err)
{
	const char *names[] = { asset->comment, asset->host };
	bool image = is_image(asset->comment) || is_image(asset->host);
	bool subject = is_subject(asset->comment);
	struct target t = {
		.kind = c->ours || subject ? "file" : image ? "image" : "host",
		.name = asset->host, .locator = locator
	};
	struct identity host = { 0, "host", asset->host };

	if (subject) {
		subject_of(&c->text, asset->comment);
		t.key = c->text.s;
	}
	if ((c->target = sink_target(c->sink, &t, err)) < 0)
		return -1;
	host.target = c->target;
	for (size_t i = 0; i < 2 && !subject; i++)
		if (is_image(names[i]) && xccdf_name_images(c->sink,
		    c->target, names[i], err) < 0)
			return -1;
	if (str_empty(asset->host) || is_image(asset->host))
		return 0;
	if (!subject && ident_reference(c->sink, c->target, asset->host, err)
	    < 0)
		return -1;
	return sink_identity(c->sink, &host, err);
}

int checklist_stig(struct checklist *c, const struct checklist_asset *asset,
    const struct checklist_stig *stig, struct err *err)
{
	const struct {
		const char *ours, *theirs, *value, *key;
	} facts[] = {
		{ "checklist.benchmark", "stig.benchmark", stig->id, NULL },
		{ "checklist.version", "stig.version", stig->version, NULL },
		{ "checklist.release", "stig.release", stig->release, NULL },
		{ NULL, "stig.title", stig->title, NULL },
		{ NULL, "stig.target_fact", asset->ip, "HOST_IP" },
		{ NULL, "stig.target_fact", asset->mac, "HOST_MAC" },
	};

	c->ours = is_ours(stig->id);
	if (open_target(c, asset, stig->locator, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const char *name = c->ours ? facts[i].ours : facts[i].theirs;
		const struct fact f = {
			c->target, name, facts[i].key, facts[i].value,
			stig->locator
		};

		if (name != NULL && !str_empty(f.value) &&
		    sink_fact(c->sink, &f, err) < 0)
			return -1;
	}
	return 0;
}

static int unplaced(struct checklist *c, const struct checklist_cell *cell,
    struct err *err, const char *what)
{
	sink_count(c->sink, COUNT_UNPLACED, 1);
	return sink_warn(c->sink, cell->locator, err, "%s: \"%.200s\"", what,
	    cell->rule != NULL ? cell->rule : "");
}

static const char *none(const char *text)
{
	return str_empty(text) ? NULL : text;
}

/* One cell of the guide's own checklist: a proposal, as it stands there. */
static int propose(struct checklist *c, const struct checklist_cell *cell,
    struct err *err)
{
	char id[16];
	struct statement t = {
		.target = c->target, .kind = "checklist", .id = id,
		.status = cell->status,
		.justification = none(cell->reason),
		.text = none(cell->comments), .at = none(cell->at),
		.severity = none(cell->override), .locator = cell->locator
	};
	const struct fact details = {
		c->target, "checklist.details", id, cell->details,
		cell->locator
	};

	if (!requirement_of(cell->rule, id))
		return unplaced(c, cell, err, "a cell of no requirement of "
		    "the guide is dropped");
	if (str_empty(cell->status))
		return unplaced(c, cell, err, "a cell without a status is "
		    "dropped");
	if (!str_empty(cell->details) &&
	    sink_fact(c->sink, &details, err) < 0)
		return -1;
	return sink_statement(c->sink, &t, err);
}

/* XCCDF's word for a status of either format; NULL: it is none. */
static const char *result_of(const char *status)
{
	static const struct { const char *status, *result; } words[] = {
		{ "open", "fail" }, { "notafinding", "pass" },
		{ "notapplicable", "notapplicable" },
		{ "notreviewed", "notchecked" },
	};
	char is[16];
	size_t n = 0;

	for (; status != NULL && *status != '\0' && n < sizeof(is) - 1;
	    status++)
		if (isalnum((unsigned char)*status))
			is[n++] = (char)tolower((unsigned char)*status);
	is[n] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].status, is) == 0)
			return words[i].result;
	return NULL;
}

/* What somebody changed of a rule's severity stands beside it. */
static int say_override(struct checklist *c,
    const struct checklist_cell *cell, struct err *err)
{
	struct fact f = {
		c->target, "stig.severity", cell->rule, NULL, cell->locator
	};

	if (str_empty(cell->override))
		return 0;
	str_clear(&c->text);
	str_addf(&c->text, "%s: %s", cell->override, cell->reason != NULL ?
	    cell->reason : "");
	f.value = c->text.s;
	return sink_fact(c->sink, &f, err);
}

static int result(struct checklist *c, const struct checklist_cell *cell,
    struct err *err)
{
	struct str title = STR_INIT;
	struct finding f = {
		.target = c->target, .kind = "rule", .id = cell->rule,
		.version = none(cell->version),
		.severity = severity_of(cell->severity),
		.severity_word = none(cell->severity),
		.result = result_of(cell->status),
		.idents = none(cell->ccis), .locator = cell->locator
	};
	int rc;

	if (str_empty(cell->rule))
		return unplaced(c, cell, err, "a cell that names no rule is "
		    "dropped");
	if (f.result == NULL) {
		f.result = "unknown";
		if (sink_warn(c->sink, cell->locator, err, "%.200s: no status "
		    "of a checklist, taken as unknown: \"%.100s\"",
		    cell->rule, cell->status != NULL ? cell->status : "") < 0)
			return -1;
	}
	row_title(&title, cell->title != NULL ? cell->title : "");
	f.title = row_text(&title);
	rc = sink_finding(c->sink, &f, err);
	str_free(&title);
	return rc < 0 ? -1 : say_override(c, cell, err);
}

int checklist_cell(struct checklist *c, const struct checklist_cell *cell,
    struct err *err)
{
	sink_count(c->sink, COUNT_READ, 1);
	return c->ours ? propose(c, cell, err) : result(c, cell, err);
}

void checklist_free(struct checklist *c)
{
	str_free(&c->text);
}
