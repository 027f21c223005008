/*
 * mkrpm.h - RPM headers, and databases of them in ndb and Berkeley DB form,
 * made in memory byte by byte, for tests.
 */
#ifndef MKRPM_H
#define MKRPM_H

#include <stdint.h>
#include <string.h>

#include "muster/sha.h"
#include "muster/str.h"

#define MK_PAGE	512

static inline void mk_be32(struct str *s, uint32_t v)
{
	for (int i = 24; i >= 0; i -= 8)
		str_addc(s, (char)(v >> i & 0xff));
}

static inline void mk_le32(struct str *s, uint32_t v)
{
	for (int i = 0; i < 32; i += 8)
		str_addc(s, (char)(v >> i & 0xff));
}

static inline void mk_poke(struct str *s, size_t at, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		s->s[at + (size_t)i] = (char)(v >> 8 * i & 0xff);
}

static inline void mk_fill(struct str *s, size_t to)
{
	while (s->len < to)
		str_addc(s, '\0');
}

struct mk_parts {
	struct str	 index, data;
	uint32_t	 n;
};

static inline void mk_tag(struct mk_parts *p, uint32_t number, uint32_t type,
    uint32_t count, const void *bytes, size_t len)
{
	mk_be32(&p->index, number);
	mk_be32(&p->index, type);
	mk_be32(&p->index, (uint32_t)p->data.len);
	mk_be32(&p->index, count);
	str_addn(&p->data, bytes, len);
	p->n++;
}

static inline void mk_text(struct mk_parts *p, uint32_t number, const char *s)
{
	mk_tag(p, number, 6, 1, s, strlen(s) + 1);
}

struct rpm_file {
	const char	*name;		/* in /usr/bin/ */
	const char	*body;		/* whose digest is recorded */
	uint32_t	 flags;
	char		 state;
};

/* A package with files, its description `pad` bytes long. */
static inline void mk_rpm(struct str *out, const char *name,
    const struct rpm_file *files, size_t pad)
{
	struct str names = STR_INIT, digests = STR_INIT, zeros = STR_INIT,
	    flags = STR_INIT, states = STR_INIT, long_text = STR_INIT;
	struct mk_parts p = { STR_INIT, STR_INIT, 0 };
	uint32_t n = 0;
	char hex[SHA_HEX];

	for (; files[n].name != NULL; n++) {
		str_addn(&names, files[n].name, strlen(files[n].name) + 1);
		sha_of(files[n].body, strlen(files[n].body), hex);
		str_addn(&digests, hex, SHA_HEX);
		mk_be32(&zeros, 0);
		mk_be32(&flags, files[n].flags);
		str_addc(&states, files[n].state);
	}
	mk_text(&p, 1000, name);
	mk_text(&p, 1001, "1.0");
	mk_text(&p, 1002, "2");
	mk_text(&p, 1022, "x86_64");
	mk_tag(&p, 5011, 4, 1, "\0\0\0\10", 4);		/* SHA-256 */
	mk_tag(&p, 1116, 4, n, zeros.s, zeros.len);
	mk_tag(&p, 1037, 4, n, flags.s, flags.len);
	mk_tag(&p, 1029, 1, n, states.s, states.len);
	mk_tag(&p, 1117, 8, n, names.s, names.len);
	mk_tag(&p, 1118, 8, 1, "/usr/bin/", 10);
	mk_tag(&p, 1035, 8, n, digests.s, digests.len);
	while (long_text.len < pad)
		str_addc(&long_text, 'd');
	mk_text(&p, 1005, str_text(&long_text));
	mk_be32(out, p.n);
	mk_be32(out, (uint32_t)p.data.len);
	str_addn(out, p.index.s, p.index.len);
	str_addn(out, p.data.s, p.data.len);
	str_free(&names);
	str_free(&digests);
	str_free(&zeros);
	str_free(&flags);
	str_free(&states);
	str_free(&long_text);
	str_free(&p.index);
	str_free(&p.data);
}

