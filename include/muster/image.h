/*
 * image.h - what an image archive says, without unpacking it to disk.
 *
 * docker archives (of every age), OCI archives and layouts, and skopeo's
 * dir: directories come out as the same records: a target per image and
 * platform, its names and digests, its config and history, its layers, the
 * effective file system with the digest of every file, the packages its
 * databases list, and what its files say about users, sources and services.
 *
 * Layers are read two at a time, in constant memory but for their list of
 * entries and the small files somebody asks about.  A manifest or config
 * that is not there, not well-formed or of another digest refuses the whole
 * archive; a layer like that leaves the image with content.read = false.
 */
#ifndef MUSTER_IMAGE_H
#define MUSTER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input;
struct sink;
struct tree;

/* Does the directory look like an OCI layout or a dir: image? */
bool image_is_layout(int dirfd);

/* Could a file with this beginning be an image archive: a tar, or a tar that
 * is compressed once?  The answer is a bid, 0 to 100. */
int image_bid(const unsigned char *raw, size_t len);

int image_read_archive(struct input *in, struct sink *sink,
    struct err *err);
int image_read_layout(struct input *in, struct sink *sink, struct err *err);

/* An image's config that somebody else quotes (a scanner's report), as the
 * facts an archive's own would give, without "config.format": only who has
 * the bytes knows their format.  Locators are "config:..." and "history:N". */
int image_config(struct tree *config, struct sink *sink, int64_t target,
    struct err *err);

#endif
