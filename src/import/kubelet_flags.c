/*
 * kubelet_flags.c - a kubelet's command line: a platform.
 *
 * A unit's ExecStart, an environment file (KUBELET_EXTRA_ARGS=...), or what
 * ps printed.  Flags win over the configuration file that --config names, so
 * one that is set decides; one that is not leaves it to that file.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "muster/str.h"

static const struct {
	const char	*flag, *fact;
	bool		 alone;		/* without a value it is true */
} flags[] = {
	{ "--pod-max-pids",	"platform.pids",    false },
	{ "--seccomp-default",	"platform.seccomp", true },
	{ "--tls-min-version",	"platform.setting", false },
	{ "--read-only-port",	"platform.setting", false },
	{ "--anonymous-auth",	"platform.setting", true },
	{ "--config",		"platform.setting", false },
};
#define NFLAGS (sizeof(flags) / sizeof(flags[0]))

struct line {
	struct sink	*sink;
	int64_t		 target, n;	/* n: lines before it */
	size_t		 pending;	/* a flag that waits for its value */
};

static int say(struct line *l, size_t i, const char *value, struct err *err)
{
	char at[32];

	snprintf(at, sizeof(at), "line:%lld", (long long)l->n + 1);
	sink_count(l->sink, COUNT_READ, 1);
	sink_count(l->sink, COUNT_STORED, 1);
	return sink_fact(l->sink, &(struct fact){ .target = l->target,
	    .name = flags[i].fact, .key = flags[i].flag + strlen("--"),
	    .value = value, .locator = at }, err);
}

static int word(struct line *l, const char *w, struct err *err)
{
	size_t waiting = l->pending;

	l->pending = NFLAGS;
	if (waiting < NFLAGS && !str_starts(w, "--"))
		return say(l, waiting, w, err);
	for (size_t i = 0; i < NFLAGS; i++) {
		size_t len = strlen(flags[i].flag);

		if (strncmp(w, flags[i].flag, len) != 0)
			continue;
		if (w[len] == '=')
			return say(l, i, w + len + 1, err);
		if (w[len] == '\0' && flags[i].alone)
			return say(l, i, "true", err);
		if (w[len] == '\0')
			l->pending = i;
	}
	return 0;
}

/* Quotes and the "NAME=" of an environment file are blanks to us. */
static int words(struct line *l, char *text, struct err *err)
{
	static const char blanks[] = " \t\r\"'";
	char *save, *w;

	if ((w = strstr(text, "=\"-")) != NULL ||
	    (w = strstr(text, "='-")) != NULL ||
	    (w = strstr(text, "_ARGS=-")) != NULL)
		text = strchr(w, '=') + 1;
	if (*text == '#')
		return 0;
	for (w = strtok_r(text, blanks, &save); w != NULL;
	    w = strtok_r(NULL, blanks, &save))
		if (strcmp(w, "\\") != 0 && word(l, w, err) < 0)
			return -1;
	return 0;
}

static int lines(struct sink *sink, char *text, struct err *err)
{
	struct line l = { .sink = sink, .pending = NFLAGS };

	l.target = sink_target(sink, &(struct target){ .kind = "platform",
	    .key = "kubelet-flags/kubelet", .name = "kubelet-flags/kubelet",
	    .locator = "line:1" }, err);
	if (l.target < 0 || sink_fact(sink, &(struct fact){
	    .target = l.target, .name = "platform.kind",
	    .value = "kubelet-flags", .locator = "line:1" }, err) < 0)
		return -1;
	for (char *end; text != NULL; text = end, l.n++) {
		if ((end = strchr(text, '\n')) != NULL)
			*end++ = '\0';
		if (words(&l, text, err) < 0)
			return -1;
	}
	return 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	size_t len;
	char *text = input_slurp(in, CAP_SETTINGS_BYTES, &len, err);
	int rc = -1;

	if (text != NULL && (strlen(text) != len || !str_is_utf8(text, len)))
		err_set(err, ERR_INPUT, "a NUL byte, or no UTF-8; expected "
		    "a kubelet's command line");
	else if (text != NULL)
		rc = lines(sink, text, err);
	free(text);
	return rc;
}

static int bid(const struct probe *p)
{
	size_t n = 0;

	/* "[Service]" may begin a unit, and JSON without a key. */
	if ((p->kind != PROBE_TEXT && (p->kind != PROBE_JSON ||
	    p->nkeys > 0)) || (!probe_seen(p, "kubelet") &&
	    !probe_seen(p, "KUBELET_")))
		return 0;
	/* A script or a manifest that mentions them is none. */
	if (probe_seen(p, "apiVersion") || probe_seen(p, "#!"))
		return 0;
	for (size_t i = 0; i < NFLAGS; i++)
		n += probe_seen(p, flags[i].flag);
	return n > 0 || probe_seen(p, "KUBELET_EXTRA_ARGS=") ? 60 : 0;
}

const struct importer importer_kubelet_flags = {
	.name = "kubelet-flags",
	.about = "a kubelet's command line: a unit, an environment file",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
