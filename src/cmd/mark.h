/* mark.h - markings, for texts that commands write. */
#ifndef CMD_MARK_H
#define CMD_MARK_H

#include <stddef.h>

struct err;
struct store;
struct str;

/* That of the package; "": there is none. */
int mark_text(struct store *st, struct str *text, struct err *err);

/* Those that stand.  Start with MARK_LIST_INIT, end with mark_free(). */
struct mark_list {
	struct mark_row	*row;
	size_t		 n, cap;
};
#define MARK_LIST_INIT { NULL, 0, 0 }
int mark_load(struct store *st, struct mark_list *list, struct err *err);
/* That of a row about a requirement or a finding (kind) of a subject: of this
 * subject before everywhere before the package; "": none. */
const char *mark_of(const struct mark_list *list, const char *kind,
    const char *id, const char *slug);
void mark_free(struct mark_list *list);

#endif
