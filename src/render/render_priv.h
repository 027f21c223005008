/* render_priv.h - what the files of this room share. */
#ifndef RENDER_PRIV_H
#define RENDER_PRIV_H

#include <libxml/tree.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/render.h"

/* At most so many are quoted; the true counts stand beside them. */
#define QUOTE_REASONS	60	/* of one result */
#define QUOTE_ISSUES	200	/* of one subject */
#define QUOTE_SOURCES	200	/* of one issue */
#define QUOTE_RULES	100	/* not passed, of one STIG result */
#define QUOTE_ROWS	500	/* of any other list of one subject */
#define QUOTE_DECISIONS	2000	/* of one subject, or the package */
#define QUOTE_GAPS	1000	/* of the package */
#define QUOTE_FEW	5	/* reasons of a verdict, beside many others */

/* The evidence document of a subject (0: of the package), inside the
 * caller's read transaction (document.c). */
xmlDoc *document_tree(struct render *r, int64_t subject, struct err *err);

/* At most max bytes of a text, and what XML cannot carry made visible
 * (visible.c). */
struct str;
#define VISIBLE_MAX	8192	/* of one text of a document; guide texts are
				 * shorter */
void visible_add(struct str *out, const char *s, size_t max);

/* A part of a list that is too long for a page: rows (page - 1) * most + 1
 * and on of total. */
struct part {
	const char	*of;		/* "findings"; or a requirement's id */
	int64_t		 subject;	/* 0: none */
	int64_t		 page, total, most;
};

/* The next rows of a walk, as many as a page holds: elements of a list, or
 * the verdicts of the requirement p->of. */
struct query;
xmlDoc *document_list(struct render *r, const struct part *p,
    const char *element, struct query *q, struct err *err);
xmlDoc *document_requirement(struct render *r, const struct part *p,
    struct query *q, struct err *err);

/* A stylesheet's text by its file name (sheets.c): ours, or the one in dir.
 * NULL without err: there is none.  The caller frees it. */
char *sheets_text(const char *dir, const char *name, size_t *len,
    struct err *err);

/* Stylesheets that are compiled and ready (transform.c). */
struct transform;
struct transform *transform_open(const char *dir, const char *sheet,
    struct err *err);
/* The result as text; the caller frees it with free().  params are the
 * stylesheet's parameters: name, value, ..., NULL. */
char *transform_run(struct transform *t, xmlDoc *doc,
    const char *const *params, size_t *len, struct err *err);
void transform_close(struct transform *t);	/* accepts NULL */

/* Give stylesheets our functions (function.c). */
struct _xsltTransformContext;
int function_register(struct _xsltTransformContext *ctx);

/* Every format tells these apart; what else there is falls together. */
enum fold { FOLD_PASS, FOLD_FAIL, FOLD_NA, FOLD_REST, FOLDS };

/* What an output says, counted. */
struct proof {
	int64_t		 count[FOLDS];
	unsigned	 folds;		/* bit per fold that the format tells */
	int64_t		 rows;		/* of a list */
	bool		 empty_id;
};

/* A verdict in any format's word (proof.c). */
void proof_count(struct proof *p, const char *word);
/* The verdicts that the database holds for a subject (0: all). */
struct store;
int proof_store(struct proof *p, struct store *st, int64_t subject,
    struct err *err);
/* The same of a whole JSON output, whose ids have to be there, be unique and
 * be found where they are referred to (proof_json.c). */
int proof_json(struct proof *p, const struct output *o, const char *bytes,
    size_t len, struct err *err);

/* Read a finished output back (proof.c): is it well-formed, are its ids
 * there, and does it hold exactly the verdicts the database holds for the
 * subject (0: all)? */
int proof_check(struct render *r, const struct output *o, int64_t subject,
    const char *bytes, size_t len, struct err *err);

/* The same of a further page: are all rows of this part there (data-row), each
 * with a verdict where they have one? */
int proof_part(const struct part *p, bool verdicts, const char *bytes,
    size_t len, struct err *err);

