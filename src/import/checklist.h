/*
 * checklist.h - what CKL and CKLB files say, whichever they are: about which
 * asset, and each cell of each STIG in it.
 *
 * A checklist of the container guide itself (muster exports them) holds what
 * an editor proposes: each cell is a statement.  A checklist of any other STIG
 * is somebody's result: findings, one target a STIG, for 2.16.
 */
#ifndef CHECKLIST_H
#define CHECKLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "muster/str.h"

struct err;
struct sink;

struct checklist_asset {
	const char	*host;		/* HOST_NAME */
	const char	*comment;	/* TARGET_COMMENT: muster says there what
					 * it is about, "image sha256:..." */
	const char	*ip, *mac;	/* of a machine */
};

struct checklist_stig {
	const char	*id, *title, *version, *release, *locator;
};

/* A rule as an assessor left it; anything may be NULL. */
struct checklist_cell {
	const char	*rule;		/* its id; of several the longest */
	const char	*version;	/* the STIG's own id of it */
	const char	*title, *severity;
	const char	*ccis;		/* one a line */
	const char	*status, *details, *comments;
	const char	*override, *reason;	/* of the severity */
	const char	*at;		/* when it was changed */
	const char	*locator;
};

struct checklist {
	struct sink	*sink;
	int64_t		 target;	/* of the STIG being read */
	bool		 ours;
	struct str	 text;
};

/* A STIG begins: its target, and what is known of it. */
int checklist_stig(struct checklist *c, const struct checklist_asset *asset,
    const struct checklist_stig *stig, struct err *err);
int checklist_cell(struct checklist *c, const struct checklist_cell *cell,
    struct err *err);
void checklist_free(struct checklist *c);

#endif
