/* pack.c - packages, through libarchive; see pack.h. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/pack.h"
#include "muster/sha.h"
#include "muster/str.h"

/* A zip has no time before 1980, and a tar of 1970 is complained about. */
#define LONG_AGO 315532800

struct pack {
	struct archive		*a;
	enum pack_kind		 kind;
	int64_t			 members;
	int64_t			 at;		/* in the member being read */
};

#define SEAL_TEXT	"sha256:"
#define SEAL_LEN	(sizeof(SEAL_TEXT) - 1 + SHA_HEX - 1)
static const unsigned char gz_head[] = { 0x1f, 0x8b, 8, 16, 0, 0, 0, 0, 0,
    255 };
static const unsigned char gz_tail[] = { 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
#define GZ_SEAL (sizeof(gz_head) + SEAL_LEN + sizeof(gz_tail))

static int failed(struct pack *p, enum err_kind kind, const char *what,
    struct err *err)
{
	const char *why = archive_error_string(p->a);
	int error = kind == ERR_SYSTEM ? archive_errno(p->a) : 0;

	/* what the system said to a write libarchive keeps to itself */
	return err_set(err, kind, "%s: %s%s%s", what, why != NULL ? why :
	    "no reason given", error > 0 ? ": " : "",
	    error > 0 ? strerror(error) : "");
}

struct pack *pack_create(int fd, enum pack_kind kind, struct err *err)
{
	struct pack *p = mem_alloc(sizeof(*p));
	struct archive *a = mem_must(archive_write_new());
	int rc = ARCHIVE_OK;

	p->kind = kind;
	p->a = a;
	if (kind == PACK_ZIP) {
		rc |= archive_write_set_format_zip(a);
		rc |= archive_write_set_options(a, "zip:compression=deflate");
	} else {
		rc |= archive_write_set_format_pax_restricted(a);
		rc |= archive_write_add_filter_gzip(a);
		rc |= archive_write_set_options(a, "gzip:!timestamp,"
		    "gzip:compression-level=6");
	}
	if (rc == ARCHIVE_OK && archive_write_open_fd(a, fd) == ARCHIVE_OK)
		return p;
	failed(p, ERR_SYSTEM, "the package cannot be begun", err);
	archive_write_free(a);
	free(p);
	return NULL;
}

int pack_begin(struct pack *p, const char *name, int64_t size,
    struct err *err)
{
	struct archive_entry *e = mem_must(archive_entry_new());
	int rc;

	archive_entry_set_pathname(e, name);
	archive_entry_set_size(e, size);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_uid(e, 0);
	archive_entry_set_gid(e, 0);
	/* libarchive writes a zip's times in the zone of this machine */
	if (p->kind == PACK_TAR_GZ)
		archive_entry_set_mtime(e, LONG_AGO, 0);
	rc = archive_write_header(p->a, e);
	archive_entry_free(e);
	return rc == ARCHIVE_OK ? 0 : failed(p, ERR_SYSTEM,
	    "cannot write the package", err);
}

int pack_data(struct pack *p, const void *bytes, size_t len,
    struct err *err)
{
	return len == 0 || archive_write_data(p->a, bytes, len) ==
	    (la_ssize_t)len ? 0 : failed(p, ERR_SYSTEM,
	    "cannot write the package", err);
}

/* The digest of the first bytes of a file. */
static int digest(int fd, off_t len, char hex[SHA_HEX], struct err *err)
{
	char *buf = mem_alloc(1 << 16);
	struct sha *sha = sha_new();
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	while (at < len && rc == 0) {
		size_t want = len - at < 1 << 16 ? (size_t)(len - at) :
		    1 << 16;

		if ((n = pread(fd, buf, want, at)) > 0) {
			sha_add(sha, buf, (size_t)n);
			at += n;
		} else if (n == 0 || errno != EINTR) {
			rc = err_sys(err, "cannot read the package");
		}
	}
	sha_end_hex(sha, hex);
	sha_free(sha);
	free(buf);
	return rc;
}

static int put_at(int fd, const void *bytes, size_t len, off_t at,
    struct err *err)
{
	return pwrite(fd, bytes, len, at) == (ssize_t)len ? 0 :
	    err_sys(err, "cannot write the package");
}

static int seal(int fd, enum pack_kind kind, struct err *err)
{
	const unsigned char length[] = { SEAL_LEN, 0 };
	char hex[SHA_HEX];
	struct str text = STR_INIT;
	struct stat sb;
	int rc = -1;

	if (fstat(fd, &sb) < 0)
		return err_sys(err, "cannot look at the package");
	/* a zip says at its end how long its comment is */
	if (kind == PACK_ZIP && put_at(fd, length, 2, sb.st_size - 2, err) < 0)
		return -1;
	if (digest(fd, sb.st_size, hex, err) == 0) {
		if (kind == PACK_TAR_GZ)
			str_addn(&text, gz_head, sizeof(gz_head));
		str_addf(&text, SEAL_TEXT "%s", hex);
		if (kind == PACK_TAR_GZ)
			str_addn(&text, gz_tail, sizeof(gz_tail));
		rc = put_at(fd, text.s, text.len, sb.st_size, err);
	}
	str_free(&text);
	return rc;
}

int pack_finish(struct pack *p, int fd, struct err *err)
{
	int rc = archive_write_close(p->a) == ARCHIVE_OK ? 0 :
	    failed(p, ERR_SYSTEM, "cannot write the package", err);

	archive_write_free(p->a);
	p->a = NULL;
	return rc < 0 ? -1 : seal(fd, p->kind, err);
}

static int kind_of(int fd, enum pack_kind *kind, struct err *err)
{
	unsigned char head[4] = { 0 };

	if (pread(fd, head, 4, 0) < 0)
		return err_sys(err, "cannot read the package");
	if (memcmp(head, "PK\3\4", 4) == 0)
		*kind = PACK_ZIP;
	else if (head[0] == 0x1f && head[1] == 0x8b)
		*kind = PACK_TAR_GZ;
	else
		return err_set(err, ERR_VERIFY, "neither a zip nor a tar.gz: "
		    "a package of muster was expected");
	return 0;
}

struct pack *pack_open(int fd, struct err *err)
{
	enum pack_kind kind = PACK_ZIP;
	struct pack *p;
	int rc;

	if (kind_of(fd, &kind, err) < 0)
		return NULL;
	p = mem_alloc(sizeof(*p));
	p->kind = kind;
	p->a = mem_must(archive_read_new());
	if (kind == PACK_ZIP)
		rc = archive_read_support_format_zip_seekable(p->a);
	else
		rc = archive_read_support_format_tar(p->a) |
		    archive_read_support_filter_gzip(p->a);
	if (rc == ARCHIVE_OK && lseek(fd, 0, SEEK_SET) == 0 &&
	    archive_read_open_fd(p->a, fd, 1 << 16) == ARCHIVE_OK)
		return p;
	failed(p, ERR_VERIFY, "the package cannot be read", err);
	pack_close(p);
	return NULL;
}

/* Folders of letters, digits and little else; no way out. */
static bool is_plain(const char *name)
{
	return name != NULL && name[0] != '\0' && strlen(name) <=
	    PACK_MAX_NAME && name[0] != '/' && name[0] != '.' &&
	    strstr(name, "/.") == NULL && strstr(name, "//") == NULL &&
	    !str_ends(name, "/") && strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/") == strlen(name);
}

int pack_next(struct pack *p, const char **name, int64_t *size,
    struct err *err)
{
	struct archive_entry *e;
	int rc = archive_read_next_header(p->a, &e);

	if (rc == ARCHIVE_EOF)
		return 0;
	if (rc != ARCHIVE_OK)
		return failed(p, ERR_VERIFY, "the package cannot be read",
		    err);
	*name = archive_entry_pathname(e);
	*size = archive_entry_size(e);
	p->at = 0;
	if (++p->members > cap(CAP_PACKAGE_MEMBERS))
		return err_set(err, ERR_VERIFY, "too many members: %s",
		    cap_hint(CAP_PACKAGE_MEMBERS));
	if (!is_plain(*name) || archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e) != NULL || !archive_entry_size_is_set(e)
	    || *size < 0)
		return err_set(err, ERR_VERIFY, "a member that is no plain "
		    "file, or whose name is none that muster gives: %.200s",
		    *name != NULL ? *name : "");
	return 1;
}

