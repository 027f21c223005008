/* help.c - a sink that remembers, for the tests; see test.h. */
#include <fcntl.h>
#include <unistd.h>

#include "test.h"
#include "muster/import.h"
#include "muster/input.h"

static const char *const names[] = {
#define REC(name, table, columns) #name,
#include "muster/sink_rec.def"
#undef REC
};

static int memo_put(struct sink *s, const struct rec *rec, struct err *err)
{
	struct memo *m = (struct memo *)(void *)s;

	(void)err;
	m->kinds[rec->kind]++;
	str_add(&m->text, names[rec->kind]);
	for (size_t i = 0; i < rec->n; i++) {
		str_addc(&m->text, '|');
		if (rec->f[i].p == NULL)
			str_addc(&m->text, '-');
		else if (rec->kind == REC_CHUNK && i == 1)
			str_addf(&m->text, "%zu", rec->f[i].len);
		else
			str_addn(&m->text, rec->f[i].p, rec->f[i].len);
	}
	str_addc(&m->text, '\n');
	return 0;
}

void memo_init(struct memo *m)
{
	memset(m, 0, sizeof(*m));
	m->sink.put = memo_put;
}

void memo_free(struct memo *m)
{
	str_free(&m->text);
}

/* Not strstr(): the sanitizers look at all of what that is given. */
int memo_count(const struct memo *m, const char *part)
{
	const char *p = str_text(&m->text), *end = p + m->text.len;
	size_t len = strlen(part);
	int n = 0;

	while ((p = memchr(p, part[0], (size_t)(end - p))) != NULL) {
		n += (size_t)(end - p) >= len && memcmp(p, part, len) == 0;
		p++;
	}
	return n;
}

int memo_import(struct memo *m, const char *path, const char *importer,
    struct err *err)
{
	const struct importer *imp;
	struct input *in = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;

	if (fd < 0)
		return err_sys(err, "%s", path);
	if ((in = input_open(fd, path, err)) != NULL &&
	    (imp = import_choose(in, importer, err)) != NULL)
		rc = import_run(imp, in, &m->sink, err);
	input_close(in);
	close(fd);
	return rc;
}
