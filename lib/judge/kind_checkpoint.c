/*
 * checkpoint: {value: SELECTOR} or {bad: SELECTOR, total: SELECTOR}: what was read out at each checkpoint meets the objective
 * at every one of them.
 *
 * Each tells of the hours before it (looks_back): what those cover of the window is the coverage. Close checkpoints tell of the
 * same hours twice, so counts are never added up (docs/rules.md 16). What one of them tells of all have to, series by series. A
 * checkpoint that says it passed (passed_means: true) and does not meet the objective is contradicted by its own numbers.
 */
#include "judge/kind.h"

#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/reckon.h"
#include "judge/result.h"
#include "judge/rounds.h"
#include "judge/sources.h"

#define LISTED 5 /* checkpoints named in the sentence */
#define MAX_CODES 32

struct plan {
	struct rounds_plan rounds;
	int64_t looks_back; /* TIME_NONE: it tells of its moment only */
	int64_t count;      /* checkpoints that must tell of it; 0: as many as there are */
	int64_t series;     /* that each must tell of; 0: as many as any does */
	bool passed_means;
	struct sv claim;    /* last part of the paths of claims that say the same; empty none */
	double code[MAX_CODES];
	size_t n_codes;     /* one_of, in the place of an objective */
};

static int
read_codes(const struct doc *d, struct plan *p, struct err *e)
{
	const struct doc *c;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_LIST || d->n == 0 || d->n > MAX_CODES)
		return doc_err(d, e, "checkpoint: 'one_of' is a list of up to %d numbers", MAX_CODES);
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (c->kind != DOC_NUMBER)
			return doc_err(c, e, "checkpoint: a number expected");
		p->code[p->n_codes++] = c->num;
	}
	return 0;
}

static int
selector(struct arena *a, const struct doc *spec, const char *key, const struct pq_selector **sel, struct err *e)
{
	const struct doc *d = doc_get(spec, key);

	return d == NULL ? 0 : result_selector(a, d, sel, e);
}

static int
read_count(const struct doc *spec, const char *key, const char *what, int64_t *n, struct err *e)
{
	const struct doc *d = doc_get(spec, key);

	if (d != NULL && (d->kind != DOC_NUMBER || !num_parse_int(d->text, n) || *n < 1))
		return doc_err(d, e, "checkpoint: '%s' must be a whole number of %s, at least 1", key, what);
	return 0;
}

static int
read_truth(const struct doc *spec, const char *key, bool *truth, struct err *e)
{
	const struct doc *d = doc_get(spec, key);

	if (d != NULL && d->kind != DOC_BOOL)
		return doc_err(d, e, "checkpoint: '%s' is true or false", key);
	*truth = d != NULL && d->truth;
	return 0;
}

static int
read_plan(struct arena *a, const struct doc *spec, struct plan *p, struct err *e)
{
	static const char *const known[] = {"value", "bad", "total", "zero_when", "one_of", "negative", "result", "suite", "tolerance",
	    "looks_back", "count", "series", "passed_means", "claim", NULL};
	struct sv back;

	*p = (struct plan){.looks_back = TIME_NONE};
	if (profile_keys(spec, known, e) < 0 || selector(a, spec, "value", &p->rounds.value, e) < 0 ||
	    selector(a, spec, "bad", &p->rounds.bad, e) < 0 || selector(a, spec, "total", &p->rounds.total, e) < 0 ||
	    selector(a, spec, "zero_when", &p->rounds.zero_when, e) < 0 || slots_plan(a, spec, &p->rounds.runs, e) < 0 ||
	    profile_text(spec, "looks_back", &back, e) < 0 || profile_text(spec, "claim", &p->claim, e) < 0 ||
	    read_codes(doc_get(spec, "one_of"), p, e) < 0)
		return -1;
	if (p->rounds.runs.result.n == 0)
		p->rounds.runs.result = SV("checkpoint");
	if ((p->rounds.value != NULL) == (p->rounds.total != NULL) || (p->rounds.bad != NULL) != (p->rounds.total != NULL))
		return doc_err(spec, e, "checkpoint: either 'value', or 'bad' and 'total'");
	if (back.n > 0 && (!time_duration(back, &p->looks_back) || p->looks_back <= 0))
		return doc_err(doc_get(spec, "looks_back"), e, "checkpoint: 'looks_back' must be a duration, such as 6h");
	return read_count(spec, "count", "checkpoints", &p->count, e) < 0 || read_count(spec, "series", "series", &p->series, e) < 0 ||
	    read_truth(spec, "negative", &p->rounds.negative, e) < 0 || read_truth(spec, "passed_means", &p->passed_means, e) < 0 ? -1 : 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct plan plan;
	int rc;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "checkpoint must be a map: {value: SELECTOR} or {bad: SELECTOR, total: SELECTOR}");
	rc = read_plan(&a, c->spec, &plan, e);
	arena_free(&a);
	if (rc < 0)
		return -1;
	if ((plan.n_codes > 0) == (c->objective.op != OP_NONE) || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "checkpoint: needs an 'objective', or 'one_of'; it takes no 'warn'");
	if (plan.n_codes == 0 && c->objective.ratio != (plan.rounds.total != NULL))
		return doc_err(c->objective.at, e, plan.rounds.total != NULL
		    ? "checkpoint: of 'bad' and 'total' the objective is a success ratio, such as \"> 99.9%%\""
		    : "checkpoint: of 'value' the objective is a comparison, such as \"== 0\"");
	return 0;
}

