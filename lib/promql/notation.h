/*
 * notation - the series of Prometheus' tests and of promtool's rule tests: 'up{job="a"} 1 0+10x20 _x3 stale'.
 *
 *	_  _xN           no sample, N times none
 *	V  VxN           a value; N + 1 times the same
 *	V+DxN  V-DxN     N + 1 values, each by D more (less) than the one before
 *	stale            a stale marker; stalexN and NaNxN (which upstream refuses) are N + 1 of them
 *	{{...}}          a native histogram, also with xN and +{{...}}xN: noted, not read
 *
 * Items stand apart by blanks; which times they have is up to the reader of them (memory_source.h: from, from + step, ...).
 */
#ifndef SOAK_PROMQL_NOTATION_H
#define SOAK_PROMQL_NOTATION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/labels.h"

enum pq_note_kind { PQ_NOTE_VALUE, PQ_NOTE_NONE, PQ_NOTE_STALE, PQ_NOTE_HISTOGRAM };

struct pq_note {
	enum pq_note_kind kind;
	double v; /* PQ_NOTE_VALUE */
};

struct pq_notation {
	struct sv name;       /* "" when there is none */
	struct labels labels; /* sorted, without __name__; empty ones are gone */
	struct pq_note *v;
	size_t n;
};

/* Values of one text; more are ERR_LIMIT. */
#define PQ_NOTES_MAX 5000000

/* A series and its values in one text, apart by a blank. All is owned by the arena. 0, or -1: "1:COL: parse error: ...". */
int pq_notation_parse(struct arena *a, struct sv text, struct pq_notation *out, struct err *e);
/* Only a series, 'up{job="a"}'. 0 or -1 as above. */
int pq_notation_series(struct arena *a, struct sv text, struct pq_notation *out, struct err *e);
/* Only values, '0+10x20 stale'; name and labels of out stay as they are. 0 or -1 as above. */
int pq_notation_values(struct arena *a, struct sv text, struct pq_notation *out, struct err *e);

#endif
