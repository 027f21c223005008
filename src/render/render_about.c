/* render_about.c - the libraries of src/render; see about.h. */
#include <libexslt/exslt.h>
#include <libxslt/xslt.h>
#include <stdio.h>
#include <xlsxwriter.h>

#include "muster/about.h"

static const char *dotted(char text[32], int version)
{
	snprintf(text, 32, "%d.%d.%d", version / 10000, version / 100 % 100,
	    version % 100);
	return text;
}

void render_about(about_fn *say, void *ctx)
{
	char text[32];

	say(ctx, "libxslt", dotted(text, xsltLibxsltVersion), NULL);
	say(ctx, "libexslt", dotted(text, exsltLibexsltVersion), NULL);
	say(ctx, "libxlsxwriter", lxw_version(), NULL);
}
