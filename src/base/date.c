/* date.c - points in time as text; see date.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "muster/date.h"
#include "muster/str.h"

/* Days since 1970-01-01 of a proleptic Gregorian date. */
static int64_t days(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void date_format(int64_t seconds, char out[DATE_SIZE])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	/* not strftime(): its years before 1000 have fewer digits */
	if (gmtime_r(&t, &tm) == NULL || tm.tm_year < -1900 ||
	    tm.tm_year > 9999 - 1900)
		snprintf(out, DATE_SIZE, "1970-01-01T00:00:00Z");
	else
		snprintf(out, DATE_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec);
}

/* Exactly n digits at *p as a number, or -1. */
static int digits(const char **p, int n)
{
	int v = 0;

	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		v = v * 10 + (**p - '0');
	}
	return v;
}

/* "+01:00", "+0100", "Z" or nothing; false when it is none of these. */
static bool zone(const char *p, int *offset)
{
	int sign, h, m;

	*offset = 0;
	if (*p == '\0' || str_eq(p, "Z") || str_eq(p, "z"))
		return true;
	if (*p != '+' && *p != '-')
		return false;
	sign = *p++ == '-' ? -1 : 1;
	if ((h = digits(&p, 2)) < 0)
		return false;
	if (*p == ':')
		p++;
	m = *p != '\0' ? digits(&p, 2) : 0;
	if (m < 0 || m > 59 || h > 14 || *p != '\0')
		return false;
	*offset = sign * (h * 3600 + m * 60);
	return true;
}

bool date_parse(const char *text, int64_t *seconds)
{
	static const int last[] = {
		31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	const char *p = text;
	int y, mo, d, h = 0, mi = 0, s = 0, off = 0;

	if (text == NULL || (y = digits(&p, 4)) < 0 || *p++ != '-' ||
	    (mo = digits(&p, 2)) < 1 || mo > 12 || *p++ != '-' ||
	    (d = digits(&p, 2)) < 1 || d > last[mo - 1])
		return false;
	if (mo == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400)))
		return false;
	if (*p == 'T' || *p == 't' || *p == ' ') {
		p++;
		if ((h = digits(&p, 2)) < 0 || h > 23 || *p++ != ':' ||
		    (mi = digits(&p, 2)) < 0 || mi > 59)
			return false;
		if (*p == ':') {
			p++;
			if ((s = digits(&p, 2)) < 0 || s > 60)
				return false;
		}
		if (*p == '.')
			p += 1 + strspn(p + 1, "0123456789");
		if (*p == ' ')
			p++;
	}
	if (!zone(p, &off))
		return false;
	*seconds = days(y, mo, d) * 86400 + h * 3600 + mi * 60 + s - off;
	/* a zone may lead out of the years that have four digits */
	return *seconds >= days(0, 1, 1) * 86400 &&
	    *seconds < days(10000, 1, 1) * 86400;
}

void date_now(char out[DATE_SIZE])
{
	date_format((int64_t)time(NULL), out);
}

bool date_as_of(const char *as_of, char out[DATE_SIZE])
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t t;

	if (as_of != NULL) {
		if (!date_parse(as_of, &t))
			return false;
	} else if (!str_empty(epoch)) {
		if (!str_int(epoch, 0, INT64_C(253402300799), &t))
			return false;
	} else {
		t = (int64_t)time(NULL);
	}
	date_format(t, out);
	return true;
}

/* One part of a duration, "12M"; false when it is none of these units. */
static bool part(const char **p, const char *units, int64_t *n, char *unit)
{
	*n = 0;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++)
		if ((*n = *n * 10 + (**p - '0')) > 100000)
			return false;
	*unit = **p;
	return *unit != '\0' && strchr(units, *(*p)++) != NULL;
}

static void add_months(int64_t *t, int64_t months)
{
	static const int last[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	time_t then = (time_t)*t;
	struct tm tm;
	int64_t y, m;
	int d;

	gmtime_r(&then, &tm);
	m = tm.tm_mon + months;
	y = tm.tm_year + 1900 + m / 12;
	m %= 12;
	d = last[m] + (m == 1 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
	if (tm.tm_mday < d)
		d = tm.tm_mday;
	*t = days(y, (int)m + 1, d) * 86400 + *t % 86400;
}

bool date_until(const char *text, const char *from, char out[DATE_SIZE])
{
	const char *p = text;
	int64_t t, n;
	char unit;

	if (*p != 'P') {
		if (!date_parse(text, &t))
			return false;
		date_format(t, out);
		return true;
	}
	if (*++p == '\0' || !date_parse(from, &t) || t < 0)
		return false;
	while (*p != '\0') {
		if (!part(&p, "YMWD", &n, &unit))
			return false;
		if (unit == 'Y' || unit == 'M')
			add_months(&t, unit == 'Y' ? n * 12 : n);
		else
			t += n * (unit == 'W' ? 7 : 1) * 86400;
	}
	if (t > INT64_C(253402300799))
		return false;
	date_format(t, out);
	return true;
}
