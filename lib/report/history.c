#include "report/history.h"

#include <math.h>

#include "base/time.h"
#include "report/data_parts.h"
#include "report/people.h"
#include "report/shape.h"

static const struct data_class decisions[] = {
	{"GO", "pass"}, {"GO WITH WAIVERS", "waived"}, {"NO-GO", "fail"}, {"INCONCLUSIVE", "open"}, {0}};
static const struct data_class outcomes[] = {
	{"met", "pass"}, {"missed", "fail"}, {"too little covered", "open"}, {"not measured", "open"}, {0}};

struct past {
	struct arena *a;
	struct err *e;
	struct doc **verdict; /* shaped, in order */
	const struct history_run *run;
	size_t n;
	struct doc *data;
};

static size_t
how_many(const struct doc *list, const char *key, const char *word)
{
	const struct doc *c;
	size_t n = 0;

	for (c = doc_first(list); c != NULL; c = c->next)
		n += sv_is(shape_text(c, key), word);
	return n;
}

/* What must be the same in all of them, so that they can stand in one table. */
static int
take_all(struct past *p)
{
	size_t i;

	if (p->n == 0)
		return err_set(p->e, ERR_INPUT, "a history needs at least one run");
	p->verdict = arena_new(p->a, p->n, sizeof(*p->verdict));
	for (i = 0; i < p->n; i++) {
		struct sv name, first;

		if ((p->verdict[i] = shape_verdict(p->a, p->run[i].verdict, p->e)) == NULL)
			return -1;
		name = shape_text(doc_get(p->verdict[i], "profile"), "name");
		first = shape_text(doc_get(p->verdict[0], "profile"), "name");
		if (!sv_eq(name, first))
			return err_set(p->e, ERR_INPUT, "%s: judged by the profile %" SV_FMT ", others by %" SV_FMT ": these are not runs of one kind",
			    p->run[i].verdict->file, SV_ARG(name), SV_ARG(first));
	}
	return 0;
}

/* Runs that were due between this one and the one before it, in words; 0: none. */
static size_t
missed(struct past *p, size_t i, int64_t every, struct sv *text)
{
	int64_t before, start = data_instant(doc_get(p->verdict[i], "run"), "start");

	before = i == 0 ? TIME_NONE : data_instant(doc_get(p->verdict[i - 1], "run"), "start");
	if (every <= 0 || before == TIME_NONE || start == TIME_NONE || start - before <= every + every / 2)
		return 0;
	*text = sv_of(arena_fmt(p->a, "No run began between %" SV_FMT " and %" SV_FMT "; one was due every %" SV_FMT ".", SV_ARG(people_time(p->a, before)),
	    SV_ARG(people_time(p->a, start)), SV_ARG(people_length(p->a, (double)every / 1000))));
	return (size_t)((start - before - every / 2) / every);
}

static int
add_runs(struct past *p, int64_t every, size_t *n_missed)
{
	struct doc *list = doc_add(p->a, p->data, "runs", doc_new(p->a, DOC_LIST)), *d;
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		const struct doc *v = p->verdict[i], *criteria = doc_get(v, "criteria"), *profile = doc_get(v, "profile");
		struct doc *run = doc_get(p->verdict[i], "run");
		struct sv why = SV("");

		d = doc_add(p->a, list, NULL, doc_new(p->a, DOC_MAP));
		doc_add_num(p->a, d, "number", (double)(i + 1));
		doc_add_str(p->a, d, "name", p->run[i].name);
		doc_add_str(p->a, d, "start_text", people_time(p->a, data_instant(run, "start")));
		doc_add_str(p->a, d, "end_text", people_time(p->a, data_instant(run, "end")));
		doc_add_str(p->a, d, "duration_text", people_length(p->a, shape_number(run, "duration_seconds")));
		doc_add_str(p->a, d, "decision", shape_text(v, "decision"));
		if (data_class(p->a, d, "decision", "class", decisions, p->e) < 0)
			return -1;
		doc_add_str(p->a, d, "headline", shape_text(v, "headline"));
		doc_add_num(p->a, d, "criteria", (double)criteria->n);
		doc_add_num(p->a, d, "passed", (double)(how_many(criteria, "verdict", "PASS") + how_many(criteria, "verdict", "WARN")));
		doc_add_num(p->a, d, "failed", (double)how_many(criteria, "verdict", "FAIL"));
		doc_add_num(p->a, d, "inconclusive", (double)how_many(criteria, "verdict", "INCONCLUSIVE"));
		doc_add_num(p->a, d, "contradictions", (double)doc_get(v, "contradictions")->n);
		doc_add_str(p->a, d, "profile_sha256", shape_text(profile, "sha256"));
		doc_add_bool(p->a, d, "has_new_profile", i > 0 && !sv_eq(shape_text(profile, "sha256"), shape_text(doc_get(p->verdict[i - 1], "profile"), "sha256")));
		k = missed(p, i, every, &why);
		*n_missed += k;
		if (k > 0)
			doc_add_str(p->a, d, "missed_text", why);
		else
			doc_add(p->a, d, "missed_text", doc_new(p->a, DOC_NULL));
	}
	return 0;
}

