/* test_secret.c - credentials in text are found, masked, and nothing else. */
#include "test.h"

#include <stdlib.h>

#include "muster/secret.h"

struct got {
	int		 n;
	char		 all[256];	/* rules, a blank behind each */
	enum secret_grade best;
};

static void note(void *ctx, const struct secret_hit *hit)
{
	struct got *g = ctx;
	size_t len = strlen(g->all);

	snprintf(g->all + len, sizeof(g->all) - len, "%s ", hit->rule);
	g->n++;
	if (hit->grade > g->best)
		g->best = hit->grade;
}

static struct got look(const char *name, const char *text)
{
	struct got g = { 0 };

	secret_text(name, text, note, &g);
	return g;
}

static void every_rule_finds_its_example_and_not_its_counterexample(void **st)
{
	const struct secret_rule *r;
	size_t i;

	(void)st;
	for (i = 0; (r = secret_rule(i)) != NULL; i++) {
		struct got yes = look(r->name, r->yes);
		struct got no = look(r->name, r->no);
		char want[64];

		snprintf(want, sizeof(want), "%s ", r->id);
		if (strcmp(yes.all, want) != 0)
			fail_msg("%s: example gives \"%s\"", r->id, yes.all);
		if (no.n != 0)
			fail_msg("%s: \"%s\" gives \"%s\"", r->id, r->no,
			    no.all);
	}
	assert_true(i > 30);
}

