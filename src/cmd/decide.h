/* decide.h - what "muster waiver", "attest" and "accept" share. */
#ifndef CMD_DECIDE_H
#define CMD_DECIDE_H

#include <stddef.h>

#include "muster/cap.h"
#include "muster/decision.h"

struct ctx;
struct err;

/* Who acts: name if given, else $MUSTER_USER, else the user id; borrowed. */
const char *decide_who(const char *name);
/* A whole small file; the caller frees it.  NULL with err. */
char *decide_slurp(const char *file, enum cap most, size_t *len,
    struct err *err);
/* Put the digest of the evidence file into hex (65 bytes), and its name
 * without folders into d. */
int decide_evidence(struct decision_new *d, char *hex, struct err *err);
/* The image or workload a user means becomes the key that is recorded; *key
 * is to be freed. */
int decide_subject(struct ctx *c, struct decision_new *d, char **key,
    struct err *err);
/* Propose, commit, and say what it covers today. */
int decide_propose(struct ctx *c, struct decision_new *d, struct err *err);
/* One decision in full; the tables are worked out. */
int decide_show(struct ctx *c, const char *id, struct err *err);

/* waiver_file.c: spreadsheets and JSON. */
int waiver_file_export(struct ctx *c, bool open, bool csv, struct err *err);
int waiver_file_import(struct ctx *c, const char *file, struct err *err);

#endif
