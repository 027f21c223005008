/*
 * xccdf_priv.h - the parts of the XCCDF importer.
 *
 *	xccdf.c		which element is which, from the document's root
 *	xccdf_rules.c	what the benchmark says about each rule
 *	xccdf_score.c	the score that the results come to
 *	xccdf_result.c	a TestResult: its target, facts and rule-results
 *	xccdf_name.c	tools and images hidden in names
 */
#ifndef MUSTER_XCCDF_PRIV_H
#define MUSTER_XCCDF_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/str.h"

struct err;
struct sink;
struct xml;

/* What a Rule says; a result that is silent about it falls back to this. */
struct xccdf_rule {
	const char *id, *severity, *title, *version, *idents;
	const char *check;		/* how a person finds out */
	const char *locator;
	const char *weight;
	size_t	    group;		/* it is in */
	size_t	    at;			/* found: which one it is */
};

/* The rules of all benchmarks of one document, by benchmark and id. */
struct xccdf_rules {
	struct str	 text;
	/* Offsets into the text of all; 0 is "". */
	struct xccdf_kept {
		int		benchmark;
		bool		doubled;	/* others had the same id */
		unsigned char	worst;		/* result, see xccdf_score.c */
		size_t		came;		/* it was the i-th, from 0 */
		size_t		group;
		double		weight;
		uint32_t	id, severity, title, version, idents, check;
		uint32_t	locator;
	}		*rules;		/* as they came; sorted at the first
					 * question */
	size_t		 n, cap;
	size_t		*order;		/* where the rule that came i-th is */
	size_t		 ncame, next;	/* the next one to try */
	bool		 sorted;
	struct xccdf_group {
		size_t		parent;		/* a smaller number */
		double		weight;
		uint32_t	id;
	}		*groups;
	size_t		 ngroups, groups_cap;
};

struct xccdf_rules *xccdf_rules_new(void);
void xccdf_rules_free(struct xccdf_rules *r);	/* accepts NULL */
/* A group in another one, or a benchmark, which is in none; its number. */
#define XCCDF_NO_GROUP	SIZE_MAX
size_t xccdf_rules_group(struct xccdf_rules *r, size_t parent,
    const char *id, const char *weight);
/* Returns 1 when it is too late, because a rule was asked for already. */
int xccdf_rules_add(struct xccdf_rules *r, int benchmark,
    const struct xccdf_rule *rule, struct err *err);
/* Of several rules of one id, the most severe; *doubled says that there are
 * several.  The text stays as long as the rules. */
bool xccdf_rules_find(struct xccdf_rules *r, int benchmark, const char *id,
    struct xccdf_rule *out, bool *doubled);

/*
 * The score of XCCDF's default system, worked out: the weighted mean of the
 * rules of a group, of the groups of a group, up to the benchmark.  A rule
 * with several results has its worst one.  False: no rule counts.  What was
 * marked is forgotten.  (src/import/xccdf_score.c)
 */
void xccdf_score_mark(struct xccdf_rules *r, size_t at, const char *result,
    const char *weight);
bool xccdf_score_of(struct xccdf_rules *r, size_t benchmark, double *score);

/* A benchmark nobody evaluated: its rules as guidance, in their order; how
 * many, or -1. */
int64_t xccdf_rules_send(struct xccdf_rules *r, struct sink *sink,
    struct err *err);

/* "cpe:/a:redhat:openscap:1.3.5" is openscap 1.3.5. */
void xccdf_name_tool(const char *system, struct str *tool,
    struct str *version);

/*
 * The content of OpenSCAP's distributions names CCIs and the STIG's id of a
 * rule in references to DISA's pages: "CCI-000366", in old ones "366";
 * "RHEL-08-010020".  False: more CCIs than a list may hold.
 */
bool xccdf_name_reference(const char *href, const char *text,
    struct str *idents, struct str *version);

/*
 * Does a target's name or fact stand for an image, and not for a host?
 * Scanners of images write "docker-image://a:1, a:2"; also taken are a digest
 * alone and "repo@sha256:...".  xccdf_name_images() sends what it names as
 * identities.
 */
bool xccdf_name_is_image(const char *text);
int xccdf_name_images(struct sink *s, int64_t target, const char *text,
    struct err *err);

/* What is known of the document so far (src/import/xccdf.c). */
#define XCCDF_BENCHMARKS	64	/* the cap allows no more */

struct xccdf_doc {
	struct sink		*sink;
	struct xccdf_rules	*rules;
	struct xccdf_benchmark {
		struct str id, title, version, release;
		size_t group;		/* that all its rules are in */
	} benchmarks[XCCDF_BENCHMARKS];
	int			 nbenchmarks;
	int			 inside;	/* this one; -1: none */
};

/* A TestResult being read, and the rule-result in it. */
struct xccdf_result;

struct xccdf_result *xccdf_result_new(struct xccdf_doc *doc);
void xccdf_result_free(struct xccdf_result *r);	/* accepts NULL */

/* At its start; then what it says, in any order; then the end. */
void xccdf_result_start(struct xccdf_result *r, struct xml *x);
void xccdf_result_benchmark(struct xccdf_result *r, const char *id,
    const char *href);
int xccdf_result_target(struct xccdf_result *r, struct xml *x,
    const char *name, struct err *err);
int xccdf_result_target_fact(struct xccdf_result *r, struct xml *x,
    const char *name, const char *value, struct err *err);
int xccdf_result_address(struct xccdf_result *r, struct xml *x,
    const char *address, struct err *err);
int xccdf_result_fact(struct xccdf_result *r, struct xml *x,
    const char *fact, const char *key, const char *value, struct err *err);
void xccdf_result_score(struct xccdf_result *r, const char *system,
    const char *maximum, const char *value);
int xccdf_result_end(struct xccdf_result *r, struct xml *x, struct err *err);

/* The same for each rule-result. */
int xccdf_result_rule_start(struct xccdf_result *r, struct xml *x,
    struct err *err);
void xccdf_result_is(struct xccdf_result *r, const char *result);
void xccdf_result_override(struct xccdf_result *r, const char *result);
void xccdf_result_ident(struct xccdf_result *r, const char *ident);
int xccdf_result_rule_end(struct xccdf_result *r, struct xml *x,
    struct err *err);

#endif
