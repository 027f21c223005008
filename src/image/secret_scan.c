/*
 * secret_scan.c - the pass over a text that finds credentials.
 *
 * One pass over the text.  At each place either a token with a shape of its
 * own starts (token.c), or a sign that gives the text behind it a meaning: an
 * assignment, an option, a URL.  Each sign looks a bounded way back and goes
 * on behind what it has read, so the time stays linear.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "muster/secret.h"
#include "muster/str.h"
#include "secret_name.h"
#include "secret_scan.h"
#include "token.h"

#define NAME_BACK	96	/* how far back a name may start */
#define COMMAND_NEAR	1024	/* "curl" this far before "-u" is its command */
#define VALUE_MAX	65536

enum rule {
	NAMED, AWS_SECRET, BASIC_URL, AUTH_HEADER, USER_OPTION, DOCKER_AUTH,
	NETRC, CHPASSWD
};

#define P "hunter2-" "Zq81"
static const struct secret_rule rules[] = {
	[NAMED] = { "named-secret", GRADE_NAME, NULL,
	    "export DB_PASSWORD=" P, "export DB_PASSWORD_FILE=/run/x" },
	[AWS_SECRET] = { "aws-secret-access-key", GRADE_TOKEN, NULL,
	    "aws_secret_access_key = "
	    "wiBLXAiHxULlPDrng1wq3FCsy36pN4+4PjRRl9D3",
	    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY"
	    "EXAMPLEKEY" },
	[BASIC_URL] = { "url-password", GRADE_TOKEN, NULL,
	    "pip install -i https://ci:" P "@pypi.example.com/simple x",
	    "git clone https://ci:${TOKEN}@git.example.com/x" },
	[AUTH_HEADER] = { "authorization-header", GRADE_TOKEN, NULL,
	    "curl -H 'Authorization: Bearer " P "' https://x.example",
	    "curl -H \"Authorization: Bearer $TOKEN\" https://x.example" },
	[USER_OPTION] = { "user-password-option", GRADE_TOKEN, NULL,
	    "curl -u admin:" P " http://localhost:8443/",
	    "docker run -u 1000:1000 x" },
	[DOCKER_AUTH] = { "docker-auth", GRADE_TOKEN, NULL,
	    "{\"auths\":{\"r.example\":{\"auth\":"
	    "\"cm9ib3Q6Zm5OcnNVZXFjd1lu\"}}}",
	    "{\"auths\":{\"r.example\":{\"auth\":\"\"}}}" },
	[NETRC] = { "netrc-password", GRADE_TOKEN, NULL,
	    "echo machine git.example login ci password " P " > ~/.netrc",
	    "echo machine git.example login ci password $T > ~/.netrc" },
	[CHPASSWD] = { "chpasswd-password", GRADE_TOKEN, NULL,
	    "echo 'root:" P "' | chpasswd", "chpasswd < /run/secrets/pw" },
};
#undef P
#define NRULES (sizeof(rules) / sizeof(rules[0]))

struct scan {
	const char	*t;
	size_t		 n, done;	/* text before done is dealt with */
	size_t		 curl, mysql, sshpass, echo;	/* last seen, plus 1 */
	secret_fn	*fn;
	void		*ctx;
};

const struct secret_rule *secret_scan_rule(size_t i)
{
	return i < NRULES ? &rules[i] : token_rule(i - NRULES);
}

/* A token's first characters are its kind; a password's are the password. */
static void preview(const char *s, bool token, struct secret_hit *hit)
{
	size_t shown = token && hit->len >= 12 ? 4 : 0, i;

	for (i = 0; i < shown && (isalnum((unsigned char)s[i]) ||
	    s[i] == '-' || s[i] == '_'); i++)
		hit->preview[i] = s[i];
	/* Not as many as there are characters: a length helps guessing. */
	memset(hit->preview + i, '*', shown + 8 - i);
	hit->preview[shown + 8] = '\0';
}

