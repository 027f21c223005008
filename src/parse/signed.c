/*
 * signed.c - signatures as records: simple signing, plain or in a file of a
 * directory; see signed.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/b64.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/sha.h"
#include "muster/sign.h"
#include "muster/signed.h"
#include "muster/sink.h"
#include "muster/str.h"

#define COSIGN_TYPE	"cosign container image signature"
#define GPG_TYPE	"atomic container signature"
#define FILE_MAGIC	"\0sigstore-json\n"
#define FILE_MAGIC_LEN	15

static bool claim_of(const struct node *root, bool gpg,
    struct signed_claim *claim, struct str *wrong)
{
	const char *type = node_text(node_at(root, "critical.type"));
	const char *digest = node_text(node_at(root,
	    "critical.image.docker-manifest-digest"));
	const char *name = node_text(node_at(root,
	    "critical.identity.docker-reference"));

	if (digest != NULL && sha_is_digest(digest))
		snprintf(claim->digest, sizeof(claim->digest), "%s", digest);
	if (name != NULL && strlen(name) >= sizeof(claim->reference))
		str_addf(wrong, "its payload names a repository of %zu "
		    "characters", strlen(name));
	else if (name != NULL)
		snprintf(claim->reference, sizeof(claim->reference), "%s",
		    name);
	if (!str_eq(type, gpg ? GPG_TYPE : COSIGN_TYPE))
		str_addf(wrong, "its payload is of type \"%s\"; \"%s\" was "
		    "expected", type != NULL ? type : "", gpg ? GPG_TYPE :
		    COSIGN_TYPE);
	else if (claim->digest[0] == '\0')
		str_add(wrong, "its payload names no manifest digest");
	return wrong->len == 0;
}

bool signed_simple_claim(const char *payload, size_t len, bool gpg,
    struct signed_claim *claim, struct str *wrong)
{
	struct err bad = ERR_INIT;
	struct tree *t = tree_json(payload, len, "payload", &bad);
	bool is = false;

	*claim = (struct signed_claim){ .digest = "" };
	if (t != NULL)
		is = claim_of(tree_root(t), gpg, claim, wrong);
	else
		str_addf(wrong, "its payload cannot be read: %s", bad.text);
	tree_free(t);
	return is;
}

/* One record of kind "cosign" or "gpg"; wrong has what is wrong so far. */
static int send_simple(const struct signed_from *from, bool gpg,
    const char *payload, size_t len, const char *signature,
    struct str *wrong, struct err *err)
{
	struct signed_claim claim;
	struct str base64 = STR_INIT, more = STR_INIT;
	char hex[SHA_HEX];
	int rc;

	signed_simple_claim(payload, len, gpg, &claim, &more);
	if (wrong->len == 0)
		str_add(wrong, str_text(&more));
	if (len <= SIGNED_MAX_PAYLOAD)
		b64_encode(&base64, payload, len);
	sha_of(payload, len, hex);
	rc = sink_signature(from->sink, &(struct signature){
	    .kind = gpg ? "gpg" : "cosign", .image = from->image,
	    .claim = claim.digest[0] != '\0' ? claim.digest : NULL,
	    .reference = claim.reference[0] != '\0' ? claim.reference : NULL,
	    .payload = base64.s, .digest = hex, .signature = signature,
	    .certificate = from->certificate, .chain = from->chain,
	    .state = wrong->len > 0 ? wrong->s : "ok",
	    .locator = from->locator }, err);
	sink_count(from->sink, COUNT_READ, 1);
	str_free(&base64);
	str_free(&more);
	return rc;
}

int signed_simple(const struct signed_from *from, const char *payload,
    size_t len, const char *signature, struct err *err)
{
	struct str wrong = STR_INIT;
	unsigned char *bytes;
	size_t n = 0;
	int rc;

	bytes = signature != NULL ? b64_decode(signature, strlen(signature),
	    &n) : NULL;
	if (from->wrong != NULL)
		str_add(&wrong, from->wrong);
	else if (signature == NULL)
		str_add(&wrong, "it has a payload, but no signature");
	else if (bytes == NULL)
		str_add(&wrong, "its signature is no base64");
	else if (n == 0)
		str_add(&wrong, "its signature is empty");
	rc = send_simple(from, false, payload, len, signature, &wrong, err);
	free(bytes);
	str_free(&wrong);
	return rc;
}

