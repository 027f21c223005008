/*
 * sift_file.c - files that are made for credentials, by their names.
 *
 * Such a file says what its values are, so a literal one counts without a
 * shape of its own.  One row: names, the rule, who reads it, two examples.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/keys.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "secret_name.h"
#include "sift.h"

struct reading {
	const struct sift_file	*file;
	sift_file_fn		*fn;
	void			*ctx;
};

struct sift_file {
	struct secret_rule	 rule;
	const char		*names[5];	/* patterns; '*' is anything */
	void (*read)(struct reading *r, const char *text, size_t n);
};

static void tell(struct reading *r, const char *rule,
    enum secret_grade grade, size_t at, size_t len, const char *preview)
{
	struct sift_hit hit = { .at = (int64_t)at, .len = len, .rule = rule,
	    .grade = grade };

	snprintf(hit.preview, sizeof(hit.preview), "%s", preview);
	r->fn(r->ctx, &hit);
}

/* A password: nothing of it is shown. */
static void tell_value(struct reading *r, const char *text, size_t at,
    size_t len)
{
	char preview[48];

	if (!secret_name_literal(text + at, len))
		return;
	sift_proof_preview(text + at, len, false, preview);
	tell(r, r->file->rule.id, r->file->rule.grade, at, len, preview);
}

/* NAME=value and the like: a name that asks is enough here. */
static void heard(void *ctx, const struct secret_hit *h)
{
	struct reading *r = ctx;
	bool named = h->grade == GRADE_NAME;

	tell(r, named ? r->file->rule.id : h->rule, named ?
	    r->file->rule.grade : h->grade, h->at, h->len, h->preview);
}

static void read_text(struct reading *r, const char *text, size_t n)
{
	(void)n;
	secret_text(NULL, text, heard, r);
}

static size_t word_end(const char *text, size_t at)
{
	return at + strcspn(text + at, " \t\r\n");
}

/* machine HOST login USER password SECRET, over lines as they please */
static void read_netrc(struct reading *r, const char *text, size_t n)
{
	bool secret = false;
	size_t at = 0, end;

	for (; at < n; at = end) {
		at += strspn(text + at, " \t\r\n");
		end = word_end(text, at);
		if (text[at] == '#') {
			end = at + strcspn(text + at, "\n");
			continue;
		}
		if (secret)
			tell_value(r, text, at, end - at);
		secret = end - at == 8 && memcmp(text + at, "password", 8) == 0;
	}
}

/* host:port:database:user:password, ':' in a field as "\:" */
static void read_pgpass(struct reading *r, const char *text, size_t n)
{
	for (size_t at = 0, end; at < n; at = end + 1) {
		size_t i = at, fields = 0;

		end = at + strcspn(text + at, "\r\n");
		if (text[at] == '#')
			continue;
		for (; i < end && fields < 4; i++) {
			if (text[i] == '\\' && i + 1 < end)
				i++;
			else if (text[i] == ':')
				fields++;
		}
		if (fields == 4 && i < end)
			tell_value(r, text, i, end - i);
	}
}

/* A hash that some password matches: crypt(3)'s forms, none of "!" or "*" */
static bool is_hash(const char *s, size_t n)
{
	static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz";

	if (s[0] == '$')
		return n >= 20 && memchr(s + 1, '$', n - 1) != NULL;
	return (n == 13 || (n == 20 && s[0] == '_')) &&
	    strspn(s + 1, digits) >= n - 1 && memchr(digits, s[n - 1], 64);
}

/* name:hash:... of shadow, name:hash of htpasswd */
static void read_hashes(struct reading *r, const char *text, size_t n)
{
	for (size_t at = 0, end; at < n; at = end + 1) {
		size_t name = strcspn(text + at, ":\r\n"), hash, len;
		char preview[48] = "";

		end = at + strcspn(text + at, "\r\n");
		if (text[at + name] != ':')
			continue;
		hash = at + name + 1;
		len = strcspn(text + hash, ":\r\n");
		if (!is_hash(text + hash, len))
			continue;
		sift_proof_preview(text + hash, len, false, preview);
		tell(r, r->file->rule.id, r->file->rule.grade, hash, len,
		    preview);
	}
}

/* URLs with a password, one a line. */
static void read_urls(struct reading *r, const char *text, size_t n)
{
	for (size_t at = 0, end; at < n; at = end + 1) {
		const char *user, *colon, *sign;

		end = at + strcspn(text + at, "\r\n");
		user = memmem(text + at, end - at, "://", 3);
		if (user == NULL)
			continue;
		user += 3;
		sign = memchr(user, '@', (size_t)(text + end - user));
		colon = sign == NULL ? NULL :
		    memchr(user, ':', (size_t)(sign - user));
		if (colon != NULL)
			tell_value(r, text, (size_t)(colon + 1 - text),
			    (size_t)(sign - colon) - 1);
	}
}

