/*
 * compose_priv.h - what the files that read compose files share.
 *
 * compose.c recognises the file and walks its services, compose_service.c
 * states what a service says, compose_mount.c what of the host it mounts.
 * The facts are those of a Kubernetes container, so that the same checks
 * decide them; the kind "Compose" tells the checks where an engine's rules
 * differ from a kubelet's.
 */
#ifndef COMPOSE_PRIV_H
#define COMPOSE_PRIV_H

#include "k8s_priv.h"

#define COMPOSE_EXTENDS 64	/* compose-extends allows no more */

struct str;

struct compose {
	struct k8s	 k;
	const struct node *top;		/* the document */
	const struct node *services;
	const char	*project;
};

/* A service, and behind it what it extends: the first that says a thing is
 * right, lists add up. */
struct compose_service {
	const struct node *layer[COMPOSE_EXTENDS];
	size_t		 n;
	int64_t		 target;
};

/* compose.c: fill in the layers of a service of the file. */
int compose_layers(struct compose *c, const struct node *service,
    struct compose_service *s, struct err *err);
/* The first layer's value at a path; NULL where none has one. */
const struct node *compose_get(const struct compose_service *s,
    const char *path);
/* A scalar's text, "${NAME:-default}" replaced by its default and "$$" by
 * "$"; what has no default stays as written. */
void compose_text(const struct node *n, struct str *out);
/* The fact of a node's text; nothing where there is none. */
int compose_fact(struct compose *c, const struct compose_service *s,
    const char *name, const char *key, const struct node *n,
    struct err *err);

/* compose_service.c */
int compose_service_read(struct compose *c, struct compose_service *s,
    struct err *err);

/* compose_mount.c */
int compose_mount_read(struct compose *c, const struct compose_service *s,
    struct err *err);

#endif
