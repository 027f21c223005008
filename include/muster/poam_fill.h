/*
 * poam_fill.h - the plan of action and milestones, put into somebody's own
 * blank workbook.
 *
 * Its columns are found by their titles, in any order, those of either layout
 * of eMASS.  Nothing else of the workbook changes.
 */
#ifndef MUSTER_POAM_FILL_H
#define MUSTER_POAM_FILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct store;

struct poam_fill {
	struct store	*store;
	const void	*workbook;
	size_t		 len;
	const char	*office;	/* for Office/Org, or NULL */
	int		 fd;		/* empty, open for reading and writing */
	/* What a person should know of it, a sentence at a time. */
	void	       (*note)(void *ctx, const char *text);
	void		*ctx;
	/* and what became of it */
	int64_t		 items, rows;
	bool		 macros;
};

/* The most a workbook may have. */
/* Inside the caller's read transaction.  What was written is read back: all
 * rows, and every other part as it was.  ERR_INPUT: no such workbook. */
int poam_fill_run(struct poam_fill *f, struct err *err);

#endif