/* PHP: define('NAME', 'value'), 'name' => 'value', $name = 'value' */
static void read_php(struct reading *r, const char *text, size_t n)
{
	static const char between[] = " \t,=>", word[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t name = 0, len = 0, gap, end;

	for (size_t at = 0; at < n; at = end) {
		char q = text[at];

		end = at + 1;
		if (q == '$') {
			name = end;
			len = strspn(text + name, word);
			end += len;
		} else if (q == '\'' || q == '"') {
			const char stop[] = { q, '\n', '\0' };
			size_t value = end;

			end += strcspn(text + end, stop);
			if (text[end] != q)
				continue;
			gap = len > 0 ? strspn(text + name + len, "'\"") : 0;
			if (len > 0 && secret_name_asks(text + name, len) &&
			    name + len + gap + strspn(text + name + len + gap,
			    between) == at)
				tell_value(r, text, value, end - value);
			name = value;
			len = end - value;
			end++;
		}
	}
}

/* A Java key store: magic, version, count, then entries with their kind. */
static uint32_t number(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static bool skip(size_t *at, size_t n, size_t len)
{
	if (n - *at < len)
		return false;
	*at += len;
	return true;
}

static bool jks_skip_cert(const unsigned char *p, size_t n, size_t *at)
{
	size_t len = *at, start;

	/* type's name (two bytes of length), then the bytes (four) */
	if (!skip(at, n, 2) || !skip(at, n, (size_t)p[len] << 8 | p[len + 1]))
		return false;
	start = *at;
	return skip(at, n, 4) && skip(at, n, number(p + start));
}

static void read_jks(struct reading *r, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t at = 12, start;
	uint32_t count;

	if (n < 16 || (number(p) != 0xfeedfeed && number(p) != 0xcececece))
		return;
	count = number(p + 8);
	for (uint32_t i = 0; i < count && n - at > 6; i++) {
		uint32_t kind = number(p + at);

		start = at;
		if (!skip(&at, n, 6) || !skip(&at, n,
		    ((size_t)p[at - 2] << 8 | p[at - 1]) + 8))
			return;
		if (kind == 1 || kind == 3) {
			tell(r, r->file->rule.id, r->file->rule.grade, start,
			    at - start, "********");
			return;
		}
		if (kind != 2 || !jks_skip_cert(p, n, &at))
			return;
	}
}

/* A private key, or a store of them with what protects it. */
static void read_der(struct reading *r, const char *text, size_t n)
{
	bool store;

	if (keys_der(text, n, &store) != KEYS_NONE)
		tell(r, store ? "pkcs12-key-store" : "private-key",
		    r->file->rule.grade, 0, n, "********");
}

#define PW "hunter2-" "Zq81"
#define HASH "$6$Qx81kZ0p$" "f8Kq2LmX0vRt5WzB7nYc3HdPf8Kq2LmX0vRt5WzB7nYc3HdP"
static const struct sift_file files[] = {
	{ { "password-hash", GRADE_TOKEN, "etc/shadow",
	    "root:*:19000::::::\napp:" HASH ":19000:0:99999:7:::\n",
	    "root:*:19000::::::\napp:!" HASH ":19000::::::\nx:!!:1::::::\n" },
	  { "etc/shadow", "etc/shadow-", "*/etc/shadow", "*/etc/shadow-" },
	  read_hashes },
	{ { "htpasswd-hash", GRADE_TOKEN, "srv/.htpasswd",
	    "ci:$apr1$Qx81kZ0p$" "f8Kq2LmX0vRt5WzB7nYc30\n", "ci:*\n" },
	  { "*.htpasswd", "*/htpasswd" }, read_hashes },
	{ { "netrc-password", GRADE_TOKEN, "root/.netrc",
	    "machine git.example\n  login ci\n  password " PW "\n",
	    "machine git.example login ci password ${PW}\n" },
	  { "*.netrc", "*_netrc" }, read_netrc },
	{ { "pgpass-password", GRADE_TOKEN, "root/.pgpass",
	    "db.example:5432:*:app:" PW "\n",
	    "# host:port:db:user:password\ndb.example:5432:*:app:\n" },
	  { "*.pgpass" }, read_pgpass },
	{ { "git-credential", GRADE_TOKEN, "root/.git-credentials",
	    "https://ci:hunter-" "Zqk@git.example.com\n",
	    "https://ci@git.example.com\n" },
	  { "*.git-credentials" }, read_urls },
	{ { "aws-credential", GRADE_TOKEN, "root/.aws/credentials",
	    "[x]\naws_session_token = " PW "\n",
	    "[x]\ncredential_process = /bin/true\n" },
	  { "*.aws/credentials", "*.aws/config" }, read_text },
	{ { "registry-credential", GRADE_TOKEN, "root/.docker/config.json",
	    "{\"auths\":{\"r\":{\"identitytoken\":\"" PW "\"}}}",
	    "{\"auths\":{\"r.example\":{}},\"credsStore\":\"pass\"}" },
	  { "*.docker/config.json", "*.dockercfg", "*.dockerconfigjson",
	    "*containers/auth.json" }, read_text },
	{ { "kubeconfig-credential", GRADE_TOKEN, "root/.kube/config",
	    "users:\n- name: a\n  user:\n    token: " PW "\n",
	    "users:\n- name: a\n  user:\n    tokenFile: /run/token\n" },
	  { "*.kube/config", "*kubeconfig", "*kubeconfig.y*ml",
	    "etc/kubernetes/*.conf", "*/k3s.yaml" }, read_text },
	{ { "npm-credential", GRADE_TOKEN, "app/.npmrc",
	    "//npm.example/:_authToken=" PW "\n",
	    "//npm.example/:_authToken=${NPM_TOKEN}\n" },
	  { "*.npmrc", "etc/npmrc", "*/etc/npmrc", "*.yarnrc.yml" },
	  read_text },
	{ { "pypi-credential", GRADE_TOKEN, "root/.pypirc",
	    "[pypi]\nusername = ci\npassword = " PW "\n",
	    "[pypi]\nusername = ci\npassword = <password>\n" },
	  { "*.pypirc" }, read_text },
	{ { "client-password", GRADE_TOKEN, "root/.my.cnf",
	    "[client]\npassword=" PW "\n", "[client]\nuser=app\n" },
	  { "*.my.cnf", "*.mylogin.cnf", "*.s3cfg", "*.boto" }, read_text },
	{ { "env-file", GRADE_NAME, "app/.env",
	    "DB_PASSWORD=" PW "\n", "DB_PASSWORD=\nX=1\n" },
	  { "*/.env", ".env", "*/.env.production", "*/.env.local" },
	  read_text },
	{ { "php-password", GRADE_NAME, "srv/wp-config.php",
	    "<?php define( 'DB_PASSWORD', \"" PW "\" );\n",
	    "<?php define('DB_PASSWORD', getenv('DB_PASSWORD'));\n" },
	  { "*wp-config.php", "*/settings.php", "*/configuration.php",
	    "*/config.php" }, read_php },
	{ { "java-key-store", GRADE_TOKEN, "app/server.jks", NULL, NULL },
	  { "*.jks", "*.keystore", "*.jceks" }, read_jks },
	{ { "pkcs12-key-store", GRADE_KEY, "app/server.p12", NULL, NULL },
	  { "*.p12", "*.pfx" }, read_der },
};
#define NFILES (sizeof(files) / sizeof(files[0]))

const struct secret_rule *sift_file_rule(size_t i)
{
	return i < NFILES ? &files[i].rule : NULL;
}

const struct sift_file *sift_file(const char *path)
{
	for (size_t i = 0; i < NFILES; i++)
		for (size_t k = 0; k < 5 && files[i].names[k] != NULL; k++)
			if (str_glob(files[i].names[k], path))
				return &files[i];
	return NULL;
}

static const struct sift_file *read_by(
    void (*read)(struct reading *r, const char *text, size_t n))
{
	for (size_t i = 0; i < NFILES; i++)
		if (files[i].read == read)
			return &files[i];
	return NULL;
}

/* A DER sequence as long as the file, whose first part is a number (0, 1, 3:
 * the versions of keys and stores) or, of an encrypted key, a sequence. */
static bool begins_der(const unsigned char *p, size_t len, int64_t size)
{
	int64_t said = 0;
	size_t at = 2;

	if (len < 16 || p[0] != 0x30)
		return false;
	if (p[1] == 0x80)
		return memcmp(p + 2, "\2\1\3", 3) == 0;
	if (p[1] > 0x83)
		return false;
	for (; at < 2 + (size_t)(p[1] & 0x7f) && p[1] > 0x80; at++)
		said = said << 8 | p[at];
	if (p[1] < 0x80)
		said = p[1];
	return said + (int64_t)at == size && ((p[at] == 2 && p[at + 1] == 1 &&
	    p[at + 2] <= 3) || p[at] == 0x30);
}

const struct sift_file *sift_file_begins(const void *head, size_t len,
    int64_t size)
{
	const unsigned char *p = head;

	if (len >= 16 && (number(p) == 0xfeedfeed || number(p) == 0xcececece))
		return read_by(read_jks);
	return begins_der(p, len, size) ? read_by(read_der) : NULL;
}

void sift_file_read(const struct sift_file *f, const char *text, size_t n,
    sift_file_fn *fn, void *ctx)
{
	struct reading r = { f, fn, ctx };
	char *copy;

	if (f->read == read_jks || f->read == read_der) {
		f->read(&r, text, n);
		return;
	}
	/* The readers are for text: a NUL ends a line and no more. */
	copy = mem_dupn(text, n);
	for (size_t i = 0; i < n; i++)
		if (copy[i] == '\0')
			copy[i] = '\n';
	f->read(&r, copy, n);
	memset(copy, '\0', n);
	free(copy);
}
