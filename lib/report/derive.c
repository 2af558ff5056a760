#include "report/derive.h"

#include "report/shape.h"

#define LOOK_BACK 64 /* entries that may be drawn together */

/* Several things for one reason (a restart hides a little from every counter) are one entry. */
static void
not_shown(struct arena *a, struct doc *list, struct sv what, struct sv why, struct sv settle)
{
	struct doc *d;
	int i = 0;

	if (why.n > 0 && !sv_ends(why, "."))
		why = sv_of(arena_fmt(a, "%" SV_FMT ".", SV_ARG(why)));
	for (d = list->child; d != NULL && i < LOOK_BACK; d = d->next, i++) {
		struct doc *first = doc_get(d, "what");

		if (!sv_eq(shape_text(d, "why"), why) || !sv_eq(shape_text(d, "settle"), settle))
			continue;
		first->text = sv_of(arena_fmt(a, "%" SV_FMT "; %" SV_FMT, SV_ARG(first->text), SV_ARG(what)));
		doc_get(d, "several")->truth = true;
		return;
	}
	d = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
	doc_add_str(a, d, "what", what);
	doc_add_str(a, d, "why", why);
	doc_add_str(a, d, "settle", settle);
	doc_add_bool(a, d, "several", false);
}

/* Decided, yet not from all of its time. */
static void
add_unseen(struct arena *a, struct doc *list, const struct doc *criterion)
{
	const struct doc *c = doc_get(criterion, "coverage");
	struct sb why = {0};

	if (c->kind != DOC_MAP)
		return;
	if (shape_number(c, "value") < 1)
		sb_addf(&why, "Decided from %" SV_FMT " of %" SV_FMT " (%" SV_FMT "); the rest was not seen.",
		    SV_ARG(shape_text(c, "covered_text")), SV_ARG(shape_text(c, "window_text")), SV_ARG(shape_text(c, "text")));
	if (doc_get(c, "unseen_text")->kind == DOC_STRING)
		sb_addf(&why, "%sA restart hid %" SV_FMT ": what was counted then is in no total.", why.n > 0 ? " " : "",
		    SV_ARG(shape_text(c, "unseen_text")));
	if (why.n > 0)
		not_shown(a, list, shape_text(criterion, "title"), sb_sv(&why), SV(""));
	sb_free(&why);
}

/* A number that was reached, and proves less than what was asked: "supports 99.4 %, not 99.9 %". */
static void
add_bound(struct arena *a, struct doc *list, const struct doc *thing)
{
	const struct doc *proven = doc_get(thing, "demonstrated"), *required = doc_get(thing, "required");
	const struct doc *words = doc_get(thing, "confidence");
	double least, asked;

	if (proven->kind != DOC_MAP || required->kind != DOC_MAP)
		return;
	least = shape_number(proven, "value");
	asked = shape_number(required, "value");
	if (least < asked) /* false for what is not known */
		not_shown(a, list, shape_text(thing, "title"),
		    sv_of(arena_fmt(a, "With 95 %% confidence it proves no more than %" SV_FMT "; required: %" SV_FMT ".%s%" SV_FMT,
			SV_ARG(shape_text(proven, "text")), SV_ARG(shape_text(required, "text")), words == NULL || words->text.n == 0 ? "" : " ",
			SV_ARG(words == NULL ? SV("") : words->text))),
		    SV("a longer run, with more requests in it"));
}

/* What must happen at least so often and never did: nothing is known of how it works. */
static void
add_unused(struct arena *a, struct doc *list, const struct doc *criterion)
{
	const struct doc *seen = doc_get(criterion, "observed"), *required = doc_get(criterion, "required");

	if (!sv_is(shape_text(criterion, "kind"), "sli") && !sv_is(shape_text(criterion, "kind"), "events"))
		return;
	if (sv_is(shape_text(criterion, "verdict"), "INCONCLUSIVE") || seen->kind != DOC_MAP || required->kind != DOC_MAP)
		return;
	if (sv_is(shape_text(seen, "unit"), "count") && shape_number(seen, "value") == 0 && shape_number(required, "value") >= 1)
		not_shown(a, list, shape_text(criterion, "title"), SV("It was never exercised in this run: how it behaves is not known."), SV(""));
}

/* Checks that were to be made by the clock, and were not or nobody knows. */
static void
add_slots(struct arena *a, struct doc *list, const struct doc *criterion)
{
	const struct doc *s;
	struct sb text = {0};
	size_t n = 0;

	for (s = doc_first(doc_get(criterion, "slots")); s != NULL; s = s->next) {
		struct sv status = shape_text(s, "status");

		if (!sv_is(status, "missing") && !sv_is(status, "unknown") && !sv_is(status, "cut off"))
			continue;
		sb_addf(&text, "%s#%" SV_FMT " (%" SV_FMT ")", n++ > 0 ? ", " : "", SV_ARG(shape_text(s, "number")), SV_ARG(status));
	}
	if (n > 0)
		not_shown(a, list, shape_text(criterion, "title"),
		    sv_of(arena_fmt(a, "Not run to the end: %s. Nothing is known of the time that they were to look at.", sb_str(&text))), SV(""));
	sb_free(&text);
}

