/*
 * bom_vuln.c - vulnerabilities of a CycloneDX document; see bom_vuln.h.
 *
 * A rating is somebody's: where several differ, that of the package's
 * distribution counts, then that of the source that named the vulnerability
 * (unless it is the NVD), then the worst.  An "analysis" is a statement; in a
 * document without components, which is VEX and no scan, it is that alone.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bom_vuln.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/purl.h"
#include "muster/sink.h"
#include "row.h"

struct rating {
	enum severity	 severity;
	char		 word[64];
	bool		 differ;
};

void bom_vuln_line(struct str *list, const char *text)
{
	if (str_empty(text))
		return;
	if (list->len > 0)
		str_addc(list, '\n');
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			str_add(list, "\xe2\x90\xa4");
		else
			str_addc(list, *text);
	}
}

/* "Red Hat" and "redhat" are one. */
static void plain(char out[64], const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < 63; i++)
		if (isalnum((unsigned char)s[i]))
			out[n++] = (char)tolower((unsigned char)s[i]);
	out[n] = '\0';
}

/* The distribution a package is of, "" if it is of none. */
static void distribution(char out[64], const char *purl)
{
	struct purl p;

	out[0] = '\0';
	if (!purl_parse(purl, &p))
		return;
	if (str_listed("deb rpm apk alpm", p.type))
		plain(out, p.ns, strlen(p.ns));
	if (str_eq(out, "centos"))
		snprintf(out, 64, "redhat");
	purl_free(&p);
}

/* Whose rating is it: 3 the distribution's, 2 the source's own, 1 any. */
static int rank(const char *source, const char *distro, const char *own)
{
	if (distro[0] != '\0' && source[0] != '\0' &&
	    (strstr(source, distro) != NULL || strstr(distro, source) != NULL))
		return 3;
	return own[0] != '\0' && strstr(own, "nvd") == NULL &&
	    strcmp(own, source) == 0 ? 2 : 1;
}

static void choose(struct rating *r, const char *list, const char *source,
    const char *purl)
{
	char distro[64], own[64], from[64], word[64];
	int best = 0;
	bool first = true;
	enum severity seen = SEV_UNKNOWN;

	memset(r, 0, sizeof(*r));
	distribution(distro, purl);
	plain(own, source != NULL ? source : "",
	    source != NULL ? strlen(source) : 0);
	for (const char *s = list; s != NULL && *s != '\0'; ) {
		size_t len = strcspn(s, "\n"), tab = strcspn(s, "\t");
		const char *w = s + tab + 1;
		enum severity sev;
		int mine;

		snprintf(word, sizeof(word), "%.*s", tab < len && len - tab - 1
		    < sizeof(word) ? (int)(len - tab - 1) : 0, w);
		plain(from, s, tab < len ? tab : 0);
		s += len + (s[len] == '\n');
		if (word[0] == '\0')
			continue;
		sev = severity_of(word);
		r->differ |= !first && sev != seen;
		seen = sev;
		mine = rank(from, distro, own);
		if (first || mine > best || (mine == best &&
		    sev > r->severity)) {
			best = mine;
			r->severity = sev;
			snprintf(r->word, sizeof(r->word), "%s", word);
		}
		first = false;
	}
}

/* urn:cdx:SERIAL/VERSION#REF of this document is REF. */
static const char *local(const struct bom_doc *d, const char *ref)
{
	const char *hash;

	if (!str_starts(ref, "urn:cdx:") || d->serial == NULL ||
	    !str_starts(d->serial, "urn:uuid:") ||
	    (hash = strchr(ref, '#')) == NULL ||
	    strncmp(ref + 8, d->serial + 9, strlen(d->serial + 9)) != 0)
		return ref;
	return hash + 1;
}

/* The reference's part: of the index, from its purl, or its own name. */
static void resolve(struct bom_doc *d, const char *ref, struct bom_part *p,
    struct str *name, struct str *version)
{
	const char *here = local(d, ref);

	memset(p, 0, sizeof(*p));
	if (ref[0] == '\0' || bom_find(&d->index, here, p, NULL))
		return;
	if (bom_purl_name(here, name, version)) {
		p->purl = here;
		p->name = name->s;
		p->version = row_text(version);
		return;
	}
	d->astray++;
	p->name = ref;
}

static int state(struct bom_doc *d, const char *const t[BV_N],
    const struct bom_part *p, const char *ref, const char *locator,
    struct err *err)
{
	struct str text = STR_INIT;
	struct statement s = {
		.target = d->target, .kind = "cyclonedx", .id = t[BV_ID],
		.aliases = t[BV_ALIASES], .package = p->name,
		.version = p->version, .product = p->purl != NULL ? p->purl :
		    ref[0] != '\0' ? ref : NULL,
		.status = t[BV_STATE], .justification = t[BV_JUSTIFICATION],
		.author = d->author, .at = t[BV_UPDATED], .locator = locator
	};
	int rc;

