/*
 * feed.h - records that wait, as a table that INSERT ... SELECT reads.
 *
 * evidence.c writes them one behind the other, sets the store's feed and runs
 *	INSERT INTO fact(...) SELECT c0, c1, ... FROM evidence_feed
 */
#ifndef FEED_H
#define FEED_H

#include "muster/sink.h"
#include "store_priv.h"

#define FEED_HEAD 5		/* bytes before those of a field */

struct feed {
	const unsigned char *bytes;	/* of all records */
	size_t		 rows, fields;	/* records, and fields of each */
	const int64_t	*targets;	/* row ids, c0 of each; or NULL */
};

/* Make the table known to a database; SQLite's result. */
int feed_module(struct store *st);

#endif
