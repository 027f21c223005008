/* book.c - a workbook, through libxlsxwriter; see book.h. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "book.h"
#include "cell.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "proof_book.h"
#include "render_priv.h"

struct sheet {
	lxw_worksheet	*w;
	int64_t		 row, cells;
};

struct book {
	int		 fd;
	lxw_workbook	*w;
	lxw_format	*look[BOOK_LOOKS];
	struct sheet	 sheet[BOOK_SHEETS];
	int		 sheets;
	struct str	 text, mark;
	lxw_error	 bad;
};

/* Its temporary files are named by a counter that threads would share. */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static int refuse(lxw_error bad, struct err *err)
{
	return err_set(err, bad == LXW_ERROR_MEMORY_MALLOC_FAILED ||
	    bad == LXW_ERROR_CREATING_TMPFILE ||
	    bad == LXW_ERROR_CREATING_XLSX_FILE ||
	    bad == LXW_ERROR_READING_TMPFILE ? ERR_SYSTEM : ERR_BUG,
	    "the spreadsheet cannot be written: %s", lxw_strerror(bad));
}

int book_about(const struct making *m, struct book_about *a, struct err *err)
{
	struct str line = STR_INIT;
	struct query q;
	int rc;

	*a = (struct book_about){ .marking = NULL };
	query_open(&q, m->r->store, SQL_RENDER_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0) {
		int n = query_columns(&q);

		snprintf(a->as_of, sizeof(a->as_of), "%s", query_text(&q, 0));
		str_addf(&line, "%s, version %s, %s", query_text(&q, 2),
		    query_text(&q, 3), query_text(&q, 4));
		a->benchmark = mem_dup(str_text(&line));
		while (n-- > 0)
			if (str_eq(query_column(&q, n), "_marking") &&
			    query_null(&q, n) != NULL)
				a->marking = mem_dup(query_text(&q, n));
	}
	query_close(&q);
	str_free(&line);
	if (rc == 0)
		rc = err_set(err, ERR_BUG, "there is no assessment");
	return rc < 0 ? -1 : 0;
}

void book_about_free(struct book_about *a)
{
	free(a->marking);
	free(a->benchmark);
}

static void looks(struct book *b)
{
	static const struct {
		lxw_color_t fill;
		bool bold, centred;
	} how[BOOK_LOOKS] = {
		[BOOK_HEAD] = { 0xd9e1f2, true, false },
		[BOOK_BANNER] = { 0, true, true },
		[BOOK_MISSING] = { 0xffff99, false, false },
		[BOOK_INHERITED] = { 0xc6efce, false, false },
		[BOOK_OWN] = { 0xddebf7, false, false },
		[BOOK_ELSEWHERE] = { 0xd9d9d9, false, false },
	};

	for (int i = 0; i < BOOK_LOOKS; i++) {
		lxw_format *f = b->look[i] = workbook_add_format(b->w);

		format_set_text_wrap(f);
		format_set_num_format(f, "@");
		format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
		if (how[i].bold)
			format_set_bold(f);
		if (how[i].centred)
			format_set_align(f, LXW_ALIGN_CENTER);
		if (how[i].fill != 0)
			format_set_bg_color(f, how[i].fill);
	}
}

/* Dated by the assessment, not by the clock. */
static void properties(struct book *b, const struct book_about *a,
    const char *title)
{
	int64_t at = 0;
	lxw_doc_properties p = {
		.title = (char *)(uintptr_t)title,
		.author = (char *)(uintptr_t)"muster",
		.status = a->marking,
	};

	date_parse(a->as_of, &at);
	p.created = at > 0 ? (time_t)at : 1;	/* 0 would be now */
	workbook_set_properties(b->w, &p);
}

/* "&" begins a field in a page's header. */
static void page_mark(struct book *b, const char *marking)
{
	if (marking == NULL)
		return;
	str_add(&b->mark, "&C");
	for (; *marking != '\0'; marking++)
		str_add(&b->mark, *marking == '&' ? "&&" :
		    (const char[]){ *marking, '\0' });
}

