/*
 * build.c - 2.4: were only commands with a known outcome used?
 *
 * ADD of what is remote or unpacked, and downloads that are run or installed
 * without anything that says they are the right ones.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "source.h"
#include "steps.h"

#define HEX_DIGITS "0123456789abcdefABCDEF"

static bool is_remote(const char *s)
{
	return strstr(s, "://") != NULL || str_starts(s, "git@") ||
	    str_ends(s, ".git") || strstr(s, ".git#") != NULL;
}

/* What ADD unpacks: tar, plain or compressed. */
static bool is_archive(const char *s)
{
	static const char *const ends[] = { ".tar", ".tar.gz", ".tgz",
		".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst",
		".tar.lzma", ".tar.Z" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(s, ends[i]))
			return true;
	return false;
}

/* The classic builder names what it added by digest: with "file:", "dir:" or
 * "multi:" before it what was local, bare what it fetched. */
static bool is_bare_digest(const char *s)
{
	return strlen(s) == 64 && strspn(s, HEX_DIGITS) == 64;
}

/* One source of an ADD; dest is the last word. */
static int judge_source(struct assess *as, const struct steps_one *s,
    const char *source, const char *dest, struct err *err)
{
	struct cite cite = steps_cite(s);

	if (is_remote(source))
		return assess_say(as, ROLE_FAIL, cite, err,
		    "%s %lld: ADD fetches %.200s", s->word, (long long)s->n,
		    source);
	if (is_bare_digest(source))
		return assess_say(as, ROLE_FAIL, cite, err, "%s %lld: ADD "
		    "fetched something remote, of which the builder recorded "
		    "only the digest %.12s...", s->word, (long long)s->n,
		    source);
	if (s->first && str_eq(dest, "/") && (str_starts(source, "file:") ||
	    is_archive(source)))
		return assess_say(as, ROLE_NOTE, cite, err, "%s %lld: ADD of "
		    "the base's root file system (%.80s)", s->word,
		    (long long)s->n, source);
	if (is_archive(source))
		return assess_say(as, ROLE_FAIL, cite, err, "%s %lld: ADD "
		    "unpacks %.200s", s->word, (long long)s->n, source);
	if (str_starts(source, "file:"))
		return assess_say(as, ROLE_NOTE, cite, err, "%s %lld: ADD of "
		    "a local file whose name the builder did not record; an "
		    "archive would have been unpacked", s->word,
		    (long long)s->n);
	return 0;
}

static int judge_add(struct assess *as, const struct steps_one *s,
    struct err *err)
{
	char *text = mem_dup(s->step.args), *words[256], *save, *w;
	size_t n = 0;
	int rc = 0;

	/* ["a", "b"] says the same as a b. */
	for (char *p = text; *p != '\0'; p++)
		if (strchr("[]\",", *p) != NULL)
			*p = ' ';
	for (w = strtok_r(text, " \t\n", &save); w != NULL && n < 256;
	    w = strtok_r(NULL, " \t\n", &save))
		if (!str_starts(w, "--") && !str_eq(w, "in"))
			words[n++] = w;
	for (size_t i = 0; rc == 0 && i + 1 < n; i++)
		rc = judge_source(as, s, words[i], words[n - 1], err);
	free(text);
	return rc;
}

static bool is_downloader(const char *prog)
{
	return str_listed("curl wget wget2 aria2c axel fetch http https iwr "
	    "Invoke-WebRequest", prog);
}

static bool is_interpreter(const char *prog)
{
	return history_is_shell(prog) || str_listed("perl ruby node php lua "
	    "tclsh Rscript deno", prog) || str_glob("python*", prog);
}

/* Would it run what comes in?  "python -m json.tool" and "sh x.sh" do not. */
static bool runs_input(const struct history_cmd *c)
{
	size_t first;
	const char *prog = history_program(c, &first);

	if (!is_interpreter(prog))
		return false;
	for (size_t i = first; i < c->n; i++) {
		const char *w = c->word[i];

		if (str_eq(w, "-s") || str_eq(w, "-") || str_eq(w, "--") ||
		    str_eq(w, "/dev/stdin"))
			return true;
		if (strchr("<>", w[0]) != NULL && w[0] != '\0')
			i++;
		else if (w[0] != '-')
			return false;
		else if (!history_is_shell(prog) &&
		    strpbrk(w, "cempnr") != NULL)
			return false;
		else if (history_is_shell(prog) && w[1] != '-' &&
		    strchr(w, 'c') != NULL)
			return false;
	}
	return true;
}

