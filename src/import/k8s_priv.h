/*
 * k8s_priv.h - what the files that read Kubernetes objects share.
 *
 * k8s.c recognises the file and walks its documents and lists, k8s_pod.c
 * turns a pod template into workload targets, k8s_mount.c what a container
 * mounts, k8s_node.c reads what stands around workloads (node configuration,
 * LimitRange, volumes), k8s_service.c joins the Services of the file.
 */
#ifndef K8S_PRIV_H
#define K8S_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/node.h"

struct err;
struct sink;
struct str;

/* Names to values, for untrusted names: a balanced tree. */
struct k8s_index {
	void	*root;
};

/* The value slot of a name, made (NULL) when it is new. */
void **k8s_index_slot(struct k8s_index *ix, const char *name);
void *k8s_index_get(const struct k8s_index *ix, const char *name);
void k8s_index_free(struct k8s_index *ix);

struct k8s_services;

/* What is known while a file is read. */
struct k8s {
	struct sink	*sink;
	const char	*name;		/* of the file, for messages */
	int		 doc;		/* the document being read, from 1 */
	int		 line;		/* added to lines: a nested document */
	bool		 flat;		/* that is all on that line (JSON) */
	const struct node *within;	/* ... and the text that holds it */
	bool		 json;
	struct k8s_index seen;		/* keys of targets given out */
	struct k8s_services *services;
};

/* One object: what its head says. */
struct k8s_object {
	const struct node *node;
	const char	*kind, *ns, *name;
};

/* A pod template of an object. */
struct k8s_pod {
	const struct k8s_object *of;
	const struct node *meta;	/* labels, annotations; or NULL */
	const struct node *spec;	/* may be NULL */
};

/* Shape errors: what was expected where.  k8s_is() accepts a missing or null
 * value; k8s_text() is a scalar's text or NULL. */
int k8s_bad(const struct k8s *k, const struct node *at, struct err *err,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int k8s_is(const struct k8s *k, const struct node *n, enum node_kind kind,
    struct err *err);

/* "yaml:DOC:LINE:/pointer" of a node, as sink.h has it. */
void k8s_locator(const struct k8s *k, const struct node *at,
    struct str *out);
/* A fact with the place of a node; value NULL: the node's own text, and no
 * fact where it has none. */
int k8s_fact(const struct k8s *k, int64_t target, const char *name,
    const char *key, const char *value, const struct node *at,
    struct err *err);
/* A new target; a key given out before gets the document's number. */
int64_t k8s_target(struct k8s *k, const char *kind, const char *key,
    const char *name, const struct node *at, struct err *err);

/* k8s.c: an object, or the list of objects it is. */
int k8s_walk(struct k8s *k, const struct node *n, const char *kind,
    int depth, struct err *err);

/* k8s_pod.c: every container of a pod template becomes a target. */
int k8s_pod_read(struct k8s *k, const struct k8s_pod *pod, struct err *err);
/* The pod templates of an object of a kind nobody knows, by their shape. */
int k8s_pod_search(struct k8s *k, const struct k8s_object *o,
    struct err *err);

/* k8s_mount.c */
int k8s_mount_read(const struct k8s *k, int64_t target,
    const struct k8s_index *volumes, const struct node *container,
    struct err *err);
int k8s_mount_volumes(const struct k8s *k, const struct node *spec,
    struct k8s_index *volumes, struct err *err);

/* k8s_env.c: facts "secret" of a container; of one text, a variable's value
 * (name) or not (NULL); of the words of a command, a list or a text. */
int k8s_env_read(const struct k8s *k, int64_t target,
    const struct node *container, struct err *err);
int k8s_env_text(const struct k8s *k, int64_t target, const char *name,
    const struct node *at, struct err *err);
int k8s_env_texts(const struct k8s *k, int64_t target, const struct node *n,
    struct err *err);

/* k8s_node.c: 1 when the object was one of its kinds, 0, -1. */
int k8s_node_read(struct k8s *k, const struct k8s_object *o,
    struct err *err);

/* k8s_service.c */
struct k8s_services *k8s_service_new(void);
void k8s_service_free(struct k8s_services *s);
int k8s_service_read(struct k8s *k, const struct k8s_object *o,
    struct err *err);
/* A container that a Service may select; names of ports become numbers. */
int k8s_service_pod(struct k8s *k, const struct k8s_pod *pod,
    int64_t target, const struct node *container, struct err *err);
/* At the end of the file: which container is behind which Service. */
int k8s_service_join(struct k8s *k, struct err *err);

#endif
