/*
 * xml_memory.c - libxml2 and libxslt without memory; see xml.h.
 *
 * Left to themselves they call a document broken that they had no room for,
 * or go on without a part of it.
 */
#include <stdlib.h>

#include <libxml/xmlmemory.h>

#include "muster/mem.h"
#include "muster/xml.h"

static void *grow(void *p, size_t size)
{
	return mem_grow(p, size, 1);
}

void xml_memory(void)
{
	xmlMemSetup(free, mem_raw, grow, mem_dup);
}