/* Packages.db with these headers, one page of slots. */
static inline void mk_ndb(struct str *db, const struct str *headers, size_t n)
{
	str_add(db, "RpmP");
	mk_le32(db, 0);
	mk_le32(db, 1);
	mk_le32(db, 1);
	mk_le32(db, (uint32_t)n + 1);
	mk_fill(db, 32);
	for (size_t i = 0, at = 256; i < (4096 - 32) / 16; i++) {
		size_t blocks = i < n ? (16 + headers[i].len + 12 + 15) / 16 :
		    0;

		str_add(db, "Slot");
		mk_le32(db, i < n ? (uint32_t)i + 1 : 0);
		mk_le32(db, i < n ? (uint32_t)at : 0);
		mk_le32(db, (uint32_t)blocks);
		at += blocks;
	}
	for (size_t i = 0; i < n; i++) {
		str_add(db, "BlbS");
		mk_le32(db, (uint32_t)i + 1);
		mk_le32(db, 7);
		mk_le32(db, (uint32_t)headers[i].len);
		str_addn(db, headers[i].s, headers[i].len);
		mk_fill(db, (db->len + 12 + 15) / 16 * 16 - 12);
		mk_le32(db, 0);
		mk_le32(db, (uint32_t)headers[i].len);
		str_add(db, "BlbE");
	}
}

static inline void mk_page_head(struct str *db, uint32_t n, uint32_t next,
    unsigned items, unsigned free_at, int type)
{
	mk_fill(db, (size_t)n * MK_PAGE + 8);
	mk_le32(db, n);
	mk_le32(db, 0);
	mk_le32(db, next);
	str_addc(db, (char)(items & 0xff));
	str_addc(db, (char)(items >> 8));
	str_addc(db, (char)(free_at & 0xff));
	str_addc(db, (char)(free_at >> 8));
	str_addc(db, 0);
	str_addc(db, (char)type);
}

/* Packages: a meta page, a page of pairs, and a chain for each header. */
static inline void mk_bdb(struct str *db, const struct str *headers, size_t n)
{
	uint32_t next = 2;
	size_t at = MK_PAGE;

	mk_fill(db, 12);
	mk_le32(db, 0x061561);
	mk_le32(db, 9);
	mk_le32(db, MK_PAGE);
	str_addn(db, "\0\10\0\0", 4);
	mk_le32(db, 0);
	mk_le32(db, 0);				/* last page: later */
	mk_fill(db, MK_PAGE);
	mk_page_head(db, 1, 0, (unsigned)(2 * n + 2), 0, 13);
	mk_fill(db, 2 * MK_PAGE);
	/* number 0 is RPM's own: its value is no package */
	for (size_t i = 0; i <= n; i++) {
		at -= 5;
		mk_poke(db, MK_PAGE + 26 + 4 * i, (uint32_t)at, 2);
		db->s[MK_PAGE + at] = 1;
		mk_poke(db, MK_PAGE + at + 1, (uint32_t)i, 4);
		at -= i == 0 ? 5 : 12;
		mk_poke(db, MK_PAGE + 28 + 4 * i, (uint32_t)at, 2);
		db->s[MK_PAGE + at] = i == 0 ? 1 : 3;
		if (i == 0)
			continue;
		mk_poke(db, MK_PAGE + at + 4, next, 4);
		mk_poke(db, MK_PAGE + at + 8, (uint32_t)headers[i - 1].len, 4);
		for (size_t done = 0; done < headers[i - 1].len; next++) {
			size_t left = headers[i - 1].len - done;
			size_t take = left < MK_PAGE - 26 ? left : MK_PAGE - 26;

			mk_page_head(db, next, take < left ? next + 1 : 0, 1,
			    (unsigned)take, 7);
			str_addn(db, headers[i - 1].s + done, take);
			mk_fill(db, ((size_t)next + 1) * MK_PAGE);
			done += take;
		}
	}
	mk_poke(db, 32, next - 1, 4);
}

#endif
