#include "judge/sofar.h"

#include <math.h>

#include "base/clean.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

const char *
sofar_state_text(enum sofar_state s)
{
	switch (s) {
	case SOFAR_PASSING:
		return "passing";
	case SOFAR_FAILED:
		return "failed";
	case SOFAR_BEHIND:
		return "behind";
	case SOFAR_LOST:
		return "lost";
	case SOFAR_OWED:
		break;
	}
	return "owed";
}

/* A criterion's window as it will be. */
struct horizon {
	bool open;    /* it goes on after as_of, or its beginning has not been seen */
	int64_t due;  /* its end */
	double share; /* how much of it lies before as_of; NaN unknown */
};

static struct horizon
horizon_of(const struct verdict *v, const struct sofar *s, const struct criterion_result *r)
{
	struct horizon h = {.due = s->planned, .share = (double)NAN};
	int64_t seen = 0;
	size_t i, k;

	h.open = !s->over;
	for (i = 0; i < v->n_windows; i++) {
		const struct window_result *w = &v->windows[i];

		if (!sv_eq(w->name, r->criterion->over) || w->n == 0)
			continue;
		for (k = 0; k < w->n; k++)
			seen += w->span[k].to - w->span[k].from;
		h.open = !s->over && w->span[w->n - 1].to >= s->as_of;
		h.due = h.open ? s->planned : w->span[w->n - 1].to;
		if (!h.open)
			h.share = 1;
		else if (s->planned != TIME_NONE)
			h.share = (double)seen / (double)(seen + s->planned - s->as_of);
	}
	return h;
}

static bool
kind_is(const struct criterion_result *r, const char *kind)
{
	return sv_is(r->criterion->kind, kind);
}

static bool
spec_has(const struct criterion_result *r, const char *key)
{
	return r->criterion->spec->kind == DOC_MAP && doc_get(r->criterion->spec, key) != NULL;
}

static const char *
count_text(struct arena *a, double v)
{
	char buf[NUM_TEXT];

	/* mutate: same */ return arena_str(a, sv_of(fabs(v) < 9e15 ? num_count((int64_t)floor(v + 1e-6), buf) : num_text(v, buf)));
}

/* The error budget of the whole run, had the rest as much traffic: spent, or how much of it is. */
static void
judge_budget(struct verdict *v, const struct criterion_result *r, const struct horizon *h, struct sofar_line *l)
{
	/* Of the whole window; NaN where it is not known how long that will be. What failed was covered. */
	double seen = (double)r->coverage.covered / (double)r->coverage.window * h->share;
	double bad = r->n.value * (1 - r->observed.value), all = r->n.value / seen, budget = all * (1 - r->criterion->objective.value);

	if (isnan(seen)) {
		l->state = SOFAR_BEHIND;
		return;
	}
	/* What a rounding in the last digits makes of "all of it" is not more than it. */
	l->state = bad > budget * (1 + 1e-9) ? SOFAR_FAILED : SOFAR_BEHIND; /* mutate: same, at the very bound */
	l->owed = sv_of(arena_fmt(&v->arena, l->state == SOFAR_FAILED
		? "nothing can mend it: the error budget of the whole run is spent, %s failures of at most %s in about %s requests"
		: "%s failures of at most %s in about %s requests of the whole run: the rest has to do better",
	    count_text(&v->arena, bad), count_text(&v->arena, budget), count_text(&v->arena, all)));
}

/* Does a count that was missed only lack what is still to come? "More than 5" does with 5, "less than 5" does not. */
static bool
may_grow(const struct criterion_result *r)
{
	return r->criterion->objective.op != OP_LT && r->observed.value <= r->required.value;
}

/* Kinds that look at a value which the rest of the run may change. A baseline that broke under some load (capacity) stays broken. */
static bool
may_change(const struct criterion_result *r)
{
	static const char *const kinds[] = {"promql", "trend", "compare", NULL};
	const char *const *k;

	for (k = kinds; *k != NULL; k++)
		if (kind_is(r, *k))
			return true;
	return false;
}

