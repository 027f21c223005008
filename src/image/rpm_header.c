/*
 * rpm_header.c - what is in the header of an RPM package.
 *
 * A header is a count of index entries, a count of data bytes, the entries
 * (tag, type, offset, count; big-endian) and the data.  Every offset is
 * checked against the data it points into.
 */
#include <string.h>

#include "muster/str.h"
#include "rpm.h"

#define MAX_INDEX	65536

uint32_t rpm_header_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

bool rpm_header_open(struct rpm_header *h, const void *blob, size_t len)
{
	const unsigned char *p = blob;

	if (len < 8)
		return false;
	h->n = rpm_header_u32(p);
	h->size = rpm_header_u32(p + 4);
	if (h->n > MAX_INDEX || h->size > len ||
	    len - 8 < (size_t)h->n * 16 + h->size)
		return false;
	h->index = p + 8;
	h->data = h->index + (size_t)h->n * 16;
	return true;
}

bool rpm_header_find(const struct rpm_header *h, uint32_t tag,
    struct rpm_value *v)
{
	for (uint32_t i = 0; i < h->n; i++) {
		const unsigned char *e = h->index + (size_t)i * 16;
		uint32_t at = rpm_header_u32(e + 8);

		if (rpm_header_u32(e) != tag || at >= h->size)
			continue;
		*v = (struct rpm_value){ rpm_header_u32(e + 4),
		    rpm_header_u32(e + 12), h->data + at, h->size - at };
		return true;
	}
	return false;
}

/* A string's text in out; false if there is none. */
bool rpm_header_text(const struct rpm_header *h, uint32_t tag,
    struct str *out)
{
	struct rpm_value v;

	if (!rpm_header_find(h, tag, &v) || (v.type != TYPE_STRING &&
	    v.type != TYPE_I18N) || memchr(v.p, '\0', v.left) == NULL)
		return false;
	str_utf8(out, v.p, strlen((const char *)v.p));
	return true;
}

bool rpm_header_number(const struct rpm_header *h, uint32_t tag,
    int64_t *out)
{
	struct rpm_value v;

	if (!rpm_header_find(h, tag, &v) || v.count < 1)
		return false;
	if (v.type == TYPE_INT32 && v.left >= 4)
		*out = rpm_header_u32(v.p);
	else if (v.type == TYPE_INT64 && v.left >= 8)
		*out = (int64_t)((uint64_t)(rpm_header_u32(v.p) & 0x7fffffff) << 32 |
		    rpm_header_u32(v.p + 4));
	else
		return false;
	return true;
}