static void emit(struct scan *s, bool token, struct secret_hit *hit)
{
	preview(s->t + hit->at, token, hit);
	s->done = hit->at + hit->len;
	s->fn(s->ctx, hit);
}

/* A span found by what stands before it; a token inside says it better. */
static void emit_span(struct scan *s, enum rule rule, size_t at, size_t len)
{
	struct secret_hit hit = { .rule = rules[rule].id,
	    .grade = rules[rule].grade, .at = at, .len = len }, in;
	bool token = false;

	for (size_t i = at; i < at + len; i++)
		if (token_at(s->t, s->n, i, &in) && in.grade >= hit.grade) {
			hit.rule = in.rule;
			hit.grade = in.grade;
			token = in.at == at;
			if (in.at + in.len > at + hit.len)
				hit.len = in.at + in.len - at;
			break;
		}
	emit(s, token, &hit);
}

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static size_t skip_blanks(const struct scan *s, size_t i, size_t most)
{
	while (i < s->n && most-- > 0 && (s->t[i] == ' ' || s->t[i] == '\t'))
		i++;
	return i;
}

/* Past an opening quote, plain or escaped (JSON in JSON); *q is its sign. */
static size_t skip_quote(const struct scan *s, size_t i, char *q)
{
	*q = '\0';
	if (i + 1 < s->n && s->t[i] == '\\' && s->t[i + 1] == '"')
		i++;
	if (i < s->n && (s->t[i] == '"' || s->t[i] == '\''))
		*q = s->t[i++];
	return i;
}

/* Where the value that starts at i ends. */
static size_t value_end(const struct scan *s, size_t i, char q)
{
	size_t stop = s->n - i > VALUE_MAX ? i + VALUE_MAX : s->n;

	for (; i < stop; i++) {
		char c = s->t[i];

		if (c == '\n' || c == '\r')
			break;
		if (q != '\0') {
			if (c == q)
				return i > 0 && s->t[i - 1] == '\\' ? i - 1 : i;
			continue;
		}
		if (c == '\\' && i + 1 < stop && s->t[i + 1] != '"' &&
		    s->t[i + 1] != '\n') {
			i++;
			continue;
		}
		if (strchr(" \t;&|\"'`<>\\", c) != NULL)
			break;
	}
	return i;
}

/* <password> holds signs that end an unquoted value. */
static bool is_bracketed(const struct scan *s, size_t i)
{
	return i < s->n && s->t[i] == '<';
}

static bool try_value(struct scan *s, enum rule rule, size_t i, char q)
{
	size_t end;

	if (i >= s->n || is_bracketed(s, i) ||
	    secret_name_reference(s->t + i, s->n - i))
		return false;
	end = value_end(s, i, q);
	if (!secret_name_literal(s->t + i, end - i))
		return false;
	emit_span(s, rule, i, end - i);
	return true;
}

static bool in_base64(char c)
{
	return isalnum((unsigned char)c) || c == '+' || c == '/';
}

/* 40 characters of base 64 behind an AWS name are what AWS hands out. */
static enum rule named_rule(const char *name, size_t len, const char *value,
    size_t n)
{
	char low[NAME_BACK + 1];

	if (n < 40 || len > NAME_BACK || (n > 40 && in_base64(value[40])))
		return NAMED;
	for (size_t i = 0; i < 40; i++)
		if (!in_base64(value[i]))
			return NAMED;
	for (size_t i = 0; i < len; i++)
		low[i] = (char)tolower((unsigned char)name[i]);
	low[len] = '\0';
	return strstr(low, "aws") != NULL ||
	    strstr(low, "secretaccess") != NULL ? AWS_SECRET : NAMED;
}

/* "robot:..." in base 64: does any of the first decoded bytes read ':'? */
static bool is_login(const char *s, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned acc = 0, bits = 0;
	bool colon = false;

	if (n < 8)
		return false;
	for (size_t i = 0; i < n && s[i] != '='; i++) {
		const char *d = memchr(digits, s[i], 64);

		if (d == NULL)
			return false;
		acc = (acc << 6 | (unsigned)(d - digits)) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			colon |= (acc >> bits & 0xff) == ':';
		}
	}
	return colon;
}