struct state {
	struct judging *j;
	struct criterion_result *r;
	const struct plan *p;
	struct rounds rounds;
	size_t worst, bad, empty, absurd; /* of the measures; empty: nothing was counted */
	int64_t told;             /* runs with a value */
	const char *not_read;     /* a line of failure that was not understood; "" none */
	struct sb bad_text, absurd_text, untold_text;
};

static bool
holds(const struct state *s, double v)
{
	const struct profile_criterion *c = s->r->criterion;
	size_t i;

	if (s->p->n_codes == 0)
		return result_holds(c->objective.op, v, c->objective.value);
	for (i = 0; i < s->p->n_codes && s->p->code[i] != v; i++)
		;
	return i < s->p->n_codes;
}

/* "0.15 % (3 of 2000)", or the number. */
static const char *
value_text(const struct state *s, const struct measure *m)
{
	struct arena *a = s->j->arena;
	char v[NUM_TEXT], bad[NUM_TEXT], total[NUM_TEXT];

	if (s->p->rounds.total == NULL)
		return arena_str(a, sv_of(num_text(m->value, v)));
	if (m->absurd)
		return arena_fmt(a, "%s of %s", num_text(m->bad, bad), num_text(m->total, total));
	return arena_fmt(a, "%s %% bad (%s of %s)",
	    num_fixed(100 * (m->bad / m->total), result_decimals(m->value, s->r->criterion->objective.value,
		result_percent_decimals(s->r->criterion->objective.text)), v), num_text(m->bad, bad), num_text(m->total, total));
}

/* What an artifact prints of it, against the numbers behind it. */
static int
compare_claims(struct state *s, const struct measure *m, const char **printed, struct err *e)
{
	struct store_rows *rows = s->p->claim.n == 0 ? NULL : store_claims_open(s->j->store, e);
	double real = s->p->rounds.total != NULL ? 100 * (m->bad / m->total) : m->value;
	struct arena *a = s->j->arena;
	struct sv time, last;
	struct store_fact f;
	int64_t t;
	size_t i;
	int rc;

	if (rows == NULL)
		return s->p->claim.n == 0 ? 0 : -1;
	while ((rc = store_facts_next(rows, &f, e)) > 0) {
		/* KIND/TIME/NAME */
		for (i = f.path.n; i > 0 && f.path.p[i - 1] != '/'; i--)
			;
		last = sv_from(f.path, i);
		time = sv_head(f.path, i > 0 ? i - 1 : 0);
		time = sv_from(time, sv_chr(time, '/') + 1);
		if (!sv_eq(last, s->p->claim) || !time_parse_local(time, s->j->profile->zone, &t) || t != m->t || isnan(f.value))
			continue;
		*printed = arena_fmt(a, "; it prints %" SV_FMT " %" SV_FMT, SV_ARG(last), SV_ARG(sv_head(f.text, 40)));
		if (fabs(f.value - real) > reckon_rounding(f.text) + 1e-12)
			judge_contradict(s->j, arena_fmt(a, "criterion/%" SV_FMT "/claim/%" SV_FMT, SV_ARG(s->r->criterion->id), SV_ARG(f.path)),
			    f.source, arena_fmt(a, "%" SV_FMT ":%lld claims %" SV_FMT " = %" SV_FMT ", its own numbers say %s.",
				SV_ARG(f.source), (long long)f.line, SV_ARG(f.path), SV_ARG(f.text), value_text(s, m)));
	}
	store_rows_close(rows);
	return rc;
}

