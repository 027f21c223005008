/* import_priv.h - what the framework's files share; no importer needs it. */
#ifndef IMPORT_PRIV_H
#define IMPORT_PRIV_H

#include "muster/import.h"
#include "muster/sink.h"

struct evidence;

/* A sink that writes records to a pipe, and their reading back. */
struct wire_out;
struct wire_out *wire_out_new(int fd);
struct sink *wire_out_sink(struct wire_out *w);
int wire_out_flush(struct wire_out *w, struct err *err);
void wire_out_free(struct wire_out *w);

struct wire_in;
struct wire_in *wire_in_new(int fd);
/* 1 a record (its fields borrowed until the next call), 0 end, -1. */
int wire_in_next(struct wire_in *w, struct rec *rec, struct err *err);
void wire_in_free(struct wire_in *w);

/* Read the file behind fd in this process, sending records and, last, one
 * REC_END or REC_FAIL; for the child. */
void reader_run(int fd, const char *name, const char *format, int out);

/* Start a reader for fd as a child; *out is the pipe's reading end. */
int reader_start(int fd, const char *name, const char *format, int *out,
    int64_t *pid, struct err *err);
/* Wait for it; -1 with err when it died. */
int reader_wait(int64_t pid, struct err *err);

/*
 * A file being taken in, inside the caller's transaction (keep.c).
 */
struct intake {
	struct store	*store;
	const struct import_opts *opts;
	const char	*batch;
	const char	*kind, *value;	/* identity given by the file around */
	int		 depth;		/* how many files are around it */
	size_t		 top;		/* length of the outermost one's name */
	struct together {		/* all members at any depth */
		int64_t	 members, bytes;
	}		*together;
};

/* 0 stored, 1 held already (undo what was done since), -1; res says which. */
int keep_file(const struct intake *k, int fd, const char *name,
    struct import_result *res, struct err *err);
/* Is the file of res->sha256 held already?  1 (res says as what), 0, -1. */
int keep_held(struct store *st, struct import_result *res, struct err *err);
/* The same before it was read: one as large as one we hold may be that one,
 * so hash it first, and what is there already costs no more than that. */
int keep_known(struct store *st, int fd, struct import_result *res,
    struct err *err);

/* The files inside a file, one at a time (member.c). */
struct nest {
	const struct intake *in;	/* of the file around them */
	const char	*name;
	int		 fd;		/* the member's bytes; -1: none open */
	char		*member, *kind, *value;
	struct sha	*sha;
	int64_t		 bytes;
	int64_t		 stored, held, unplaced;	/* members so far */
	char		 why[160];	/* the last one was refused */
	bool		 nothing;	/* all were of no known format */
};

int member_take(struct nest *n, const struct rec *rec, struct evidence *ev,
    struct err *err);
/* A file of which nothing but members was read holds evidence in one. */
int member_any(struct nest *n, const struct import_result *res,
    struct err *err);
void member_drop(struct nest *n);

/* As import_choose(); *nobody: it is well-formed, but of no known format. */
const struct importer *import_pick(struct input *in, const char *format,
    bool *nobody, struct err *err);

/* Fill in what an importer may look at. */
int probe_fill(struct probe *p, struct input *in, struct err *err);
void probe_clear(struct probe *p);

/* A failure as a record, and back. */
void fail_put(struct sink *s, const struct err *err);
void fail_get(const struct rec *rec, struct err *err);

#endif
