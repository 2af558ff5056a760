/* An SLO's result as people, pipes and programs read it. */
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/json.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/result.h"
#include "judge/slo.h"

static const char *
percent(double v, int decimals, char buf[NUM_TEXT])
{
	return num_fixed(v * 100, decimals, buf);
}

/* As many decimals as tell v from the target. */
static int
decimals_of(const struct slo_result *r, double v)
{
	return result_decimals(v, r->slo->target, result_percent_decimals(r->slo->target_text));
}

void
slo_period_text(int64_t period, struct sb *out)
{
	char t[TIME_TEXT];

	if (period % TIME_DAY == 0)
		sb_addf(out, "%lld-day", (long long)(period / TIME_DAY));
	else
		sb_adds(out, time_length_text(period, t));
}

static const char *
unit_word(const struct slo *o)
{
	if (o->method != SLO_OCCURRENCES)
		return " slices";
	return o->kind == SLO_COUNTED ? "" : " values";
}

static double
observed_share(const struct slo_result *r)
{
	return (double)r->coverage.covered / (double)r->slo->period;
}

/* "5", "0.03": what is not nothing never reads 0. */
static const char *
small_percent(double v, int decimals, char buf[NUM_TEXT])
{
	if (fabs(v * 100 - round(v * 100)) > 1e-9 && decimals == 0)
		decimals = 1;
	while (v > 0 && decimals < 9 && v * 100 < 0.5 * pow(10, 1 - decimals))
		decimals++;
	return num_fixed(v * 100, decimals, buf);
}

void
slo_sentence(const struct slo_result *r, struct sb *out)
{
	char x[NUM_TEXT], y[NUM_TEXT], t[TIME_TEXT];
	double share = observed_share(r);
	size_t i;
	const char *sep = "";

	if (r->why.n > 0) {
		sb_addf(out, "Not measured: %" SV_FMT ".", SV_ARG(r->why));
		return;
	}
	sb_addf(out, "%s observed of a ", time_length_text(r->coverage.covered, t));
	slo_period_text(r->slo->period, out);
	sb_addf(out, " window (%s %%). ", small_percent(share, 0, x));
	if (r->ratio.bad <= 0) {
		sb_addf(out, "Nothing was bad in %s%s: that says nothing of the rest of it", num_count((int64_t)r->ratio.n, x), unit_word(r->slo));
		if (!isnan(r->burn_upper))
			sb_addf(out, ", the true burn may be up to %s (95 %%)", num_fixed(r->burn_upper, 2, y));
		sb_adds(out, ".");
	} else {
		sb_addf(out, "Burn %s", num_fixed(r->burn, 2, x));
		if (!isnan(r->burn_upper))
			sb_addf(out, " (95 %% upper %s)", num_fixed(r->burn_upper, 2, y));
		sb_addf(out, ": %s %% of the ", small_percent(r->spent, 1, x));
		slo_period_text(r->slo->period, out);
		sb_addf(out, " budget is already spent if the rest of it has the same traffic; exhausted after %s at this rate.",
		    time_length_text((int64_t)fmin(r->lasts, 9e17), t));
	}
	for (i = 0; i < r->n_windows; i++)
		if (!r->window[i].evaluable) {
			sb_addf(out, "%s%s", *sep == '\0' ? " Not evaluable: windows of " : sep, time_duration_text(r->window[i].length, t));
			sep = ", ";
		}
	sb_adds(out, *sep == '\0' ? "" : ".");
}

static void
add_count(double v, struct sb *out)
{
	char buf[NUM_TEXT];

	if (fabs(v) >= 100 && fabs(v) < 9e15)
		v = round(v); /* of so many a part of one does not matter */
	sb_adds(out, v == floor(v) && fabs(v) < 9e15 ? num_count((int64_t)v, buf) : num_fixed(v, 3, buf));
}

