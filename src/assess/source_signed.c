/*
 * source_signed.c - 2.10: is the base image signed, and by whom?
 */
#include "muster/err.h"
#include "source.h"

int source_signed(struct assess *as, struct err *err)
{
	struct look_self self;
	struct source_base base;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) == 0)
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err, "%s",
		    source_base_known(&base) ?
		    "no signature over the base's manifest digest by a "
		    "trusted key is in evidence; the base's signatures in an "
		    "OCI layout and the signer's public key would decide this"
		    : "nothing says which image this one is built on; a base "
		    "label, a Dockerfile, a hardening manifest or the base's "
		    "own archive would, and then its signature decides");
	source_base_free(&base);
	look_self_free(&self);
	return rc;
}
