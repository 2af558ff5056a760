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
	unsigned char align; /* base64: which of three */
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

/* What text stands for, up to where it is no longer written so; max bytes. Replaces out. */
void secret_decode(enum secret_how how, struct sv text, size_t max, struct sb *out);
/* Bits a character. */
double secret_entropy(struct sv v);
/* Is it what the rule means? */
bool secret_checked(const struct rule *r, struct sv value);
/* An example with its {kind:n} replaced. */
void secret_expand(struct sv example, struct sb *out);

#endif
