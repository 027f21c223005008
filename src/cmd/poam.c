/*
 * poam.c - "muster poam": the plan of action and milestones in the user's own
 * blank workbook.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decide.h"
#include "head.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/poam_fill.h"
#include "muster/str.h"
#include "output.h"
#include "scratch.h"

static const char *out, *office, *force;

static const struct opt opts[] = {
	{ 'o', "output", "FILE", "where the filled workbook goes", &out },
	{ 0, "office", "TEXT", "who is responsible: organization, name, "
	    "phone, e-mail", &office },
	{ 0, "force", NULL, "overwrite the file if it is there", &force },
	{ 0, NULL, NULL, NULL, NULL }
};

static void note(void *ctx, const char *text)
{
	const struct ctx *c = ctx;

	if (c->quiet)
		return;
	fputs("muster: ", stderr);
	str_safe(stderr, text);
	fputc('\n', stderr);
}

/* A program that runs macros goes by the name. */
static int check_name(const char *file, bool macros, struct err *err)
{
	if (!macros && str_ends(file, ".xlsx"))
		return 0;
	if (macros && str_ends(file, ".xlsm"))
		return 0;
	return err_set(err, ERR_USAGE, macros ? "the template has macros, "
	    "which are copied as they are: the output has to be called "
	    "*.xlsm" : "the output has to be called *.xlsx");
}

/* Beside, then renamed. */
static int publish(struct poam_fill *f, const char *dir, struct err *err)
{
	int rc;

	if ((f->fd = scratch_open(dir, ".poam", err)) < 0)
		return -1;
	rc = poam_fill_run(f, err);
	if (rc == 0)
		rc = check_name(out, f->macros, err);
	if (rc == 0)
		rc = scratch_publish(f->fd, dir, ".poam", out, force != NULL,
		    err);
	close(f->fd);
	return rc;
}

static int fill(struct ctx *c, char *bytes, size_t len, struct err *err)
{
	struct poam_fill f = { .store = c->store, .workbook = bytes,
	    .len = len, .office = office, .note = note, .ctx = c };
	char *dir, as_of[32];
	int rc = -1;

	if (output_ready(c, as_of, err) < 0)
		return -1;
	if ((dir = scratch_make(out, err)) != NULL)
		rc = publish(&f, dir, err);
	scratch_remove(dir);
	free(dir);
	store_rollback(c->store);
	if (rc < 0) {
		if (err->kind == ERR_INPUT)
			err_at(err, c->argv[0], 0, -1);
		return -1;
	}
	if (!c->quiet) {
		fprintf(stderr, "muster: %lld items in %lld rows written to ",
		    (long long)f.items, (long long)f.rows);
		str_safe(stderr, out);
		fputc('\n', stderr);
		if (f.macros)
			fputs("muster: the template's macros are copied as "
			    "they are\n", stderr);
	}
	return head_say(c, err);
}

static int run(struct ctx *c, struct err *err)
{
	struct stat sb;
	char *bytes;
	size_t len;
	int rc;

	if (out == NULL)
		return err_set(err, ERR_USAGE, "-o FILE says where the filled "
		    "workbook goes");
	if (force == NULL && lstat(out, &sb) == 0)
		return err_set(err, ERR_USAGE, "%s is there already; --force "
		    "overwrites it", out);
	bytes = decide_slurp(c->argv[0], CAP_TEMPLATE_BYTES, &len, err);
	if (bytes == NULL)
		return -1;
	rc = fill(c, bytes, len, err);
	free(bytes);
	return rc;
}

const struct command cmd_poam = {
	.name = "poam",
	.operands = "TEMPLATE -o FILE",
	.about = "fill your own blank eMASS POA&M workbook",
	.least = 1, .most = 1,
	.are = OPERANDS_READ,
	.writes = &out,
	.mode = STORE_READ,
	.settles = true,
	.opts = opts,
	.run = run,
};
