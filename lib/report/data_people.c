/*
 * data_people - what persons added: waivers, attestations, notes.
 */
#include "report/data_parts.h"

#include "base/time.h"
#include "report/shape.h"

/* What people add: their times. */
static const struct data_class states[] = {
	{"ready", "pass"}, {"not ready", "fail"}, {"not applicable", "none"}, {"missing", "open"}, {0}};

static void
add_people(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "waivers")); c != NULL; c = c->next) {
		data_time(a, c, "created");
		data_time(a, c, "expires");
	}
	for (c = doc_first(doc_get(data, "attestations")); c != NULL; c = c->next)
		data_time(a, c, "stated");
}

/* When the first of the waivers expires that the decision rests on; null: it rests on none. */
static void
add_valid_until(struct arena *a, struct doc *data)
{
	const struct doc *c, *first = NULL;

	for (c = doc_first(doc_get(data, "waivers")); c != NULL; c = c->next) {
		int64_t t = data_instant(c, "expires");

		if (shape_true(c, "used") && t != TIME_NONE && (first == NULL || t < data_instant(first, "expires")))
			first = c;
	}
	if (first != NULL)
		doc_add_str(a, data, "valid_until_text", shape_text(first, "expires_text"));
	else
		doc_add(a, data, "valid_until_text", doc_new(a, DOC_NULL));
}

static int
add_notes(struct arena *a, struct doc *notes, struct err *e)
{
	struct doc *c;

	data_time(a, notes, "stated");
	for (c = doc_first(doc_get(notes, "risks")); c != NULL; c = c->next)
		data_time(a, c, "due");
	for (c = doc_first(doc_get(notes, "readiness")); c != NULL; c = c->next) {
		if (data_class(a, c, "state", "class", states, e) < 0)
			return -1;
		doc_add_str(a, c, "box", sv_is(shape_text(c, "state"), "ready") ? SV("x") : SV(" "));
	}
	doc_add_bool(a, notes, "has_identity", doc_get(notes, "identity")->n > 0);
	doc_add_bool(a, notes, "has_observations", doc_get(notes, "observations")->n > 0);
	doc_add_bool(a, notes, "has_risks", doc_get(notes, "risks")->n > 0);
	doc_add_bool(a, notes, "has_readiness", doc_get(notes, "readiness")->n > 0);
	doc_add_bool(a, notes, "has_sign_off", doc_get(notes, "sign_off")->n > 0);
	doc_add_bool(a, notes, "has_missing", doc_get(notes, "missing")->n > 0);
	return 0;
}

int
data_people(struct arena *a, struct doc *data, struct err *e)
{
	struct doc *notes = doc_get(data, "notes");

	add_people(a, data);
	add_valid_until(a, data);
	doc_add_bool(a, data, "has_notes", notes->kind == DOC_MAP);
	return notes->kind == DOC_MAP ? add_notes(a, notes, e) : 0;
}
