/*
 * secret - keys, tokens and passwords in bytes of any kind, by rules that are data (templates/secrets.yaml).
 *
 * One pass: pairs of bytes pick out the places where a rule's keyword may stand, the rule's pattern decides there. Each keyword is
 * also looked for as URL, JSON, HTML, base64 and UTF-16/32 write it; what follows is decoded one level. Long runs of hex and base64 over
 * several lines are decoded and looked at again (runs.c). What was found is never kept.
 */
#ifndef SOAK_SECRET_SECRET_H
#define SOAK_SECRET_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/io.h"

struct secret_rules;

struct secret_rule {
	const char *id, *title;
	bool review; /* listed only; else it is refused */
};

/* NULL with e set (file:line:col: what). Caller frees. */
struct secret_rules *secret_rules_load(const char *path, struct err *e);
void secret_rules_free(struct secret_rules *r); /* NULL is fine */
size_t secret_rules_count(const struct secret_rules *r);
const struct secret_rule *secret_rules_at(const struct secret_rules *r, size_t i);
/*
 * Runs the rules' own examples: say(ctx, text) per failure; how many failed. In an example {alnum:36} stands for so many
 * characters that are made here: no file of ours holds what looks like a key.
 */
int secret_rules_test(const struct secret_rules *r, void (*say)(void *ctx, const char *text), void *ctx);

/* SECRET_WIDE: UTF-16 or UTF-32. Its offset and length may be those of the text without its zeros. */
enum secret_how { SECRET_PLAIN, SECRET_URL, SECRET_JSON, SECRET_HTML, SECRET_BASE64, SECRET_HEX, SECRET_WIDE, SECRET_NAME };
const char *secret_how_text(enum secret_how how);

struct secret_hit {
	const struct secret_rule *rule;
	enum secret_how how;
	int64_t line;      /* from 1; 0: of a name */
	int64_t offset;    /* in bytes, of what is written there */
	int64_t length;    /* of what is written there */
	struct sv value;   /* decoded; for those who redact; valid during the call */
};
/* 0 to go on, -1 to stop. */
typedef int secret_hit_fn(void *ctx, const struct secret_hit *hit, struct err *e);

/* A scanner: several may use one set of rules, each in a thread of its own. */
struct secret_scan;
struct secret_scan *secret_scan_new(const struct secret_rules *r);
void secret_scan_free(struct secret_scan *s); /* NULL is fine */

/*
 * Bytes in pieces, then the end: each place once a rule, in the order of the offsets but for those in runs. 0 or -1. Memory is bounded: what is
 * longer than 4 KiB is looked at by its beginning.
 */
int secret_scan_add(struct secret_scan *s, const void *p, size_t n, secret_hit_fn *hit, void *ctx, struct err *e);
int secret_scan_end(struct secret_scan *s, secret_hit_fn *hit, void *ctx, struct err *e);
/* All of a source. */
int secret_scan_src(struct secret_scan *s, struct io_src *src, secret_hit_fn *hit, void *ctx, struct err *e);
/* Forgets what was added: for text that broke off and is looked at anew. */
void secret_scan_reset(struct secret_scan *s);
/* A file's name: names that keys have, and what stands in it. */
int secret_scan_name(struct secret_scan *s, struct sv name, secret_hit_fn *hit, void *ctx, struct err *e);

#endif
