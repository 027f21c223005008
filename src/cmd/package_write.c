/* package_write.c - a database as the files of a package; see package.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "mark.h"
#include "package.h"
#include "scratch.h"

/* A column of each row as a line. */
static int add_lines(struct store *st, enum sql name, int col, int fd,
    struct err *err)
{
	struct str line = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, st, name, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		str_clear(&line);
		str_addf(&line, "%s\n", query_text(&q, col));
		if ((rc = scratch_write(fd, line.s, line.len, err)) < 0)
			break;
	}
	query_close(&q);
	str_free(&line);
	return rc;
}

static int lines(struct store *st, enum sql name, int col, const char *dir,
    const char *file, struct err *err)
{
	int fd = scratch_open(dir, file, err), rc;

	if (fd < 0)
		return -1;
	rc = add_lines(st, name, col, fd, err);
	close(fd);
	return rc;
}

/* What outputs tell of earlier assessments is taken from these. */
static int posture(struct store *st, const char *dir, struct err *err)
{
	static const enum sql all[] = {
		SQL_PACKAGE_POSTURE, SQL_PACKAGE_POSTURE_SUBJECT,
		SQL_PACKAGE_POSTURE_VERDICT, SQL_PACKAGE_POSTURE_ISSUE,
		SQL_PACKAGE_POSTURE_TURN, SQL_PACKAGE_POSTURE_SIGHTING,
		SQL_PACKAGE_POSTURE_SCAN
	};
	int fd = scratch_open(dir, "posture.jsonl", err), rc = 0;

	if (fd < 0)
		return -1;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && rc == 0; i++)
		rc = add_lines(st, all[i], 0, fd, err);
	close(fd);
	return rc;
}

static int tailoring(struct store *st, const char *dir, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_PACKAGE_TAILORING, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		rc = scratch_put(dir, "tailoring.xml", query_text(&q, 0),
		    strlen(query_text(&q, 0)), err);
	query_close(&q);
	return rc;
}

int package_write_tables(struct store *st, const char *dir, struct err *err)
{
	size_t len;
	const char *text = benchmark_text(&len);

	if (scratch_put(dir, "benchmark.xml", text, len, err) < 0 ||
	    tailoring(st, dir, err) < 0 || posture(st, dir, err) < 0 ||
	    lines(st, SQL_PACKAGE_DECISIONS, 0, dir, "decisions.jsonl", err)
	    < 0)
		return -1;
	return lines(st, SQL_PACKAGE_RELEASE, 4, dir, "release.jsonl", err);
}

struct out {
	int		 fd;
	struct str	 line;
};

static int record(void *ctx, const struct rec *rec, struct err *err)
{
	struct out *o = ctx;
	struct str clean = STR_INIT;

	str_clear(&o->line);
	str_addf(&o->line, "[\"%s\"", evidence_table((int)rec->kind));
	for (size_t i = 0; i < rec->n; i++) {
		str_addc(&o->line, ',');
		if (rec->f[i].p == NULL) {
			str_add(&o->line, "null");
		} else {
			str_clear(&clean);
			str_addn(&clean, rec->f[i].p, rec->f[i].len);
			str_json(&o->line, str_text(&clean));
		}
	}
	str_add(&o->line, "]\n");
	str_free(&clean);
	return scratch_write(o->fd, o->line.s, o->line.len, err);
}

static int bytes_of(struct store *st, int64_t id, int fd, struct err *err)
{
	struct kept *k = kept_open(st, id);
	const void *p;
	size_t len;
	int rc;

	while ((rc = kept_next(k, &p, &len, err)) > 0)
		if ((rc = scratch_write(fd, p, len, err)) < 0)
			break;
	kept_close(k);
	return rc;
}

/* The bytes of an artifact where they are to go with it, else its records. */
static int artifact(struct store *st, const struct query *q, const char *dir,
    bool bytes, struct err *err)
{
	struct out o = { -1, STR_INIT };
	struct str name = STR_INIT;
	int rc;

	str_addf(&name, bytes ? "evidence/%s" : "records/%s.jsonl",
	    query_text(q, 1));
	if ((o.fd = scratch_open(dir, name.s, err)) < 0)
		rc = -1;
	else if (bytes)
		rc = bytes_of(st, query_int(q, 0), o.fd, err);
	else
		rc = evidence_walk(st, query_int(q, 0), record, &o, err);
	if (o.fd >= 0)
		close(o.fd);
	str_free(&o.line);
	str_free(&name);
	return rc;
}

