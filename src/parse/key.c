/* key.c - hashing the keys of an untrusted document; see key.h. */
#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "key.h"

__extension__ typedef unsigned __int128 u128;

static uint64_t secret[3];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void seed(void)
{
	if (getrandom(secret, sizeof(secret), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(secret)) {
		/* Early boot: better than a constant. */
		struct timespec ts;

		clock_gettime(CLOCK_MONOTONIC, &ts);
		secret[0] = (uint64_t)ts.tv_nsec * 0x9e3779b97f4a7c15u;
		secret[1] = (uintptr_t)&ts * 0xd6e8feb86659fd93u;
		secret[2] = (uint64_t)ts.tv_sec * 0xa0761d6478bd642fu;
	}
	for (size_t i = 0; i < 3; i++)
		secret[i] |= 1;
}

/* Both halves of a full product: every input bit reaches every output bit. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	u128 p = (u128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t word(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

uint64_t key_hash(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h;
	size_t left = len;

	if (__builtin_expect(secret[0] == 0, 0))
		pthread_once(&once, seed);
	h = secret[0] ^ len;
	for (; left > 16; left -= 16, p += 16)
		h = fold(word(p, 8) ^ secret[1] ^ h, word(p + 8, 8) ^
		    secret[2]) + h;
	if (left >= 8)
		return fold(fold(word(p, 8) ^ secret[1],
		    word(p + left - 8, 8) ^ secret[2] ^ h), secret[0]);
	if (left >= 4)
		return fold(fold(word(p, 4) ^ secret[1],
		    word(p + left - 4, 4) ^ secret[2] ^ h), secret[0]);
	if (left > 0)
		return fold(fold(((uint64_t)p[0] << 16 |
		    (uint64_t)p[left >> 1] << 8 | p[left - 1]) ^ secret[1],
		    h ^ secret[2]), secret[0]);
	return fold(h, secret[1]);
}
