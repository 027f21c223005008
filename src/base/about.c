/* about.c - the libraries of src/base; see about.h. */
#include <openssl/crypto.h>
#include <stdio.h>
#ifdef HAVE_RNP
#include <rnp/rnp.h>
#endif
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#include "muster/about.h"

void base_about(about_fn *say, void *ctx)
{
	say(ctx, "libcrypto", OpenSSL_version(OPENSSL_VERSION_STRING), NULL);
#ifdef HAVE_RNP
	say(ctx, "librnp", rnp_version_string(), NULL);
#else
	say(ctx, "librnp", NULL, "OpenPGP signatures are not read");
#endif
#ifdef HAVE_SECCOMP
	const struct scmp_version *v = seccomp_version();
	char text[40] = "";

	if (v != NULL)
		snprintf(text, sizeof(text), "%u.%u.%u", v->major, v->minor,
		    v->micro);
	say(ctx, "libseccomp", text, NULL);
#else
	say(ctx, "libseccomp", NULL, "system calls are not filtered");
#endif
}
