/*
 * sink.h - what a reader says about a file: plain records, one at a time.
 *
 * A reader (an importer, the image reader) never sees the database.  It fills
 * one of the structs below and hands it to a sink.  In the program the sink
 * is a pipe to the keeper, which stores the record; in a unit test or a fuzzer
 * it is a function of the test.  Text is borrowed until the call returns, is
 * valid UTF-8 without NUL, and may be NULL where the field is unknown.
 *
 * A file speaks about one or more targets: an image, a workload container, a
 * platform (a node's or builder's configuration), a host that was scanned.
 * A record belongs to the target it names; target 0 is the file as a whole.
 * Which evidence speaks about the same subject is decided later, from the
 * targets' identities (src/assess/attach.c), never by the reader.
 *
 * Locators say where in the file a record was read.  One syntax everywhere:
 *
 *	json:/matches/12		JSON pointer (RFC 6901)
 *	xpath:/Benchmark/TestResult[1]/rule-result[7]
 *	yaml:DOC:LINE:/spec/containers/0	document from 1, line of the
 *					file from 1, JSON pointer inside the
 *					document (not there for its root)
 *	layer:sha256:...:/usr/bin/su	diff_id and path; "@OFFSET" may follow
 *	history:N			entry of the image's history, from 0
 *	config:/config/User		JSON pointer into the image's config
 *	line:N				a line of a text file
 */
#ifndef MUSTER_SINK_H
#define MUSTER_SINK_H

#include <stddef.h>
#include <stdint.h>

struct err;

/* The common scale, worst last; SEV_UNKNOWN is shown apart, never below. */
enum severity {
	SEV_UNKNOWN, SEV_NEGLIGIBLE, SEV_LOW, SEV_MEDIUM, SEV_HIGH, SEV_CRITICAL
};

/* A scanner's word on the common scale: inputs differ in case and language
 * ("important", "moderate", "unimportant"); anything else is SEV_UNKNOWN. */
enum severity severity_of(const char *word);
const char *severity_name(enum severity s);

/* The record kinds; sink_rec.def lists each with its fields. */
enum rec_kind {
#define REC(name, table, ...) REC_##name,
#include "muster/sink_rec.def"
#undef REC
	REC_KINDS
};

/* One field: text or bytes; p == NULL is SQL's NULL. */
struct field {
	const char	*p;
	size_t		 len;
};

#define REC_MAX_FIELDS 18

struct rec {
	enum rec_kind	 kind;
	size_t		 n;
	struct field	 f[REC_MAX_FIELDS];
};

/* Where records go.  The first member of whatever struct implements it. */
struct sink {
	int (*put)(struct sink *sink, const struct rec *rec, struct err *err);
	int64_t	targets;	/* given out so far by sink_target() */
	int64_t	warnings;	/* past a cap they are counted only */
	int64_t	counts[4];	/* by sink_count() */
};

/* What the file is about. */
struct target {
	const char	*kind;	/* "image" "workload" "platform" "host" */
	const char	*key;	/* workload: KIND/NS/NAME/CONTAINER; else NULL */
	const char	*name;	/* for people */
	const char	*locator;
};

/*
 * A name of the target, in one of these kinds:
 *	manifest config index	a digest "sha256:..."
 *	repodigest		"repo@sha256:..."; may be an index's digest
 *	tag			a reference with a tag, as written
 *	host			a host name, where nothing says which image
 */
struct identity {
	int64_t		 target;
	const char	*kind, *value;
};

/* One thing a check needs to know; names are listed in facts.def. */
struct fact {
	int64_t		 target;
	const char	*name;		/* "config.port" */
	const char	*key;		/* "8443/tcp": which one, or NULL */
	const char	*value;		/* text; no secrets: see str "masked" */
	const char	*locator;
};

/* One layer of an image, in order; state is "ok", "mismatch", "missing" or
 * "unreadable" and detail says why. */
struct layer {
	int64_t		 target, n;	/* n from 0, the lowest layer */
	const char	*diff_id;	/* as the config claims */
	const char	*digest;	/* of the blob, NULL if it has none */
	const char	*media_type;
	int64_t		 bytes;		/* of the blob */
	int64_t		 tar_bytes;	/* uncompressed */
	int64_t		 entries, whiteouts;
	int64_t		 wasted;	/* file bytes hidden by later layers */
	const char	*state, *detail;
};

