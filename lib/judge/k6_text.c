/* k6's end-of-test summary as text (grafana/k6, internal/js/summary.js of 2.x), from the points. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "judge/k6_run.h"

/* --- numbers as k6 writes them --------------------------------------------------------------- */

/* val.toFixed(prec) without zeros at its end. */
static void
add_fixed(struct sb *out, double v, int decimals)
{
	char buf[NUM_TEXT];
	struct sv text = sv_of(num_fixed(v, decimals, buf));

	if (sv_chr(text, '.') < text.n)
		while (text.n > 1 && text.p[text.n - 1] == '0')
			text.n--;
	if (text.n > 1 && text.p[text.n - 1] == '.')
		text.n--;
	sb_addv(out, text);
}

static void
add_truncated(struct sb *out, double v, int decimals)
{
	double scale = decimals == 2 ? 100 : 1;

	add_fixed(out, trunc(scale * v) / scale, decimals);
}

static void
add_duration(struct sb *out, double ms)
{
	double minutes = trunc(ms / 60000);

	if (ms == 0) {
		sb_adds(out, "0s");
	} else if (ms < 0.001) {
		sb_addf(out, "%.0fns", trunc(ms * 1000000));
	} else if (ms < 1) {
		add_truncated(out, ms * 1000, 2);
		sb_adds(out, "\xc2\xb5s");
	} else if (ms < 1000) {
		add_truncated(out, ms, 2);
		sb_adds(out, "ms");
	} else {
		if (minutes >= 60)
			sb_addf(out, "%.0fh", trunc(minutes / 60));
		if (minutes >= 1)
			sb_addf(out, "%.0fm", fmod(minutes, 60));
		add_truncated(out, fmod(ms, 60000) / 1000, ms > 60000 ? 0 : 2);
		sb_adds(out, "s");
	}
}

static void
add_bytes(struct sb *out, double v)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
	char buf[NUM_TEXT];
	double e, rounded;

	if (v < 10) {
		sb_addf(out, "%s B", num_text(v, buf));
		return;
	}
	e = floor(log(v) / log(1000));
	e = e < 0 ? 0 : e > 8 ? 8 : e;
	rounded = floor(v / pow(1000, e) * 10 + 0.5) / 10;
	sb_addf(out, "%s %s", num_fixed(rounded, rounded < 10, buf), units[(size_t)e]);
}

