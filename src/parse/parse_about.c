/* parse_about.c - the libraries of src/parse; see about.h. */
#include <archive.h>
#ifdef HAVE_ISAL
#include <isa-l.h>
#endif
#include <libxml/xmlversion.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

#include "muster/about.h"

void parse_about(about_fn *say, void *ctx)
{
	say(ctx, "libxml2", xmlParserVersion, NULL);
	say(ctx, "libyaml", yaml_get_version_string(), NULL);
	say(ctx, "libarchive", archive_version_string(), NULL);
	say(ctx, "zlib", zlibVersion(), NULL);
	say(ctx, "libzstd", ZSTD_versionString(), NULL);
#ifdef HAVE_ISAL
	char isal[32];

	snprintf(isal, sizeof(isal), "%d.%d.%d", ISAL_MAJOR_VERSION,
	    ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
	say(ctx, "isa-l", isal, NULL);
#else
	say(ctx, "isa-l", NULL, "gzip is unpacked by zlib, more slowly");
#endif
}