struct book *book_open(const struct making *m, const struct book_about *a,
    const char *title, struct err *err)
{
	struct str name = STR_INIT;
	char path[64];
	struct book *b;
	int fd;

	str_addf(&name, "%s%s", m->slug, m->o->suffix);
	fd = m->o->package ?
	    files_start(m->files, "", m->o->place, err) :
	    files_start(m->files, m->o->place, str_text(&name), err);
	str_free(&name);
	if (fd < 0)
		return NULL;
	b = mem_alloc(sizeof(*b));
	*b = (struct book){ .fd = fd };
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	b->w = workbook_new_opt(path, &(lxw_workbook_options){
	    .constant_memory = LXW_TRUE,
	    .tmpdir = (char *)(uintptr_t)files_dir(m->files) });
	if (b->w == NULL) {
		refuse(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
		book_close(b);
		return NULL;
	}
	looks(b);
	properties(b, a, title);
	page_mark(b, a->marking);
	return b;
}

int book_sheet(struct book *b, const char *name, const int *widths,
    size_t columns, struct err *err)
{
	struct sheet *s = &b->sheet[b->sheets];

	if (b->sheets == BOOK_SHEETS)
		return err_set(err, ERR_BUG, "more than %d sheets",
		    BOOK_SHEETS);
	pthread_mutex_lock(&one);
	s->w = workbook_add_worksheet(b->w, name);
	pthread_mutex_unlock(&one);
	if (s->w == NULL)
		return refuse(LXW_ERROR_CREATING_TMPFILE, err);
	b->sheets++;
	for (size_t i = 0; i < columns; i++)
		worksheet_set_column_opt(s->w, (lxw_col_t)i, (lxw_col_t)i,
		    widths[i], NULL, &(lxw_row_col_options){
		    .hidden = widths[i] == 0 });
	if (b->mark.len != 0) {
		worksheet_set_header(s->w, str_text(&b->mark));
		worksheet_set_footer(s->w, str_text(&b->mark));
	}
	return 0;
}

void book_cell(struct book *b, int sheet, int column, const char *text,
    enum book_look look)
{
	struct sheet *s = &b->sheet[sheet];
	lxw_error bad;

	if (text[0] == '\0')
		return;
	str_clear(&b->text);
	cell_add(&b->text, text, CELL_MAX);
	bad = worksheet_write_string(s->w, (lxw_row_t)s->row,
	    (lxw_col_t)column, str_text(&b->text), b->look[look]);
	if (bad != LXW_NO_ERROR && b->bad == LXW_NO_ERROR)
		b->bad = bad;
	s->cells++;
}

void book_fill(struct book *b, int sheet, int column, enum book_look look)
{
	struct sheet *s = &b->sheet[sheet];

	worksheet_write_blank(s->w, (lxw_row_t)s->row, (lxw_col_t)column,
	    b->look[look]);
}

void book_wide(struct book *b, int sheet, int last, const char *text,
    enum book_look look)
{
	struct sheet *s = &b->sheet[sheet];
	lxw_row_t row = (lxw_row_t)s->row;

	worksheet_merge_range(s->w, row, 0, row, (lxw_col_t)last, "",
	    b->look[look]);
	book_cell(b, sheet, 0, text, look);
}

void book_freeze(struct book *b, int sheet)
{
	worksheet_freeze_panes(b->sheet[sheet].w,
	    (lxw_row_t)b->sheet[sheet].row, 0);
}

int book_next(struct book *b, int sheet, struct err *err)
{
	if (++b->sheet[sheet].row < BOOK_ROWS)
		return 0;
	return err_set(err, ERR_USAGE, "a sheet of more than %d rows, which "
	    "is more than spreadsheets hold; leave this output out with -f",
	    BOOK_ROWS - 1);
}

int64_t book_row(const struct book *b, int sheet)
{
	return b->sheet[sheet].row;
}

int book_write(struct book *b, struct err *err)
{
	int64_t cells[BOOK_SHEETS];
	lxw_error bad;

	for (int i = 0; i < b->sheets; i++)
		cells[i] = b->sheet[i].cells;
	pthread_mutex_lock(&one);
	bad = workbook_close(b->w);
	pthread_mutex_unlock(&one);
	b->w = NULL;
	if (b->bad != LXW_NO_ERROR || bad != LXW_NO_ERROR)
		return refuse(b->bad != LXW_NO_ERROR ? b->bad : bad, err);
	return proof_book(b->fd, cells, b->sheets, err);
}

void book_close(struct book *b)
{
	if (b == NULL)
		return;
	if (b->w != NULL)
		lxw_workbook_free(b->w);
	close(b->fd);
	str_free(&b->text);
	str_free(&b->mark);
	free(b);
}
