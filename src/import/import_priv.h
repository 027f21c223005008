/* import_priv.h - what the framework's files share; no importer needs it. */
#ifndef IMPORT_PRIV_H
#define IMPORT_PRIV_H

#include "muster/import.h"
#include "muster/sink.h"

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

/* Fill in what an importer may look at. */
int probe_fill(struct probe *p, struct input *in, struct err *err);
void probe_clear(struct probe *p);

/* A failure as a record, and back. */
void fail_put(struct sink *s, const struct err *err);
void fail_get(const struct rec *rec, struct err *err);

#endif
