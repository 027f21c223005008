/* apk.c - Alpine's database: stanzas of one-letter fields. */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"

enum { NAME, VERSION, ARCH, ORIGIN, SIZE, FIELDS };

static void clear(char *s[FIELDS])
{
	for (int i = 0; i < FIELDS; i++) {
		free(s[i]);
		s[i] = NULL;
	}
}

static int put(struct emit *e, const struct seen *f, char *s[FIELDS],
    struct err *err)
{
	struct package p = { .type = "apk", .name = s[NAME],
	    .version = s[VERSION], .arch = s[ARCH], .source = s[ORIGIN] };
	struct str at = STR_INIT, purl = STR_INIT;
	int rc;

	if (str_empty(s[NAME]))
		return 0;
	str_int(s[SIZE], 0, INT64_MAX, &p.size);
	emit_locator(e, f->layer, f->path, &at);
	purl_make(e, &p, NULL, &purl);
	p.locator = str_text(&at);
	p.purl = str_text(&purl);
	rc = emit_package(e, &p, err);
	str_free(&at);
	str_free(&purl);
	return rc;
}

int apk_read(struct emit *e, const struct seen *f, struct err *err)
{
	static const char letters[] = "PVAoI";
	struct str buf = STR_INIT;
	struct lines l = { f->body, f->body + f->len, 0, &buf };
	char *s[FIELDS] = { NULL };
	const char *line, *which;
	int rc = emit_file_fact(e, "package.db", "apk", f->path, f->layer,
	    f->path, err);

	while (rc == 0 && lines_next(&l, &line)) {
		if (*line == '\0') {
			rc = put(e, f, s, err);
			clear(s);
		} else if (line[1] == ':' &&
		    (which = strchr(letters, line[0])) != NULL) {
			free(s[which - letters]);
			s[which - letters] = mem_dup(line + 2);
		}
	}
	if (rc == 0)
		rc = put(e, f, s, err);
	clear(s);
	str_free(&buf);
	return rc;
}