/* "2026-01-08T02:00:00Z {api="Order API"}" */
static const char *
place(struct state *s, int64_t t, const struct labels *labels)
{
	struct sb out = {0};
	char at[TIME_TEXT];
	const char *text;

	sb_adds(&out, time_text(t, at));
	if (labels != NULL && labels->n > 0) {
		sb_addc(&out, ' ');
		labels_show(SV(""), labels, &out);
	}
	text = arena_str(s->j->arena, sb_sv(&out));
	sb_free(&out);
	return text;
}

static void
list(struct sb *out, size_t *n, const char *at, const char *value)
{
	if ((*n)++ < LISTED)
		sb_addf(out, "%s%s: %s", out->n > 0 ? "; " : "", at, value);
}

/* One that does not meet the objective. */
static int
violated(struct state *s, const struct measure *m, struct err *e)
{
	struct arena *a = s->j->arena;
	const struct slot_run *run = m->run < s->rounds.runs.n_runs ? &s->rounds.runs.run[m->run] : NULL;
	const char *printed = "", *value = value_text(s, m), *where = place(s, m->t, &m->labels);
	char at[TIME_TEXT];

	time_text(m->t, at);
	list(&s->bad_text, &s->bad, where, value);
	result_finding(s->j, s->r, &m->labels, sv_of(arena_fmt(a, "%s: %s", where, value)));
	if (compare_claims(s, m, &printed, e) < 0)
		return -1;
	if (s->p->passed_means && run != NULL && run->status == SLOT_DONE)
		judge_contradict(s->j, arena_fmt(a, "criterion/%" SV_FMT "/passed/%s", SV_ARG(s->r->criterion->id), at), run->source,
		    arena_fmt(a, "%" SV_FMT " says of %s that it passed (\"%" SV_FMT "\"), but its own numbers do not: %s%s. Required: %"
			SV_FMT ".", SV_ARG(run->source), at, SV_ARG(sv_head(run->text, 80)), value, printed, SV_ARG(s->r->required.text)));
	return 0;
}

static int
take_all(struct state *s, struct err *e)
{
	const struct profile_objective *o = &s->r->criterion->objective;
	const struct rounds *rounds = &s->rounds;
	const char *printed = "";
	size_t i;

	for (i = 0; i < rounds->n; i++) {
		const struct measure *m = &rounds->v[i], *worst = &rounds->v[s->worst];

		if (m->absurd) {
			list(&s->absurd_text, &s->absurd, place(s, m->t, &m->labels), value_text(s, m));
			continue;
		}
		if (isnan(m->value)) {
			s->empty++;
			continue;
		}
		if (isnan(worst->value) || worst->absurd || (s->p->n_codes > 0 ? holds(s, worst->value) && !holds(s, m->value)
		    : result_margin(o->op, m->value, o->value) < result_margin(o->op, worst->value, o->value)))
			s->worst = i;
		if (!holds(s, m->value) ? violated(s, m, e) < 0 : compare_claims(s, m, &printed, e) < 0)
			return -1;
	}
	for (i = 0; i < rounds->runs.n_runs; i++)
		s->told += rounds->measured[i];
	for (i = 0; i < rounds->n_untold && i < LISTED; i++)
		sb_addf(&s->untold_text, "%s%s", i > 0 ? ", " : "",
		    place(s, rounds->runs.run[rounds->untold[i].run].t, rounds->untold[i].labels));
	return 0;
}

