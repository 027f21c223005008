/*
 * blank.c - run by make: the database that all steps of the schema make, as
 * what the program carries of it (../blank.c).
 *
 * On standard output: its bytes, packed, and where the id of its chain stands
 * in them, which every new database draws for itself.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "src/store/steps.h"
#include "src/store/store_priv.h"

static const char id[] = "the-id-of-a-chain-has-34-letters-x";

static int fail(const char *what)
{
	fprintf(stderr, "blank: %s\n", what);
	return 1;
}

static int make(sqlite3 *db)
{
	char rest[256];

	for (int i = 0; i < NSTEPS; i++)
		if (sqlite3_exec(db, steps[i], NULL, NULL, NULL) != SQLITE_OK)
			return -1;
	snprintf(rest, sizeof(rest), "PRAGMA application_id = %d;"
	    "PRAGMA user_version = %d;"
	    "INSERT INTO chain(id, mine) VALUES('%s', 1)", STORE_APPLICATION,
	    NSTEPS, id);
	return sqlite3_exec(db, rest, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

/* What SQLite leaves out of a database in memory: the number of its changes,
 * twice, and who made them (the file format, 1.3). */
static void seal(unsigned char *p)
{
	const int version = sqlite3_libversion_number();

	p[27] = p[95] = 1;
	for (int i = 0; i < 4; i++)
		p[96 + i] = (unsigned char)(version >> (24 - 8 * i));
}

/* It stands in the table and in its index. */
static int print_ids(const unsigned char *p, size_t n)
{
	int found = 0;

	printf("static const size_t blank_ids[] = {");
	for (size_t i = 0; i + sizeof(id) - 1 <= n; i++)
		if (memcmp(p + i, id, sizeof(id) - 1) == 0) {
			printf(" %zu,", i);
			found++;
		}
	printf(" };\n");
	return found == 2 ? 0 : -1;
}

static int print_packed(const unsigned char *p, size_t n)
{
	size_t most = ZSTD_compressBound(n), len;
	unsigned char *packed = malloc(most);

	if (packed == NULL)
		return -1;
	len = ZSTD_compress(packed, most, p, n, 19);
	printf("#define BLANK_BYTES %zu\n", n);
	printf("static const unsigned char blank[] = {");
	for (size_t i = 0; !ZSTD_isError(len) && i < len; i++)
		printf("%s%d,", i % 16 == 0 ? "\n" : "", packed[i]);
	printf("\n};\n");
	free(packed);
	return ZSTD_isError(len) ? -1 : 0;
}

int main(void)
{
	sqlite3 *db = NULL;
	unsigned char *p = NULL;
	sqlite3_int64 n = 0;
	int rc = 0;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK || make(db) < 0)
		rc = fail(sqlite3_errmsg(db));
	else if ((p = sqlite3_serialize(db, "main", &n, 0)) != NULL)
		seal(p);
	if (rc == 0 && (p == NULL || print_packed(p, (size_t)n) < 0 ||
	    print_ids(p, (size_t)n) < 0))
		rc = fail("the database cannot be written");
	sqlite3_free(p);
	sqlite3_close(db);
	return fflush(stdout) == 0 ? rc : fail("cannot write");
}
