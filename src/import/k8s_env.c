/*
 * k8s_env.c - secrets that a manifest writes down: variables with a literal
 * value, and command lines.  What a reference names (valueFrom, ${X}) is none.
 */
#include "k8s_priv.h"
#include "muster/err.h"
#include "muster/secret.h"
#include "muster/sink.h"
#include "muster/str.h"

struct telling {
	const struct k8s	*k;
	int64_t			 target;
	const struct node	*at;
	struct err		*err;
	int			 rc;
};

static void hit(void *ctx, const struct secret_hit *h)
{
	struct telling *t = ctx;
	struct str value = STR_INIT;

	if (t->rc < 0)
		return;
	str_addf(&value, "%s %s", secret_grade_name(h->grade), h->preview);
	t->rc = k8s_fact(t->k, t->target, "secret", h->rule,
	    str_text(&value), t->at, t->err);
	str_free(&value);
}

int k8s_env_text(const struct k8s *k, int64_t target, const char *name,
    const struct node *at, struct err *err)
{
	struct telling t = { k, target, at, err, 0 };

	if (node_text(at) != NULL)
		secret_text(name, node_text(at), hit, &t);
	return t.rc;
}

int k8s_env_texts(const struct k8s *k, int64_t target, const struct node *n,
    struct err *err)
{
	if (n == NULL || n->kind != NODE_LIST)
		return k8s_env_text(k, target, NULL, n, err);
	NODE_EACH(word, n)
		if (k8s_env_text(k, target, NULL, word, err) < 0)
			return -1;
	return 0;
}

int k8s_env_read(const struct k8s *k, int64_t target,
    const struct node *container, struct err *err)
{
	NODE_EACH(env, node_get(container, "env"))
		if (k8s_env_text(k, target, node_text(node_get(env, "name")),
		    node_get(env, "value"), err) < 0)
			return -1;
	if (k8s_env_texts(k, target, node_get(container, "command"), err) < 0)
		return -1;
	return k8s_env_texts(k, target, node_get(container, "args"), err);
}
