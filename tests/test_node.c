/* test_node.c - trees: built from JSON, copied, and asked. */
#include "test.h"

#include "muster/cap.h"
#include "muster/node.h"
#include "src/parse/node_priv.h"

static struct tree *tree(const char *doc)
{
	struct err err = ERR_INIT;
	struct tree *t = tree_json(doc, strlen(doc), "doc", &err);

	if (t == NULL) {
		err_print(&err, "test", stderr);
		fail_msg("%s", doc);
	}
	return t;
}

static const char config[] =
    "{\n"
    "  \"config\": {\"User\": \"65532:0\", \"Env\": [\"A=1\",\n"
    "    \"B=2\"], \"Labels\": {\"a/b\": \"x\", \"c~d\": null}},\n"
    "  \"size\": 4711, \"big\": 99999999999999999999, \"on\": true,\n"
    "  \"off\": false, \"text\": \"true\", \"empty\": {}, \"none\": []\n"
    "}\n";

static void a_tree_answers_by_key_and_by_path(void **st)
{
	struct tree *t = tree(config);
	const struct node *root = tree_root(t);
	int64_t v = 0;

	(void)st;
	assert_int_equal(root->kind, NODE_MAP);
	assert_int_equal(root->count, 8);
	assert_string_equal(node_text(node_at(root, "config.User")),
	    "65532:0");
	assert_ptr_equal(node_at(root, "config"), node_get(root, "config"));
	assert_null(node_at(root, "config.User.x"));
	assert_null(node_at(root, "config.Missing"));
	assert_null(node_at(root, ""));
	assert_null(node_get(NULL, "config"));
	assert_null(node_get(node_at(root, "config.Env"), "0"));
	assert_null(node_text(node_get(root, "empty")));
	assert_null(node_text(NULL));
	assert_true(node_int(node_get(root, "size"), &v));
	assert_int_equal(v, 4711);
	assert_false(node_int(node_get(root, "big"), &v));
	assert_false(node_int(node_get(root, "text"), &v));
	assert_true(node_is_true(node_get(root, "on")));
	assert_false(node_is_true(node_get(root, "off")));
	assert_false(node_is_true(node_get(root, "text")));
	assert_false(node_is_true(NULL));
	tree_free(t);
}

static void children_know_place_and_line(void **st)
{
	struct tree *t = tree(config);
	const struct node *env = node_at(tree_root(t), "config.Env");
	static const char *const values[] = { "A=1", "B=2" };
	static const int lines[] = { 2, 3 };
	size_t i = 0;

	(void)st;
	assert_int_equal(env->kind, NODE_LIST);
	NODE_EACH(n, env) {
		struct str at = STR_INIT;

		assert_string_equal(n->text, values[i]);
		assert_int_equal(n->line, lines[i]);
		assert_int_equal(n->index, i);
		assert_null(n->key);
		assert_ptr_equal(n->parent, env);
		node_pointer(n, &at);
		assert_string_equal(at.s, i == 0 ? "/config/Env/0" :
		    "/config/Env/1");
		str_free(&at);
		i++;
	}
	assert_int_equal(i, env->count);
	NODE_EACH(n, (struct node *)NULL)
		fail();
	tree_free(t);
}

static void pointers_are_escaped(void **st)
{
	struct tree *t = tree(config);
	const struct node *labels = node_at(tree_root(t), "config.Labels");
	struct str at = STR_INIT;

	(void)st;
	node_pointer(node_get(labels, "a/b"), &at);
	node_pointer(node_get(labels, "c~d"), &at);
	assert_string_equal(at.s, "/config/Labels/a~1b/config/Labels/c~0d");
	assert_int_equal(node_get(labels, "c~d")->kind, NODE_NULL);
	str_clear(&at);
	node_pointer(tree_root(t), &at);
	assert_string_equal(str_text(&at), "");
	str_free(&at);
	tree_free(t);
}

static void a_root_may_be_a_scalar(void **st)
{
	struct tree *t = tree("\n\n\"x\"");

	(void)st;
	assert_string_equal(node_text(tree_root(t)), "x");
	assert_int_equal(tree_root(t)->line, 3);
	tree_free(t);
}

