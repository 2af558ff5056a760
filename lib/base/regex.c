#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex.h"

#include <pcre2.h>

#include "base/clean.h"
#include "base/mem.h"

/*
 * Bounds for one match: steps of backtracking from one start, nesting, and KiB of
 * memory. A pattern in ordinary use stays far below them.
 */
#define MATCH_STEPS 1000000
#define MATCH_DEPTH 100000
#define MATCH_KIB (32 * 1024)
#define PATTERN_MAX 65536
/*
 * The limit of steps is for each place where a match may begin. With REGEX_BOUNDED a pattern that may begin anywhere gets
 * fewer of them in a longer text, so that all together stay below this.
 */
#define MATCH_ALL_STEPS 100000000
#define MATCH_LEAST_STEPS 1000

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data; /* kept between matches to save allocations */
	char *shown;            /* the pattern, cleaned and cut, for messages */
	int count;
	bool whole;
	bool bounded;           /* REGEX_BOUNDED, and it may begin anywhere */
	const char **name;      /* of group 0..count; NULL without one */
};

static char *
show_pattern(struct sv pattern)
{
	struct sb s = {0};

	clean_add(&s, sv_head(pattern, 120));
	if (pattern.n > 120)
		sb_adds(&s, "...");
	return sb_take(&s);
}

static int
compile(struct regex *r, struct sv pattern, int flags, struct err *e)
{
	pcre2_compile_context *ctx = pcre2_compile_context_create(NULL);
	/* An artifact may hold any byte: what is not UTF-8 matches nothing, but is no error. */
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
	    PCRE2_NEVER_BACKSLASH_C;
	char why[160];
	size_t at = 0;
	int code = 0;

	if (ctx == NULL)
		mem_out();
	pcre2_set_newline(ctx, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(ctx, PCRE2_BSR_UNICODE);
	pcre2_set_max_pattern_length(ctx, PATTERN_MAX);
	if (flags & REGEX_WHOLE)
		options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	if (flags & REGEX_DOTALL)
		options |= PCRE2_DOTALL;
	if (flags & REGEX_BYTES)
		options &= ~(uint32_t)(PCRE2_UTF | PCRE2_MATCH_INVALID_UTF);
	if (flags & REGEX_START)
		options |= PCRE2_ANCHORED;
	if (flags & REGEX_NOCASE)
		options |= PCRE2_CASELESS;
	r->code = pcre2_compile((PCRE2_SPTR)(pattern.n == 0 ? "" : pattern.p), pattern.n,
	    options, &code, &at, ctx);
	pcre2_compile_context_free(ctx);
	if (r->code != NULL) {
		/* Where there is no such compiler it is interpreted. */
		if (flags & REGEX_BYTES)
			pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
		return 0;
	}
	pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof(why));
	return err_set(e, ERR_INPUT, "bad pattern '%s' at %zu: %s", r->shown, at + 1, why);
}

static void
read_names(struct regex *r)
{
	PCRE2_SPTR table = NULL;
	uint32_t n = 0, size = 0, count = 0, options = 0, i;

	pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
	r->bounded = r->bounded && (options & PCRE2_ANCHORED) == 0;
	pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &count);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	r->count = (int)count;
	r->name = mem_new((size_t)count + 1, sizeof(*r->name));
	for (i = 0; i < n; i++, table += size) /* two bytes of number, then the name */
		r->name[table[0] << 8 | table[1]] = (const char *)table + 2;
}

struct regex *
regex_new(struct sv pattern, int flags, struct err *e)
{
	struct regex *r = mem_new(1, sizeof(*r));

	r->shown = show_pattern(pattern);
	r->whole = flags & REGEX_WHOLE;
	r->bounded = flags & REGEX_BOUNDED;
	if (compile(r, pattern, flags, e) < 0) {
		regex_free(r);
		return NULL;
	}
	r->limits = pcre2_match_context_create(NULL);
	r->data = pcre2_match_data_create_from_pattern(r->code, NULL);
	if (r->limits == NULL || r->data == NULL)
		mem_out();
	pcre2_set_match_limit(r->limits, MATCH_STEPS);
	pcre2_set_depth_limit(r->limits, MATCH_DEPTH);
	pcre2_set_heap_limit(r->limits, MATCH_KIB);
	read_names(r);
	return r;
}

void
regex_free(struct regex *r)
{
	if (r == NULL)
		return;
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	mem_free(r->name);
	mem_free(r->shown);
	mem_free(r);
}

static uint32_t
steps(const struct regex *r, size_t n)
{
	if (!r->bounded || n <= MATCH_ALL_STEPS / MATCH_STEPS)
		return MATCH_STEPS;
	return n < MATCH_ALL_STEPS / MATCH_LEAST_STEPS ? (uint32_t)(MATCH_ALL_STEPS / n) : MATCH_LEAST_STEPS;
}

int
regex_groups(const struct regex *r, struct sv text, struct sv *group, size_t n, struct err *e)
{
	return regex_groups_at(r, text, 0, group, n, e);
}

int
regex_groups_at(const struct regex *r, struct sv text, size_t from, struct sv *group, size_t n, struct err *e)
{
	const char *p = text.p == NULL ? "" : text.p;
	char why[160];
	size_t i, *at;
	int rc;

	pcre2_set_match_limit(r->limits, steps(r, text.n));
	rc = pcre2_match(r->code, (PCRE2_SPTR)p, text.n, from, 0, r->data, r->limits);
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0) {
		pcre2_get_error_message(rc, (PCRE2_UCHAR *)why, sizeof(why));
		return err_set(e, ERR_LIMIT, "pattern '%s' on %zu bytes of text: %s", r->shown,
		    text.n, why);
	}
	at = pcre2_get_ovector_pointer(r->data);
	/* PCRE2 takes a byte that is not UTF-8 for an end of the text; it is none. */
	if (r->whole && (pcre2_get_startchar(r->data) != 0 || at[1] != text.n))
		return 0;
	for (i = 0; i < n; i++) {
		group[i] = (struct sv){NULL, 0};
		if (i < (size_t)rc && at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1])
			group[i] = (struct sv){p + at[2 * i], at[2 * i + 1] - at[2 * i]};
	}
	return 1;
}

int
regex_match(const struct regex *r, struct sv text, struct err *e)
{
	return regex_groups(r, text, NULL, 0, e);
}

int
regex_group(const struct regex *r, const char *name)
{
	int i;

	for (i = 1; i <= r->count; i++)
		if (r->name[i] != NULL && sv_is(sv_of(r->name[i]), name))
			return i;
	return -1;
}

int
regex_count(const struct regex *r)
{
	return r->count;
}

const char *
regex_name(const struct regex *r, int i)
{
	return i < 0 || i > r->count ? NULL : r->name[i];
}
