/* sink.c - typed records to plain ones; see sink.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "muster/str.h"

enum severity severity_of(const char *word)
{
	static const struct {
		const char	*word;
		enum severity	 severity;
	} words[] = {
		{ "critical",	 SEV_CRITICAL },
		{ "high",	 SEV_HIGH },
		{ "important",	 SEV_HIGH },
		{ "medium",	 SEV_MEDIUM },
		{ "moderate",	 SEV_MEDIUM },
		{ "low",	 SEV_LOW },
		{ "negligible",	 SEV_NEGLIGIBLE },
		{ "unimportant", SEV_NEGLIGIBLE },
		{ "none",	 SEV_NEGLIGIBLE },
		{ "info",	 SEV_NEGLIGIBLE },
	};

	for (size_t i = 0; word != NULL && i < sizeof(words) / sizeof(*words);
	    i++)
		if ((word[0] | 0x20) == words[i].word[0] &&
		    str_ieq(words[i].word, word))
			return words[i].severity;
	return SEV_UNKNOWN;
}

const char *severity_name(enum severity s)
{
	static const char *const names[] = {
		"unknown", "negligible", "low", "medium", "high", "critical"
	};

	return names[s <= SEV_CRITICAL ? s : SEV_UNKNOWN];
}

int sink_fact_known(const char *name)
{
	static const char *const names[] = {
#define FACT(name, about) name,
#include "muster/facts.def"
#undef FACT
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return 1;
	return 0;
}

/* The fields of a record, filled one after the other. */
struct build {
	struct rec	rec;
	char		numbers[8][24];
	size_t		used;
};

/* Room for more fields than most records have is not cleared for each. */
static void begin(struct build *b, enum rec_kind kind)
{
	b->rec.kind = kind;
	b->rec.n = b->used = 0;
}

static void text(struct build *b, const char *s)
{
	b->rec.f[b->rec.n++] = (struct field){ s, s != NULL ? strlen(s) : 0 };
}

/* The canonical spelling: what SQLite gives back for the integer. */
static void number(struct build *b, int64_t v)
{
	char *end = b->numbers[b->used++] + sizeof(b->numbers[0]) - 1;
	char *s = end;
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	*end = '\0';
	do
		*--s = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (v < 0)
		*--s = '-';
	b->rec.f[b->rec.n++] = (struct field){ s, (size_t)(end - s) };
}

int64_t sink_target(struct sink *s, const struct target *t, struct err *err)
{
	struct build b;

	if (s->targets >= cap(CAP_TARGETS))
		return cap_err(err, CAP_TARGETS, "it is about too many "
		    "things");
	begin(&b, REC_TARGET);
	number(&b, s->targets + 1);
	text(&b, t->kind);
	text(&b, t->key);
	text(&b, t->name);
	text(&b, t->locator);
	if (s->put(s, &b.rec, err) < 0)
		return -1;
	return ++s->targets;
}

int sink_identity(struct sink *s, const struct identity *i, struct err *err)
{
	struct build b;

	if (str_empty(i->value))
		return 0;
	begin(&b, REC_IDENTITY);
	number(&b, i->target);
	text(&b, i->kind);
	text(&b, i->value);
	return s->put(s, &b.rec, err);
}

int sink_fact(struct sink *s, const struct fact *f, struct err *err)
{
	struct build b;

	if (!sink_fact_known(f->name))
		return err_set(err, ERR_BUG, "a fact named \"%s\", which "
		    "facts.def does not know", f->name);
	begin(&b, REC_FACT);
	number(&b, f->target);
	text(&b, f->name);
	text(&b, f->key);
	text(&b, f->value);
	text(&b, f->locator);
	return s->put(s, &b.rec, err);
}

