/* cap.c - the table of caps, and setting them; see cap.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/str.h"

static const struct cap_row rows[CAPS] = {
#define CAP(id, name, usual, least, most, unit, scope, about) \
	{ name, usual, least, most, unit, CAP_OF_##scope, about },
#include "muster/cap.def"
#undef CAP
};

static int64_t now[CAPS] = {
#define CAP(id, name, usual, least, most, unit, scope, about) usual,
#include "muster/cap.def"
#undef CAP
};

static char hints[CAPS][160];

int64_t cap(enum cap which)
{
	return now[which];
}

const struct cap_row *cap_row(enum cap which)
{
	return &rows[which];
}

void cap_reset(void)
{
	for (int i = 0; i < CAPS; i++)
		now[i] = rows[i].usual;
	memset(hints, 0, sizeof(hints));
}

/* Bytes in the largest unit that leaves a whole number. */
static int scale(int64_t *value)
{
	int n = 0;

	while (n < 4 && *value != 0 && *value % 1024 == 0) {
		*value /= 1024;
		n++;
	}
	return n;
}

void cap_spell(struct str *out, enum cap which, int64_t value)
{
	static const char *const sizes[] = { "", "K", "M", "G", "T" };
	const char *unit = rows[which].unit, *behind = "";

	if (str_eq(unit, "bytes"))
		behind = sizes[scale(&value)];
	else if (str_eq(unit, "s"))
		behind = "s";
	str_addf(out, "%lld%s", (long long)value, behind);
}

const char *cap_hint(enum cap which)
{
	static const char *const sizes[] = { "bytes", "KiB", "MiB", "GiB",
	    "TiB" };
	const struct cap_row *r = &rows[which];
	int64_t value = now[which];
	const char *unit = str_eq(r->unit, "bytes") ? sizes[scale(&value)] :
	    str_eq(r->unit, "s") ? "seconds" : r->unit;

	snprintf(hints[which], sizeof(hints[which]), "the limit is %lld %s "
	    "(--cap %s=N allows %s)", (long long)value, unit, r->name,
	    now[which] < r->most ? "more" : "no more");
	return hints[which];
}

int cap_err(struct err *err, enum cap which, const char *fmt, ...)
{
	char text[340];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(err, ERR_INPUT, "%s: %s", text, cap_hint(which));
}

int cap_set(enum cap which, int64_t value, struct err *err)
{
	const struct cap_row *r = &rows[which];
	struct str range = STR_INIT;

	if (value >= r->least && value <= r->most) {
		now[which] = value;
		return 0;
	}
	cap_spell(&range, which, r->least);
	str_add(&range, " to ");
	cap_spell(&range, which, r->most);
	err_set(err, ERR_USAGE, "--cap %s takes %s", r->name, range.s);
	str_free(&range);
	return -1;
}

static int find(const char *name, size_t len)
{
	for (int i = 0; i < CAPS; i++)
		if (strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, name, len) == 0)
			return i;
	return -1;
}

/* A number with its unit behind it; -1 (no cap may be) where it is none. */
static int64_t number(const char *text, const char *unit)
{
	static const char sizes[] = "KMGT";
	char digits[32];
	size_t n = strspn(text, "0123456789");
	const char *s = text[n] != '\0' ? strchr(sizes, text[n]) : NULL;
	int64_t value;
	int shift = s != NULL && str_eq(unit, "bytes") ?
	    10 * (int)(s - sizes + 1) : 0;

	if (n == 0 || n >= sizeof(digits) || (text[n] != '\0' &&
	    shift == 0 && !(str_eq(unit, "s") && text[n] == 's')) ||
	    (text[n] != '\0' && text[n + 1] != '\0'))
		return -1;
	memcpy(digits, text, n);
	digits[n] = '\0';
	/* what is too large for any range stays that */
	if (!str_int(digits, 0, INT64_MAX, &value) ||
	    value > INT64_MAX >> shift)
		return INT64_MAX;
	return value << shift;
}

int cap_flag(const char *text, struct err *err)
{
	size_t len = strcspn(text, "=");
	int which = find(text, len);

	if (which < 0)
		return err_set(err, ERR_USAGE, "no cap is called \"%.*s\" "
		    "(\"muster help caps\" lists them)", (int)(len < 80 ? len :
		    80), text);
	if (text[len] == '\0')
		return err_set(err, ERR_USAGE, "--cap %s needs a value: "
		    "--cap %s=N", text, text);
	return cap_set((enum cap)which, number(text + len + 1,
	    rows[which].unit), err);
}

void cap_changed(struct str *out)
{
	const char *sep = "";

	for (int i = 0; i < CAPS; i++) {
		if (rows[i].scope != CAP_OF_FILE || now[i] == rows[i].usual)
			continue;
		str_addf(out, "%s%s=", sep, rows[i].name);
		cap_spell(out, (enum cap)i, now[i]);
		sep = " ";
	}
}

void cap_save(int64_t to[CAPS])
{
	memcpy(to, now, sizeof(now));
}

void cap_load(const int64_t from[CAPS])
{
	memcpy(now, from, sizeof(now));
	memset(hints, 0, sizeof(hints));
}

/* One "json-depth=300" of what cap_changed() said. */
static int restore_one(const char *text, size_t len, struct err *err)
{
	int which = find(text, strcspn(text, "="));
	char one[80];

	snprintf(one, sizeof(one), "%.*s", (int)(len < sizeof(one) ? len :
	    sizeof(one) - 1), text);
	if (which >= 0 && rows[which].scope == CAP_OF_FILE &&
	    cap_flag(one, err) == 0)
		return 0;
	return err_set(err, ERR_INPUT, "\"%s\" is no cap of a file that this "
	    "muster knows", one);
}

int cap_restore(const char *changed, struct err *err)
{
	int64_t here[CAPS];
	struct str one = STR_INIT;
	int rc = 0;

	cap_save(here);
	for (int i = 0; i < CAPS; i++)
		if (rows[i].scope == CAP_OF_FILE)
			now[i] = rows[i].usual;
	for (const char *p = changed; rc == 0 && p != NULL && *p != '\0'; ) {
		size_t n = strcspn(p, " ");

		rc = restore_one(p, n, err);
		p += n + (p[n] == ' ');
	}
	for (int i = 0; rc == 0 && i < CAPS; i++) {
		if (now[i] <= here[i])
			continue;
		str_addf(&one, "%s=", rows[i].name);
		cap_spell(&one, (enum cap)i, now[i]);
		rc = err_set(err, ERR_USAGE, "it was read with %s, which is "
		    "more than here (--cap %s allows that)", one.s, one.s);
	}
	str_free(&one);
	return rc;
}
