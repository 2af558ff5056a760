/*
 * escalation: [{checks: SELECTOR, after: 5m, do: notify on-call}, ...]: how long each was down, against the table that says who is told when.
 *
 * A step is reached when a confirmed outage lasted longer than its limit. Between two checks nobody looked: a limit inside
 * an outage's bounds is INCONCLUSIVE.
 */
#include "judge/kind.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/checked.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/sources.h"

#define METHOD "the longest confirmed outage of each step's checks, between the bounds that their interval leaves"
#define MOST_STEPS 100

struct step {
	const struct pq_selector *sel;
	struct sv what;
	int64_t after, confirm;
	/* found */
	size_t series, checks;
	int64_t covered;   /* of the series that was watched least */
	struct outage worst;
	const struct pq_series *whose;
	enum outcome outcome;
};

static int
read_step(struct arena *a, const struct doc *d, struct step *s, struct err *e)
{
	static const char *const known[] = {"checks", "after", "do", "confirm", NULL};
	const struct doc *checks, *after, *confirm;

	*s = (struct step){.confirm = 2};
	if (d->kind != DOC_MAP)
		return doc_err(d, e, "escalation: a step is a map: {checks: SELECTOR, after: 5m, do: notify on-call}");
	if (profile_keys(d, known, e) < 0)
		return -1;
	checks = doc_get(d, "checks");
	after = doc_get(d, "after");
	confirm = doc_get(d, "confirm");
	if (checks == NULL)
		return doc_err(d, e, "escalation: a step needs 'checks', a selector");
	if (result_selector(a, checks, a == NULL ? NULL : &s->sel, e) < 0)
		return -1;
	if (after == NULL || !time_duration(after->text, &s->after) || s->after <= 0)
		return doc_err(after != NULL ? after : d, e, "escalation: a step needs 'after', a duration such as 5m");
	if (confirm != NULL && (!num_parse_int(confirm->text, &s->confirm) || s->confirm < 1 || s->confirm > 1000))
		return doc_err(confirm, e, "escalation: 'confirm' must be a whole number from 1 on");
	if (profile_text(d, "do", &s->what, e) < 0)
		return -1;
	return s->what.n > 0 ? 0 : doc_err(d, e, "escalation: a step needs 'do': who is told, or what happens");
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	const struct doc *d;
	struct step s;

	(void)p;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "escalation: 'after' takes the place of 'objective' and 'warn'");
	if (c->spec->kind != DOC_LIST || c->spec->n == 0 || c->spec->n > MOST_STEPS)
		return doc_err(c->spec, e, "escalation is a list of steps: [{checks: SELECTOR, after: 5m, do: notify on-call}]");
	for (d = c->spec->child; d != NULL; d = d->next)
		if (read_step(NULL, d, &s, e) < 0)
			return -1;
	return 0;
}

static enum outcome
against(const struct outage *x, int64_t limit)
{
	if (x->open)
		return x->least > limit ? OUTCOME_FAIL : OUTCOME_INCONCLUSIVE;
	return x->least > limit ? OUTCOME_FAIL : x->most > limit ? OUTCOME_INCONCLUSIVE : OUTCOME_PASS;
}

static int
rank(enum outcome o)
{
	return o == OUTCOME_FAIL ? 2 : o == OUTCOME_INCONCLUSIVE ? 1 : 0;
}

static int
watch(struct judging *j, struct step *s, struct span window, struct err *e)
{
	struct checks_opts o = {.confirm = s->confirm, .window = window};
	struct pq_series *v = NULL;
	struct availability got;
	enum outcome one;
	size_t n = 0, i, k;
	int rc = j->source->series(j->source, s->sel, j->arena, &v, &n, e);

	for (i = 0; i < n && rc >= 0; i++) {
		if ((rc = checked_series(j->source, &v[i], &o, j->arena, &got, e)) <= 0)
			continue;
		s->covered = s->series == 0 || got.up + got.down < s->covered ? got.up + got.down : s->covered;
		s->series++;
		s->checks += got.checks;
		for (k = 0; k < got.n; k++) {
			one = against(&got.outage[k], s->after);
			if (s->whose == NULL || rank(one) > rank(s->outcome) || (rank(one) == rank(s->outcome) && got.outage[k].most > s->worst.most)) {
				s->outcome = one;
				s->worst = got.outage[k];
				s->whose = &v[i];
			}
		}
	}
	if (s->whose == NULL)
		s->outcome = s->series > 0 ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE;
	return rc < 0 ? -1 : 0;
}

