/*
 * alerts: {none: [page], exclude: [drill], groups: [...]}: no alert of these severities would have fired.
 *
 * The rules (lib/rules) are replayed over the whole run. What fired outside the excluded windows fails, also when other rules
 * cannot be answered; a rule that the samples cannot answer makes it INCONCLUSIVE.
 */
#include "judge/kind.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/query.h"
#include "judge/result.h"
#include "judge/window.h"
#include "promql/cover.h"
#include "rules/show.h"

#define METHOD "alerting rules replayed over the samples"

/* One judging. */
struct alarm {
	struct judging *j;
	struct criterion_result *r;
	struct rules rules;
	struct replay replay;
	struct rule_doubts *doubts;
	VEC(struct span) look; /* the window without what is excluded, in order */
	int64_t excluded;      /* ms of the window that are left out */
	size_t asked, fired, unanswerable;
	struct sb what;        /* what fired, or cannot be answered */
	const struct pq_expr *least; /* the selector that is covered least, and its series; NULL none */
	struct sv lacks;
};

/* ----- the spec ------------------------------------------------------------------------------ */

/* "all", or a list of severities. */
static int
check_none(const struct doc *none, struct err *e)
{
	const struct doc *c;

	if (none == NULL || (none->kind == DOC_STRING && sv_is(none->text, "all")))
		return 0;
	if (none->kind != DOC_LIST || none->n == 0)
		return doc_err(none, e, "alerts: 'none' is all, or a list of severities: [page, critical]");
	for (c = none->child; c != NULL; c = c->next)
		if (c->kind != DOC_STRING)
			return doc_err(c, e, "alerts: a severity is a text");
	return 0;
}

static bool
is_asked(const struct doc *none, const struct rule *rule)
{
	struct sv severity = rule_label_text(rule, "severity");
	const struct doc *c = doc_first(none);

	if (none == NULL || none->kind != DOC_LIST)
		return true;
	for (; c != NULL; c = c->next)
		if (sv_eq(c->text, severity))
			return true;
	return false;
}

/* Those of the spec, else those of the profile's rule files. */
static int
read_rules(struct arena *a, const struct profile *p, const struct doc *spec, struct rules *rules, struct err *e)
{
	const struct doc *groups = doc_get(spec, "groups");
	size_t i;

	if (groups != NULL)
		return rules_read(a, p->file, groups, rules, e);
	if (p->n_rule_files == 0)
		return doc_err(spec, e, "alerts: 'groups' is needed, as in a Prometheus rule file, or 'rule_files' in the profile");
	for (i = 0; i < p->n_rule_files; i++)
		if (p->rule_files[i].text.p == NULL)
			return doc_err(p->rule_files[i].at, e, "rule_files: %" SV_FMT " was not read", SV_ARG(p->rule_files[i].name));
		else if (rules_parse(a, arena_str(a, p->rule_files[i].name), p->rule_files[i].text, rules, e) < 0)
			return -1;
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"none", "exclude", "groups", NULL};
	struct arena a = {0};
	struct rules rules = {0};
	const struct doc *list, *d;
	int rc;

	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "alerts must be a map: {none: [page]}");
	if (profile_keys(c->spec, known, e) < 0 || check_none(doc_get(c->spec, "none"), e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "alerts: 'none' takes the place of 'objective' and 'warn'");
	list = doc_get(c->spec, "exclude");
	if (list != NULL && list->kind != DOC_LIST)
		return doc_err(list, e, "alerts: 'exclude' is a list of windows");
	for (d = doc_first(list); d != NULL; d = d->next)
		if (window_check(p, d, d->text, e) < 0)
			return -1;
	rc = read_rules(&a, p, c->spec, &rules, e);
	arena_free(&a);
	return rc;
}

/* ----- where to look --------------------------------------------------------------------------- */

/* Takes [from, to] out of what is looked at. */
static void
leave_out(struct alarm *x, const struct span *out)
{
	size_t i, n = x->look.n;

	for (i = 0; i < n; i++) {
		struct span s = x->look.v[i];
		int64_t from = out->from > s.from ? out->from : s.from, to = out->to < s.to ? out->to : s.to;

		if (from >= to)
			continue;
		x->excluded += to - from;
		x->look.v[i].to = from;
		if (to < s.to)
			*vec_add(&x->look) = (struct span){to, s.to};
	}
}

/* 1; 0 when a window is not known (r says so); -1. */
static int
find_spans(struct alarm *x, struct err *e)
{
	const struct doc *d = doc_first(doc_get(x->r->criterion->spec, "exclude"));
	const struct span *span;
	size_t i, n;
	int rc = result_window(x->j, x->r, &span, &n, e);

	for (i = 0; rc > 0 && i < n; i++)
		*vec_add(&x->look) = span[i];
	for (; rc > 0 && d != NULL; d = d->next) {
		rc = judge_window(x->j, d->text, &span, &n, e);
		if (rc == 0)
			result_undecided(x->r, arena_fmt(x->j->arena, "Not decidable: when the %" SV_FMT " window, which is left out, was is "
			    "not known.", SV_ARG(d->text)), "the events that bound it");
		for (i = 0; rc > 0 && i < n; i++)
			leave_out(x, &span[i]);
	}
	return rc;
}

