/*
 * sign_gpg.c - OpenPGP, through librnp: in this process, without a keyring
 * or an agent; see sign.h.  Without the library it says so.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/jail.h"
#include "muster/sign.h"
#include "muster/str.h"

#ifdef HAVE_RNP
#include <unistd.h>

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#define MAX_PAYLOAD	(1 << 20)	/* unpacked: it may be compressed */

bool sign_gpg_here(void)
{
	return true;
}

/* The library tells standard error of every key it has not got, whatever it
 * is asked: put that aside for a while. */
static int hush(void)
{
	int kept = dup(STDERR_FILENO), none = jail_null();

	if (kept >= 0 && none >= 0)
		dup2(none, STDERR_FILENO);
	return kept;
}

static void speak(int kept)
{
	if (kept < 0)
		return;
	dup2(kept, STDERR_FILENO);
	close(kept);
}

static rnp_ffi_t start(int *kept)
{
	rnp_ffi_t ffi = NULL;

	*kept = hush();
	return rnp_ffi_create(&ffi, "GPG", "GPG") == RNP_SUCCESS ? ffi : NULL;
}

static void stop(rnp_ffi_t ffi, int kept)
{
	rnp_ffi_destroy(ffi);
	speak(kept);
}

/* The first start opens the system's source of randomness, for good. */
void sign_gpg_prepare(void)
{
	static bool done;
	rnp_ffi_t ffi;
	int kept;

	if (done)
		return;
	ffi = start(&kept);
	stop(ffi, kept);
	done = true;
}

static rnp_result_t load(rnp_ffi_t ffi, const void *bytes, size_t len)
{
	rnp_input_t in = NULL;
	rnp_result_t rc = rnp_input_from_memory(&in, bytes, len, false);

	if (rc == RNP_SUCCESS)
		rc = rnp_import_keys(ffi, in, RNP_LOAD_SAVE_PUBLIC_KEYS,
		    NULL);
	rnp_input_destroy(in);
	return rc;
}

/* The fingerprint and armour of the first primary key that was loaded. */
static bool first_key(rnp_ffi_t ffi, struct str *armour, struct str *id,
    struct str *name)
{
	rnp_identifier_iterator_t it = NULL;
	const char *fp = NULL;
	rnp_key_handle_t key = NULL;
	rnp_output_t out = NULL;
	bool primary = false;
	uint8_t *p;
	size_t len;
	char *uid = NULL;

	if (rnp_identifier_iterator_create(ffi, &it, "fingerprint") !=
	    RNP_SUCCESS)
		return false;
	while (!primary && rnp_identifier_iterator_next(it, &fp) ==
	    RNP_SUCCESS && fp != NULL) {
		rnp_key_handle_destroy(key);
		key = NULL;
		if (rnp_locate_key(ffi, "fingerprint", fp, &key) !=
		    RNP_SUCCESS || key == NULL ||
		    rnp_key_is_primary(key, &primary) != RNP_SUCCESS)
			break;
	}
	if (primary && rnp_output_to_memory(&out, SIGN_MAX_KEY * 2) ==
	    RNP_SUCCESS && rnp_key_export(key, out, RNP_KEY_EXPORT_PUBLIC |
	    RNP_KEY_EXPORT_SUBKEYS | RNP_KEY_EXPORT_ARMORED) == RNP_SUCCESS &&
	    rnp_output_memory_get_buf(out, &p, &len, false) == RNP_SUCCESS) {
		str_utf8(armour, p, len);
		for (; *fp != '\0'; fp++)
			str_addc(id, *fp >= 'A' && *fp <= 'F' ?
			    (char)(*fp - 'A' + 'a') : *fp);
		str_add(name, "OpenPGP");
		if (rnp_key_get_primary_uid(key, &uid) == RNP_SUCCESS) {
			str_addc(name, ' ');
			str_utf8(name, uid, strlen(uid));
			rnp_buffer_destroy(uid);
		}
	}
	rnp_output_destroy(out);
	rnp_key_handle_destroy(key);
	rnp_identifier_iterator_destroy(it);
	return armour->len > 0;
}

int sign_gpg_key(const void *bytes, size_t len, struct str *armour,
    struct str *id, struct str *name, struct err *err)
{
	int kept, rc = -1;
	rnp_ffi_t ffi = start(&kept);

	if (ffi != NULL && load(ffi, bytes, len) == RNP_SUCCESS &&
	    first_key(ffi, armour, id, name))
		rc = 0;
	else
		err_set(err, ERR_INPUT, "no OpenPGP public key that can be "
		    "read; expected what \"gpg --export\" writes");
	stop(ffi, kept);
	return rc;
}