static void
judge_failed(struct verdict *v, const struct criterion_result *r, const struct horizon *h, struct sofar_line *l)
{
	l->state = SOFAR_FAILED;
	if (!h->open)
		return;
	if (kind_is(r, "sli") && spec_has(r, "total"))
		judge_budget(v, r, h, l);
	else if ((kind_is(r, "sli") && may_grow(r)) || (kind_is(r, "events") && !spec_has(r, "none"))) {
		l->state = SOFAR_OWED;
		l->owed = SV("more of it");
	} else if (may_change(r)) {
		l->state = SOFAR_BEHIND;
		l->owed = SV("another value at the end");
	}
}

/* Time that no sample saw and none can see any more: what lies before the last one. */
static int64_t
lost_time(const struct sofar *s, const struct criterion_result *r)
{
	const struct coverage *c = &r->coverage;

	if (c->last == TIME_NONE)
		return 0;
	return c->window - c->covered - (s->as_of - c->last);
}

static void
judge_open(const struct sofar *s, const struct criterion_result *r, const struct horizon *h, struct sofar_line *l)
{
	double whole = (double)r->coverage.window / h->share; /* NaN: not known; 0: of what has no coverage nothing is lost */

	l->state = SOFAR_OWED;
	l->owed = r->settle;
	if (!h->open && !kind_is(r, "attest") && !spec_has(r, "none"))
		l->state = SOFAR_LOST;
	else if ((double)lost_time(s, r) > (1 - r->criterion->min_coverage) * whole * (1 + 1e-9))
		l->state = SOFAR_LOST;
}

static void
judge_line(struct verdict *v, const struct sofar *s, const struct criterion_result *r, struct sofar_line *l)
{
	struct horizon h = horizon_of(v, s, r);

	*l = (struct sofar_line){.id = r->criterion->id, .title = r->criterion->title, .sentence = r->sentence, .by = TIME_NONE,
	    .required = !r->criterion->optional};
	switch (r->outcome) {
	case OUTCOME_PASS:
	case OUTCOME_WARN:
	case OUTCOME_WAIVED:
		l->state = SOFAR_PASSING;
		if (h.open)
			l->owed = SV("the rest of its window");
		break;
	case OUTCOME_FAIL:
		judge_failed(v, r, &h, l);
		break;
	case OUTCOME_INCONCLUSIVE:
		judge_open(s, r, &h, l);
		break;
	}
	if (l->owed.n > 0 && l->state != SOFAR_FAILED && l->state != SOFAR_LOST)
		l->by = h.due;
}

struct counted {
	size_t passing, failed, behind, owed, lost; /* of those required, failed: of all */
};

static void
sum_up(struct verdict *v, struct sofar *s, const struct counted *n)
{
	bool contradicted = v->n_contradictions > 0 && v->profile->contradiction_fails;
	const char *word;

	s->status = n->failed > 0 || n->lost > 0 || contradicted ? 1 : n->passing > 0 && n->behind == 0 && !v->misplaced ? 0 : 3;
	if (s->over)
		s->status = v->outcome == OUTCOME_FAIL ? 1 : v->outcome == OUTCOME_PASS ? 0 : 3;
	word = s->over ? "the run is over" : n->failed > 0 || contradicted ? "failed already" : n->lost > 0 ? "cannot pass any more"
	    : s->status == 0 ? "passing so far" : "too early to say";
	s->headline = sv_of(arena_fmt(&v->arena, "%s: %zu passing, %zu failed, %zu behind, %zu lost, %zu owed%s", word, n->passing,
	    n->failed, n->behind, n->lost, n->owed, contradicted ? ", and artifacts contradict each other" : ""));
}

