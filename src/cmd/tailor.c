/* tailor.c - assessing under a tailoring file; see tailor.h. */
#include <unistd.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/input.h"
#include "tailor.h"

int tailor_assess(struct ctx *c, const char *file, struct err *err)
{
	struct input *in;
	int fd, rc = -1;

	if (file == NULL)
		return assess_run(c->store, c->as_of, err);
	if ((fd = input_file(file, "an XCCDF tailoring file", err)) < 0)
		return -1;
	if ((in = input_open(fd, file, err)) == NULL)
		goto out;
	rc = assess_run_tailored(c->store, c->as_of, in, err);
	if (rc < 0)
		err_at(err, file, 0, -1);
	input_close(in);
out:
	close(fd);
	return rc;
}
