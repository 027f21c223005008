/* steps.h - the schema: what a database has taken step by step; private. */
#ifndef STEPS_H
#define STEPS_H

static const char step_1[] = {
#include "src/store/001-evidence.sql.inc"
	0
};

static const char step_2[] = {
#include "src/store/002-people.sql.inc"
	0
};

static const char step_3[] = {
#include "src/store/003-decisions.sql.inc"
	0
};

static const char step_4[] = {
#include "src/store/004-posture.sql.inc"
	0
};

/* The schema version of a database is the number of steps it has taken. */
static const char *const steps[] = { step_1, step_2, step_3, step_4 };
#define NSTEPS ((int)(sizeof(steps) / sizeof(steps[0])))

#endif
