/*
 * credentials.c - 2.18: credentials in the files of an image's layers.
 *
 * The image reader searched every file of every layer and kept kind, grade,
 * place and a masked preview; a file that a later layer deletes or replaces
 * is as good a place as any, because whoever has the image has its layers.
 */
#include <string.h>

#include "look.h"
#include "muster/err.h"

static int grade_of(const char *word)
{
	static const char *const grades[] = {
		"name", "token", "checked", "key"
	};

	for (int i = 0; i < 4; i++)
		if (str_starts(word, grades[i]))
			return i + 1;
	return 0;
}

/* "layer:sha256:HEX:/etc/x@12" in its parts. */
struct place {
	struct str	 diff_id, path;
	const char	*offset;
};

static bool place_of(const char *locator, struct place *p)
{
	const char *id = locator + 6, *colon, *path, *at;

	if (!str_starts(locator, "layer:") ||
	    (colon = strchr(id, ':')) == NULL ||
	    (path = strchr(colon + 1, ':')) == NULL ||
	    (at = strrchr(path, '@')) == NULL)
		return false;
	str_addn(&p->diff_id, id, (size_t)(path - id));
	str_addn(&p->path, path + 1, (size_t)(at - path) - 1);
	p->offset = at + 1;
	return true;
}

/* The layer, and what became of the file in later ones. */
static int fate(struct assess *as, int64_t target, const struct place *p,
    struct str *out, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_WHERE_NOW, BIND(V(target),
	    V(str_text(&p->path)), V(str_text(&p->diff_id))));
	if ((rc = query_next(&q, err)) > 0) {
		str_addf(out, "layer %lld", (long long)query_int(&q, 1));
		if (query_null(&q, 0) == NULL)
			str_add(out, "; a later layer deletes the file: it "
			    "is not in the final file system, but in the "
			    "image");
		else if (!str_eq(query_text(&q, 2), str_text(&p->diff_id)))
			str_addf(out, "; layer %lld replaces the file: the "
			    "final file system has another, but this is in "
			    "the image", (long long)query_int(&q, 0));
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int say_one(struct assess *as, int64_t target, enum role role,
    const struct query *q, struct err *err)
{
	const char *value = query_text(q, 1), *blank = strchr(value, ' ');
	struct place p = { STR_INIT, STR_INIT, "" };
	struct str where = STR_INIT;
	int rc = 0;

	if (place_of(query_text(q, 2), &p))
		rc = fate(as, target, &p, &where, err);
	if (rc == 0)
		rc = assess_say(as, role, (struct cite){ query_int(q, 3),
		    query_null(q, 2) }, err, "%.300s holds a credential: %s "
		    "%s (grade %.*s) at byte %s, %s", p.path.len > 0 ?
		    p.path.s : query_text(q, 2), query_text(q, 0),
		    blank != NULL ? blank + 1 : "", blank != NULL ?
		    (int)(blank - value) : 0, value, p.offset,
		    str_text(&where));
	str_free(&p.diff_id);
	str_free(&p.path);
	str_free(&where);
	return rc;
}

/* Those that fail first, so that a long list of lower ones hides none. */
static int embedded(struct assess *as, int64_t target, bool failing,
    struct err *err)
{
	int least = grade_of(assess_value(as, "min_secret_grade"));
	enum role role = failing ? ROLE_FAIL : ROLE_NOTE;
	struct query q;
	size_t n = 0;
	int rc;

	query_open(&q, as->store, SQL_IMG_SECRETS,
	    BIND(V(as->subject), V(true)));
	while ((rc = query_next(&q, err)) > 0) {
		if ((grade_of(query_text(&q, 1)) >= least) != failing ||
		    !look_tell(&n))
			continue;
		if ((rc = say_one(as, target, role, &q, err)) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, role, n, "credentials", err);
}

static int scanned(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	query_open(&q, as->store, SQL_IMG_SCANNED_SECRETS,
	    BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_FAIL,
		    (struct cite){ query_int(&q, 3), query_null(&q, 2) }, err,
		    "a scanner reports a credential: %.160s (%s)",
		    query_text(&q, 1)[0] != '\0' ? query_text(&q, 1) :
		    query_text(&q, 0), query_text(&q, 4))) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "credentials", err);
}

/* Nothing found: does that cover the whole question? */
static int none_found(struct assess *as, const struct look_self *self,
    struct err *err)
{
	struct query q;
	bool all = false;
	int rc;

	look_facts(&q, as, "content.sifted");
	while ((rc = query_next(&q, err)) > 0)
		all |= str_eq(query_text(&q, FACT_VALUE), "true");
	query_close(&q);
	if (rc < 0)
		return -1;
	if (all)
		return assess_say(as, ROLE_PASS, look_self_cite(self), err,
		    "no credential of grade %s or better in any file of any "
		    "layer, with those that later layers delete; what is "
		    "packed inside archives or compressed files was not "
		    "unpacked", assess_value(as, "min_secret_grade"));
	return assess_say(as, ROLE_MISSING, look_self_cite(self), err,
	    "the contents of the layers' files were not all searched for "
	    "credentials, and none was found in the rest: importing the "
	    "image again, or the result of a secret scanner over every "
	    "layer, would decide this");
}

int credentials_embedded(struct assess *as, struct err *err)
{
	struct look_self self;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (embedded(as, self.target, true, err) < 0 ||
	    scanned(as, err) < 0 || embedded(as, self.target, false, err) < 0)
		goto out;
	if ((rc = look_content(as, &self, err)) <= 0 ||
	    assess_said(as, ROLE_FAIL))
		goto out;
	rc = none_found(as, &self, err);
out:
	look_self_free(&self);
	return rc < 0 ? -1 : 0;
}