/* The further pages for people (site.c): requirements, controls, and the
 * lists that are too long for a page. */
struct files;
struct site {
	struct render		*r;
	struct files		*files;
	const char *const	*params;
	struct transform	*requirement, *list, *controls, *changes;
	struct posture_diff	*diff;		/* NULL: nothing to compare */
	int64_t			 done, all;
	void		       (*tick)(void *ctx);
	void			*ctx;
};
int site_open(struct site *s, struct err *err);
/* Plan the pages (all counts them) or make them. */
int site_walk(struct site *s, bool make, struct err *err);
/* Put what was before into the package's document. */
int site_posture(struct site *s, xmlDoc *doc, struct err *err);
/* Those made of the package's own document. */
int site_package(struct site *s, xmlDoc *doc, struct err *err);
void site_close(struct site *s);

/* The element posture of the package's document (changes.c): every
 * assessment, what is different now, counted; and of the changes the rows of
 * a part (page 0: none), of which there are changes_parts(). */
struct posture_diff;
int changes_add(struct render *r, xmlDoc *doc, const struct posture_diff *d,
    int64_t page, struct err *err);
int64_t changes_parts(const struct posture_diff *d);

/* An output that no stylesheet makes, of a subject (0: of the package).  It
 * is checked like all others before its writer reports success. */
struct making {
	struct render		*r;
	struct files		*files;
	const struct output	*o;
	int64_t			 subject;
	const char		*slug;		/* "" for the package */
};
struct writer {
	/* NULL: there is one file, as of any output */
	int (*plan)(struct files *f, const struct output *o, struct err *err);
	int (*write)(const struct making *m, struct err *err);
	bool last;		/* when the subjects' files are there */
};
/* A checklist, of which the stylesheet made the guide's part with a mark where
 * the subject's other STIGs go: they are put there, piece by piece
 * (checklist.c). */
int checklist_write(const struct making *m, struct transform *sheet,
    const char *const *params, const char *bytes, size_t len,
    struct err *err);
/* Does the finished file hold every rule of every STIG, once
 * (proof_checklist.c)? */
int proof_checklist(const struct making *m, int fd, struct err *err);

/* Every list of the database, straight from its rows (lists.c). */
extern const struct writer lists_writer;
/* eMASS's POA&M spreadsheet in either layout (poam.c). */
extern const struct writer poam_writer_22, poam_writer_26;
/* The subjects' OSCAL and eMASS files as one (system.c). */
extern const struct writer system_writer_results, system_writer_poam,
    system_writer_emass;
/* What was found in an image as CycloneDX (bom.c). */
extern const struct writer bom_writer;
/* Findings of an image, a sheet a scanner, as Iron Bank does (ironbank.c). */
extern const struct writer ironbank_writer;

/* Files that appear together or not at all (files.c); several threads may put
 * theirs. */
struct files;
struct files *files_open(const char *dir, bool force, struct err *err);
int files_plan(struct files *f, const char *folder, const char *name,
    struct err *err);		/* ERR_USAGE if it is there already */
int files_put(struct files *f, const char *folder, const char *name,
    const char *bytes, size_t len, struct err *err);
/* One to write bit by bit: its descriptor, which the caller closes, or -1. */
int files_start(struct files *f, const char *folder, const char *name,
    struct err *err);		/* to be read back, too */
/* A finished file, to be read before the commit: its descriptor, which the
 * caller closes, or -1 where there is none. */
int files_again(const struct files *f, const char *folder, const char *name);
/* Where temporary files may be, too. */
const char *files_dir(const struct files *f);
/* The report of before, in the same place: its files that are of the outputs
 * asked for now, as ours() tells, give way to the new ones (ERR_USAGE where
 * nothing may be overwritten). */
int files_replace(struct files *f, bool (*ours)(void *ctx, const char *path),
    void *ctx, struct err *err);
/* left: files of the report of before that somebody changed since. */
int files_commit(struct files *f, size_t *left, struct err *err);
void files_close(struct files *f);	/* not committed: nothing is left */

#endif