static const struct doc *
find(const struct doc *list, struct sv id)
{
	const struct doc *c;

	for (c = doc_first(list); c != NULL && !sv_eq(shape_text(c, "id"), id); c = c->next)
		;
	return c;
}

/* What one thing came to in each run; word and classes are the list's. Its own row gets the last run's. */
static int
add_cells(struct past *p, struct doc *row, const char *list, const char *word, const struct data_class *classes)
{
	struct doc *cells = doc_add(p->a, row, "cells", doc_new(p->a, DOC_LIST)), *d;
	struct sv now = SV(""), before = SV(""), id = shape_text(row, "id"), since = SV("");
	size_t i, passed = 0, there = 0;

	for (i = 0; i < p->n; i++) {
		const struct doc *c = find(doc_get(p->verdict[i], list), id);
		const struct doc *observed = c == NULL ? NULL : doc_get(c, "observed");
		struct sv state = c == NULL ? SV("") : shape_text(c, word);

		d = doc_add(p->a, cells, NULL, doc_new(p->a, DOC_MAP));
		doc_add_num(p->a, d, "number", (double)(i + 1));
		doc_add_str(p->a, d, "verdict", state);
		doc_add_bool(p->a, d, "is_there", c != NULL);
		if (c == NULL)
			doc_add_str(p->a, d, "class", SV("none"));
		else if (data_class(p->a, d, "verdict", "class", classes, p->e) < 0)
			return -1;
		doc_add_str(p->a, d, "text", observed == NULL || observed->kind != DOC_MAP ? SV("") : shape_text(observed, "text"));
		there += c != NULL;
		passed += c != NULL && sv_is(doc_get(d, "class")->text, "pass");
		before = i + 1 < p->n ? state : before;
		since = i == 0 || !sv_eq(state, now) ? people_time(p->a, data_instant(doc_get(p->verdict[i], "run"), "start")) : since;
		now = state;
	}
	doc_add_str(p->a, row, "verdict", now.n > 0 ? now : SV("not judged"));
	doc_add_str(p->a, row, "class", doc_get(cells->last, "class")->text);
	doc_add_str(p->a, row, "since_text", since);
	doc_add_str(p->a, row, "passed_text", sv_of(arena_fmt(p->a, "%zu of %zu", passed, there)));
	doc_add_bool(p->a, row, "has_changed", p->n > 1 && !sv_eq(now, before));
	doc_add_str(p->a, row, "before", before.n > 0 ? before : p->n > 1 ? SV("not judged") : SV(""));
	return 0;
}