int package_write_evidence(struct store *st, const char *dir,
    bool digests_only, char digest[SHA_HEX], struct err *err)
{
	int fd = scratch_open(dir, "artifacts.jsonl", err), rc;
	struct str line = STR_INIT;
	struct sha *sha = sha_new();
	char one[SHA_HEX];
	struct query q;

	if (fd < 0) {
		sha_free(sha);
		return -1;
	}
	query_open(&q, st, SQL_PACKAGE_ARTIFACTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		bool bytes = query_int(&q, 2) != 0 && !digests_only;

		if ((rc = evidence_digest(st, query_int(&q, 0), one, err)) < 0
		    || (rc = artifact(st, &q, dir, bytes, err)) < 0)
			break;
		str_clear(&line);
		str_addf(&line, "{\"records\":\"%s\",\"here\":%s,", one,
		    bytes ? "true" : "false");
		if (!str_empty(query_text(&q, 4))) {
			str_add(&line, "\"caps\":");
			str_json(&line, query_text(&q, 4));
			str_addc(&line, ',');
		}
		str_addf(&line, "%s\n", query_text(&q, 3) + 1);
		sha_add(sha, line.s, line.len);
		if ((rc = scratch_write(fd, line.s, line.len, err)) < 0)
			break;
	}
	query_close(&q);
	sha_end_hex(sha, digest);
	sha_free(sha);
	close(fd);
	str_free(&line);
	return rc < 0 ? -1 : lines(st, SQL_PACKAGE_JOURNAL, 0, dir,
	    "journal.jsonl", err);
}

/* Text of others for people: no control characters. */
static void plain(struct str *out, const char *text)
{
	for (; *text != '\0'; text++)
		str_addc(out, (unsigned char)*text < ' ' || *text == 127 ?
		    ' ' : *text);
}

static int release(struct store *st, struct str *out, struct err *err)
{
	struct str last = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, st, SQL_PACKAGE_RELEASE, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		if (!str_eq(str_text(&last), query_text(&q, 0))) {
			str_clear(&last);
			str_add(&last, query_text(&q, 0));
			str_add(out, "\n  ");
			plain(out, query_text(&q, 1));
			str_addc(out, '\n');
		}
		str_addf(out, "    %-8s %s", query_null(&q, 3) != NULL ?
		    "present" : "MISSING", query_text(&q, 2));
		if (query_null(&q, 3) != NULL)
			str_add(out, ": ");
		plain(out, query_text(&q, 3));
		str_addc(out, '\n');
	}
	query_close(&q);
	str_free(&last);
	return rc;
}

int package_write_readme(struct store *st, const char *dir,
    const struct bundle *p, struct err *err)
{
	struct str b = STR_INIT, marking = STR_INIT;
	struct query q;
	int rc;

	if (mark_text(st, &marking, err) < 0)
		return -1;
	if (marking.len > 0)
		str_addf(&b, "%s\n\n", str_text(&marking));
	str_addf(&b, "Accreditation evidence for container images, as of "
	    "%s\n\nWhat to read\n"
	    "  outputs/index.html   the report; open it in a browser\n"
	    "  outputs/             the same for tools: XCCDF, ARF, "
	    "checklists and so on\n"
	    "  decisions.jsonl      waivers and other decisions of people, "
	    "and what they cover\n"
	    "  release.jsonl        the release artifacts of each image, as "
	    "below\n"
	    "  artifacts.jsonl      every file that was imported, with its "
	    "SHA-256\n"
	    "  evidence/            those files, named by their SHA-256%s\n"
	    "  records/             what was read of files that are not "
	    "here\n"
	    "  journal.jsonl        who did what and when, a chain of "
	    "hashes\n"
	    "  posture.jsonl        earlier assessments, as they were "
	    "remembered\n"
	    "  benchmark.xml        the requirements%s\n\n"
	    "How to check it\n"
	    "  muster verify FILE            every hash, the signature, the "
	    "journal\n"
	    "  muster verify --replay FILE   also every verdict and every "
	    "output, made again\n"
	    "  Without muster: sha256sum -c SHA256SUMS\n", p->as_of,
	    p->digests_only ? " (left out of this package)" : "",
	    p->tailoring[0] != '\0' ? "; tailoring.xml changes them" : "");
	if (str_eq(p->signature, PACKAGE_MANIFEST ".sig"))
		str_add(&b, "  The signature: ssh-keygen -Y verify -n file -f "
		    "ALLOWED -I WHO -s manifest.json.sig < manifest.json\n");
	else if (p->signature != NULL)
		str_add(&b, "  The signature: openssl cms -verify -binary "
		    "-inform PEM -in manifest.json.p7s -content "
		    "manifest.json -CAfile ROOT\n");
	else
		str_add(&b, "  The package is not signed.\n");
	query_open(&q, st, SQL_VERDICT_TOTALS, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		str_addf(&b, "\nVerdicts: %lld pass, %lld fail, %lld not "
		    "applicable, %lld not reviewed, %lld error\n",
		    (long long)query_int(&q, 0), (long long)query_int(&q, 1),
		    (long long)query_int(&q, 2), (long long)query_int(&q, 3),
		    (long long)query_int(&q, 4));
	query_close(&q);
	str_add(&b, "\nRelease artifacts (section 4.3.5 of the guide)\n");
	if (rc >= 0)
		rc = release(st, &b, err);
	if (marking.len > 0)
		str_addf(&b, "\n%s\n", str_text(&marking));
	if (rc == 0)
		rc = scratch_put(dir, "README.txt", b.s, b.len, err);
	str_free(&marking);
	str_free(&b);
	return rc;
}
