/*
 * sha_md5.c - MD5 (RFC 1321) of many pieces, eight side by side.
 *
 * A round of MD5 waits for the one before, so a processor computes eight of
 * them in the time of one when each is a lane of its vectors.  Package
 * databases record MD5, and an image has a hundred thousand small files.
 */
#include <string.h>

#include "muster/sha.h"

#if defined(__x86_64__)

#define LANES	8
#define BLOCK	64

typedef uint32_t v8 __attribute__((vector_size(4 * LANES)));

/* One piece on its way: whole blocks of it, then what is padded. */
struct lane {
	const unsigned char	*at;
	size_t			 blocks;	/* of what is at hand */
	struct sha_piece	*piece;		/* NULL: idle */
	bool			 last;
	unsigned char		 tail[2 * BLOCK];
};

struct state {
	v8		 a, b, c, d;
	struct lane	 lane[LANES];
};

static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf,
	0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af,
	0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
	0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6,
	0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
	0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97,
	0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
	0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391
};

#define F(x, y, z)	((z) ^ ((x) & ((y) ^ (z))))
#define G(x, y, z)	((y) ^ ((z) & ((x) ^ (y))))
#define H(x, y, z)	((x) ^ (y) ^ (z))
#define I(x, y, z)	((y) ^ ((x) | ~(z)))
#define STEP(f, a, b, c, d, k, i, s) do {				\
		(a) += f(b, c, d) + w[k] + sines[i];			\
		(a) = (b) + (((a) << (s)) | ((a) >> (32 - (s))));	\
	} while (0)
/* Four steps; k moves on by m through the sixteen words. */
#define FOUR(f, i, k, m, s1, s2, s3, s4) do {				\
		STEP(f, a, b, c, d, (k) & 15, i, s1);			\
		STEP(f, d, a, b, c, ((k) + (m)) & 15, (i) + 1, s2);	\
		STEP(f, c, d, a, b, ((k) + 2 * (m)) & 15, (i) + 2, s3);	\
		STEP(f, b, c, d, a, ((k) + 3 * (m)) & 15, (i) + 3, s4);	\
	} while (0)
#define SIXTEEN(f, i, k, m, s1, s2, s3, s4) do {			\
		FOUR(f, i, k, m, s1, s2, s3, s4);			\
		FOUR(f, (i) + 4, (k) + 4 * (m), m, s1, s2, s3, s4);	\
		FOUR(f, (i) + 8, (k) + 8 * (m), m, s1, s2, s3, s4);	\
		FOUR(f, (i) + 12, (k) + 12 * (m), m, s1, s2, s3, s4);	\
	} while (0)

__attribute__((target("avx2")))
static void block(struct state *s)
{
	v8 a = s->a, b = s->b, c = s->c, d = s->d, w[16];

	for (int l = 0; l < LANES; l++)
		for (int i = 0; i < 16; i++)
			memcpy((char *)&w[i] + 4 * l, s->lane[l].at + 4 * i,
			    4);
	SIXTEEN(F, 0, 0, 1, 7, 12, 17, 22);
	SIXTEEN(G, 16, 1, 5, 5, 9, 14, 20);
	SIXTEEN(H, 32, 5, 3, 4, 11, 16, 23);
	SIXTEEN(I, 48, 0, 7, 6, 10, 15, 21);
	s->a += a;
	s->b += b;
	s->c += c;
	s->d += d;
}

/* What is left of a piece, a one bit, zeros, and its length in bits. */
static void pad(struct lane *l)
{
	size_t len = l->piece->len, rest = len % BLOCK;
	uint64_t bits = (uint64_t)len * 8;

	memset(l->tail, 0, sizeof(l->tail));
	memcpy(l->tail, (const char *)l->piece->bytes + (len - rest), rest);
	l->tail[rest] = 0x80;
	l->blocks = rest < BLOCK - 8 ? 1 : 2;
	memcpy(l->tail + l->blocks * BLOCK - 8, &bits, 8);
	l->at = l->tail;
	l->last = true;
}

static void start(struct state *s, int i, struct sha_piece *piece)
{
	struct lane *l = &s->lane[i];

	s->a[i] = 0x67452301;
	s->b[i] = 0xefcdab89;
	s->c[i] = 0x98badcfe;
	s->d[i] = 0x10325476;
	l->piece = piece;
	l->at = piece->bytes;
	l->blocks = piece->len / BLOCK;
	l->last = false;
	if (l->blocks == 0)
		pad(l);
}

static void finish(struct state *s, int i)
{
	uint32_t d[4] = { s->a[i], s->b[i], s->c[i], s->d[i] };

	memcpy(s->lane[i].piece->digest, d, 16);
	s->lane[i].piece = NULL;
}

/* As many blocks as every lane that is not idle has at hand. */
static void run(struct state *s)
{
	size_t n = SIZE_MAX;

	for (int i = 0; i < LANES; i++)
		if (s->lane[i].piece != NULL && s->lane[i].blocks < n)
			n = s->lane[i].blocks;
	for (size_t k = 0; k < n; k++) {
		block(s);
		for (int i = 0; i < LANES; i++)
			if (s->lane[i].piece != NULL)
				s->lane[i].at += BLOCK;
	}
	for (int i = 0; i < LANES; i++)
		if (s->lane[i].piece != NULL)
			s->lane[i].blocks -= n;
}

bool sha_md5_side_by_side(void)
{
	return __builtin_cpu_supports("avx2");
}

void sha_md5_many(struct sha_piece *pieces, size_t n)
{
	static const unsigned char nothing[BLOCK];
	struct state s;
	size_t next = 0, busy = 0;

	memset(&s, 0, sizeof(s));
	for (int i = 0; i < LANES; i++)
		s.lane[i].at = nothing;
	do {
		for (int i = 0; i < LANES; i++) {
			struct lane *l = &s.lane[i];

			if (l->piece != NULL && l->blocks == 0) {
				if (!l->last) {
					pad(l);
					continue;
				}
				finish(&s, i);
				l->at = nothing;
				busy--;
			}
			if (l->piece == NULL && next < n) {
				start(&s, i, &pieces[next++]);
				busy++;
			}
		}
		if (busy > 0)
			run(&s);
	} while (busy > 0);
}

#else

bool sha_md5_side_by_side(void)
{
	return false;
}

void sha_md5_many(struct sha_piece *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sha *h = sha_new_of(SHA_MD5);

		if (h == NULL)
			continue;
		sha_add(h, pieces[i].bytes, pieces[i].len);
		sha_end_of(h, pieces[i].digest);
		sha_free(h);
	}
}

#endif
