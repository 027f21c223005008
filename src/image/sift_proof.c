/*
 * sift_proof.c - is what stands at a place of a block a credential?
 *
 * Every look is bounded.  Token shapes are token.c's, assignments those of
 * secret_text(); what is here is what only the content of files holds.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "muster/keys.h"
#include "muster/str.h"
#include "secret_name.h"
#include "sift.h"
#include "token.h"

#define PEM_MAX		(18 * 1024)	/* RSA of 16384 bits has 13 KB */
#define HEADER_MAX	256		/* of a line between BEGIN and the key */
#define PEM_MIN		40		/* base64 digits of a key */
#define NEAR		512

#define R24 "f8Kq2LmX0vRt5WzB7nYc3HdP"
#define BODY R24 R24 R24

enum { KEY, PUTTY, URL, CLIENT_KEY };
static const struct secret_rule rules[] = {
	[KEY] = { "private-key", GRADE_TOKEN, "app/tls.key",
	    "-----BEGIN EC PRIV" "ATE KEY-----\\n" BODY
	    "\\n-----END EC PRIVATE KEY-----\\n",
	    "-----BEGIN EC PRIVATE KEY-----\n...\n"
	    "-----END EC PRIVATE KEY-----\n" },
	[PUTTY] = { "putty-private-key", GRADE_TOKEN, "app/key.ppk",
	    "PuTTY-User-Key-" "File-3: ssh-ed25519\nEncryption: none\n"
	    "Private-Lines: 1\n" R24 "\n",
	    "PuTTY-User-Key-File-3: is how such a file starts" },
	[URL] = { "url-password", GRADE_TOKEN, "app/settings.py",
	    "DB = 'postgresql://app:" "k3Vq-81xTr@db.internal:5432/app'",
	    "http://user:password@proxy:3128/ ftp://me:${PW}@host/" },
	[CLIENT_KEY] = { "kubeconfig-client-key", GRADE_TOKEN, "srv/kc.yaml",
	    "    client-key-" "data: LS0tLS1CRUdJTi" BODY "=\n",
	    "    client-key-data: REDACTED\n" },
};
#define NRULES (sizeof(rules) / sizeof(rules[0]))

const struct secret_rule *sift_proof_rule(size_t i)
{
	return i < NRULES ? &rules[i] : NULL;
}

void sift_proof_preview(const char *s, size_t len, bool token, char out[48])
{
	size_t shown = token && len >= 12 ? 4 : 0, i;

	for (i = 0; i < shown && (isalnum((unsigned char)s[i]) ||
	    s[i] == '-' || s[i] == '_'); i++)
		out[i] = s[i];
	/* Not as many as there are characters: a length helps guessing. */
	memset(out + i, '*', 8 + shown);
	out[i + 8 + shown] = '\0';
}

static bool found(unsigned rule, const char *text, size_t at, size_t len,
    bool shown, struct sift_hit *hit)
{
	hit->rule = rules[rule].id;
	hit->grade = rules[rule].grade;
	hit->at = (int64_t)at;
	hit->len = len;
	sift_proof_preview(text + at, len, shown, hit->preview);
	return true;
}

static bool token(const char *text, size_t n, size_t at,
    struct sift_hit *hit)
{
	struct secret_hit h;

	if (!token_at(text, n, at, &h))
		return false;
	hit->rule = h.rule;
	hit->grade = h.grade;
	hit->at = (int64_t)h.at;
	hit->len = h.len;
	sift_proof_preview(text + h.at, h.len, true, hit->preview);
	return true;
}

static bool in_base64(char c)
{
	return isalnum((unsigned char)c) || c == '+' || c == '/' || c == '=';
}

/* A line's end: as it is, or as JSON and source code write it. */
static size_t line_end(const char *s, size_t n)
{
	if (n > 0 && (s[0] == '\n' || s[0] == '\r'))
		return 1;
	return n > 1 && s[0] == '\\' && (s[1] == 'n' || s[1] == 'r') ? 2 : 0;
}

/* Signs around a line of a key that stands in source code or YAML. */
static bool is_around(char c)
{
	return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == ',' ||
	    c == '\\';
}

/* The '+' that joins strings, which is also a digit of base 64. */
static bool is_join(char c, char beside)
{
	return c == '+' && beside != '\0' &&
	    strchr(" \t\r\n\"'", beside) != NULL;
}

