/*
 * bom.c - what was found in an image as CycloneDX: every package with where it
 * was seen, every finding as the scanners' reports were merged, and what was
 * decided of it.
 *
 * An image may hold 60,000 packages: rows go to the file one by one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bom.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/sink.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

#define VERSION_MOST 1000	/* bytes; the schema's limit is 1024 characters */
#define PLACES	20		/* of one component; what else there is is counted */

/* The columns of SQL_BOM_COMPONENTS. */
enum { NAME, VERSION, TYPE, ARCH, PURL, SOURCE, LOCATOR, FILE_NAME, SHA256,
	SUM, TOLD };
/* ... and of SQL_BOM_ISSUES. */
enum { ISSUE, ID, PACKAGE, OF, SEVERITY, FIXABLE, KIND, BY, AT, UNTIL, WHY,
	MARK };

struct out {
	const struct making	*m;
	FILE			*file;
	struct str		 line, text, key, last;
	struct str		 places;	/* of the component, so far */
	int64_t			 nplaces, components, issues, affects;
};

/* A text as JSON, as documents show it. */
static void clipped(struct out *o, struct str *to, const char *text,
    size_t most)
{
	str_clear(&o->text);
	visible_add(&o->text, text, most);
	str_json(to, str_text(&o->text));
}

static void json(struct out *o, struct str *to, const char *text)
{
	clipped(o, to, text, VISIBLE_MAX);
}

static void member(struct out *o, const char *before, const char *name,
    const char *text)
{
	str_addf(&o->line, "%s\"%s\": ", before, name);
	json(o, &o->line, text);
}

static void property(struct out *o, const char *before, const char *name,
    const char *value)
{
	str_addf(&o->line, "%s{\"name\": \"muster:%s\", \"value\": ", before,
	    name);
	json(o, &o->line, value);
	str_addc(&o->line, '}');
}

static void flush(struct out *o)
{
	fwrite(str_text(&o->line), 1, o->line.len, o->file);
	str_clear(&o->line);
}

/* The UUID of a thing of so many texts: each with its length, so that no two
 * things have the same. */
static void uuid_of(struct out *o, const char *what, const char *const *text,
    size_t n, char uuid[37])
{
	str_clear(&o->key);
	str_add(&o->key, what);
	for (size_t i = 0; i < n; i++)
		str_addf(&o->key, "\n%zu:%s", strlen(text[i]), text[i]);
	sha_uuid5(str_text(&o->key), uuid);
}

/* What a component is referred to by: the same for the same key anywhere. */
static void reference(struct out *o, const char *name, const char *version,
    const char *type, const char *arch, char uuid[37])
{
	const char *const text[] = { name, version, type, arch };

	uuid_of(o, "component", text, 4, uuid);
}

/* Percent-encoded, as the parts of a purl are. */
static void encode(struct str *to, const char *s, size_t len)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
	    "pqrstuvwxyz0123456789.-_~";

	for (size_t i = 0; i < len; i++)
		if (strchr(plain, s[i]) != NULL && s[i] != '\0')
			str_addc(to, s[i]);
		else
			str_addf(to, "%%%02X", (unsigned char)s[i]);
}

/* pkg:oci/NAME@sha256:...?repository_url=... of "HOST/PATH/NAME@sha256:...". */
static void image_purl(struct out *o, const char *repodigest)
{
	const char *at = strrchr(repodigest, '@'), *name = at;
	struct str purl = STR_INIT;

	if (at == NULL)
		return;
	while (name > repodigest && name[-1] != '/')
		name--;
	str_add(&purl, "pkg:oci/");
	encode(&purl, name, (size_t)(at - name));
	str_addc(&purl, '@');
	encode(&purl, at + 1, strlen(at + 1));
	str_add(&purl, "?repository_url=");
	encode(&purl, repodigest, (size_t)(at - repodigest));
	member(o, ",\n      ", "purl", str_text(&purl));
	str_free(&purl);
}

