/*
 * place_rows - every series at the slots where snapshots were placed, in one pass; what place_check looks at.
 */
#ifndef SOAK_INGEST_PLACE_ROWS_H
#define SOAK_INGEST_PLACE_ROWS_H

#include "ingest/place.h"

struct slot {
	int64_t t;
	const struct spot *spot; /* the first snapshot there */
};

/* The values of a series, or whether a family was there, at each slot. */
struct row {
	struct sv name;
	int64_t target;
	double *v;        /* NaN: not there */
	int64_t *content; /* of a target: which content spoke for it there */
	int *fell, *told; /* of a target: how many counters fell since its slot before, of how many */
	int check;        /* of the profile; -1: a family or a target */
};

struct checking {
	struct placing *p;
	VEC(struct slot) slots;  /* in order of time, each time once */
	VEC(int64_t) placed;     /* contents of the snapshots there, sorted: what has its times inside says nothing of them */
	VEC(struct row) rows;    /* families and crosschecked series */
	VEC(struct row) targets; /* v: 1 where it answered */
	double *v;               /* of the series at hand ... */
	int64_t *content;        /* ... and who says so */
	struct sv process_start;
};

/* Reads all of it. Memory is the placing's arena's, but for the three arrays: place_rows_free(). 0 or -1. */
int place_rows_read(struct checking *c, struct placing *p, struct err *e);
void place_rows_free(struct checking *c);

/* The row of a target, made when it is not there yet. */
struct row *place_target(struct checking *c, int64_t target);

#endif
