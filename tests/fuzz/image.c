/*
 * image.c - targets: what an image holds.
 *
 * Digests are worked out here, so that what is inside may be anything: pieces
 * (fuzz.h) are files of a layer, until one closes the layer, or members of
 * the archive.  In a member, @0 is the digest of the first blob and $0 its
 * size; a member named "@" is a blob itself.
 */
#include <ctype.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "../mkimage.h"
#include "muster/err.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/secret.h"
#include "muster/store.h"
#include "src/image/lang.h"
#include "src/image/rpm.h"
#include "src/image/sift.h"

#define BLOBS	10

/* Of a piece's flags. */
enum { PIECE_MEMBER = 1, PIECE_LAYER = 2, PIECE_TYPE = 4 };

struct making {
	struct str	 layer, out;
	char		 digest[BLOBS][72];
	size_t		 size[BLOBS], n;
};

static void member(struct making *m, const char *name, const struct str *body)
{
	char blob[100];

	if (m->n < BLOBS) {
		mk_digest(body, m->digest[m->n]);
		m->size[m->n++] = body->len;
	}
	if (strcmp(name, "@") == 0 && m->n > 0)
		snprintf(blob, sizeof(blob), "blobs/sha256/%s",
		    m->digest[m->n - 1] + 7);
	else
		snprintf(blob, sizeof(blob), "%s", name);
	mk_raw(&m->out, blob, '0', 0644, "", body->s, body->len);
}

/* What is written of blobs, filled in. */
static void expand(const struct making *m, const struct fuzz_piece *p,
    struct str *out)
{
	for (size_t i = 0; i < p->len; i++) {
		size_t k = i + 1 < p->len && isdigit(p->p[i + 1]) ?
		    (size_t)(p->p[i + 1] - '0') : BLOBS;

		if (k < m->n && p->p[i] == '@') {
			str_add(out, m->digest[k] + 7);
			i++;
		} else if (k < m->n && p->p[i] == '$') {
			str_addf(out, "%zu", m->size[k]);
			i++;
		} else {
			str_addc(out, (char)p->p[i]);
		}
	}
}

static void put(struct making *m, const struct fuzz_piece *p)
{
	static const char types[] = "012345670012567x";
	struct str body = STR_INIT;

	if ((p->flags & PIECE_LAYER) != 0) {
		mk_end(&m->layer);
		member(m, p->name, &m->layer);
		str_clear(&m->layer);
	} else if ((p->flags & PIECE_MEMBER) != 0) {
		expand(m, p, &body);
		member(m, p->name, &body);
	} else {
		char type = types[p->flags / PIECE_TYPE % 16];
		bool link = type == '1' || type == '2';

		str_addn(&body, p->p, p->len);
		mk_raw(&m->layer, p->name, type, (p->flags & 64) != 0 ? 04755 :
		    0644, link ? str_text(&body) : "", str_text(&body),
		    link ? 0 : body.len);
	}
	str_free(&body);
}

void fuzz_image(const unsigned char *bytes, size_t len)
{
	struct fuzz_pieces from = { bytes, len };
	struct making m = { .n = 0 };
	struct err err = ERR_INIT;
	struct fuzz_piece p;
	struct fuzz_sink s;
	struct input *in;

	while (fuzz_piece(&from, &p) && m.out.len < (1 << 18))
		put(&m, &p);
	mk_end(&m.out);
	in = input_open_mem(m.out.s, m.out.len, "fuzz.tar");
	fuzz_sink(&s);
	fuzz_told(image_read_archive(in, &s.sink, &err), &err, "an image");
	input_close(in);
	str_free(&m.out);
	str_free(&m.layer);
}

/* The same members as files of a directory. */
static void lay_out(const struct str *tar, const char *dir)
{
	struct str path = STR_INIT;

	for (size_t at = 0; at + 512 <= tar->len && tar->s[at] != '\0';) {
		const char *name = tar->s + at;
		size_t len = strtoul(tar->s + at + 124, NULL, 8);
		FILE *f;

		str_clear(&path);
		str_addf(&path, "%s/%.100s", dir, name);
		f = strstr(name, "..") == NULL ? fopen(path.s, "we") : NULL;
		if (f != NULL) {
			fwrite(tar->s + at + 512, 1, len, f);
			fclose(f);
		}
		at += 512 + (len + 511) / 512 * 512;
	}
	str_free(&path);
}

