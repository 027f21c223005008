/*
 * xml_head.h - what the first bytes of a document say; see xml_head.c.
 */
#ifndef MUSTER_XML_HEAD_H
#define MUSTER_XML_HEAD_H

#include <stddef.h>

struct err;
struct input;

/* 0: the text is UTF-8; 1: convert it from the encoding named; -1 refused. */
int xml_head_encoding(struct input *in, char name[64], struct err *err);

/* See xml_root() in muster/xml.h. */
int xml_head_root(const char *head, size_t len, char ns[128], char name[64]);

#endif
