/*
 * fuzz.c - libFuzzer's side: the environment says which target.
 *
 *	FUZZ=grype build/fuzz/fuzz CORPUS SEEDS
 *	FUZZ=list build/fuzz/fuzz	every target, with its longest input
 *	FUZZ=who build/fuzz/fuzz FILE...	which importer each would get
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static const char *target;

static void list(void)
{
	const char *name;
	size_t most;

	for (size_t i = 0; (name = fuzz_name(i, &most)) != NULL; i++)
		printf("%s %zu\n", name, most);
}

static void who(char **file)
{
	for (; *file != NULL; file++) {
		struct err err = ERR_INIT;
		const struct importer *imp = NULL;
		struct input *in = NULL;
		int fd = open(*file, O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && (in = input_open(fd, *file, &err)) != NULL)
			imp = import_choose(in, NULL, &err);
		if (imp != NULL)
			printf("%s\t%s\n", imp->name, *file);
		input_close(in);
		if (fd >= 0)
			close(fd);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	if ((target = getenv("FUZZ")) != NULL && strcmp(target, "who") == 0) {
		who(*argv + 1);
		exit(0);
	}
	if ((target = getenv("FUZZ")) == NULL ||
	    !fuzz_feed(target, (const unsigned char *)"", 0)) {
		list();
		exit(0);
	}
	/* commands say what they found: of no interest here */
	if (freopen("/dev/null", "w", stdout) == NULL)
		return 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	fuzz_feed(target, bytes, len);
	return 0;
}
