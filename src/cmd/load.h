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
	/* what the user says of every file, or NULL (place.c) */
	const char	*subject, *platform, *on;
	char		 batch[24];	/* of the files stored so far */
	int64_t		 walked;	/* names in directories */
	long long	 imported, duplicates, refused, skipped;
	long long	 read, stored, merged, unplaced;
};

/* The options by which the user says it. */
#define LOAD_SAID(subject, platform, on)				\
	{ 0, "subject", "IMAGE", "the files speak about this image",	\
	    &(subject) },						\
	{ 0, "platform", "NAME", "the node configurations are of this "	\
	    "platform", &(platform) },					\
	{ 0, "on", "NAME", "the workloads run on this platform", &(on) }

/* Import all operands, then work out what the evidence is about.  Returns
 * -1 only for what is not the input's fault (the database, the system). */
int load_all(struct load *l, int n, char **paths, struct err *err);

/* Keep what the user said of a file, inside the caller's transaction. */
int place_file(const struct load *l, const char *sha256, struct err *err);
/* Say what is wrong with that, once it is worked out. */
int place_warn(const struct load *l, int64_t artifact, struct err *err);

/* One line that sums it up, on standard error. */
void load_summary(const struct load *l);

#endif
