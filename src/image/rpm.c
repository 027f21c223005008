/*
 * rpm.c - RPM's database: a table of headers.
 *
 * A header is a count of index entries, a count of data bytes, the entries
 * (tag, type, offset, count; big-endian) and the data.  Every offset is
 * checked against the data it points into.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "muster/store.h"
#include "muster/str.h"

enum {
	TAG_SIG_DSA = 267, TAG_SIG_RSA = 268, TAG_SIG_PGP = 259,
	TAG_SIG_GPG = 262, TAG_NAME = 1000, TAG_VERSION = 1001,
	TAG_RELEASE = 1002, TAG_EPOCH = 1003, TAG_SIZE = 1009,
	TAG_ARCH = 1022, TAG_SOURCE = 1044, TAG_LONG_SIZE = 5009
};

enum { TYPE_INT32 = 4, TYPE_INT64 = 5, TYPE_STRING = 6, TYPE_BIN = 7,
    TYPE_I18N = 9 };

#define MAX_INDEX	65536

struct header {
	const unsigned char	*index, *data;
	uint32_t		 n, size;
};

struct value {
	uint32_t		 type, count;
	const unsigned char	*p;
	uint32_t		 left;		/* bytes from p to the end */
};

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static bool header_open(struct header *h, const void *blob, size_t len)
{
	const unsigned char *p = blob;

	if (len < 8)
		return false;
	h->n = be32(p);
	h->size = be32(p + 4);
	if (h->n > MAX_INDEX || h->size > len ||
	    len - 8 < (size_t)h->n * 16 + h->size)
		return false;
	h->index = p + 8;
	h->data = h->index + (size_t)h->n * 16;
	return true;
}

static bool find(const struct header *h, uint32_t tag, struct value *v)
{
	for (uint32_t i = 0; i < h->n; i++) {
		const unsigned char *e = h->index + (size_t)i * 16;
		uint32_t at = be32(e + 8);

		if (be32(e) != tag || at >= h->size)
			continue;
		*v = (struct value){ be32(e + 4), be32(e + 12), h->data + at,
		    h->size - at };
		return true;
	}
	return false;
}

/* A string's text in out; false if there is none. */
static bool text(const struct header *h, uint32_t tag, struct str *out)
{
	struct value v;

	if (!find(h, tag, &v) || (v.type != TYPE_STRING &&
	    v.type != TYPE_I18N) || memchr(v.p, '\0', v.left) == NULL)
		return false;
	str_utf8(out, v.p, strlen((const char *)v.p));
	return true;
}

static bool number(const struct header *h, uint32_t tag, int64_t *out)
{
	struct value v;

	if (!find(h, tag, &v) || v.count < 1)
		return false;
	if (v.type == TYPE_INT32 && v.left >= 4)
		*out = be32(v.p);
	else if (v.type == TYPE_INT64 && v.left >= 8)
		*out = (int64_t)((uint64_t)(be32(v.p) & 0x7fffffff) << 32 |
		    be32(v.p + 4));
	else
		return false;
	return true;
}

/* The length of an OpenPGP packet or subpacket, and of what says it. */
static bool pgp_length(const unsigned char *p, size_t left, size_t *head,
    size_t *len)
{
	if (left >= 1 && p[0] < 192) {
		*head = 1;
		*len = p[0];
	} else if (left >= 2 && p[0] < 255) {
		*head = 2;
		*len = (size_t)(p[0] - 192) * 256 + p[1] + 192;
	} else if (left >= 5 && p[0] == 255) {
		*head = 5;
		*len = be32(p + 1);
	} else {
		return false;
	}
	return *len <= left - *head;
}

/* The issuer's key id among the subpackets of a version 4 signature. */
static bool issuer(const unsigned char *p, size_t left, struct str *out)
{
	size_t head, len;

	while (left > 0 && pgp_length(p, left, &head, &len) && len > 0) {
		const unsigned char *sub = p + head;

		if ((sub[0] & 0x7f) == 16 && len == 9) {
			str_add(out, ", Key ID ");
			for (int i = 1; i < 9; i++)
				str_addf(out, "%02x", sub[i]);
			return true;
		}
		p += head + len;
		left -= head + len;
	}
	return false;
}

static const char *algorithm(unsigned id)
{
	switch (id) {
	case 1: case 2: case 3: return "RSA";
	case 17: return "DSA";
	case 19: return "ECDSA";
	case 22: case 27: return "EdDSA";
	default: return "unknown algorithm";
	}
}

static const char *hash(unsigned id)
{
	static const char *const names[] = {
		"?", "MD5", "SHA1", "RIPEMD160", "?", "?", "?", "?",
		"SHA256", "SHA384", "SHA512", "SHA224"
	};

	return id < sizeof(names) / sizeof(*names) ? names[id] : "?";
}

