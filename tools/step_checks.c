#include "step_checks.h"

#include <math.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/time.h"

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

static void
add_row(const struct pq_series *s, const struct availability *v, struct sb *out)
{
	struct sb name = {0};
	struct mean_time m;

	checks_mean_time(v->outage, v->n, &m);
	labels_show(s->name, &s->labels, &name);
	clean_add(out, sb_sv(&name));
	sb_free(&name);
	add_percent(v->ratio, out);
	add_percent(v->low, out);
	add_percent(v->high, out);
	sb_addf(out, "\t%zu\t%zu\t%zu", v->checks, v->failed, v->n);
	add_seconds((double)v->down, out);
	add_seconds((double)v->unknown, out);
	add_seconds(m.most, out);
	add_seconds(m.median, out);
	add_seconds(m.mean, out);
	sb_addf(out, "\t%zu\n", m.open);
}

int
step_checks(struct pq_source *src, const struct pq_selector *sel, struct span window, int64_t confirm, struct sb *out, struct err *e)
{
	struct checks_opts o = {.confirm = confirm, .window = window};
	struct availability got;
	struct arena a = {0}, one = {0};
	struct pq_series *v = NULL;
	struct pq_sample *p;
	struct check *c;
	size_t n = 0, i, k, m, count;
	int rc = src->series(src, sel, &a, &v, &n, e), rows = 0;

	sb_adds(out, "series\tavailable_percent\tat_least\tat_most\tchecks\tfailed\toutages\tdown_seconds\tunknown_seconds\tlongest_seconds\t"
	    "median_repair_seconds\tmean_repair_seconds\topen\n");
	for (i = 0; i < n && rc == 0; i++) {
		p = NULL;
		count = 0;
		rc = src->samples(src, &v[i], window.from, window.to, &one, &p, &count, e);
		c = arena_new(&one, rc == 0 ? count : 0, sizeof(*c));
		for (k = 0, m = 0; rc == 0 && k < count; k++)
			if (!p[k].stale && !isnan(p[k].v))
				c[m++] = (struct check){p[k].t, p[k].v > 0};
		if (rc == 0 && m > 0) {
			checks_measure(&one, c, m, &o, &got);
			add_row(&v[i], &got, out);
			rows++;
		}
		arena_free(&one);
	}
	arena_free(&a);
	return rc < 0 ? -1 : rows;
}
