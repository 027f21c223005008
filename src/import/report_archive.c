/*
 * report_archive.c - a tar of reports, as Iron Bank publishes one an image:
 * every file in it is imported for itself.
 *
 * An image archive is a tar as well.  Its members have names of few kinds, so
 * the names at the beginning tell one from the other; what they do not tell
 * is left to the reader of images.
 */
#include <string.h>

#include "muster/decode.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/tar.h"

/* The file's bytes, or those of its head, unpacked once. */
struct source {
	struct input		*in;		/* NULL: the head alone */
	const unsigned char	*head;
	size_t			 head_len;
	struct decode		*unpack;	/* NULL: it is not packed */
};

static ssize_t raw(void *ctx, const unsigned char **p, struct err *err)
{
	struct source *s = ctx;
	size_t n = s->head_len;

	if (s->in != NULL) {
		*p = input_next_raw(s->in, &n, err);
		return *p == NULL ? -1 : (ssize_t)n;
	}
	*p = s->head;
	s->head_len = 0;
	return (ssize_t)n;
}

static ssize_t bytes(void *ctx, const unsigned char **p, struct err *err)
{
	struct source *s = ctx;

	return s->unpack != NULL ? decode_next(s->unpack, p, err) :
	    raw(s, p, err);
}

static struct tar *open_source(struct source *s, const unsigned char *head,
    size_t len, struct err *err)
{
	enum decode_kind kind = decode_sniff(head, len);

	if (kind != DECODE_NONE &&
	    (s->unpack = decode_open(kind, raw, s, err)) == NULL)
		return NULL;
	return tar_open(bytes, s, err);
}

/* blobs/sha256/..., manifest.json, HEX.json, HEX/layer.tar */
static bool is_of_image(const char *name)
{
	static const char *const own[] = {
		"oci-layout", "index.json", "manifest.json", "repositories",
		"version", "blobs"
	};
	size_t hex;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(name, own[i]) == 0)
			return true;
	if (str_starts(name, "sha256:"))
		name += strlen("sha256:");
	hex = strspn(name, "0123456789abcdef");
	return str_starts(name, "blobs/") || (hex == 64 &&
	    (name[64] == '\0' || name[64] == '.' || name[64] == '/'));
}

static bool is_of_reports(const char *name)
{
	static const char *const kinds[] = {
		".json", ".xml", ".csv", ".yaml", ".yml", ".txt", ".html",
		".md", ".xlsx", ".ckl", ".cklb", ".sarif", ".env", ".log",
		"access_log", "LICENSE"
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_ends(name, kinds[i]))
			return true;
	return false;
}

static int bid(const struct probe *p)
{
	struct source s = { NULL, p->raw, p->raw_len, NULL };
	struct err ignored = ERR_INIT;
	struct tar_entry e;
	struct tar *t;
	bool reports = false, image = false;

	if (p->kind == PROBE_DIR || p->kind == PROBE_EMPTY)
		return 0;
	if (decode_sniff(p->raw, p->raw_len) == DECODE_NONE &&
	    !tar_seen(p->raw, p->raw_len))
		return 0;
	/* The head is cut: an error only means that this is all of it. */
	if ((t = open_source(&s, p->raw, p->raw_len, &ignored)) != NULL)
		while (!image && tar_next(t, &e, &ignored) > 0) {
			image = is_of_image(e.name);
			reports = reports || (e.type == TAR_FILE &&
			    !e.outside && is_of_reports(e.name));
		}
	tar_close(t);
	decode_close(s.unpack);
	return reports && !image ? 92 : 0;
}

static int one(struct tar *t, const struct tar_entry *e, struct sink *sink,
    struct err *err)
{
	const unsigned char *p;
	struct str name = STR_INIT;
	struct member m;
	ssize_t n;
	int rc;

	str_path(&name, e->name, e->name_len);
	m = (struct member){ .name = name.s };
	rc = sink_member_start(sink, &m, err);
	while (rc == 0 && (n = tar_data(t, &p, err)) != 0)
		rc = n < 0 ? -1 : sink_member_data(sink, p, (size_t)n, err);
	if (rc == 0)
		rc = sink_member_end(sink, err);
	if (rc < 0)
		err_during(err, "reading %.200s in it", name.s);
	str_free(&name);
	return rc;
}

/* Anything but a file is named, and not followed. */
static int leave(const struct tar_entry *e, struct sink *sink,
    struct err *err)
{
	struct str name = STR_INIT;
	int rc;

	sink_count(sink, COUNT_READ, 1);
	sink_count(sink, COUNT_UNPLACED, 1);
	str_add(&name, "member:");
	str_path(&name, e->name, e->name_len);
	rc = sink_warn(sink, name.s, err, "no evidence: %s", e->type ==
	    TAR_LINK || e->type == TAR_HARD ? "a link" : e->type == TAR_FILE ?
	    "an empty name" : "a device or pipe");
	str_free(&name);
	return rc;
}

static int walk(struct source *s, struct tar *t, struct sink *sink,
    struct err *err)
{
	const unsigned char *p;
	struct tar_entry e;
	ssize_t n;
	int rc;

	while ((rc = tar_next(t, &e, err)) > 0) {
		if (e.type == TAR_DIR)
			continue;
		if ((e.type == TAR_FILE && e.name_len > 0 ?
		    one(t, &e, sink, err) : leave(&e, sink, err)) < 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	/* To the end, so that a packed stream that is cut is noticed. */
	while ((n = bytes(s, &p, err)) > 0)
		;
	return n < 0 ? -1 : 0;
}

static int read_reports(struct input *in, struct sink *sink, struct err *err)
{
	struct source s = { .in = in };
	const unsigned char *head;
	struct tar *t = NULL;
	size_t len;
	int rc = -1;

	if ((head = input_raw_head(in, &len, err)) != NULL &&
	    (t = open_source(&s, head, len, err)) != NULL)
		rc = walk(&s, t, sink, err);
	tar_close(t);
	decode_close(s.unpack);
	return rc;
}

const struct importer importer_report_archive = {
	.name = "report-archive",
	.about = "a tar of reports (Iron Bank): every file in it",
	.version = 1,
	.keep = false,
	.bid = bid,
	.read = read_reports,
};
