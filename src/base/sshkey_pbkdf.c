/*
 * sshkey_pbkdf.c - bcrypt_pbkdf(3), which libcrypto does not have.
 *
 * Blowfish starts with the digits of pi; they are worked out here (Machin's
 * formula) rather than listed.
 */
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

#include "sshkey_pbkdf.h"

#define WORDS	(18 + 4 * 256)
#define SPARE	64		/* bits that take up the rounding */

struct blowfish {
	uint32_t p[18], s[4][256];
};

/* out += k * atan(1/x), in units of one */
static void add_atan(BIGNUM *out, const BIGNUM *one, unsigned x, unsigned k,
    int sign)
{
	BIGNUM *power = BN_dup(one), *term = BN_new();

	BN_mul_word(power, k);
	BN_div_word(power, x);
	for (unsigned n = 1; !BN_is_zero(power); n += 2, sign = -sign) {
		BN_copy(term, power);
		BN_div_word(term, n);
		if (sign > 0)
			BN_add(out, out, term);
		else
			BN_sub(out, out, term);
		BN_div_word(power, x * x);
	}
	BN_free(power);
	BN_free(term);
}

/* The bits of pi behind its point, as words. */
static void pi(uint32_t words[WORDS])
{
	unsigned char bytes[WORDS * 4];
	BIGNUM *one = BN_new(), *out = BN_new();

	BN_zero(out);
	BN_set_bit(one, WORDS * 32 + SPARE);
	add_atan(out, one, 5, 16, 1);
	add_atan(out, one, 239, 4, -1);
	BN_rshift(out, out, SPARE);
	BN_mask_bits(out, WORDS * 32);
	BN_bn2binpad(out, bytes, sizeof(bytes));
	for (size_t i = 0; i < WORDS; i++)
		words[i] = (uint32_t)bytes[4 * i] << 24 |
		    (uint32_t)bytes[4 * i + 1] << 16 |
		    (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
	BN_free(one);
	BN_free(out);
}

static void encipher(const struct blowfish *b, uint32_t *left,
    uint32_t *right)
{
	uint32_t l = *left, r = *right, was;

	for (int i = 0; i < 16; i++) {
		l ^= b->p[i];
		r ^= ((b->s[0][l >> 24] + b->s[1][l >> 16 & 255]) ^
		    b->s[2][l >> 8 & 255]) + b->s[3][l & 255];
		was = l;
		l = r;
		r = was;
	}
	*left = r ^ b->p[17];
	*right = l ^ b->p[16];
}

/* The next four bytes of data, around its end. */
static uint32_t word(const unsigned char *data, size_t len, size_t *at)
{
	uint32_t w = 0;

	for (int i = 0; i < 4; i++) {
		w = w << 8 | data[*at];
		*at = (*at + 1) % len;
	}
	return w;
}

/* salt NULL: of zeros. */
static void expand(struct blowfish *b, const unsigned char *salt,
    const unsigned char *key)
{
	uint32_t l = 0, r = 0, *all;
	size_t at = 0, in_salt = 0;

	for (int i = 0; i < 18; i++)
		b->p[i] ^= word(key, 64, &at);
	for (size_t i = 0; i < WORDS; i += 2) {
		if (salt != NULL) {
			l ^= word(salt, 64, &in_salt);
			r ^= word(salt, 64, &in_salt);
		}
		encipher(b, &l, &r);
		all = i < 18 ? b->p + i : &b->s[(i - 18) / 256][(i - 18) %
		    256];
		all[0] = l;
		all[1] = r;
	}
}

/* pass and salt are SHA-512 digests. */
static void bcrypt(const uint32_t start[WORDS], const unsigned char *pass,
    const unsigned char *salt, unsigned char out[32])
{
	static const unsigned char magic[] =
	    "OxychromaticBlowfishSwatDynamite";
	struct blowfish b;
	uint32_t c[8];
	size_t at = 0;

	memcpy(b.p, start, sizeof(b.p));
	memcpy(b.s, start + 18, sizeof(b.s));
	expand(&b, salt, pass);
	for (int i = 0; i < 64; i++) {
		expand(&b, NULL, salt);
		expand(&b, NULL, pass);
	}
	for (int i = 0; i < 8; i++)
		c[i] = word(magic, 32, &at);
	for (int n = 0; n < 64; n++)
		for (int i = 0; i < 8; i += 2)
			encipher(&b, &c[i], &c[i + 1]);
	for (int i = 0; i < 32; i++)
		out[i] = (unsigned char)(c[i / 4] >> (8 * (i % 4)));
	OPENSSL_cleanse(&b, sizeof(b));
}

static void sha512(const void *a, size_t a_len, const void *b, size_t b_len,
    unsigned char out[64])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit_ex(ctx, EVP_sha512(), NULL);
	EVP_DigestUpdate(ctx, a, a_len);
	EVP_DigestUpdate(ctx, b, b_len);
	EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
}

void sshkey_pbkdf(const char *pass, size_t pass_len,
    const unsigned char *salt, size_t salt_len, unsigned rounds,
    unsigned char *key, size_t len)
{
	unsigned char p[64], s[64], last[32], sum[32];
	size_t stride = (len + 31) / 32, most = (len + stride - 1) / stride;
	uint32_t start[WORDS];

	pi(start);
	sha512(pass, pass_len, "", 0, p);
	/* the bytes of each block lie a stride apart in the key */
	for (size_t n = 1; n <= stride; n++) {
		const unsigned char count[4] = { 0, 0, (unsigned char)(n >> 8),
		    (unsigned char)n };

		sha512(salt, salt_len, count, sizeof(count), s);
		bcrypt(start, p, s, last);
		memcpy(sum, last, sizeof(sum));
		for (unsigned i = 1; i < rounds; i++) {
			sha512(last, sizeof(last), "", 0, s);
			bcrypt(start, p, s, last);
			for (int j = 0; j < 32; j++)
				sum[j] ^= last[j];
		}
		for (size_t i = 0; i < most; i++)
			if (i * stride + n - 1 < len)
				key[i * stride + n - 1] = sum[i];
	}
	OPENSSL_cleanse(p, sizeof(p));
	OPENSSL_cleanse(last, sizeof(last));
	OPENSSL_cleanse(sum, sizeof(sum));
}
