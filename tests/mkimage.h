/*
 * mkimage.h - tars and images made in memory, for tests.
 *
 * Everything is as small and plain as it can be, so that a test's own bytes
 * are all there is to see.
 */
#ifndef MKIMAGE_H
#define MKIMAGE_H

#include <string.h>

#include "muster/sha.h"
#include "muster/str.h"

struct mk_entry {
	const char	*name;
	char		 type;		/* 0 or '0' file, '1' hard, '2' link */
	unsigned	 mode;		/* '5' directory; 0: 0644 */
	const char	*body;		/* of a file; link's target */
};

/* One header and its content, padded. */
static inline void mk_raw(struct str *tar, const char *name, char type,
    unsigned mode, const char *link, const void *body, size_t len)
{
	char h[512] = { 0 };
	unsigned sum = 0;

	memcpy(h, name, strnlen(name, 100));
	snprintf(h + 100, 8, "%07o", mode & 07777);
	snprintf(h + 108, 8, "%07o", 0);
	snprintf(h + 116, 8, "%07o", 0);
	snprintf(h + 124, 12, "%011o", (unsigned)len & 077777777);
	snprintf(h + 136, 12, "%011o", 0);
	memset(h + 148, ' ', 8);
	h[156] = type;
	memcpy(h + 157, link, strnlen(link, 100));
	memcpy(h + 257, "ustar\0" "00", 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 7, "%06o", sum);
	str_addn(tar, h, sizeof(h));
	str_addn(tar, body, len);
	memset(h, 0, sizeof(h));
	str_addn(tar, h, (512 - len % 512) % 512);
}

/* A PAX record for the entry that follows. */
static inline void mk_pax(struct str *tar, const char *key, const void *value,
    size_t len)
{
	struct str rec = STR_INIT;
	size_t size = strlen(key) + len + 3, digits = 1;

	for (size_t n = 10; n <= size + digits; n *= 10)
		digits++;
	str_addf(&rec, "%zu %s=", size + digits, key);
	str_addn(&rec, value, len);
	str_addc(&rec, '\n');
	mk_raw(tar, "pax", 'x', 0644, "", rec.s, rec.len);
	str_free(&rec);
}

static inline void mk_end(struct str *tar)
{
	static const char zeros[1024];

	str_addn(tar, zeros, sizeof(zeros));
}

/* A layer from a list that ends with a NULL name. */
static inline void mk_layer(struct str *tar, const struct mk_entry *e)
{
	for (; e->name != NULL; e++) {
		bool link = e->type == '1' || e->type == '2';
		const char *body = e->body != NULL ? e->body : "";

		mk_raw(tar, e->name, e->type != 0 ? e->type : '0',
		    e->mode != 0 ? e->mode : e->type == '5' ? 0755 : 0644,
		    link ? body : "", body, link ? 0 : strlen(body));
	}
	mk_end(tar);
}

/* "sha256:..." of bytes. */
static inline const char *mk_digest(const struct str *s, char out[72])
{
	memcpy(out, "sha256:", 7);
	sha_of(str_text(s), s->len, out + 7);
	return out;
}

/* A config with the layers' diff_ids; `rest` goes before it ("" or members
 * with a comma after each). */
static inline void mk_config(struct str *json, const char *rest,
    const struct str *layers, size_t n)
{
	char d[72];

	str_addf(json, "{\"os\":\"linux\",%s\"rootfs\":{\"type\":\"layers\","
	    "\"diff_ids\":[", rest);
	for (size_t i = 0; i < n; i++)
		str_addf(json, "%s\"%s\"", i > 0 ? "," : "",
		    mk_digest(&layers[i], d));
	str_add(json, "]}}");
}

/* A docker archive of one image. */
static inline void mk_docker(struct str *out, const char *rest,
    const struct str *layers, size_t n)
{
	struct str config = STR_INIT, manifest = STR_INIT;
	char d[72], name[128];

	mk_config(&config, rest, layers, n);
	snprintf(name, sizeof(name), "%s.json", mk_digest(&config, d) + 7);
	mk_raw(out, name, '0', 0644, "", config.s, config.len);
	str_addf(&manifest, "[{\"Config\":\"%s\",\"RepoTags\":[\"t:1\"],"
	    "\"Layers\":[", name);
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "l%zu/layer.tar", i);
		mk_raw(out, name, '0', 0644, "", layers[i].s, layers[i].len);
		str_addf(&manifest, "%s\"%s\"", i > 0 ? "," : "", name);
	}
	str_add(&manifest, "]}]");
	mk_raw(out, "manifest.json", '0', 0644, "", manifest.s, manifest.len);
	mk_end(out);
	str_free(&config);
	str_free(&manifest);
}

#endif
