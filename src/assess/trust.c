/* trust.c - trusted keys, and all signatures over an image; see trust.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "muster/date.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/ref.h"
#include "muster/store.h"
#include "trust_priv.h"

/* A bare registry: "quay.io", "localhost", "registry.mil:5000". */
static bool is_registry(const char *s)
{
	size_t len = strcspn(s, "/");
	const char *colon = memchr(s, ':', len);
	size_t host = colon != NULL ? (size_t)(colon - s) : len;

	return memchr(s, '.', host) != NULL ||
	    (host == 9 && memcmp(s, "localhost", 9) == 0);
}

bool trust_prefix(const char *text, struct str *out)
{
	struct str whole = STR_INIT;
	struct ref ref;
	size_t len = strlen(text);
	const char *slash;
	bool folder, is;

	while (len > 0 && text[len - 1] == '/')
		len--;
	str_addn(&whole, text, len);
	if (str_eq(str_text(&whole), TRUST_ANY)) {
		str_add(out, TRUST_ANY);
		str_free(&whole);
		return true;
	}
	/* a colon is for a port; a tag or digest names one image only */
	slash = strchr(str_text(&whole), '/');
	if (slash != NULL && strpbrk(slash, ":@") != NULL) {
		str_free(&whole);
		return false;
	}
	/* a folder is no reference; what is in it, is one */
	folder = is_registry(str_text(&whole)) ||
	    strchr(str_text(&whole), '/') != NULL;
	if (folder)
		str_add(&whole, "/x");
	is = len > 0 && ref_parse(str_text(&whole), &ref) &&
	    ref.tag[0] == '\0' && ref.digest[0] == '\0' &&
	    strstr(ref.repo, "//") == NULL;
	if (is && folder) {
		size_t n = strlen(ref.repo);

		/* "docker.io/x" is docker.io/library/x */
		is = n > 2;
		if (is)
			ref.repo[n - 2] = '\0';
		if (is && str_eq(ref.repo, "docker.io/library") &&
		    strchr(text, '/') == NULL)
			ref.repo[9] = '\0';
	}
	if (is)
		str_add(out, ref.repo);
	str_free(&whole);
	return is;
}

bool trust_covers(const char *prefix, const char *repo)
{
	size_t n = strlen(prefix);

	return str_eq(prefix, TRUST_ANY) || (n > 0 && *repo != '\0' &&
	    strncmp(prefix, repo, n) == 0 &&
	    (repo[n] == '\0' || repo[n] == '/'));
}

static void put(struct str *body, const char *name, const char *value)
{
	if (value == NULL)
		return;
	str_addf(body, "%s\"%s\":", body->len > 1 ? "," : "", name);
	str_json(body, value);
}

int trust_add(struct store *st, const struct trust_new *t, struct str *id,
    struct err *err)
{
	static const char *const kinds[] = { "key", "root", "openpgp" };
	struct str prefix = STR_INIT, body = STR_INIT;
	struct sign_key *k = NULL;
	int rc = -1;

	if (!trust_prefix(t->prefix, &prefix)) {
		err_set(err, ERR_USAGE, "\"%s\" is no registry, folder or "
		    "repository; expected something like "
		    "registry1.dso.mil/ironbank", t->prefix);
		goto out;
	}
	if ((k = sign_key_read(t->key, t->len, err)) == NULL)
		goto out;
	if (t->identity != NULL && sign_key_kind(k) != SIGN_ROOT) {
		err_set(err, ERR_USAGE, "an identity is a certificate's: it "
		    "goes with a root certificate only");
		goto out;
	}
	str_add(&body, "{");
	put(&body, "id", sign_key_id(k));
	put(&body, "kind", kinds[sign_key_kind(k)]);
	put(&body, "name", sign_key_name(k));
	put(&body, "prefix", prefix.s);
	put(&body, "identity", t->identity);
	put(&body, "any_time", t->any_time ? "yes" : NULL);
	put(&body, "key", sign_key_text(k));
	str_add(&body, "}");
	str_add(id, sign_key_id(k));
	rc = event_add(st, "trust.add", id->s, body.s, err);
out:
	sign_key_free(k);
	str_free(&prefix);
	str_free(&body);
	return rc;
}

int trust_remove(struct store *st, const char *id, struct str *whole,
    struct err *err)
{
	struct query q;
	int found = 0, rc;