static int send_gpg(const struct signed_from *from, const char *message,
    size_t len, struct err *err)
{
	struct str payload = STR_INIT, base64 = STR_INIT, wrong = STR_INIT;
	struct err bad = ERR_INIT;
	int rc;

	if (from->wrong != NULL)
		str_add(&wrong, from->wrong);
	if (sign_gpg_open(message, len, &payload, &bad) < 0) {
		str_clear(&wrong);
		str_add(&wrong, bad.text);
	}
	b64_encode(&base64, message, len);
	rc = send_simple(from, true, str_text(&payload), payload.len,
	    str_text(&base64), &wrong, err);
	str_free(&payload);
	str_free(&base64);
	str_free(&wrong);
	return rc;
}

/* {"mimeType", "payload": BASE64, "annotations"}: a layer of a signature. */
static int send_layer(const struct signed_from *from,
    const struct node *root, struct err *err)
{
	const char *payload = node_text(node_get(root, "payload"));
	const char *media = node_text(node_get(root, "mimeType"));
	const struct node *notes = node_get(root, "annotations");
	struct signed_from own = *from;
	unsigned char *bytes;
	size_t len;
	int rc;

	if (!str_eq(media, "application/vnd.dev.cosign.simplesigning.v1+json"
	    )) {
		sink_count(from->sink, COUNT_READ, 1);
		sink_count(from->sink, COUNT_UNPLACED, 1);
		return sink_warn(from->sink, from->locator, err, "no "
		    "signature, but something of type \"%s\"",
		    media != NULL ? media : "");
	}
	if (payload == NULL || (bytes = b64_decode(payload, strlen(payload),
	    &len)) == NULL)
		return err_set(err, ERR_INPUT, "the signature's payload is "
		    "no base64");
	own.certificate = node_text(node_get(notes,
	    "dev.sigstore.cosign/certificate"));
	own.chain = node_text(node_get(notes, "dev.sigstore.cosign/chain"));
	rc = signed_simple(&own, (const char *)bytes, len,
	    node_text(node_get(notes, "dev.cosignproject.cosign/signature")),
	    err);
	free(bytes);
	return rc;
}

/* Where the body of an OpenPGP packet begins (RFC 4880, 4.2). */
static size_t body_at(const unsigned char *p)
{
	static const size_t old[] = { 2, 3, 5, 1 };

	if ((p[0] & 0x40) == 0)
		return old[p[0] & 3];
	return p[1] == 255 ? 6 : p[1] >= 192 && p[1] < 224 ? 3 : 2;
}

/* An OpenPGP packet that such a message starts with: compressed, one-pass
 * signature, or signature.  Each begins with a version or an algorithm, which
 * PNG, lzop and others whose first byte would do have not there. */
static bool packet(const unsigned char *p)
{
	unsigned tag = (p[0] & 0x40) != 0 ? p[0] & 0x3f : (p[0] >> 2) & 0xf;
	unsigned char first = p[body_at(p)];

	if ((p[0] & 0x80) == 0)
		return false;
	return tag == 8 ? first <= 3 : tag == 4 ? first == 3 || first == 6 :
	    tag == 2 && first >= 3 && first <= 6;
}

bool signed_is_file(const unsigned char *head, size_t len)
{
	return (len >= FILE_MAGIC_LEN &&
	    memcmp(head, FILE_MAGIC, FILE_MAGIC_LEN) == 0) ||
	    (len > 16 && packet(head));
}

int signed_file(const struct signed_from *from, const char *bytes,
    size_t len, struct err *err)
{
	struct tree *t;
	int rc;

	if (len == 0 || bytes[0] != '\0')
		return send_gpg(from, bytes, len, err);
	if (len < FILE_MAGIC_LEN || memcmp(bytes, FILE_MAGIC,
	    FILE_MAGIC_LEN) != 0)
		return err_set(err, ERR_INPUT, "a signature of an unknown "
		    "form; OpenPGP or \"sigstore-json\" were expected");
	if ((t = tree_json(bytes + FILE_MAGIC_LEN, len - FILE_MAGIC_LEN,
	    "signature", err)) == NULL)
		return -1;
	rc = send_layer(from, tree_root(t), err);
	tree_free(t);
	return rc;
}