/* All that any run has, the last run's first, in its order; what it has no more after them. */
static int
add_rows(struct past *p, const char *list, const char *word, const struct data_class *classes)
{
	struct doc *rows = doc_add(p->a, p->data, list, doc_new(p->a, DOC_LIST)), *d;
	size_t i;

	for (i = p->n; i-- > 0;) {
		const struct doc *c;

		for (c = doc_first(doc_get(p->verdict[i], list)); c != NULL; c = c->next) {
			const struct doc *required = doc_get(c, "required");

			if (find(rows, shape_text(c, "id")) != NULL)
				continue;
			d = doc_add(p->a, rows, NULL, doc_new(p->a, DOC_MAP));
			doc_add_str(p->a, d, "id", shape_text(c, "id"));
			doc_add_str(p->a, d, "title", shape_text(c, "title"));
			doc_add_str(p->a, d, "required_text", required->kind == DOC_MAP ? shape_text(required, "text") : SV(""));
			doc_add_bool(p->a, d, "is_gone", i + 1 < p->n);
			if (add_cells(p, d, list, word, classes) < 0)
				return -1;
		}
	}
	return 0;
}

/* The rows whose last verdict is another one than that before. */
static void
add_changed(struct past *p)
{
	struct doc *list = doc_add(p->a, p->data, "changed", doc_new(p->a, DOC_LIST)), *d;

	for (d = doc_first(doc_get(p->data, "criteria")); d != NULL; d = d->next)
		if (shape_true(d, "has_changed"))
			doc_add(p->a, list, NULL, data_reference(p->a, d));
	doc_add_bool(p->a, p->data, "has_changed", list->n > 0);
}

static int
add_head(struct past *p, size_t n_missed)
{
	const struct doc *last = p->verdict[p->n - 1], *from = doc_get(p->verdict[0], "run"), *to = doc_get(last, "run");
	struct doc *counts, *run, *data = p->data;
	struct arena *a = p->a;
	size_t i, n_go = 0, n_no_go = 0;

	for (i = 0; i < p->n; i++) {
		n_go += sv_is(shape_text(p->verdict[i], "verdict"), "PASS");
		n_no_go += sv_is(shape_text(p->verdict[i], "verdict"), "FAIL");
	}
	doc_add_str(a, data, "generator", SV("soakproof " SOAK_VERSION));
	doc_add_num(a, data, "schema", shape_number(last, "schema"));
	doc_add_str(a, data, "decision", shape_text(last, "decision"));
	if (data_class(a, data, "decision", "decision_class", decisions, p->e) < 0)
		return -1;
	doc_add_str(a, data, "headline", sv_of(arena_fmt(a, "The last of %zu run%s; %zu of them %s GO", p->n, p->n == 1 ? "" : "s", n_go, n_go == 1 ? "was" : "were")));
	doc_add(a, data, "profile", data_reference(a, doc_get(last, "profile")));
	run = doc_add(a, data, "run", doc_new(a, DOC_MAP));
	doc_add_str(a, run, "start_text", people_time(a, data_instant(from, "start")));
	doc_add_str(a, run, "end_text", people_time(a, data_instant(to, "end")));
	counts = doc_add(a, data, "counts", doc_new(a, DOC_MAP));
	doc_add_num(a, counts, "runs", (double)p->n);
	doc_add_num(a, counts, "go", (double)n_go);
	doc_add_num(a, counts, "no_go", (double)n_no_go);
	doc_add_num(a, counts, "inconclusive", (double)(p->n - n_go - n_no_go));
	doc_add_num(a, counts, "missed", (double)n_missed);
	doc_add_num(a, counts, "criteria", (double)doc_get(data, "criteria")->n);
	doc_add_num(a, counts, "changed", (double)doc_get(data, "changed")->n);
	doc_add_bool(a, data, "has_missed", n_missed > 0);
	doc_add_bool(a, data, "has_slos", doc_get(data, "slos")->n > 0);
	return 0;
}

struct doc *
history_data(struct arena *a, const struct history_run *run, size_t n, int64_t every, struct err *e)
{
	struct past p = {.a = a, .e = e, .run = run, .n = n, .data = doc_new(a, DOC_MAP)};
	size_t n_missed = 0;

	if (take_all(&p) < 0 || add_runs(&p, every, &n_missed) < 0 || add_rows(&p, "criteria", "verdict", data_outcomes) < 0 ||
	    add_rows(&p, "slos", "outcome", outcomes) < 0)
		return NULL;
	add_changed(&p);
	return add_head(&p, n_missed) < 0 ? NULL : p.data;
}