/* How many hits, and the text with them masked (NULL: unchanged). */
static const struct {
	const char *name, *text, *masked;
} rows[] = {
	{ "DB_PASSWORD", "correct horse", "[secret:named-secret:name:********]" },
	{ "DB_PASSWORD_FILE", "/run/secrets/db", NULL },
	{ "DB_PASSWORD", "/run/secrets/db", NULL },
	{ "API_TOKEN", "", NULL },
	{ "API_TOKEN", "${API_TOKEN}", NULL },
	{ "API_TOKEN", "$(cat /run/secrets/t)", NULL },
	{ "API_TOKEN", "<your token>", NULL },
	{ "API_TOKEN", "xxxxxxxx", NULL },
	{ "API_TOKEN", "********", NULL },
	{ "API_TOKEN", "YOUR_TOKEN_HERE", NULL },
	{ "TOKEN_URL", "https://x.example/token", NULL },
	{ "PASSWORD_MIN_LENGTH", "12", NULL },
	{ "MYSQL_ALLOW_EMPTY_PASSWORD", "yes", NULL },
	{ "GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D", NULL },
	{ "PATH", "/usr/bin:/bin", NULL },
	{ "PWD", "/srv", NULL },
	{ "MAX_TOKENS", "4096", NULL },
	{ "dbPassword", "changeme", "[secret:named-secret:name:********]" },
	{ "PGPASSWORD", "changeme", "[secret:named-secret:name:********]" },
	{ "ci.token", "abcdefgh", "[secret:named-secret:name:********]" },
	{ "com.example.apiKey", "k9", "[secret:named-secret:name:********]" },
	{ NULL, "|2 TOKEN=abc USER=x /bin/sh -c ./fetch",
	  "|2 TOKEN=[secret:named-secret:name:********] USER=x /bin/sh -c "
	  "./fetch" },
	{ NULL, "ENV DB_PASSWORD=\"two words\" A=b",
	  "ENV DB_PASSWORD=\"[secret:named-secret:name:********]\" A=b" },
	{ NULL, "ENV DB_PASSWORD hunter2",
	  "ENV DB_PASSWORD [secret:named-secret:name:********]" },
	{ NULL, "ENV DB_PASSWORD=", NULL },
	{ NULL, "PASSWORD=${PASSWORD:-changeme} ./run",
	  "PASSWORD=${PASSWORD:-[secret:named-secret:name:********]} ./run" },
	{ NULL, "PASSWORD=${PASSWORD:?must be set} ./run", NULL },
	{ NULL, "RUN --mount=type=secret,id=tok TOKEN=$(cat /run/secrets/tok) "
	  "./fetch", NULL },
	{ NULL, "[ \"$PASSWORD\" = \"abc\" ] && [ \"$TOKEN\" == \"x\" ]", NULL },
	{ NULL, "TOKEN= ./fetch", NULL },
	{ NULL, "{\"password\":\"abc\",\"user\":\"u\"}",
	  "{\"password\":\"[secret:named-secret:name:********]\","
	  "\"user\":\"u\"}" },
	{ NULL, "{\\\"password\\\": \\\"abc\\\"}",
	  "{\\\"password\\\": \\\"[secret:named-secret:name:********]\\\"}" },
	{ NULL, "password: s3cret\nuser: me\n",
	  "password: [secret:named-secret:name:********]\nuser: me\n" },
	{ NULL, "[\"/app/run\",\"--password=Fake-1\"]",
	  "[\"/app/run\",\"--password=[secret:named-secret:name:********]\"]" },
	{ NULL, "[\"/app/run\",\"--password\",\"Fake-1\"]",
	  "[\"/app/run\",\"--password\",\"[secret:named-secret:name:********]"
	  "\"]" },
	{ NULL, "adduser --disabled-password app", NULL },
	{ NULL, "docker login --password-stdin r.example", NULL },
	{ NULL, "tool --password --verbose", NULL },
	{ NULL, "[\"CMD-SHELL\",\"curl -u admin:fakepw1 http://localhost/\"]",
	  "[\"CMD-SHELL\",\"curl -u admin:[secret:user-password-option:token:"
	  "********] http://localhost/\"]" },
	{ NULL, "chown -u 1000:1000 /srv", NULL },
	{ NULL, "curl -u admin:$PW https://x.example", NULL },
	{ NULL, "mysql -uroot -phunter2 < x.sql",
	  "mysql -uroot -p[secret:user-password-option:token:********] < x.sql" },
	{ NULL, "mkdir -p /srv/x && mysql -p", NULL },
	{ NULL, "sshpass -p hunter2 ssh x",
	  "sshpass -p [secret:user-password-option:token:********] ssh x" },
	{ NULL, "redis://:hunter2@db:6379/0",
	  "redis://:[secret:url-password:token:********]@db:6379/0" },
	{ NULL, "https://user:password@example.com/", NULL },
	{ NULL, "https://example.com:8443/a@b", NULL },
	{ NULL, "git@github.com:x/y.git", NULL },
	{ NULL, "apk add --no-cache tini && adduser -D app", NULL },
	{ NULL, "see https://example.com/reset-password?token=", NULL },
	{ NULL, "std::token: none", NULL },
	{ NULL, "//npm.example.com/:_authToken=${NPM_TOKEN}", NULL },
	{ NULL, "//npm.example.com/:_authToken=1234-abcd",
	  "//npm.example.com/:_authToken=[secret:named-secret:name:********]" },
};

static void a_text_is_masked_where_it_holds_a_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = STR_INIT;
		const char *want = rows[i].masked != NULL ? rows[i].masked :
		    rows[i].text;
		size_t n = secret_mask(rows[i].name, rows[i].text, &out);

		if (strcmp(str_text(&out), want) != 0 ||
		    n != (rows[i].masked != NULL))
			fail_msg("%s=%s: %zu hits, %s", rows[i].name != NULL ?
			    rows[i].name : "", rows[i].text, n,
			    str_text(&out));
		str_free(&out);
	}
}

static void a_masked_text_is_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].masked == NULL)
			continue;
		assert_int_equal(look(rows[i].name, rows[i].masked).n, 0);
		assert_int_equal(look(NULL, rows[i].masked).n, 0);
	}
}

