/* opt.c - option parsing from a table; see command.h. */
#include <string.h>

#include "muster/command.h"
#include "muster/err.h"
#include "muster/str.h"

static const struct opt *find(const struct opt *const tables[],
    const char *name, size_t len, char letter)
{
	for (; *tables != NULL; tables++)
		for (const struct opt *o = *tables; o->name != NULL; o++)
			if (letter != '\0' ? o->letter == letter :
			    (name != NULL && strlen(o->name) == len &&
			    strncmp(o->name, name, len) == 0))
				return o;
	return NULL;
}

static int take(const struct opt *o, const char *value, struct err *err)
{
	const char **slot = o->value;

	if (o->arg != NULL && str_ends(o->arg, "...")) {
		while (*slot != NULL)
			slot++;
		if (slot - o->value == OPT_REPEATS)
			return err_set(err, ERR_USAGE, "--%s more than %d "
			    "times", o->name, OPT_REPEATS);
	}
	*slot = value;
	return 0;
}

/* "--name", "--name=value" or "--name value". */
static int long_option(const struct opt *const tables[], int *i, int argc,
    char **argv, struct err *err)
{
	const char *name = argv[*i] + 2, *eq = strchr(name, '=');
	size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
	const struct opt *o = find(tables, name, len, '\0');

	if (o == NULL)
		return err_set(err, ERR_USAGE, "unknown option %s", argv[*i]);
	if (o->arg == NULL && eq != NULL)
		return err_set(err, ERR_USAGE, "--%s takes no value", o->name);
	if (o->arg == NULL)
		return take(o, "", err);
	if (eq != NULL)
		return take(o, eq + 1, err);
	if (*i + 1 < argc)
		return take(o, argv[++*i], err);
	return err_set(err, ERR_USAGE, "--%s needs %s", o->name, o->arg);
}

/* "-o value", "-ovalue", "-qv". */
static int short_options(const struct opt *const tables[], int *i, int argc,
    char **argv, struct err *err)
{
	for (const char *p = argv[*i] + 1; *p != '\0'; p++) {
		const struct opt *o = find(tables, NULL, 0, *p);

		if (o == NULL)
			return err_set(err, ERR_USAGE, "unknown option -%c",
			    *p);
		if (o->arg == NULL) {
			if (take(o, "", err) < 0)
				return -1;
			continue;
		}
		if (p[1] != '\0')
			return take(o, p + 1, err);
		if (*i + 1 < argc)
			return take(o, argv[++*i], err);
		return err_set(err, ERR_USAGE, "-%c needs %s", *p, o->arg);
	}
	return 0;
}

int opt_parse(const struct opt *const tables[], int argc, char **argv,
    struct err *err)
{
	int operands = 0, i;

	for (i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[operands++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[operands++] = argv[i];
			break;
		}
		if ((argv[i][1] == '-' ?
		    long_option(tables, &i, argc, argv, err) :
		    short_options(tables, &i, argc, argv, err)) < 0)
			return -1;
	}
	return operands;
}

void opt_print(const struct opt *opts, FILE *out)
{
	for (const struct opt *o = opts; o != NULL && o->name != NULL; o++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
		    o->letter != '\0' ? '-' : ' ',
		    o->letter != '\0' ? o->letter : ' ',
		    o->letter != '\0' ? "," : " ", o->name,
		    o->arg != NULL ? " " : "", o->arg != NULL ? o->arg : "");
		fprintf(out, "  %-26s %s\n", left, o->help);
	}
}
