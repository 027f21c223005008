/*
 * charset.h - which character sets are read besides UTF-8: UTF-16 anywhere,
 * and in XML the ISO-8859 and Windows code pages (xml_head.c).
 */
#ifndef MUSTER_CHARSET_H
#define MUSTER_CHARSET_H

/* Load their converters, before a process can no longer open files; how many
 * this system has. */
int charset_prepare(void);

#endif
