/*
 * rpm.c - RPM's database: a table of headers, in one of three containers.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "muster/store.h"
#include "muster/str.h"
#include "rpm.h"

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
		*len = rpm_header_u32(p + 1);
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

static void signature(const struct rpm_header *h, struct str *out)
{
	static const uint32_t tags[] = { TAG_SIG_RSA, TAG_SIG_DSA,
	    TAG_SIG_PGP, TAG_SIG_GPG };
	struct rpm_value v;

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (rpm_header_find(h, tags[i], &v) && v.type == TYPE_BIN &&
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

static int put(struct reading *r, const struct rpm_header *h, struct texts *t,
    struct err *err)
{
	struct package p = { .type = "rpm" };
	char epoch[40] = "";
	int64_t v;

	if (rpm_header_number(h, TAG_EPOCH, &v)) {
		str_addf(&t->version, "%lld:", (long long)v);
		snprintf(epoch, sizeof(epoch), "epoch=%lld", (long long)v);
	}
	rpm_header_text(h, TAG_VERSION, &t->version);
	str_addc(&t->version, '-');
	rpm_header_text(h, TAG_RELEASE, &t->version);
	rpm_header_text(h, TAG_ARCH, &t->arch);
	if (rpm_header_text(h, TAG_SOURCE, &t->source))
		source_name(&t->source);
	signature(h, &t->signature);
	emit_locator(r->emit, r->file->layer, r->file->path, &t->locator);
	if (!rpm_header_number(h, TAG_LONG_SIZE, &p.size) &&
	    !rpm_header_number(h, TAG_SIZE, &p.size))
		p.size = 0;
	p.name = str_text(&t->name);
	p.version = str_text(&t->version);
	if (epoch[0] != '\0')	/* a purl has the epoch apart */
		p.version = strchr(p.version, ':') + 1;
	p.arch = t->arch.len > 0 ? str_text(&t->arch) : NULL;
	pkgurl_make(r->emit, &p, epoch, &t->purl);
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
	struct rpm_header h;
	int rc;

	memset(&t, 0, sizeof(t));
	if (!rpm_header_open(&h, blob, len))
		return err_set(err, ERR_INPUT, "a package header of %zu bytes "
		    "that is not well-formed", len);
	if (!rpm_header_text(&h, TAG_NAME, &t.name))
		return err_set(err, ERR_INPUT, "a package header without a "
		    "name");
	/* the keys that packages are checked with are listed as packages */
	rc = str_eq(str_text(&t.name), "gpg-pubkey") ?
	    emit_file_fact(r->emit, "verify.on", NULL, "a key imported into "
	    "the RPM database", r->file->layer, r->file->path, err) :
	    put(r, &h, &t, err);
	if (rc == 0 && !str_eq(str_text(&t.name), "gpg-pubkey"))
		rpm_files_add(r->emit, r->file, str_text(&t.name), &h);
	texts_free(&t);
	return rc;
}

static int sqlite(const void *bytes, size_t len, rpm_fn *fn, void *ctx,
    struct err *err)
{
	return store_foreign(bytes, len,
	    "SELECT blob FROM Packages ORDER BY hnum", fn, ctx, err);
}

/* What it is called says which container it is. */
int rpm_read(struct emit *e, const struct seen *f, struct err *err)
{
	struct reading r = { e, f };
	struct err why = ERR_INIT;
	int rc;

	if (emit_file_fact(e, "package.db", "rpm", f->path, f->layer, f->path,
	    err) < 0)
		return -1;
	rc = (str_ends(f->path, ".sqlite") ? sqlite :
	    str_ends(f->path, ".db") ? rpm_ndb_read : rpm_bdb_read)(f->body,
	    f->len, row, &r, &why);
	if (rc == 0)
		return 0;
	if (why.kind != ERR_INPUT) {
		*err = why;
		return -1;
	}
	return emit_file_fact(e, "package.unread", NULL, why.text, f->layer,
	    f->path, err);
}
