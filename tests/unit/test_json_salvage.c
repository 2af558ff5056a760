#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "read/json_salvage.h"
#include "record.h"

/* As JSON again, and then what was left out; "cut" where nothing is certain. */
static void
show(const struct doc *d, struct sb *out)
{
	const struct doc *c;

	if (d->kind != DOC_MAP && d->kind != DOC_LIST) {
		sb_addf(out, d->kind == DOC_STRING ? "'%.*s'" : "%.*s", (int)d->text.n, d->text.p);
		return;
	}
	sb_addc(out, d->kind == DOC_MAP ? '{' : '[');
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (d->kind == DOC_MAP)
			sb_addf(out, "%.*s@%d:", (int)c->key.n, c->key.p, c->line);
		show(c, out);
		if (c->next != NULL)
			sb_addc(out, ' ');
	}
	sb_addc(out, d->kind == DOC_MAP ? '}' : ']');
}

static void
gives(const char *text, const char *want)
{
	struct record rec = {0};
	struct read_sink sink = record_sink(&rec);
	struct arena a = {0};
	struct sb out = {0};
	struct err e = {0};
	bool failed;
	const struct doc *d = json_salvage(&a, "f", sv_of(text), &sink, &failed, &e);

	assert_false(failed);
	if (d == NULL)
		sb_adds(&out, "cut");
	else
		show(d, &out);
	sb_addc(&out, '\n');
	if (d != NULL)
		sb_addv(&out, sb_sv(&rec.all));
	assert_string_equal(sb_str(&out), want);
	sb_free(&rec.all);
	sb_free(&out);
	arena_free(&a);
}

static void
test_salvage(void **state)
{
	(void)state;
	gives("{\"a\": 1, \"b\": [true, \"x\\\"y\"], \"c\": {}}", "{a@1:1 b@1:[true 'x\"y'] c@1:{}}\n");
	/* A captured line in a value, its answer on a line of its own. */
	gives("{\n \"api\": {\n  \"x\": \x1b[32m[INFO]\x1b[0m checking\n[INFO] ok\n401,\n  \"y\": 5\n },\n \"n\": 7\n}\n",
	    "{api@2:{y@6:5} n@8:7}\nproblem 3 warning api.x left out: no value at column 8: '[INFO] checking'\n");
	gives("{\n \"x\": 5 [INFO]\n \"y\": \"\xc3\xa9\" oops\n}", "{}\n"
	    "problem 2 warning x left out: more than a value at column 9: '[INFO]'\n"
	    "problem 3 warning y left out: more than a value at column 11: 'oops'\n");
	gives("{\n \"x\": 5\n \"y\": 6\n}", "{x@2:5 y@3:6}\n"); /* a lost comma */
	gives("{\n noise\n \"y\": 6\n}", "{y@3:6}\nproblem 2 warning value left out: no key at column 2: 'noise'\n");
	gives("{\"x\" 5,\n \"y\": 6\n}", "{y@2:6}\nproblem 1 warning x left out: no ':' at column 6: '5,'\n");
	gives("[\n 1,\n what\n]", "[1]\nproblem 3 warning value left out: no value at column 2: 'what'\n");
	gives("{\"s\": \"a\nb\", \n\"t\": 1}", "{t@3:1}\nproblem 1 warning s left out: no value at column 7: '\"a'\n");
	gives("{\"x\": 1e999}", "cut\n"); /* the last line, and nothing sure behind it */
	gives("{\"x\": 01,\n\"y\": 2}", "{y@2:2}\nproblem 1 warning x left out: no value at column 7: '01,'\n");
}

static void
test_cut(void **state)
{
	struct sb s = {0};
	int i;

	(void)state;
	gives("{\"x\": 20", "cut\n");
	gives("{\"x\": 20}", "{x@1:20}\n");
	gives("{\"x\": {\"y\": 1}\n", "cut\n");
	gives("{\"x\": ", "cut\n");
	gives("{", "cut\n");
	gives("", "cut\n");
	gives("text", "cut\n");
	gives("{\"x\": ]}", "cut\n");
	gives("{\"x\": 1, \"x\": 2}", "cut\n"); /* which of them? */
	gives("{\"l\": [{\"x\": 1, \"x\": 2}]}", "cut\n");
	for (i = 0; i < 100000; i++)
		sb_addc(&s, '[');
	gives(sb_str(&s), "cut\n");
	sb_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_salvage),
		cmocka_unit_test(test_cut),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