/* "RSA/SHA512, Key ID c664f1c9a9c47278" out of a signature packet. */
static void signed_by(const unsigned char *p, size_t left, struct str *out)
{
	size_t head, len, hashed, more;

	str_clear(out);
	str_add(out, "signature of an unknown form");
	if (left < 3 || (p[0] & 0x80) == 0)
		return;
	if ((p[0] & 0x40) != 0) {		/* new format */
		if (!pgp_length(p + 1, left - 1, &head, &len))
			return;
		p += 1 + head;
	} else {
		head = (size_t)1 << (p[0] & 3);
		if (head > 4 || left < 1 + head)
			return;
		p += 1 + head;
		len = left - 1 - head;
	}
	if (len >= 19 && p[0] == 3) {
		str_clear(out);
		str_addf(out, "%s/%s, Key ID ", algorithm(p[15]), hash(p[16]));
		for (int i = 7; i < 15; i++)
			str_addf(out, "%02x", p[i]);
		return;
	}
	if (len < 6 || p[0] != 4)
		return;
	str_clear(out);
	str_addf(out, "%s/%s", algorithm(p[2]), hash(p[3]));
	hashed = (size_t)p[4] << 8 | p[5];
	if (hashed + 8 > len || issuer(p + 6, hashed, out))
		return;
	more = (size_t)p[6 + hashed] << 8 | p[7 + hashed];
	if (more <= len - 8 - hashed)
		issuer(p + 8 + hashed, more, out);
}

static void signature(const struct header *h, struct str *out)
{
	static const uint32_t tags[] = { TAG_SIG_RSA, TAG_SIG_DSA,
	    TAG_SIG_PGP, TAG_SIG_GPG };
	struct value v;

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (find(h, tags[i], &v) && v.type == TYPE_BIN &&
		    v.count > 0 && v.count <= v.left) {
			signed_by(v.p, v.count, out);
			return;
		}
	str_add(out, "none");
}

/* The texts of one package, freed together. */
struct texts {
	struct str name, version, arch, source, purl, signature, locator;
};

static void texts_free(struct texts *t)
{
	str_free(&t->name);
	str_free(&t->version);
	str_free(&t->arch);
	str_free(&t->source);
	str_free(&t->purl);
	str_free(&t->signature);
	str_free(&t->locator);
}

/* "bash-5.1.8-1.el9.src.rpm" is of the source package bash. */
static void source_name(struct str *s)
{
	for (int dashes = 0; dashes < 2 && s->len > 0;) {
		if (s->s[--s->len] == '-')
			dashes++;
		s->s[s->len] = '\0';
	}
}

struct reading {
	struct emit		*emit;
	const struct seen	*file;
};

static int put(struct reading *r, const struct header *h, struct texts *t,
    struct err *err)
{
	struct package p = { .type = "rpm" };
	char epoch[40] = "";
	int64_t v;

	if (number(h, TAG_EPOCH, &v)) {
		str_addf(&t->version, "%lld:", (long long)v);
		snprintf(epoch, sizeof(epoch), "epoch=%lld", (long long)v);
	}
	text(h, TAG_VERSION, &t->version);
	str_addc(&t->version, '-');
	text(h, TAG_RELEASE, &t->version);
	text(h, TAG_ARCH, &t->arch);
	if (text(h, TAG_SOURCE, &t->source))
		source_name(&t->source);
	signature(h, &t->signature);
	emit_locator(r->emit, r->file->layer, r->file->path, &t->locator);
	if (!number(h, TAG_LONG_SIZE, &p.size) &&
	    !number(h, TAG_SIZE, &p.size))
		p.size = 0;
	p.name = str_text(&t->name);
	p.version = str_text(&t->version);
	if (epoch[0] != '\0')	/* a purl has the epoch apart */
		p.version = strchr(p.version, ':') + 1;
	p.arch = t->arch.len > 0 ? str_text(&t->arch) : NULL;
	purl_make(r->emit, &p, epoch, &t->purl);
	p.version = str_text(&t->version);
	p.source = t->source.len > 0 ? str_text(&t->source) : NULL;
	p.purl = str_text(&t->purl);
	p.signature = str_text(&t->signature);
	p.locator = str_text(&t->locator);
	return emit_package(r->emit, &p, err);
}

static int row(void *ctx, const void *blob, size_t len, struct err *err)
{
	struct reading *r = ctx;
	struct texts t;
	struct header h;
	int rc;

	memset(&t, 0, sizeof(t));
	if (!header_open(&h, blob, len))
		return err_set(err, ERR_INPUT, "a package header of %zu bytes "
		    "that is not well-formed", len);
	if (!text(&h, TAG_NAME, &t.name))
		return err_set(err, ERR_INPUT, "a package header without a "
		    "name");
	/* the keys that packages are checked with are listed as packages */
	rc = str_eq(str_text(&t.name), "gpg-pubkey") ?
	    emit_file_fact(r->emit, "verify.on", NULL, "a key imported into "
	    "the RPM database", r->file->layer, r->file->path, err) :
	    put(r, &h, &t, err);
	texts_free(&t);
	return rc;
}

int rpm_read(struct emit *e, const struct seen *f, struct err *err)
{
	struct reading r = { e, f };
	struct err why = ERR_INIT;

	if (emit_file_fact(e, "package.db", "rpm", f->path, f->layer, f->path,
	    err) < 0)
		return -1;
	if (store_foreign(f->body, f->len,
	    "SELECT blob FROM Packages ORDER BY hnum", row, &r, &why) == 0)
		return 0;
	if (why.kind != ERR_INPUT) {
		*err = why;
		return -1;
	}
	return emit_file_fact(e, "package.unread", NULL, why.text, f->layer,
	    f->path, err);
}

int rpm_unread(struct emit *e, const struct seen *f, struct err *err)
{
	return emit_file_fact(e, "package.unread", NULL,
	    str_ends(f->path, ".db") ? "an RPM database in ndb form, which "
	    "is not read; use an SBOM" : "an RPM database in Berkeley DB "
	    "form, which is not read; use an SBOM", f->layer, f->path, err);
}
