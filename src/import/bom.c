/* bom.c - what readers of bills of materials share; see bom.h. */
#include <stdlib.h>
#include <string.h>

#include "bom.h"
#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/purl.h"
#include "muster/sha.h"
#include "muster/sink.h"

/* Offset 0 is the empty text. */
static uint32_t keep(struct bom_index *x, const char *text)
{
	uint32_t at = (uint32_t)x->text.len;

	if (str_empty(text))
		return 0;
	str_addn(&x->text, text, strlen(text) + 1);
	return at;
}

static const char *text_at(const struct bom_index *x, uint32_t at)
{
	return at == 0 ? NULL : x->text.s + at;
}

static size_t length(const char *s)
{
	return s != NULL ? strlen(s) + 1 : 0;
}

static void forget_order(struct bom_index *x)
{
	free(x->by_ref);
	free(x->by_purl);
	x->by_ref = x->by_purl = NULL;
}

int bom_add(struct bom_index *x, const struct bom_part *p, struct err *err)
{
	size_t more = length(p->ref) + length(p->type) + length(p->name) +
	    length(p->version) + length(p->purl) + length(p->locator);
	struct bom_row *row;

	if (x->text.len + more + (x->n + 1) * sizeof(*row) >
	    (size_t)cap(CAP_HELD_BYTES))
		return cap_err(err, CAP_HELD_BYTES, "too many components: the "
		    "names of %zu take all that is held of a document", x->n);
	if (x->text.len == 0)
		str_addc(&x->text, '\0');
	MEM_ROOM(x->rows, x->n, x->cap);
	row = &x->rows[x->n++];
	row->ref = keep(x, p->ref);
	row->type = keep(x, p->type);
	row->name = keep(x, p->name);
	row->version = keep(x, p->version);
	row->purl = str_eq(p->purl, p->ref) ? row->ref : keep(x, p->purl);
	row->locator = keep(x, p->locator);
	forget_order(x);
	return 0;
}

void bom_part(const struct bom_index *x, size_t i, struct bom_part *p)
{
	const struct bom_row *row = &x->rows[i];

	p->ref = text_at(x, row->ref);
	p->type = text_at(x, row->type);
	p->name = text_at(x, row->name);
	p->version = text_at(x, row->version);
	p->purl = text_at(x, row->purl);
	p->locator = text_at(x, row->locator);
}

void bom_free(struct bom_index *x)
{
	forget_order(x);
	free(x->rows);
	str_free(&x->text);
}

static const char *key_of(const struct bom_index *x, uint32_t i, bool purl)
{
	const struct bom_row *row = &x->rows[i];

	return x->text.s + (purl ? row->purl : row->ref);
}

/* Of several parts of one name the first of the document comes first. */
static int order(const struct bom_index *x, bool purl, uint32_t i, uint32_t j)
{
	int d = strcmp(key_of(x, i, purl), key_of(x, j, purl));

	return d != 0 ? d : i < j ? -1 : i > j;
}

static int order_refs(const void *a, const void *b, void *x)
{
	return order(x, false, *(const uint32_t *)a, *(const uint32_t *)b);
}

static int order_purls(const void *a, const void *b, void *x)
{
	return order(x, true, *(const uint32_t *)a, *(const uint32_t *)b);
}

static void sort(struct bom_index *x)
{
	x->by_ref = mem_array(x->n, sizeof(*x->by_ref));
	x->by_purl = mem_array(x->n, sizeof(*x->by_purl));
	for (size_t i = 0; i < x->n; i++)
		x->by_ref[i] = x->by_purl[i] = (uint32_t)i;
	qsort_r(x->by_ref, x->n, sizeof(*x->by_ref), order_refs, x);
	qsort_r(x->by_purl, x->n, sizeof(*x->by_purl), order_purls, x);
}

static bool find(const struct bom_index *x, bool purl, const char *key,
    struct bom_part *p, size_t *at)
{
	const uint32_t *by = purl ? x->by_purl : x->by_ref;
	size_t lo = 0, hi = x->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(key_of(x, by[mid], purl), key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == x->n || strcmp(key_of(x, by[lo], purl), key) != 0)
		return false;
	bom_part(x, by[lo], p);
	if (at != NULL)
		*at = by[lo];
	return true;
}

bool bom_find(struct bom_index *x, const char *ref, struct bom_part *p,
    size_t *at)
{
	if (x->n == 0 || str_empty(ref))
		return false;
	if (x->by_ref == NULL)
		sort(x);
	return find(x, false, ref, p, at) ||
	    find(x, true, ref, p, at);
}

/* What the image reader calls packages that a purl calls otherwise. */
static void type_of(struct str *out, const char *type)
{
	static const char *const ours[][2] = {
		{ "pypi", "python" }, { "maven", "java-archive" },
		{ "golang", "go-module" }
	};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (str_eq(type, ours[i][0]))
			type = ours[i][1];
	str_clear(out);
	if (type != NULL)
		str_add(out, type);
}

void bom_type(struct str *out, const char *purl, const char *word)
{
	struct purl p;

	if (!purl_parse(purl, &p)) {
		type_of(out, word);
		return;
	}
	type_of(out, p.type);
	purl_free(&p);
}

