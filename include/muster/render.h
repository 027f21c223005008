/*
 * render.h - the evidence document, and what XSLT makes of it.
 *
 * SQLite rows become one XML document per subject and one for the package
 * (described by templates/evidence.rng); every output is a stylesheet over
 * one of them, except what is no text (spreadsheets) or of any length (lists):
 * that has a writer in C.  Adding an output is one file in templates/ (or
 * src/render) and one row in src/render/outputs.def.
 */
#ifndef MUSTER_RENDER_H
#define MUSTER_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct excerpts;
struct store;
struct writer;

struct output {
	const char	*name;		/* for -f: "ckl" */
	const char	*about;
	const char	*suffix;	/* ".ckl" */
	const char	*place;		/* folder; a package's: its file */
	const char	*media_type;
	bool		 package;	/* one for the package; else per subject */
	const char	*sheet;		/* file name in templates/; NULL: */
	const struct writer *writer;	/* what is not a stylesheet's work */
	bool		 maybe;		/* nothing to say: no file */
	bool		 stigs;		/* a subject's STIGs follow the guide */
};

const struct output *render_table(size_t i);	/* NULL past the end */

/* The benchmark's text is needed inside XCCDF and ARF; assess and render do
 * not know each other, so the command hands it over. */
struct render {
	struct store	*store;
	const char	*out;		/* directory, made if it is not there */
	const char	*formats;	/* comma list; NULL: all */
	const char	*templates;	/* directory of stylesheets; NULL: ours */
	const char	*as_of;
	const char	*benchmark;	/* its XML */
	size_t		 benchmark_len;
	bool		 force;		/* overwrite */
	const char	*since;		/* assessment to compare with, or NULL */
	int64_t		 files;		/* written so far */
	size_t		 left;		/* of an earlier report, and changed
					 * since: not taken away */
	struct excerpts	*excerpts;	/* its own, while it runs */
	void	       (*progress)(void *ctx, int64_t done, int64_t all);
	void		*progress_ctx;
};

/* Write the outputs asked for; each file is written beside and renamed, and
 * checked (well-formed, every subject and result there) before that.  The
 * output directory then holds index.html, subjects/ and a folder a format, and
 * .muster.sha256 lists them; what a list of an earlier report names beside them
 * is taken away. */
int render_run(struct render *r, struct err *err);

/* Write the evidence document of a subject (0: of the package) to out. */
int render_evidence(struct render *r, int64_t subject, int fd,
    struct err *err);

#endif
