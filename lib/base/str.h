/*
 * str - text: a borrowed view (struct sv) and an owned builder (struct sb).
 *
 * A view points into somebody else's bytes and is never freed; it need not
 * end in NUL and may hold any byte. A builder owns its bytes; buf is never
 * NULL once something was added and always ends in NUL after n bytes.
 *
 *	struct sb s = {0};
 *	sb_addf(&s, "%d of %d", 3, 8);
 *	puts(sb_str(&s));
 *	sb_free(&s);
 */
#ifndef SOAK_BASE_STR_H
#define SOAK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct sv {
	const char *p;
	size_t n;
};

/* printf("%" SV_FMT, SV_ARG(v)) */
#define SV_FMT ".*s"
#define SV_ARG(v) (int)((v).n > 4096 ? 4096 : (v).n), (v).p
/* A view of a string literal, usable in initialisers of automatic objects. */
#define SV(lit) ((struct sv){(lit), sizeof(lit) - 1})

/* A view of a NUL-terminated string; s may be NULL (an empty view). */
struct sv sv_of(const char *s);

bool sv_eq(struct sv a, struct sv b);
bool sv_is(struct sv a, const char *s);
/* Bytewise order, shorter first: <0, 0, >0. */
int sv_cmp(struct sv a, struct sv b);
/*
 * Natural order of names, <0, 0, >0: runs of digits compare as numbers ("h2" before "h10"), names that differ only in
 * leading zeros bytewise. Total: 0 only when the bytes are equal.
 */
int sv_natural(struct sv a, struct sv b);
bool sv_starts(struct sv a, const char *prefix);
bool sv_ends(struct sv a, const char *suffix);
/* a without ASCII blanks (space, \t, \r, \n, \v, \f) at both ends. */
struct sv sv_trim(struct sv a);
/* a from byte i on (empty when i is past the end). */
struct sv sv_from(struct sv a, size_t i);
/* a's first n bytes (all when n is past the end). */
struct sv sv_head(struct sv a, size_t n);
/* Index of the first byte c, or a.n when there is none. */
size_t sv_chr(struct sv a, char c);
/* Index of the first occurrence of needle, or a.n when there is none. */
size_t sv_find(struct sv a, struct sv needle);
/*
 * Takes the first field of *rest up to sep (which is swallowed) into *field;
 * false when *rest is used up (p == NULL). "a,,b" has three fields, "" one.
 */
bool sv_split(struct sv *rest, char sep, struct sv *field);
/* The part after the last '/'. */
struct sv sv_base(struct sv path);
/*
 * Does name match the shell glob pat: '*' any run of bytes, '?' one byte,
 * everything else itself. A pattern without '/' is matched against name's
 * base name (docs/rules.md 6).
 */
bool sv_glob(struct sv pat, struct sv name);

struct sb {
	char *buf;
	size_t n, cap;
};

void sb_free(struct sb *s);
/* Empties s but keeps its memory. */
void sb_reset(struct sb *s);
void sb_add(struct sb *s, const void *p, size_t n);
void sb_adds(struct sb *s, const char *str);
void sb_addv(struct sb *s, struct sv v);
void sb_addc(struct sb *s, char c);
void sb_addf(struct sb *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The text so far, NUL-terminated; borrowed until the next change. Never NULL. */
const char *sb_str(const struct sb *s);
struct sv sb_sv(const struct sb *s);
/* Hands the bytes (NUL-terminated) to the caller, who frees; s is empty again. */
char *sb_take(struct sb *s);

#endif
