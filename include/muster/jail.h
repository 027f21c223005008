/*
 * jail.h - what a process of ours may still ask of the machine.
 *
 * Two processes handle bytes of strangers.  A reader has one open file and a
 * pipe: it may read, write what it has, think and end.  The keeper (whoever
 * has the database) may read what the command line names, and write where it
 * says so.  Neither may reach a network, start a program, or look into other
 * processes.
 *
 * Two means of the kernel's are used, each as far as it is there: a seccomp
 * filter (through libseccomp, which knows the numbers of every architecture)
 * says which calls there are, and Landlock which files they reach.  A machine
 * without one of them is told of, not refused: jail_lacks() has the words,
 * and "muster doctor" tries everything out.  But a reader that cannot be
 * confined where its keeper could does not read.
 *
 * What libraries load when they feel like it (the system's converters of
 * character sets, its time zone, libcrypto's configuration) is loaded by
 * jail_prepare() and charset_prepare() before the doors close.
 */
#ifndef MUSTER_JAIL_H
#define MUSTER_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* What this process or its children may reach. */
enum jail_use {
	JAIL_READ,	/* a file, or all below a directory */
	JAIL_FILES,	/* also make, change and remove files below it */
	JAIL_WRITE	/* the same with directories; no devices or links */
};

struct jail_place {
	const char	*path;		/* what is not there is passed over */
	enum jail_use	 use;
};

/* Load what could not be loaded later.  Cheap the second time. */
void jail_prepare(void);
/* Standard error's place while a library is not to be heard: /dev/null. */
int jail_null(void);

/* Confine this process, which has one thread yet, and all it will start.
 * Done again it leaves what is left both times. */
int jail_keeper(const struct jail_place *places, size_t n, struct err *err);

/* Make ready what jail_reader() puts in force, before the fork. */
void jail_reader_prepare(void);
/* In a reader: nothing but what is open; below dirfd, if that is a directory
 * (else -1), files may be opened for reading.  false: it could not be done
 * though the machine knows it. */
bool jail_reader(int dirfd);

/* What this machine, or this build, lacks; NULL: nothing. */
const char *jail_lacks(void);
/* Landlock's ABI here, 0: none; the newest whose rights we know. */
int jail_landlock(void);
#define JAIL_LANDLOCK_KNOWN 6
/* Can system calls be filtered?  NULL: yes; else why not. */
const char *jail_filter_lacks(void);
/* A build under a sanitizer, which itself opens files: less is forbidden. */
bool jail_is_wide(void);

#endif
