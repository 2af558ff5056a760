/*
 * data_claims - what the artifacts claim, and the success rates side by side.
 */
#include "report/data_parts.h"

#include "report/shape.h"

static const struct data_class states[] = {
	{"explained", "pass"}, {"contradicted", "fail"}, {"undecided", "open"}, {"not audited", "none"}, {0}};

/* Counted at all? A rate of nothing is not 100 %. */
static void
add_rates(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "rates")); c != NULL; c = c->next) {
		const struct doc *value = doc_get(doc_get(c, "rate"), "value");

		doc_add_bool(a, c, "is_known", value != NULL && value->kind == DOC_NUMBER);
	}
}

int
data_claims(struct arena *a, struct doc *data, struct err *e)
{
	struct sv definition, sentence;
	struct doc *c;
	bool said;

	for (c = doc_first(doc_get(data, "claims")); c != NULL; c = c->next) {
		if (data_class(a, c, "state", "class", states, e) < 0)
			return -1;
		definition = shape_text(c, "definition");
		sentence = shape_text(c, "sentence");
		said = definition.n == 0 || sv_find(sentence, definition) < sentence.n;
		doc_add_str(a, c, "definition_text", said ? SV("") : definition);
	}
	add_rates(a, data);
	return 0;
}