/* One path of the effective file system. */
struct file {
	int64_t		 target;
	const char	*path;		/* "/usr/bin/su", str_path() escaped */
	const char	*type;		/* file dir link hard char block fifo */
	int64_t		 mode;		/* permission bits, 0-07777 */
	int64_t		 uid, gid, size;
	int64_t		 layer;		/* where it comes from */
	const char	*link;		/* target of link and hard; else NULL */
	const char	*sha256;	/* of a regular file's content, hex */
	const char	*caps;		/* "cap_net_raw=ep", or NULL */
};

struct package {
	int64_t		 target;
	const char	*type;		/* deb rpm apk python npm ... */
	const char	*name, *version, *arch;
	const char	*source;	/* source package, or NULL */
	const char	*purl;
	const char	*signature;	/* rpm: "none" or what signs it */
	int64_t		 size;		/* installed bytes, 0 unknown */
	const char	*locator;
};

/* One row of a scanner's report, untouched. */
struct finding {
	int64_t		 target;
	const char	*kind;		/* vulnerability rule compliance secret */
	const char	*id;
	const char	*aliases;	/* one a line, or NULL */
	const char	*package, *version;
	const char	*type;		/* of the package: deb, python ... */
	const char	*purl;
	enum severity	 severity;
	const char	*severity_word;	/* the scanner's own */
	const char	*fixed_in;	/* comma list; NULL: no fix named */
	int64_t		 fixable;	/* the format's own notion of it */
	const char	*path;
	/* rule: XCCDF's word, of other formats too (a CKL's Open is "fail");
	 * vulnerability: what the source says will come of it ("will_not_fix",
	 * "affected"), as written; compliance: "fail" or as written, or NULL */
	const char	*result;
	const char	*title;
	/* One a line, or NULL.  rule: what the report names it by elsewhere,
	 * as written ("CCI-000366", "CCE-26970-4", "V-71849"), of the result,
	 * else of the benchmark's rule; vulnerability: "binary:NAME" for each
	 * binary package of the one that is named, "source:NAME" for the one
	 * it is built from */
	const char	*idents;
	const char	*locator;
};

/* An image that a list names: of approved bases, of what a registry holds. */
struct listing {
	int64_t		 target;
	const char	*role;		/* "approved" "inventory" */
	const char	*repository;	/* normalised by ref.h, without a tag */
	const char	*tag, *digest, *config;
	const char	*chain;		/* diff_ids from the lowest, one a line */
	const char	*created;	/* ISO 8601, as the list says */
	const char	*source;	/* "Iron Bank", or NULL */
	const char	*locator;
};

/* A signature as it was found.  Nothing is verified at import: which keys are
 * trusted is said later (muster trust), and a verdict says so by then. */
struct signature {
	int64_t		 target;
	const char	*kind;		/* "cosign" "dsse" "gpg" */
	const char	*image;		/* digest it hangs on, or NULL */
	const char	*claim;		/* digest its payload names */
	const char	*reference;	/* docker-reference its payload names */
	const char	*type;		/* predicateType of a statement */
	const char	*payload;	/* base64 of what is signed, or NULL */
	const char	*digest;	/* sha256 of what is signed, hex */
	const char	*signature;	/* base64 */
	const char	*certificate, *chain;	/* PEM, or NULL */
	const char	*state;		/* "ok" or what is wrong: digests differ */
	const char	*locator;
};

/*
 * What somebody says of a finding: a proposal at most, never a suppression.
 *
 * A cell of a checklist of the guide, one record each, whether or not it was
 * edited: id is the requirement ("2.3"), status as written ("NotAFinding",
 * "not_a_finding"), text the comments, severity the override, justification
 * the override's reason; the finding details are the target's fact
 * "checklist.details" of that key.  NULL is an empty cell.  The target is a
 * "file" whose key is the subject as muster wrote it, "image sha256:...".
 */
