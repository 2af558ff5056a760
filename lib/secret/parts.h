/*
 * parts - what the files of lib/secret share: a rule as it is used, decoders, checks.
 */
#ifndef SOAK_SECRET_PARTS_H
#define SOAK_SECRET_PARTS_H

#include "base/arena.h"
#include "base/mem.h"
#include "base/regex.h"
#include "secret/secret.h"

#define SECRET_WINDOW 4096 /* bytes behind a keyword that a pattern may see */
#define SECRET_BEHIND 256  /* and before it */

enum secret_check { CHECK_NONE, CHECK_JWT, CHECK_BASIC, CHECK_PASSWORD };

struct rule {
	struct secret_rule shown; /* first */
	const char *pattern;
	int group;                /* the secret itself */
	double entropy;           /* bits a character, at least */
	enum secret_check check;
	bool any_case;
	struct sv *allow;         /* patterns of what is no secret */
	size_t n_allow;
	struct sv *keyword, *name; /* name: globs of file names */
	size_t n_keywords, n_names;
	struct sv *example, *innocent;
	size_t n_examples, n_innocents;
};

/* A keyword as it may be written. */
struct needle {
	struct sv text;
	size_t rule;
	enum secret_how how;
	unsigned char align; /* base64: which of three; wide: bytes a character */
	unsigned char pair;  /* where its rarest two bytes stand */
	bool any_case;
};

struct secret_rules {
	struct arena arena;
	struct rule *rule;
	size_t n;
	VEC(struct needle) needle;
	uint64_t pair[65536 / 64];   /* may these two bytes be a needle's rarest? */
	uint32_t *at;                /* needles by pair: at[p] to at[p + 1] in order */
	uint32_t *order;
};

/* The needles of all keywords, and their index. */
void secret_index(struct secret_rules *r);

/* A run of hex digits or wrapped base64 under way: where its bytes go. */
struct secret_runs;

struct secret_scan {
	const struct secret_rules *rules;
	struct regex **pattern; /* by rule: a regex is not for two threads at once */
	struct regex ***allow;
	unsigned char *buf;     /* what is looked at: SECRET_BEHIND bytes that were, then pos to n */
	size_t pos, n, cap;
	int64_t base;           /* offset of buf[0] */
	int64_t line;           /* of counted */
	size_t counted;         /* newlines are counted up to here */
	int64_t *until;         /* by rule: where its last hit ended */
	struct sb text, before;
	bool wide;              /* UTF-16 or UTF-32: zeros are dropped */
	bool borrows;           /* patterns are another scanner's */
	struct secret_runs *runs; /* NULL: runs are not looked into */
};

/* A scanner that uses another one's patterns and does not look into runs; s must outlive it. */
struct secret_scan *secret_scan_inner(const struct secret_scan *s);

struct secret_runs *secret_runs_new(const struct secret_scan *s);
void secret_runs_free(struct secret_runs *r); /* NULL is fine */
/* Runs in s from pos to end of its buffer; the last time (the buffer's end is the text's) they end there. 0 or -1. */
int secret_runs_look(struct secret_scan *s, size_t end, bool last, secret_hit_fn *hit, void *ctx, struct err *e);
void secret_runs_restart(struct secret_runs *r);

/* UTF-16/32, either byte order, unit bytes a character, as far as it is ASCII; max bytes. Replaces out. */
void secret_narrow(struct sv text, size_t unit, size_t max, struct sb *out);
/* What text stands for, up to where it is no longer written so; max bytes. Replaces out. */
void secret_decode(enum secret_how how, struct sv text, size_t max, struct sb *out);
/* Bits a character. */
double secret_entropy(struct sv v);
/* Is it what the rule means? */
bool secret_checked(const struct rule *r, struct sv value);
/* An example with its {kind:n} replaced. */
void secret_expand(struct sv example, struct sb *out);

#endif
