/*
 * lang_go.c - the modules a Go program was built from.
 *
 * Since Go 1.18 they stand in the program as they are: 32 bytes that begin
 * with a magic and have bit 1 of byte 15 set, then two strings, each with its
 * length before it in sevens of bits: the version of Go, and lines of
 * "mod/dep/=> TAB path TAB version TAB hash" between two marks of 16 bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "lang.h"
#include "muster/mem.h"
#include "muster/str.h"

#define HEAD	32
#define FLAGS	15
#define MARK	16

/* A string with its length before it; false: it is not all there. */
static bool counted(const char **p, const char *end, const char **text,
    size_t *len)
{
	uint64_t n = 0;
	unsigned shift = 0;

	for (;; shift += 7) {
		unsigned char c;

		if (*p == end || shift > 28)
			return false;
		c = (unsigned char)*(*p)++;
		n |= (uint64_t)(c & 0x7f) << shift;
		if ((c & 0x80) == 0)
			break;
	}
	if (n > (uint64_t)(end - *p))
		return false;
	*text = *p;
	*len = (size_t)n;
	*p += n;
	return true;
}

/* "dep\tPATH\tVERSION\tHASH": what stands between the tabs. */
static void module(char *line, struct str *out)
{
	char *path = strchr(line, '\t'), *version, *end;

	if (path == NULL)
		return;
	*path++ = '\0';
	if ((version = strchr(path, '\t')) != NULL) {
		*version++ = '\0';
		if ((end = strchr(version, '\t')) != NULL)
			*end = '\0';
	}
	lang_found(out, "go-module", path, version);
}

/* A module that "=>" replaces by another is not in the program; one that is
 * replaced by a directory keeps its name. */
static void modules(char *text, struct str *out)
{
	char *dep = NULL, *next;

	for (char *line = text; line != NULL; line = next) {
		bool instead = str_starts(line, "=>\t") && line[3] != '.' &&
		    line[3] != '/';

		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		if (dep != NULL && !instead)
			module(dep, out);
		dep = NULL;
		if (instead)
			module(line, out);
		else if (str_starts(line, "dep\t") ||
		    str_starts(line, "mod\t"))
			dep = line;
	}
	if (dep != NULL)
		module(dep, out);
}

bool lang_go(const char *bytes, size_t len, struct str *out)
{
	const char *p = bytes + HEAD, *end = bytes + len, *go, *mods;
	size_t go_len, mods_len;
	char *text;

	if (len < HEAD || (bytes[FLAGS] & 2) == 0 ||
	    !counted(&p, end, &go, &go_len) ||
	    !counted(&p, end, &mods, &mods_len) || go_len > 128 ||
	    go_len < 3 || strncmp(go, "go", 2) != 0)
		return false;
	text = mem_dupn(go + 2, go_len - 2);
	text[strcspn(text, " ")] = '\0';	/* what follows is how built */
	lang_found(out, "go-module", "stdlib", text);
	free(text);
	if (mods_len > 2 * MARK) {
		text = mem_dupn(mods + MARK, mods_len - 2 * MARK);
		modules(text, out);
		free(text);
	}
	return true;
}
