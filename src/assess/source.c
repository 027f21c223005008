/*
 * source.c - where an image comes from: signatures, approval, age.
 *
 * The evidence that would let most of these pass (signatures, inventories,
 * lists of approved bases, builder configuration) is not read yet; what the image's own bytes and its workloads prove against
 * it counts already, and each verdict names what is missing.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/ref.h"
#include "source.h"

/* ------------------------------------ 2.14, 2.17: the base image */

/* The line of approved_sources ("trusted PREFIX NAME") a repository is under:
 * its grade and name; false when there is none. */
static bool approved_source(const char *list, const char *repo,
    bool *trusted, struct str *name)
{
	for (const char *p = list; *p != '\0'; ) {
		size_t len = strcspn(p, "\n"), grade, prefix;
		const char *from;

		p += strspn(p, " \t");
		grade = strcspn(p, " \n");
		from = p + grade + strspn(p + grade, " ");
		prefix = strcspn(from, " \n");
		len = strcspn(p, "\n");
		if (prefix > 0 && from + prefix <= p + len &&
		    strncmp(repo, from, prefix) == 0) {
			const char *rest = from + prefix;

			rest += strspn(rest, " ");
			*trusted = grade == 7 && memcmp(p, "trusted", 7) == 0;
			str_addn(name, rest, (size_t)(p + len - rest));
			return true;
		}
		p += len;
		p += *p == '\n';
	}
	return false;
}

static int judge_source(struct assess *as, const struct source_base *base,
    struct err *err)
{
	const struct cite cite = { base->artifact, str_text(&base->locator) };
	const char *said = base->name.len > 0 ? base->name.s :
	    str_text(&base->layers);
	struct str name = STR_INIT;
	bool trusted = false;
	struct ref ref;
	int rc;

	if (!ref_parse(said, &ref))
		return assess_say(as, ROLE_MISSING, cite, err, "\"%s\" is no "
		    "image reference: it does not tell the base's registry",
		    said);
	if (!approved_source(assess_value(as, "approved_sources"), ref.repo,
	    &trusted, &name))
		rc = assess_say(as, ROLE_FAIL, base->name.len > 0 ? cite :
		    NO_CITE, err, "the base %s comes from %s, which is on no "
		    "list of the guide's appendix A", said, ref.repo);
	else if (trusted)
		rc = assess_say(as, ROLE_MISSING, cite, err, "the base is "
		    "said to come from %s, which is trusted; a label alone "
		    "is no proof: a digest that an inventory of that registry "
		    "holds, or a valid signature, would decide this",
		    str_text(&name));
	else
		rc = assess_say(as, ROLE_MISSING, cite, err, "the base is "
		    "said to come from %s, which is approved but untrusted: "
		    "a valid signature would decide this", str_text(&name));
	str_free(&name);
	return rc;
}

int source_trusted(struct assess *as, struct err *err)
{
	struct look_self self;
	struct source_base base;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) < 0)
		goto out;
	rc = source_base_known(&base) ? judge_source(as, &base, err) :
	    assess_say(as, ROLE_MISSING, NO_CITE, err, "nothing says which "
	    "image this one is built on, so its source is not known; a base "
	    "label, a Dockerfile or a hardening manifest would name it");
out:
	source_base_free(&base);
	look_self_free(&self);
	return rc;
}