/* The address a command downloads from, or NULL. */
static const char *address(const struct history_cmd *c, size_t first)
{
	const char *other = NULL;

	for (size_t i = first; i < c->n; i++) {
		const char *w = c->word[i];

		if (w[0] != '-' && strstr(w, "://") != NULL)
			return w;
		if (w[0] == '$' || str_glob("[a-z]*.[a-z]*/*", w))
			other = w;
	}
	return other;
}

/* Is it a command that says whether a file is the right one? */
static bool is_check(const struct history_cmds *cmds, size_t i)
{
	const struct history_cmd *c = &cmds->cmd[i];
	size_t first;
	const char *prog = history_program(c, &first);

	if (str_glob("*sum", prog) && (str_starts(prog, "sha") ||
	    str_starts(prog, "md5") || str_starts(prog, "b2")))
		return steps_has(c, first, "-c*") ||
		    steps_has(c, first, "--check*") || c->inside >= 0 ||
		    (i + 1 < cmds->n && cmds->cmd[i + 1].pipe == c->pipe);
	if (str_eq(prog, "shasum"))
		return true;
	if (str_listed("gpg gpg2", prog))
		return steps_has(c, first, "--verify*");
	if (str_eq(prog, "openssl"))
		return steps_has(c, first, "-verify") || c->inside >= 0;
	if (str_eq(prog, "rpm"))
		return steps_has(c, first, "-K") ||
		    steps_has(c, first, "--checksig");
	if (str_eq(prog, "cosign"))
		return steps_has(c, first, "verify*");
	return str_listed("gpgv gpgv2 minisign signify slsa-verifier rpmkeys "
	    "sha256 sha512", prog);
}

static bool is_checked(const struct history_cmds *cmds)
{
	for (size_t i = 0; i < cmds->n; i++)
		if (is_check(cmds, i))
			return true;
	return false;
}

static bool same_file(const char *word, const char *file)
{
	const char *base = look_base(word);

	return str_eq(word, file) || (*base != '\0' &&
	    str_eq(base, look_base(file)));
}

/* Where a download is put: "-" or nothing known gives NULL. */
static const char *output(const struct history_cmd *c, const char *prog,
    size_t first, const char *url)
{
	bool wget = str_starts(prog, "wget");

	for (size_t i = first; i < c->n; i++) {
		const char *w = c->word[i];
		bool shorts = w[0] == '-' && w[1] != '-' && w[1] != '\0';

		if (i + 1 < c->n && (str_eq(w, ">") || str_eq(w, "--output") ||
		    str_eq(w, "--output-document") || (shorts &&
		    w[strlen(w) - 1] == (wget ? 'O' : 'o'))))
			return str_listed("- /dev/null /dev/stdout",
			    c->word[i + 1]) ? NULL : c->word[i + 1];
		if (str_starts(w, "--output="))
			return w + 9;
		if (str_starts(w, "--output-document="))
			return w + 18;
		if (wget && shorts && str_ends(w, "O-"))
			return NULL;
		if (!wget && ((shorts && strchr(w, 'O') != NULL) ||
		    str_eq(w, "--remote-name")))
			return look_base(url);
	}
	return wget || str_listed("aria2c axel fetch", prog) ?
	    look_base(url) : NULL;
}

static bool sets_execute(const struct history_cmd *c, size_t first)
{
	for (size_t i = first; i < c->n; i++) {
		const char *w = c->word[i];
		size_t n = strspn(w, "01234567");

		if (w[n] == '\0' && n >= 3 && strpbrk(w + n - 3, "1357"))
			return true;
		if (strchr(w, '+') != NULL && strchr(strchr(w, '+'), 'x'))
			return true;
		if (strchr(w, '=') != NULL && strchr(strchr(w, '='), 'x'))
			return true;
	}
	return false;
}

static bool is_program_path(const char *path)
{
	return strstr(path, "/bin/") != NULL || strstr(path, "/sbin/") != NULL;
}

/* Does a command run, unpack or install the file? */
static const char *use_of(const struct history_cmd *c, const char *file)
{
	size_t first, i;
	const char *prog = history_program(c, &first);

	if (*prog != '\0' && str_eq(prog, look_base(file)))
		return "runs it";
	for (i = first; i < c->n && !same_file(c->word[i], file); i++)
		;
	if (i == c->n)
		return NULL;
	if (str_eq(prog, "chmod"))
		return sets_execute(c, first) ? "makes it executable" : NULL;
	if (is_interpreter(prog) || str_listed(". source java", prog))
		return "runs it";
	if (str_listed("tar bsdtar unzip 7z 7za gunzip bunzip2 unxz cpio ar",
	    prog))
		return "unpacks it";
	if (str_listed("dpkg rpm apt apt-get yum dnf microdnf zypper apk pip "
	    "pip3 npm gem installer alien", prog))
		return "installs it";
	if (str_listed("install mv cp ln", prog) && is_program_path(
	    c->word[c->n - 1]))
		return "installs it";
	return NULL;
}