/* ----- what happened ----------------------------------------------------------------------------- */

/* Did it fire at a time that counts? From when to when, first. */
static bool
fired_inside(const struct alarm *x, const struct replay_alert *a, int64_t *from, int64_t *to)
{
	size_t i, k;

	for (i = 0; i < a->change.n; i++) {
		if (a->change.v[i].to != ALERT_FIRING)
			continue;
		*from = a->change.v[i].t;
		*to = i + 1 < a->change.n ? a->change.v[i + 1].t : x->replay.opts.end;
		for (k = 0; k < x->look.n; k++)
			if ((*from < x->look.v[k].to || (*from == x->look.v[k].to && *from == x->replay.opts.end)) &&
			    *to > x->look.v[k].from - (*from == *to) && x->look.v[k].from < x->look.v[k].to)
				return true;
	}
	return false;
}

static void
note_fired(struct alarm *x, const struct replay_rule *rule)
{
	struct arena *a = x->j->arena;
	const char *text;
	bool any = false;
	int64_t from, to;
	size_t i;

	for (i = 0; i < rule->alert.n; i++) {
		if (!fired_inside(x, &rule->alert.v[i], &from, &to))
			continue;
		text = arena_fmt(a, "%" SV_FMT " fired from %s (%s)", SV_ARG(rule->rule->name), result_times(a, from, to),
		    figure_length(a, to - from));
		result_finding(x->j, x->r, &rule->alert.v[i].labels, sv_of(text));
		if (!any && x->fired < 3)
			sb_addf(&x->what, "%s%s", x->fired > 0 ? "; " : "", text);
		any = true;
	}
	x->fired += any;
}

static void
note_rule(struct alarm *x, size_t k)
{
	const struct replay_rule *rule = &x->replay.rule[k];
	size_t before = x->fired;

	if (!rule->rule->alert || !is_asked(doc_get(x->r->criterion->spec, "none"), rule->rule))
		return;
	x->asked++;
	if (!x->doubts[k].hollow)
		note_fired(x, rule);
	x->unanswerable += x->fired == before && x->doubts[k].n > 0;
}

static void
list_unanswerable(struct alarm *x)
{
	size_t i, n = 0;

	for (i = 0; i < x->replay.n && n < 3; i++) {
		const struct replay_rule *rule = &x->replay.rule[i];

		if (!rule->rule->alert || x->doubts[i].n == 0 || !is_asked(doc_get(x->r->criterion->spec, "none"), rule->rule))
			continue;
		sb_addf(&x->what, "%s%" SV_FMT " (%" SV_FMT ")", n++ > 0 ? "; " : "", SV_ARG(rule->rule->name),
		    SV_ARG(x->doubts[i].why[0]));
	}
	if (x->unanswerable > n)
		sb_addf(&x->what, "; and %zu more", x->unanswerable - n);
}

/* Of the selectors that the rules read, the one that is covered least: of the time that counts. 0 or -1. */
static int
cover(struct alarm *x, struct err *e)
{
	struct pq_stretch *owed = arena_new(x->j->arena, x->look.n, sizeof(*owed));
	const struct pq_cover_opts o = {.owed = owed, .n = x->look.n, .births = true};
	const struct pq_query query = {.start = x->replay.opts.start, .end = x->replay.opts.end, .step = RULES_INTERVAL};
	struct coverage c = {.first = TIME_NONE, .last = TIME_NONE};
	struct pq_cover one;
	bool any = false;
	size_t i;

	for (i = 0; i < x->look.n; i++) {
		owed[i] = (struct pq_stretch){x->look.v[i].from, x->look.v[i].to};
		c.window += owed[i].to - owed[i].from;
	}
	for (i = 0; i < x->replay.n; i++) {
		const struct rule *rule = x->replay.rule[i].rule;

		if (rule->expr == NULL || (rule->alert && !is_asked(doc_get(x->r->criterion->spec, "none"), rule)))
			continue;
		if (pq_cover(x->j->source, rule->expr, &query, &o, x->j->arena, &one, e) < 0)
			return -1;
		if (one.x == NULL || (any && (double)one.covered * (double)c.window >= (double)c.covered * (double)one.window))
			continue;
		any = true;
		c.covered = one.window > 0 ? (int64_t)((double)one.covered / (double)one.window * (double)c.window) : 0;
		c.first = one.first;
		c.last = one.last;
		c.samples = one.samples;
		c.expected = one.expected;
		c.longest_gap = one.longest_gap;
		x->least = one.x;
		x->lacks = one.series;
	}
	result_cover(x->j, x->r, &c);
	return 0;
}

/* "; only 12 % of the run covered, 95 % needed: of probe_success, least of probe_success{check="x"}" */
static const char *
covered(struct alarm *x)
{
	struct arena *a = x->j->arena;

	if (result_enough(x->r) || x->least == NULL)
		return result_covered(x->j, x->r);
	return arena_fmt(a, "%s, by the samples of %s%s%" SV_FMT, result_covered(x->j, x->r), query_selector_text(a, x->least),
	    x->lacks.n > 0 ? ", least of all of " : "", SV_ARG(x->lacks));
}

