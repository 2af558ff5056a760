#include "judge/recovery.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "judge/eventlog.h"
#include "judge/query.h"

enum state { UNKNOWN, ILL, WELL };

struct look {
	int64_t t;
	enum state state;
};

struct looks {
	struct look *v;
	size_t n;
};

typedef VEC(struct fault) faults;

/* Do all series of it hold at t? A vector that is empty, or has a NaN, is not known. */
static int
look_at(struct judging *j, const struct comparison *c, int64_t t, enum state *state, struct err *e)
{
	struct pq_result left, right;
	size_t i;

	*state = UNKNOWN;
	if (query_range(j, c->left, t, t, 0, 0, &left, e) < 0 || query_range(j, c->right, t, t, 0, 0, &right, e) < 0)
		return -1;
	if (left.n == 0 || right.n == 0 || isnan(right.v[0].point[0].v))
		return 0;
	for (i = 0; i < left.n; i++)
		if (isnan(left.v[i].point[0].v))
			return 0;
	*state = WELL;
	for (i = 0; i < left.n; i++)
		if (!comparison_holds(c, left.v[i].point[0].v, right.v[0].point[0].v))
			*state = ILL;
	return 0;
}

/* What a comparison is at each sample of the span. */
static int
look_over(struct judging *j, const struct comparison *c, struct span s, struct sources *src, struct looks *out, struct err *e)
{
	struct pq_explanation ex;
	int64_t *t;
	size_t i;

	if (query_explain(j, c->left, s.from, s.to, s.to > s.from ? s.to - s.from : 0, &ex, e) < 0 ||
	    query_sources(src, j, &ex, e) < 0 || query_instants(j, c->left, s.from, s.to, &t, &out->n, e) < 0)
		return -1;
	out->v = arena_new(j->arena, out->n, sizeof(*out->v));
	for (i = 0; i < out->n; i++) {
		out->v[i].t = t[i];
		if (look_at(j, c, t[i], &out->v[i].state, e) < 0)
			return -1;
	}
	return 0;
}

static int
faults_of_event(struct judging *j, struct sv name, struct span s, struct sources *src, faults *f, struct err *e)
{
	struct eventlog log;
	const struct logged **found;
	size_t i, n;
	int rc = eventlog_read(j, &log, e);

	if (rc == 0) {
		found = mem_new(log.n, sizeof(*found));
		n = eventlog_find(&log, name, LOG_NEAREST, &s, 1, found);
		for (i = 0; i < n; i++) {
			*vec_add(f) = (struct fault){found[i]->t, found[i]->t};
			sources_name(src, found[i]->source);
			if (found[i]->manual)
				j->manual = sv_of(arena_fmt(j->arena, "the event %" SV_FMT, SV_ARG(name)));
		}
		mem_free(found);
	}
	eventlog_free(&log);
	return rc;
}

static int
faults_of_window(struct judging *j, struct sv name, struct span s, faults *f, struct err *e)
{
	const struct span *span;
	size_t i, n;
	int rc = judge_window(j, name, &span, &n, e);

	for (i = 0; rc > 0 && i < n; i++)
		if (span[i].to >= s.from && span[i].to < s.to)
			*vec_add(f) = (struct fault){span[i].to, span[i].to};
	return rc < 0 ? -1 : 0;
}

/* Where a comparison begins to hold that did not: somewhere between two samples. */
static int
faults_of_expression(struct judging *j, const struct comparison *c, struct span s, struct sources *src, faults *f,
    struct err *e)
{
	struct looks l;
	size_t i, ill = 0;
	bool was = false;

	if (look_over(j, c, s, src, &l, e) < 0)
		return -1;
	for (i = 0; i < l.n; i++) {
		if (l.v[i].state == ILL) {
			was = true;
			ill = i;
		} else if (l.v[i].state == WELL && was) {
			*vec_add(f) = (struct fault){l.v[ill].t, l.v[i].t};
			was = false;
		}
	}
	return 0;
}

/* Where it stops being healthy: the dependency came back after that, or the outage would not have begun. */
static void
faults_of_outages(const struct looks *l, faults *f)
{
	int64_t well = TIME_NONE;

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].state == ILL && (i == 0 || l->v[i - 1].state != ILL))
			*vec_add(f) = (struct fault){well != TIME_NONE ? well : l->v[i].t, INT64_MAX};
		if (l->v[i].state == WELL)
			well = l->v[i].t;
	}
}