/* Proc-Type, DEK-Info (which has a '-') and PGP's own. */
static bool is_header(const char *s, size_t n)
{
	static const char *const names[] = {
		"Proc-Type:", "DEK-Info:", "Version:", "Comment:"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (n > strlen(names[i]) &&
		    strncmp(s, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* The line at *i without what is around it: its start; *i goes behind it,
 * *end is its own end.  A run of base 64 ends where dashes start. */
static size_t pem_line(const char *s, size_t stop, size_t *i, size_t *end)
{
	size_t start = *i, step;
	bool header;

	while ((step = line_end(s + start, stop - start)) > 0 ||
	    (start < stop && (is_around(s[start]) || (start + 1 < stop &&
	    is_join(s[start], s[start + 1])))))
		start += step > 0 ? step : 1;
	header = is_header(s + start, stop - start);
	for (*i = start; *i < stop && s[*i] != '\0' && (header ?
	    *i - start < HEADER_MAX : s[*i] != '-') &&
	    line_end(s + *i, stop - *i) == 0; )
		++*i;
	for (*end = *i; *end > start && (is_around(s[*end - 1]) ||
	    (*end > start + 1 && is_join(s[*end - 1], s[*end - 2]))); )
		--*end;
	return start;
}

/* The body, in out as a parser wants it; where its END line starts, or 0. */
static size_t pem_body(const char *text, size_t i, size_t n, struct str *out)
{
	size_t stop = n - i > PEM_MAX ? i + PEM_MAX : n, digits = 0;

	while (i < stop) {
		size_t end, start = pem_line(text, stop, &i, &end);

		if (start < stop && text[start] == '-')
			return digits >= PEM_MIN ? start : 0;
		if (start == end)
			return 0;
		str_addn(out, text + start, end - start);
		str_addc(out, '\n');
		if (digits == 0 && is_header(text + start, end - start)) {
			if (text[start] == 'D')
				str_addc(out, '\n');
			continue;
		}
		for (size_t k = start; k < end; k++)
			if (!in_base64(text[k]))
				return 0;
		digits += end - start;
	}
	return 0;
}

/* at: "PRIVATE KEY...-----" of the BEGIN line */
static bool key(const char *text, size_t n, size_t at, struct sift_hit *hit)
{
	static const char begin[] = "-----BEGIN ", end[] = "-----END ";
	size_t back = at < 40 ? at : 40, label, start, i, close;
	const char *p = memmem(text + at - back, back, begin, 11), *next;
	struct str pem = STR_INIT;
	enum keys_kind kind;

	/* The nearest one. */
	while (p != NULL && (next = memmem(p + 1, (size_t)(text + at - p) - 1,
	    begin, 11)) != NULL)
		p = next;
	if (p == NULL)
		return false;
	start = (size_t)(p - text);
	label = start + 11;
	i = (size_t)((const char *)memmem(text + at, n - at, "-----", 5) -
	    text) + 5;
	str_addn(&pem, p, i - start);
	str_addc(&pem, '\n');
	close = pem_body(text, i, n, &pem);
	if (close == 0 || n - close < 9 + (i - label) ||
	    memcmp(text + close, end, 9) != 0 ||
	    memcmp(text + close + 9, text + label, i - label) != 0) {
		str_free(&pem);
		return false;
	}
	str_addn(&pem, text + close, 9 + i - label);
	str_addc(&pem, '\n');
	kind = keys_parse_pem(pem.s, pem.len);
	memset(pem.s, '\0', pem.len);
	str_free(&pem);
	found(KEY, text, start, close + 9 + (i - label) - start, false, hit);
	if (kind != KEYS_NONE)
		hit->grade = GRADE_KEY;
	return true;
}

static bool putty(const char *text, size_t n, size_t at,
    struct sift_hit *hit)
{
	size_t len = n - at < 8192 ? n - at : 8192;
	const char *lines = memmem(text + at, len, "\nPrivate-Lines: ", 16);

	if (lines == NULL || memmem(text + at, len, "\nEncryption: ", 13) ==
	    NULL)
		return false;
	return found(PUTTY, text, at, (size_t)(lines - text) - at, false,
	    hit);
}

/* "pass", "secret123", "password1": what examples say. */
static bool is_example_word(const char *s, size_t n)
{
	static const char *const words[] = {
		"password", "passwd", "passphrase", "pass", "secret", "token",
		"pwd", "changeme", "example", "test", "admin", "mypass",
		"mypassword", "userpass", "user", "foo", "bar", "guest",
		"p4ssw0rd", "p4ss", "passw0rd", "abc"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		if (n < len || strncasecmp(s, words[i], len) != 0)
			continue;
		while (len < n && isdigit((unsigned char)s[len]))
			len++;
		if (len == n)
			return true;
	}
	return false;
}

/* A password that somebody made: eight characters, letters and digits, and
 * nothing that a template or a format string would fill in. */
static bool is_password(const char *s, size_t n)
{
	bool digit = false, letter = false;

	for (size_t i = 0; i < n; i++) {
		if (strchr("${}<>%()[]*|\\^`\"'", s[i]) != NULL)
			return false;
		digit |= isdigit((unsigned char)s[i]) != 0;
		letter |= isalpha((unsigned char)s[i]) != 0;
	}
	return n >= 8 && digit && letter && secret_name_literal(s, n) &&
	    !is_example_word(s, n);
}

/* at: "://" of scheme://user:password@host; redis has no user */
static bool url(const char *text, size_t n, size_t at, struct sift_hit *hit)
{
	size_t i = at + 3, stop = n - i > NEAR ? i + NEAR : n;
	size_t colon = 0;

	if (at == 0 || !isalnum((unsigned char)text[at - 1]))
		return false;
	for (; i < stop && text[i] > ' ' && text[i] < 0x7f &&
	    strchr("/\"'<>|;?#`", text[i]) == NULL; i++) {
		if (text[i] == ':' && colon == 0)
			colon = i;
		if (text[i] != '@')
			continue;
		if (colon == 0 || !isalnum((unsigned char)text[i + 1]) ||
		    !is_password(text + colon + 1, i - colon - 1))
			return false;
		return found(URL, text, colon + 1, i - colon - 1, false, hit);
	}
	return false;
}

/* What secret_text() says of a piece of the text around a place. */
struct around {
	const char		*rule;
	size_t			 from, start;
	struct sift_hit		*hit;
	bool			 found;
};

static void heard(void *ctx, const struct secret_hit *h)
{
	struct around *a = ctx;

	if (a->found || strcmp(h->rule, a->rule) != 0 || h->at < a->from)
		return;
	a->found = true;
	a->hit->rule = h->rule;
	a->hit->grade = h->grade;
	a->hit->at = (int64_t)(a->start + h->at);
	a->hit->len = h->len;
	memcpy(a->hit->preview, h->preview, sizeof(a->hit->preview));
}

static bool around(const char *rule, const char *text, size_t n, size_t at,
    size_t most, struct sift_hit *hit)
{
	size_t back = at < 32 ? at : 32, len;
	struct around a = { rule, back, at - back, hit, false };
	char piece[4096];

	if (most > sizeof(piece) - 1)
		most = sizeof(piece) - 1;
	len = n - a.start < most ? n - a.start : most;
	memcpy(piece, text + a.start, len);
	for (size_t i = 0; i < len; i++)
		if (piece[i] == '\0')
			piece[i] = '\n';
	piece[len] = '\0';
	secret_text(NULL, piece, heard, &a);
	memset(piece, '\0', len);
	return a.found;
}

/* at: the name; a base 64 PEM block behind it */
static bool client_key(const char *text, size_t n, size_t at,
    struct sift_hit *hit)
{
	static const char pem[] = "LS0tLS1CRUdJTi";
	size_t i = at + 15, stop = n - i > 16 ? i + 16 : n, end;

	while (i < stop && strchr("\"': =\\", text[i]) != NULL)
		i++;
	if (n - i < sizeof(pem) || memcmp(text + i, pem, sizeof(pem) - 1) != 0)
		return false;
	for (end = i; end < n && end - i < PEM_MAX && in_base64(text[end]); )
		end++;
	return end - i > 64 && found(CLIENT_KEY, text, i, end - i, false, hit);
}

bool sift_proof(enum sift_sign sign, const char *text, size_t n, size_t at,
    struct sift_hit *hit)
{
	switch (sign) {
	case SIFT_TOKEN:
		return token(text, n, at, hit);
	case SIFT_KEY:
		return key(text, n, at, hit);
	case SIFT_PUTTY:
		return putty(text, n, at, hit);
	case SIFT_URL:
		return url(text, n, at, hit);
	case SIFT_AWS:
		return around("aws-secret-access-key", text, n, at, 256, hit);
	case SIFT_AUTHS:
		return around("docker-auth", text, n, at, 4000, hit);
	case SIFT_CLIENT_KEY:
		return client_key(text, n, at, hit);
	case SIFT_SIGNS:
		break;
	}
	return false;
}
