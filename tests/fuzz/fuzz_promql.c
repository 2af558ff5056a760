/*
 * An expression is refused with a place, or its canonical text parses and is canonical. The same bytes are tried as a
 * regular expression: what RE2 would take must compile, unless it is too large for PCRE2.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"
#include "promql/promql.h"
#include "promql/regexp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_expression(struct sv text)
{
	struct sb once = {0}, twice = {0};
	struct arena a = {0};
	struct err e = {0};
	struct pq_expr *x = pq_parse(&a, text, &e);

	if (x == NULL && strstr(e.msg, ": parse error: ") == NULL && e.code != ERR_LIMIT)
		abort();
	if (x != NULL) {
		pq_format(x, &once);
		x = pq_parse(&a, sb_sv(&once), &e);
		if (x == NULL)
			abort();
		pq_format(x, &twice);
		if (!sv_eq(sb_sv(&once), sb_sv(&twice)))
			abort();
	}
	sb_free(&once);
	sb_free(&twice);
	arena_free(&a);
}

static void
try_matchers(struct sv text)
{
	const struct pq_selector *s;
	struct label pair = {SV("code"), SV("200")};
	struct labels l = {&pair, 1};
	struct arena a = {0};
	struct err e = {0};

	s = pq_parse_matchers(&a, text, &e);
	if (s == NULL && e.msg[0] == '\0')
		abort();
	if (s != NULL)
		pq_matches(s, SV("up"), &l, &e);
	arena_free(&a);
}

/* Why PCRE2 may still refuse: a bound of its own, an older Unicode, or a surrogate. */
static int
is_bound(const char *msg)
{
	static const char *const bounds[] = {"too large", "too deeply", "longer than the limit",
	    "unknown property", "0xd800", "too complicated"};
	size_t i;

	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (strstr(msg, bounds[i]) != NULL)
			return 1;
	return 0;
}

static void
try_regexp(struct sv text)
{
	struct err e = {0};
	struct sb s = {0};
	struct regex *re;

	if (pq_regexp_translate(text, &s, &e) < 0) {
		if (strncmp(e.msg, "error parsing regexp \"", 22) != 0)
			abort();
	} else {
		re = regex_new(sb_sv(&s), REGEX_WHOLE | REGEX_DOTALL, &e);
		if (re == NULL && !is_bound(e.msg))
			abort();
		if (re != NULL)
			regex_match(re, SV("200\n\xc3\xa9"), NULL);
		regex_free(re);
	}
	sb_free(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size};

	try_expression(text);
	try_matchers(text);
	try_regexp(text);
	return 0;
}