/* From this command on, in this step and later ones: what becomes of the
 * file, and in which step. */
static const char *later_use(const struct steps *steps, size_t step,
    size_t cmd, const char *file, size_t *where)
{
	for (size_t s = step; s < steps->n; s++) {
		const struct history_cmds *cmds = &steps->one[s].cmds;

		for (size_t i = s == step ? cmd + 1 : 0; i < cmds->n; i++) {
			const char *use = use_of(&cmds->cmd[i], file);

			if (use != NULL) {
				*where = s;
				return use;
			}
		}
	}
	return NULL;
}

struct download {
	const struct steps *steps;
	size_t		 step, cmd;	/* where it is */
	const char	*prog, *url;
};

/* What it comes in at: 1 said, 0 nothing of the kind, -1. */
static int into_shell(struct assess *as, const struct download *d,
    struct err *err)
{
	const struct steps_one *s = &d->steps->one[d->step];
	const struct history_cmds *cmds = &s->cmds;
	const struct history_cmd *c = &cmds->cmd[d->cmd];
	const char *runner = NULL;
	size_t first;

	for (size_t i = d->cmd + 1; i < cmds->n && runner == NULL; i++)
		if (cmds->cmd[i].pipe == c->pipe && runs_input(&cmds->cmd[i]))
			runner = history_program(&cmds->cmd[i], &first);
	if (runner == NULL && c->inside >= 0) {
		const char *outer = history_program(&cmds->cmd[c->inside],
		    &first);

		if (history_is_shell(outer) ||
		    str_listed("eval . source", outer) ||
		    (is_interpreter(outer) &&
		    steps_has(&cmds->cmd[c->inside], first, "-[ce]*")))
			runner = outer;
	}
	if (runner == NULL)
		return 0;
	return assess_say(as, ROLE_FAIL, steps_cite(s), err, "%s %lld: what "
	    "%s fetches from %.160s is run by %s at once", s->word,
	    (long long)s->n, d->prog, d->url, runner) < 0 ? -1 : 1;
}

/* An archive that is unpacked from the pipe is never a file. */
static bool into_unpacker(const struct download *d)
{
	const struct history_cmds *cmds = &d->steps->one[d->step].cmds;
	size_t first;

	for (size_t i = d->cmd + 1; i < cmds->n; i++)
		if (cmds->cmd[i].pipe == cmds->cmd[d->cmd].pipe &&
		    str_listed("tar bsdtar cpio unzip", history_program(
		    &cmds->cmd[i], &first)))
			return true;
	return false;
}

static int judge_download(struct assess *as, const struct download *d,
    size_t first, struct err *err)
{
	const struct steps_one *s = &d->steps->one[d->step], *later;
	const char *file, *use;
	size_t where = d->step;
	int rc = into_shell(as, d, err);

	if (rc != 0 || is_checked(&s->cmds))
		return rc < 0 ? -1 : 0;
	if (into_unpacker(d))
		return assess_say(as, ROLE_FAIL, steps_cite(s), err, "%s %lld: "
		    "%.160s is unpacked without a checksum or signature "
		    "check", s->word, (long long)s->n, d->url);
	file = output(&s->cmds.cmd[d->cmd], d->prog, first, d->url);
	if (file == NULL || *file == '\0')
		return 0;
	use = later_use(d->steps, d->step, d->cmd, file, &where);
	if (use == NULL && is_program_path(file))
		use = "stores it among the programs";
	later = &d->steps->one[where];
	if (use == NULL)
		return assess_say(as, ROLE_NOTE, steps_cite(s), err, "%s %lld: "
		    "%.160s is stored as %.80s without a checksum",
		    s->word, (long long)s->n, d->url, file);
	return assess_say(as, ROLE_FAIL, steps_cite(s), err, "%s %lld: "
	    "%.160s is fetched as %.80s without a checksum or signature check "
	    "in that step, and %s %lld %s", s->word, (long long)s->n, d->url,
	    file, later->word, (long long)later->n, use);
}