/* One fault: from its end to the next one's. */
static void
one(const struct recovery_plan *p, const struct looks *l, struct fault f, int64_t until, struct recovered *r)
{
	int64_t ill = TIME_NONE, row = 0, first = TIME_NONE;
	bool open = f.to == INT64_MAX; /* where in the outage the fault ended is not known */
	size_t i;

	*r = (struct recovered){.fault = f, .high = TIME_NONE, .until = f.from};
	for (i = 0; i < l->n && l->v[i].t <= until; i++) {
		if (l->v[i].t <= f.from && !(open && l->v[i].t == f.from && l->v[i].state == ILL))
			continue;
		r->looks++;
		r->until = l->v[i].t;
		if (l->v[i].state != WELL) {
			row = 0;
			if (l->v[i].state == ILL) {
				r->seen = true;
				ill = l->v[i].t;
			}
			continue;
		}
		if (row++ == 0)
			first = l->v[i].t;
		if (row == p->hold) {
			r->high = first - f.from;
			break;
		}
	}
	if (!open && ill != TIME_NONE && ill > f.to)
		r->low = ill - f.to;
}

static int
find_faults(struct judging *j, const struct recovery_plan *p, struct span s, struct sources *src, faults *f, struct looks *l,
    struct err *e)
{
	switch (p->after) {
	case RECOVERY_EVENT:
		return faults_of_event(j, p->name, s, src, f, e);
	case RECOVERY_WINDOW:
		return faults_of_window(j, p->name, s, f, e);
	case RECOVERY_EXPR:
		return faults_of_expression(j, &p->back, s, src, f, e);
	case RECOVERY_OUTAGE:
		if (look_over(j, &p->healthy, s, src, l, e) < 0)
			return -1;
		faults_of_outages(l, f);
		break;
	}
	return 0;
}

/* Until when to look for the recovery from fault i: the next one begins anew, and nobody waits for ever. */
static int64_t
patience(const struct recovery_plan *p, const faults *f, size_t i, struct span s)
{
	int64_t wait = p->within < TIME_HOUR / 20 ? TIME_HOUR : p->within * 20, until = s.to;

	if (i + 1 < f->n)
		until = f->v[i + 1].from;
	return f->v[i].to != INT64_MAX && until - f->v[i].to > wait ? f->v[i].to + wait : until;
}

/* One more, in the arena. */
static struct recovered *
add(struct judging *j, struct recovery_data *out)
{
	struct recovered *v;

	if ((out->n & (out->n - 1)) == 0) { /* full at each power of two */
		v = arena_new(j->arena, out->n == 0 ? 1 : out->n * 2, sizeof(*v));
		if (out->n > 0)
			memcpy(v, out->v, out->n * sizeof(*v));
		out->v = v;
	}
	return &out->v[out->n++];
}

static int
in_span(struct judging *j, const struct recovery_plan *p, struct span s, struct sources *src, struct recovery_data *out,
    struct err *e)
{
	struct looks l = {0};
	faults f = {0};
	int64_t until;
	size_t i;
	int rc = find_faults(j, p, s, src, &f, &l, e);

	for (i = 0; i < f.n && rc == 0; i++) {
		until = patience(p, &f, i, s);
		if (p->after != RECOVERY_OUTAGE)
			rc = look_over(j, &p->healthy, (struct span){f.v[i].from, until}, src, &l, e);
		if (rc == 0)
			one(p, &l, f.v[i], until, add(j, out));
	}
	vec_free(&f);
	return rc;
}

int
recovery_measure(struct judging *j, const struct recovery_plan *p, const struct span *span, size_t n, struct sources *s,
    struct recovery_data *out, struct err *e)
{
	*out = (struct recovery_data){0};
	for (size_t i = 0; i < n; i++)
		if (in_span(j, p, span[i], s, out, e) < 0)
			return -1;
	if (out->n == 0)
		out->why = p->after == RECOVERY_OUTAGE ? SV("no outage was seen, so none was recovered from") :
		    SV("no fault is known to have ended");
	return 0;
}
