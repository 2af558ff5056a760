#include "rules/turn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/* An evaluation of one rule. */
struct turn {
	struct replay *r;
	struct replay_rule *rule;
	int64_t t;        /* of the group */
	int64_t at;       /* what is queried and written: t - query_offset */
	struct arena a;   /* lives as long as the turn */
	struct err *why;  /* what the rule failed of */
	struct err *e;
};

/* Not the rule's fault. */
static bool
is_trouble(const struct err *e)
{
	return e->code == ERR_DB || e->code == ERR_SYS;
}

static int
evaluate(struct turn *u, const struct pq_expr *x, int64_t t, struct arena *a, struct pq_result *out, struct err *e)
{
	struct pq_query q = u->r->opts.query;

	q.start = q.end = t;
	q.step = 0;
	return pq_eval(&u->r->overlay.src, x, &q, a, out, e);
}

/* ----- labels ------------------------------------------------------------------------------ */

/* Sets name to value in l, which has room; "" takes it away. Sorted again by the caller. */
static void
set_label(struct labels *l, struct sv name, struct sv value)
{
	size_t i;

	for (i = 0; i < l->n && !sv_eq(l->v[i].name, name); i++)
		;
	if (i == l->n)
		l->v[l->n++] = (struct label){name, value};
	else
		l->v[i].value = value;
}

/* from without __name__, with room for more. */
static struct labels
unnamed(struct arena *a, const struct labels *from, size_t more)
{
	struct labels l = {.v = arena_new(a, from->n + more, sizeof(*l.v))};
	size_t i;

	for (i = 0; i < from->n; i++)
		if (!sv_is(from->v[i].name, "__name__"))
			l.v[l.n++] = from->v[i];
	return l;
}

/* query() of templates. */
static int
template_query(void *ctx, struct sv text, struct arena *a, struct tmpl_sample **out, size_t *n, struct err *e)
{
	struct turn *u = ctx;
	const struct pq_expr *x = NULL;
	struct replay_query *q;
	struct pq_result result;
	size_t i;

	for (i = 0; i < u->r->query.n; i++)
		if (sv_eq(u->r->query.v[i].text, text))
			x = u->r->query.v[i].x;
	if (x == NULL) { /* the overlay knows selectors by their address: they stay */
		if (u->r->query.n >= 1000)
			return err_set(e, ERR_LIMIT, "more than 1000 different queries in templates");
		text = arena_sv(&u->r->arena, text);
		if ((x = pq_parse(&u->r->arena, text, e)) == NULL)
			return -1;
		q = vec_add(&u->r->query);
		*q = (struct replay_query){text, x};
	}
	if (x->type != PQ_VECTOR && x->type != PQ_SCALAR)
		return err_set(e, ERR_USAGE, "query result is not a vector or scalar");
	if (evaluate(u, x, u->t, a, &result, e) < 0)
		return -1;
	*n = result.n;
	*out = arena_new(a, result.n, sizeof(**out));
	for (i = 0; i < result.n; i++)
		(*out)[i] = (struct tmpl_sample){result.v[i].labels, result.v[i].point[0].v};
	return 0;
}

static struct sv
expand(struct turn *u, const struct tmpl *t, const struct labels *labels, double value, struct arena *a)
{
	const struct replay_opts *o = &u->r->opts;
	struct tmpl_data d = {labels, &o->external, o->external_url, value, template_query, u};
	struct err why = {0};
	struct sv out;

	if (tmpl_expand(t, &d, a, &out, &why) == 0)
		return out;
	return sv_of(arena_fmt(a, "<error expanding template: %s>", why.msg));
}

/* ----- recording --------------------------------------------------------------------------- */

static void
record(struct turn *u, struct sv name, const struct labels *l, double v)
{
	struct pq_sample s = {u->at, v, false};

	*vec_add(&u->rule->series) = overlay_record(&u->r->overlay, name, l, &s);
}

