/*
 * lineage.h - names spelled one way, chains of layers as one digest each:
 * the derived tables named and lineage.
 */
#ifndef LINEAGE_H
#define LINEAGE_H

struct err;
struct store;

/* Empty both tables; before subjects go. */
int lineage_drop(struct store *st, struct err *err);
/* Fill them, once subjects and attachments are worked out. */
int lineage_fill(struct store *st, struct err *err);

/* OCI's ChainID: of the layers so far ("" before the first) and one more.
 * chain has room for 72 bytes. */
void lineage_chain(char chain[72], const char *diff_id);

#endif
