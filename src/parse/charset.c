/*
 * charset.c - the converters of character sets that documents may name,
 * loaded before they are needed; see charset.h.
 *
 * The C library loads them from files of the system, one each, which a
 * confined reader cannot open.  They stay loaded while one is open.
 */
#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "muster/charset.h"

static void load(const char *name)
{
	/* a system that lacks one says so when a document names it */
	iconv_t kept = iconv_open("UTF-8", name);

	(void)kept;
}

void charset_prepare(void)
{
	static bool done;
	char name[32];

	if (done)
		return;
	done = true;
	load("UTF-16");
	/* ISO-8859-12 was never made */
	for (int part = 2; part <= 16; part++) {
		snprintf(name, sizeof(name), "ISO-8859-%d", part);
		if (part != 12)
			load(name);
	}
	for (int page = 1250; page <= 1258; page++) {
		snprintf(name, sizeof(name), "CP%d", page);
		load(name);
	}
}
