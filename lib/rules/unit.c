/* The tests run. */
#include "rules/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "promql/memory_source.h"
#include "rules/replay.h"

#define MOST_EVALUATIONS 1000000

/* An alert, expected or there; a sample likewise. */
struct item {
	struct labels labels, annotations;
	double value;
};
struct items {
	VEC(struct item) of;
};

struct unit_test {
	const struct unit_file *file;
	const struct unit_group *group;
	struct replay replay;
	bool closed_ranges;
	struct sb *out;
	int failed;
	struct err *e;
};

/* ----- as promtool prints it --------------------------------------------------------------- */

/* strconv.Quote of a label's value */
static void
add_quoted(struct sv s, struct sb *out)
{
	size_t i;

	sb_addc(out, '"');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			sb_addf(out, "\\%c", s.p[i]);
		else if (s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r')
			sb_addf(out, "\\%c", s.p[i] == '\n' ? 'n' : s.p[i] == '\t' ? 't' : 'r');
		else if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			sb_addf(out, "\\x%02x", (unsigned char)s.p[i]);
		else
			sb_addc(out, s.p[i]);
	}
	sb_addc(out, '"');
}

static void
add_labels(const struct labels *l, struct sb *out)
{
	size_t i;

	sb_addc(out, '{');
	for (i = 0; i < l->n; i++) {
		sb_addf(out, "%s%" SV_FMT "=", i > 0 ? ", " : "", SV_ARG(l->v[i].name));
		add_quoted(l->v[i].value, out);
	}
	sb_addc(out, '}');
}

static void
add_alerts(const struct items *v, struct sb *out)
{
	size_t i;

	if (v->of.n == 0) {
		sb_adds(out, "[]");
		return;
	}
	sb_adds(out, "[");
	for (i = 0; i < v->of.n; i++) {
		sb_addf(out, "\n            %zu:\n              Labels:", i);
		add_labels(&v->of.v[i].labels, out);
		sb_adds(out, "\n              Annotations:");
		add_labels(&v->of.v[i].annotations, out);
		sb_adds(out, i + 1 < v->of.n ? "," : "");
	}
	sb_adds(out, "\n            ]");
}

/* strconv.FormatFloat(v, 'E', -1, 64) */
static void
add_value(double v, struct sb *out)
{
	char buf[40];
	int p;

	if (!isfinite(v)) {
		sb_adds(out, isnan(v) ? "NaN" : v > 0 ? "+Inf" : "-Inf");
		return;
	}
	for (p = 0; p < 17; p++) {
		snprintf(buf, sizeof(buf), "%.*E", p, v);
		if (strtod(buf, NULL) == v)
			break;
	}
	sb_adds(out, buf);
}

static void
add_samples(const struct items *v, struct sb *out)
{
	size_t i;

	if (v->of.n == 0)
		sb_adds(out, "nil");
	for (i = 0; i < v->of.n; i++) {
		sb_adds(out, i > 0 ? ", " : "");
		add_labels(&v->of.v[i].labels, out);
		sb_addc(out, ' ');
		add_value(v->of.v[i].value, out);
	}
}

static void
add_name(struct unit_test *t)
{
	if (t->group->name.n > 0)
		sb_addf(t->out, "    name: %" SV_FMT ",\n", SV_ARG(t->group->name));
}

/* ----- alerts ---------------------------------------------------------------------------------- */

static int
by_labels(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int c = labels_cmp(&x->labels, &y->labels);

	return c != 0 ? c : labels_cmp(&x->annotations, &y->annotations);
}

static void
sort(struct items *v)
{
	if (v->of.n > 1)
		qsort(v->of.v, v->of.n, sizeof(*v->of.v), by_labels);
}

static struct labels
annotations_of(struct arena *a, const struct rule *rule, const struct replay_alert *alert)
{
	struct labels l = {.v = arena_new(a, rule->n_annotations, sizeof(*l.v))};
	size_t i;

	for (i = 0; i < rule->n_annotations; i++)
		l.v[l.n++] = (struct label){rule->annotation[i].name, alert->annotation[i]};
	labels_sort(&l);
	return l;
}