static void trees_are_as_strict_as_the_reader(void **st)
{
	static const struct {
		const char *doc, *says;
		int line;
	} rows[] = {
		{ "", "empty file", 1 },
		{ "{\"a\":1,\n\"a\":2}", "twice", 2 },
		{ "{\"a\":1", "ends early", 1 },
		{ "{}\n{}", "trailing garbage", 2 },
		{ "[\"\xff\"]", "UTF-8", 1 },
	};

	(void)st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;

		assert_null(tree_json(rows[i].doc, strlen(rows[i].doc), "doc",
		    &err));
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, rows[i].says));
		assert_int_equal(err.line, rows[i].line);
		assert_string_equal(err.file, "doc");
	}
}

/* Keys in the table of a large map and in none. */
static void every_key_of_a_large_map_is_found(void **st)
{
	static const int sizes[] = { 1, 8, 9, 15, 16, 17, 100000 };

	(void)st;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		struct tree *t = tree_new();
		struct err err = ERR_INIT;
		struct node *map = tree_add(t, NULL, NODE_MAP, NULL, 0, NULL,
		    0, 1, &err);
		char key[32];

		for (int i = 0; i < sizes[s]; i++) {
			snprintf(key, sizeof(key), "key-%d", i);
			assert_null(tree_find(map, key, strlen(key)));
			assert_non_null(tree_add(t, map, NODE_NUMBER, key,
			    strlen(key), "1", 1, i, &err));
		}
		for (int i = 0; i < sizes[s]; i++) {
			snprintf(key, sizeof(key), "key-%d", i);
			assert_int_equal(node_get(map, key)->line, i);
		}
		assert_null(node_get(map, "key-"));
		assert_null(tree_find(map, "key-0", 4));
		assert_int_equal(map->count, sizes[s]);
		tree_free(t);
	}
}

static void a_copy_is_whole_and_separate(void **st)
{
	struct tree *t = tree("{\"a\":{\"b\":[1,{\"c\":2},[]],\"d\":3},"
	    "\"e\":{}}");
	struct node *root = tree_root(t), *a = node_get(root, "a");
	struct err err = ERR_INIT;
	struct node *to = node_get(root, "e");
	struct node *copy = tree_copy(t, to, "z", 1, a, &err);
	struct str at = STR_INIT;

	(void)st;
	assert_ptr_equal(node_get(to, "z"), copy);
	assert_int_equal(copy->count, 2);
	assert_string_equal(node_text(node_at(copy, "d")), "3");
	assert_int_equal(node_at(copy, "b")->count, 3);
	node_pointer(node_get(node_at(copy, "b")->child->next, "c"), &at);
	assert_string_equal(at.s, "/e/z/b/1/c");
	assert_null(node_at(a, "b")->child->next->next->child);
	assert_int_equal(a->count, 2);
	str_free(&at);
	/* into itself */
	assert_null(tree_copy(t, node_at(copy, "b"), NULL, 0, to, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "inside of"));
	tree_free(t);
}

static void the_number_of_nodes_is_capped(void **st)
{
	struct tree *t = tree_new();
	struct err err = ERR_INIT;
	struct node *list = tree_add(t, NULL, NODE_LIST, NULL, 0, NULL, 0, 1,
	    &err);

	(void)st;
	for (int i = 1; i < cap(CAP_TREE_VALUES); i++)
		if (tree_add(t, list, NODE_NULL, NULL, 0, NULL, 0, 1,
		    &err) == NULL)
			fail_msg("refused number %d", i);
	assert_null(tree_add(t, list, NODE_NULL, NULL, 0, NULL, 0, 1, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_answers_by_key_and_by_path),
		cmocka_unit_test(children_know_place_and_line),
		cmocka_unit_test(pointers_are_escaped),
		cmocka_unit_test(a_root_may_be_a_scalar),
		cmocka_unit_test(trees_are_as_strict_as_the_reader),
		cmocka_unit_test(every_key_of_a_large_map_is_found),
		cmocka_unit_test(a_copy_is_whole_and_separate),
		cmocka_unit_test(the_number_of_nodes_is_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
