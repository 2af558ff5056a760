/*
 * data_inputs - the artifacts: what was read of them, what is wrong with them, and which are missing.
 */
#include "report/data_parts.h"

#include "report/people.h"
#include "report/shape.h"

static struct sv
input_state(const struct doc *c)
{
	if (shape_true(c, "superseded"))
		return SV("superseded");
	if (shape_number(c, "size") == 0)
		return SV("empty");
	if (sv_is(shape_text(c, "format"), "unrecognised"))
		return SV("not recognised");
	return shape_true(c, "complete") ? SV("complete") : SV("not complete");
}

static void
add_inputs(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "inputs")); c != NULL; c = c->next) {
		struct sv state = input_state(c);

		doc_add_str(a, c, "state", state);
		doc_add_bool(a, c, "is_whole", sv_is(state, "complete"));
		doc_add_str(a, c, "class", sv_is(state, "superseded") ? SV("none") : SV("open"));
		doc_add_str(a, c, "size_text", people_size(a, shape_number(c, "size")));
		data_short_digest(a, c);
		data_time(a, c, "time");
		data_time(a, c, "first");
		data_time(a, c, "last");
	}
}

static void
add_problems(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "problems")); c != NULL; c = c->next) {
		struct sv source = shape_text(c, "source"), line = shape_text(c, "line");

		doc_add_str(a, c, "place",
		    sv_of(arena_fmt(a, "%" SV_FMT "%s%" SV_FMT, SV_ARG(source), line.n > 0 ? ":" : "", SV_ARG(line))));
	}
}

/* The sentence without the title that it begins with, for where the title stands right before it. */
static struct sv
without_title(const struct doc *c)
{
	struct sv sentence = shape_text(c, "sentence"), title = shape_text(c, "title");

	if (sentence.n > title.n + 2 && sv_eq(sv_head(sentence, title.n), title) &&
	    sv_starts(sv_from(sentence, title.n), ": "))
		return sv_from(sentence, title.n + 2);
	return sentence;
}

/* Each item's state, and the list "missing" of those that are not whole. */
static void
add_evidence(struct arena *a, struct doc *data)
{
	struct doc *missing = doc_new(a, DOC_LIST), *c, *brief;

	for (c = doc_first(doc_get(data, "evidence")); c != NULL; c = c->next) {
		bool present = shape_true(c, "present"), optional = shape_true(c, "optional");
		bool some = shape_number(c, "found") > 0;

		doc_add_str(a, c, "state",
		    present    ? SV("present")
		    : optional ? (some ? SV("incomplete (optional)") : SV("missing (optional)"))
			       : (some ? SV("INCOMPLETE") : SV("MISSING")));
		doc_add_str(a, c, "class", present ? SV("pass") : optional ? SV("none") : SV("open"));
		doc_add_str(a, c, "count_text",
		    sv_of(arena_fmt(a, "%" SV_FMT " of %" SV_FMT, SV_ARG(shape_text(c, "found")), SV_ARG(shape_text(c, "expected")))));
		doc_add_str(a, c, "detail_text", without_title(c));
		brief = doc_get(c, "missing_brief");
		if (brief->kind == DOC_NULL) { /* written before there was one */
			brief->kind = DOC_LIST;
			brief->child = doc_get(c, "missing")->child;
			brief->n = doc_get(c, "missing")->n;
		}
		doc_add_bool(a, c, "has_names", brief->n > 0);
		if (!present || doc_get(c, "missing")->n > 0)
			doc_add(a, missing, NULL, data_reference(a, c));
	}
	doc_add(a, data, "missing", missing);
}

void
data_inputs(struct arena *a, struct doc *data)
{
	add_inputs(a, data);
	add_problems(a, data);
	add_evidence(a, data);
}
