/*
 * caps_image.h - cases of test_caps.c: archives of images, their layers, and
 * what is read in these.
 */
#ifndef CAPS_IMAGE_H
#define CAPS_IMAGE_H

#include "caps_said.h"
#include "mkimage.h"
#include "mkrpm.h"

/* An image of one layer, whose entries are given without their end. */
static int layer(struct said *s, struct str *entries)
{
	struct str b = STR_INIT;

	mk_end(entries);
	mk_docker(&b, "", entries, 1);
	str_free(entries);
	return feed_free(s, &b);
}

/* The same of one file. */
static int layer_file(struct said *s, const char *path, const char *body,
    size_t len)
{
	struct str tar = STR_INIT;

	mk_raw(&tar, path, '0', 0644, "", body, len);
	return layer(s, &tar);
}

/* The same of one file of n bytes. */
static int layer_bytes(struct said *s, const char *path, int64_t n, char c)
{
	struct str body = STR_INIT;
	int rc;

	fill(&body, n, c);
	rc = layer_file(s, path, str_text(&body), body.len);
	str_free(&body);
	return rc;
}

/* An archive without layers whose config has n bytes. */
static void configured(struct str *b, int64_t n)
{
	struct str rest = STR_INIT, config = STR_INIT;

	mk_config(&config, "\"x\":\"\",", NULL, 0);
	str_add(&rest, "\"x\":\"");
	fill(&rest, n - (int64_t)config.len, 'x');
	str_add(&rest, "\",");
	mk_docker(b, rest.s, NULL, 0);
	str_free(&rest);
	str_free(&config);
}

static int image_json(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	configured(&b, n);
	return feed_free(s, &b);
}

static int image_kept(int64_t n, struct said *s)
{
	/* as mk_docker() writes it */
	const size_t manifest = strlen("[{\"Config\":\".json\",\"RepoTags\":"
	    "[\"t:1\"],\"Layers\":[]}]") + SHA_HEX - 1;
	struct str b = STR_INIT;

	configured(&b, n - (int64_t)manifest);
	return feed_free(s, &b);
}

/* The layers, the config and manifest.json. */
static int image_members(int64_t n, struct said *s)
{
	struct str b = STR_INIT, *layers = mem_array((size_t)n,
	    sizeof(*layers));

	for (int64_t i = 0; i < n - 2; i++)
		mk_end(&layers[i]);
	mk_docker(&b, "", layers, (size_t)n - 2);
	for (int64_t i = 0; i < n - 2; i++)
		str_free(&layers[i]);
	free(layers);
	return feed_free(s, &b);
}

static int image_layers(int64_t n, struct said *s)
{
	return image_members(n + 2, s);
}

static int image_manifests(int64_t n, struct said *s)
{
	struct str b = STR_INIT, list = STR_INIT;

	mk_raw(&b, "c.json", '0', 0644, "",
	    "{\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[]}}", 39);
	for (int64_t i = 0; i < n; i++)
		str_addf(&list, "%c{\"Config\":\"c.json\",\"RepoTags\":[\"a:"
		    "%lld\"],\"Layers\":[]}", i == 0 ? '[' : ',',
		    (long long)i);
	str_addc(&list, ']');
	mk_raw(&b, "manifest.json", '0', 0644, "", list.s, list.len);
	mk_end(&b);
	str_free(&list);
	return feed_free(s, &b);
}

/* A blob of an OCI layout, and its descriptor into out. */
static void blob(struct str *tar, const struct str *bytes, const char *type,
    const char *more, struct str *out)
{
	char digest[72], name[128];

	snprintf(name, sizeof(name), "blobs/sha256/%s",
	    mk_digest(bytes, digest) + 7);
	mk_raw(tar, name, '0', 0644, "", bytes->s, bytes->len);
	str_addf(out, "{\"mediaType\":\"application/vnd.%s\",\"digest\":"
	    "\"%s\",\"size\":%zu%s}", type, digest, bytes->len, more);
}

/* The blobs of an image without layers; where its manifest is, into out. */
static void oci_image(struct str *tar, struct str *out)
{
	struct str config = STR_INIT, at = STR_INIT, manifest = STR_INIT;

	mk_raw(tar, "oci-layout", '0', 0644, "",
	    "{\"imageLayoutVersion\":\"1.0.0\"}", 30);
	mk_config(&config, "", NULL, 0);
	blob(tar, &config, "oci.image.config.v1+json", "", &at);
	str_addf(&manifest, "{\"schemaVersion\":2,\"config\":%s,\"layers\":"
	    "[]}", at.s);
	blob(tar, &manifest, "oci.image.manifest.v1+json", ",\"annotations\":"
	    "{\"org.opencontainers.image.ref.name\":\"r.example/a:1\"}", out);
	str_free(&config);
	str_free(&at);
	str_free(&manifest);
}

