/*
 * fuzz_import.c - bytes in, any importer, no database: whatever the input, a
 * reader must come back with records or with an error.
 *
 * FUZZ_FORMAT=NAME holds it to one importer; otherwise the file is
 * recognised, as the program would.
 */
#include <stdlib.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"

static int swallow(struct sink *s, const struct rec *rec, struct err *err)
{
	(void)s;
	(void)rec;
	(void)err;
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct sink sink = { .put = swallow };
	struct err err = ERR_INIT;
	struct input *in = input_open_mem(bytes, len, "fuzz");
	const struct importer *imp;

	imp = import_choose(in, getenv("FUZZ_FORMAT"), &err);
	if (imp != NULL && import_run(imp, in, &sink, &err) < 0 &&
	    err.kind == ERR_BUG)
		abort();
	input_close(in);
	return 0;
}
