/*
 * lines - the verdict as a list of things that each passed or not: what the short outputs (junit, md, github, tsv) say.
 *
 * All of them print this list, so that they cannot disagree.
 */
#ifndef SOAK_JUDGE_LINES_H
#define SOAK_JUDGE_LINES_H

#include "base/mem.h"
#include "judge/judge.h"

struct verdict_line {
	const char *group; /* "decision", "criterion", "score", "evidence", "contradiction" */
	struct sv id, title, sentence, settle;
	enum outcome outcome;
	bool tolerated;    /* INCONCLUSIVE, and the profile says that it may be */
	const struct criterion_result *criterion; /* or NULL */
};

struct verdict_lines {
	struct arena arena;
	VEC(struct verdict_line) line;
};

/* The decision first, then what it rests on. strict: as judge_run() was told. Texts are the verdict's or the arena's. */
void lines_open(const struct verdict *v, bool strict, struct verdict_lines *out);
void lines_close(struct verdict_lines *l);

#endif
