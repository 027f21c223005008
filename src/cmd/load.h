/*
 * load.h - importing what the user named: files, directories, "-".
 *
 * Shared by "muster import" and "muster run".  Directories are walked in
 * order of their names; one that is an image layout itself is one input.
 * Each file stands alone: those that read well are stored, those that do not
 * are named on standard error and counted.
 */
#ifndef CMD_LOAD_H
#define CMD_LOAD_H

#include "muster/command.h"

struct load {
	struct ctx	*ctx;
	const char	*format;	/* importer by name, or NULL */
	const char	*leave_out;	/* the output directory, or NULL */
	char		 batch[24];	/* of the files stored so far */
	long long	 imported, duplicates, refused, skipped;
	long long	 read, stored, merged, unplaced;
};

/* Import all operands, then work out what the evidence is about.  Returns
 * -1 only for what is not the input's fault (the database, the system). */
int load_all(struct load *l, int n, char **paths, struct err *err);

/* One line that sums it up, on standard error. */
void load_summary(const struct load *l);

#endif
