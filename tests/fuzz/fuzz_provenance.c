/*
 * Any bytes as the provenance.json of a run folder, with figures that may or may not be in it: refused with a message, or each figure has a
 * link that some row has as its anchor.
 */
#include <stdint.h>
#include <stdlib.h>

#include "report/provenance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char verdict[] =
    "{\"inputs\": [{\"name\": \"a.prom\", \"sha256\": \"aa\"}], \"score\": null, \"contradictions\": [{\"id\": \"k\"}], \"evidence\": [{\"id\": \"ev\"}],"
    "\"criteria\": [{\"observed\": {\"id\": \"o\", \"text\": \"1\", \"anchor\": \"figure-1\"}, \"n\": {\"id\": \"n\", \"text\": \"2\", \"anchor\": \"figure-2\"}, \"margin\": null}],"
    "\"rates\": [{\"rate\": {\"id\": \"r\", \"text\": \"1\", \"anchor\": \"figure-3\"}}],"
    "\"slos\": [{\"observed\": {\"id\": \"s\", \"text\": \"1\", \"anchor\": \"figure-4\"}, \"windows\": [{\"window\": \"1h\", \"burn\": {\"id\": \"b\", \"text\": \"1\", \"anchor\": \"figure-5\"}}]}],"
    "\"claims\": [{\"id\": \"c\", \"claimed\": \"1\", \"recomputed\": {\"id\": \"cr\", \"text\": \"1\", \"anchor\": \"figure-6\"}}]}";

/* Is there a row of that anchor in the thing's provenance? */
static bool
has_row(const struct doc *thing, struct sv anchor)
{
	const struct doc *c, *f;

	for (c = doc_first(doc_get(thing, "provenance")); c != NULL; c = c->next)
		for (f = doc_first(doc_get(c, "figures")); f != NULL; f = f->next)
			if (sv_eq(doc_get(f, "anchor")->text, anchor))
				return true;
	return false;
}

static void
check_link(const struct doc *thing, const struct doc *figure)
{
	const struct doc *href = doc_get(figure, "href");

	if (href == NULL)
		abort();
	if (href->kind != DOC_NULL && !has_row(thing, sv_from(href->text, 1)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct err e = {0};
	struct doc *d = doc_json(&a, "v", sv_of(verdict), NULL), *o;
	const struct doc *p = doc_json(&a, "p", (struct sv){(const char *)data, size}, NULL);

	if (d == NULL)
		abort();
	if (p != NULL && provenance_add(&a, d, p, &e) == 0) {
		for (o = doc_first(doc_get(d, "criteria")); o != NULL; o = o->next) {
			check_link(o, doc_get(o, "observed"));
			check_link(o, doc_get(o, "n"));
		}
		o = doc_first(doc_get(d, "slos"));
		check_link(o, doc_get(o, "observed"));
		check_link(o, doc_get(doc_first(doc_get(o, "windows")), "burn"));
		o = doc_first(doc_get(d, "claims"));
		check_link(o, o);
		check_link(o, doc_get(o, "recomputed"));
	} else if (p != NULL && e.msg[0] == '\0') {
		abort();
	}
	arena_free(&a);
	return 0;
}
