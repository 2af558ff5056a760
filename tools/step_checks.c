#include "step_checks.h"

#include <math.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/checked.h"

static void
add_seconds(double ms, struct sb *out)
{
	char buf[NUM_TEXT];

	sb_addc(out, '\t');
	if (!isnan(ms))
		sb_adds(out, num_text(ms / 1000, buf));
}

static void
add_percent(double v, struct sb *out)
{
	char buf[NUM_TEXT];

	sb_addc(out, '\t');
	if (!isnan(v))
		sb_adds(out, num_fixed(v * 100, 4, buf));
}

struct row {
	const struct pq_series *series;
	struct availability v;
	size_t n; /* series behind it */
};

/* What the objective allows of the whole time; MET only if also what nobody saw fits in. */
static const char *
judged(struct step_checks *o, const struct availability *v, double allowed)
{
	if ((double)v->down_least > allowed * (1 + 1e-12)) {
		o->missed++;
		return "missed";
	}
	if ((double)v->down_most + (double)v->unknown <= allowed * (1 + 1e-12))
		return "met";
	o->unknown++;
	return "unknown";
}

static void
add_row(struct step_checks *o, const struct row *r, struct sb *out)
{
	const struct availability *v = &r->v;
	struct sb name = {0};
	struct mean_time m;
	char buf[NUM_TEXT];
	double allowed = (1 - o->objective) * (double)(o->window.to - o->window.from - v->excluded);

	checks_mean_time(v->outage, v->n, &m);
	labels_show(r->series->name, &r->series->labels, &name);
	if (o->by != NULL)
		clean_add(out, labels_get(&r->series->labels, o->by));
	else
		clean_add(out, sb_sv(&name));
	add_percent(v->ratio, out);
	add_percent(v->low, out);
	add_percent(v->high, out);
	sb_addf(out, "\t%zu\t%zu\t%zu", v->checks, v->failed, v->n);
	add_seconds((double)v->down, out);
	add_seconds((double)v->unknown, out);
	add_seconds(m.most, out);
	add_seconds(m.median, out);
	add_seconds(m.mean, out);
	sb_addf(out, "\t%zu", m.open);
	if (o->objective > 0) {
		add_seconds(round(allowed), out);
		sb_addf(out, "\t%s\t%s", num_fixed((double)v->down / allowed * 100, 2, buf), judged(o, v, allowed));
	}
	if (o->by != NULL) {
		sb_addf(out, "\t%zu\t", r->n);
		clean_add(out, sb_sv(&name));
	}
	sb_addc(out, '\n');
	sb_free(&name);
}

/* Less of it was available, or less of it is known to have been. */
static bool
is_worse(const struct availability *x, const struct availability *y)
{
	return x->down + x->unknown > y->down + y->unknown;
}

int
step_checks(struct pq_source *src, const struct pq_selector *sel, struct step_checks *o, struct sb *out, struct err *e)
{
	struct checks_opts opts = {.confirm = o->confirm, .window = o->window};
	VEC(struct row) rows = {0};
	struct availability got;
	struct arena a = {0};
	struct pq_series *v = NULL;
	size_t n = 0, i, k;
	int rc = src->series(src, sel, &a, &v, &n, e);

	sb_addf(out, "%s\tavailable_percent\tat_least\tat_most\tchecks\tfailed\toutages\tdown_seconds\tunknown_seconds\tlongest_seconds\t"
	    "median_repair_seconds\tmean_repair_seconds\topen%s%s\n", o->by != NULL ? o->by : "series",
	    o->objective > 0 ? "\tallowed_seconds\tused_percent\tverdict" : "", o->by != NULL ? "\tseries\tworst" : "");
	for (i = 0; i < n && rc >= 0; i++) {
		if ((rc = checked_series(src, &v[i], &opts, &a, &got, e)) <= 0)
			continue;
		for (k = 0; k < rows.n && (o->by == NULL || !sv_eq(labels_get(&rows.v[k].series->labels, o->by), labels_get(&v[i].labels, o->by))); k++)
			;
		if (k == rows.n)
			*vec_add(&rows) = (struct row){.series = &v[i], .v = got};
		else if (is_worse(&got, &rows.v[k].v))
			rows.v[k] = (struct row){&v[i], got, rows.v[k].n};
		rows.v[k].n++;
	}
	for (i = 0; i < rows.n && rc >= 0; i++)
		add_row(o, &rows.v[i], out);
	i = rows.n;
	vec_free(&rows);
	arena_free(&a);
	return rc < 0 ? -1 : (int)i;
}
