/* image_about.c - the libraries of src/image; see about.h. */
#include <stddef.h>
#ifdef HAVE_HS
#include <hs.h>
#endif

#include "muster/about.h"

void image_about(about_fn *say, void *ctx)
{
#ifdef HAVE_HS
	say(ctx, "hyperscan", hs_version(), NULL);
#else
	say(ctx, "hyperscan", NULL, "credentials are found by a table, more "
	    "slowly");
#endif
}