static void
decide(struct alarm *x)
{
	struct criterion_result *r = x->r;
	struct arena *a = x->j->arena;
	const char *without = "";

	if (x->excluded > 0)
		without = arena_fmt(a, ", of which %s are left out", figure_length(a, x->excluded));
	if (x->fired > 0) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(a, "%zu of %zu alerts fired in %s%s: %s%s.", x->fired, x->asked, result_over(x->j, r), without,
		    sb_str(&x->what), x->fired > 3 ? " ..." : ""));
	} else if (x->asked == 0) {
		result_undecided(r, "Not decidable: the rules hold no alert of the severities that are asked for.",
		    "rules with these severities, or another 'none'");
	} else if (x->unanswerable > 0) {
		list_unanswerable(x);
		result_undecided(r, arena_fmt(a, "Not decidable: none of %zu alerts fired in %s%s, but %zu of them could not have been seen to: %s.",
		    x->asked, result_over(x->j, r), without, x->unanswerable, sb_str(&x->what)),
		    "samples of what these rules read, close enough to each other, and a run that is longer than their 'for'");
	} else if (!result_enough(r)) {
		result_undecided(r, arena_fmt(a, "Not decidable: none of %zu alerts fired; %s.", x->asked, covered(x)),
		    "samples that cover the run");
	} else {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(a, "None of %zu alerts fired in %s%s; %s.", x->asked, result_over(x->j, r), without,
		    result_covered(x->j, r)));
	}
}

/* ----- all of it ------------------------------------------------------------------------------------- */

static int
sources(struct alarm *x, struct err *e)
{
	struct sources *s = sources_new();
	struct pq_explanation ex;
	size_t i;
	int rc = 0;

	for (i = 0; i < x->replay.n && rc == 0; i++) {
		if (x->replay.rule[i].rule->expr == NULL)
			continue;
		rc = query_explain(x->j, x->replay.rule[i].rule->expr, x->replay.opts.start, x->replay.opts.end, RULES_INTERVAL, &ex, e);
		if (rc == 0)
			rc = query_sources(s, x->j, &ex, e);
	}
	if (rc == 0)
		rc = sources_list(s, x->j, x->r, e);
	sources_free(s);
	return rc;
}

static int
replay(struct alarm *x, struct err *e)
{
	const struct increase_run *run = &x->j->increase;
	struct doubt_scrapes *scrapes = arena_new(x->j->arena, run->n_life, sizeof(*scrapes));
	struct doubt_opts d = {.first = INT64_MAX, .min_coverage = x->r->criterion->min_coverage, .scrapes = scrapes};
	struct replay_opts o = {.start = x->j->v->run.start, .end = x->j->v->run.end};
	size_t i;

	for (i = 0; i < run->n_life; i++) {
		scrapes[d.n_scrapes++] = (struct doubt_scrapes){run->life[i].target, run->life[i].scrape, run->life[i].n};
		if (run->life[i].n > 0 && run->life[i].scrape[0] < d.first)
			d.first = run->life[i].scrape[0];
	}
	d.first = d.first == INT64_MAX ? o.start : d.first;
	replay_open(&x->replay, &x->rules, x->j->source, &o);
	x->doubts = arena_new(x->j->arena, x->replay.n, sizeof(*x->doubts));
	if (replay_run(&x->replay, e) < 0 || doubt_rules(&x->replay, &d, x->j->arena, x->doubts, e) < 0)
		return -1;
	for (i = 0; i < x->replay.n; i++)
		note_rule(x, i);
	return 0;
}

static void
figures(struct alarm *x)
{
	struct arena *a = x->j->arena;
	struct criterion_result *r = x->r;

	figure_count(a, &r->observed, result_id(x->j, r, "observed"), (double)x->fired);
	figure_text(a, &r->required, result_id(x->j, r, "required"), 0, "count", SV("none firing"));
	figure_count(a, &r->margin, result_id(x->j, r, "margin"), 0 - (double)x->fired);
	figure_count(a, &r->n, result_id(x->j, r, "n"), (double)x->asked);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct alarm x = {.j = j, .r = r};
	int rc;

	result_open(j, r, METHOD, "count");
	if (read_rules(j->arena, j->profile, r->criterion->spec, &x.rules, e) < 0)
		return -1;
	rc = find_spans(&x, e);
	if (rc > 0 && j->v->run.end <= j->v->run.start) {
		result_undecided(r, "Not measured: the run has no length.", "when the run began and ended");
		rc = 0;
	}
	if (rc > 0) {
		rc = replay(&x, e);
		if (rc == 0) {
			rc = cover(&x, e);
			figures(&x);
			decide(&x);
			rc = rc < 0 ? -1 : sources(&x, e);
		}
		replay_close(&x.replay);
	}
	vec_free(&x.look);
	sb_free(&x.what);
	return rc < 0 ? -1 : 0;
}

const struct kind kind_alerts = {"alerts", check, judge, 0};
