/* base.c - targets: text, names, dates, keys and signatures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "muster/b64.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/keys.h"
#include "muster/purl.h"
#include "muster/ref.h"
#include "muster/sink.h"
#include "muster/sign.h"
#include "muster/str.h"

#define AT	INT64_C(1793491200)	/* 2026-11-01 */

/* Any bytes become text everywhere. */
void fuzz_text(const unsigned char *bytes, size_t len)
{
	struct str a = STR_INIT, b = STR_INIT;
	char *s = fuzz_string(bytes, len);
	size_t out;
	unsigned char *raw = b64_decode(s, strlen(s), &out);

	str_utf8(&a, bytes, len);
	str_path(&b, bytes, len);
	if (!str_is_utf8(str_text(&a), a.len) ||
	    !str_is_utf8(str_text(&b), b.len))
		fuzz_broken("text that is no UTF-8");
	str_clear(&b);
	str_json(&b, str_text(&a));
	str_clear(&b);
	for (const char *p = str_text(&a); *p != '\0';)
		p += str_visible(&b, p);
	if (!str_is_utf8(str_text(&b), b.len))
		fuzz_broken("visible text that is no UTF-8");
	str_safe(stdout, s);
	if (raw != NULL) {
		str_clear(&b);
		b64_encode(&b, raw, out);
		free(raw);
		raw = b64_decode(str_text(&b), b.len, &out);
		if (raw == NULL)
			fuzz_broken("base64 that is none");
	}
	free(raw);
	severity_of(s);
	free(s);
	str_free(&a);
	str_free(&b);
}

/* "pattern NUL text" for globs; references and purls. */
void fuzz_names(const unsigned char *bytes, size_t len)
{
	char *s = fuzz_string(bytes, len);
	struct str out = STR_INIT;
	struct ref a, b;
	struct purl p;

	if (ref_parse(s, &a) && ref_parse(a.repo, &b))
		ref_same_tag(&a, &b);
	if (purl_parse(s, &p)) {
		purl_spell(&p, &out);
		purl_qualifier(&p, "arch", &out);
		purl_qualifier(&p, "repository_url", &out);
		purl_free(&p);
	}
	purl_spell_name("npm", s, &out);
	purl_spell_name("maven", s, &out);
	purl_spell_name("pypi", s, &out);
	purl_version(s);
	if (strlen(s) < len)
		str_glob(s, s + strlen(s) + 1);
	str_glob(s, "registry.example/web/app");
	str_free(&out);
	free(s);
}

void fuzz_dates(const unsigned char *bytes, size_t len)
{
	char *s = fuzz_string(bytes, len), out[DATE_SIZE], again[DATE_SIZE];
	int64_t at, back;

	if (date_parse(s, &at)) {
		date_format(at, out);
		if (!date_parse(out, &back) || at != back)
			fuzz_broken("%s is not the instant it was", out);
		date_until("P1Y2M3D", out, again);
	}
	if (date_until(s, "2024-02-29T00:00:00Z", out) &&
	    !date_parse(out, &at))
		fuzz_broken("an end that is no date: %s", out);
	free(s);
}

/* Public and private keys, in every form; nothing has a passphrase. */
void fuzz_key(const unsigned char *bytes, size_t len)
{
	char *s = fuzz_string(bytes, len);
	struct err err = ERR_INIT;
	struct sign_key *k = sign_key_read(s, len, &err);
	struct sign_secret *secret;
	struct str out = STR_INIT;

	fuzz_told(k != NULL ? 0 : -1, &err, "a key");
	if (k != NULL && (sign_key_id(k)[0] == '\0' ||
	    sign_key_name(k)[0] == '\0' || sign_key_text(k)[0] == '\0'))
		fuzz_broken("a key without a name");
	sign_key_free(k);
	err = (struct err)ERR_INIT;
	k = sshsig_key(s, len, &err);
	fuzz_told(k != NULL ? 0 : -1, &err, "an OpenSSH key");
	sign_key_free(k);
	err = (struct err)ERR_INIT;
	secret = sshkey_read(s, len, NULL, &err);
	fuzz_told(secret != NULL ? 0 : -1, &err, "a private key");
	if (secret != NULL) {
		err = (struct err)ERR_INIT;
		fuzz_told(sshsig_sign(secret, "file", "x", 1, &out, &err),
		    &err, "signing");
	}
	sshkey_free(secret);
	keys_parse_pem(s, len);
	str_free(&out);
	free(s);
}

void fuzz_der(const unsigned char *bytes, size_t len)
{
	bool store;

	keys_der(bytes, len, &store);
}

void fuzz_signature(const unsigned char *bytes, size_t len)
{
	struct str who = STR_INIT;

	if (sshsig_is(bytes, len))
		sshsig_verify(NULL, "file", "text", 4, bytes, len, &who);
	str_clear(&who);
	if (cms_is(bytes, len))
		cms_verify(NULL, AT, "text", 4, bytes, len, &who);
	str_free(&who);
}

/* Everything before it gets to the library, and what comes out of it. */
void fuzz_openpgp(const unsigned char *bytes, size_t len)
{
	struct str payload = STR_INIT, armour = STR_INIT, id = STR_INIT,
	    name = STR_INIT;
	struct err err = ERR_INIT;

	fuzz_told(sign_gpg_open(bytes, len, &payload, &err), &err,
	    "a message");
	err = (struct err)ERR_INIT;
	fuzz_told(sign_gpg_key(bytes, len, &armour, &id, &name, &err), &err,
	    "an OpenPGP key");
	str_free(&payload);
	str_free(&armour);
	str_free(&id);
	str_free(&name);
}

/* A root; a leaf and the chain behind it. */
void fuzz_certificate(const unsigned char *bytes, size_t len)
{
	struct fuzz_pieces from = { bytes, len };
	struct fuzz_piece p;
	char *pem[3] = { NULL, NULL, NULL };
	struct sign_key *root = NULL, *leaf;
	struct err err = ERR_INIT;
	struct str why = STR_INIT;
	size_t n = 0;

	while (n < 3 && fuzz_piece(&from, &p))
		pem[n++] = fuzz_string(p.p, p.len);
	if (n > 1)
		root = sign_key_read(pem[0], strlen(pem[0]), &err);
	if (root != NULL && sign_key_kind(root) == SIGN_ROOT) {
		leaf = sign_cert_check(root, pem[1], pem[2], AT, "*@example.*",
		    &why);
		if (leaf == NULL && why.len == 0)
			fuzz_broken("a chain is refused without a word");
		sign_key_free(leaf);
	}
	sign_key_free(root);
	str_free(&why);
	for (size_t i = 0; i < n; i++)
		free(pem[i]);
}
