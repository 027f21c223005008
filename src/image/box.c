/*
 * box.c - where blobs are: a directory, an archive file, or a stream.
 *
 * An archive that is a plain file is listed once and then read by position.
 * One that is compressed, or comes through a pipe, passes by once: what looks
 * like JSON is kept, everything else is scanned as the layer it may be.
 * Names never lead out: in a directory no link is followed, in an archive
 * links are looked up among the members.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/str.h"

#define SMALL		4096		/* kept whatever it is */
#define MAX_HOPS	8

struct member {
	char		*name, *link;	/* link: a symbolic or hard one */
	int64_t		 at, size;
	bool		 sparse;
	char		*bytes;		/* kept, NUL after it */
	struct scan	*scan;
	size_t		 order;
	bool		 twice;
};

struct box {
	int		 fd;		/* of the directory or archive; or -1 */
	bool		 dir;
	struct member	*members;	/* sorted by name once listed */
	size_t		 n, cap;
	size_t		 kept;		/* bytes in memory */
};

static struct box *new(int fd, bool dir)
{
	struct box *b = mem_alloc(sizeof(*b));

	b->fd = fd;
	b->dir = dir;
	return b;
}

struct box *box_open_dir(int dirfd)
{
	return new(dirfd, true);
}

void box_close(struct box *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->n; i++) {
		free(b->members[i].name);
		free(b->members[i].link);
		free(b->members[i].bytes);
		scan_free(b->members[i].scan);
	}
	free(b->members);
	free(b);
}

/* A symbolic link's target as a member's name: beside the link's own. */
static char *link_name(const struct tar_entry *e)
{
	struct str s = STR_INIT;
	const char *slash = strrchr(e->name, '/');
	const char *to = e->link;
	size_t len;
	char *name;

	if (e->type == TAR_HARD)
		return mem_dup(e->link_outside ? "" : e->link);
	if (slash != NULL && *to != '/')
		str_addn(&s, e->name, (size_t)(slash - e->name));
	/* "../x" beside "a/b" is "x": leave the last part out each time */
	while (strncmp(to, "../", 3) == 0 && s.len > 0) {
		while (s.len > 0 && s.s[s.len - 1] != '/')
			s.len--;
		if (s.len > 0)
			s.len--;
		s.s[s.len] = '\0';
		to += 3;
	}
	str_addc(&s, '/');
	str_add(&s, to);
	name = mem_dup(str_text(&s));
	len = strlen(name);
	if (!tar_clean(name, &len))
		name[0] = '\0';		/* leads out: names no member */
	str_free(&s);
	return name;
}

static struct member *add(struct box *b, const struct tar_entry *e)
{
	struct member *m;

	MEM_ROOM(b->members, b->n, b->cap);
	m = &b->members[b->n];
	*m = (struct member){ .name = mem_dup(e->name), .at = e->at,
	    .size = e->size, .sparse = e->sparse, .order = b->n };
	if (e->type == TAR_LINK || e->type == TAR_HARD)
		m->link = link_name(e);
	b->n++;
	return m;
}

static int by_name(const void *x, const void *y)
{
	const struct member *a = x, *b = y;
	int c = strcmp(a->name, b->name);

	return c != 0 ? c : a->order < b->order ? -1 : 1;
}

/* What still comes of one member of a stream, its first bytes again. */
struct rest {
	struct tar		*tar;
	const unsigned char	*first;
	ssize_t			 len;
};

static ssize_t rest_next(void *ctx, const unsigned char **p, struct err *err)
{
	struct rest *r = ctx;

	if (r->first == NULL)
		return tar_data(r->tar, p, err);
	*p = r->first;
	r->first = NULL;
	return r->len;
}

static bool looks_json(const unsigned char *p, size_t len)
{
	size_t i = 0;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < len && (p[i] == ' ' || (p[i] >= '\t' && p[i] <= '\r')))
		i++;
	return i < len && (p[i] == '{' || p[i] == '[');
}

static int keep(struct box *b, struct member *m, struct rest *r,
    struct err *err)
{
	const unsigned char *p;
	int64_t at = 0;
	ssize_t len;

	b->kept += (size_t)m->size;
	m->bytes = mem_alloc((size_t)m->size + 1);
	while ((len = rest_next(r, &p, err)) > 0) {
		if (len > m->size - at)
			return err_set(err, ERR_INPUT, "the member \"%s\" is "
			    "longer than it says", m->name);
		memcpy(m->bytes + at, p, (size_t)len);
		at += len;
	}
	return (int)len;
}

