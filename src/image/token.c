/*
 * token.c - credentials that are recognised by their own shape.
 *
 * A row is a prefix and the run of characters that follows it.  A run is
 * looked at once and has a limit, so a hostile text costs no more than a
 * harmless one of its length.  The examples are tests; they are spelled in
 * two pieces so that other people's scanners leave this file alone.
 */
#include <stdint.h>
#include <string.h>

#include "token.h"

enum { DIGIT = 1, UPPER = 2, LOWER = 4, HEX = 8, UNDER = 16, DASH = 32,
	DOT = 64, SLASH = 128 };
#define ALNUM	(DIGIT | UPPER | LOWER)
#define URL64	(ALNUM | UNDER | DASH)
#define PEM_MAX	65536	/* a key is smaller by far */
#define PEM_MIN	40	/* base64 digits before a header is taken for a key */

struct token {
	struct secret_rule rule;
	const char	*prefix;
	int		 set;		/* characters of the run behind it */
	size_t		 min, max;	/* of the run */
	/* Looks closer: 0 none, else the length of the run that is meant. */
	size_t (*shape)(const char *run, size_t n);
	bool (*proof)(const char *run, size_t n);
};

static bool in_set(int set, char c)
{
	if (c >= '0' && c <= '9')
		return (set & (DIGIT | HEX)) != 0;
	if (c >= 'A' && c <= 'Z')
		return (set & UPPER) != 0;
	if (c >= 'a' && c <= 'z')
		return (set & LOWER) != 0 || ((set & HEX) != 0 && c <= 'f');
	return (c == '_' && (set & UNDER) != 0) ||
	    (c == '-' && (set & DASH) != 0) ||
	    (c == '.' && (set & DOT) != 0) ||
	    ((c == '/' || c == '+') && (set & SLASH) != 0);
}