struct statement {
	int64_t		 target;
	const char	*kind;		/* vex csaf cyclonedx ignore vat greylist
					 * checklist amendment */
	const char	*id;		/* the finding's, or the rule's */
	const char	*aliases;	/* one a line, or NULL */
	const char	*package, *version;
	const char	*product;	/* purl or cpe as written, or NULL */
	const char	*status;	/* as written */
	const char	*justification, *text, *author;
	const char	*at, *until;
	const char	*severity;	/* where it changes it */
	const char	*locator;
};

/* How urgent a vulnerability is, by CISA's KEV or FIRST's EPSS. */
struct priority {
	int64_t		 target;
	const char	*kind;		/* "kev" "epss" */
	const char	*id;
	const char	*score, *percentile;	/* decimal text, as written */
	const char	*at, *due, *text;
	const char	*locator;
};

/* A rule of a STIG nobody evaluated here, or an item of the CCI list. */
struct guidance {
	int64_t		 target;
	const char	*kind;		/* "rule" "cci" */
	const char	*name;		/* SV-..._rule, CCI-... */
	const char	*group;		/* V-... */
	const char	*version;	/* the STIG's id, CNTR-K8-000160 */
	const char	*severity, *title;
	const char	*idents;	/* CCIs; of a cci: controls; one a line */
	const char	*text;
	const char	*locator;
};

/*
 * How many records the file holds, in the format's own terms: each must end
 * up as stored, merged into another record, or unplaced (and then named by a
 * warning), or the import is our bug.  Findings, packages, files and layers
 * count as stored by themselves; COUNT_STORED is for records of another kind
 * (a Kubernetes object, say).
 */
enum count { COUNT_READ, COUNT_MERGED, COUNT_UNPLACED, COUNT_STORED };

int64_t sink_target(struct sink *s, const struct target *t, struct err *err);
int sink_identity(struct sink *s, const struct identity *i, struct err *err);
int sink_fact(struct sink *s, const struct fact *f, struct err *err);
int sink_layer(struct sink *s, const struct layer *l, struct err *err);
int sink_file(struct sink *s, const struct file *f, struct err *err);
int sink_package(struct sink *s, const struct package *p, struct err *err);
int sink_finding(struct sink *s, const struct finding *f, struct err *err);
int sink_listing(struct sink *s, const struct listing *l, struct err *err);
int sink_signature(struct sink *s, const struct signature *g,
    struct err *err);
int sink_statement(struct sink *s, const struct statement *t,
    struct err *err);
int sink_priority(struct sink *s, const struct priority *p, struct err *err);
int sink_guidance(struct sink *s, const struct guidance *g, struct err *err);

/*
 * A file inside the file (a report in an archive, the predicate of an
 * attestation) is imported for itself, as an artifact of its own with the
 * bytes given here: so its locators, its tool and its counts are its own, and
 * the same report alone is known to be the same.  What became of it is a fact
 * "archive.member" of the file it is in, and it is counted there as one record
 * that was read.  Its name is put behind the file's: "scans.tar.gz!a/b.json".
 */
struct member {
	const char	*name;		/* its path, escaped by str_path() */
	const char	*kind, *value;	/* an identity that the file around it
					 * gives to what it is about, or NULL */
};

int sink_member_start(struct sink *s, const struct member *m,
    struct err *err);
int sink_member_data(struct sink *s, const void *bytes, size_t len,
    struct err *err);
int sink_member_end(struct sink *s, struct err *err);

/* What wrote the file: key is "tool", "tool_version", "tool_db" (its
 * database's date) or "produced" (when), or "format" where the importer
 * reads several and knows better than its name. */
int sink_meta(struct sink *s, const char *key, const char *value,
    struct err *err);

/* Something the reader dropped, clipped or could not place, and where. */
int sink_warn(struct sink *s, const char *locator, struct err *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Say how many were left out past the cap; for the framework. */
int sink_warn_end(struct sink *s, struct err *err);

/* n more records counted; kept in s and sent at the end by the framework. */
void sink_count(struct sink *s, enum count what, int64_t n);

/* Is this a name facts.def knows?  (Tests use it; sink_fact insists.) */
int sink_fact_known(const char *name);

#endif