static void
text_head(const struct slo_result *r, struct sb *out)
{
	char x[NUM_TEXT];

	clean_add(out, r->slo->name);
	if (r->slo->service.n > 0) {
		sb_adds(out, " of ");
		clean_add(out, r->slo->service);
	}
	sb_addf(out, ": %s at least %s %% in a ", r->slo->method == SLO_OCCURRENCES ? "good of all" :
	    r->slo->method == SLO_TIMESLICES ? "good slices of all" : "mean of slices", num_text(round(r->slo->target * 1e9) / 1e7, x));
	slo_period_text(r->slo->period, out);
	sb_adds(out, " window\n");
	if (r->slo->title.n > 0) {
		sb_adds(out, "  ");
		clean_add(out, r->slo->title);
		sb_addc(out, '\n');
	}
	if (r->slo->note.n > 0)
		sb_addf(out, "  note: %" SV_FMT "\n", SV_ARG(r->slo->note));
}

static void
text_counts(const struct slo_result *r, double min_coverage, struct sb *out)
{
	char x[NUM_TEXT], t[TIME_TEXT];
	double cover = r->coverage.window > 0 ? (double)r->coverage.covered / (double)r->coverage.window : 0;

	if (!isnan(r->ratio.ratio)) {
		sb_addf(out, "  in the run   %s %% ", percent(r->ratio.ratio, decimals_of(r, r->ratio.ratio), x));
		sb_addf(out, "(%s): ", slo_met(r) ? "met" : "MISSED");
		sb_adds(out, r->at_least ? "at least " : "");
		add_count(r->ratio.bad, out);
		sb_addf(out, " bad of ");
		add_count(r->ratio.n, out);
		sb_addf(out, "%s, ", unit_word(r->slo));
		add_count(r->allowed, out);
		sb_adds(out, " allowed\n");
	}
	if (r->slo->method != SLO_OCCURRENCES) {
		sb_addf(out, "  slices       of %s: %zu in the run", time_length_text(r->slo->slice, t), r->slices);
		sb_addf(out, ", %zu without traffic (%s), %zu not seen\n", r->ratio.empty,
		    r->slo->no_data == SLO_SKIP ? "left out" : r->slo->no_data == SLO_GOOD ? "counted as good" : "counted as bad", r->unseen);
	}
	if (!isnan(r->demonstrated))
		sb_addf(out, "  proven       at least %s %% (95 %% confidence, exact)\n",
		    percent(floor(r->demonstrated * 1e6) / 1e6, decimals_of(r, r->demonstrated), x));
	sb_addf(out, "  coverage     %s %% of the run%s\n", percent(floor(cover * 1e4) / 1e4, 2, x),
	    cover < min_coverage - 1e-12 ? ": too little" : "");
}

static void
text_windows(const struct slo_result *r, struct sb *out)
{
	char x[NUM_TEXT], t[TIME_TEXT], at[TIME_TEXT];
	size_t i;

	for (i = 0; i < r->n_windows; i++) {
		const struct slo_window *w = &r->window[i];

		sb_addf(out, "  burn %-7s ", time_duration_text(w->length, t));
		if (w->evaluable)
			sb_addf(out, " at most %s, at %s\n", num_fixed(w->max, 2, x), time_text(w->max_at, at));
		else
			sb_addf(out, " %" SV_FMT "\n", SV_ARG(w->why));
	}
}

void
slo_pair_text(const struct slo_pair *p, struct sb *out)
{
	char x[TIME_TEXT], y[TIME_TEXT], f[NUM_TEXT];

	sb_adds(out, time_duration_text(p->lo, x));
	if (p->sho > 0)
		sb_addf(out, "/%s", time_duration_text(p->sho, y));
	sb_addf(out, " burn %s %s", p->or_equal ? "at least" : "above", num_fixed(p->factor, p->factor == round(p->factor) ? 0 : p->factor * 10 == round(p->factor * 10) ? 1 : 3, f));
}

