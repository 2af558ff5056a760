/*
 * chain - from a figure back to what it was made of: query, series, samples, artifacts, and lines where they are known.
 *
 * Works on a verdict just judged and its store. Which lines of an artifact hold the samples only the artifact itself
 * says (docs/rules.md 10): whoever has it reads it again and asks chain_has_point().
 */
#ifndef SOAK_JUDGE_CHAIN_H
#define SOAK_JUDGE_CHAIN_H

#include "judge/judge.h"

struct chain_series {
	int64_t id;
	struct sv name, text;  /* text: as PromQL writes it */
	struct labels labels;
	struct pq_sample first, last; /* of those used */
	size_t n;
};

struct chain_point { /* a sample used, by content, series and time */
	int64_t content;
	size_t series;
	int64_t t;
};

struct chain_source {
	int64_t content;
	struct sv name, sha256, format, time_source, time_why;
	int64_t time;    /* when it was taken, TIME_NONE: not one moment, or unknown */
	bool untimed;    /* its samples carry no times: all of a series in it are meant */
	size_t n;        /* samples of it that were used; 0: it is there as a whole */
};

struct chain_line { /* of an event, claim or fact */
	struct sv source, text;
	int64_t line;
};

struct chain {
	struct arena arena;
	struct sv id;
	const struct figure *figure; /* NULL: the id is not that of a number */
	struct sv about, sentence, method;
	struct sv query; /* "" none */
	struct sv rule;  /* "gateway-24h.yaml:118:5", where the profile asks for it; "" nowhere */
	int64_t from, to; /* times of the samples that may count; TIME_NONE unknown */
	struct chain_series *series;
	size_t n_series;
	struct chain_point *point; /* in order */
	size_t n_points;
	struct chain_source *source;
	size_t n_sources;
	struct chain_line *line;
	size_t n_lines;
};

/* 1; 0: no figure, criterion, claim, contradiction or evidence has that id; -1 with e set. Close either way. */
int chain_open(struct store *s, const struct verdict *v, struct sv id, struct chain *out, struct err *e);
void chain_close(struct chain *c);

/* Is it the series, with the labels that stand in an artifact (which may be fewer: the profile's inputs add some)? */
bool chain_is_series(const struct chain_series *s, struct sv name, const struct labels *l);
/* Was a sample of series number i that stands in the source (t TIME_NONE: without a time) used? */
bool chain_has_point(const struct chain *c, const struct chain_source *source, size_t i, int64_t t);

/* All ids that chain_open() knows, in the order of verdict.json. */
void chain_ids(const struct verdict *v, void (*fn)(void *ctx, struct sv id), void *ctx);

/*
 * A criterion's whole reasoning for a person: window, method, figures, ledger, bounds, findings, series, artifacts, what
 * would settle it. 1; 0 there is no such criterion; -1. Appends.
 */
int verdict_explain(struct store *s, const struct verdict *v, struct sv criterion, struct sb *out, struct err *e);
/* The chain as text; lines(ctx, source) gives "12-31, 40", or why not, and may be NULL. Appends. */
void chain_text(const struct chain *c, const char *(*lines)(void *ctx, size_t source), void *ctx, struct sb *out);

#endif