/* Is one signature of the message good by the keys that are loaded? */
static bool good(rnp_op_verify_t op)
{
	rnp_op_verify_signature_t sig;
	size_t n = 0;

	if (rnp_op_verify_get_signature_count(op, &n) != RNP_SUCCESS)
		return false;
	for (size_t i = 0; i < n; i++)
		if (rnp_op_verify_get_signature_at(op, i, &sig) ==
		    RNP_SUCCESS &&
		    rnp_op_verify_signature_get_status(sig) == RNP_SUCCESS)
			return true;
	return false;
}

static int run(rnp_ffi_t ffi, const void *message, size_t len, bool *valid,
    struct str *payload, struct err *err)
{
	rnp_input_t in = NULL;
	rnp_output_t out = NULL;
	rnp_op_verify_t op = NULL;
	uint8_t *p;
	size_t n = 0, sigs = 0;
	int rc = -1;

	if (rnp_input_from_memory(&in, message, len, false) != RNP_SUCCESS ||
	    rnp_output_to_memory(&out, MAX_PAYLOAD) != RNP_SUCCESS ||
	    rnp_op_verify_create(&op, ffi, in, out) != RNP_SUCCESS ||
	    /* an unknown key is a failure here, too: the count tells */
	    (rnp_op_verify_execute(op) != RNP_SUCCESS &&
	    rnp_op_verify_get_signature_count(op, &sigs) != RNP_SUCCESS) ||
	    rnp_op_verify_get_signature_count(op, &sigs) != RNP_SUCCESS ||
	    sigs == 0 ||
	    rnp_output_memory_get_buf(out, &p, &n, false) != RNP_SUCCESS) {
		err_set(err, ERR_INPUT, "no OpenPGP message that holds what "
		    "it signs (or one of more than %d bytes)", MAX_PAYLOAD);
	} else {
		*valid = good(op);
		if (n > 0)
			str_addn(payload, p, n);
		rc = 0;
	}
	rnp_op_verify_destroy(op);
	rnp_output_destroy(out);
	rnp_input_destroy(in);
	return rc;
}

int sign_gpg_open(const void *message, size_t len, struct str *payload,
    struct err *err)
{
	bool valid;
	int kept, rc;
	rnp_ffi_t ffi = start(&kept);

	rc = ffi == NULL ? err_set(err, ERR_SYSTEM, "librnp does not start") :
	    run(ffi, message, len, &valid, payload, err);
	stop(ffi, kept);
	return rc;
}

int sign_gpg_verify(const struct sign_key *k, const void *message,
    size_t len, int64_t at, struct str *payload, struct err *err)
{
	const char *text = sign_key_text(k);
	bool valid = false;
	int kept, rc;
	rnp_ffi_t ffi = start(&kept);

	if (ffi != NULL && at >= 0)
		rnp_set_timestamp(ffi, (uint64_t)at);
	if (ffi == NULL)
		rc = err_set(err, ERR_SYSTEM, "librnp does not start");
	else if (load(ffi, text, strlen(text)) != RNP_SUCCESS)
		rc = err_set(err, ERR_INPUT, "the trusted OpenPGP key cannot "
		    "be read");
	else
		rc = run(ffi, message, len, &valid, payload, err);
	if (rc == 0 && !valid)
		rc = err_set(err, ERR_VERIFY, "not signed by %s",
		    sign_key_name(k));
	stop(ffi, kept);
	return rc;
}

#else

bool sign_gpg_here(void)
{
	return false;
}

void sign_gpg_prepare(void)
{
}

static int missing(struct err *err)
{
	return err_set(err, ERR_INPUT, "this is OpenPGP, which this muster "
	    "cannot read: it was built without librnp; cosign signatures "
	    "need nothing else");
}

int sign_gpg_key(const void *bytes, size_t len, struct str *armour,
    struct str *id, struct str *name, struct err *err)
{
	(void)bytes;
	(void)len;
	(void)armour;
	(void)id;
	(void)name;
	return missing(err);
}

int sign_gpg_open(const void *message, size_t len, struct str *payload,
    struct err *err)
{
	(void)message;
	(void)len;
	(void)payload;
	return missing(err);
}

int sign_gpg_verify(const struct sign_key *k, const void *message,
    size_t len, int64_t at, struct str *payload, struct err *err)
{
	(void)k;
	(void)message;
	(void)len;
	(void)at;
	(void)payload;
	return missing(err);
}
#endif