void
k6_humanize(struct sb *out, double v, struct sv type, struct sv contains)
{
	char buf[NUM_TEXT];

	if (isnan(v))
		sb_adds(out, "n/a");
	else if (sv_is(type, "rate"))
		sb_addf(out, "%s%%", num_fixed(trunc(v * 100 * 100) / 100, 2, buf));
	else if (sv_is(contains, "data"))
		add_bytes(out, v);
	else if (sv_is(contains, "time"))
		add_duration(out, v);
	else
		add_fixed(out, v, 6);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Width of UTF-8 text in characters. */
static size_t
width(struct sv s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void
pad(struct sb *out, size_t have, size_t want)
{
	for (; have < want; have++)
		sb_addc(out, ' ');
}

/* The statistics of trends to print: k6's own, and others that a summary states. */
struct columns {
	VEC(struct sv) stat;
};

static void
add_column(struct columns *c, struct sv stat)
{
	size_t i;

	for (i = 0; i < c->stat.n && !sv_eq(c->stat.v[i], stat); i++)
		;
	if (i == c->stat.n)
		*vec_add(&c->stat) = stat;
}

static void
find_columns(const struct k6_run *r, struct columns *c)
{
	static const char *const usual[] = {"avg", "min", "med", "max", "p(90)", "p(95)"};
	struct sv part;
	size_t i, k;

	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		add_column(c, sv_of(usual[i]));
	for (i = 0; i < r->n_stated; i++) {
		for (k = r->stated[i].path.n; k > 0 && r->stated[i].path.p[k - 1] != '/'; k--)
			;
		part = sv_from(r->stated[i].path, k);
		if (sv_starts(r->stated[i].path, "k6/metric/") && sv_starts(part, "p("))
			add_column(c, part);
	}
}

static void
add_trend(const struct k6_run *r, const struct k6_stats *st, const struct columns *c, struct sb *out)
{
	struct sb value = {0};
	enum k6_stat stat;
	double p;
	size_t i;

	for (i = 0; i < c->stat.n; i++) {
		if (!k6_stat_parse(c->stat.v[i], &stat, &p))
			continue;
		sb_reset(&value);
		k6_humanize(&value, k6_stats_get(st, stat, p, r->seconds), st->type, st->contains);
		sb_addf(out, "%s%" SV_FMT "=%s", i > 0 ? " " : "", SV_ARG(c->stat.v[i]), sb_str(&value));
		if (i + 1 < c->stat.n)
			pad(out, width(sb_sv(&value)), 8);
	}
	sb_free(&value);
}

static void
add_value(const struct k6_run *r, const struct k6_stats *st, const struct columns *c, struct sb *out)
{
	if (sv_is(st->type, "trend") || st->type.n == 0) {
		add_trend(r, st, c, out);
	} else if (sv_is(st->type, "rate")) {
		k6_humanize(out, k6_stats_get(st, K6_RATE, 0, r->seconds), st->type, st->contains);
		sb_addf(out, " %lld out of %lld", (long long)st->nonzero, (long long)st->n);
	} else if (sv_is(st->type, "counter")) {
		k6_humanize(out, k6_stats_get(st, K6_COUNT, 0, r->seconds), st->type, st->contains);
		sb_addc(out, ' ');
		k6_humanize(out, k6_stats_get(st, K6_RATE, 0, r->seconds), st->type, st->contains);
		sb_adds(out, "/s");
	} else {
		k6_humanize(out, st->last, st->type, st->contains);
		sb_adds(out, " min=");
		k6_humanize(out, st->min, st->type, st->contains);
		sb_adds(out, " max=");
		k6_humanize(out, st->max, st->type, st->contains);
	}
}

/* "http_req_duration", or "  { tool:search }" below its metric. */
static void
add_label(struct sv shown, struct sb *out)
{
	size_t brace = sv_chr(shown, '{');

	if (brace == shown.n) {
		clean_add(out, shown);
		return;
	}
	sb_adds(out, "  { ");
	clean_add(out, sv_head(sv_from(shown, brace + 1), shown.n - brace - 2));
	sb_adds(out, " }");
}

enum section { CUSTOM, HTTP, EXECUTION, NETWORK, OTHER, SECTIONS };

static enum section
section_of(struct sv metric)
{
	static const char *const execution[] = {"vus", "vus_max", "iterations", "iteration_duration", "dropped_iterations"};
	static const char *const other[] = {"ws_", "grpc_", "browser_", "webvital_"};
	size_t i;

	if (sv_starts(metric, "http_req"))
		return HTTP;
	if (sv_is(metric, "data_sent") || sv_is(metric, "data_received"))
		return NETWORK;
	for (i = 0; i < sizeof(execution) / sizeof(*execution); i++)
		if (sv_is(metric, execution[i]))
			return EXECUTION;
	for (i = 0; i < sizeof(other) / sizeof(*other); i++)
		if (sv_starts(metric, other[i]))
			return OTHER;
	return CUSTOM;
}

static bool
is_shown(const struct k6_run *r, size_t i)
{
	/* Checks have a part of their own; a metric of another run in the store, or one never measured, has no line. */
	return !sv_is(r->stats[i].name.metric, "checks") && (r->stats[i].n > 0 || r->stats[i].known);
}

static void
add_sections(const struct k6_run *r, struct sb *out)
{
	static const char *const title[SECTIONS] = {"CUSTOM", "HTTP", "EXECUTION", "NETWORK", "WEBSOCKET, GRPC, BROWSER"};
	struct columns c = {0};
	struct sb label = {0};
	size_t i, k, widest = 0, lines;

	find_columns(r, &c);
	for (i = 0; i < r->n_named; i++) {
		sb_reset(&label);
		add_label(r->shown[i], &label);
		if (is_shown(r, i) && width(sb_sv(&label)) > widest)
			widest = width(sb_sv(&label));
	}
	for (k = 0; k < SECTIONS; k++)
		for (i = 0, lines = 0; i < r->n_named; i++) {
			if (!is_shown(r, i) || section_of(r->stats[i].name.metric) != (enum section)k)
				continue;
			sb_reset(&label);
			add_label(r->shown[i], &label);
			if (lines++ == 0)
				sb_addf(out, "\n    %s\n", title[k]);
			sb_addf(out, "    %s", sb_str(&label));
			for (size_t w = width(sb_sv(&label)); w < widest + 3; w++)
				sb_addc(out, '.');
			sb_adds(out, ": ");
			if (r->stats[i].n == 0)
				sb_adds(out, "no points");
			else
				add_value(r, &r->stats[i], &c, out);
			sb_addc(out, '\n');
		}
	vec_free(&c.stat);
	sb_free(&label);
}

static void
add_threshold(const struct k6_run *r, const struct k6_asked *k, struct sb *out)
{
	const struct k6_stats *st = k->stats < r->n_stats ? &r->stats[k->stats] : NULL;
	bool none = st == NULL || st->n == 0;
	double v;

	sb_adds(out, "    ");
	if (!k->understood || (none && !(sv_is(k->threshold.stat_text, "count")))) {
		sb_adds(out, "? '");
		clean_add(out, k->text);
		sb_adds(out, k->understood ? "' no points: k6 lets it pass, it says nothing\n" : "' is no threshold of k6\n");
		return;
	}
	v = none ? 0 : k6_stats_get(st, k->threshold.stat, k->threshold.p, r->seconds);
	sb_adds(out, none ? "? '" : k6_threshold_holds(&k->threshold, v) ? "\xe2\x9c\x93 '" : "\xe2\x9c\x97 '");
	clean_add(out, k->text);
	sb_addf(out, "' %" SV_FMT "=", SV_ARG(k->threshold.stat_text));
	k6_humanize(out, v, st == NULL ? SV("") : st->type, st == NULL ? SV("") : st->contains);
	if (k->threshold.stat == K6_RATE && st != NULL && sv_is(st->type, "counter"))
		sb_adds(out, "/s");
	sb_adds(out, none ? " (no points)\n" : "\n");
}

static void
add_thresholds(const struct k6_run *r, struct sb *out)
{
	size_t i, k;
	bool first;

	if (r->n_asked == 0)
		return;
	sb_adds(out, "\n  \xe2\x96\x88 THRESHOLDS\n");
	/* In the order of the metrics' names. */
	for (i = 0; i <= r->n_stats; i++)
		for (k = 0, first = true; k < r->n_asked; k++) {
			if (r->asked[k].stats != i)
				continue;
			if (first) {
				sb_adds(out, "\n    ");
				clean_add(out, r->asked[k].metric);
				sb_addc(out, '\n');
			}
			first = false;
			add_threshold(r, &r->asked[k], out);
		}
}

static void
add_checks(const struct k6_run *r, struct sb *out)
{
	size_t all = k6_run_find(r, SV("checks")), i;
	const struct k6_stats *st = all < r->n_stats ? &r->stats[all] : NULL;
	double rate;

	if (st == NULL || st->n == 0)
		return;
	sb_addf(out, "\n    checks_total.......: %lld ", (long long)st->n);
	k6_humanize(out, r->seconds > 0 ? (double)st->n / r->seconds : NAN, SV("counter"), SV("default"));
	sb_adds(out, "/s\n    checks_succeeded...: ");
	rate = (double)st->nonzero / (double)st->n;
	k6_humanize(out, rate, SV("rate"), SV(""));
	sb_addf(out, " %lld out of %lld\n    checks_failed......: ", (long long)st->nonzero, (long long)st->n);
	k6_humanize(out, (double)(st->n - st->nonzero) / (double)st->n, SV("rate"), SV(""));
	sb_addf(out, " %lld out of %lld\n\n", (long long)(st->n - st->nonzero), (long long)st->n);
	for (i = 0; i < r->n_checks; i++) {
		st = &r->stats[r->check[i].stats];
		sb_adds(out, st->nonzero == st->n ? "    \xe2\x9c\x93 " : "    \xe2\x9c\x97 ");
		clean_add(out, r->check[i].path);
		sb_addc(out, '\n');
		if (st->nonzero < st->n)
			sb_addf(out, "      \xe2\x86\xb3  %.0f%% \xe2\x80\x94 \xe2\x9c\x93 %lld / \xe2\x9c\x97 %lld\n",
			    floor(100 * (double)st->nonzero / (double)st->n), (long long)st->nonzero,
			    (long long)(st->n - st->nonzero));
	}
}

void
k6_text(const struct k6_run *r, struct sb *out)
{
	char a[TIME_TEXT], b[TIME_TEXT], num[NUM_TEXT];
	size_t i;

	for (i = 0; i < r->set.n; i++) {
		sb_adds(out, i == 0 ? "  points of " : ", ");
		clean_add(out, r->set.part[i].name);
	}
	sb_addf(out, ": %s, %s to %s\n", num_count(r->set.points, num), time_text(r->set.first_ms, a), time_text(r->set.last_ms, b));
	if (r->set.other.n > 0) {
		sb_adds(out, "  the same points, rounded: ");
		clean_add(out, r->set.other);
		sb_addc(out, '\n');
	}
	sb_addf(out, "  rates per second are over %s s: ", num_text(r->seconds, num));
	clean_add(out, r->seconds_source);
	sb_adds(out, r->set.whole ? "\n" : "\n  NOT ALL POINTS ARE HERE: soak-ingest -l says what is wrong with these artifacts\n");
	add_thresholds(r, out);
	sb_adds(out, "\n  \xe2\x96\x88 TOTAL RESULTS\n");
	add_checks(r, out);
	add_sections(r, out);
}
