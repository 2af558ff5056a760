/*
 * json - writes JSON text, two blanks an indent, keys in the order given.
 *
 *	struct json j = {.out = &sb};
 *	json_map(&j, NULL);
 *	json_str(&j, "verdict", SV("PASS"));
 *	json_list(&j, "criteria"); ... json_end(&j);
 *	json_end(&j);			// ends with a newline at the outermost level
 *
 * key is NULL inside a list and at the top. Each byte that is not UTF-8 becomes
 * U+FFFD; characters that clean.h would not show are written as \uNNNN. A list
 * or map more than DOC_MAX_DEPTH levels deep is written as null.
 */
#ifndef SOAK_BASE_JSON_H
#define SOAK_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/doc.h"
#include "base/str.h"

struct json {
	struct sb *out;
	int depth;
	bool compact;       /* no blanks and no newline, also not at the end */
	unsigned char kind[DOC_MAX_DEPTH];
	bool some[DOC_MAX_DEPTH + 1];
};

void json_map(struct json *j, const char *key);
void json_list(struct json *j, const char *key);
void json_end(struct json *j);
void json_str(struct json *j, const char *key, struct sv v);
/* NULL s writes null. */
void json_cstr(struct json *j, const char *key, const char *s);
/* Shortest round-trip; NaN and Inf, which JSON does not have, write null. */
void json_num(struct json *j, const char *key, double v);
void json_int(struct json *j, const char *key, int64_t v);
void json_bool(struct json *j, const char *key, bool v);
void json_null(struct json *j, const char *key);
/* RFC 3339 text; TIME_NONE writes null. */
void json_time(struct json *j, const char *key, int64_t ms);
/*
 * A whole tree (NULL writes null). Numbers keep their text where it is a JSON
 * number (YAML's 0x1F and .5 are not).
 */
void json_doc(struct json *j, const char *key, const struct doc *d);
/* v as a JSON string literal with its quotes, appended to out. */
void json_quote(struct sb *out, struct sv v);
/* Length of the number (RFC 8259, section 6) that v starts with; 0 if none. */
size_t json_number(struct sv v);

#endif
