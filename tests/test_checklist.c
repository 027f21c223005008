/* test_checklist.c - what checklists and the CCI list say, as records. */
#include "test.h"
#include "muster/sink.h"

#define OURS "STATEMENT|1|checklist|"
#define CKL "xpath:/CHECKLIST/STIGS[1]/iSTIG"
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef" \
	"0123456789abcdef"

/* Lines a sample must give once ("!": never), and how many of each. */
static const struct row {
	const char	*path;
	int64_t		 targets, findings, statements, read, unplaced, warnings;
	const char	*lines[14];
} rows[] = {
	{ "samples/ckl/mixed.ckl", 2, 4, 2, 9, 3, 4, {
	    /* every cell of ours is what its editor proposes, part by part */
	    OURS "2.3|-|-|-|-|Open|No user logs in.|Needed by the console.|-|-"
	    "|-|low|" CKL "[1]/VULN[1]\n",
	    "FACT|1|checklist.details|2.3|Fail: su is set-id.\nLooked at it "
	    "again.|" CKL "[1]/VULN[1]\n",
	    OURS "3.10|-|-|-|-|Not_Reviewed|-|-|-|-|-|-|",
	    /* what it is about stands in the comment, for both STIGs */
	    "TARGET|1|file|image " DIGEST "|registry.example.mil/shop/web:1.4|"
	    CKL "[1]\n",
	    "TARGET|2|file|image " DIGEST "|registry.example.mil/shop/web:1.4|"
	    CKL "[2]\n",
	    /* and is not evidence for 2.16 */
	    "!FACT|1|stig.",
	    /* another STIG is a result */
	    "FACT|2|stig.benchmark|-|Web_STIG|",
	    "FINDING|2|rule|SV-1r2_rule|-|-|WEB-00-000010|-|-|4|high|-|0|-|"
	    "fail|Do it|CCI-000366\nCCI-000381|" CKL "[2]/VULN[1]\n",
	    "FACT|2|stig.severity|SV-1r2_rule|low: Elsewhere.|",
	    "|SV-2r1_rule|-|-|-|-|-|0|-|-|0|-|pass|",
	    "|SV-3r1_rule|-|-|-|-|-|0|-|-|0|-|notchecked|",
	    "|SV-4r1_rule|-|-|-|-|-|0|-|-|0|-|unknown|",
	    "SV-4r1_rule: no status of a checklist, taken as unknown: \"Fine\"",
	    "a cell of no requirement of the guide is dropped: \"of nothing\"",
	} },
	{ "samples/cklb/host.cklb", 2, 2, 1, 3, 0, 0, {
	    "TARGET|1|host|-|web01|json:/stigs/0\n",
	    "IDENTITY|1|host|web01\n",
	    "FACT|1|stig.release|-|Release: 3 Benchmark Date: 05 Jan 2026|",
	    "FINDING|1|rule|SV-1r2_rule|-|-|WEB-00-000010|-|-|4|high|-|0|-|"
	    "pass|Do it|CCI-000366\nCCI-000381|json:/stigs/0/rules/0\n",
	    "FINDING|1|rule|SV-2r1|-|-|-|-|-|0|-|-|0|-|notapplicable|",
	    "TARGET|2|file|-|web01|json:/stigs/1\n",
	    "STATEMENT|2|checklist|2.10|-|-|-|-|open|It is outside.|Not ours.|"
	    "-|2026-10-01T08:00:00Z|-|high|json:/stigs/1/rules/0\n",
	    "FACT|2|checklist.details|2.10|Read in the log.|",
	} },
	{ "samples/cci_list/list.xml", 0, 0, 0, 2, 0, 0, {
	    "FACT|0|guidance.version|-|2026-01-05|",
	    /* the newest controls first, the assessments of them last */
	    "GUIDANCE|0|cci|CCI-000366|-|-|-|Implement the security "
	    "configuration settings.|NIST SP 800-53 Revision 5: CM-6 b\n"
	    "NIST SP 800-53 Revision 4: CM-6 b\nNIST SP 800-53: CM-6 b\n"
	    "NIST SP 800-53A: CM-6.1 (iv)|",
	    "GUIDANCE|0|cci|CCI-000381|-|-|-|Configure the system to provide "
	    "only essential capabilities.|-|",
	} },
};

static void one_row(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct memo m;

	memo_init(&m);
	assert_ok(memo_import(&m, r->path, NULL, &err), &err);
	for (int i = 0; i < 14 && r->lines[i] != NULL; i++)
		if (r->lines[i][0] == '!' ?
		    memo_count(&m, r->lines[i] + 1) != 0 :
		    memo_count(&m, r->lines[i]) != 1)
			fail_msg("%s: not so in\n%s", r->lines[i],
			    str_text(&m.text));
	assert_int_equal(m.kinds[REC_TARGET], r->targets);
	assert_int_equal(m.kinds[REC_FINDING], r->findings);
	assert_int_equal(m.kinds[REC_STATEMENT], r->statements);
	assert_int_equal(m.kinds[REC_WARNING], r->warnings);
	assert_int_equal(m.sink.counts[COUNT_READ], r->read);
	assert_int_equal(m.sink.counts[COUNT_UNPLACED], r->unplaced);
	memo_free(&m);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].path, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("checklist", tests, NULL, NULL);
}
