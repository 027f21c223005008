/*
 * charset.c - the converters of character sets that documents may name,
 * loaded before they are needed; see charset.h.
 *
 * The C library loads them from files of the system, one each, which a
 * confined reader cannot open.  They stay loaded while one is open.
 */
#include <iconv.h>
#include <stddef.h>
#include <stdio.h>

#include "muster/charset.h"

#define PARTS	16		/* ISO-8859-2 and on: the first is built in */
#define PAGES	9		/* CP1250 to CP1258 */

int charset_prepare(void)
{
	static iconv_t all[1 + PARTS + PAGES];	/* never closed */
	static size_t n;
	char name[32];
	int there = 0;

	if (n == 0) {
		all[n++] = iconv_open("UTF-8", "UTF-16");
		for (int part = 2; part <= PARTS; part++) {
			snprintf(name, sizeof(name), "ISO-8859-%d", part);
			all[n++] = iconv_open("UTF-8", name);
		}
		for (int page = 0; page < PAGES; page++) {
			snprintf(name, sizeof(name), "CP125%d", page);
			all[n++] = iconv_open("UTF-8", name);
		}
	}
	/* one that a system lacks is told of when a document names it */
	for (size_t i = 0; i < n; i++)
		there += all[i] != (iconv_t)-1;
	return there;
}
