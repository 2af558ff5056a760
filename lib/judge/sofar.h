/*
 * sofar - a verdict while the run still goes on: what passes so far, what is lost already, and what is owed by when.
 *
 * The run is judged up to the last moment that the store knows. A failure is final only where nothing that is still to
 * come could mend it; docs/rules.md 21.
 */
#ifndef SOAK_JUDGE_SOFAR_H
#define SOAK_JUDGE_SOFAR_H

#include "judge/judge.h"

enum sofar_state {
	SOFAR_PASSING, /* met as far as can be seen */
	SOFAR_FAILED,  /* failed, or cannot pass any more */
	SOFAR_BEHIND,  /* not met now, and may be in the end */
	SOFAR_OWED,    /* cannot be said yet */
	SOFAR_LOST,    /* can never be decided any more */
};
/* "passing", "failed", "behind", "owed", "lost" */
const char *sofar_state_text(enum sofar_state s);

struct sofar_line {
	struct sv id, title, sentence;
	struct sv owed; /* what is still to come for it; "" nothing */
	int64_t by;     /* until when; TIME_NONE unknown, or nothing */
	enum sofar_state state;
	bool required;
};

struct sofar {
	int64_t as_of, planned; /* TIME_NONE: unknown */
	bool over;              /* the run has ended: the verdict is the last one */
	int status;             /* 0 passing so far, 1 failed or cannot pass any more, 3 too early */
	struct sv headline;
	struct sofar_line *line;
	size_t n;
};

/* From a verdict that judge_run() reached with opts.so_far. Memory is the verdict's. */
void sofar_of(struct verdict *v, struct sofar *out);

/* For a person; for programs (one JSON document). Both append. */
void sofar_text(const struct verdict *v, const struct sofar *s, struct sb *out);
void sofar_json(const struct verdict *v, const struct sofar *s, struct sb *out);

#endif
