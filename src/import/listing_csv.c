/*
 * listing_csv.c - muster's own layout of a list of images, in CSV.
 *
 *	#date,2026-11-20
 *	#source,Iron Bank
 *	inventory_image,manifest,config,diff_ids,source,date
 *	registry.example/web:1.4,sha256:...,,sha256:... sha256:...,,2026-11-01
 *
 * The name of the first column tells what the list is.
 */
#include <string.h>

#include "listing.h"
#include "muster/csv.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/sink.h"

#define COLUMNS ",manifest,config,diff_ids,source,date"
#define NCOLUMNS 6

struct table {
	struct sink	*sink;
	const char	*role, *name;
	bool		 heading;
	struct listing_row row;
};

const char *listing_csv_heading(const char *role)
{
	return str_eq(role, "approved") ? "approved_base" COLUMNS :
	    "inventory_image" COLUMNS;
}

static int bad(const struct table *t, const struct csv_row *row,
    struct err *err, const char *what)
{
	err_set(err, ERR_INPUT, "%s; expected %s", what,
	    listing_csv_heading(t->role));
	return err_at(err, t->name, row->line, -1);
}

/* A line before the heading that says something of the list. */
static int preamble(struct table *t, const struct csv_row *row, struct err *err)
{
	const char *value = row->n > 1 ? row->field[1] : "";
	char at[32];

	snprintf(at, sizeof(at), "line:%lld", (long long)row->line);
	if (str_eq(row->field[0], "#date"))
		return listing_date(t->sink, NULL, value, at, err);
	if (str_eq(row->field[0], "#source"))
		return sink_fact(t->sink, &(struct fact){ 0,
		    "inventory.source", NULL, value, at }, err);
	return 0;
}

static int heading(struct table *t, const struct csv_row *row, struct err *err)
{
	struct str line = STR_INIT;

	for (size_t i = 0; i < row->n; i++)
		str_addf(&line, "%s%s", i > 0 ? "," : "", row->field[i]);
	t->heading = str_eq(str_text(&line), listing_csv_heading(t->role));
	str_free(&line);
	return t->heading ? 0 : bad(t, row, err, "another heading");
}

static int layers(struct table *t, const struct csv_row *row, struct err *err)
{
	char one[128];

	for (const char *p = row->field[3]; *p != '\0'; ) {
		size_t len;

		p += strspn(p, " \n;");
		if ((len = strcspn(p, " \n;")) == 0)
			break;
		snprintf(one, sizeof(one), "%.*s", len < sizeof(one) ?
		    (int)len : (int)sizeof(one) - 1, p);
		if (!listing_layer(&t->row, one))
			return bad(t, row, err, "too many diff_ids");
		p += len;
	}
	return 0;
}

static int image(struct table *t, const struct csv_row *row, struct err *err)
{
	char at[32];

	if (row->n != NCOLUMNS)
		return bad(t, row, err, "a row of another number of fields");
	listing_clear(&t->row);
	str_add(&t->row.reference, row->field[0]);
	str_add(&t->row.digest, row->field[1]);
	str_add(&t->row.config, row->field[2]);
	str_add(&t->row.source, row->field[4]);
	str_add(&t->row.created, row->field[5]);
	snprintf(at, sizeof(at), "line:%lld", (long long)row->line);
	if (layers(t, row, err) < 0)
		return -1;
	return listing_send(t->sink, t->role, &t->row, at, err);
}

static int on_row(void *ctx, const struct csv_row *row, struct err *err)
{
	struct table *t = ctx;

	if (t->heading)
		return image(t, row, err);
	return row->field[0][0] == '#' ? preamble(t, row, err) :
	    heading(t, row, err);
}

int listing_csv_read(struct input *in, struct sink *s, const char *role,
    struct err *err)
{
	struct table t = { .sink = s, .role = role, .name = input_name(in) };
	int rc = csv_read(in, on_row, &t, err);

	if (rc == 0 && !t.heading) {
		err_set(err, ERR_INPUT, "no heading; expected %s",
		    listing_csv_heading(role));
		rc = err_at(err, t.name, 0, -1);
	}
	listing_free(&t.row);
	return rc;
}
