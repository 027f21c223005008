/*
 * secret_name.c - does a name ask for a secret, and is a value one?
 *
 * "DB_PASSWORD" does, "DB_PASSWORD_FILE" names a file, "dbPassword" is the
 * first one again.  A value that refers to something else, or stands for one
 * to be filled in, is none.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "secret_name.h"
#include "muster/str.h"

#define NAME_MAX_LEN 96

/* Last words that make a name speak about a secret instead of holding one. */
static const char *const about[] = {
	"FILE", "FILES", "PATH", "DIR", "DIRECTORY", "NAME", "URL", "URI",
	"ENDPOINT", "ID", "IDS", "TYPE", "KIND", "LENGTH", "LEN", "MIN", "MAX",
	"SIZE", "TTL", "EXPIRY", "EXPIRES", "EXPIRATION", "LIFETIME", "AGE",
	"TIMEOUT", "POLICY", "PROVIDER", "HEADER", "FIELD", "ENABLED",
	"DISABLED", "REQUIRED", "ISSUER", "AUDIENCE", "ALGORITHM", "FORMAT",
	"PREFIX", "SUFFIX", "HOST", "PORT", "COMMAND", "CMD", "MODE", "REF",
	"VERSION", "SERVICE", "COUNT", "LIMIT", "LOCATION", "STORE", "HELPER",
	"SCOPE", "SCOPES", "ARN", "PROMPT", "STDIN", "SHA", "SHA256", "SHA512",
	"MD5", "SUM", "CHECKSUM", "DIGEST", "FINGERPRINT", "REVIEW", "METHOD",
	"CLASS", "PATTERN", "REGEX", "HINT", "LABEL", "TITLE", "DESCRIPTION",
	"SECRETS", "SOURCE", "MANAGER", "REFRESH", "INTERVAL", "USER",
	"USERNAME", "ENV", "VAR", "FD", "PLACEHOLDER", "PROCESS"
};

/* Words anywhere that make it a switch or something public. */
static const char *const harmless[] = {
	"PUBLIC", "DISABLE", "DISABLED", "ENABLE", "NO", "WITHOUT", "ASK",
	"PROMPT", "ALLOW", "EMPTY", "REQUIRE", "RANDOM", "SKIP", "USE"
};

static const char *const endings[] = {
	"PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "SECRET", "APIKEY",
	"CREDENTIAL", "CREDENTIALS", "SECRETKEY", "ACCESSKEY", "PRIVATEKEY",
	"AUTHTOKEN", "PASSCODE"
};

static const char *const key_of[] = {
	"API", "ACCESS", "PRIVATE", "SECRET", "ENCRYPTION", "SIGNING",
	"MASTER", "AUTH", "ACCOUNT", "SHARED", "SSH", "DEPLOY"
};

#define IN(list, word) in_list(list, sizeof(list) / sizeof((list)[0]), word)

static bool in_list(const char *const *list, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

/* Cut a name into upper-case words, at signs, digits' ends and camelCase. */
static size_t words_of(const char *name, size_t len, char *buf,
    const char *words[], size_t most)
{
	size_t n = 0, out = 0;
	bool in = false;

	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (!isalnum((unsigned char)c)) {
			in = false;
			continue;
		}
		if (!in || (i > 0 && isupper((unsigned char)c) &&
		    islower((unsigned char)name[i - 1]))) {
			if (n == most)
				break;
			if (out > 0)
				buf[out++] = '\0';
			words[n++] = buf + out;
			in = true;
		}
		buf[out++] = (char)toupper((unsigned char)c);
	}
	buf[out] = '\0';
	return n;
}

static bool digits_only(const char *s)
{
	return s[strspn(s, "0123456789")] == '\0';
}

/* "GITHUBTOKEN" and "PASSWORD2" end in a word that asks. */
static bool ends_asking(const char *word)
{
	char bare[NAME_MAX_LEN + 1];
	size_t len = strlen(word);

	while (len > 0 && isdigit((unsigned char)word[len - 1]))
		len--;
	memcpy(bare, word, len);
	bare[len] = '\0';
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(bare, endings[i]))
			return true;
	return strcmp(bare, "PASS") == 0;
}

bool secret_name_asks(const char *name, size_t len)
{
	char buf[2 * NAME_MAX_LEN + 2];
	const char *words[24];
	size_t n;

	if (len == 0 || len > NAME_MAX_LEN)
		return false;
	n = words_of(name, len, buf, words, 24);
	while (n > 1 && digits_only(words[n - 1]))
		n--;
	if (n == 0 || IN(about, words[n - 1]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (IN(harmless, words[i]))
			return false;
	for (size_t i = 0; i < n; i++)
		if (ends_asking(words[i]) || (strcmp(words[i], "KEY") == 0 &&
		    i > 0 && IN(key_of, words[i - 1])))
			return true;
	/* "DB_PWD" and a connection string's "Pwd", not the shell's PWD. */
	return strcmp(words[n - 1], "PWD") == 0 &&
	    (n > 1 ? strcmp(words[0], "OLD") != 0 : name[0] != 'P' ||
	    name[1] != 'W');
}

static bool one_of(const char *s, size_t len, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && strncasecmp(s, list, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

static bool starts(const char *s, size_t len, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n <= len && strncasecmp(s, list, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

bool secret_name_reference(const char *s, size_t len)
{
	if (s[0] == '$' && len > 1)
		return isalpha((unsigned char)s[1]) || strchr("_{(@*!", s[1]);
	return starts(s, len, "[secret: \\$ ` {{ %( %% #{ @@ /run/ /var/ /etc/"
	    " /tmp/ /mnt/ /app/ /opt/ /usr/ /dev/ /home/ /root/ /secrets/"
	    " file: vault: secret: arn:aws: valueFrom id= /proc/ ssm:");
}

/* Stands for one that is to be filled in, or says that there is none. */
static bool is_placeholder(const char *s, size_t len)
{
	size_t same = 1;

	if (one_of(s, len, "true false yes no on off 0 1 null nil none"
	    " undefined unset disabled enabled redacted [redacted] (redacted)"
	    " hidden masked required optional !"))
		return true;
	while (same < len && (s[same] | 32) == (s[0] | 32))
		same++;
	if (same == len && strchr("xX*.-_?#", s[0]) != NULL)
		return true;
	if (s[0] == '<' && s[len - 1] == '>')
		return true;
	if (len > 5 && len < 64 && (starts(s, len, "your_ your- replace_"
	    " replace- insert_ insert-") ||
	    one_of(s + len - 5, 5, "_here -here")))
		return true;
	return len > 2 && len < 64 && ((s[0] == '%' && s[len - 1] == '%') ||
	    (s[0] == '{' && s[len - 1] == '}') ||
	    (s[0] == '@' && s[len - 1] == '@'));
}

bool secret_name_literal(const char *s, size_t len)
{
	return len > 0 && !secret_name_reference(s, len) &&
	    !is_placeholder(s, len) &&
	    !(len == 40 && memcmp(s + 30, "EXAMPLEKEY", 10) == 0);
}