static void a_preview_shows_a_tokens_kind_and_nothing_of_a_password(void **st)
{
	struct str out = STR_INIT;

	(void)st;
	secret_mask(NULL, "AK" "IAQ3ZK7TLMWX2YB4ND b TOKEN=a-long-password-it-is",
	    &out);
	assert_string_equal(str_text(&out), "[secret:aws-access-key-id:token:"
	    "AKIA********] b TOKEN=[secret:named-secret:name:********]");
	str_free(&out);
}

static void grades_have_names(void **state)
{
	enum secret_grade g = GRADE_NAME;

	(void)state;
	for (int i = GRADE_NAME; i <= GRADE_KEY; i++) {
		assert_true(secret_grade_of(secret_grade_name(
		    (enum secret_grade)i), &g));
		assert_int_equal(g, i);
	}
	assert_false(secret_grade_of("certain", &g));
}

static void no_secret_survives_its_mask(void **state)
{
	const struct secret_rule *r;

	(void)state;
	for (size_t i = 0; (r = secret_rule(i)) != NULL; i++) {
		struct str out = STR_INIT;
		size_t len = strlen(r->yes), run = 0;

		secret_mask(r->name, r->yes, &out);
		/* Nine characters of the example's end are in none. */
		for (size_t k = 0; k + 9 <= len; k++) {
			char part[10] = { 0 };

			memcpy(part, r->yes + k, 9);
			run += strstr(str_text(&out), part) == NULL;
		}
		if (run < 8)
			fail_msg("%s: %s", r->id, str_text(&out));
		str_free(&out);
	}
}

static void a_checksum_raises_the_grade(void **state)
{
	(void)state;
	/* The last six digits are the CRC-32 of the rest, or one off. */
	assert_int_equal(look(NULL, "gh" "p_"
	    "a00000000000000000000000000000" "000000").best, GRADE_TOKEN);
	assert_int_equal(look(NULL, "gh" "p_"
	    "zE4RdOizNwFJ85bcYfrD4Lp0vE8fCs" "3BvXpO").best, GRADE_CHECKED);
	assert_int_equal(look(NULL, "gh" "p_"
	    "zE4RdOizNwFJ85bcYfrD4Lp0vE8fCs" "3BvXpP").best, GRADE_TOKEN);
}

/* Texts that would make a careless matcher read on and on. */
static void a_text_full_of_signs_is_masked_to_its_end(void **state)
{
	static const char *const unit[] = {
		"TOKEN=$TOKEN=", "eyJhbGciOiJIUzI1NiJ9.", "eyJ-", "://a:b",
		"-----BEGIN PRIVATE KEY-----", "\"password\":", "curl -u ",
		"--password ", "PASSWORD=<", "machine password ", "echo : ",
		"TOKEN=\"", "pass: '", "chpasswd ", "xoxb-a1-", "-p -u", "=",
		"[secret:", "AccountKey=", "TOKEN=your_", "auth\":\"QUFB"
	};
	size_t len = 1 << 20;

	(void)state;
	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		char *text = malloc(len + 1);
		size_t u = strlen(unit[i]);
		struct str out = STR_INIT;

		assert_non_null(text);
		for (size_t k = 0; k < len; k++)
			text[k] = unit[i][k % u];
		text[len] = '\0';
		secret_mask(NULL, text, &out);
		secret_mask("X_TOKEN", text, &out);
		/* what is masked is text still, and no longer than masks are */
		assert_true(str_is_utf8(str_text(&out), out.len));
		assert_in_range(out.len, 1, 64 * len);
		str_free(&out);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_rule_finds_its_example_and_not_its_counterexample),
		cmocka_unit_test(a_text_is_masked_where_it_holds_a_secret),
		cmocka_unit_test(a_masked_text_is_left_alone),
	cmocka_unit_test(a_preview_shows_a_tokens_kind_and_nothing_of_a_password),
		cmocka_unit_test(grades_have_names),
		cmocka_unit_test(no_secret_survives_its_mask),
		cmocka_unit_test(a_checksum_raises_the_grade),
		cmocka_unit_test(a_text_full_of_signs_is_masked_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