static int unlink_it(const char *path, const struct stat *sb, int type,
    struct FTW *ftw)
{
	(void)sb;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fuzz_layout(const unsigned char *bytes, size_t len)
{
	char dir[] = "/dev/shm/fuzz-XXXXXX";
	struct fuzz_pieces from = { bytes, len };
	struct making m = { .n = 0 };
	struct err err = ERR_INIT;
	struct str sub = STR_INIT;
	struct fuzz_piece p;
	struct fuzz_sink s;
	struct input *in;
	int fd;

	while (fuzz_piece(&from, &p) && m.out.len < (1 << 18))
		put(&m, &p);
	mk_end(&m.out);
	if (mkdtemp(dir) == NULL)
		fuzz_broken("no directory");
	str_addf(&sub, "%s/blobs", dir);
	mkdir(sub.s, 0700);
	str_add(&sub, "/sha256");
	mkdir(sub.s, 0700);
	lay_out(&m.out, dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if ((in = input_open(fd, "fuzz", &err)) == NULL)
		fuzz_broken("no directory: %s", err.text);
	fuzz_sink(&s);
	image_is_layout(fd);
	fuzz_told(image_read_layout(in, &s.sink, &err), &err, "a layout");
	input_close(in);
	close(fd);
	nftw(dir, unlink_it, 8, FTW_DEPTH | FTW_PHYS);
	str_free(&sub);
	str_free(&m.out);
	str_free(&m.layer);
}

/* The headers of an RPM database, as rpm.c asks for them. */
static int header(void *ctx, const void *blob, size_t len, struct err *err)
{
	static const uint32_t tags[] = {
		TAG_NAME, TAG_EPOCH, TAG_SIZE, TAG_FILE_STATES,
		TAG_FILE_DIGESTS, TAG_DIR_INDEXES, TAG_BASE_NAMES,
		TAG_DIR_NAMES, TAG_LONG_SIZE, TAG_SIG_RSA
	};
	struct str out = STR_INIT;
	struct rpm_header h;
	struct rpm_value v;
	int64_t n;

	(void)ctx;
	(void)err;
	if (!rpm_header_open(&h, blob, len))
		return 0;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		str_clear(&out);
		rpm_header_text(&h, tags[i], &out);
		rpm_header_number(&h, tags[i], &n);
		if (rpm_header_find(&h, tags[i], &v) && v.left > len)
			fuzz_broken("a value outside its header");
	}
	str_free(&out);
	return 0;
}

void fuzz_rpm_bdb(const unsigned char *bytes, size_t len)
{
	struct err err = ERR_INIT;

	fuzz_told(rpm_bdb_read(bytes, len, header, NULL, &err), &err, "bdb");
}

void fuzz_rpm_ndb(const unsigned char *bytes, size_t len)
{
	struct err err = ERR_INIT;

	fuzz_told(rpm_ndb_read(bytes, len, header, NULL, &err), &err, "ndb");
}

void fuzz_rpm_sqlite(const unsigned char *bytes, size_t len)
{
	struct err err = ERR_INIT;

	fuzz_told(store_foreign(bytes, len, "SELECT blob FROM Packages "
	    "ORDER BY hnum", header, NULL, &err), &err, "SQLite");
}

/* The first byte chooses the file's name. */
void fuzz_language(const unsigned char *bytes, size_t len)
{
	static const char *const names[] = {
		"usr/lib/python3/dist-packages/x-1.dist-info/METADATA",
		"usr/lib/python3/dist-packages/x.egg-info/PKG-INFO",
		"app/node_modules/x/package.json", "app/lib/x.jar",
		"app/x.war", "usr/bin/x"
	};
	struct lang *l = lang_new();
	const char *found;

	if (len > 0) {
		lang_begin(l, names[bytes[0] % 6], (int64_t)len - 1, 0755);
		lang_add(l, bytes + 1, len - 1);
		found = lang_end(l);
		if (found != NULL && !str_is_utf8(found, strlen(found)))
			fuzz_broken("packages whose names are no text");
	}
	lang_free(l);
}

static void no_hit(void *ctx, const struct secret_hit *hit)
{
	const size_t *len = ctx;

	if (hit->at > *len || hit->len > *len - hit->at)
		fuzz_broken("a credential outside its text");
	if (!str_is_utf8(hit->preview, strlen(hit->preview)))
		fuzz_broken("a preview that is no text");
}

/* A variable's name, NUL, its value; and what is left when it is masked. */
void fuzz_secret(const unsigned char *bytes, size_t len)
{
	char *name = fuzz_string(bytes, len), *text;
	struct str clean = STR_INIT, out = STR_INIT;
	size_t n = strlen(name);

	text = n < len ? name + n + 1 : name;
	str_utf8(&clean, text, strlen(text));
	secret_text(text != name ? name : NULL, str_text(&clean), no_hit,
	    &clean.len);
	secret_mask(text != name ? name : NULL, str_text(&clean), &out);
	if (!str_is_utf8(str_text(&out), out.len))
		fuzz_broken("masked text that is none");
	str_free(&clean);
	str_free(&out);
	free(name);
}

/* A file's name, NUL, its bytes. */
void fuzz_sift(const unsigned char *bytes, size_t len)
{
	static struct sift_hits hits;
	static struct sift *s;
	char *name = fuzz_string(bytes, len);
	size_t n = strlen(name);

	if (s == NULL)
		s = sift_new(&hits);
	hits.n = hits.more = hits.unread = 0;
	if (n < len) {
		n++;
		sift_begin(s, name, (int64_t)(len - n), 0);
		sift_add(s, bytes + n, len - n);
		sift_end(s);
	}
	for (size_t i = 0; i < hits.n; i++)
		if (hits.hit[i].at < 0 || (size_t)hits.hit[i].at +
		    hits.hit[i].len > len - n)
			fuzz_broken("a credential outside its file");
	free(name);
}
