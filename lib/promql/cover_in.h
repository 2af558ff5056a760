/*
 * cover_in - one selector while it is looked at, for cover.c and cover_series.c only.
 */
#ifndef SOAK_PROMQL_COVER_IN_H
#define SOAK_PROMQL_COVER_IN_H

#include "promql/explain.h"
#include "promql/stretches.h"

/* How a selector is used. */
struct cover_use {
	const struct pq_expr *x;
	bool absent;  /* absent() asks whether it is there */
	bool counter; /* rate() and its like */
};

/* A series, or what stands for one: all series of a metric at one target. */
struct cover_member {
	const struct pq_series *s;
	struct labels identity; /* its labels without those that name an instance */
	struct stretches seen;
	int64_t first, last;    /* of all it has */
	int64_t interval;       /* usual; 0: too few to tell */
	int64_t samples, gap;   /* of what is read */
	int64_t read_first, read_last;
	bool now;               /* a sample within the lookback */
};

struct coverer {
	struct pq_source *src;
	const struct pq_query *q;
	const struct pq_cover_opts *o;
	struct arena *a;
	struct pq_cover *out;
	VEC(struct cover_use) use;
	struct err *e;
};

/* A counter of the metric began anew at that target. */
struct cover_reset {
	int64_t target, t;
};

/* One selector. */
struct cover_look {
	struct coverer *c;
	const struct pq_reading *r;
	const struct cover_use *use;
	const struct pq_selector *sel;
	struct stretches owed;
	VEC(struct cover_member) m;
	VEC(struct cover_reset) reset; /* of counters */
	int64_t interval; /* of those that have one */
	int64_t pace;     /* of most series of the metric, where these are far apart; 0: not asked */
	bool by_birth;    /* members owe nothing before their first sample */
	bool note_resets;
};

/* How far back an instant selector looks, ms. */
int64_t cover_lookback(const struct cover_look *w);
/* How far apart its samples should be, ms; 0: not known. */
int64_t cover_usual(const struct cover_look *w, const struct cover_member *m);
/* Each series that the selector reads becomes a member. 0 or -1. */
int cover_take_series(struct cover_look *w, struct arena *a);
/* All series of the metric at one target become one member. 0 or -1. */
int cover_take_targets(struct cover_look *w, struct arena *a);
/* Forgets the members. */
void cover_drop(struct cover_look *w);

#endif