int sink_layer(struct sink *s, const struct layer *l, struct err *err)
{
	struct build b;

	begin(&b, REC_LAYER);
	number(&b, l->target);
	number(&b, l->n);
	text(&b, l->diff_id);
	text(&b, l->digest);
	text(&b, l->media_type);
	number(&b, l->bytes);
	number(&b, l->tar_bytes);
	number(&b, l->entries);
	number(&b, l->whiteouts);
	number(&b, l->wasted);
	text(&b, l->state);
	text(&b, l->detail);
	return s->put(s, &b.rec, err);
}

int sink_file(struct sink *s, const struct file *f, struct err *err)
{
	struct build b;

	begin(&b, REC_FILE);
	number(&b, f->target);
	text(&b, f->path);
	text(&b, f->type);
	number(&b, f->mode);
	number(&b, f->uid);
	number(&b, f->gid);
	number(&b, f->size);
	number(&b, f->layer);
	text(&b, f->link);
	text(&b, f->sha256);
	text(&b, f->caps);
	return s->put(s, &b.rec, err);
}

int sink_package(struct sink *s, const struct package *p, struct err *err)
{
	struct build b;

	if (str_empty(p->name))
		return err_set(err, ERR_INPUT, "a %s package without a name",
		    p->type);
	begin(&b, REC_PACKAGE);
	number(&b, p->target);
	text(&b, p->type);
	text(&b, p->name);
	text(&b, p->version);
	text(&b, p->arch);
	text(&b, p->source);
	text(&b, p->purl);
	text(&b, p->signature);
	number(&b, p->size);
	text(&b, p->locator);
	return s->put(s, &b.rec, err);
}

int sink_finding(struct sink *s, const struct finding *f, struct err *err)
{
	struct build b;

	if (str_empty(f->id))
		return err_set(err, ERR_INPUT,
		    "a %s finding without an identifier", f->kind);
	begin(&b, REC_FINDING);
	number(&b, f->target);
	text(&b, f->kind);
	text(&b, f->id);
	text(&b, f->aliases);
	text(&b, f->package);
	text(&b, f->version);
	text(&b, f->type);
	text(&b, f->purl);
	number(&b, (int64_t)f->severity);
	text(&b, f->severity_word);
	text(&b, f->fixed_in);
	number(&b, f->fixable != 0);
	text(&b, f->path);
	text(&b, f->result);
	text(&b, f->title);
	text(&b, f->idents);
	text(&b, f->locator);
	return s->put(s, &b.rec, err);
}

int sink_listing(struct sink *s, const struct listing *l,
    struct err *err)
{
	struct build b;

	begin(&b, REC_LISTING);
	number(&b, l->target);
	text(&b, l->role);
	text(&b, l->repository);
	text(&b, l->tag);
	text(&b, l->digest);
	text(&b, l->config);
	text(&b, l->chain);
	text(&b, l->created);
	text(&b, l->source);
	text(&b, l->locator);
	return s->put(s, &b.rec, err);
}

int sink_signature(struct sink *s, const struct signature *g,
    struct err *err)
{
	struct build b;

	begin(&b, REC_SIGNATURE);
	number(&b, g->target);
	text(&b, g->kind);
	text(&b, g->image);
	text(&b, g->claim);
	text(&b, g->reference);
	text(&b, g->type);
	text(&b, g->payload);
	text(&b, g->digest);
	text(&b, g->signature);
	text(&b, g->certificate);
	text(&b, g->chain);
	text(&b, g->state);
	text(&b, g->locator);
	return s->put(s, &b.rec, err);
}

int sink_statement(struct sink *s, const struct statement *t,
    struct err *err)
{
	struct build b;

	if (str_empty(t->id) || str_empty(t->status))
		return err_set(err, ERR_INPUT, "a statement without %s",
		    str_empty(t->id) ? "an identifier" : "a status");
	begin(&b, REC_STATEMENT);
	number(&b, t->target);
	text(&b, t->kind);
	text(&b, t->id);
	text(&b, t->aliases);
	text(&b, t->package);
	text(&b, t->version);
	text(&b, t->product);
	text(&b, t->status);
	text(&b, t->justification);
	text(&b, t->text);
	text(&b, t->author);
	text(&b, t->at);
	text(&b, t->until);
	text(&b, t->severity);
	text(&b, t->locator);
	return s->put(s, &b.rec, err);
}