static void
text_alerts(const struct slo_result *r, struct sb *out)
{
	char from[TIME_TEXT], to[TIME_TEXT], d[TIME_TEXT];
	size_t i, k;

	for (i = 0; i < r->n_alerts; i++) {
		const struct slo_alert *a = &r->alert[i];

		sb_adds(out, "  alert        ");
		clean_add(out, a->pair->severity.n > 0 ? a->pair->severity : a->pair->name);
		sb_addc(out, ' ');
		slo_pair_text(a->pair, out);
		if (!a->evaluable)
			sb_addf(out, ": %" SV_FMT "\n", SV_ARG(a->why));
		else if (a->n == 0)
			sb_adds(out, ": would not have fired\n");
		else
			sb_adds(out, ": would have FIRED\n");
		for (k = 0; k < a->n; k++)
			sb_addf(out, "                 %s to %s%s, %s\n", time_text(a->fired[k].from, from), time_text(a->fired[k].to, to),
			    k + 1 == a->n && a->still ? " (and still then)" : "", time_length_text(a->fired[k].to - a->fired[k].from, d));
	}
}

static void
show_one(const struct slo_result *r, double min_coverage, struct sb *out)
{
	char t[TIME_TEXT];

	text_head(r, out);
	if (r->why.n > 0 && isnan(r->ratio.ratio)) {
		sb_adds(out, "  not measured: ");
		clean_add(out, r->why);
		sb_addc(out, '\n');
		return;
	}
	text_counts(r, min_coverage, out);
	sb_addf(out, "  budget       %s of a ", time_length_text((int64_t)round(slo_allowance(r->slo->target, r->slo->period)), t));
	slo_period_text(r->slo->period, out);
	sb_adds(out, " window, of full outage\n  ");
	slo_sentence(r, out);
	sb_addc(out, '\n');
	text_windows(r, out);
	text_alerts(r, out);
}

void
slo_show_text(const struct slo_result *r, size_t n, double min_coverage, struct sb *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		sb_adds(out, i > 0 ? "\n" : "");
		show_one(&r[i], min_coverage, out);
	}
}

/* ----- tsv --------------------------------------------------------------------------------------- */

static void
tsv_number(double v, struct sb *out)
{
	char buf[NUM_TEXT];

	sb_addc(out, '\t');
	if (!isnan(v))
		sb_adds(out, num_text(v, buf));
}

void
slo_show_tsv(const struct slo_result *r, size_t n, struct sb *out)
{
	char t[TIME_TEXT], at[TIME_TEXT];
	size_t i, k;

	sb_adds(out, "slo\twhat\tvalue\ttime\tnote\n");
	for (i = 0; i < n; i++) {
		const struct {
			const char *what;
			double v;
		} rows[] = {{"target", r[i].slo->target}, {"ratio", r[i].ratio.ratio}, {"good", r[i].good}, {"bad", r[i].bad},
		    {"total", r[i].total}, {"burn", r[i].burn}, {"burn_upper", r[i].burn_upper}, {"budget_spent", r[i].spent},
		    {"demonstrated", r[i].demonstrated}};

		for (k = 0; k < sizeof(rows) / sizeof(*rows); k++) {
			clean_add(out, r[i].slo->name);
			sb_addf(out, "\t%s", rows[k].what);
			tsv_number(rows[k].v, out);
			sb_adds(out, "\t\t");
			if (isnan(rows[k].v))
				clean_add(out, r[i].why);
			sb_addc(out, '\n');
		}
		for (k = 0; k < r[i].n_windows; k++) {
			clean_add(out, r[i].slo->name);
			sb_addf(out, "\tburn_max_%s", time_duration_text(r[i].window[k].length, t));
			tsv_number(r[i].window[k].max, out);
			sb_addf(out, "\t%s\t%" SV_FMT "\n", r[i].window[k].evaluable ? time_text(r[i].window[k].max_at, at) : "",
			    SV_ARG(r[i].window[k].why));
		}
	}
}

/* ----- json -------------------------------------------------------------------------------------- */

static void
json_seconds(struct json *j, const char *key, int64_t ms)
{
	json_num(j, key, (double)ms / 1000);
}