static int
by_number(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* What the evaluation before wrote and this one did not becomes stale. */
static void
mark_stale(struct turn *u)
{
	struct replay_rule *rule = u->rule;
	struct pq_sample stale = {u->at, NAN, true};
	size_t i, k = 0;

	if (rule->series.n > 1)
		qsort(rule->series.v, rule->series.n, sizeof(*rule->series.v), by_number);
	for (i = 0; i < rule->series_before.n; i++) {
		size_t id = rule->series_before.v[i];
		struct overlay_series *s = &u->r->overlay.recorded.v[id];

		while (k < rule->series.n && rule->series.v[k] < id)
			k++;
		if (k == rule->series.n || rule->series.v[k] != id)
			overlay_record(&u->r->overlay, s->name, &s->labels, &stale);
	}
	rule->series_before.n = 0;
	for (i = 0; i < rule->series.n; i++)
		*vec_add(&rule->series_before) = rule->series.v[i];
	rule->series.n = 0;
}

static int
over_limit(struct turn *u, size_t n)
{
	int64_t limit = u->rule->group->limit;

	if (limit == 0 || n <= (size_t)limit)
		return 0;
	return err_set(u->why, ERR_USAGE, "exceeded limit of %lld with %zu %s", (long long)limit, n,
	    u->rule->rule->alert ? "alerts" : "series");
}

/* -1: the rule failed. */
static int
run_recording(struct turn *u, const struct pq_result *result)
{
	const struct rule *rule = u->rule->rule;
	struct labels *l = arena_new(&u->a, result->n, sizeof(*l));
	struct ids seen = {0};
	bool fresh = true;
	size_t i, k;

	if (over_limit(u, result->n) < 0)
		return -1;
	for (i = 0; i < result->n && fresh; i++) {
		l[i] = unnamed(&u->a, &result->v[i].labels, rule->n_labels);
		for (k = 0; k < rule->n_labels; k++)
			set_label(&l[i], rule->label[k].name, rule->label[k].text);
		labels_sort(&l[i]);
		ids_of(&seen, SV(""), &l[i], &fresh);
	}
	ids_free(&seen);
	if (!fresh)
		return err_set(u->why, ERR_USAGE, "vector contains metrics with the same labelset after applying rule labels");
	for (i = 0; i < result->n; i++)
		record(u, rule->name, &l[i], result->v[i].point[0].v);
	return 0;
}

/* ----- alerting ----------------------------------------------------------------------------- */

static void
change(struct turn *u, struct replay_alert *a, enum alert_state to)
{
	*vec_add(&a->change) = (struct alert_change){u->t, to, a->value};
	a->state = to;
}

static void
note_peak(struct turn *u, struct replay_alert *a)
{
	bool further = u->rule->below ? a->value < a->peak : a->value > a->peak;

	if (!isnan(a->value) && (isnan(a->peak) || further)) {
		a->peak = a->value;
		a->peak_at = u->t;
	}
}

static struct labels
alert_labels(struct turn *u, const struct pq_result_series *s)
{
	const struct rule *rule = u->rule->rule;
	struct labels l = unnamed(&u->a, &s->labels, rule->n_labels + 1);
	size_t k;

	for (k = 0; k < rule->n_labels; k++)
		set_label(&l, rule->label[k].name, expand(u, rule->label[k].value, &s->labels, s->point[0].v, &u->a));
	set_label(&l, SV("alertname"), rule->name);
	labels_sort(&l);
	return l;
}

static void
annotate(struct turn *u, struct replay_alert *a, const struct pq_result_series *s)
{
	const struct rule *rule = u->rule->rule;
	size_t k;

	a->annotated_at = u->t;
	a->annotated = s->point[0].v;
	arena_free(&a->text);
	a->annotation = arena_new(&a->text, rule->n_annotations, sizeof(*a->annotation));
	for (k = 0; k < rule->n_annotations; k++)
		a->annotation[k] = expand(u, rule->annotation[k].value, &s->labels, s->point[0].v, &a->text);
}

/* Each element of the result makes its alert active. -1: the rule failed, and nothing has changed. */
static int
take_result(struct turn *u, const struct pq_result *result)
{
	struct replay_rule *rule = u->rule;
	struct labels *l = arena_new(&u->a, result->n, sizeof(*l));
	struct ids seen = {0};
	struct replay_alert *a;
	bool fresh = true;
	size_t i;

	for (i = 0; i < result->n && fresh; i++) {
		l[i] = alert_labels(u, &result->v[i]);
		ids_of(&seen, SV(""), &l[i], &fresh);
	}
	ids_free(&seen);
	if (!fresh)
		return err_set(u->why, ERR_USAGE, "vector contains metrics with the same labelset after applying alert labels");
	for (i = 0; i < result->n; i++) {
		size_t id = ids_of(&rule->ids, SV(""), &l[i], &fresh);

		if (fresh) {
			a = vec_add(&rule->alert);
			a->labels = rule->ids.key.v[id].labels;
			a->peak = NAN;
		}
		a = &rule->alert.v[id];
		a->value = result->v[i].point[0].v;
		a->returned = true;
		annotate(u, a, &result->v[i]);
		if (a->state == ALERT_INACTIVE) {
			a->active_at = u->t;
			change(u, a, ALERT_PENDING);
		}
		a->keep_since = TIME_NONE;
		note_peak(u, a);
	}
	return 0;
}

/* Does it fire on though it was not returned? */
static bool
keeps_firing(struct turn *u, struct replay_alert *a)
{
	if (a->state != ALERT_FIRING || u->rule->rule->keep == 0)
		return false;
	if (a->keep_since == TIME_NONE)
		a->keep_since = u->t;
	return u->t - a->keep_since < u->rule->rule->keep;
}

static void
record_alert(struct turn *u, const struct replay_alert *a)
{
	struct labels l = unnamed(&u->a, &a->labels, 1);

	record(u, SV(FOR_STATE), &l, floor((double)a->active_at / 1000));
	set_label(&l, SV("alertstate"), sv_of(alert_state_text(a->state)));
	labels_sort(&l);
	record(u, SV(ALERTS), &l, 1);
}

static int
run_alert(struct turn *u, const struct pq_result *result)
{
	struct replay_rule *rule = u->rule;
	struct replay_alert *a;
	size_t i, active = 0;

	if (take_result(u, result) < 0)
		return -1;
	for (i = 0; i < rule->alert.n; i++) {
		a = &rule->alert.v[i];
		if (a->state == ALERT_INACTIVE)
			continue;
		if (!a->returned && !keeps_firing(u, a)) {
			change(u, a, ALERT_INACTIVE);
			continue;
		}
		active++;
		if (a->state == ALERT_PENDING && u->t - a->active_at >= rule->rule->hold)
			change(u, a, ALERT_FIRING);
	}
	for (i = 0; i < rule->alert.n; i++)
		rule->alert.v[i].returned = false;
	if (over_limit(u, active) < 0) {
		for (i = 0; i < rule->alert.n; i++)
			if (rule->alert.v[i].state != ALERT_INACTIVE)
				change(u, &rule->alert.v[i], ALERT_INACTIVE);
		return -1;
	}
	for (i = 0; i < rule->alert.n; i++)
		if (rule->alert.v[i].state != ALERT_INACTIVE)
			record_alert(u, &rule->alert.v[i]);
	return 0;
}

static int
run(struct turn *u)
{
	struct replay_rule *rule = u->rule;
	struct pq_result result;
	int rc;

	if (rule->rule->expr == NULL)
		return 0;
	rule->evaluations++;
	u->r->overlay.now = u->at;
	rc = evaluate(u, rule->rule->expr, u->at, &u->a, &result, u->why);
	if (rc == 0) {
		rule->returned += result.n > 0;
		rc = rule->rule->alert ? run_alert(u, &result) : run_recording(u, &result);
	}
	if (rc == 0) {
		mark_stale(u);
		return 0;
	}
	rule->series.n = 0;
	if (is_trouble(u->why)) {
		*u->e = *u->why;
		return -1;
	}
	if (rule->failures++ == 0) {
		rule->error = arena_sv(&u->r->arena, sv_of(u->why->msg));
		rule->error_at = u->t;
	}
	return 0;
}

int
turn_run(struct replay *r, struct replay_rule *rule, int64_t t, struct err *e)
{
	struct err why = {0};
	struct turn u = {.r = r, .rule = rule, .t = t, .at = t - rule->group->offset, .why = &why, .e = e};
	int rc = run(&u);

	arena_free(&u.a);
	return rc;
}
