#include "judge/budget.h"

#include <math.h>

#include "base/json.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/window.h"

#define MIN_COVERAGE 0.95 /* docs/rules.md 15 */

static const char *
id_of(struct judging *j, const struct slo *o, const char *part)
{
	return arena_fmt(j->arena, "slo/%" SV_FMT "/%s", SV_ARG(o->name), part);
}

int
budget_check(const struct profile *p, struct err *e)
{
	size_t i;

	for (i = 0; p->slos != NULL && i < p->slos->n; i++)
		if (window_check(p, p->slos->v[i].at, p->slos->v[i].over, e) < 0 || slo_check(&p->slos->v[i], e) < 0)
			return -1;
	return 0;
}

static const char *
outcome_of(const struct slo_result *r)
{
	if (r->why.n > 0)
		return "not measured";
	if (!slo_met(r))
		return "missed";
	return (double)r->coverage.covered < (MIN_COVERAGE - 1e-12) * (double)r->coverage.window ? "too little covered" : "met";
}

/* "2.00", "1333"; a burn that is not nothing never reads 0. */
static void
figure_burn(struct arena *a, struct figure *f, const char *id, double burn)
{
	char buf[NUM_TEXT];
	int decimals = burn < 100 ? 2 : 0;

	while (burn > 0 && decimals < 9 && burn < 0.5 * pow(10, -decimals))
		decimals++;
	figure_text(a, f, id, burn, "", isnan(burn) ? SV("n/a") : sv_of(num_fixed(burn, decimals, buf)));
}

static void
figures(struct judging *j, struct budget_result *b)
{
	const struct slo_result *r = &b->measured;
	const struct slo *o = b->slo;
	struct arena *a = j->arena;
	int limit = result_percent_decimals(o->target_text);
	double n = r->why.n > 0 && isnan(r->ratio.ratio) ? (double)NAN : r->ratio.n;
	struct figure *const of_bad[] = {&b->observed, &b->bad, &b->burn};
	char buf[NUM_TEXT], t[TIME_TEXT];
	size_t i;

	figure_text(a, &b->required, id_of(j, o, "required"), o->target, "ratio",
	    sv_of(arena_fmt(a, "at least %s %%", num_text(round(o->target * 1e9) / 1e7, buf))));
	figure_ratio(a, &b->observed, id_of(j, o, "observed"), r->ratio.ratio, result_decimals(r->ratio.ratio, o->target, limit));
	figure_count(a, &b->n, id_of(j, o, "n"), n);
	figure_count(a, &b->bad, id_of(j, o, "bad"), isnan(n) ? n : r->ratio.bad);
	figure_burn(a, &b->burn, id_of(j, o, "burn"), r->burn);
	if (!isnan(r->demonstrated))
		figure_ratio(a, &b->demonstrated, id_of(j, o, "demonstrated"), floor(r->demonstrated * 1e6) / 1e6, result_decimals(r->demonstrated, o->target, limit));
	for (i = 0; i < sizeof(of_bad) / sizeof(*of_bad); i++)
		of_bad[i]->query = slo_without_window(a, o->good.n > 0 ? o->good : o->bad);
	b->n.query = b->demonstrated.query = slo_without_window(a, o->total);
	b->highest = arena_new(a, r->n_windows, sizeof(*b->highest));
	for (i = 0; i < r->n_windows; i++) {
		figure_burn(a, &b->highest[i], id_of(j, o, arena_fmt(a, "burn-%s", time_duration_text(r->window[i].length, t))), r->window[i].max);
		b->highest[i].query = b->burn.query;
	}
}

static int
judge_one(struct judging *j, const struct slo *o, struct budget_result *b, struct err *e)
{
	const struct span *span;
	struct sb text = {0};
	size_t n;
	int rc;

	*b = (struct budget_result){.slo = o, .title = o->title.n > 0 ? o->title : o->name, .from = TIME_NONE, .to = TIME_NONE};
	j->manual = SV("");
	if ((rc = judge_window(j, o->over, &span, &n, e)) < 0)
		return -1;
	if (rc == 0) {
		slo_without(&b->measured, o, sv_of(arena_fmt(j->arena, "nothing says when the %" SV_FMT "%s was", SV_ARG(o->over), sv_is(o->over, "run") ? "" : " window")));
	} else {
		b->from = span[0].from;
		b->to = span[n - 1].to;
		if (slo_measure(&j->increase, o, span, n, &b->measured, e) < 0)
			return -1;
	}
	b->outcome = outcome_of(&b->measured);
	figures(j, b);
	slo_period_text(o->period, &text);
	b->period = arena_sv(j->arena, sb_sv(&text));
	sb_reset(&text);
	if (!sv_is(o->over, "run"))
		sb_addf(&text, "Of the %" SV_FMT " window: ", SV_ARG(o->over));
	slo_sentence(&b->measured, &text);
	if (j->manual.n > 0)
		sb_addf(&text, " When %" SV_FMT " was is what a person states (manual).", SV_ARG(j->manual));
	b->sentence = arena_sv(j->arena, sb_sv(&text));
	sb_free(&text);
	return 0;
}

