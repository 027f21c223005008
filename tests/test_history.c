/* test_history.c - steps of a history, and the commands of a step. */
#include "test.h"

#include <stdlib.h>

#include "src/assess/history.h"

static const struct {
	const char *created_by, *name, *args, *vars;
} steps[] = {
	{ "/bin/sh -c #(nop) ADD file:cd in / ", "ADD", "file:cd in /", NULL },
	{ "/bin/sh -c #(nop)  ENV A=b", "ENV", "A=b", NULL },
	{ "/bin/sh -c apk add curl", "RUN", "apk add curl", NULL },
	{ "|2 A=b C=d e /bin/sh -c make all", "RUN", "make all", "A=b C=d e " },
	{ "|1 P=/usr/bin /bin/bash -o pipefail -c x", "RUN", "x",
	  "P=/usr/bin " },
	{ "RUN /bin/sh -c make # buildkit", "RUN", "make", NULL },
	{ "RUN |1 T=v /bin/sh -c make # buildkit", "RUN", "make", "T=v " },
	{ "RUN --mount=type=secret,id=t /bin/sh -c x # buildkit", "RUN", "x",
	  NULL },
	{ "RUN /bin/bash -eo pipefail -c x", "RUN", "x", NULL },
	{ "COPY a b # buildkit", "COPY", "a b", NULL },
	{ "ADD https://e.example/a.tgz /opt/ # buildkit", "ADD",
	  "https://e.example/a.tgz /opt/", NULL },
	{ "bazel build ...", "RUN", "bazel build ...", NULL },
	{ "", "RUN", "", NULL },
};

static void a_step_is_read_in_every_builders_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct history_step s;

		history_step(steps[i].created_by, &s);
		assert_string_equal(s.name, steps[i].name);
		assert_string_equal(s.args, steps[i].args);
		if (!str_eq(s.vars, steps[i].vars))
			fail_msg("%s: %s", steps[i].created_by, s.vars);
		history_step_free(&s);
	}
}

/* Commands as "word word ...", the pipe's number changes shown by ; and |,
 * what is inside another in braces with its number. */
static const struct {
	const char *text, *want;
} splits[] = {
	{ "a b && c d; e || f", "a b; c d; e; f" },
	{ "a 'x y' \"p \\\" q\" r\\ s", "a [x y] [p \" q] [r s]" },
	{ "curl -fsSL u | sh", "curl -fsSL u| sh" },
	{ "curl u |\n  bash -s -- -y", "curl u| bash -s -- -y" },
	{ "(curl u) | sh", "curl u| sh" },
	{ "{ curl u; } | sh", "{ curl u| sh" },
	{ "curl u | (cd /x && tar x)", "curl u| cd /x; tar x" },
	{ "(curl u); sh", "curl u; sh" },
	{ "bash <(curl -s u)", "bash $(); {0}curl -s u" },
	{ "sh -c \"$(curl u)\"", "sh -c $(); {0}curl u; $()" },
	{ "sh -c 'curl u | sh'", "sh -c [curl u | sh]; curl u| sh" },
	{ "eval `curl u`", "eval $(); {0}curl u; $()" },
	{ "echo $((1+2)) # a comment | sh", "echo $((1+2))" },
	{ "curl u > /x 2>/dev/null", "curl u > /x > /dev/null" },
	{ "A=b sudo -E apt-get update", "A=b sudo -E apt-get update" },
	{ "cat <<EOF > /x\ncurl u | sh\nEOF\nls", "cat > /x; ls" },
	{ "bash <<'EOF'\ncurl u | sh\nEOF\n", "bash; curl u| sh" },
	{ "echo 'a;b|c'", "echo a;b|c" },
	{ "if true; then curl u | sh; fi", "if true; then curl u| sh; fi" },
	{ "a \\\n b", "a b" },
	{ "a 'open", "a open" },
	{ "a \"open $(b", "a [open $()]; {0}b" },
	{ ")|&;;", "" },
};

static void show(const struct history_cmds *c, struct str *out)
{
	for (size_t i = 0; i < c->n; i++) {
		if (i > 0)
			str_add(out, c->cmd[i].pipe == c->cmd[i - 1].pipe ?
			    "| " : "; ");
		if (c->cmd[i].inside >= 0)
			str_addf(out, "{%ld}", c->cmd[i].inside);
		for (size_t k = 0; k < c->cmd[i].n; k++) {
			const char *w = c->cmd[i].word[k];
			bool blank = strchr(w, ' ') != NULL;

			str_addf(out, blank ? "%s[%s]" : "%s%s", k > 0 ? " " :
			    "", w);
		}
	}
}

static void a_command_is_cut_into_what_it_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		struct history_cmds c;
		struct str got = STR_INIT;

		history_split_text(splits[i].text, &c);
		show(&c, &got);
		if (strcmp(str_text(&got), splits[i].want) != 0)
			fail_msg("%s: %s", splits[i].text, str_text(&got));
		str_free(&got);
		history_cmds_free(&c);
	}
}

static void the_program_is_found_behind_what_starts_it(void **state)
{
	static const char *const rows[][2] = {
		{ "A=b /usr/bin/apt-get update", "apt-get" },
		{ "sudo -E env X=y bash", "bash" },
		{ "then ! curl u", "curl" },
		{ "A=b", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct history_cmds c;
		size_t first;

		history_split_text(rows[i][0], &c);
		assert_string_equal(history_program(&c.cmd[0], &first),
		    rows[i][1]);
		history_cmds_free(&c);
	}
}

static void a_text_full_of_signs_is_cut_to_its_end(void **state)
{
	static const char *const unit[] = { "$(", "`", "(", "a|", "<<A\n", "'",
		"\"$(", "sh -c '", "${", "eval ", "{ ", "<(", "\\", ";}",
		"\"`", "|1 /" };
	size_t len = 1 << 19;

	(void)state;
	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		char *text = malloc(len + 1);
		struct history_cmds c;
		struct history_step s;

		assert_non_null(text);
		for (size_t k = 0; k < len; k++)
			text[k] = unit[i][k % strlen(unit[i])];
		text[len] = '\0';
		history_step(text, &s);
		history_split_text(text, &c);
		/* never more than the text could hold */
		assert_in_range(c.n, 0, len);
		history_cmds_free(&c);
		history_step_free(&s);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_read_in_every_builders_form),
		cmocka_unit_test(a_command_is_cut_into_what_it_runs),
		cmocka_unit_test(the_program_is_found_behind_what_starts_it),
		cmocka_unit_test(a_text_full_of_signs_is_cut_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