static bool is_commit(const char *s)
{
	size_t n = strspn(s, HEX_DIGITS);

	return n >= 12 && n <= 64 && s[n] == '\0';
}

/* $NAME is a commit where a build argument or ENV gives it one. */
static bool names_commit(const struct steps *steps, const char *ref)
{
	char name[64];
	size_t n;

	ref += *ref == '$';
	ref += *ref == '{';
	n = strspn(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_");
	if (n == 0 || n + 2 > sizeof(name))
		return false;
	memcpy(name, ref, n);
	memcpy(name + n, "=", 2);
	for (size_t i = 0; i < steps->n; i++) {
		const char *at = strstr(steps->one[i].text, name);

		if (at != NULL && strspn(at + n + 1 + (at[n + 1] == '"'),
		    HEX_DIGITS) >= 12)
			return true;
	}
	return false;
}

/* Does the step go to a fixed commit after a clone? */
static bool is_fixed(const struct steps *steps, const struct history_cmds *c,
    size_t from)
{
	for (size_t i = from; i < c->n; i++) {
		size_t first;

		if (!str_eq(history_program(&c->cmd[i], &first), "git") ||
		    (i > from && !steps_has(&c->cmd[i], first, "checkout") &&
		    !steps_has(&c->cmd[i], first, "reset") &&
		    !steps_has(&c->cmd[i], first, "switch") &&
		    !steps_has(&c->cmd[i], first, "fetch")))
			continue;
		for (size_t k = first; k < c->cmd[i].n; k++) {
			const char *w = c->cmd[i].word[k];

			if (str_starts(w, "--revision="))
				w += 11;
			if (is_commit(w) || (w[0] == '$' &&
			    names_commit(steps, w)))
				return true;
		}
	}
	return false;
}

static int judge_command(struct assess *as, const struct steps *steps,
    size_t step, size_t i, struct err *err)
{
	const struct steps_one *s = &steps->one[step];
	const struct history_cmd *c = &s->cmds.cmd[i];
	struct download d = { steps, step, i, NULL, NULL };
	size_t first;

	d.prog = history_program(c, &first);
	if (is_downloader(d.prog) && (d.url = address(c, first)) != NULL)
		return judge_download(as, &d, first, err);
	if (str_eq(d.prog, "git") && steps_has(c, first, "clone") &&
	    !is_fixed(steps, &s->cmds, i))
		return assess_say(as, ROLE_FAIL, steps_cite(s), err,
		    "%s %lld: git clone without a fixed commit",
		    s->word, (long long)s->n);
	return 0;
}

static int judge(struct assess *as, const struct steps *steps,
    struct err *err)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct steps_one *s = &steps->one[i];

		if (s->step.kind == HISTORY_ADD && judge_add(as, s, err) < 0)
			return -1;
		for (size_t k = 0; k < s->cmds.n; k++)
			if (judge_command(as, steps, i, k, err) < 0)
				return -1;
	}
	return 0;
}

/* No history, but the Dockerfile shows the steps: no failure was found. */
static int by_dockerfile(struct assess *as, const struct look_self *self,
    const struct steps *file, struct err *err)
{
	int rc = look_config(as, self, err);

	if (rc <= 0 || assess_said(as, ROLE_FAIL))
		return rc < 0 ? -1 : 0;
	return assess_say(as, ROLE_PASS, steps_cite(&file->one[0]), err,
	    "no instruction of the Dockerfile adds what is remote or "
	    "unpacked, or runs a download unchecked (%zu looked at); the "
	    "image has no history", file->n);
}

int build_outcomes(struct assess *as, struct err *err)
{
	struct look_self self;
	struct steps steps = { NULL, 0, 0 }, file = { NULL, 0, 0 };
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (steps_load(as, &steps, err) < 0 || judge(as, &steps, err) < 0 ||
	    steps_dockerfile(as, &file, err) < 0 ||
	    judge(as, &file, err) < 0 ||
	    source_tls_in(as, "proxy.url", err) < 0)
		goto out;
	if (steps.n == 0 && file.n > 0)
		rc = by_dockerfile(as, &self, &file, err);
	else if ((rc = steps_cover(as, &self, &steps, err)) > 0)
		rc = assess_say(as, ROLE_PASS, look_self_cite(&self), err,
		    "no step of the history%s adds what is remote or "
		    "unpacked, or runs a download unchecked (%zu looked at)",
		    file.n > 0 ? " or of the Dockerfile" : "",
		    steps.n + file.n);
out:
	steps_free(&steps);
	steps_free(&file);
	look_self_free(&self);
	return rc;
}