static bool try_docker(struct scan *s, size_t i, char q)
{
	size_t end = value_end(s, i, q);

	if (q == '\0' || !is_login(s->t + i, end - i))
		return false;
	emit_span(s, DOCKER_AUTH, i, end - i);
	return true;
}

/* Authorization: Bearer xyz */
static bool try_header(struct scan *s, size_t i, char q)
{
	size_t word = i;

	while (word < s->n && isalpha((unsigned char)s->t[word]))
		word++;
	if (word > i && word < s->n && s->t[word] == ' ')
		i = word + 1;
	/* Inside quotes already: the value ends where the header does. */
	return try_value(s, AUTH_HEADER, i, q);
}

/* The name that ends before i: its start, and whether it is in quotes. */
static size_t name_before(const struct scan *s, size_t *end, bool *quoted)
{
	size_t i = *end, least;

	*quoted = false;
	if (i > s->done && (s->t[i - 1] == '"' || s->t[i - 1] == '\'')) {
		*quoted = true;
		i--;
		if (i > s->done && s->t[i - 1] == '\\')
			i--;
	}
	*end = i;
	least = i > s->done + NAME_BACK ? i - NAME_BACK : s->done;
	while (i > least && name_char(s->t[i - 1]))
		i--;
	while (i < *end && s->t[i] == '-')
		i++;
	return i;
}

/* NAME=value, NAME = value, "name": "value", name: value */
static bool assignment(struct scan *s, size_t i)
{
	const char *t = s->t;
	size_t end = i, start, v = i + 1;
	bool quoted, spaced, dflt;
	char q;

	if (t[i] == '=' && i > 0 && strchr("=!<>~+", t[i - 1]) != NULL)
		return false;
	if (v >= s->n || (t[i] == '=' && (t[v] == '=' || t[v] == '~')))
		return false;
	if (t[i] == '=' && i > 0 && t[i - 1] == ':')
		end--;
	for (int k = 0; k < 8 && end > s->done && t[end - 1] == ' '; k++)
		end--;
	spaced = end < i;
	start = name_before(s, &end, &quoted);
	if (start == end)
		return false;
	dflt = start > 1 && t[start - 1] == '{' && t[start - 2] == '$';
	if (dflt ? t[i] != ':' || strchr("-=", t[v]) == NULL :
	    start > 0 && t[start - 1] == '$')
		return false;
	if (dflt)
		v++;
	else if (t[i] == ':' && !quoted && t[v] != ' ' && t[v] != '"')
		return false;
	if (spaced || t[i] == ':')
		v = skip_blanks(s, v, 8);
	v = skip_quote(s, v, &q);
	if (dflt)
		q = '}';
	if (end - start == 4 && strncasecmp(t + start, "auth", 4) == 0)
		return try_docker(s, v, q);
	if (end - start >= 13 && strncasecmp(t + end - 13, "authorization",
	    13) == 0)
		return try_header(s, v, q != '\0' ? q : start > 0 &&
		    strchr("\"'", t[start - 1]) != NULL ? t[start - 1] : '\0');
	return secret_name_asks(t + start, end - start) &&
	    try_value(s, named_rule(t + start, end - start, t + v, s->n - v),
	    v, q);
}

/* scheme://user:password@host */
static bool url(struct scan *s, size_t i)
{
	static const char *const shown[] = { "password", "passwd", "pass", "pw",
	    "secret", "token", "pwd" };
	size_t v = i + 3, colon = 0, at = 0, stop;

	stop = s->n - i > 600 ? i + 600 : s->n;
	for (size_t k = v; k < stop && strchr("/ \t\n\"'?#<>|;", s->t[k]) ==
	    NULL; k++) {
		if (s->t[k] == ':' && colon == 0)
			colon = k;
		if (s->t[k] == '@')
			at = k;
	}
	if (colon == 0 || at < colon + 2)
		return false;
	colon++;
	if (!secret_name_literal(s->t + colon, at - colon))
		return false;
	for (size_t k = 0; k < sizeof(shown) / sizeof(shown[0]); k++)
		if (strlen(shown[k]) == at - colon && strncasecmp(shown[k],
		    s->t + colon, at - colon) == 0 && s->t[v] == 'u')
			return false;
	emit_span(s, BASIC_URL, colon, at - colon);
	return true;
}