/* Windows of an objective that are longer than the data, and rules that rest on them. */
static void
add_objective(struct arena *a, struct doc *list, const struct doc *slo)
{
	const struct doc *c;

	if (sv_is(shape_text(slo, "outcome"), "not measured"))
		not_shown(a, list, shape_text(slo, "title"), shape_text(slo, "sentence"), SV(""));
	for (c = doc_first(doc_get(slo, "windows")); c != NULL; c = c->next)
		if (!shape_true(c, "evaluable"))
			not_shown(a, list,
			    sv_of(arena_fmt(a, "%" SV_FMT ", burn over %" SV_FMT, SV_ARG(shape_text(slo, "title")), SV_ARG(shape_text(c, "window")))),
			    shape_text(c, "why"), SV(""));
	for (c = doc_first(doc_get(slo, "alerts")); c != NULL; c = c->next)
		if (!shape_true(c, "evaluable"))
			not_shown(a, list,
			    sv_of(arena_fmt(a, "%" SV_FMT ", alert %" SV_FMT, SV_ARG(shape_text(slo, "title")), SV_ARG(shape_text(c, "rule")))),
			    shape_text(c, "why"), SV(""));
	add_bound(a, list, slo);
}

void
derive_not_shown(struct arena *a, struct doc *data)
{
	struct doc *list = doc_new(a, DOC_LIST);
	const struct doc *c;

	for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next) {
		if (sv_is(shape_text(c, "verdict"), "INCONCLUSIVE"))
			not_shown(a, list, shape_text(c, "title"), shape_text(c, "sentence"), shape_text(c, "settle"));
		else
			add_unseen(a, list, c);
		add_bound(a, list, c);
		add_unused(a, list, c);
		add_slots(a, list, c);
	}
	for (c = doc_first(doc_get(data, "slos")); c != NULL; c = c->next)
		add_objective(a, list, c);
	for (c = doc_first(doc_get(data, "evidence")); c != NULL; c = c->next)
		if (!shape_true(c, "present"))
			not_shown(a, list, shape_text(c, "title"), shape_text(c, "detail_text"), SV(""));
	for (c = doc_first(doc_get(data, "claims")); c != NULL; c = c->next)
		if (sv_is(shape_text(c, "state"), "undecided"))
			not_shown(a, list,
			    sv_of(arena_fmt(a, "Whether %" SV_FMT " of %" SV_FMT " is true", SV_ARG(shape_text(c, "path")),
				SV_ARG(shape_text(c, "source")))),
			    shape_text(c, "sentence"), SV(""));
	for (c = doc_first(doc_get(data, "inputs")); c != NULL; c = c->next)
		if (sv_is(shape_text(c, "state"), "not recognised"))
			not_shown(a, list, shape_text(c, "name"),
			    SV("Not recognised, so nothing of it was used; it may hold what matters."),
			    SV("a format for it (docs/formats.md)"));
	doc_add(a, data, "not_shown", list);
}

static size_t
how_many(const struct doc *list, const char *key, const char *word)
{
	const struct doc *c;
	size_t n = 0;

	for (c = list->child; c != NULL; c = c->next)
		n += sv_is(shape_text(c, key), word);
	return n;
}

void
derive_counts(struct arena *a, struct doc *data)
{
	static const char *const lists[] = {"reasons", "criteria", "evidence", "contradictions", "claims", "rates",
		"windows", "events", "problems", "inputs", "missing", "not_shown", "charts", "waivers", "attestations", "checklists", "slos", "figures", "methods",
		"next_steps", "not_passed"};
	static const struct {
		const char *name, *list, *key, *word;
	} items[] = {
		{"pass", "criteria", "verdict", "PASS"},
		{"warn", "criteria", "verdict", "WARN"},
		{"fail", "criteria", "verdict", "FAIL"},
		{"waived", "criteria", "verdict", "WAIVED"},
		{"inconclusive", "criteria", "verdict", "INCONCLUSIVE"},
		{"present", "evidence", "state", "present"},
		{"read", "inputs", "state", "complete"},
		{"empty", "inputs", "state", "empty"},
		{"unread", "inputs", "state", "not recognised"},
		{"explained", "claims", "state", "explained"},
		{"contradicted", "claims", "state", "contradicted"},
		{"undecided", "claims", "state", "undecided"},
		{"not_audited", "claims", "state", "not audited"},
	};
	struct doc *counts = doc_new(a, DOC_MAP);
	size_t i, n;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		n = doc_get(data, lists[i])->n;
		doc_add_num(a, counts, lists[i], (double)n);
		doc_add_bool(a, data, arena_fmt(a, "has_%s", lists[i]), n > 0);
	}
	for (i = 0; i < sizeof(items) / sizeof(*items); i++) {
		n = how_many(doc_get(data, items[i].list), items[i].key, items[i].word);
		doc_add_num(a, counts, items[i].name, (double)n);
		doc_add_bool(a, data, arena_fmt(a, "has_%s", items[i].name), n > 0);
	}
	doc_add(a, data, "counts", counts);
}
