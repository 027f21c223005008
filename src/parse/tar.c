/*
 * tar.c - tar through libarchive, with only its tar reader; see tar.h.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/tar.h"

struct tar {
	struct archive		*a;
	struct archive_entry	*entry;
	decode_fill		*from;
	void			*ctx;
	struct err		 inner;		/* why the source failed */
	bool			 empty;		/* nothing came at all */
	bool			 peeked;	/* first block, not handed on */
	const unsigned char	*first;
	ssize_t			 first_len;
	char			*name, *link;	/* tar-name + 1 each */
	int64_t			 pos;		/* in the file, with holes */
	const unsigned char	*data;		/* a block after a hole */
	size_t			 data_len;
	int64_t			 data_at;
	bool			 data_end;
	int64_t			 holes;		/* zeros made so far */
};

bool tar_clean(char *path, size_t *len)
{
	size_t out = 0, n = *len;
	bool good = true;

	for (size_t i = 0; i < n;) {
		size_t j = i;

		while (j < n && path[j] != '/')
			j++;
		if (j - i == 2 && path[i] == '.' && path[i + 1] == '.')
			good = false;
		if (j > i && !(j - i == 1 && path[i] == '.')) {
			if (out > 0)
				path[out++] = '/';
			memmove(path + out, path + i, j - i);
			out += j - i;
		}
		i = j + 1;
	}
	path[out] = '\0';
	*len = out;
	return good;
}

