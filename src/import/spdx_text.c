/*
 * spdx_text.c - SPDX 2 documents as "Tag: value" lines.
 *
 * A value may run over lines between <text> and </text>; none that is read
 * here does, so what is between them is passed over.
 */
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"
#include "spdx.h"

struct reader {
	struct spdx	 doc;
	struct str	 raw, line;
	const char	*file;		/* its name */
	int64_t		 at;		/* line number */
	bool		 package;	/* the element is one */
	bool		 within;	/* <text> is open */
	int64_t		 since;		/* the line that opened it */
};

static int bad(struct reader *r, int64_t line, const char *what,
    struct err *err)
{
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, r->file, line, -1);
}

/* Another element begins, or the end is there. */
static int finish(struct reader *r, struct err *err)
{
	bool package = r->package;

	r->package = false;
	return package ? spdx_package(&r->doc, err) : 0;
}

static int start_package(struct reader *r, const char *name, struct err *err)
{
	if (finish(r, err) < 0)
		return -1;
	r->package = true;
	spdx_start(&r->doc);
	str_add(&r->doc.text[SPDX_NAME], name);
	str_addf(&r->doc.text[SPDX_LOCATOR], "line:%lld", (long long)r->at);
	return 0;
}

/* The next word of a line, cut off. */
static char *word(char **rest)
{
	char *s = *rest + strspn(*rest, " \t");
	size_t n = strcspn(s, " \t");

	*rest = s + n + (s[n] != '\0');
	s[n] = '\0';
	return s;
}

static int on_reference(struct reader *r, char *value)
{
	char *category = word(&value), *type = word(&value);

	spdx_reference(&r->doc, category, type, word(&value));
	return 0;
}

static int on_relation(struct reader *r, char *value)
{
	char *from = word(&value), *type = word(&value);

	spdx_relation(&r->doc, from, type, word(&value));
	return 0;
}

/* A tag of a package; of an element of another kind it is not read. */
static int on_detail(struct reader *r, const char *tag, char *value)
{
	static const struct {
		const char	*tag;
		enum spdx_text	 to;
	} texts[] = {
		{ "SPDXID", SPDX_ID }, { "PackageVersion", SPDX_VERSION },
		{ "PrimaryPackagePurpose", SPDX_PURPOSE }
	};

	if (!r->package)
		return 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (str_eq(tag, texts[i].tag)) {
			str_clear(&r->doc.text[texts[i].to]);
			str_add(&r->doc.text[texts[i].to], value);
		}
	return str_eq(tag, "ExternalRef") ? on_reference(r, value) : 0;
}

static int on_tag(struct reader *r, const char *tag, char *value,
    struct err *err)
{
	if (str_eq(tag, "PackageName"))
		return start_package(r, value, err);
	if (str_eq(tag, "FileName") || str_eq(tag, "SnippetSPDXID") ||
	    str_eq(tag, "LicenseID")) {
		r->doc.files += tag[0] == 'F';
		return finish(r, err);
	}
	if (str_eq(tag, "Relationship"))
		return on_relation(r, value);
	if (str_eq(tag, "SPDXVersion") && r->doc.spec.len == 0)
		str_add(&r->doc.spec, value);
	else if (str_eq(tag, "DocumentName") && r->doc.name.len == 0)
		str_add(&r->doc.name, value);
	else if (str_eq(tag, "Creator"))
		spdx_creator(&r->doc, value);
	else if (str_eq(tag, "Created"))
		return sink_meta(r->doc.sink, "produced", row_time(value),
		    err);
	else
		return on_detail(r, tag, value);
	return 0;
}

static int on_line(struct reader *r, struct err *err)
{
	char *s, *colon, *end;

	str_clear(&r->line);
	str_utf8(&r->line, str_text(&r->raw), r->raw.len);
	str_clear(&r->raw);
	if (r->line.len == 0)
		return 0;
	s = r->line.s + strspn(r->line.s, " \t");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r", end[-1]) != NULL)
		*--end = '\0';
	if (r->within) {
		r->within = strstr(s, "</text>") == NULL;
		return 0;
	}
	if (*s == '\0' || *s == '#')
		return 0;
	colon = strchr(s, ':');
	if (colon == NULL || colon == s || strcspn(s, " \t") <
	    (size_t)(colon - s))
		return bad(r, r->at, "a line that is no \"Tag: value\"", err);
	*colon++ = '\0';
	colon += strspn(colon, " \t");
	if (str_starts(colon, "<text>") && strstr(colon, "</text>") == NULL) {
		r->within = true;
		r->since = r->at;
		return 0;
	}
	return on_tag(r, s, colon, err);
}

static int read_lines(struct reader *r, struct input *in, struct err *err)
{
	const char *p, *nl;
	size_t len;

	while ((p = input_next(in, &len, err)) != NULL && len > 0) {
		while (len > 0) {
			nl = memchr(p, '\n', len);
			size_t n = nl != NULL ? (size_t)(nl - p) : len;

			if (r->raw.len + n > (size_t)cap(CAP_LINE_BYTES)) {
				cap_err(err, CAP_LINE_BYTES, "a line that is "
				    "too long");
				return err_at(err, NULL, r->at, -1);
			}
			str_addn(&r->raw, p, n);
			p += n + (nl != NULL);
			len -= n + (nl != NULL);
			if (nl == NULL)
				continue;
			if (on_line(r, err) < 0)
				return -1;
			r->at++;
		}
	}
	if (p == NULL)
		return -1;
	return r->raw.len > 0 ? on_line(r, err) : 0;
}

static int read_spdx(struct input *in, struct sink *sink, struct err *err)
{
	struct reader r = { .doc.sink = sink, .file = input_name(in),
	    .at = 1 };
	int rc = -1;

	if (read_lines(&r, in, err) < 0 || finish(&r, err) < 0)
		goto out;
	if (r.within)
		rc = bad(&r, r.since, "<text> without </text>", err);
	else if (!str_starts(str_text(&r.doc.spec), "SPDX-2."))
		rc = bad(&r, 0, "no \"SPDXVersion: SPDX-2.\"; expected a "
		    "document of SPDX 2.0 to 2.3", err);
	else
		rc = spdx_end(&r.doc, "line:1", "line:1", err);
out:
	str_free(&r.raw);
	str_free(&r.line);
	spdx_free(&r.doc);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_TEXT || !probe_seen(p, "SPDXVersion:"))
		return 0;
	return probe_seen(p, "SPDXID:") || probe_seen(p, "DataLicense:") ?
	    95 : 0;
}

const struct importer importer_spdx_text = {
	.name = "spdx-text",
	.about = "packages, from SPDX 2.x as lines of tags and values",
	.version = 2,
	.keep = true,
	.bid = bid,
	.read = read_spdx,
};