static uint32_t crc32_of(const char *s, size_t n)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)s[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* GitHub and npm end a token in the CRC-32 of the rest, six base 62 digits. */
static bool crc_proof(const char *run, size_t n)
{
	static const char digits[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint32_t crc = crc32_of(run, n - 6);

	for (size_t i = 0; i < 6; i++, crc /= 62)
		if (run[n - 1 - i] != digits[crc % 62])
			return false;
	return true;
}

/* header.payload.signature, the first two being JSON objects. */
static size_t jwt_shape(const char *run, size_t n)
{
	size_t at = 0, seg = 0;

	for (int part = 0; part < 3; part++, at++) {
		seg = at;
		while (at < n && run[at] != '.')
			at++;
		if (at - seg < 10 ||
		    (part == 1 && memcmp(run + seg, "eyJ", 3) != 0) ||
		    (part < 2 && at == n))
			return 0;
	}
	return at - 1;
}

/* Two runs with a fixed place for the separator. */
static size_t sendgrid_shape(const char *run, size_t n)
{
	return n >= 66 && run[22] == '.' &&
	    memchr(run, '.', 22) == NULL &&
	    memchr(run + 23, '.', 43) == NULL ? 66 : 0;
}

static size_t finegrained_shape(const char *run, size_t n)
{
	return n == 82 && run[22] == '_' ? 82 : 0;
}

/* T.../B.../24 characters */
static size_t hook_shape(const char *run, size_t n)
{
	const char *b = memchr(run, '/', n), *t;

	if (b == NULL || b - run < 8 || n - (size_t)(b - run) < 3 ||
	    b[1] != 'B')
		return 0;
	t = memchr(b + 1, '/', n - (size_t)(b + 1 - run));
	return t != NULL && t - b >= 9 && n - (size_t)(t - run) - 1 >= 20 ?
	    n : 0;
}

/* Variables of the same shape are none: at least a digit and a letter. */
static size_t mixed_shape(const char *run, size_t n)
{
	bool digit = false, letter = false;

	for (size_t i = 0; i < n; i++) {
		digit |= in_set(DIGIT, run[i]);
		letter |= in_set(UPPER | LOWER, run[i]);
	}
	return digit && letter ? n : 0;
}

static size_t account_shape(const char *run, size_t n)
{
	return n == 86 && run[86] == '=' && run[87] == '=' ? 86 : 0;
}

#define TOKEN(id, prefix, set, min, max, yes, no)			\
	{ { id, GRADE_TOKEN, NULL, yes, no }, prefix, set, min, max,	\
	  NULL, NULL }
#define SHAPED(id, prefix, set, min, max, shape, yes, no)		\
	{ { id, GRADE_TOKEN, NULL, yes, no }, prefix, set, min, max,	\
	  shape, NULL }
#define PROVED(id, prefix, yes, no)					\
	{ { id, GRADE_TOKEN, NULL, yes, no }, prefix, ALNUM, 36, 36,	\
	  mixed_shape, crc_proof }
#define R16 "Q3ZK7TLMWX2YB4ND"
#define R24 "f8Kq2LmX0vRt5WzB7nYc3HdP"
#define R36 R24 "a1S9uJ6eG4iO"
#define R43 R36 "xT2kD8w"

static const struct token tokens[] = {
	TOKEN("aws-access-key-id", "AKIA", UPPER | DIGIT, 16, 16,
	    "id AK" "IA" R16, "AKIA" "IOSFODNN7EXAMPLE"),
	TOKEN("aws-access-key-id", "ASIA", UPPER | DIGIT, 16, 16,
	    "AS" "IA" R16, "xASIA" R16),
	PROVED("github-token", "ghp_", "gh" "p_" R36, "ghp_" R24),
	PROVED("github-token", "gho_", "gh" "o_" R36, "gho_${TOKEN}"),
	PROVED("github-token", "ghu_", "gh" "u_" R36, "ghu_" R24),
	PROVED("github-token", "ghs_", "gh" "s_" R36, "ghs_" R36 "a"),
	PROVED("github-token", "ghr_", "gh" "r_" R36, "xghr_" R36),
	SHAPED("github-token", "github_pat_", ALNUM | UNDER, 82, 82,
	    finegrained_shape, "github" "_pat_" "1A" "aB3dE5gH7jK9mN1pQ3sT_"
	    R36 "qW3eR5tY7uI9oP1aS3dF5gH", "github_pat_" R36),
	SHAPED("gitlab-token", "glpat-", URL64, 20, 64, mixed_shape,
	    "glp" "at-" "a1B2c3D4e5F6g7H8i9J0", "glpat-short"),
	SHAPED("gitlab-token", "glrt-", URL64, 20, 64, mixed_shape,
	    "gl" "rt-" "a1B2c3D4e5F6g7H8i9J0", "glrt-a1"),
	SHAPED("gitlab-token", "gldt-", URL64, 20, 64, mixed_shape,
	    "gl" "dt-" "a1B2c3D4e5F6g7H8i9J0", "gldt-a1"),
	SHAPED("slack-token", "xoxb-", ALNUM | DASH, 20, 255, mixed_shape,
	    "xo" "xb-" "123456789012-1234567890123-" R24, "xoxb-token"),
	SHAPED("slack-token", "xoxp-", ALNUM | DASH, 20, 255, mixed_shape,
	    "xo" "xp-" "123456789012-1234567890123-" R24, "xoxp-your-token"),
	SHAPED("slack-token", "xoxa-", ALNUM | DASH, 20, 255, mixed_shape,
	    "xo" "xa-" "123456789012-" R24, "xoxa-"),
	SHAPED("slack-token", "xoxr-", ALNUM | DASH, 20, 255, mixed_shape,
	    "xo" "xr-" "123456789012-" R24, "xoxr-1"),
	SHAPED("slack-token", "xoxs-", ALNUM | DASH, 20, 255, mixed_shape,
	    "xo" "xs-" "123456789012-" R24, "xoxs-1"),
	SHAPED("slack-token", "xapp-", ALNUM | DASH, 40, 255, mixed_shape,
	    "xa" "pp-" "1-A0123456789-1234567890123-" R24, "xapp-1"),
	SHAPED("slack-webhook", "hooks.slack.com/services/T",
	    ALNUM | SLASH, 36, 96, hook_shape,
	    "https://hooks.sl" "ack.com/services/T0ABCDEFG/B0ABCDEFG/" R24,
	    "https://hooks.slack.com/services/T00/B00/xyz"),
	PROVED("npm-token", "npm_", "np" "m_" R36, "npm_config_registry"),
	TOKEN("pypi-token", "pypi-AgEIcHlwaS5vcmc", URL64, 50, 255,
	    "py" "pi-AgEIcHlwaS5vcmc" R36 R24, "pypi-AgEIcHlwaS5vcmc"),
	TOKEN("stripe-key", "sk_live_", ALNUM, 24, 128, "sk_" "live_" R24,
	    "sk_live_key"),
	TOKEN("stripe-key", "rk_live_", ALNUM, 24, 128, "rk_" "live_" R24,
	    "rk_live_x"),
	SHAPED("google-api-key", "AIza", URL64, 35, 35, mixed_shape,
	    "AI" "za" "SyD4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T",
	    "AIzaSy"),
	TOKEN("google-client-secret", "GOCSPX-", URL64, 28, 28,
	    "GOC" "SPX-" R24 "a1S9", "GOCSPX-x"),
	SHAPED("sendgrid-key", "SG.", URL64 | DOT, 66, 66, sendgrid_shape,
	    "S" "G.a1B2c3D4e5F6g7H8i9J0k1." R43, "SG.values.yaml"),
	SHAPED("azure-account-key", "AccountKey=", ALNUM | SLASH, 86, 86,
	    account_shape, "Account" "Key=" R43 R43 "==", "AccountKey=${KEY}"),
	SHAPED("json-web-token", "eyJ", URL64 | DOT, 30, 8192, jwt_shape,
	    "ey" "JhbGciOiJIUzI1NiJ9.ey" "JzdWIiOiJ4IiwiaWF0Ijo.c" R36,
	    "eyJhbGciOiJIUzI1NiJ9.x"),
	SHAPED("vault-token", "hvs.", URL64, 24, 255, mixed_shape,
	    "hv" "s." R24, "hvs.token"),
	TOKEN("doppler-token", "dp.pt.", ALNUM, 43, 43, "dp." "pt." R43,
	    "dp.pt.x"),
	SHAPED("huggingface-token", "hf_", ALNUM, 34, 34, mixed_shape,
	    "h" "f_" R24 "a1S9uJ6eG4", "hf_hub_download"),
	SHAPED("mailgun-key", "key-", HEX, 32, 32, mixed_shape,
	    "ke" "y-0123456789abcdef0123456789abcdef", "key-0123456789"),
	TOKEN("digitalocean-token", "dop_v1_", HEX, 64, 64, "dop" "_v1_"
	    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	    "dop_v1_0123"),
};
#define NTOKENS (sizeof(tokens) / sizeof(tokens[0]))

static const struct secret_rule pem_rule = {
	"private-key", GRADE_TOKEN, NULL,
	"-----BEGIN RSA PRIV" "ATE KEY-----\n" R43 R43
	"\n-----END RSA PRIVATE KEY-----",
	"-----BEGIN PUBLIC KEY-----\n" R43 R43 "\n-----END PUBLIC KEY-----"
};

const struct secret_rule *token_rule(size_t i)
{
	return i < NTOKENS ? &tokens[i].rule : i == NTOKENS ? &pem_rule : NULL;
}

bool token_is_example(const char *s, size_t n)
{
	static const char word[] = "EXAMPLE", key[] = "EXAMPLEKEY";

	return (n >= 20 && memcmp(s + n - 7, word, 7) == 0) ||
	    (n >= 20 && memcmp(s + n - 10, key, 10) == 0);
}

/*
 * Is text[at] inside a longer word?  The n of a "\n" in JSON is none.  A run
 * without a small limit has to start where no run of its kind is under way,
 * or a text full of starts would be read over and over.
 */
static bool inside(const char *text, size_t at, int set)
{
	if (at == 0 || !in_set(set, text[at - 1]))
		return false;
	return at < 2 || text[at - 2] != '\\' ||
	    strchr("nrt", text[at - 1]) == NULL;
}

static bool match(const struct token *t, const char *text, size_t n,
    size_t at, struct secret_hit *hit)
{
	size_t pre = strlen(t->prefix), run = 0, end;
	const char *s = text + at + pre;

	if (n - at < pre + t->min || memcmp(text + at, t->prefix, pre) != 0 ||
	    inside(text, at, ALNUM | (t->max > 255 ? t->set : 0)))
		return false;
	end = n - at - pre;
	while (run < end && run < t->max && in_set(t->set, s[run]))
		run++;
	if (run < t->min || (run < end && in_set(t->set, s[run]) &&
	    t->shape != sendgrid_shape))
		return false;
	if (t->shape != NULL && (run = t->shape(s, run)) == 0)
		return false;
	if (token_is_example(text + at, pre + run))
		return false;
	hit->rule = t->rule.id;
	hit->grade = t->proof != NULL && t->proof(s, run) ?
	    GRADE_CHECKED : t->rule.grade;
	hit->at = at;
	hit->len = pre + run;
	return true;
}

/* "-----BEGIN ... PRIVATE KEY-----" and a body that could be one. */
static bool match_pem(const char *text, size_t n, size_t at,
    struct secret_hit *hit)
{
	static const char begin[] = "-----BEGIN ", dash[] = "-----";
	size_t i = at + sizeof(begin) - 1, stop = n, digits = 0;
	const char *close, *next;

	if (n - at < sizeof(begin) + 16 ||
	    memcmp(text + at, begin, sizeof(begin) - 1) != 0)
		return false;
	close = memmem(text + i, n - i < 64 ? n - i : 64, dash, 5);
	if (close == NULL || memmem(text + i, (size_t)(close - text) - i,
	    "PRIVATE KEY", 11) == NULL)
		return false;
	i = (size_t)(close - text) + 5;
	if (stop - i > PEM_MAX)
		stop = i + PEM_MAX;
	if ((next = memmem(text + i, stop - i, dash, 5)) != NULL)
		stop = (size_t)(next - text);
	for (; i < stop; i++)
		digits += in_set(ALNUM | SLASH, text[i]);
	if (digits < PEM_MIN)
		return false;
	if (next != NULL && n - stop > 9 && memcmp(next, "-----END ", 9) == 0) {
		close = memmem(next + 9, n - stop - 9 < 64 ? n - stop - 9 : 64,
		    dash, 5);
		if (close != NULL)
			stop = (size_t)(close - text) + 5;
	}
	*hit = (struct secret_hit){ .rule = pem_rule.id,
	    .grade = pem_rule.grade, .at = at, .len = stop - at };
	return true;
}

bool token_at(const char *text, size_t n, size_t at, struct secret_hit *hit)
{
	static const char first[] = "AgxhnpsrGSekd";
	char c = text[at];

	if (c == '-')
		return match_pem(text, n, at, hit);
	if (c == '\0' || strchr(first, c) == NULL)
		return false;
	for (size_t i = 0; i < NTOKENS; i++)
		if (tokens[i].prefix[0] == c &&
		    match(&tokens[i], text, n, at, hit))
			return true;
	return false;
}

/* A set in the form of a regular expression's. */
static const char *set_text(int set)
{
	switch (set) {
	case UPPER | DIGIT:
		return "A-Z0-9";
	case HEX:
		return "0-9a-f";
	case ALNUM:
		return "A-Za-z0-9";
	case ALNUM | UNDER:
		return "A-Za-z0-9_";
	case ALNUM | DASH:
		return "A-Za-z0-9-";
	case ALNUM | SLASH:
		return "A-Za-z0-9+/";
	case URL64:
		return "A-Za-z0-9_-";
	default:
		return "A-Za-z0-9_.+/-";	/* whatever is in some set */
	}
}

bool token_anchor(size_t i, const char **prefix, const char **set,
    size_t *min)
{
	if (i >= NTOKENS)
		return false;
	*prefix = tokens[i].prefix;
	*set = set_text(tokens[i].set);
	*min = tokens[i].min;
	return true;
}