/* Compares what fires now with what is expected. */
static void
check_alerts(struct unit_test *t, const struct unit_alert_test *x)
{
	struct items want = {0}, got = {0};
	struct arena a = {0};
	char at[TIME_TEXT];
	bool same;
	size_t i, k;

	for (i = 0; i < x->n; i++)
		*vec_add(&want.of) = (struct item){x->labels[i], x->annotations[i], 0};
	for (i = 0; i < t->replay.n; i++) {
		const struct replay_rule *r = &t->replay.rule[i];

		for (k = 0; r->rule->alert && sv_eq(r->rule->name, x->name) && k < r->alert.n; k++)
			if (r->alert.v[k].state == ALERT_FIRING)
				*vec_add(&got.of) = (struct item){r->alert.v[k].labels, annotations_of(&a, r->rule, &r->alert.v[k]), 0};
	}
	sort(&want);
	sort(&got);
	same = want.of.n == got.of.n;
	for (i = 0; same && i < want.of.n; i++)
		same = by_labels(&want.of.v[i], &got.of.v[i]) == 0;
	if (!same) {
		t->failed++;
		add_name(t);
		sb_addf(t->out, "    alertname: %" SV_FMT ", time: %s, \n        exp:", SV_ARG(x->name), time_duration_text(x->at, at));
		add_alerts(&want, t->out);
		sb_adds(t->out, ", \n        got:");
		add_alerts(&got, t->out);
		sb_adds(t->out, "\n");
	}
	vec_free(&want.of);
	vec_free(&got.of);
	arena_free(&a);
}

/* ----- expressions -------------------------------------------------------------------------------- */

static bool
same_value(const struct unit_test *t, double x, double y)
{
	if (isnan(x) || isnan(y))
		return isnan(x) && isnan(y);
	return x == y || (t->file->fuzzy && fabs(x - y) < 1e-6 * fmin(fabs(x) + fabs(y), 1e300));
}

static void
check_result(struct unit_test *t, const struct unit_expr_test *x, const struct pq_result *r)
{
	struct items want = {0}, got = {0};
	char at[TIME_TEXT];
	bool same;
	size_t i;

	for (i = 0; i < x->n; i++)
		*vec_add(&want.of) = (struct item){.labels = x->labels[i], .value = x->value[i]};
	for (i = 0; i < r->n; i++)
		*vec_add(&got.of) = (struct item){.labels = r->v[i].labels, .value = r->v[i].point[0].v};
	sort(&want);
	sort(&got);
	same = want.of.n == got.of.n;
	for (i = 0; same && i < want.of.n; i++)
		same = labels_cmp(&want.of.v[i].labels, &got.of.v[i].labels) == 0 && same_value(t, want.of.v[i].value, got.of.v[i].value);
	if (!same) {
		t->failed++;
		sb_adds(t->out, "    expr: ");
		add_quoted(x->text, t->out);
		sb_addf(t->out, ", time: %s,\n        exp: ", time_duration_text(x->at, at));
		add_samples(&want, t->out);
		sb_adds(t->out, "\n        got: ");
		add_samples(&got, t->out);
		sb_adds(t->out, "\n");
	}
	vec_free(&want.of);
	vec_free(&got.of);
}

static void
check_expr(struct unit_test *t, const struct unit_expr_test *x)
{
	struct pq_query q = {.start = x->at, .end = x->at, .closed_ranges = t->closed_ranges};
	struct pq_result r = {0};
	struct arena a = {0};
	struct err why = {0};
	const struct pq_expr *expr = pq_parse(&t->replay.arena, x->text, &why);
	char at[TIME_TEXT];
	int rc = expr == NULL ? -1 : 0;

	t->replay.overlay.now = x->at;
	if (rc == 0 && expr->type != PQ_VECTOR && expr->type != PQ_SCALAR)
		rc = err_set(&why, ERR_USAGE, "rule result is not a vector or scalar");
	if (rc == 0)
		rc = pq_eval(&t->replay.overlay.src, expr, &q, &a, &r, &why);
	if (rc == 0) {
		check_result(t, x, &r);
	} else {
		t->failed++;
		sb_adds(t->out, "    expr: ");
		add_quoted(x->text, t->out);
		sb_addf(t->out, ", time: %s, err: %s\n", time_duration_text(x->at, at), why.msg);
	}
	arena_free(&a);
}

/* ----- a group of tests ------------------------------------------------------------------------------ */

static int
load(struct unit_test *t, struct pq_memory *m)
{
	const struct unit_group *g = t->group;
	struct pq_notation n;
	struct arena a = {0};
	struct err why = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < g->n_series && rc == 0; i++) {
		n = (struct pq_notation){0};
		rc = pq_notation_series(&a, g->series[i], &n, &why);
		if (rc == 0)
			rc = pq_notation_values(&a, g->values[i], &n, &why);
		if (rc == 0)
			rc = pq_memory_load(m, &n, 0, g->interval, &why);
		if (rc == 0 && m->n_histograms > 0)
			rc = err_set(&why, ERR_INPUT, "native histograms are not supported");
		if (rc < 0)
			rc = doc_err(g->series_at[i], t->e, "%s", why.msg);
		arena_free(&a);
	}
	return rc;
}

