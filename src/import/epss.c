/*
 * epss.c - FIRST's EPSS scores of one day, CSV: how likely a vulnerability is
 * to be exploited.
 *
 *	#model_version:v2025.03.14,score_date:2025-09-01T12:55:00Z
 *	cve,epss,percentile
 *	CVE-1999-0001,0.01297,0.78720
 *
 * Scores of different models do not compare, so model and date stay with
 * them.  A score is kept as its decimal text.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "muster/str.h"

#define MAX_LINE 256

struct scores {
	struct sink	*sink;
	const char	*name;		/* of the file */
	int64_t		 line;
	bool		 header;
	struct str	 model, date;
};

static int bad(const struct scores *s, struct err *err, const char *what)
{
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, s->name, s->line, -1);
}

/* "#model_version:V,score_date:D" */
static int comment(struct scores *s, const char *line, struct err *err)
{
	static const char model[] = "#model_version:", date[] = "score_date:";
	const char *at = strstr(line, date);

	if (s->header || !str_starts(line, model) || at == NULL)
		return bad(s, err, "the first line should be "
		    "#model_version:...,score_date:...");
	line += strlen(model);
	str_addn(&s->model, line, strcspn(line, ","));
	str_add(&s->date, at + strlen(date));
	if (sink_meta(s->sink, "tool_version", str_text(&s->model), err) < 0)
		return -1;
	return sink_meta(s->sink, "tool_db", str_text(&s->date), err);
}

/* A decimal from 0 to 1, however many digits; also "9.5e-05". */
static bool is_share(const char *t)
{
	char *end;
	double v = strtod(t, &end);

	return strspn(t, "0123456789.eE-+") == strlen(t) && *t >= '0' &&
	    *t <= '9' && *end == '\0' && v >= 0 && v <= 1;
}

static int row(struct scores *s, char *line, struct err *err)
{
	char *score = strchr(line, ','), *share, locator[40];
	struct priority p = { .kind = "epss", .id = line,
	    .at = str_text(&s->date), .locator = locator };

	if (!s->header) {
		if (strcmp(line, "cve,epss,percentile") != 0)
			return bad(s, err, "the columns should be "
			    "cve,epss,percentile");
		s->header = true;
		return 0;
	}
	if (!str_starts(line, "CVE-") || score == NULL)
		return bad(s, err, "a row should begin with a CVE and a score");
	*score++ = '\0';
	if ((share = strchr(score, ',')) == NULL)
		return bad(s, err, "a row should have three columns");
	*share++ = '\0';
	if (!is_share(score) || !is_share(share))
		return bad(s, err, "score and percentile should be decimals "
		    "from 0 to 1");
	snprintf(locator, sizeof(locator), "line:%lld", (long long)s->line);
	p.score = score;
	p.percentile = share;
	sink_count(s->sink, COUNT_READ, 1);
	return sink_priority(s->sink, &p, err);
}

static int one_line(struct scores *s, struct str *line, struct err *err)
{
	s->line++;
	if (line->len > 0 && line->s[line->len - 1] == '\r')
		line->s[--line->len] = '\0';
	if (line->len == 0)
		return 0;
	if (!str_is_utf8(line->s, line->len) || strlen(line->s) != line->len)
		return bad(s, err, "a line that is no UTF-8 text");
	return line->s[0] == '#' ? comment(s, line->s, err) :
	    row(s, line->s, err);
}

static int read_scores(struct input *in, struct sink *sink, struct err *err)
{
	struct scores s = { .sink = sink, .name = input_name(in) };
	struct str line = STR_INIT;
	const char *p;
	size_t len;
	int rc = sink_meta(sink, "tool", "FIRST EPSS", err);

	while (rc == 0 && (p = input_next(in, &len, err)) != NULL && len > 0) {
		const char *end = p + len;

		while (rc == 0 && p < end) {
			const char *nl = memchr(p, '\n', (size_t)(end - p));
			size_t n = (size_t)((nl != NULL ? nl : end) - p);

			if (line.len + n > MAX_LINE) {
				s.line++;
				rc = bad(&s, err, "a line of over 256 bytes");
				break;
			}
			str_addn(&line, p, n);
			p += n + (nl != NULL);
			if (nl == NULL)
				break;
			rc = one_line(&s, &line, err);
			str_clear(&line);
		}
		if (rc < 0)
			break;
	}
	if (rc == 0 && err->kind != ERR_NONE)
		rc = -1;
	if (rc == 0)
		rc = one_line(&s, &line, err);
	if (rc == 0 && !s.header)
		rc = bad(&s, err, "no line with the columns");
	str_free(&line);
	str_free(&s.model);
	str_free(&s.date);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_TEXT)
		return 0;
	return str_starts(p->head, "#model_version:") ||
	    str_starts(p->head, "cve,epss,percentile") ? 95 : 0;
}

const struct importer importer_epss = {
	.name = "epss",
	.about = "FIRST's EPSS scores, CSV, as it comes (gzip)",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_scores,
};