/* A line that tells of a failure, and of what is not known, may be about any of them. */
static int
find_not_read(struct state *s, struct err *e)
{
	struct store_rows *rows = store_problems_open(s->j->store, e);
	const struct slots *runs = &s->rounds.runs;
	struct store_problem p;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_problems_next(rows, &p, e)) > 0) {
		if (!sv_is(sv_of(p.severity), "error"))
			continue;
		for (i = 0; i < runs->n_contents && runs->content[i] != p.content; i++)
			;
		if (i < runs->n_contents && s->not_read[0] == '\0')
			s->not_read = arena_fmt(s->j->arena, "%" SV_FMT ":%lld: %" SV_FMT, SV_ARG(p.source), (long long)p.line, SV_ARG(p.text));
	}
	store_rows_close(rows);
	return rc;
}

/* The figures, as far as anything was measured. */
static void
figures(struct state *s)
{
	const struct profile_objective *o = &s->r->criterion->objective;
	const struct measure *m = &s->rounds.v[s->worst];
	struct criterion_result *r = s->r;
	struct arena *a = s->j->arena;
	int decimals;
	char v[NUM_TEXT];

	figure_count(a, &r->n, result_id(s->j, r, "n"), (double)(s->rounds.n - s->empty - s->absurd));
	if (s->rounds.n == s->empty + s->absurd)
		return;
	if (s->p->rounds.total != NULL) {
		decimals = result_decimals(m->value, o->value, result_percent_decimals(o->text));
		figure_ratio(a, &r->observed, result_id(s->j, r, "observed"), m->value, decimals);
		figure_ratio(a, &r->margin, result_id(s->j, r, "margin"), result_margin(o->op, m->value, o->value), decimals);
	} else {
		figure_text(a, &r->observed, result_id(s->j, r, "observed"), m->value, "", sv_of(arena_str(a, sv_of(num_text(m->value, v)))));
		if (s->p->n_codes == 0)
			figure_text(a, &r->margin, result_id(s->j, r, "margin"), result_margin(o->op, m->value, o->value), "",
			    sv_of(arena_str(a, sv_of(num_text(result_margin(o->op, m->value, o->value), v)))));
	}
}

static void
require(struct state *s)
{
	const struct profile_objective *o = &s->r->criterion->objective;
	struct arena *a = s->j->arena;
	struct sb list = {0};
	char v[NUM_TEXT];
	size_t i;

	for (i = 0; i < s->p->n_codes; i++)
		sb_addf(&list, "%s%s", i > 0 ? ", " : "one of ", num_text(s->p->code[i], v));
	if (s->p->n_codes == 0)
		sb_addf(&list, "%s %s%s", result_op_text(o->op), num_text(s->p->rounds.total != NULL ? 100 * o->value : o->value, v),
		    s->p->rounds.total != NULL ? " % good" : "");
	figure_text(a, &s->r->required, result_id(s->j, s->r, "required"), s->p->n_codes == 0 ? o->value : s->p->code[0], "",
	    sv_of(arena_str(a, sb_sv(&list))));
	sb_free(&list);
}

