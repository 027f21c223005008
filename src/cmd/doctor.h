/* doctor.h - what the parts of "muster doctor" share. */
#ifndef CMD_DOCTOR_H
#define CMD_DOCTOR_H

#include <stdbool.h>

struct ctx;
struct err;

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_NOTE,	/* as it is, and no fault of anything */
	DOCTOR_FAULT	/* not in force, or not as it should be */
};

struct doctor {
	const struct ctx *ctx;
	const char	*scratch;	/* a directory for a while */
	int		 faults;
};

/* One line: what was looked at, and how it is. */
void doctor_say(struct doctor *d, enum doctor_state state, const char *what,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Is what jail.h promises in force?  By trying it, in processes that are
 * confined as readers and keepers are (doctor_try.c). */
int doctor_try(struct doctor *d, struct err *err);
/* SQLite's settings (doctor_store.c). */
int doctor_store_settings(struct doctor *d, struct err *err);
/* The database of -d, after which this process reads nothing else. */
int doctor_store_database(struct doctor *d, struct err *err);

#endif