/* Behind an option: blanks, or the next string of a JSON array. */
static size_t argument(const struct scan *s, size_t i, char *q)
{
	*q = '\0';
	if (i < s->n && (s->t[i] == ' ' || s->t[i] == '\t'))
		return skip_quote(s, skip_blanks(s, i, 8), q);
	if (i + 1 < s->n && s->t[i] == '"' && s->t[i + 1] == ',')
		return skip_quote(s, skip_blanks(s, i + 2, 8), q);
	return s->n;
}

static bool near(size_t seen, size_t i)
{
	return seen > 0 && i - (seen - 1) < COMMAND_NEAR;
}

/* curl -u user:password; docker's -u is a number. */
static bool login_option(struct scan *s, size_t i)
{
	char q;
	size_t v = i < s->n && s->t[i] == '=' ? i + 1 : argument(s, i, &q);
	size_t end, colon;

	if (v >= s->n || !near(s->curl, i))
		return false;
	q = v > 0 && strchr("\"'", s->t[v - 1]) != NULL ? s->t[v - 1] : '\0';
	end = value_end(s, v, q);
	for (colon = v; colon < end && s->t[colon] != ':'; )
		colon++;
	if (colon == end || colon == v || !secret_name_literal(
	    s->t + colon + 1, end - colon - 1))
		return false;
	emit_span(s, USER_OPTION, colon + 1, end - colon - 1);
	return true;
}

static bool short_option(struct scan *s, size_t i)
{
	char q;
	size_t v;

	if (s->t[i + 1] == 'u')
		return login_option(s, i + 2);
	if (s->t[i + 1] != 'p' || i + 2 >= s->n)
		return false;
	if (near(s->sshpass, i)) {
		v = s->t[i + 2] == ' ' || s->t[i + 2] == '"' ?
		    argument(s, i + 2, &q) : skip_quote(s, i + 2, &q);
		return try_value(s, USER_OPTION, v, q);
	}
	if (!near(s->mysql, i) || strchr(" \"\n", s->t[i + 2]) != NULL)
		return false;
	v = skip_quote(s, i + 2, &q);
	return try_value(s, USER_OPTION, v, q);
}

/* --password value, --user user:password; "=" is an assignment's. */
static bool long_option(struct scan *s, size_t i)
{
	size_t start = i + 2, end = start, v;
	char q;

	while (end < s->n && end - start < NAME_BACK && name_char(s->t[end]))
		end++;
	if (end - start == 4 && memcmp(s->t + start, "user", 4) == 0)
		return login_option(s, end);
	if (!secret_name_asks(s->t + start, end - start))
		return false;
	v = argument(s, end, &q);
	return v < s->n && s->t[v] != '-' && try_value(s, NAMED, v, q);
}

static bool option(struct scan *s, size_t i)
{
	if (i + 2 >= s->n ||
	    (i > 0 && strchr(" \t\n\"'[,(", s->t[i - 1]) == NULL))
		return false;
	return s->t[i + 1] == '-' ? long_option(s, i) : short_option(s, i);
}

/* machine HOST login USER password SECRET */
static bool netrc(struct scan *s, size_t i)
{
	bool secret = false;
	size_t end;

	for (int word = 0; word < 8; word++, i = end) {
		while (i < s->n && strchr(" \t\n\"'\\", s->t[i]) != NULL)
			i += s->t[i] == '\\' && i + 1 < s->n ? 2 : 1;
		if (i >= s->n)
			return false;
		if (secret)
			return try_value(s, NETRC, i, '\0');
		for (end = i; end < s->n && end - i < 256 &&
		    strchr(" \t\n\"'\\", s->t[end]) == NULL; )
			end++;
		secret = end - i == 8 && memcmp(s->t + i, "password", 8) == 0;
	}
	return false;
}