static void
decide(struct state *s)
{
	struct criterion_result *r = s->r;
	struct arena *a = s->j->arena;
	size_t n = s->rounds.n - s->empty - s->absurd, untold_n = s->rounds.n_untold;
	const char *covered = "", *untold = "";

	if (untold_n > 0)
		untold = arena_fmt(a, " Not measured at %s%s.", sb_str(&s->untold_text),
		    untold_n > LISTED ? arena_fmt(a, " and %zu more", untold_n - LISTED) : "");
	if (r->has_coverage)
		covered = arena_fmt(a, " They look back %s each: %s.", figure_length(a, s->p->looks_back), result_covered(s->j, r));
	if (s->bad > 0) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(a, "Not as required (%" SV_FMT ") at %zu of %zu: %s%s.%s",
		    SV_ARG(r->required.text), s->bad, n, sb_str(&s->bad_text), s->bad > LISTED ? arena_fmt(a, " and %zu more", s->bad - LISTED) : "",
		    untold));
	} else if (s->absurd > 0) {
		result_undecided(r, arena_fmt(a, "Not decidable: what was read out is no reading: %s%s.%s", sb_str(&s->absurd_text),
		    s->absurd > LISTED ? arena_fmt(a, " and %zu more", s->absurd - LISTED) : "", untold), "what was really counted there");
	} else if (n == 0 || s->empty > 0) {
		result_undecided(r, s->empty == 0 ? arena_fmt(a, "Not measured: no checkpoint tells of it.%s", untold)
		    : arena_fmt(a, "Not decidable: nothing was counted at %zu checkpoint%s (0 of 0), so perhaps nothing was reached.%s", s->empty,
			s->empty == 1 ? "" : "s", untold), "checkpoints that tell of it, with what they counted");
	} else if (untold_n > 0) {
		result_undecided(r, arena_fmt(a, "Not decidable: %zu values are as required, the others were not measured.%s%s", n, untold,
		    covered), "the same values for those times");
	} else if (s->told < s->p->count) {
		result_undecided(r, arena_fmt(a, "Not decidable: %zu values are as required, but only %lld of %lld checkpoints tell of it.%s", n,
		    (long long)s->told, (long long)s->p->count, covered), "the other checkpoints");
	} else if ((int64_t)s->rounds.n_series < s->p->series) {
		result_undecided(r, arena_fmt(a, "Not decidable: all %zu values are as required, but there are only %zu of %lld at each "
		    "checkpoint.%s", n, s->rounds.n_series, (long long)s->p->series, covered), "the others' values");
	} else if (s->not_read[0] != '\0') {
		result_undecided(r, arena_fmt(a, "Not decidable: all %zu values are as required, but not all was understood: %s.%s", n,
		    s->not_read, covered), "what that line means, as a pattern in the artifact's format");
	} else if (r->has_coverage && !result_enough(r)) {
		result_undecided(r, arena_fmt(a, "Not decidable: all %zu values are as required, but %s.", n, result_covered(s->j, r)),
		    "values that tell of the whole time");
	} else {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(a, "All %zu values are as required.%s", n, covered));
	}
}

static int
take_sources(struct state *s, struct span span, struct err *e)
{
	const struct rounds_plan *p = &s->p->rounds;
	struct sources *list = sources_new();
	int rc = sources_samples(list, s->j, p->total != NULL ? p->total : p->value, span.from - p->runs.tolerance,
	    span.to + p->runs.tolerance, e);

	if (rc == 0)
		rc = sources_list(list, s->j, s->r, e);
	sources_free(list);
	return rc;
}

static int
judge_span(struct state *s, struct span span, struct err *e)
{
	struct coverage c = {.window = span.to - span.from, .first = TIME_NONE, .last = TIME_NONE};

	if (rounds_read(s->j, &s->p->rounds, span, &s->rounds, e) < 0)
		return -1;
	if (s->p->looks_back != TIME_NONE) {
		c.covered = rounds_covered(&s->rounds, s->p->looks_back, span);
		c.samples = (int64_t)s->rounds.n;
		if (s->rounds.n > 0) {
			c.first = s->rounds.v[0].t;
			c.last = s->rounds.v[s->rounds.n - 1].t;
		}
		result_cover(s->j, s->r, &c);
	}
	require(s);
	if (take_all(s, e) < 0 || (s->j->store != NULL && find_not_read(s, e) < 0))
		return -1;
	figures(s);
	decide(s);
	return s->j->store == NULL ? 0 : take_sources(s, span, e);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct plan plan;
	struct state s = {.j = j, .r = r, .p = &plan, .not_read = ""};
	const struct span *span;
	size_t n;
	int rc;

	if (read_plan(j->arena, r->criterion->spec, &plan, e) < 0)
		return -1;
	result_open(j, r, "what was read out at each checkpoint; each by itself, nothing added up", plan.rounds.total != NULL ? "ratio" : "");
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	if (n != 1) {
		result_undecided(r, "Not decidable: its window has more than one part.", "a window of one part");
		return 0;
	}
	rc = judge_span(&s, span[0], e);
	rounds_free(&s.rounds);
	sb_free(&s.bad_text);
	sb_free(&s.absurd_text);
	sb_free(&s.untold_text);
	return rc;
}

const struct kind kind_checkpoint = {"checkpoint", check, judge, 0};