/* "notify on-call after 5 min: reached at 02:05:00Z, down since 02:00:00Z for 168 min to 170 min" */
static const char *
describe(struct arena *a, const struct step *s)
{
	char at[TIME_TEXT], since[TIME_TEXT];
	const char *head = arena_fmt(a, "%" SV_FMT " after %s", SV_ARG(s->what), figure_length(a, s->after));

	if (s->series == 0)
		return arena_fmt(a, "%s: no check was made", head);
	if (s->whose == NULL)
		return arena_fmt(a, "%s: not reached, no outage", head);
	return arena_fmt(a, "%s: %s%s, down since %s for %s", head,
	    s->outcome == OUTCOME_FAIL ? "reached at " : s->outcome == OUTCOME_PASS ? "not reached" : "perhaps reached at ",
	    s->outcome == OUTCOME_PASS ? "" : time_text(s->worst.from + s->after, at), time_text(s->worst.from, since),
	    s->worst.open ? arena_fmt(a, "at least %s, open at the end", figure_length(a, s->worst.least)) :
	    arena_fmt(a, "%s to %s", figure_length(a, s->worst.least), figure_length(a, s->worst.most)));
}

static void
conclude(struct judging *j, struct criterion_result *r, const struct step *s, size_t n, const struct span *span, size_t n_spans)
{
	struct coverage c = {.window = span[n_spans - 1].to - span[0].from, .first = span[0].from, .last = span[n_spans - 1].to};
	struct sb text = {0};
	size_t i, reached = 0, perhaps = 0, worst = 0;

	c.covered = c.window;
	for (i = 0; i < n; i++) {
		c.covered = s[i].covered < c.covered ? s[i].covered : c.covered;
		c.samples += (int64_t)s[i].checks;
		reached += s[i].outcome == OUTCOME_FAIL;
		perhaps += s[i].outcome == OUTCOME_INCONCLUSIVE;
		worst = rank(s[i].outcome) > rank(s[worst].outcome) ? i : worst;
		sb_addf(&text, "%s%s", i == 0 ? "" : "; ", describe(j->arena, &s[i]));
		if (s[i].outcome == OUTCOME_FAIL)
			result_finding(j, r, &s[i].whose->labels, sv_of(describe(j->arena, &s[i])));
	}
	result_cover(j, r, &c);
	r->outcome = reached > 0 ? OUTCOME_FAIL : perhaps > 0 || !result_enough(r) ? OUTCOME_INCONCLUSIVE : OUTCOME_PASS;
	if (r->outcome == OUTCOME_INCONCLUSIVE)
		r->settle = SV("checks closer to each other that cover the run, or other evidence of when it went down and came back");
	figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)c.samples);
	figure_count(j->arena, &r->observed, result_id(j, r, "observed"), (double)reached);
	figure_text(j->arena, &r->required, result_id(j, r, "required"), 0, "count", SV("no step reached"));
	r->observed.query = doc_get(r->criterion->spec->child, "checks")->text;
	r->sentence = sv_of(arena_fmt(j->arena, "%zu of %zu steps reached: %s; %s.", reached, n, sb_str(&text), result_covered(j, r)));
	sb_free(&text);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	const struct doc *d = r->criterion->spec->child;
	struct step *s = arena_new(j->arena, r->criterion->spec->n, sizeof(*s));
	struct sources *list;
	const struct span *span;
	size_t n, i = 0;
	int rc;

	result_open(j, r, METHOD, "count");
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	rc = 0;
	list = sources_new();
	for (; d != NULL && rc == 0; d = d->next, i++) {
		rc = read_step(j->arena, d, &s[i], e);
		if (rc == 0)
			rc = watch(j, &s[i], (struct span){span[0].from, span[n - 1].to}, e);
		if (rc == 0)
			rc = sources_samples(list, j, s[i].sel, span[0].from, span[n - 1].to, e);
	}
	if (rc == 0) {
		conclude(j, r, s, i, span, n);
		rc = sources_list(list, j, r, e);
	}
	sources_free(list);
	return rc;
}

const struct kind kind_escalation = {"escalation", check, judge, 0};