int
budget_judge(struct judging *j, struct err *e)
{
	const struct slos *all = j->profile->slos;
	size_t i;

	if (all == NULL)
		return 0;
	j->v->budgets = arena_new(j->arena, all->n, sizeof(*j->v->budgets));
	for (i = 0; i < all->n; i++)
		if (judge_one(j, &all->v[i], &j->v->budgets[j->v->n_budgets++], e) < 0)
			return -1;
	j->manual = SV("");
	return 0;
}

/* --- figures by their ids ------------------------------------------------------------------ */

/* Figure number k of the objective, NULL: no more. Without an id it has none. */
static const struct figure *
figure_at(const struct budget_result *b, size_t k)
{
	const struct figure *const f[] = {&b->required, &b->observed, &b->n, &b->bad, &b->burn, &b->demonstrated};
	size_t n = sizeof(f) / sizeof(*f);

	return k < n ? f[k] : k - n < b->measured.n_windows ? &b->highest[k - n] : NULL;
}

const struct budget_result *
budget_find(const struct verdict *v, struct sv id, const struct figure **f)
{
	size_t i, k;

	for (i = 0; i < v->n_budgets && sv_starts(id, "slo/"); i++) {
		if (sv_eq(sv_from(id, 4), v->budgets[i].slo->name)) {
			*f = NULL;
			return &v->budgets[i];
		}
		for (k = 0; (*f = figure_at(&v->budgets[i], k)) != NULL; k++)
			if (sv_eq((*f)->id, id))
				return &v->budgets[i];
	}
	return NULL;
}

void
budget_ids(const struct verdict *v, void (*fn)(void *ctx, struct sv id), void *ctx)
{
	const struct figure *f;
	size_t i, k;

	for (i = 0; i < v->n_budgets; i++)
		for (k = 0; (f = figure_at(&v->budgets[i], k)) != NULL; k++)
			if (f->id.n > 0)
				fn(ctx, f->id);
}

/* --- as JSON --------------------------------------------------------------------------- */

static void
write_windows(struct json *j, const struct budget_result *b)
{
	const struct slo_result *r = &b->measured;
	char t[TIME_TEXT];
	size_t i;

	json_list(j, "windows");
	for (i = 0; i < r->n_windows; i++) {
		const struct slo_window *w = &r->window[i];

		json_map(j, NULL);
		json_cstr(j, "window", time_duration_text(w->length, t));
		json_bool(j, "evaluable", w->evaluable);
		json_str(j, "why", w->why);
		figure_json(j, "burn", &b->highest[i]);
		json_time(j, "at", w->evaluable ? w->max_at : TIME_NONE);
		json_end(j);
	}
	json_end(j);
}

static void
write_alerts(struct json *j, const struct slo_result *r)
{
	struct sb rule = {0};
	size_t i, k;

	json_list(j, "alerts");
	for (i = 0; i < r->n_alerts; i++) {
		const struct slo_alert *a = &r->alert[i];

		sb_reset(&rule);
		slo_pair_text(a->pair, &rule);
		json_map(j, NULL);
		json_str(j, "severity", a->pair->severity.n > 0 ? a->pair->severity : a->pair->name);
		json_str(j, "rule", sb_sv(&rule));
		json_bool(j, "evaluable", a->evaluable);
		json_str(j, "why", a->why);
		json_list(j, "fired");
		for (k = 0; k < a->n; k++) {
			json_map(j, NULL);
			json_time(j, "from", a->fired[k].from);
			json_time(j, "to", a->fired[k].to);
			json_end(j);
		}
		json_end(j);
		json_end(j);
	}
	json_end(j);
	sb_free(&rule);
}

void
budget_json(const struct verdict *v, struct json *j)
{
	size_t i;

	if (v->n_budgets == 0)
		return;
	json_list(j, "slos");
	for (i = 0; i < v->n_budgets; i++) {
		const struct budget_result *b = &v->budgets[i];

		json_map(j, NULL);
		json_str(j, "id", b->slo->name);
		json_str(j, "title", b->title);
		json_cstr(j, "outcome", b->outcome);
		json_str(j, "sentence", b->sentence);
		json_str(j, "period", b->period);
		json_num(j, "budget_seconds", round(slo_allowance(b->slo->target, b->slo->period)) / 1000);
		figure_json(j, "required", &b->required);
		figure_json(j, "observed", &b->observed);
		figure_json(j, "n", &b->n);
		figure_json(j, "bad", &b->bad);
		figure_json(j, "burn", &b->burn);
		figure_json(j, "demonstrated", &b->demonstrated);
		write_windows(j, b);
		write_alerts(j, &b->measured);
		json_end(j);
	}
	json_end(j);
}