static int oci_end(struct said *s, struct str *tar, struct str *index)
{
	struct str list = STR_INIT;

	str_addf(&list, "{\"schemaVersion\":2,\"manifests\":[%s]}", index->s);
	mk_raw(tar, "index.json", '0', 0644, "", list.s, list.len);
	mk_end(tar);
	str_free(&list);
	str_free(index);
	return feed_free(s, tar);
}

static int image_index_depth(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, at = STR_INIT, index = STR_INIT;

	oci_image(&tar, &at);
	while (n-- > 0) {
		str_clear(&index);
		str_addf(&index, "{\"schemaVersion\":2,\"manifests\":[%s]}",
		    at.s);
		str_clear(&at);
		blob(&tar, &index, "oci.image.index.v1+json", "", &at);
	}
	str_free(&index);
	return oci_end(s, &tar, &at);
}

static int image_signatures(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, at = STR_INIT, payload = STR_INIT,
	    of = STR_INIT, m = STR_INIT;

	oci_image(&tar, &at);
	str_add(&payload, "{}");
	blob(&tar, &payload, "dev.cosign.simplesigning.v1+json", "", &of);
	str_addf(&m, "{\"schemaVersion\":2,\"config\":{},\"layers\":[%s", of.s);
	for (int64_t i = 1; i < n; i++)
		str_addf(&m, ",%s", of.s);
	str_add(&m, "]}");
	str_addc(&at, ',');
	blob(&tar, &m, "oci.image.manifest.v1+json", "", &at);
	str_free(&payload);
	str_free(&of);
	str_free(&m);
	return oci_end(s, &tar, &at);
}

/* The root is one. */
static int image_files(int64_t n, struct said *s)
{
	struct str tar = STR_INIT;
	char name[32];

	for (int64_t i = 1; i < n; i++) {
		snprintf(name, sizeof(name), "%lld", (long long)i);
		mk_raw(&tar, name, '0', 0644, "", "", 0);
	}
	return layer(s, &tar);
}

static int image_credentials(int64_t n, struct said *s)
{
	struct str body = STR_INIT;
	int rc;

	/* in two pieces, so that this file holds none */
	for (int64_t i = 0; i < n; i++)
		str_addf(&body, "ghp" "_%s%08lld%s\n",
		    "a1S9uJ6eG4iOq7W2", (long long)i * 7654321, "xK3mZ8vB5nT0");
	rc = layer_file(s, "app.txt", body.s, body.len);
	str_free(&body);
	return rc;
}

static int image_packages(int64_t n, struct said *s)
{
	return layer_bytes(s, "var/lib/dpkg/status", n, '\n');
}

static int image_lists(int64_t n, struct said *s)
{
	return layer_bytes(s, "etc/passwd", n, '\n');
}

static int image_settings(int64_t n, struct said *s)
{
	return layer_bytes(s, "etc/os-release", n, '\n');
}

#define SUM "d41d8cd98f00b204e9800998ecf8427e"

static int image_owned(int64_t n, struct said *s)
{
	struct str body = STR_INIT;
	int rc;

	for (int64_t i = 0; i < n; i++)
		str_addf(&body, SUM "  f%lld\n", (long long)i);
	rc = layer_file(s, "var/lib/dpkg/info/a.md5sums", body.s, body.len);
	str_free(&body);
	return rc;
}

static int image_owners(int64_t n, struct said *s)
{
	struct str tar = STR_INIT;
	char name[64];

	for (int64_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "var/lib/dpkg/info/p%lld.md5sums",
		    (long long)i);
		mk_raw(&tar, name, '0', 0644, "", SUM "  f\n", 36);
	}
	return layer(s, &tar);
}

/* Read only where packages list files. */
static int image_diversions(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, body = STR_INIT;

	mk_raw(&tar, "var/lib/dpkg/info/p.md5sums", '0', 0644, "",
	    SUM "  f\n", 36);
	for (int64_t i = 0; i < n; i++)
		str_addf(&body, "/a%lld\n/b\np\n", (long long)i);
	mk_raw(&tar, "var/lib/dpkg/diversions", '0', 0644, "", body.s,
	    body.len);
	str_free(&body);
	return layer(s, &tar);
}

static int layer_entries(int64_t n, struct said *s)
{
	return image_files(n + 1, s);
}

