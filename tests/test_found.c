/*
 * test_found.c - every input that the fuzzer found a fault with, read again:
 * tests/fuzz/found/TARGET/FILE.  Under "make asan" with the sanitizers.
 */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

#define FOUND	"tests/fuzz/found"
#define MOST	(1 << 20)

static unsigned char *slurp(const char *path, size_t *len)
{
	unsigned char *bytes = malloc(MOST);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, MOST);

	if (n < 0)
		fail_msg("%s cannot be read", path);
	close(fd);
	*len = (size_t)n;
	return bytes;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* One target with each file of its folder; how many there were. */
static size_t feed(const char *name)
{
	struct dirent **list = NULL;
	char dir[256], path[1024];
	int n;

	snprintf(dir, sizeof(dir), FOUND "/%s", name);
	n = scandir(dir, &list, shown, by_name);
	for (int i = 0; i < n; i++) {
		unsigned char *bytes;
		size_t len;

		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		bytes = slurp(path, &len);
		/* who fails here ends the process: say with what */
		fprintf(stderr, "%s\n", path);
		if (!fuzz_feed(name, bytes, len))
			fail_msg("no target is called %s", name);
		free(bytes);
		free(list[i]);
	}
	free(list);
	return n > 0 ? (size_t)n : 0;
}

static void what_was_found_is_read(void **state)
{
	struct dirent **list = NULL;
	int n = scandir(FOUND, &list, shown, by_name);
	size_t files = 0;

	(void)state;
	for (int i = 0; i < n; i++) {
		size_t here = feed(list[i]->d_name);

		if (here == 0)
			fail_msg("nothing in %s", list[i]->d_name);
		files += here;
		free(list[i]);
	}
	free(list);
	assert_true(files > 0);
}

static void every_target_takes_nothing(void **state)
{
	const char *name;
	size_t most;

	(void)state;
	for (size_t i = 0; (name = fuzz_name(i, &most)) != NULL; i++) {
		assert_true(most > 0);
		assert_true(fuzz_feed(name, (const unsigned char *)"", 0));
	}
	assert_false(fuzz_feed("none", (const unsigned char *)"", 0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_target_takes_nothing),
		cmocka_unit_test(what_was_found_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