static int64_t
last_time(const struct unit_group *g)
{
	int64_t last = 0;
	size_t i;

	for (i = 0; i < g->n_alerts; i++)
		last = g->alert[i].at > last ? g->alert[i].at : last;
	for (i = 0; i < g->n_exprs; i++)
		last = g->expr[i].at > last ? g->expr[i].at : last;
	return last;
}

/* Alerts are compared after the last evaluation that is not later than their time, in order of time. */
static int
evaluate(struct unit_test *t)
{
	int64_t every = t->file->interval, at, last = last_time(t->group);
	size_t i;

	if (last / every > MOST_EVALUATIONS)
		return err_set(t->e, ERR_LIMIT, "%s: more than %d evaluations", t->file->file, MOST_EVALUATIONS);
	for (at = 0; at <= last; at += every) {
		if (replay_at(&t->replay, at, t->e) < 0)
			return -1;
		for (i = 0; i < t->group->n_alerts; i++) {
			const struct unit_alert_test *x = &t->group->alert[i];

			if (x->at >= at && x->at < at + every)
				check_alerts(t, x);
		}
	}
	for (i = 0; i < t->replay.n; i++)
		if (t->replay.rule[i].failures > 0) {
			char when[TIME_TEXT];

			t->failed++;
			sb_addf(t->out, "    rule: %" SV_FMT ", time: %s, err: %" SV_FMT "\n", SV_ARG(t->replay.rule[i].rule->name),
			    time_duration_text(t->replay.rule[i].error_at, when), SV_ARG(t->replay.rule[i].error));
		} else if (t->replay.rule[i].rule->expr == NULL) {
			t->failed++;
			sb_addf(t->out, "    rule: %" SV_FMT ", err: %" SV_FMT "\n", SV_ARG(t->replay.rule[i].rule->name),
			    SV_ARG(t->replay.rule[i].rule->why));
		}
	for (i = 0; i < t->group->n_exprs; i++)
		check_expr(t, &t->group->expr[i]);
	return 0;
}

static int
run_group(struct unit_test *t, const struct rules *rules)
{
	struct replay_opts o = {.start = 0, .end = last_time(t->group), .interval = t->file->interval, .one_interval = true,
	    .external = t->group->external, .external_url = t->group->external_url, .query = {.closed_ranges = t->closed_ranges}};
	struct pq_memory m;
	int rc;

	pq_memory_init(&m);
	rc = load(t, &m);
	if (rc == 0) {
		replay_open(&t->replay, rules, &m.src, &o);
		rc = evaluate(t);
		replay_close(&t->replay);
	}
	pq_memory_free(&m);
	return rc;
}

/* The groups that are named first, in that order; the others stay behind them as they stand. */
static int
in_order(const struct unit_file *u, const struct rules *rules, struct arena *a, struct rules *out, struct err *e)
{
	bool *used = arena_new(a, rules->n, sizeof(*used));
	size_t i, k;

	out->group = arena_new(a, rules->n, sizeof(*out->group));
	for (i = 0; i < u->n_order; i++) {
		for (k = 0; k < i; k++)
			if (sv_eq(u->order[k], u->order[i]))
				return err_set(e, ERR_INPUT, "%s: group name repeated in evaluation order: %" SV_FMT, u->file, SV_ARG(u->order[i]));
		for (k = 0; k < rules->n; k++)
			if (!used[k] && sv_eq(rules->group[k].name, u->order[i])) {
				out->group[out->n++] = rules->group[k];
				used[k] = true;
			}
	}
	for (k = 0; k < rules->n; k++)
		if (!used[k])
			out->group[out->n++] = rules->group[k];
	return 0;
}

int
unit_run(const struct unit_file *u, const struct rules *rules, bool closed_ranges, struct sb *out, struct err *e)
{
	struct arena a = {0};
	struct rules ordered = {0};
	struct unit_test t = {.file = u, .closed_ranges = closed_ranges, .out = out, .e = e};
	size_t i;
	int rc = in_order(u, rules, &a, &ordered, e);

	for (i = 0; i < u->n && rc == 0; i++) {
		t.group = &u->group[i];
		rc = run_group(&t, &ordered);
	}
	arena_free(&a);
	return rc < 0 ? -1 : t.failed;
}