static int aliases(struct out *o, struct err *err)
{
	const char *before = ",\n      \"properties\": [\n        ";
	struct str name = STR_INIT;
	struct query q;
	int rc, n = 0;

	query_open(&q, o->m->r->store, SQL_BOM_ALIASES,
	    BIND(V(o->m->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		str_clear(&name);
		str_addf(&name, "image:%s", query_text(&q, 0));
		property(o, n++ > 0 ? ",\n        " : before, str_text(&name),
		    query_text(&q, 1));
	}
	query_close(&q);
	str_free(&name);
	if (n > 0)
		str_add(&o->line, "\n      ]");
	return rc;
}

/* The digest of the manifest, else the one it is known by. */
static void digest(struct out *o, const struct query *q)
{
	const char *d = query_null(q, 4) != NULL ? query_text(q, 4) :
	    query_text(q, 1);

	if (str_starts(d, "sha256:"))
		str_addf(&o->line, ",\n      \"hashes\": [{\"alg\": "
		    "\"SHA-256\", \"content\": \"%s\"}]", d + 7);
}

static int head(struct out *o, const struct query *q, struct err *err)
{
	const char *const text[] = { query_text(q, 1), query_text(q, 2) };
	char uuid[37];

	uuid_of(o, "bom", text, 2, uuid);
	str_addf(&o->line, "{\n  \"$schema\": \"http://cyclonedx.org/schema/"
	    "bom-1.6.schema.json\",\n  \"bomFormat\": \"CycloneDX\",\n  "
	    "\"specVersion\": \"1.6\",\n  \"serialNumber\": \"urn:uuid:%s\",\n"
	    "  \"version\": 1,\n  \"metadata\": {\n", uuid);
	member(o, "    ", "timestamp", query_text(q, 2));
	str_add(&o->line, ",\n    \"tools\": {\"components\": [{\"type\": "
	    "\"application\", \"name\": \"muster\", \"version\": \""
	    MUSTER_VERSION "\"}]},\n    \"component\": {\n      \"type\": "
	    "\"container\",\n      \"bom-ref\": \"image\"");
	member(o, ",\n      ", "name", query_text(q, 0));
	digest(o, q);
	if (query_null(q, 3) != NULL)
		image_purl(o, query_text(q, 3));
	if (aliases(o, err) < 0)
		return -1;
	str_add(&o->line, "\n    }");
	return 0;
}

static int marking(struct out *o, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, o->m->r->store, SQL_SHEETS_MARKING, NOBIND);
	if ((rc = query_next(&q, err)) > 0) {
		property(o, ",\n    \"properties\": [", "marking",
		    query_text(&q, 0));
		str_addc(&o->line, ']');
	}
	query_close(&q);
	str_add(&o->line, "\n  },\n  \"components\": [");
	flush(o);
	return rc < 0 ? -1 : 0;
}

static void start_component(struct out *o, const struct query *q)
{
	char uuid[37];

	reference(o, query_text(q, NAME), query_text(q, VERSION),
	    query_text(q, TYPE), query_text(q, ARCH), uuid);
	str_addf(&o->line, "%s\n    {\n      \"type\": \"library\",\n      "
	    "\"bom-ref\": \"%s\"", o->components++ > 0 ? "," : "", uuid);
	member(o, ",\n      ", "name", query_text(q, NAME)[0] != '\0' ?
	    query_text(q, NAME) : "(no name)");
	if (query_text(q, VERSION)[0] != '\0') {
		str_add(&o->line, ",\n      \"version\": ");
		clipped(o, &o->line, query_text(q, VERSION), VERSION_MOST);
	}
	if (query_null(q, SUM) != NULL)
		str_addf(&o->line, ",\n      \"hashes\": [{\"alg\": \"SHA-256\""
		    ", \"content\": \"%s\"}]", query_text(q, SUM));
	if (query_text(q, PURL)[0] != '\0')
		member(o, ",\n      ", "purl", query_text(q, PURL));
	property(o, ",\n      \"properties\": [", "found", query_int(q, TOLD)
	    == 0 ? "in the image" : query_int(q, TOLD) == 1 ?
	    "in reports" : "by scanners alone");
	if (query_text(q, TYPE)[0] != '\0')
		property(o, ", ", "type", query_text(q, TYPE));
	if (query_text(q, ARCH)[0] != '\0')
		property(o, ", ", "arch", query_text(q, ARCH));
	if (query_text(q, SOURCE)[0] != '\0')
		property(o, ", ", "source", query_text(q, SOURCE));
	str_clear(&o->places);
	o->nplaces = 0;
}

/* Where it was seen, and by which file. */
static void add_place(struct out *o, const struct query *q)
{
	struct str of = STR_INIT;

	if (query_null(q, SHA256) == NULL || o->nplaces++ >= PLACES)
		return;
	str_addf(&of, "%s sha256:%s", query_text(q, FILE_NAME),
	    query_text(q, SHA256));
	str_addf(&o->places, "%s\n        {\"location\": ", o->nplaces > 1 ?
	    "," : "");
	json(o, &o->places, query_text(q, LOCATOR)[0] != '\0' ?
	    query_text(q, LOCATOR) : query_text(q, FILE_NAME));
	str_add(&o->places, ", \"additionalContext\": ");
	json(o, &o->places, str_text(&of));
	str_addc(&o->places, '}');
	str_free(&of);
}

static void end_component(struct out *o)
{
	char digits[24];

	if (o->components == 0)
		return;
	if (o->nplaces > PLACES) {
		snprintf(digits, sizeof(digits), "%lld",
		    (long long)o->nplaces);
		property(o, ", ", "places", digits);
	}
	str_addf(&o->line, "],\n      \"evidence\": {\"occurrences\": [%s\n"
	    "      ]}\n    }", str_text(&o->places));
	flush(o);
}

static int components(struct out *o, struct err *err)
{
	struct query q;
	char uuid[37];
	int rc;

	query_open(&q, o->m->r->store, SQL_BOM_COMPONENTS,
	    BIND(V(o->m->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		reference(o, query_text(&q, NAME), query_text(&q, VERSION),
		    query_text(&q, TYPE), query_text(&q, ARCH), uuid);
		if (!str_eq(str_text(&o->last), uuid)) {
			end_component(o);
			start_component(o, &q);
			str_clear(&o->last);
			str_add(&o->last, uuid);
		}
		add_place(o, &q);
	}
	query_close(&q);
	end_component(o);
	str_add(&o->line, "\n  ],\n  \"vulnerabilities\": [");
	return rc;
}

/* Who publishes ids of this kind. */
static const char *publisher(const char *id)
{
	static const struct { const char *prefix, *name; } all[] = {
		{ "CVE-", "NVD" }, { "GHSA-", "GitHub Advisories" },
		{ "RHSA-", "Red Hat" }, { "DSA-", "Debian" },
		{ "USN-", "Ubuntu" }, { "ALAS", "Amazon" },
		{ "ELSA-", "Oracle" }, { "PYSEC-", "PyPA" }, { "GO-", "Go" }
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (str_starts(id, all[i].prefix))
			return all[i].name;
	return "unknown";
}

/* CycloneDX's word for a severity. */
static const char *severity(int64_t s)
{
	return s == SEV_UNKNOWN ? "unknown" : s == SEV_NEGLIGIBLE ? "info" :
	    severity_name((enum severity)s);
}

/* The other names of an issue, each once, of lists of lines. */
static void references(struct out *o, const char *id, const char *lists)
{
	struct str seen = STR_INIT, one = STR_INIT;
	int n = 0;

	str_addf(&seen, "\n%s\n", id);
	for (const char *p = lists; *p != '\0'; ) {
		size_t len = strcspn(p, "\n");

		str_clear(&one);
		str_addc(&one, '\n');
		str_addn(&one, p, len);
		str_addc(&one, '\n');
		p += len + (p[len] == '\n');
		if (len == 0 || strstr(str_text(&seen), one.s) != NULL)
			continue;
		str_add(&seen, one.s + 1);
		one.s[one.len - 1] = '\0';
		str_add(&o->line, n++ > 0 ? ", " : ",\n      "
		    "\"references\": [");
		member(o, "{", "id", one.s + 1);
		member(o, ", \"source\": {", "name", publisher(one.s + 1));
		str_add(&o->line, "}}");
	}
	if (n > 0)
		str_addc(&o->line, ']');
	str_free(&seen);
	str_free(&one);
}

/* How each tool rates it, the names they have for it, how it is mended. */
static int sources(struct out *o, const struct query *issue, struct err *err)
{
	struct str names = STR_INIT, fixed = STR_INIT, title = STR_INIT;
	struct query q;
	int rc;

	member(o, ",\n      \"ratings\": [{\"source\": {\"name\": \"muster\"},"
	    " ", "severity", severity(query_int(issue, SEVERITY)));
	query_open(&q, o->m->r->store, SQL_BOM_SOURCES,
	    BIND(V(query_int(issue, ISSUE))));
	while ((rc = query_next(&q, err)) > 0) {
		member(o, "}, {\"source\": {", "name", query_text(&q, 0));
		member(o, "}, ", "severity", severity(query_int(&q, 1)));
		if (fixed.len == 0)
			str_add(&fixed, query_text(&q, 2));
		if (title.len == 0)
			str_add(&title, query_text(&q, 3));
		str_addf(&names, "%s\n", query_text(&q, 4));
	}
	query_close(&q);
	str_add(&o->line, "}]");
	references(o, query_text(issue, ID), str_text(&names));
	if (title.len > 0)
		member(o, ",\n      ", "description", str_text(&title));
	if (fixed.len > 0) {
		str_clear(&names);
		str_addf(&names, "fixed in %s", str_text(&fixed));
		member(o, ",\n      ", "recommendation", str_text(&names));
	}
	str_free(&names);
	str_free(&fixed);
	str_free(&title);
	return rc;
}

static void affect(struct out *o, int *n, const char uuid[37])
{
	str_addf(&o->line, "%s{\"ref\": \"%s\"}", (*n)++ > 0 ? ", " :
	    ",\n      \"affects\": [", uuid);
	o->affects++;
}

static int affected(struct out *o, const struct query *issue,
    struct err *err)
{
	struct query q;
	char uuid[37];
	int n = 0, rc;

	query_open(&q, o->m->r->store, SQL_BOM_AFFECTED,
	    BIND(V(query_int(issue, ISSUE)), V(o->m->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		reference(o, query_text(&q, 0), query_text(&q, 1),
		    query_text(&q, 2), query_text(&q, 3), uuid);
		affect(o, &n, uuid);
	}
	query_close(&q);
	if (n == 0 && query_text(issue, PACKAGE)[0] != '\0') {
		reference(o, query_text(issue, PACKAGE), query_text(issue, OF),
		    "", "", uuid);
		affect(o, &n, uuid);
	}
	if (n > 0)
		str_addc(&o->line, ']');
	return rc;
}

/* What somebody approved of it.  What was accepted is still there. */
static void analysis(struct out *o, const struct query *q)
{
	const char *kind = query_text(q, KIND);
	struct str s = STR_INIT;

	if (query_null(q, KIND) == NULL)
		return;
	str_addf(&s, "%s, approved by %s on %.10s", kind, query_text(q, BY),
	    query_text(q, AT));
	if (query_text(q, UNTIL)[0] != '\0')
		str_addf(&s, " until %s", query_text(q, UNTIL));
	str_addf(&s, ": %s", query_text(q, WHY));
	str_addf(&o->line, ",\n      \"analysis\": {\"state\": \"%s\"",
	    str_eq(kind, "false_positive") ? "false_positive" :
	    str_eq(kind, "not_applicable") ? "not_affected" : "exploitable");
	if (str_eq(kind, "waiver") || str_eq(kind, "inherited"))
		str_add(&o->line, ", \"response\": [\"will_not_fix\"]");
	else if (str_eq(kind, "poam"))
		str_add(&o->line, ", \"response\": [\"update\"]");
	member(o, ", ", "detail", str_text(&s));
	str_addc(&o->line, '}');
	str_free(&s);
}

static int issue(struct out *o, const struct query *q, struct err *err)
{
	const char *const text[] = {
		query_text(q, ID), query_text(q, PACKAGE), query_text(q, OF)
	};
	char uuid[37];

	uuid_of(o, "issue", text, 3, uuid);
	str_addf(&o->line, "%s\n    {\n      \"bom-ref\": \"%s\"",
	    o->issues++ > 0 ? "," : "", uuid);
	member(o, ",\n      ", "id", text[0]);
	member(o, ",\n      \"source\": {", "name", publisher(text[0]));
	str_addc(&o->line, '}');
	if (sources(o, q, err) < 0)
		return -1;
	analysis(o, q);
	if (affected(o, q, err) < 0)
		return -1;
	if (query_text(q, MARK)[0] != '\0') {
		property(o, ",\n      \"properties\": [", "marking",
		    query_text(q, MARK));
		str_addc(&o->line, ']');
	}
	str_add(&o->line, "\n    }");
	flush(o);
	return 0;
}

static int issues(struct out *o, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, o->m->r->store, SQL_BOM_ISSUES,
	    BIND(V(o->m->subject)));
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = issue(o, &q, err)) < 0)
			break;
	query_close(&q);
	str_add(&o->line, "\n  ]\n}\n");
	flush(o);
	return rc;
}

static int fill(struct out *o, const struct query *image, int fd,
    struct err *err)
{
	int rc = -1;

	if ((o->file = fdopen(fd, "w")) == NULL) {
		close(fd);
		return err_sys(err, "cannot write the bill of materials");
	}
	if (head(o, image, err) == 0 && marking(o, err) == 0 &&
	    components(o, err) == 0)
		rc = issues(o, err);
	if ((fflush(o->file) != 0 || ferror(o->file)) && rc == 0)
		rc = err_sys(err, "cannot write the bill of materials");
	if (rc == 0)
		rc = proof_bom(o->m, fd, o->affects, err);
	if (fclose(o->file) != 0 && rc == 0)
		rc = err_sys(err, "cannot write the bill of materials");
	return rc;
}

/* Is there anything to say of the subject? */
static int any(const struct making *m, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, m->r->store, SQL_BOM_COUNTS, BIND(V(m->subject)));
	if ((rc = query_next(&q, err)) > 0)
		rc = query_int(&q, 0) + query_int(&q, 1) > 0;
	query_close(&q);
	return rc;
}

static int write_bom(const struct making *m, struct err *err)
{
	struct out o = { .m = m };
	struct str name = STR_INIT;
	struct query q;
	int fd, rc;

	query_open(&q, m->r->store, SQL_BOM_IMAGE, BIND(V(m->subject)));
	if ((rc = query_next(&q, err)) > 0 && (rc = any(m, err)) > 0) {
		str_addf(&name, "%s%s", m->slug, m->o->suffix);
		fd = files_start(m->files, m->o->place, str_text(&name), err);
		rc = fd >= 0 ? fill(&o, &q, fd, err) : -1;
	}
	query_close(&q);
	str_free(&name);
	str_free(&o.line);
	str_free(&o.text);
	str_free(&o.key);
	str_free(&o.last);
	str_free(&o.places);
	return rc;
}

const struct writer bom_writer = { NULL, write_bom, false };