void
sofar_of(struct verdict *v, struct sofar *out)
{
	struct counted n = {0};
	size_t i;

	*out = (struct sofar){.as_of = v->run.end, .planned = v->planned_end, .over = !v->cut};
	out->line = arena_new(&v->arena, v->n_criteria, sizeof(*out->line));
	out->n = v->n_criteria;
	for (i = 0; i < v->n_criteria; i++) {
		struct sofar_line *l = &out->line[i];

		judge_line(v, out, &v->criteria[i], l);
		n.passing += l->state == SOFAR_PASSING && l->required;
		n.failed += l->state == SOFAR_FAILED;
		n.behind += l->state == SOFAR_BEHIND;
		n.lost += l->state == SOFAR_LOST && l->required;
		n.owed += l->state == SOFAR_OWED && l->required;
	}
	sum_up(v, out, &n);
}

static void
line(struct sb *out, const char *indent, const char *what, struct sv text)
{
	sb_addf(out, "%s%s", indent, what);
	clean_add(out, text);
	sb_addc(out, '\n');
}

void
sofar_text(const struct verdict *v, const struct sofar *s, struct sb *out)
{
	char at[TIME_TEXT], end[TIME_TEXT];
	size_t i;

	line(out, "", "SO FAR: ", s->headline);
	sb_addf(out, "as of %s", time_text(s->as_of, at));
	if (!s->over)
		sb_addf(out, ", planned until %s", time_text(s->planned, end));
	sb_addc(out, '\n');
	for (i = 0; i < s->n; i++) {
		const struct sofar_line *l = &s->line[i];

		sb_addf(out, "%-8s ", sofar_state_text(l->state));
		clean_add(out, l->id);
		sb_adds(out, l->required ? ": " : " (optional): ");
		clean_add(out, l->sentence);
		sb_addc(out, '\n');
		if (l->owed.n > 0 && l->state != SOFAR_PASSING) {
			line(out, "         ", l->state == SOFAR_FAILED || l->state == SOFAR_LOST ? "" : "owed: ", l->owed);
			if (l->by != TIME_NONE)
				sb_addf(out, "         by %s\n", time_text(l->by, end));
		}
	}
	for (i = 0; i < v->n_evidence; i++)
		if (!v->evidence[i].present)
			line(out, "", "owed     evidence: ", v->evidence[i].sentence);
	for (i = 0; i < v->n_contradictions; i++)
		line(out, "", "contradiction: ", v->contradictions[i].sentence);
}

void
sofar_json(const struct verdict *v, const struct sofar *s, struct sb *out)
{
	static const char *const words[] = {"PASSING", "FAILED", "", "TOO EARLY"};
	struct json j = {.out = out};
	size_t i;

	json_map(&j, NULL);
	json_int(&j, "schema", VERDICT_SCHEMA);
	json_cstr(&j, "so_far", words[s->status]);
	json_str(&j, "headline", s->headline);
	json_time(&j, "as_of", s->as_of);
	json_time(&j, "planned_end", s->planned);
	json_bool(&j, "over", s->over);
	json_list(&j, "criteria");
	for (i = 0; i < s->n; i++) {
		const struct sofar_line *l = &s->line[i];

		json_map(&j, NULL);
		json_str(&j, "id", l->id);
		json_str(&j, "title", l->title);
		json_cstr(&j, "state", sofar_state_text(l->state));
		json_bool(&j, "required", l->required);
		json_str(&j, "sentence", l->sentence);
		json_str(&j, "owed", l->owed);
		json_time(&j, "by", l->by);
		json_end(&j);
	}
	json_end(&j);
	json_list(&j, "evidence_owed");
	for (i = 0; i < v->n_evidence; i++)
		if (!v->evidence[i].present)
			json_str(&j, NULL, v->evidence[i].sentence);
	json_end(&j);
	json_list(&j, "contradictions");
	for (i = 0; i < v->n_contradictions; i++)
		json_str(&j, NULL, v->contradictions[i].sentence);
	json_end(&j);
	json_end(&j);
}
