/*
 * doctor.c - "muster doctor": is everything in force here that muster relies
 * on?  By trying it, where that can be tried.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "doctor.h"
#include "muster/about.h"
#include "muster/assess.h"
#include "muster/command.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "scratch.h"

/* Nothing was evidence before, and no clock that is right says later. */
#define CLOCK_FIRST	INT64_C(1704067200)	/* 2024-01-01 */
#define CLOCK_LAST	INT64_C(4102444800)	/* 2100-01-01 */

static const char *const words[] = { "ok", "note", "fault" };

void doctor_say(struct doctor *d, enum doctor_state state, const char *what,
    const char *fmt, ...)
{
	char text[512];
	struct str b = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->faults += state == DOCTOR_FAULT;
	if (d->ctx->json) {
		str_add(&b, "{\"check\":");
		str_json(&b, what);
		str_addf(&b, ",\"state\":\"%s\",\"text\":", words[state]);
		str_json(&b, text);
		str_add(&b, "}\n");
		fputs(str_text(&b), stdout);
		str_free(&b);
		return;
	}
	if (d->ctx->quiet && state != DOCTOR_FAULT)
		return;
	printf("%-5s  %-36s  ", words[state], what);
	str_safe(stdout, text);
	putchar('\n');
}

static void library(void *ctx, const char *name, const char *version,
    const char *without)
{
	doctor_say(ctx, DOCTOR_NOTE, name, "%s", version != NULL ? version :
	    without);
}

static void libraries(struct doctor *d)
{
	base_about(library, d);
	parse_about(library, d);
	store_about(library, d);
	image_about(library, d);
	render_about(library, d);
}

static bool hashes_fast(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) != 0;
#elif defined(__aarch64__)
	return (getauxval(AT_HWCAP) >> 6 & 1) != 0;
#else
	return false;
#endif
}

static void machine(struct doctor *d)
{
	int64_t now = (int64_t)time(NULL);
	const char *text;
	char hex[SHA_HEX], at[DATE_SIZE];
	size_t len;

	date_now(at);
	text = benchmark_text(&len);
	sha_of(text, len, hex);
	doctor_say(d, DOCTOR_NOTE, "muster", "%s", MUSTER_VERSION);
	doctor_say(d, DOCTOR_NOTE, "benchmark built in", "sha256 %s", hex);
	doctor_say(d, DOCTOR_NOTE, "SHA-256 in the processor", "%s",
	    hashes_fast() ? "yes" : "no: digests take longer");
	doctor_say(d, now < CLOCK_FIRST || now >= CLOCK_LAST ? DOCTOR_FAULT :
	    DOCTOR_OK, "clock", "%s", at);
}

static int run(struct ctx *c, struct err *err)
{
	struct doctor d = { .ctx = c };
	char *scratch = scratch_make(NULL, err);
	int rc = -1;

	if (scratch == NULL)
		return -1;
	d.scratch = scratch;
	machine(&d);
	libraries(&d);
	if (doctor_try(&d, err) == 0 && doctor_store_settings(&d, err) == 0)
		rc = 0;
	scratch_remove(scratch);
	free(scratch);
	if (rc == 0 && (rc = doctor_store_database(&d, err)) == 0)
		rc = d.faults > 0;
	if (rc > 0 && !c->quiet)
		fprintf(stderr, "muster: %d of these are not as they should "
		    "be\n", d.faults);
	return rc;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.operands = "",
	.about = "is what muster relies on in force here?  By trying it",
	.least = 0, .most = 0,
	.json = true,
	.no_store = true,
	.free = true,
	.run = run,
};