	if (t[BV_DETAIL] != NULL)
		str_add(&text, t[BV_DETAIL]);
	if (t[BV_RESPONSE] != NULL)
		str_addf(&text, "%sresponse: %s", text.len > 0 ? "\n" : "",
		    t[BV_RESPONSE]);
	s.text = row_text(&text);
	sink_count(d->sink, COUNT_READ, 1);
	rc = sink_statement(d->sink, &s, err);
	str_free(&text);
	return rc;
}

static int find(struct bom_doc *d, const char *const t[BV_N],
    const struct bom_part *p, const char *locator, struct err *err)
{
	struct str type = STR_INIT, title = STR_INIT;
	struct rating r;
	struct finding f = {
		.target = d->target, .kind = "vulnerability", .id = t[BV_ID],
		.aliases = t[BV_ALIASES], .package = p->name,
		.version = p->version, .purl = p->purl, .locator = locator
	};
	int rc;

	choose(&r, t[BV_RATINGS], t[BV_SOURCE], p->purl);
	d->differ += r.differ;
	f.severity = r.severity;
	f.severity_word = r.word[0] != '\0' ? r.word : NULL;
	bom_type(&type, p->purl, p->type);
	f.type = row_text(&type);
	if (t[BV_TITLE] != NULL)
		row_title(&title, t[BV_TITLE]);
	f.title = row_text(&title);
	sink_count(d->sink, COUNT_READ, 1);
	rc = sink_finding(d->sink, &f, err);
	str_free(&type);
	str_free(&title);
	return rc;
}

static int send_row(struct bom_doc *d, const char *const t[BV_N],
    const char *ref, const char *locator, struct err *err)
{
	struct str name = STR_INIT, version = STR_INIT;
	struct bom_part p;
	int rc = 0;

	resolve(d, ref, &p, &name, &version);
	if (t[BV_STATE] != NULL)
		rc = state(d, t, &p, ref, locator, err);
	if (rc == 0 && (t[BV_STATE] == NULL || d->components))
		rc = find(d, t, &p, locator, err);
	str_free(&name);
	str_free(&version);
	return rc;
}

/* One row for each of the references, or one without. */
static int send(struct bom_doc *d, const char *const t[BV_N], struct err *err)
{
	struct str ref = STR_INIT, at = STR_INIT;
	const char *list = t[BV_AFFECTS];
	int n = 0, rc = 0;

	if (list == NULL)
		return send_row(d, t, "", t[BV_LOCATOR], err);
	while (rc == 0 && *list != '\0') {
		size_t len = strcspn(list, "\n");

		str_clear(&ref);
		str_addn(&ref, list, len);
		str_clear(&at);
		str_add(&at, t[BV_LOCATOR]);
		if (t[BV_AFFECTED] != NULL)
			str_addf(&at, t[BV_AFFECTED][0] == '/' ? "%s/%d" :
			    "%s[%d]", t[BV_AFFECTED],
			    t[BV_AFFECTED][0] == '/' ? n : n + 1);
		rc = send_row(d, t, ref.s, at.s, err);
		list += len + (list[len] == '\n');
		n++;
	}
	str_free(&ref);
	str_free(&at);
	return rc;
}

int bom_vuln(struct bom_doc *d, const struct str text[BV_N], struct err *err)
{
	const char *t[BV_N];
	size_t more = BV_N;

	for (int i = 0; i < BV_N; i++) {
		t[i] = row_text(&text[i]);
		more += text[i].len;
	}
	if (t[BV_ID] == NULL)
		t[BV_ID] = "(no id)";
	if (!d->waiting)
		return send(d, t, err);
	if (d->held.len + more > (size_t)cap(CAP_HELD_BYTES))
		return cap_err(err, CAP_HELD_BYTES, "too many vulnerabilities "
		    "before the components they refer to");
	for (int i = 0; i < BV_N; i++)
		str_addn(&d->held, t[i] != NULL ? t[i] : "",
		    t[i] != NULL ? strlen(t[i]) + 1 : 1);
	return 0;
}

int bom_vuln_all(struct bom_doc *d, struct err *err)
{
	const char *s = str_text(&d->held), *end = s + d->held.len, *t[BV_N];
	int rc = 0;

	d->waiting = false;
	while (rc == 0 && s < end) {
		for (int i = 0; i < BV_N; i++) {
			t[i] = *s != '\0' ? s : NULL;
			s += strlen(s) + 1;
		}
		rc = send(d, t, err);
	}
	str_free(&d->held);
	return rc;
}

int bom_vuln_end(struct bom_doc *d, const char *at, const char *subject,
    struct err *err)
{
	if (bom_vuln_all(d, err) < 0)
		return -1;
	if (d->differ > 0 && sink_warn(d->sink, NULL, err, "%lld rows carry "
	    "ratings that differ: the distribution's was taken, else that of "
	    "the vulnerability's source, else the worst",
	    (long long)d->differ) < 0)
		return -1;
	if (d->astray > 0 && sink_warn(d->sink, NULL, err, "%lld references "
	    "of vulnerabilities lead to no component here: kept as names",
	    (long long)d->astray) < 0)
		return -1;
	return d->identities > 0 ? 0 : sink_warn(d->sink, at, err, "the "
	    "document names no image (%.200s): what it says is attached to "
	    "none", subject != NULL ? subject : "no subject");
}
