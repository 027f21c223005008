/* input_file.c - opening a file that the command line names; see input.h. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/input.h"

static int refuse(const char *file, int fd, struct err *err)
{
	if (fd >= 0)
		close(fd);
	err->kind = ERR_INPUT;
	return err_at(err, file, 0, -1);
}

int input_file(const char *file, const char *what, struct err *err)
{
	struct stat sb;
	/* O_NONBLOCK: a FIFO in place of the file must not hang us */
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		err_sys(err, "%s cannot be opened", what);
	else if (fstat(fd, &sb) < 0)
		err_sys(err, "%s cannot be looked at", what);
	else if (S_ISDIR(sb.st_mode))
		err_set(err, ERR_INPUT, "a directory: %s was expected", what);
	else if (!S_ISREG(sb.st_mode))
		err_set(err, ERR_INPUT, "not a regular file: %s was expected",
		    what);
	else
		return fd;
	return refuse(file, fd, err);
}