	query_open(&q, st, SQL_TRUST_FIND, BIND(V(id)));
	while ((rc = query_next(&q, err)) > 0)
		if (found++ == 0)
			str_add(whole, query_text(&q, 0));
	query_close(&q);
	if (rc < 0)
		return -1;
	if (found == 0)
		return err_set(err, ERR_USAGE, "no trusted key has the id "
		    "\"%s\"; \"muster trust list\" shows them", id);
	if (found > 1 || strlen(id) < 8)
		return err_set(err, ERR_USAGE, "\"%s\" is too short an id: "
		    "give at least 8 digits, and enough to tell the keys "
		    "apart", id);
	return event_add(st, "trust.remove", whole->s, "{}", err);
}

static int load(struct store *st, const char *as_of, struct trust_keys *keys,
    struct err *err)
{
	struct query q;
	int rc;

	*keys = (struct trust_keys){ .as_of = as_of };
	if (!date_parse(as_of, &keys->at))
		return err_set(err, ERR_BUG, "\"%s\" is no date", as_of);
	query_open(&q, st, SQL_TRUST_KEYS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const char *text = query_text(&q, 2);
		struct sign_key *k = sign_key_read(text, strlen(text), err);

		if (k == NULL) {
			rc = err_during(err, "reading the trusted key %s",
			    query_text(&q, 0));
			break;
		}
		MEM_ROOM(keys->k, keys->n, keys->cap);
		keys->k[keys->n++] = (struct trust_key){ .key = k,
		    .prefix = mem_dup(query_text(&q, 1)),
		    .identity = mem_dup(query_null(&q, 3)),
		    .any_time = query_null(&q, 4) != NULL };
	}
	query_close(&q);
	return rc;
}

static void unload(struct trust_keys *keys)
{
	for (size_t i = 0; i < keys->n; i++) {
		sign_key_free(keys->k[i].key);
		free(keys->k[i].prefix);
		free(keys->k[i].identity);
	}
	free(keys->k);
}

/* Does it sign an image?  An attestation says something else about it. */
static bool signs(const struct query *q)
{
	return !str_eq(query_text(q, SIG_KIND), "dsse") ||
	    str_eq(query_text(q, SIG_TYPE),
	    "https://sigstore.dev/cosign/sign/v1");
}

/* "registry/repo:tag" as a repository; "" where it is none. */
static void repo_of(const char *reference, struct ref *ref)
{
	if (str_empty(reference) || !ref_parse(reference, ref))
		ref->repo[0] = '\0';
}

int trust_image(struct store *st, const char *digest, const char *reference,
    const char *as_of, struct trust_word *w, struct err *err)
{
	struct trust_word one = { .verdict = TRUST_NONE };
	struct trust_keys keys;
	struct ref ref;
	struct query q;
	int rc = -1;

	*w = (struct trust_word){ .verdict = TRUST_NONE };
	repo_of(reference, &ref);
	if (load(st, as_of, &keys, err) < 0)
		goto out;
	query_open(&q, st, SQL_TRUST_IMAGE, BIND(V(digest)));
	while ((rc = query_next(&q, err)) > 0) {
		struct trust_word swap = *w;

		if (!signs(&q))
			continue;
		trust_judge(&keys, &q, query_text(&q, SIG_OVER), ref.repo,
		    &one);
		if (one.verdict > w->verdict) {
			*w = one;
			one = swap;
		}
	}
	query_close(&q);
out:
	trust_word_free(&one);
	unload(&keys);
	return rc;
}

int trust_each(struct store *st, const char *as_of, trust_fn *fn, void *ctx,
    struct err *err)
{
	struct trust_word one = { .verdict = TRUST_NONE };
	struct trust_keys keys;
	struct query q;
	int rc = -1;

	if (load(st, as_of, &keys, err) < 0)
		goto out;
	query_open(&q, st, SQL_TRUST_ALL, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct trust_row row = { query_text(&q, SIG_KIND),
		    query_null(&q, SIG_IMAGE), query_null(&q, SIG_CLAIM),
		    query_null(&q, SIG_REFERENCE), query_null(&q, SIG_TYPE),
		    query_text(&q, SIG_FILE), &one };

		trust_judge(&keys, &q, query_text(&q, SIG_OVER), "", &one);
		if ((rc = fn(ctx, &row, err)) < 0)
			break;
	}
	query_close(&q);
out:
	trust_word_free(&one);
	unload(&keys);
	return rc;
}

void trust_word_free(struct trust_word *w)
{
	str_free(&w->text);
	str_free(&w->locator);
}

const char *trust_verdict_name(enum trust_verdict v)
{
	static const char *const names[] = {
		"unsigned", "untrusted", "invalid", "valid"
	};

	return names[v];
}
