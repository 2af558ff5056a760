/*
 * slo: ID, or {id: ID, alerts: [page]}: one of the profile's SLOs is met in the run, and none of its burn-rate alerts fired.
 *
 * Windows that are longer than the run are named in the sentence: they are not evaluable, and no pass rests on them.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/slo.h"
#include "stats/ratio.h"

#define METHOD "exact counter increases, resets added; burn rates over windows that lie inside the run"

static const struct slo *
find(const struct profile *p, const struct doc *spec)
{
	const struct doc *id = spec->kind == DOC_MAP ? doc_get(spec, "id") : spec;
	size_t i;

	for (i = 0; id != NULL && p->slos != NULL && i < p->slos->n; i++)
		if (sv_eq(p->slos->v[i].name, id->text))
			return &p->slos->v[i];
	return NULL;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"id", "alerts", NULL};
	const struct slo *o = find(p, c->spec);
	const struct doc *alerts;

	if (c->spec->kind != DOC_STRING && c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "slo is the id of one of the profile's slos");
	if (c->spec->kind == DOC_MAP && profile_keys(c->spec, known, e) < 0)
		return -1;
	if (o == NULL)
		return doc_err(c->spec, e, "the profile's 'slos' have no such id");
	alerts = doc_get(c->spec, "alerts");
	if (alerts != NULL && alerts->kind != DOC_LIST && !sv_is(alerts->text, "all"))
		return doc_err(alerts, e, "slo: 'alerts' is all, or a list of severities: [page]; [] asks for none");
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "slo: the SLO's own objective takes the place of 'objective' and 'warn'");
	return slo_check(o, e);
}

static bool
is_asked(const struct doc *alerts, const struct slo_pair *p)
{
	const struct doc *c = doc_first(alerts);

	if (alerts == NULL || alerts->kind != DOC_LIST)
		return true;
	for (; c != NULL; c = c->next)
		if (sv_eq(c->text, p->severity))
			return true;
	return false;
}

/* Those that fired, as findings for waivers; how many. */
static size_t
note_alerts(struct judging *j, struct criterion_result *r, const struct slo_result *s, struct sb *what)
{
	const struct doc *alerts = doc_get(r->criterion->spec, "alerts");
	struct arena *a = j->arena;
	char lo[TIME_TEXT], f[NUM_TEXT];
	struct label l[2];
	size_t i, n = 0;

	for (i = 0; i < s->n_alerts; i++) {
		const struct slo_alert *x = &s->alert[i];
		const char *text;

		if (x->n == 0 || !is_asked(alerts, x->pair))
			continue;
		text = arena_fmt(a, "the %s alert on burn above %s fired from %s (%s)", time_duration_text(x->pair->lo, lo),
		    num_fixed(x->pair->factor, 1, f), result_times(a, x->fired[0].from, x->fired[0].to),
		    figure_length(a, x->fired[0].to - x->fired[0].from));
		l[0] = (struct label){SV("severity"), x->pair->severity};
		l[1] = (struct label){SV("slo"), s->slo->name};
		result_finding(j, r, &(struct labels){l, 2}, sv_of(text));
		sb_addf(what, "; %s", text);
		n++;
	}
	return n;
}

static void
figures(struct judging *j, struct criterion_result *r, const struct slo_result *s)
{
	int limit = result_percent_decimals(s->slo->target_text), d = result_decimals(s->ratio.ratio, s->slo->target, limit);
	struct arena *a = j->arena;
	char buf[NUM_TEXT];

	figure_text(a, &r->required, result_id(j, r, "required"), s->slo->target, "ratio",
	    sv_of(arena_fmt(a, "at least %s %%", num_text(round(s->slo->target * 1e9) / 1e7, buf))));
	if (isnan(s->ratio.ratio))
		return;
	figure_ratio(a, &r->observed, result_id(j, r, "observed"), s->ratio.ratio, d);
	figure_ratio(a, &r->margin, result_id(j, r, "margin"), s->ratio.ratio - s->slo->target, d);
	figure_count(a, &r->n, result_id(j, r, "n"), s->ratio.n);
	r->observed.query = s->slo->good.n > 0 ? s->slo->good : s->slo->bad;
	r->n.query = s->slo->total;
}

/* So many bad ones are hardly (5 %) seen where the objective is met. */
static bool
refuted(const struct slo_result *s)
{
	return s->slo->method == SLO_RATIO_TIMESLICES ||
	    stats_binomial_high(floor(s->ratio.bad + 1e-9), floor(s->ratio.n + 1e-9), 1 - s->slo->target) <= 1 - SLO_CONFIDENCE;
}

static void
decide(struct judging *j, struct criterion_result *r, const struct slo_result *s)
{
	struct arena *a = j->arena;
	struct sb text = {0}, fired = {0};
	char buf[NUM_TEXT];
	size_t n;

	if (s->why.n > 0) {
		slo_sentence(s, &text);
		result_undecided(r, arena_str(a, sb_sv(&text)), "counters of what the SLO counts, that grew");
	} else {
		n = note_alerts(j, r, s, &fired);
		if (n > 0 || (!slo_met(s) && (r->criterion->mode != MODE_DEMONSTRATED || refuted(s))))
			r->outcome = OUTCOME_FAIL;
		else if (r->criterion->mode == MODE_DEMONSTRATED && !(s->demonstrated >= s->slo->target))
			r->settle = SV("a longer run: so many events do not prove the objective with 95 % confidence");
		else if (!result_enough(r) || !result_unhidden(r))
			r->settle = SV("samples that cover the run");
		else
			r->outcome = OUTCOME_PASS;
		sb_addf(&text, "%" SV_FMT " in %s, required %" SV_FMT "%s; %s. ", SV_ARG(r->observed.text), result_over(j, r),
		    SV_ARG(r->required.text), sb_str(&fired), result_covered(j, r));
		if (r->criterion->mode == MODE_DEMONSTRATED && !isnan(s->demonstrated))
			sb_addf(&text, "Demonstrated with 95 %% confidence: at least %s %%. ", num_fixed(floor(s->demonstrated * 1e6) / 1e4, 4, buf));
		slo_sentence(s, &text);
		r->sentence = sv_of(arena_str(a, sb_sv(&text)));
	}
	sb_free(&text);
	sb_free(&fired);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	const struct slo *o = find(j->profile, r->criterion->spec);
	const struct span *span;
	struct slo_result s;
	size_t n;
	int rc;

	result_open(j, r, METHOD, "ratio");
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	if (slo_measure(&j->increase, o, span, n, &s, e) < 0)
		return -1;
	result_cover(j, r, &s.coverage);
	figures(j, r, &s);
	decide(j, r, &s);
	return slo_sources(j, r, o, span[0].from, span[n - 1].to, e);
}

const struct kind kind_slo = {"slo", check, judge, KIND_MODE};
