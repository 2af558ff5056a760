/*
 * data_criteria - each criterion: its class, its coverage in words, the files it rests on.
 */
#include "report/data_parts.h"

#include <math.h>

#include "report/people.h"
#include "report/shape.h"

/* Some names, then how many more there are: a criterion may rest on hundreds of snapshots. */
static void
add_sources(struct arena *a, struct doc *d)
{
	const struct doc *list = doc_get(d, "sources"), *c;
	struct sb s = {0};
	size_t i = 0;

	for (c = list->child; c != NULL; c = c->next, i++) {
		if (list->n > 4 && i >= 2 && i + 1 < list->n)
			continue;
		sb_adds(&s, i == 0 ? "" : list->n > 4 && i + 1 == list->n ? " \342\200\246 " : ", ");
		sb_addv(&s, c->text);
	}
	if (list->n > 4)
		sb_addf(&s, " (%zu artifacts)", list->n);
	doc_add_str(a, d, "sources_text", sb_sv(&s));
	sb_free(&s);
}

static void
add_coverage(struct arena *a, struct doc *c)
{
	double least = shape_number(c, "unseen_seconds_min"), most = shape_number(c, "unseen_seconds_max");
	struct sv from = people_length(a, least), to = people_length(a, most);

	data_length(a, c, "window");
	data_length(a, c, "covered");
	data_length(a, c, "longest_gap");
	data_time(a, c, "first");
	data_time(a, c, "last");
	doc_add_bool(a, c, "has_gap", shape_number(c, "longest_gap_seconds") > 0);
	doc_add_bool(a, c, "has_restarts", shape_number(c, "restarts") > 0);
	if (isnan(most))
		doc_add(a, c, "unseen_text", doc_new(a, DOC_NULL));
	else if (least < most && least > 0)
		doc_add_str(a, c, "unseen_text",
		    sv_of(arena_fmt(a, "%" SV_FMT " to %" SV_FMT, SV_ARG(from), SV_ARG(to))));
	else
		doc_add_str(a, c, "unseen_text",
		    sv_of(arena_fmt(a, "%s%" SV_FMT, least < most ? "up to " : "", SV_ARG(to))));
}

static const struct doc *
find_input(const struct doc *data, struct sv name)
{
	const struct doc *c;

	for (c = doc_first(doc_get(data, "inputs")); c != NULL; c = c->next)
		if (sv_eq(shape_text(c, "name"), name))
			return c;
	return NULL;
}

/* The artifacts behind it with their digests; and the first of them as a path with its digest, for a table. */
static void
add_files(struct arena *a, const struct doc *data, struct doc *criterion)
{
	struct doc *list = doc_new(a, DOC_LIST), *f;
	const struct doc *s;
	struct sb text = {0};

	for (s = doc_first(doc_get(criterion, "sources")); s != NULL; s = s->next) {
		const struct doc *in = find_input(data, s->text);
		struct sv digest = in == NULL ? SV("") : shape_text(in, "sha256");

		f = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
		doc_add_str(a, f, "name", s->text);
		doc_add_str(a, f, "sha256", digest);
		doc_add_str(a, f, "sha256_short", sv_head(digest, 12));
		if (list->n == 1)
			sb_addf(&text, "%" SV_FMT "%s%" SV_FMT, SV_ARG(s->text), digest.n > 0 ? "#" : "", SV_ARG(sv_head(digest, 12)));
	}
	if (list->n > 1)
		sb_addf(&text, " and %zu more", list->n - 1);
	doc_add(a, criterion, "files", list);
	doc_add_str(a, criterion, "evidence_text", sb_sv(&text));
	sb_free(&text);
}

/* The last of the slots that was met; null: none was, or there are none. */
static void
add_latest(struct arena *a, struct doc *criterion)
{
	const struct doc *s, *last = NULL;

	for (s = doc_first(doc_get(criterion, "slots")); s != NULL; s = s->next)
		if (doc_get(s, "ran")->kind == DOC_STRING)
			last = s;
	doc_add(a, criterion, "latest", last != NULL ? data_reference(a, last) : doc_new(a, DOC_NULL));
}

int
data_criteria(struct arena *a, struct doc *data, struct err *e)
{
	struct doc *c;
	int n = 0;

	for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next) {
		if (data_class(a, c, "verdict", "class", data_outcomes, e) < 0)
			return -1;
		doc_add_str(a, c, "anchor", sv_of(arena_fmt(a, "criterion-%d", ++n)));
		doc_add_bool(a, c, "is_whole_run", sv_is(shape_text(c, "over"), "run"));
		/* Of a ratio, what a restart hid could lower as well as raise it. */
		doc_add_bool(a, c, "observed_at_least", shape_true(c, "at_least") && doc_get(c, "observed")->kind == DOC_MAP &&
		    doc_get(doc_get(c, "observed"), "value")->kind == DOC_NUMBER && sv_is(shape_text(doc_get(c, "observed"), "unit"), "count"));
		add_sources(a, c);
		add_files(a, data, c);
		add_latest(a, c);
		doc_add_bool(a, c, "has_slots", doc_first(doc_get(c, "slots")) != NULL);
		if (doc_get(c, "coverage")->kind == DOC_MAP)
			add_coverage(a, doc_get(c, "coverage"));
	}
	return 0;
}
