/*
 * tls_settings.c - the least TLS that a builder's libraries speak:
 * crypto-policies' back ends and policy files, an OpenSSL configuration.
 *
 *	MinProtocol = TLSv1.2		OpenSSL, also TLS.MinProtocol
 *	Protocol = ALL, -SSLv3		OpenSSL; what is enabled or not
 *	min_tls_version = TLS1.2	crypto-policies, older policies
 *	protocol@TLS = TLS1.3 TLS1.2	crypto-policies
 *	enabled-version = TLS1.3	GnuTLS, one a line
 *	tls-version-min=tls1.2		NSS
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "builder.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/str.h"

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	for (n = strlen(s); n > 0 && strchr(" \t\r", s[n - 1]) != NULL; )
		s[--n] = '\0';
	return s;
}

/* Settings whose value is the least protocol. */
static bool is_minimum(const char *key)
{
	static const char *const keys[] = {
		"MinProtocol", "TLS.MinProtocol", "min_tls_version",
		"tls-version-min", "ssl_min_protocol",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcasecmp(key, keys[i]) == 0)
			return true;
	return false;
}

/* ... that list what is spoken. */
static bool is_list(const char *key)
{
	return strcasecmp(key, "Protocol") == 0 ||
	    strcasecmp(key, "protocol@TLS") == 0 ||
	    strcasecmp(key, "enabled-version") == 0 ||
	    strcasecmp(key, "TLS.Protocol") == 0;
}

/* Each protocol of a list that is not taken away with "-" is one that is
 * spoken; "ALL" is the library's own choice. */
static int listed(struct builder *b, const char *key, char *value,
    int64_t line, struct err *err)
{
	char *save;

	for (char *w = strtok_r(value, " \t,:", &save); w != NULL;
	    w = strtok_r(NULL, " \t,:", &save)) {
		if (*w == '+')
			w++;
		if (*w == '-' || *w == '!' || strcasecmp(w, "ALL") == 0)
			continue;
		if (builder_fact(b, "tls.minimum", key, w, line, err) < 0)
			return -1;
	}
	return 0;
}

/* NSS: config="disallow=ALL allow=..:tls-version-min=tls1.2:.." */
static int nss(struct builder *b, const char *text, int64_t line,
    struct err *err)
{
	static const char key[] = "tls-version-min=";
	const char *p = strstr(text, key);
	char *value;
	int rc;

	if (p == NULL || p == text)
		return 0;
	p += strlen(key);
	value = mem_dupn(p, strcspn(p, ": \t\"'"));
	rc = builder_fact(b, "tls.minimum", "tls-version-min", value, line,
	    err);
	free(value);
	return rc;
}

static int setting(struct builder *b, char *text, int64_t line,
    struct err *err)
{
	char *equals, *key, *value;

	text = trim(text);
	if (*text == '#' || *text == ';' || *text == '\0')
		return 0;
	if ((equals = strchr(text, '=')) == NULL)
		return 0;
	if (nss(b, text, line, err) < 0)
		return -1;
	*equals = '\0';
	key = trim(text);
	value = trim(equals + 1);
	value[strcspn(value, "#")] = '\0';
	value = trim(value);
	if (is_list(key))
		return listed(b, key, value, line, err);
	return is_minimum(key) ? builder_fact(b, "tls.minimum", key, value,
	    line, err) : 0;
}

static int lines(struct sink *sink, char *text, struct err *err)
{
	struct builder b;
	int64_t n = 1;

	if (builder_open(&b, sink, "tls-settings", NULL, err) < 0)
		return -1;
	for (char *end; text != NULL; text = end, n++) {
		if ((end = strchr(text, '\n')) != NULL)
			*end++ = '\0';
		if (setting(&b, text, n, err) < 0)
			return -1;
	}
	return 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct str clean = STR_INIT;
	size_t len;
	char *text = input_slurp(in, CAP_SETTINGS_BYTES, &len, err);
	int rc = -1;

	if (text != NULL) {
		str_utf8(&clean, text, len);
		str_add(&clean, "");
		rc = lines(sink, clean.s, err);
	}
	str_free(&clean);
	free(text);
	return rc;
}

static int bid(const struct probe *p)
{
	if (!builder_bid(p) || probe_seen(p, "FROM ") ||
	    probe_seen(p, "apiVersion"))
		return 0;
	return probe_seen(p, "MinProtocol") ||
	    probe_seen(p, "min_tls_version") ||
	    probe_seen(p, "protocol@TLS") ||
	    probe_seen(p, "tls-version-min=") ||
	    probe_seen(p, "enabled-version =") ||
	    probe_seen(p, "openssl_conf =") ||
	    probe_seen(p, "[openssl_init]") ? 55 : 0;
}

const struct importer importer_tls_settings = {
	.name = "tls-settings",
	.about = "crypto-policies and OpenSSL configurations: the least TLS",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
