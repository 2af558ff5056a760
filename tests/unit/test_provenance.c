/* provenance: each number of a report leads to a row that tells what it was made of; what is not known has no link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/provenance.h"

static const char data_text[] =
    "{\"inputs\": [{\"name\": \"a.prom\", \"sha256\": \"aa\"}, {\"name\": \"a.prom\", \"sha256\": \"bb\"}], \"score\": null,"
    " \"criteria\": [{\"observed\": {\"id\": \"o\", \"text\": \"1\", \"anchor\": \"figure-1\"}, \"n\": {\"id\": \"n\", \"text\": \"2\", \"anchor\": \"figure-2\"},"
    "  \"required\": {\"id\": \"gone\", \"text\": \"3\", \"anchor\": \"figure-3\"}, \"margin\": null}],"
    " \"rates\": [], \"claims\": [{\"id\": \"c\", \"claimed\": \"99\", \"recomputed\": null}], \"contradictions\": [], \"evidence\": [],"
    " \"slos\": [{\"observed\": {\"id\": \"s\", \"text\": \"4\", \"anchor\": \"figure-4\"},"
    "  \"windows\": [{\"window\": \"1h\", \"burn\": {\"id\": \"b\", \"text\": \"5\", \"anchor\": \"figure-5\"}}]}]}";

#define CHAIN "{\"query\": \"q\", \"rule\": \"p:1:1\", \"from\": \"2026-01-01T00:00:00Z\", \"to\": null, \"series\": [{\"text\": \"a\", \"samples\": 2}]," \
	"\"artifacts\": [{\"name\": \"a.prom\", \"sha256\": \"bb\", \"taken\": null, \"samples\": 2, \"lines\": \"1-2\"}," \
	"{\"name\": \"b.prom\", \"sha256\": \"cc\", \"taken\": null, \"samples\": 0}, {\"name\": \"c.prom\", \"sha256\": \"dd\", \"samples\": 1, \"lines\": \"\"}]," \
	"\"places\": [{\"source\": \"log\", \"line\": 7, \"text\": \"t\"}, {\"source\": \"log\", \"text\": \"u\"}], \"more_series\": 3}"

static struct arena arena;
static struct err err;

static struct doc *
added(const char *provenance)
{
	struct doc *d = doc_json(&arena, "data", sv_of(data_text), &err);
	const struct doc *p = provenance == NULL ? NULL : doc_json(&arena, "p", sv_of(provenance), &err);

	assert_non_null(d);
	assert_true(provenance == NULL || p != NULL);
	return provenance_add(&arena, d, p, &err) < 0 ? NULL : d;
}

static struct sv
text(const struct doc *d, const char *key)
{
	assert_non_null(doc_get(d, key));
	return doc_get(d, key)->text;
}

static void
test_none(void **state)
{
	struct doc *d = added(NULL), *c;

	(void)state;
	assert_false(doc_get(d, "has_provenance")->truth);
	c = doc_first(doc_get(d, "criteria"));
	assert_int_equal(doc_get(c, "provenance")->n, 0);
	assert_int_equal(doc_get(doc_get(c, "observed"), "href")->kind, DOC_NULL);
	assert_true(sv_is(text(doc_first(doc_get(d, "inputs")), "anchor"), "input-1"));
	arena_free(&arena);
}

static void
test_links(void **state)
{
	struct doc *d = added("{\"schema\": 1, \"figures\": [{\"id\": \"o\", \"chain\": 0}, {\"id\": \"n\", \"chain\": 0}, {\"id\": \"c\", \"chain\": 1},"
	    "{\"id\": \"s\", \"chain\": 0}, {\"id\": \"b\", \"chain\": 0}], \"chains\": [" CHAIN ", " CHAIN "]}");
	struct doc *c, *chain, *art;

	(void)state;
	assert_non_null(d);
	assert_true(doc_get(d, "has_provenance")->truth);
	c = doc_first(doc_get(d, "criteria"));
	/* One chain for both figures, and none for what it does not know. */
	assert_int_equal(doc_get(c, "provenance")->n, 1);
	chain = doc_first(doc_get(c, "provenance"));
	assert_true(sv_is(text(chain, "words"), "observed, n"));
	assert_true(sv_is(text(doc_get(c, "observed"), "href"), "#figure-1"));
	assert_int_equal(doc_get(doc_get(c, "required"), "href")->kind, DOC_NULL);
	assert_true(sv_is(text(chain, "from_text"), "2026-01-01 00:00:00 UTC"));
	assert_true(sv_is(text(chain, "to_text"), ""));
	assert_true(sv_is(text(chain, "more_series"), "3"));
	assert_int_equal(doc_get(chain, "more_places")->kind, DOC_NULL);
	/* The artifact of that digest, not only of that name. */
	art = doc_first(doc_get(chain, "artifacts"));
	assert_true(sv_is(text(art, "link"), "#input-2"));
	assert_true(sv_is(text(art, "lines_text"), "1-2"));
	assert_int_equal(doc_get(art->next, "link")->kind, DOC_NULL);
	assert_true(sv_is(text(art->next, "samples"), ""));
	assert_true(sv_is(text(art->next, "lines_text"), ""));
	assert_true(sv_is(text(art->next->next, "lines_text"), "not known"));
	assert_true(sv_is(text(doc_first(doc_get(chain, "places")), "place"), "log:7"));
	assert_true(sv_is(text(doc_first(doc_get(chain, "places"))->next, "place"), "log"));
	/* A claim has a row of its own. */
	c = doc_first(doc_get(d, "claims"));
	assert_true(sv_is(text(c, "href"), "#item-1"));
	assert_true(sv_is(text(doc_first(doc_get(doc_first(doc_get(c, "provenance")), "figures")), "text"), "99"));
	/* An objective's windows are told of where the objective is. */
	c = doc_first(doc_get(d, "slos"));
	assert_true(sv_is(text(doc_first(doc_get(c, "provenance")), "words"), "observed, burn over 1h"));
	assert_true(sv_is(text(doc_get(doc_first(doc_get(c, "windows")), "burn"), "href"), "#figure-5"));
	arena_free(&arena);
}

static const struct {
	const char *text, *says;
} wrong[] = {
	{"[]", "'schema' is missing"},
	{"{\"schema\": 2, \"figures\": [], \"chains\": []}", "p:1:12: provenance schema 2 is newer"},
	{"{\"schema\": 0.5, \"figures\": [], \"chains\": []}", "not a schema number"},
	{"{\"schema\": 1, \"figures\": []}", "'chains' is missing"},
	{"{\"schema\": 1, \"chains\": [{}], \"figures\": []}", "'series' is missing"},
	{"{\"schema\": 1, \"chains\": []}", "'figures' is missing"},
	{"{\"schema\": 1, \"chains\": [], \"figures\": [{\"id\": \"o\", \"chain\": 0}]}", "there is no such chain"},
	{"{\"schema\": 1, \"chains\": [], \"figures\": [{\"id\": \"o\", \"chain\": -1}]}", "there is no such chain"},
	{"{\"schema\": 1, \"chains\": [" CHAIN ", " CHAIN "], \"figures\": [{\"id\": \"o\", \"chain\": 0.5}]}", "there is no such chain"},
	{"{\"schema\": 1, \"chains\": [], \"figures\": [{\"id\": 1, \"chain\": 0}]}", "'id' is missing or of another kind"},
};

static void
test_wrong(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		err = (struct err){0};
		if (added(wrong[i].text) != NULL || strstr(err.msg, wrong[i].says) == NULL)
			fail_msg("%s: %s", wrong[i].text, err.msg);
		arena_free(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_wrong),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