int sink_priority(struct sink *s, const struct priority *p,
    struct err *err)
{
	struct build b;

	if (str_empty(p->id))
		return err_set(err, ERR_INPUT, "a %s entry without a CVE",
		    p->kind);
	begin(&b, REC_PRIORITY);
	number(&b, p->target);
	text(&b, p->kind);
	text(&b, p->id);
	text(&b, p->score);
	text(&b, p->percentile);
	text(&b, p->at);
	text(&b, p->due);
	text(&b, p->text);
	text(&b, p->locator);
	return s->put(s, &b.rec, err);
}

int sink_guidance(struct sink *s, const struct guidance *g,
    struct err *err)
{
	struct build b;

	if (str_empty(g->name))
		return err_set(err, ERR_INPUT, "a %s without an identifier",
		    g->kind);
	begin(&b, REC_GUIDANCE);
	number(&b, g->target);
	text(&b, g->kind);
	text(&b, g->name);
	text(&b, g->group);
	text(&b, g->version);
	text(&b, g->severity);
	text(&b, g->title);
	text(&b, g->idents);
	text(&b, g->text);
	text(&b, g->locator);
	return s->put(s, &b.rec, err);
}

int sink_member_start(struct sink *s, const struct member *m,
    struct err *err)
{
	struct build b;

	sink_count(s, COUNT_READ, 1);
	begin(&b, REC_MEMBER);
	text(&b, "start");
	text(&b, m->name);
	text(&b, m->kind);
	text(&b, m->value);
	text(&b, NULL);
	return s->put(s, &b.rec, err);
}

int sink_member_data(struct sink *s, const void *bytes, size_t len,
    struct err *err)
{
	struct build b;

	begin(&b, REC_MEMBER);
	text(&b, "data");
	text(&b, NULL);
	text(&b, NULL);
	text(&b, NULL);
	b.rec.f[b.rec.n++] = (struct field){ bytes, len };
	return s->put(s, &b.rec, err);
}

int sink_member_end(struct sink *s, struct err *err)
{
	struct build b;

	begin(&b, REC_MEMBER);
	text(&b, "end");
	for (int i = 0; i < 4; i++)
		text(&b, NULL);
	return s->put(s, &b.rec, err);
}

int sink_meta(struct sink *s, const char *key, const char *value,
    struct err *err)
{
	struct build b;

	if (str_empty(value))
		return 0;
	begin(&b, REC_META);
	text(&b, key);
	text(&b, value);
	return s->put(s, &b.rec, err);
}

static int warn(struct sink *s, const char *locator, const char *line,
    struct err *err)
{
	struct build b;
	struct str clean = STR_INIT;
	int rc;

	str_utf8(&clean, line, strlen(line));	/* cut inside a character */
	begin(&b, REC_WARNING);
	text(&b, locator);
	text(&b, str_text(&clean));
	rc = s->put(s, &b.rec, err);
	str_free(&clean);
	return rc;
}

int sink_warn(struct sink *s, const char *locator, struct err *err,
    const char *fmt, ...)
{
	char	line[1024];
	va_list	ap;

	if (++s->warnings > cap(CAP_WARNINGS))
		return 0;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return warn(s, locator, line, err);
}

int sink_warn_end(struct sink *s, struct err *err)
{
	int64_t more = s->warnings - cap(CAP_WARNINGS);
	char line[256];

	if (more <= 0)
		return 0;
	snprintf(line, sizeof(line), "%lld more warnings are left out: %s",
	    (long long)more, cap_hint(CAP_WARNINGS));
	return warn(s, NULL, line, err);
}

void sink_count(struct sink *s, enum count what, int64_t n)
{
	s->counts[what] += n;
}
