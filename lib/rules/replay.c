#include "rules/replay.h"

#include <stdlib.h>

#include "rules/turn.h"

const char *
alert_state_text(enum alert_state s)
{
	static const char *const text[] = {"inactive", "pending", "firing"};

	return text[s];
}

static int
run_group(struct replay *r, size_t first, const struct rule_group *g, int64_t t, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < g->n && rc == 0; i++)
		rc = turn_run(r, &r->rule[first + i], t, e);
	return rc;
}

/* Is it small values that the comparison at the top keeps? */
static bool
alerts_below(const struct pq_expr *x)
{
	x = pq_strip(x);
	if (x == NULL || x->kind != PQ_BINARY)
		return false;
	if (x->binary.op == PQ_OP_AND || x->binary.op == PQ_OP_UNLESS)
		return alerts_below(x->binary.left);
	if (x->binary.left->type == PQ_SCALAR)
		return x->binary.op == PQ_OP_GT || x->binary.op == PQ_OP_GE;
	return x->binary.op == PQ_OP_LT || x->binary.op == PQ_OP_LE;
}

static int64_t
interval_of(const struct replay *r, const struct rule_group *g)
{
	int64_t usual = r->opts.interval > 0 ? r->opts.interval : RULES_INTERVAL;

	return g->interval > 0 && !r->opts.one_interval ? g->interval : usual;
}

void
replay_open(struct replay *r, const struct rules *rules, struct pq_source *source, const struct replay_opts *o)
{
	size_t i, k, n = 0;

	*r = (struct replay){.opts = *o, .rules = rules};
	overlay_init(&r->overlay, source);
	for (i = 0; i < rules->n; i++)
		n += rules->group[i].n;
	r->rule = arena_new(&r->arena, n, sizeof(*r->rule));
	r->next = arena_new(&r->arena, rules->n, sizeof(*r->next));
	for (i = 0; i < rules->n; i++) {
		const struct rule_group *g = &rules->group[i];
		int64_t every = interval_of(r, g), off = o->start % every;

		r->next[i] = o->one_interval || off == 0 ? o->start : o->start - off + (off > 0 ? every : 0);
		for (k = 0; k < g->n; k++) {
			r->rule[r->n++] = (struct replay_rule){.rule = &g->rule[k], .group = g, .below = alerts_below(g->rule[k].expr)};
			if (o->one_interval)
				continue; /* tests may give the series that rules record */
			overlay_hide(&r->overlay, g->rule[k].alert ? SV(ALERTS) : g->rule[k].name);
			if (g->rule[k].alert)
				overlay_hide(&r->overlay, SV(FOR_STATE));
		}
	}
}

int
replay_at(struct replay *r, int64_t t, struct err *e)
{
	size_t i, first = 0;
	int rc = 0;

	r->steps++;
	for (i = 0; i < r->rules->n && rc == 0; i++) {
		const struct rule_group *g = &r->rules->group[i];

		if (r->next[i] == t) {
			rc = run_group(r, first, g, t, e);
			r->next[i] += interval_of(r, g);
		}
		first += g->n;
	}
	return rc;
}

/* How long each state lasted. What is not over lasts to the end. */
static void
sum_up(struct replay *r, struct replay_alert *a)
{
	size_t i;

	a->pending = a->firing = 0;
	for (i = 0; i < a->change.n; i++) {
		int64_t to = i + 1 < a->change.n ? a->change.v[i + 1].t : r->opts.end;

		if (a->change.v[i].to == ALERT_PENDING)
			a->pending += to - a->change.v[i].t;
		else if (a->change.v[i].to == ALERT_FIRING)
			a->firing += to - a->change.v[i].t;
	}
}

int
replay_run(struct replay *r, struct err *e)
{
	int64_t t;
	size_t i, k;

	for (;;) {
		t = INT64_MAX;
		for (i = 0; i < r->rules->n; i++)
			t = r->next[i] < t ? r->next[i] : t;
		if (r->rules->n == 0 || t > r->opts.end)
			break;
		if (replay_at(r, t, e) < 0)
			return -1;
	}
	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->rule[i].alert.n; k++)
			sum_up(r, &r->rule[i].alert.v[k]);
	return 0;
}

void
replay_close(struct replay *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		for (k = 0; k < r->rule[i].alert.n; k++) {
			vec_free(&r->rule[i].alert.v[k].change);
			arena_free(&r->rule[i].alert.v[k].text);
		}
		vec_free(&r->rule[i].alert);
		vec_free(&r->rule[i].series);
		vec_free(&r->rule[i].series_before);
		ids_free(&r->rule[i].ids);
	}
	vec_free(&r->query);
	overlay_free(&r->overlay);
	arena_free(&r->arena);
}

static int
by_from(const void *a, const void *b)
{
	const struct replay_span *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

void
replay_firing(const struct replay *r, const struct replay_rule *rule, struct arena *a, struct replay_span **out, size_t *n)
{
	VEC(struct replay_span) all = {0};
	size_t i, k;

	for (i = 0; i < rule->alert.n; i++)
		for (k = 0; k < rule->alert.v[i].change.n; k++) {
			const struct alert_change *c = &rule->alert.v[i].change.v[k];
			bool open = k + 1 == rule->alert.v[i].change.n;

			if (c->to == ALERT_FIRING)
				*vec_add(&all) = (struct replay_span){c->t, open ? r->opts.end : c[1].t, open};
		}
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_from);
	for (i = 0, *n = 0; i < all.n; i++) {
		struct replay_span *last = *n > 0 ? &all.v[*n - 1] : NULL;

		if (last != NULL && all.v[i].from <= last->to) {
			last->open = last->open || all.v[i].open;
			last->to = all.v[i].to > last->to ? all.v[i].to : last->to;
		} else {
			all.v[(*n)++] = all.v[i];
		}
	}
	*out = arena_keep(a, all.v, all.n, sizeof(*all.v));
}
