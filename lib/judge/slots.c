#include "judge/slots.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"

#define MAX_SLOTS 100000

int
slots_plan(struct arena *a, const struct doc *spec, struct slot_plan *p, struct err *e)
{
	const struct doc *stand_in = doc_get(spec, "stand_in");
	struct sv tolerance;

	*p = (struct slot_plan){.tolerance = TIME_HOUR};
	if (profile_text(spec, "result", &p->result, e) < 0 || profile_text(spec, "suite", &p->suite, e) < 0 ||
	    profile_text(spec, "tolerance", &tolerance, e) < 0)
		return -1;
	if (tolerance.n > 0 && !time_duration(tolerance, &p->tolerance))
		return doc_err(doc_get(spec, "tolerance"), e, "'tolerance' must be a duration, such as 1h");
	if (doc_get(spec, "at") != NULL && (p->daily = profile_daily(a, spec, e)) == NULL)
		return -1;
	if (stand_in != NULL && (stand_in->kind != DOC_NUMBER || !num_parse_int(stand_in->text, &p->stand_in) ||
	    p->stand_in < 1 || p->stand_in > 100))
		return doc_err(stand_in, e, "'stand_in' must be a whole number of slots, at least 1");
	return 0;
}

static enum slot_status
status_of(struct sv status)
{
	if (sv_is(status, "incomplete"))
		return SLOT_CUT;
	if (sv_is(status, "fail") || sv_is(status, "error"))
		return SLOT_FAILED;
	return sv_is(status, "pass") ? SLOT_DONE : SLOT_UNKNOWN;
}

/* One more source of a run. */
static void
add_source(struct slots *s, struct slot_run *run, const struct store_result *r)
{
	enum slot_status status = status_of(r->status);

	run->disputed |= run->sources > 0 && status < SLOT_CUT && run->status < SLOT_CUT && status != run->status;
	/* What one log broke off the other may have whole; what one calls failed is not made good by the other. */
	if (run->sources++ == 0 || (run->status >= SLOT_CUT && status < run->status) ||
	    (run->status == SLOT_DONE && status == SLOT_FAILED)) {
		run->status = status;
		run->name = arena_sv(&s->arena, r->name);
		run->text = arena_sv(&s->arena, r->text);
		run->source = sv_of(arena_fmt(&s->arena, "%" SV_FMT ":%" PRId64, SV_ARG(r->source), r->line));
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct slot_run *x = a, *y = b;

	return (x->t > y->t) - (x->t < y->t);
}

int
slots_read(struct judging *j, const struct slot_plan *p, struct span span, struct slots *out, struct err *e)
{
	VEC(struct slot_run) all = {0};
	VEC(int64_t) content = {0};
	struct store_result r;
	struct store_rows *rows;
	size_t i;
	int rc;

	*out = (struct slots){0};
	if (j->store == NULL)
		return 0;
	if ((rows = store_results_open(j->store, e)) == NULL)
		return -1;
	while ((rc = store_results_next(rows, &r, e)) > 0) {
		if (!sv_eq(r.kind, p->result) || (p->suite.n > 0 && !sv_glob(p->suite, r.suite)) || r.t == TIME_NONE ||
		    r.t < span.from - p->tolerance || r.t > span.to + p->tolerance)
			continue;
		for (i = 0; i < all.n && all.v[i].t != r.t; i++)
			;
		if (i == all.n)
			vec_add(&all)->t = r.t;
		add_source(out, &all.v[i], &r);
		for (i = 0; i < content.n && content.v[i] != r.content; i++)
			;
		if (i == content.n)
			*vec_add(&content) = r.content;
	}
	store_rows_close(rows);
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_time);
	out->n_contents = content.n;
	out->content = arena_keep(&out->arena, content.v, content.n, sizeof(*content.v));
	out->n_runs = all.n;
	out->run = arena_keep(&out->arena, all.v, all.n, sizeof(*all.v));
	return rc;
}

static int
make_slots(struct judging *j, const struct slot_plan *p, struct span span, struct slots *out, struct err *e)
{
	VEC(struct slot) all = {0};
	int64_t t;

	for (t = daily_next(p->daily, j->profile->zone, span.from); t < span.to && all.n <= MAX_SLOTS;
	    t = daily_next(p->daily, j->profile->zone, t + 1))
		vec_add(&all)->t = t;
	out->n = all.n;
	out->slot = arena_keep(&out->arena, all.v, all.n, sizeof(*all.v));
	return out->n <= MAX_SLOTS ? 0 : err_set(e, ERR_LIMIT, "more than %d slots", MAX_SLOTS);
}

struct pair { /* a run that may be a slot's */
	int64_t off;
	size_t slot, run;
};

static int
by_distance(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return (x->run > y->run) - (x->run < y->run);
}

static void
assign(const struct slot_plan *p, struct slots *s)
{
	VEC(struct pair) pairs = {0};
	size_t i, k;
	int64_t off;

	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->n_runs; k++) {
			off = s->run[k].t < s->slot[i].t ? s->slot[i].t - s->run[k].t : s->run[k].t - s->slot[i].t;
			if (off <= p->tolerance)
				*vec_add(&pairs) = (struct pair){off, i, k};
		}
	if (pairs.n > 1)
		qsort(pairs.v, pairs.n, sizeof(*pairs.v), by_distance);
	for (i = 0; i < pairs.n; i++) {
		struct slot *slot = &s->slot[pairs.v[i].slot];
		struct slot_run *run = &s->run[pairs.v[i].run];

		if (slot->run != NULL || run->used)
			continue;
		slot->run = run;
		run->used = true;
	}
	vec_free(&pairs);
}

/* A run of no slot, done by hand, stands for the missing ones before it: "SKIPPED (run at 07:25)". */
static void
stand_in(const struct slot_plan *p, struct slots *s)
{
	size_t i, k;
	int64_t left;

	for (k = 0; k < s->n_runs; k++) {
		if (s->run[k].used || s->run[k].status >= SLOT_CUT)
			continue;
		left = p->stand_in;
		for (i = s->n; i > 0 && left > 0; i--) {
			struct slot *slot = &s->slot[i - 1];

			if (slot->t >= s->run[k].t)
				continue;
			if (slot->run != NULL || slot->stands_in != NULL)
				break;
			slot->stands_in = &s->run[k];
			s->run[k].used = true;
			left--;
		}
	}
}

/* Which missing slots an artifact would have told of: it tells of others, covers that time and was understood. */
static int
mark_told(struct judging *j, const struct slot_plan *p, struct slots *s, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(j->store, e);
	struct store_artifact a;
	size_t i, k;
	bool tells;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0) {
		if (a.superseded || !a.complete || a.problems > 0 || a.first_ms == TIME_NONE)
			continue;
		for (k = 0, tells = false; k < s->n_contents && !tells; k++)
			tells = s->content[k] == a.content;
		for (i = 0; tells && i < s->n; i++)
			if (s->slot[i].run == NULL && a.first_ms <= s->slot[i].t - p->tolerance &&
			    a.last_ms >= s->slot[i].t + p->tolerance)
				s->slot[i].told = true;
	}
	store_rows_close(rows);
	return rc;
}

int
slots_assign(struct judging *j, const struct slot_plan *p, struct span span, struct slots *out, struct err *e)
{
	if (make_slots(j, p, span, out, e) < 0)
		return -1;
	assign(p, out);
	stand_in(p, out);
	return j->store == NULL ? 0 : mark_told(j, p, out, e);
}

void
slots_free(struct slots *s)
{
	arena_free(&s->arena);
}
