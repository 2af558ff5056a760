/*
 * reckon - what an expression of a claim comes to, and how far that may be off.
 *
 * Names are quantities (exact counter increases over the run), run.start, run.end and run.duration, facts of the run
 * and, in checks, the claims of one artifact: docs/rules.md 17.
 */
#ifndef SOAK_JUDGE_RECKON_H
#define SOAK_JUDGE_RECKON_H

#include "base/mem.h"
#include "judge/kind.h"

struct stated { /* a row of claim or run */
	struct sv path, text, source;
	double value; /* NaN: not a number */
	int64_t line, content;
};

/* A named quantity of the profile, once it was asked for. */
struct quantity {
	bool done;
	struct increase grew;
};

/* A number in an expression that may be off: by its rounding, or by what a restart hid. */
struct doubt {
	const void *of;
	double by;
	bool hidden;
};

struct reckoning {
	struct judging *j;
	struct stated *claim, *fact; /* claims in order of source and line */
	size_t n_claims, n_facts;
	struct quantity *quantity;
	/* of the expression under evaluation */
	int64_t content; /* names may be claims of this one; 0: of none */
	double covered;  /* worst coverage of a quantity used */
	VEC(struct doubt) doubts;
	size_t moved;    /* the doubt that is moved by its size for once: see reckon.c */
};

/* What an expression, or two, came to. */
struct reckoned {
	double left, right; /* NaN or infinite: divided by zero, or too large */
	double rounded, hidden; /* how far left - right may be off for the one reason and the other */
	double covered;         /* worst share of the run that a quantity in it was seen for; 1 without any */
};

/* Reads claims and facts. 0 or -1. Free either way; what it read is owned by the verdict's arena. */
int reckon_open(struct reckoning *k, struct judging *j, struct err *e);
void reckon_close(struct reckoning *k);

/*
 * Evaluates both expressions (left may be empty: 0), in a check (content != 0) with the claims of that content as names.
 * 0, or -1 with what is not known.
 */
int reckon(struct reckoning *k, struct sv left, struct sv right, int64_t content, struct reckoned *r, struct err *e);

/* The rounding of a printed number: "99.04" may stand for anything within 0.005 of it. */
double reckon_rounding(struct sv text);

#endif
