/*
 * proof_book.c - reading a spreadsheet back, before it gets its name: is every
 * part well-formed, and does each sheet hold the cells that were written?
 *
 * Sheets may be long: their parts are unpacked piece by piece.
 */
#include <fcntl.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/str.h"
#include "muster/zip.h"
#include "proof_book.h"

struct seen {
	int64_t		 cells, formulas, others;
};

static void element(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *ns, int nns, const xmlChar **nss, int nattrs, int ndefault,
    const xmlChar **attrs)
{
	struct seen *s = ctx;

	(void)prefix, (void)ns, (void)nns, (void)nss, (void)ndefault;
	if (strcmp((const char *)name, "f") == 0)
		s->formulas++;
	if (strcmp((const char *)name, "c") != 0)
		return;
	/* A cell that has a type has a value; text is the only type. */
	for (int i = 0; i < nattrs; i++)
		if (strcmp((const char *)attrs[i * 5], "t") == 0) {
			size_t n = (size_t)(attrs[i * 5 + 4] -
			    attrs[i * 5 + 3]);
			const char *v = (const char *)attrs[i * 5 + 3];

			if (n == 9 && memcmp(v, "inlineStr", 9) == 0)
				s->cells++;
			else
				s->others++;
		}
}

static int part(struct zip *z, struct seen *s, struct err *err)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
	    .startElementNs = element };
	xmlParserCtxt *x = xmlCreatePushParserCtxt(&sax, s, NULL, 0, NULL);
	const char *p;
	size_t len;
	int rc, bad = 0;

	if (x == NULL)
		return err_set(err, ERR_SYSTEM, "libxml2 does not start");
	xmlCtxtUseOptions(x, XML_PARSE_NONET);
	while ((rc = zip_piece(z, &p, &len, err)) > 0 && bad == 0)
		bad = xmlParseChunk(x, p, (int)len, 0);
	if (rc == 0 && bad == 0)
		bad = xmlParseChunk(x, NULL, 0, 1);
	if (rc >= 0 && (bad != 0 || !x->wellFormed))
		rc = err_set(err, ERR_BUG, "a part of it is not well-formed");
	if (x->myDoc != NULL)
		xmlFreeDoc(x->myDoc);
	xmlFreeParserCtxt(x);
	return rc < 0 ? -1 : 0;
}

#define SHEET "xl/worksheets/sheet"

static int parts(struct zip *z, const int64_t *cells, int sheets,
    struct err *err)
{
	int there = 0, rc;
	const char *name;

	while ((rc = zip_next(z, &name, err)) > 0) {
		struct seen s = { 0, 0, 0 };
		int64_t n = 0;
		bool sheet = str_starts(name, SHEET);
		char digits[8] = "";

		if (sheet) {
			snprintf(digits, sizeof(digits), "%.*s",
			    (int)strspn(name + strlen(SHEET), "0123456789"),
			    name + strlen(SHEET));
			if (!str_int(digits, 1, sheets, &n))
				return err_set(err, ERR_BUG, "it has a sheet "
				    "too many");
		}
		if (part(z, &s, err) < 0)
			return -1;
		if (!sheet)
			continue;
		there++;
		if (s.cells != cells[n - 1] || s.formulas + s.others != 0)
			return err_set(err, ERR_BUG, "its sheet %lld has %lld "
			    "cells of text and %lld others, not %lld",
			    (long long)n, (long long)s.cells,
			    (long long)(s.formulas + s.others),
			    (long long)cells[n - 1]);
	}
	if (rc == 0 && there != sheets)
		rc = err_set(err, ERR_BUG, "it has %d sheets, not %d", there,
		    sheets);
	return rc;
}

int proof_book(int fd, const int64_t *cells, int sheets, struct err *err)
{
	char path[64];
	struct zip *z = NULL;
	struct stat sb;
	void *p = MAP_FAILED;
	int in, rc = -1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if ((in = open(path, O_RDONLY | O_CLOEXEC)) < 0 ||
	    fstat(in, &sb) < 0 || sb.st_size == 0 ||
	    (p = mmap(NULL, (size_t)sb.st_size, PROT_READ, MAP_PRIVATE, in,
	    0)) == MAP_FAILED)
		err_sys(err, "cannot read the spreadsheet back");
	else if ((z = zip_open(p, (size_t)sb.st_size, err)) != NULL)
		rc = parts(z, cells, sheets, err);
	zip_close(z);
	if (p != MAP_FAILED)
		munmap(p, (size_t)sb.st_size);
	if (in >= 0)
		close(in);
	return rc;
}