/* One member that passes by. */
static int pass(struct box *b, struct member *m, struct tar *t,
    struct err *err)
{
	struct rest r = { .tar = t };

	if ((r.len = tar_data(t, &r.first, err)) < 0)
		return -1;
	if (r.len == 0)
		r.first = NULL;
	if ((m->size <= SMALL || looks_json(r.first, (size_t)r.len)) &&
	    m->size <= cap(CAP_IMAGE_JSON) &&
	    (int64_t)b->kept + m->size <= cap(CAP_IMAGE_KEPT))
		return keep(b, m, &r, err);
	/* It passes once: what any package database may record. */
	m->scan = scan_new(HASH(SHA_MD5) | HASH(SHA_1));
	scan_run(m->scan, rest_next, &r);
	return 0;
}

static int list(struct box *b, decode_fill *from, void *ctx, bool stream,
    struct err *err)
{
	struct tar *t = tar_open(from, ctx, err);
	struct tar_entry e;
	int rc = -1;

	if (t == NULL)
		return -1;
	while ((rc = tar_next(t, &e, err)) > 0) {
		struct member *m;

		if (e.outside || e.name_len == 0 || e.type == TAR_DIR)
			continue;
		if (b->n == (size_t)cap(CAP_IMAGE_MEMBERS)) {
			rc = cap_err(err, CAP_IMAGE_MEMBERS, "too many "
			    "members");
			break;
		}
		m = add(b, &e);
		if (stream && e.type == TAR_FILE &&
		    (rc = pass(b, m, t, err)) < 0)
			break;
	}
	tar_close(t);
	if (rc < 0)
		return -1;
	if (b->n > 0)
		qsort(b->members, b->n, sizeof(*b->members), by_name);
	for (size_t i = 1; i < b->n; i++)
		if (strcmp(b->members[i].name, b->members[i - 1].name) == 0)
			b->members[i].twice = true;
	return 0;
}

static ssize_t input_bytes(void *ctx, const unsigned char **p,
    struct err *err)
{
	size_t len;

	*p = input_next_raw(ctx, &len, err);
	return *p != NULL ? (ssize_t)len : -1;
}

static ssize_t decoded(void *ctx, const unsigned char **p, struct err *err)
{
	return decode_next(ctx, p, err);
}

/* The whole stream, to its own end: a checksum may stand there. */
static int list_stream(struct box *b, struct input *in,
    enum decode_kind kind, struct err *err)
{
	struct decode *d = decode_open(kind, input_bytes, in, err);
	const unsigned char *p;
	ssize_t n = -1;

	if (d == NULL)
		return -1;
	if (list(b, decoded, d, true, err) == 0)
		while ((n = decode_next(d, &p, err)) > 0)
			;
	decode_close(d);
	return (int)n;
}

static int list_file(struct box *b, struct input *in, struct err *err)
{
	struct source s = { .fd = b->fd, .left = input_size(in) };
	int rc = list(b, source_next, &s, false, err);

	source_close(&s);
	for (size_t i = 0; rc == 0 && i < b->n; i++) {
		const struct member *m = &b->members[i];

		if (m->link == NULL && !m->sparse &&
		    m->size > input_size(in) - m->at)
			rc = err_set(err, ERR_INPUT, "the file ends inside "
			    "the member \"%s\"", m->name);
	}
	return rc;
}

struct box *box_open_archive(struct input *in, struct err *err)
{
	size_t len;
	const unsigned char *head = input_raw_head(in, &len, err);
	enum decode_kind kind;
	struct box *b;

	if (head == NULL)
		return NULL;
	kind = decode_sniff(head, len);
	b = new(kind == DECODE_NONE ? input_fd(in) : -1, false);
	if ((b->fd >= 0 ? list_file(b, in, err) :
	    list_stream(b, in, kind, err)) < 0) {
		box_close(b);
		return NULL;
	}
	return b;
}

/* The member of a name: the last of several, links followed. */
static struct member *find(struct box *b, const char *name)
{
	for (int hops = 0; hops < MAX_HOPS; hops++) {
		size_t lo = 0, hi = b->n;

		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;

			if (strcmp(b->members[mid].name, name) <= 0)
				lo = mid + 1;
			else
				hi = mid;
		}
		if (lo == 0 || strcmp(b->members[lo - 1].name, name) != 0)
			return NULL;
		if (b->members[lo - 1].link == NULL)
			return &b->members[lo - 1];
		name = b->members[lo - 1].link;
	}
	return NULL;
}

