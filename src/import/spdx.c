/*
 * spdx.c - SPDX documents: what a package is, what the subject is; see
 * spdx.h.  How they are written is for spdx_json.c and spdx_text.c.
 *
 * The subject is what the document describes, where that is an image, or the
 * one thing among several packages; it is no package of itself.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bom_vuln.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "row.h"
#include "spdx.h"

void spdx_start(struct spdx *d)
{
	for (int i = 0; i < SPDX_TEXTS; i++)
		str_clear(&d->text[i]);
}

/* What SPDX writes where it has nothing to say. */
static const char *said(const struct str *s)
{
	return s->len == 0 || str_eq(s->s, "NOASSERTION") ||
	    str_eq(s->s, "NONE") ? NULL : s->s;
}

int spdx_package(struct spdx *d, struct err *err)
{
	struct bom_part p = {
		.ref = said(&d->text[SPDX_ID]),
		.name = said(&d->text[SPDX_NAME]),
		.version = said(&d->text[SPDX_VERSION]),
		.purl = said(&d->text[SPDX_PURL]),
		.locator = said(&d->text[SPDX_LOCATOR])
	};

	for (char *s = d->text[SPDX_PURPOSE].s; s != NULL && *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
	p.type = said(&d->text[SPDX_PURPOSE]);
	if (p.name != NULL)
		return bom_add(&d->index, &p, err);
	sink_count(d->sink, COUNT_READ, 1);
	sink_count(d->sink, COUNT_UNPLACED, 1);
	return sink_warn(d->sink, p.locator, err, "a package without a name");
}

void spdx_creator(struct spdx *d, const char *text)
{
	const char *cut = NULL;

	if (d->tool.len > 0 || !str_starts(text, "Tool:"))
		return;
	text += strlen("Tool:");
	text += strspn(text, " ");
	for (const char *p = text; *p != '\0'; p++)
		if (*p == '-' && (isdigit((unsigned char)p[1]) ||
		    (p[1] == 'v' && isdigit((unsigned char)p[2]))))
			cut = p;
	str_addn(&d->tool, text, cut != NULL ? (size_t)(cut - text) :
	    strlen(text));
	if (cut != NULL)
		str_add(&d->tool_version, cut + 1);
}

void spdx_reference(struct spdx *d, const char *category, const char *type,
    const char *locator)
{
	if (str_ends(type, "purl")) {
		if (d->text[SPDX_PURL].len == 0)
			str_add(&d->text[SPDX_PURL], locator);
	} else if (str_eq(category, "SECURITY") && !str_starts(type, "cpe")) {
		d->references++;
	}
}

void spdx_describes(struct spdx *d, const char *id)
{
	if (d->subjects++ < cap(CAP_SPDX_SUBJECTS))
		bom_vuln_line(&d->described, id);
}

void spdx_relation(struct spdx *d, const char *from, const char *type,
    const char *to)
{
	if (str_eq(type, "DESCRIBES") && str_eq(from, "SPDXRef-DOCUMENT"))
		spdx_describes(d, to);
	else if (str_eq(type, "DESCRIBED_BY") &&
	    str_eq(to, "SPDXRef-DOCUMENT"))
		spdx_describes(d, from);
}

static bool is_image(const struct bom_part *p)
{
	return str_eq(p->type, "container") || bom_is_image(p->purl);
}

/* Mark in subject[] what is the subject; at most once each. */
static void find_subjects(struct spdx *d, bool *subject)
{
	struct str id = STR_INIT;
	struct bom_part p;
	size_t i, last = 0, found = 0;

	for (const char *s = str_text(&d->described); *s != '\0'; ) {
		size_t len = strcspn(s, "\n");

		str_clear(&id);
		str_addn(&id, s, len);
		s += len + (s[len] == '\n');
		if (!bom_find(&d->index, id.s, &p, &i))
			continue;
		subject[i] = is_image(&p);
		found += found == 0 || i != last;
		last = i;
	}
	if (found == 1 && d->index.n > 1)
		subject[last] = true;
	str_free(&id);
}

static int64_t open_target(struct spdx *d, const bool *subject,
    const char *at, struct err *err)
{
	struct target t = { .kind = "image", .name = row_text(&d->name),
	    .locator = at };
	struct bom_part p;

	for (size_t i = 0; i < d->index.n; i++)
		if (subject[i]) {
			bom_part(&d->index, i, &p);
			t.name = p.name;
			t.locator = p.locator;
			break;
		}
	return sink_target(d->sink, &t, err);
}

/* Packages as such; subjects as names of the target.  How many names. */
static int64_t send(struct spdx *d, int64_t target, const bool *subject,
    struct err *err)
{
	struct bom_part p;
	int64_t names = 0;
	int n;

	for (size_t i = 0; i < d->index.n; i++) {
		bom_part(&d->index, i, &p);
		if (!subject[i]) {
			if (bom_package(d->sink, target, &p, err) < 0)
				return -1;
			continue;
		}
		sink_count(d->sink, COUNT_READ, 1);
		sink_count(d->sink, COUNT_MERGED, 1);
		if ((n = bom_subject(d->sink, target, &p, err)) < 0)
			return -1;
		names += n;
	}
	return names;
}

static int say(struct spdx *d, const char *at, const char *files,
    int64_t names, struct err *err)
{
	if (bom_unplaced(d->sink, d->files, files, "files are no packages",
	    err) < 0)
		return -1;
	if (d->references > 0 && sink_warn(d->sink, at, err, "%lld references "
	    "to advisories, fixes and other pages about security are not "
	    "read: they are no findings", (long long)d->references) < 0)
		return -1;
	if (d->subjects > cap(CAP_SPDX_SUBJECTS) && sink_warn(d->sink, at, err,
	    "the document describes %lld elements, not all were looked at: "
	    "%s", (long long)d->subjects, cap_hint(CAP_SPDX_SUBJECTS)) < 0)
		return -1;
	return names > 0 ? 0 : sink_warn(d->sink, at, err, "the document "
	    "names no image (%.200s): what it says is attached to none",
	    d->name.len > 0 ? d->name.s : "no name");
}

int spdx_end(struct spdx *d, const char *at, const char *files,
    struct err *err)
{
	bool *subject = mem_array(d->index.n + 1, sizeof(*subject));
	int64_t target, names;
	int rc = -1;

	find_subjects(d, subject);
	if (sink_meta(d->sink, "tool", d->tool.len > 0 ? d->tool.s : "spdx",
	    err) < 0 || sink_meta(d->sink, "tool_version",
	    row_text(&d->tool_version), err) < 0 ||
	    (target = open_target(d, subject, at, err)) < 0 ||
	    (names = send(d, target, subject, err)) < 0)
		goto out;
	rc = say(d, at, files, names, err);
out:
	free(subject);
	return rc;
}

void spdx_free(struct spdx *d)
{
	struct str *rest[] = { &d->value, &d->name, &d->spec, &d->tool,
	    &d->tool_version, &d->described };

	for (int i = 0; i < SPDX_TEXTS; i++)
		str_free(&d->text[i]);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		str_free(rest[i]);
	bom_free(&d->index);
}