static void
json_windows(struct json *j, const struct slo_result *r)
{
	char t[TIME_TEXT];
	size_t i, k;

	json_list(j, "windows");
	for (i = 0; i < r->n_windows; i++) {
		json_map(j, NULL);
		json_cstr(j, "window", time_duration_text(r->window[i].length, t));
		json_bool(j, "evaluable", r->window[i].evaluable);
		json_str(j, "why", r->window[i].why);
		json_num(j, "burn_max", r->window[i].max);
		json_time(j, "burn_max_time", r->window[i].evaluable ? r->window[i].max_at : TIME_NONE);
		json_num(j, "burn_last", r->window[i].last);
		json_end(j);
	}
	json_end(j);
	json_list(j, "alerts");
	for (i = 0; i < r->n_alerts; i++) {
		const struct slo_alert *a = &r->alert[i];

		json_map(j, NULL);
		json_str(j, "name", a->pair->name);
		json_str(j, "severity", a->pair->severity);
		json_cstr(j, "long", time_duration_text(a->pair->lo, t));
		json_cstr(j, "short", a->pair->sho > 0 ? time_duration_text(a->pair->sho, t) : NULL);
		json_num(j, "burn", a->pair->factor);
		json_bool(j, "evaluable", a->evaluable);
		json_str(j, "why", a->why);
		json_list(j, "fired");
		for (k = 0; k < a->n; k++) {
			json_map(j, NULL);
			json_time(j, "from", a->fired[k].from);
			json_time(j, "to", a->fired[k].to);
			json_bool(j, "still", k + 1 == a->n && a->still);
			json_end(j);
		}
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static const char *
outcome(const struct slo_result *r, double min_coverage)
{
	if (r->why.n > 0)
		return "not measured";
	if (!slo_met(r))
		return "missed";
	return r->coverage.window > 0 && (double)r->coverage.covered / (double)r->coverage.window < min_coverage - 1e-12 ?
	    "too little covered" : "met";
}

void
slo_show_json(const struct slo_result *r, size_t n, double min_coverage, struct sb *out)
{
	static const char *const method[] = {"Occurrences", "Timeslices", "RatioTimeslices"};
	struct json j = {.out = out};
	struct sb text = {0};
	size_t i;

	json_map(&j, NULL);
	json_int(&j, "schema", 1);
	json_list(&j, "slos");
	for (i = 0; i < n; i++) {
		json_map(&j, NULL);
		json_str(&j, "name", r[i].slo->name);
		json_str(&j, "service", r[i].slo->service);
		json_cstr(&j, "outcome", outcome(&r[i], min_coverage));
		sb_reset(&text);
		slo_sentence(&r[i], &text);
		json_str(&j, "sentence", sb_sv(&text));
		json_num(&j, "target", r[i].slo->target);
		json_seconds(&j, "period_seconds", r[i].slo->period);
		json_cstr(&j, "method", method[r[i].slo->method]);
		json_num(&j, "good", r[i].why.n > 0 ? (double)NAN : r[i].good);
		json_num(&j, "bad", r[i].why.n > 0 ? (double)NAN : r[i].bad);
		json_num(&j, "total", r[i].why.n > 0 ? (double)NAN : r[i].total);
		json_num(&j, "ratio", r[i].ratio.ratio);
		json_num(&j, "counted", r[i].ratio.n);
		json_num(&j, "counted_bad", r[i].ratio.bad);
		json_num(&j, "allowed_bad", r[i].allowed);
		json_int(&j, "slices", (int64_t)r[i].slices);
		json_int(&j, "slices_empty", (int64_t)r[i].ratio.empty);
		json_int(&j, "slices_unseen", (int64_t)r[i].unseen);
		json_bool(&j, "at_least", r[i].at_least);
		json_num(&j, "demonstrated", r[i].demonstrated);
		json_seconds(&j, "covered_seconds", r[i].coverage.covered);
		json_seconds(&j, "window_seconds", r[i].coverage.window);
		json_num(&j, "burn", r[i].burn);
		json_num(&j, "burn_upper", r[i].burn_upper);
		json_num(&j, "budget_seconds", slo_allowance(r[i].slo->target, r[i].slo->period) / 1000);
		json_num(&j, "budget_spent_if_it_goes_on", r[i].ratio.bad > 0 ? r[i].spent : (double)NAN);
		json_num(&j, "exhausted_after_seconds", isinf(r[i].lasts) ? (double)NAN : r[i].lasts / 1000);
		json_windows(&j, &r[i]);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	sb_free(&text);
}