/* Open a file of the directory, following no link on the way. */
static int open_below(int dirfd, const char *name)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int at = dirfd, fd = -1;
	char part[256];

	for (;;) {
		size_t len = strcspn(name, "/");
		bool last = name[len] == '\0';

		if (len == 0 || len >= sizeof(part)) {
			errno = ENOENT;
			break;
		}
		memcpy(part, name, len);
		part[len] = '\0';
		if (strcmp(part, "..") == 0 || strcmp(part, ".") == 0) {
			errno = ENOENT;
			break;
		}
		fd = openat(at, part, last ? flags : flags | O_DIRECTORY);
		if (at != dirfd)
			close(at);
		if (fd < 0 || last)
			return fd;
		at = fd;
		name += len + 1;
	}
	if (at != dirfd)
		close(at);
	return -1;
}

static int open_file(struct box *b, const char *name, struct source *s,
    struct err *err)
{
	struct stat st;
	int fd = open_below(b->fd, name);

	if (fd < 0)
		return err_set(err, ERR_INPUT, "there is no file \"%s\" (%s)",
		    name, errno == ELOOP || errno == ENOTDIR ?
		    "a symbolic link is not followed" : strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(err, ERR_INPUT, "\"%s\" is no regular file",
		    name);
	}
	*s = (struct source){ .fd = fd, .own = true, .left = st.st_size };
	return 0;
}

static int open_member(struct box *b, const char *name, struct source *s,
    struct err *err)
{
	struct member *m;

	if (b->dir)
		return open_file(b, name, s, err);
	if ((m = find(b, name)) == NULL)
		return err_set(err, ERR_INPUT, "the archive has no member "
		    "\"%s\"", name);
	if (m->sparse)
		return err_set(err, ERR_INPUT, "the member \"%s\" is stored "
		    "as a sparse file", name);
	if (m->bytes != NULL) {
		source_memory(s, m->bytes, (size_t)m->size);
		return 0;
	}
	if (b->fd < 0 && m->size > cap(CAP_IMAGE_JSON))
		return cap_err(err, CAP_IMAGE_JSON, "\"%.200s\" is %lld bytes "
		    "long", name, (long long)m->size);
	if (b->fd < 0)
		return cap_err(err, CAP_IMAGE_KEPT, "the member \"%.100s\" is "
		    "no JSON document, or is too large with those before it",
		    name);
	*s = (struct source){ .fd = b->fd, .at = m->at, .left = m->size };
	return 0;
}

bool box_has(struct box *b, const char *name)
{
	int fd;

	if (!b->dir)
		return find(b, name) != NULL;
	if ((fd = open_below(b->fd, name)) < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

char *box_read(struct box *b, const char *name, size_t *len,
    struct err *err)
{
	struct member *m = b->dir ? NULL : find(b, name);
	struct source s = { 0 };
	const unsigned char *p;
	struct str text = STR_INIT;
	char *out = NULL;
	ssize_t n;

	if (m != NULL && m->twice) {
		err_set(err, ERR_INPUT, "the archive holds \"%s\" twice, and "
		    "readers disagree which one counts", name);
		return NULL;
	}
	if (open_member(b, name, &s, err) < 0)
		return NULL;
	if (s.left > cap(CAP_IMAGE_JSON)) {
		cap_err(err, CAP_IMAGE_JSON, "\"%.200s\" is %lld bytes long",
		    name, (long long)s.left);
		goto out;
	}
	while ((n = source_next(&s, &p, err)) > 0)
		str_addn(&text, p, (size_t)n);
	if (n < 0)
		goto out;
	*len = text.len;
	out = mem_dupn(str_text(&text), text.len);
out:
	str_free(&text);
	source_close(&s);
	return out;
}

int box_source(struct box *b, const char *name, struct source *s,
    struct err *err)
{
	return open_member(b, name, s, err);
}

struct scan *box_scan(struct box *b, const char *name, unsigned hashes,
    bool *shared)
{
	struct member *m = b->dir ? NULL : find(b, name);
	struct err err = ERR_INIT;
	struct source s = { 0 };
	struct scan *scan;

	*shared = m != NULL && m->scan != NULL;
	if (*shared)
		return m->scan;
	scan = scan_new(hashes);
	if (open_member(b, name, &s, &err) < 0) {
		scan_fail(scan, box_has(b, name) ? SCAN_UNREADABLE :
		    SCAN_MISSING, err.text);
		return scan;
	}
	scan_run(scan, source_next, &s);
	source_close(&s);
	return scan;
}
