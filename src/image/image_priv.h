/*
 * image_priv.h - what the files of this room share and nobody else sees.
 *
 *	box	where blobs are: an archive, a directory, a stream
 *	plan	which images there are, from manifest.json or index.json
 *	scan	one layer: its entries, digests, and the small files kept
 *	again	layers once more, for digests that nobody computed before
 *	owned	what packages record of files, and whether it is so
 *	fs	layers applied in order: the effective file system
 *	emit	records of one image; config, watch, dpkg, rpm ... add theirs
 */
#ifndef IMAGE_PRIV_H
#define IMAGE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/decode.h"
#include "muster/sha.h"
#include "muster/tar.h"
#include "sift.h"

struct err;
struct input;
struct node;
struct sink;
struct str;
struct tree;

#define DIGEST_SIZE	72		/* "sha256:" and 64 digits */

#define INDEX_DEEPEST	32	/* the most that image-index-depth allows */
#define MAX_PROBLEMS	20		/* told one by one; then counted */

/* Memory that goes all at once. */
struct arena;
struct arena *arena_new(void);
void *arena_get(struct arena *a, size_t size);
char *arena_dup(struct arena *a, const void *bytes, size_t len);
size_t arena_used(const struct arena *a);
void arena_free(struct arena *a);

/* What is wrong with an image's content, in words. */
struct problems {
	char	*text[MAX_PROBLEMS];
	size_t	 n, more;
};
void problems_add(struct problems *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void problems_free(struct problems *p);

/* A digest of a file's content, other than SHA-256. */
struct digest {
	struct digest	*next;
	enum sha_kind	 kind;
	unsigned char	 bytes[];
};

/* One entry of a layer's tar; strings live in the scan's arena. */
struct entry {
	const char	*path;		/* "etc/passwd", raw bytes */
	const char	*link;		/* links only; else NULL */
	const char	*caps;		/* "cap_net_raw=ep", or NULL */
	const char	*body;		/* kept content, NUL after it */
	const char	*lang;		/* packages it describes (lang.h) */
	size_t		 body_len;
	int64_t		 uid, gid, size;
	int64_t		 at;		/* of its content in the tar */
	struct digest	*digests;
	unsigned	 mode;
	enum tar_type	 type;
	unsigned	 wants;		/* digests still to be computed */
	unsigned char	 sha[SHA_BYTES];	/* TAR_FILE */
};

enum scan_state { SCAN_OK, SCAN_MISSING, SCAN_UNREADABLE };

struct scan {
	struct arena	*arena;
	struct entry	*entries;
	size_t		 n, cap;
	size_t		 bodies;	/* bytes kept */
	size_t		 found;		/* bytes of language packages */
	unsigned	 hashes;	/* wanted of files: HASH(kind) | ... */
	char		 diff_id[DIGEST_SIZE];	/* of the unpacked bytes */
	char		 digest[DIGEST_SIZE];	/* of the blob */
	int64_t		 bytes, tar_bytes, whiteouts;
	enum decode_kind kind;
	enum scan_state	 state;
	char		*why;		/* of a state that is not SCAN_OK */
	struct problems	 problems;
	struct sift_hits sifted;	/* credentials in its files */
};

#define HASH(kind)	(1u << (kind))
struct scan *scan_new(unsigned hashes);
void scan_run(struct scan *s, decode_fill *from, void *ctx);
void scan_fail(struct scan *s, enum scan_state state, const char *why);
void scan_free(struct scan *s);		/* accepts NULL */
/* Of a file's content, or NULL: not computed. */
const unsigned char *scan_digest(const struct entry *e, enum sha_kind kind);
void scan_add_digest(struct scan *s, struct entry *e, enum sha_kind kind,
    const unsigned char *bytes);

/* MD5 of the smaller files of a layer, many at once. */
struct batch;
struct batch *batch_new(struct scan *s);
/* Room for a file of this size, which is gathered there as it goes by; NULL:
 * it is too large.  batch_add() says that it is there, of which entry. */
char *batch_room(struct batch *b, int64_t size);
void batch_add(struct batch *b, size_t entry, size_t len);
/* The digests of what was gathered go to their entries. */
void batch_end(struct batch *b);
void batch_free(struct batch *b);	/* accepts NULL */

/* The text form of a security.capability value; false: grants nothing. */
bool caps_text(const void *value, size_t len, struct str *out);

/* What is kept of which files: the most bytes, 0 for none (watch.c). */
size_t watch_wants(const char *path, unsigned mode);

/* A blob's bytes as a stream. */
struct source {
	int		 fd;		/* or -1: from memory */
	bool		 own;		/* close fd */
	int64_t		 at, left;
	const unsigned char *p;
	unsigned char	*buf;
};
ssize_t source_next(void *source, const unsigned char **p, struct err *err);
void source_memory(struct source *s, const void *bytes, size_t len);
void source_close(struct source *s);

/* Where blobs are. */
struct box;
struct box *box_open_dir(int dirfd);
/* An archive: by random access where it can be, else in one pass that scans
 * whatever may be a layer as it goes by. */
struct box *box_open_archive(struct input *in, struct err *err);
void box_close(struct box *b);
bool box_has(struct box *b, const char *name);
/* A small member, whole, NUL-terminated; the caller frees. */
char *box_read(struct box *b, const char *name, size_t *len,
    struct err *err);
/* Scan a member as a layer; the box may have done it already. */
struct scan *box_scan(struct box *b, const char *name, unsigned hashes,
    bool *shared);
/* The member's bytes once more; -1: they have passed by, or are not there. */
int box_source(struct box *b, const char *name, struct source *s,
    struct err *err);

/* One layer as a manifest names it. */
struct layer_ref {
	char		*name;		/* member; NULL: none known */
	char		*digest;	/* of its descriptor, or NULL */
	char		*media;		/* media type, or NULL */
	int64_t		 size;		/* as its descriptor says, or -1 */
	unsigned char	*data;		/* inside its descriptor, or NULL */
	size_t		 data_len;
	const char	*refused;	/* why it cannot be a layer, or NULL */
	unsigned	 hashes;	/* what the scan is to compute */
	struct scan	*scan;
	bool		 shared;	/* the box frees the scan */
	int64_t		 same_as;	/* earlier job that scans it, or -1 */
};

struct image {
	char		*manifest;	/* digest, or NULL */
	char		*names[64];	/* tags as written */
	size_t		 nnames;
	char		*indexes[INDEX_DEEPEST + 1];	/* digests above it */
	size_t		 nindexes;
	char		 config_id[DIGEST_SIZE];
	struct tree	*config;
	bool		 docker;	/* records a health check */
	struct layer_ref *layers;
	size_t		 nlayers;
	char		*locator;	/* json:/manifests/0 or json:/0 */
};

struct plan {
	struct box	*box;
	struct sink	*sink;
	const char	*file;		/* what the locators point into */
	struct image	*images;
	size_t		 n, cap;
	size_t		 others;	/* artifacts ... */
	size_t		 attached;	/* signatures and attestations */
};

void plan_init(struct plan *p, struct box *box, struct sink *sink);
void plan_free(struct plan *p);
struct image *plan_add(struct plan *p);
/* Read what there is; *root is the bytes of the member that names the rest
 * (freed by the caller), *format "docker-archive" "oci-archive" ... */
int docker_plan(struct plan *p, char **root, size_t *len, struct err *err);
int oci_plan(struct plan *p, char **root, size_t *len, struct err *err);
int oci_plan_dir(struct plan *p, char **root, size_t *len, struct err *err);
/* A manifest that may be of signatures (attached.c): 1 it was, 0, -1. */
struct attached {
	const char	*const *names;	/* by which index.json has it */
	size_t		 nnames;
	const char	*saved;		/* "cosign save": of which image */
	const char	*locator;
};
int attached_read(struct plan *p, const struct attached *a,
    const struct node *m, struct err *err);
/* The one image of what "cosign save" wrote; NULL: it is something else. */
const char *attached_saved(const struct node *list);
/* The files signature-N beside a dir: image, which root gets too. */
int attached_files(struct plan *p, const char *manifest, struct str *root,
    struct err *err);
int plan_config(struct plan *p, struct image *im, const char *name,
    const char *digest, int64_t size, struct err *err);
/* A manifest document: fills in an image. */
int manifest_read(struct plan *p, struct image *im, const struct node *root,
    char *(*blob_name)(const char *digest), struct err *err);
char *plan_blob(const char *digest);	/* "blobs/sha256/..", NULL: no digest */
/* Scan every layer, two at a time. */
void plan_scan(struct plan *p);
/* A layer's bytes. */
int plan_source(struct plan *p, const struct layer_ref *l, struct source *s,
    struct err *err);

/* Which digests the package databases of an image with this lowest layer
 * will ask for: a guess, which costs time where it is wrong. */
unsigned again_guess(decode_fill *from, void *ctx);
/* Compute the digests that are still wanted (entry.wants) of an image. */
void again_run(struct plan *p, struct image *im);
/* "digest sha256:.. instead of .." as an error; 0 when it is right. */
int plan_digest(const char *what, const char *digest, const void *bytes,
    size_t len, struct err *err);

/* The effective file system. */
struct fs;
struct inode {
	const struct entry *entry;
	uint32_t	 layer;		/* whose bytes these are */
	uint32_t	 refs;		/* names it has */
	unsigned char	 owned;		/* OWNED_*: what packages say of it */
	char		*first;		/* its first name, while walking */
};
struct cleaned {
	char		*path;		/* "/usr/bin/su", raw */
	uint32_t	 inode;
	uint32_t	 from, by;	/* layers */
	bool		 removed;	/* else replaced without the bit */
};
struct fs *fs_new(size_t nlayers);
void fs_free(struct fs *fs);
void fs_apply(struct fs *fs, const struct scan *s, uint32_t layer,
    struct problems *problems);
int64_t fs_wasted(const struct fs *fs, uint32_t layer);
/* The file a path means, links followed; NULL: none. */
struct inode *fs_find(struct fs *fs, const char *path);
/* The same, but a link that is the last part is what is found. */
struct inode *fs_look(struct fs *fs, const char *path);
/* Every described name in order; path "/etc/passwd", raw. */
typedef int fs_fn(void *ctx, const char *path, uint32_t layer,
    struct inode *inode, struct err *err);
int fs_walk(struct fs *fs, fs_fn *fn, void *ctx, struct err *err);
const struct cleaned *fs_cleaned(const struct fs *fs, size_t i);
bool fs_lives(const struct fs *fs, uint32_t inode);

/* What the files that state records about one image share. */
struct emit {
	struct sink	*sink;
	struct image	*image;
	struct fs	*fs;
	int64_t		 target;
	char	       **diff_ids;	/* one a layer */
	size_t		 ndiff;
	struct str	*start;		/* Entrypoint and Cmd, one a line */
	struct plan	*plan;
	struct owned	*owned;
};

int emit_image(struct plan *p, struct image *im, struct err *err);
/* A fact; locator may be NULL.  Text is any bytes. */
int emit_fact(struct emit *e, const char *name, const char *key,
    const char *value, const char *locator, struct err *err);
/* A fact about a file: "layer:DIFFID:/PATH" (line > 0 goes with it). */
int emit_file_fact(struct emit *e, const char *name, const char *key,
    const char *value, uint32_t layer, const char *path, struct err *err);
/* The same for a line of a file, which may hold a secret. */
int emit_line(struct emit *e, const char *name, const char *line,
    uint32_t layer, const char *path, struct err *err);
void emit_locator(struct emit *e, uint32_t layer, const char *path,
    struct str *out);
struct package;
int emit_package(struct emit *e, struct package *p, struct err *err);
/* "pkg:deb/debian/bash@5.2?arch=amd64": the namespace is os-release's ID. */
void pkgurl_plain(const char *type, const char *name, const char *version,
    struct str *out);
void pkgurl_make(struct emit *e, const struct package *p, const char *more,
    struct str *out);

/* An effective file somebody cares about. */
struct seen {
	const char	*path;		/* "/etc/passwd", raw */
	uint32_t	 layer;
	const char	*body;		/* NULL: not kept */
	size_t		 len;
};
/* Credentials in the files of every layer, and whether all were searched. */
int sift_emit(struct emit *e, struct err *err);
int config_emit(struct emit *e, struct err *err);
/* The same for a config without its archive. */
int config_quoted(struct emit *e, struct err *err);
int watch_file(struct emit *e, const struct seen *f, struct err *err);
int observe_passwd(struct emit *e, const struct seen *f, struct err *err);
int observe_group(struct emit *e, const struct seen *f, struct err *err);
int observe_release(struct emit *e, const struct seen *f, struct err *err);
int verify_apt_list(struct emit *e, const struct seen *f, struct err *err);
int verify_deb822(struct emit *e, const struct seen *f, struct err *err);
int verify_apt_conf(struct emit *e, const struct seen *f, struct err *err);
int verify_repo(struct emit *e, const struct seen *f, struct err *err);
int verify_pip(struct emit *e, const struct seen *f, struct err *err);
int verify_npm(struct emit *e, const struct seen *f, struct err *err);
int verify_key(struct emit *e, const struct seen *f, struct err *err);
int tls_registries(struct emit *e, const struct seen *f, struct err *err);
int tls_daemon(struct emit *e, const struct seen *f, struct err *err);
int start_script(struct emit *e, const struct seen *f, struct err *err);
int start_config(struct emit *e, struct err *err);
int dpkg_read(struct emit *e, const struct seen *f, struct err *err);
int dpkg_sums(struct emit *e, const struct seen *f, struct err *err);
int dpkg_list(struct emit *e, const struct seen *f, struct err *err);
int dpkg_diversions(struct emit *e, const struct seen *f, struct err *err);
void dpkg_old(struct emit *e);
int apk_read(struct emit *e, const struct seen *f, struct err *err);
int rpm_read(struct emit *e, const struct seen *f, struct err *err);

/* The lines of a small text file: each call gives the next line, without
 * its end, in *line; false at the end.  *n counts from 1. */
struct lines {
	const char	*p, *end;
	int		 n;
	struct str	*buf;
};
bool lines_next(struct lines *l, const char **line);

#endif