ssize_t pack_read(struct pack *p, const void **bytes, struct err *err)
{
	size_t len;
	la_int64_t at;
	int rc;

	do {
		rc = archive_read_data_block(p->a, bytes, &len, &at);
		if (rc == ARCHIVE_EOF)
			return 0;
		if (rc != ARCHIVE_OK)
			return failed(p, ERR_VERIFY, "it cannot be unpacked",
			    err);
		if (at != p->at)
			return err_set(err, ERR_VERIFY, "it has holes");
	} while (len == 0);
	p->at += (int64_t)len;
	return (ssize_t)len;
}

int pack_sealed(int fd, struct err *err)
{
	unsigned char end[GZ_SEAL];
	char hex[SHA_HEX];
	enum pack_kind kind = PACK_ZIP;
	struct str want = STR_INIT;
	struct stat sb;
	size_t len;
	int rc;

	if (kind_of(fd, &kind, err) < 0)
		return -1;
	if (fstat(fd, &sb) < 0)
		return err_sys(err, "cannot look at the package");
	len = kind == PACK_ZIP ? SEAL_LEN : GZ_SEAL;
	if (sb.st_size < (off_t)len || pread(fd, end, len, sb.st_size -
	    (off_t)len) != (ssize_t)len ||
	    digest(fd, sb.st_size - (off_t)len, hex, err) < 0)
		return err_set(err, ERR_VERIFY, "it is too short");
	if (kind == PACK_TAR_GZ)
		str_addn(&want, gz_head, sizeof(gz_head));
	str_addf(&want, SEAL_TEXT "%s", hex);
	if (kind == PACK_TAR_GZ)
		str_addn(&want, gz_tail, sizeof(gz_tail));
	rc = memcmp(end, want.s, len) == 0 ? 0 : err_set(err, ERR_VERIFY,
	    "a byte of its own changed (of the manifest, the signature or what "
	    "holds the members together): its bytes do not have the SHA-256 "
	    "that its seal says");
	str_free(&want);
	return rc;
}

void pack_close(struct pack *p)
{
	if (p == NULL)
		return;
	archive_free(p->a);
	free(p);
}