/* Names are counted with their ends, and before the next one comes. */
static int layer_names(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, name = STR_INIT;

	fill(&name, n - 1, 'n');
	mk_raw(&tar, name.s, '0', 0644, "", "", 0);
	mk_raw(&tar, "m", '0', 0644, "", "", 0);
	str_free(&name);
	return layer(s, &tar);
}

static int layer_bodies(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, body = STR_INIT;

	fill(&body, n - 10, '\n');
	mk_raw(&tar, "etc/group", '0', 0644, "", "\n\n\n\n\n\n\n\n\n\n", 10);
	mk_raw(&tar, "etc/passwd", '0', 0644, "", body.s, body.len);
	str_free(&body);
	return layer(s, &tar);
}

#define METADATA "/usr/lib/python3/dist-packages/p.dist-info/METADATA"

/* One package whose line has n bytes. */
static void python(struct str *body, int64_t n)
{
	str_add(body, "Metadata-Version: 2.1\nName: ");
	fill(body, n - (int64_t)strlen("python\t\t1\n"), 'n');
	str_add(body, "\nVersion: 1\n\n");
}

static int layer_langs(int64_t n, struct said *s)
{
	struct str body = STR_INIT;
	int rc;

	python(&body, n);
	rc = layer_file(s, METADATA, body.s, body.len);
	str_free(&body);
	return rc;
}

static int lang_text(int64_t n, struct said *s)
{
	struct str body = STR_INIT;
	int rc;

	python(&body, 20);
	fill(&body, n - (int64_t)body.len, '\n');
	rc = layer_file(s, METADATA, body.s, body.len);
	str_free(&body);
	return rc;
}

static int jar(struct said *s, struct str *b)
{
	int rc = layer_file(s, "a-1.jar", b->s, b->len);

	str_free(b);
	return rc;
}

static int lang_archive(int64_t n, struct said *s)
{
	struct str b = STR_INIT, body = STR_INIT;

	zip(&b, 1, "x", "", "", 0);
	fill(&body, n - (int64_t)b.len, 'x');
	str_clear(&b);
	zip(&b, 1, "x", "", body.s, body.len);
	assert_int_equal(b.len, n);
	str_free(&body);
	return jar(s, &b);
}

static int lang_inner(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	zip(&b, n, "", ".jar", "", 0);
	return jar(s, &b);
}

#define POM "META-INF/maven/g/a", "/pom.properties"

static int lang_text_inner(int64_t n, struct said *s)
{
	struct str b = STR_INIT, body = STR_INIT;

	fill(&body, n, '\n');
	zip(&b, 1, POM, body.s, body.len);
	str_free(&body);
	return jar(s, &b);
}

/* What was unpacked is counted before the next one is. */
static int lang_unpacked(int64_t n, struct said *s)
{
	struct str b = STR_INIT, body = STR_INIT;

	fill(&body, n, '\n');
	zip(&b, 2, POM, body.s, body.len);
	str_free(&body);
	return jar(s, &b);
}

/* The same of lines. */
static int lang_found(int64_t n, struct said *s)
{
	struct str b = STR_INIT, body = STR_INIT;

	str_add(&body, "groupId=g\nartifactId=");
	fill(&body, n - 1 - (int64_t)strlen("java-archive\tg:\t1\n"), 'a');
	str_add(&body, "\nversion=1\n");
	zip(&b, 2, POM, body.s, body.len);
	str_free(&body);
	return jar(s, &b);
}

static int rpm_files(int64_t n, struct said *s)
{
	struct rpm_file *files = mem_array((size_t)n + 1, sizeof(*files));
	struct str header = STR_INIT, db = STR_INIT;
	int rc;

	for (int64_t i = 0; i < n; i++)
		files[i] = (struct rpm_file){ "f", "", 0, 0 };
	mk_rpm(&header, "p", files, 0);
	mk_bdb(&db, &header, 1);
	rc = layer_file(s, "var/lib/rpm/Packages", db.s, db.len);
	str_free(&header);
	str_free(&db);
	free(files);
	return rc;
}

static int rpm_value(int64_t n, struct said *s)
{
	static const struct rpm_file none[] = { { NULL, NULL, 0, 0 } };
	struct str header = STR_INIT, db = STR_INIT;
	int rc;

	mk_rpm(&header, "p", none, 0);
	n -= (int64_t)header.len;
	str_clear(&header);
	mk_rpm(&header, "p", none, (size_t)n);
	mk_bdb(&db, &header, 1);
	rc = layer_file(s, "var/lib/rpm/Packages", db.s, db.len);
	str_free(&header);
	str_free(&db);
	return rc;
}

#endif