bool bom_purl_name(const char *purl, struct str *name, struct str *version)
{
	struct purl p;

	if (!purl_parse(purl, &p))
		return false;
	str_clear(name);
	str_utf8(name, p.name, strlen(p.name));
	str_clear(version);
	str_utf8(version, p.version, strlen(p.version));
	purl_free(&p);
	return true;
}

/* "upstream=openssl@3.0.7" names the source package. */
static void qualifier(struct str *out, const struct purl *p, const char *key)
{
	struct str raw = STR_INIT;

	if (p->qualifiers[0] != '\0' && purl_qualifier(p, key, &raw))
		str_utf8(out, raw.s, strcspn(str_text(&raw), "@"));
	str_free(&raw);
}

static const char *some(const struct str *s)
{
	return s->len > 0 ? s->s : NULL;
}

int bom_package(struct sink *s, int64_t target, const struct bom_part *p,
    struct err *err)
{
	struct str type = STR_INIT, arch = STR_INIT, source = STR_INIT;
	struct package k = {
		.target = target, .name = p->name, .version = p->version,
		.purl = p->purl, .locator = p->locator
	};
	struct purl purl;
	int rc;

	if (purl_parse(p->purl, &purl)) {
		type_of(&type, purl.type);
		qualifier(&arch, &purl, "arch");
		qualifier(&source, &purl, "upstream");
		purl_free(&purl);
	} else {
		type_of(&type, p->type);
	}
	k.type = type.len > 0 ? type.s : "unknown";
	k.arch = some(&arch);
	k.source = some(&source);
	sink_count(s, COUNT_READ, 1);
	rc = sink_package(s, &k, err);
	str_free(&type);
	str_free(&arch);
	str_free(&source);
	return rc;
}

bool bom_is_image(const char *purl)
{
	return str_starts(purl, "pkg:oci/") || str_starts(purl, "pkg:docker/");
}

/* pkg:oci/NAME@sha256:..?repository_url=REPOSITORY&tag=TAG */
static int image_purl(struct sink *s, int64_t target,
    const struct bom_part *part, struct err *err)
{
	struct str repo = STR_INIT, tag = STR_INIT, ref = STR_INIT;
	struct purl p;
	int n = 0, more = 0;

	if (!bom_is_image(part->purl) || !purl_parse(part->purl, &p))
		return 0;
	if (!purl_qualifier(&p, "repository_url", &repo) &&
	    str_eq(p.type, "docker"))
		str_addf(&repo, "%s%s%s", p.ns, p.ns[0] != '\0' ? "/" : "",
		    p.name);
	purl_qualifier(&p, "tag", &tag);
	if (tag.len == 0 && !sha_is_digest(p.version))
		str_add(&tag, p.version);
	if (repo.len > 0 && tag.len > 0) {
		str_addf(&ref, "%s:%s", repo.s, tag.s);
		n = ident_reference(s, target, ref.s, err);
	}
	if (n >= 0 && sha_is_digest(p.version)) {
		str_clear(&ref);
		str_addf(&ref, "%s@%s", str_text(&repo), p.version);
		more = repo.len > 0 ? ident_reference(s, target, ref.s, err) :
		    ident_digest(s, target, "manifest", p.version,
		    part->locator, err);
	}
	str_free(&repo);
	str_free(&tag);
	str_free(&ref);
	purl_free(&p);
	return n < 0 || more < 0 ? -1 : n + more;
}

int bom_subject(struct sink *s, int64_t target, const struct bom_part *p,
    struct err *err)
{
	bool container = str_eq(p->type, "container") ||
	    str_eq(p->type, "image");
	struct str ref = STR_INIT;
	int n = image_purl(s, target, p, err), more = 0;

	if (n < 0 || (!container && n == 0))
		return n;
	if (p->version != NULL && sha_is_digest(p->version))
		more = ident_digest(s, target, "manifest", p->version,
		    p->locator, err);
	if (more < 0)
		return -1;
	n += more;
	if ((more = ident_reference(s, target, p->name, err)) == 0 &&
	    !str_empty(p->name) && !str_empty(p->version) &&
	    strchr(p->version, ':') == NULL) {
		str_addf(&ref, "%s:%s", p->name, p->version);
		more = ident_reference(s, target, ref.s, err);
		str_free(&ref);
	}
	return more < 0 ? -1 : n + more;
}

int bom_property(struct sink *s, int64_t target, const char *name,
    const char *value, const char *locator, struct err *err)
{
	static const char prefix[] = "aquasecurity:trivy:";
	static const char ours[] = "muster:image:";

	if (str_empty(value))
		return 0;
	if (str_starts(name, ours)) {
		name += strlen(ours);
		return str_eq(name, "config") || str_eq(name, "manifest") ||
		    str_eq(name, "index") ? ident_digest(s, target, name,
		    value, locator, err) : ident_reference(s, target, value,
		    err);
	}
	if (!str_starts(name, prefix))
		return 0;
	name += strlen(prefix);
	if (str_eq(name, "ImageID"))
		return ident_digest(s, target, "config", value, locator, err);
	if (str_eq(name, "RepoDigest") || str_eq(name, "RepoTag"))
		return ident_reference(s, target, value, err);
	return 0;
}

int bom_unplaced(struct sink *s, int64_t n, const char *at, const char *what,
    struct err *err)
{
	if (n == 0)
		return 0;
	sink_count(s, COUNT_READ, n);
	sink_count(s, COUNT_UNPLACED, n);
	return sink_warn(s, at, err, "%lld %s", (long long)n, what);
}