/* A ustar or GNU magic, or a v7 header whose checksum is right. */
bool tar_seen(const unsigned char *head, size_t len)
{
	unsigned sum = 0, said = 0;
	size_t i;

	if (len < 512)
		return false;
	if (memcmp(head + 257, "ustar", 5) == 0)
		return true;
	for (i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : head[i];
	for (i = 148; i < 156 && head[i] == ' '; i++)
		;
	for (; i < 156 && head[i] >= '0' && head[i] <= '7'; i++)
		said = said * 8 + (head[i] - '0');
	return sum == said && head[0] != '\0';
}

static la_ssize_t read_block(struct archive *a, void *ctx, const void **p)
{
	struct tar *t = ctx;
	const unsigned char *bytes = t->first;
	ssize_t len = t->first_len;

	if (t->peeked) {
		t->peeked = false;
	} else if ((len = t->from(t->ctx, &bytes, &t->inner)) < 0) {
		archive_set_error(a, EIO, "cannot be read");
		return -1;
	}
	*p = bytes;
	return (la_ssize_t)len;
}

/* What libarchive, or the source below it, says is wrong. */
static int fail(struct tar *t, struct err *err)
{
	const char *why = archive_error_string(t->a);

	if (t->inner.kind != ERR_NONE) {
		*err = t->inner;
		return -1;
	}
	return err_set(err, ERR_INPUT, "not a sound tar near byte %lld: %s",
	    (long long)archive_filter_bytes(t->a, 0),
	    why != NULL ? why : "not valid");
}

struct tar *tar_open(decode_fill *from, void *ctx, struct err *err)
{
	struct tar *t = mem_alloc(sizeof(*t));

	t->from = from;
	t->ctx = ctx;
	t->inner = (struct err)ERR_INIT;
	if ((t->first_len = from(ctx, &t->first, err)) < 0)
		goto fail;
	t->name = mem_alloc((size_t)cap(CAP_TAR_NAME) + 1);
	t->link = mem_alloc((size_t)cap(CAP_TAR_NAME) + 1);
	if (t->first_len == 0) {
		t->empty = true;	/* a layer may be empty */
		return t;
	}
	t->peeked = true;
	t->a = mem_must(archive_read_new());
	archive_read_support_format_tar(t->a);
	archive_read_support_filter_none(t->a);
	if (archive_read_open(t->a, t, NULL, read_block, NULL) != ARCHIVE_OK) {
		fail(t, err);
		goto fail;
	}
	return t;
fail:
	tar_close(t);
	return NULL;
}

void tar_close(struct tar *t)
{
	if (t == NULL)
		return;
	if (t->a != NULL)
		archive_read_free(t->a);
	free(t->name);
	free(t->link);
	free(t);
}

/* Copy a name into its buffer and clean it. */
static int take(const char *from, char *to, size_t *len, bool *outside,
    struct err *err)
{
	*len = from != NULL ? strlen(from) : 0;
	if (*len > (size_t)cap(CAP_TAR_NAME))
		return cap_err(err, CAP_TAR_NAME, "a name of %zu bytes", *len);
	memcpy(to, from != NULL ? from : "", *len);
	to[*len] = '\0';
	*outside = !tar_clean(to, len);
	return 0;
}

static bool type_of(struct archive_entry *a, enum tar_type *type)
{
	if (archive_entry_hardlink(a) != NULL) {
		*type = TAR_HARD;
		return true;
	}
	switch (archive_entry_filetype(a)) {
	case AE_IFREG: *type = TAR_FILE; return true;
	case AE_IFDIR: *type = TAR_DIR; return true;
	case AE_IFLNK: *type = TAR_LINK; return true;
	case AE_IFCHR: *type = TAR_CHAR; return true;
	case AE_IFBLK: *type = TAR_BLOCK; return true;
	case AE_IFIFO: *type = TAR_FIFO; return true;
	default: return false;
	}
}

static void find_caps(struct archive_entry *a, struct tar_entry *e)
{
	const char *name;
	const void *value;
	size_t len;

	if (archive_entry_xattr_reset(a) == 0)
		return;
	while (archive_entry_xattr_next(a, &name, &value, &len) ==
	    ARCHIVE_OK) {
		if (name == NULL || strcmp(name, "security.capability") != 0)
			continue;
		e->caps = value;
		e->caps_len = len;
	}
}

static int links(struct tar *t, struct tar_entry *e, struct err *err)
{
	size_t len;

	if (e->type == TAR_HARD) {
		e->link = t->link;
		return take(archive_entry_hardlink(t->entry), t->link, &len,
		    &e->link_outside, err);
	}
	if (e->type == TAR_LINK) {
		e->link = archive_entry_symlink(t->entry);
		if (e->link == NULL)
			e->link = "";
		if (strlen(e->link) > (size_t)cap(CAP_TAR_NAME))
			return cap_err(err, CAP_TAR_NAME, "a link of %zu "
			    "bytes", strlen(e->link));
	}
	return 0;
}

static int describe(struct tar *t, struct tar_entry *e, struct err *err)
{
	struct archive_entry *a = t->entry;

	memset(e, 0, sizeof(*e));
	if (!type_of(a, &e->type))
		return err_set(err, ERR_INPUT, "a tar entry of no known type "
		    "near byte %lld", (long long)archive_read_header_position(
		    t->a));
	if (take(archive_entry_pathname(a), t->name, &e->name_len,
	    &e->outside, err) < 0 || links(t, e, err) < 0)
		return -1;
	e->name = t->name;
	e->mode = (unsigned)archive_entry_perm(a) & 07777;
	e->uid = archive_entry_uid(a);
	e->gid = archive_entry_gid(a);
	e->size = e->type == TAR_FILE ? archive_entry_size(a) : 0;
	e->at = archive_filter_bytes(t->a, 0);
	e->sparse = archive_entry_sparse_count(a) > 0;
	find_caps(a, e);
	if (e->size < 0 || e->size > cap(CAP_TAR_FILE))
		return cap_err(err, CAP_TAR_FILE, "a file of %lld bytes near "
		    "byte %lld", (long long)e->size, (long long)e->at);
	return 0;
}

/* libarchive warns of names it cannot convert to a locale, and then hands
 * them on as they are, which is what we want; other warnings are damage. */
static bool harmless(struct archive *a)
{
	const char *why = archive_error_string(a);

	return why != NULL && strstr(why, "can't be converted") != NULL;
}

int tar_next(struct tar *t, struct tar_entry *e, struct err *err)
{
	int rc;

	if (t->empty)
		return 0;
	rc = archive_read_next_header(t->a, &t->entry);
	t->pos = t->data_at = 0;
	t->data_len = 0;
	t->data_end = false;
	if (rc == ARCHIVE_EOF)
		return 0;
	if (rc != ARCHIVE_OK && (rc != ARCHIVE_WARN || !harmless(t->a)))
		return fail(t, err);
	return describe(t, e, err) < 0 ? -1 : 1;
}

/* The zeros up to the next stored byte, or up to the end. */
static ssize_t hole(struct tar *t, int64_t upto, const unsigned char **p,
    struct err *err)
{
	static const unsigned char zeros[64 * 1024];
	int64_t gap = upto - t->pos;

	if (gap > cap(CAP_TAR_HOLES) - t->holes)
		return cap_err(err, CAP_TAR_HOLES, "sparse files with holes "
		    "that are too large");
	if (gap > (int64_t)sizeof(zeros))
		gap = sizeof(zeros);
	t->pos += gap;
	t->holes += gap;
	*p = zeros;
	return (ssize_t)gap;
}

static int block(struct tar *t, struct err *err)
{
	const void *p = NULL;
	la_int64_t at = 0;
	size_t len = 0;
	int rc = archive_read_data_block(t->a, &p, &len, &at);

	if (rc == ARCHIVE_EOF) {
		t->data_end = true;
		return 0;
	}
	if (rc != ARCHIVE_OK)
		return fail(t, err);
	if (at < t->pos)
		return err_set(err, ERR_INPUT, "a sparse file whose parts "
		    "overlap");
	t->data = p;
	t->data_len = len;
	t->data_at = at;
	return 0;
}

ssize_t tar_data(struct tar *t, const unsigned char **p, struct err *err)
{
	int64_t size = archive_entry_size(t->entry);
	ssize_t len;

	while (t->data_len == 0 && !t->data_end)
		if (block(t, err) < 0)
			return -1;
	len = (ssize_t)t->data_len;
	if (len > 0 && t->data_at == t->pos) {
		*p = t->data;
		t->pos += len;
		t->data_len = 0;
		return len;
	}
	if (len > 0)
		return hole(t, t->data_at, p, err);
	return t->pos < size ? hole(t, size, p, err) : 0;
}
