/*
 * vat.h - what Iron Bank's approvals of all years have in common.
 */
#ifndef VAT_H
#define VAT_H

#include <stdint.h>

struct err;
struct node;
struct sink;
struct str;

/* "nss-softokn-3.67.0-7.el8_5" is a name and a version; what has no version
 * is a name alone. */
void vat_package(const char *text, struct str *name, struct str *version);

/* "json:" and where n is. */
const char *vat_place(struct str *at, const struct node *n);

/* NAME:TAG as identities, in Iron Bank's registry and without. */
int vat_names(struct sink *s, int64_t target, const char *name,
    const char *tag, struct err *err);

/* A fact about the target, unless the value is NULL or empty. */
int vat_fact(struct sink *s, int64_t target, const char *name,
    const char *key, const char *value, const char *at, struct err *err);

#endif