/* echo root:password | chpasswd */
static bool chpasswd(struct scan *s, size_t i)
{
	size_t k = s->echo > 0 ? s->echo - 1 : 0, end;

	if (!near(s->echo, i) || k < s->done)
		return false;
	while (k < i && s->t[k] != ':' && s->t[k] != '|')
		k++;
	if (k == i || s->t[k] != ':')
		return false;
	end = value_end(s, ++k, '\0');
	if (end >= i || !secret_name_literal(s->t + k, end - k))
		return false;
	emit_span(s, CHPASSWD, k, end - k);
	s->done = i;
	return true;
}

/* ENV NAME value, as Dockerfiles used to say it */
static bool env_line(struct scan *s, size_t i)
{
	size_t start, end;

	if (i > 0 && isalnum((unsigned char)s->t[i - 1]))
		return false;
	start = end = skip_blanks(s, i + 3, 8);
	while (end < s->n && end - start < NAME_BACK && name_char(s->t[end]))
		end++;
	if (end >= s->n || s->t[end] != ' ' || start == i + 3 ||
	    !secret_name_asks(s->t + start, end - start))
		return false;
	end = skip_blanks(s, end, 8);
	return end < s->n && s->t[end] != '=' &&
	    try_value(s, NAMED, end, '\0');
}

static bool word_at(const struct scan *s, size_t i, const char *word)
{
	size_t n = strlen(word);

	return s->n - i >= n && memcmp(s->t + i, word, n) == 0;
}

/* Words that give what follows a meaning. */
static bool word(struct scan *s, size_t i)
{
	switch (s->t[i]) {
	case 'c':
		if (word_at(s, i, "curl"))
			s->curl = i + 1;
		return word_at(s, i, "chpasswd") && chpasswd(s, i);
	case 'e':
		if (word_at(s, i, "echo "))
			s->echo = i + 1;
		return false;
	case 'E':
		return word_at(s, i, "ENV ") && env_line(s, i);
	case 'm':
		if (word_at(s, i, "mysql") || word_at(s, i, "mariadb"))
			s->mysql = i + 1;
		return word_at(s, i, "machine ") && netrc(s, i + 8);
	case 'p':
		if (word_at(s, i, "printf "))
			s->echo = i + 1;
		return false;
	case 's':
		if (word_at(s, i, "sshpass"))
			s->sshpass = i + 1;
		return false;
	default:
		return false;
	}
}

static bool sign(struct scan *s, size_t i)
{
	switch (s->t[i]) {
	case '=':
		return assignment(s, i);
	case ':':
		return word_at(s, i, "://") ? url(s, i) : assignment(s, i);
	case '-':
		return option(s, i);
	default:
		return word(s, i);
	}
}

static void walk(struct scan *s)
{
	struct secret_hit hit;
	size_t i = 0;

	while (i < s->n) {
		const char *close;

		if (s->t[i] == '[' && word_at(s, i, SECRET_MASK) &&
		    (close = memchr(s->t + i, ']', s->n - i < 128 ?
		    s->n - i : 128)) != NULL) {
			i = (size_t)(close - s->t) + 1;
			continue;
		}
		if (token_at(s->t, s->n, i, &hit))
			emit(s, true, &hit);
		else if (!sign(s, i)) {
			i++;
			continue;
		}
		i = s->done > i ? s->done : i + 1;
	}
}

void secret_scan_text(const char *name, const char *text, secret_fn *fn,
    void *ctx)
{
	struct scan s = { .t = text, .n = strlen(text), .fn = fn, .ctx = ctx };
	size_t end = s.n;

	while (end > 0 && isspace((unsigned char)text[end - 1]))
		end--;
	if (name != NULL && secret_name_asks(name, strlen(name)) &&
	    secret_name_literal(text, end)) {
		emit_span(&s, named_rule(name, strlen(name), text, end), 0,
		    end);
		return;
	}
	walk(&s);
}
