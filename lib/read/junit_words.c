#include "read/junit_words.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#define LONGEST 40 /* of a word that is looked at */

static const char *
local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

/* In small ASCII letters, cut to what a word can be. */
static struct sv
small(struct sv text, char buf[LONGEST])
{
	size_t i;

	for (i = 0; i < text.n && i < LONGEST; i++)
		buf[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] - 'A' + 'a') : text.p[i];
	return (struct sv){buf, i};
}

/* want is in small letters; a prefix and the case do not count. */
static bool
called(const char *name, const char *want)
{
	char buf[LONGEST];

	return sv_is(small(sv_of(local_name(name)), buf), want);
}

static bool
holds_any(struct sv text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (sv_find(text, sv_of(*words)) < text.n)
			return true;
	return false;
}

static bool
is_any(struct sv text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (sv_is(text, *words))
			return true;
	return false;
}

enum junit_element
junit_element(const char *name)
{
	static const struct {
		const char *name;
		enum junit_element is;
	} known[] = {
		{"testsuites", JUNIT_SUITES}, {"testsuite", JUNIT_SUITE}, {"testcase", JUNIT_CASE}, {"failure", JUNIT_FAILURE},
		{"error", JUNIT_ERRORED}, {"skipped", JUNIT_SKIPPED}, {"disabled", JUNIT_SKIPPED}, {"flakyfailure", JUNIT_FLAKY},
		{"flakyerror", JUNIT_FLAKY}, {"property", JUNIT_PROPERTY},
	};
	static const char *const bad[] = {"fail", "error", "broken", "crash", "abort", "timeout", "panic", NULL};
	char buf[LONGEST];
	struct sv v = small(sv_of(local_name(name)), buf);
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_is(v, known[i].name))
			return known[i].is;
	return holds_any(v, bad) ? JUNIT_LIKE_FAILURE : JUNIT_OTHER;
}

/* What one attribute says; false: it is about something else. */
static bool
verdict(const char *name, struct sv value, enum junit_outcome *out)
{
	static const char *const says[] = {"status", "result", "outcome", "state", "verdict", NULL};
	static const char *const good[] = {"pass", "passed", "ok", "success", "successful", "succeeded", "completed", "run", "green", "true", NULL};
	static const char *const skip[] = {"notrun", "disabled", "suppressed", "skipped", "skip", "ignored", "pending", "todo", NULL};
	static const char *const bad[] = {"fail", "error", "broken", "crash", "abort", "timeout", "timedout", "timed out", "panic", "not ok",
	    "unsuccessful", "false", "red", NULL};
	static const char *const truths[] = {"passed", "success", "successful", "ok", NULL};
	static const char *const faults[] = {"failed", "failure", "errored", "broken", NULL};
	char who[LONGEST], what[LONGEST];
	struct sv n = small(sv_of(local_name(name)), who), v = small(sv_trim(value), what);

	/* passed="false", failed="true"; as numbers they are counts. */
	if (is_any(n, truths) && (sv_is(v, "true") || sv_is(v, "false"))) {
		*out = sv_is(v, "true") ? JUNIT_PASS : JUNIT_FAIL;
		return true;
	}
	if (is_any(n, faults) && (sv_is(v, "true") || sv_is(v, "false"))) {
		*out = sv_is(v, "true") ? JUNIT_FAIL : JUNIT_PASS;
		return true;
	}
	if (!is_any(n, says))
		return false;
	*out = v.n == 0 || is_any(v, good) ? JUNIT_PASS : is_any(v, skip) ? JUNIT_SKIP : holds_any(v, bad) ? JUNIT_FAIL : JUNIT_UNKNOWN;
	return true;
}

struct sv
junit_attribute(const char *const *a, const char *name)
{
	for (; *a != NULL; a += 2)
		if (called(a[0], name))
			return sv_trim(sv_of(a[1]));
	return (struct sv){NULL, 0};
}

int64_t
junit_more(const char *const *a, const char *name, int64_t stated)
{
	int64_t n;

	return num_parse_int(junit_attribute(a, name), &n) && n > stated ? n : stated;
}

enum junit_outcome
junit_stated(const char *const *a, bool *unknown)
{
	enum junit_outcome worst = JUNIT_PASS, one;

	*unknown = false;
	for (; *a != NULL; a += 2) {
		if (!verdict(a[0], sv_of(a[1]), &one))
			continue;
		worst = one > worst ? one : worst;
		*unknown = *unknown || one == JUNIT_UNKNOWN;
	}
	return worst;
}

bool
junit_seconds(struct sv text, double *v)
{
	struct sb plain = {0};
	struct sv rest = text, part;
	bool ok;

	*v = NAN;
	if (text.n == 0)
		return true;
	if (sv_chr(text, ',') < sv_chr(text, '.') && sv_chr(text, '.') < text.n) {
		while (sv_split(&rest, ',', &part))
			sb_addv(&plain, part);
		text = sb_sv(&plain);
	}
	ok = num_parse(text, v) && isfinite(*v) && *v >= 0;
	if (!ok)
		*v = NAN;
	sb_free(&plain);
	return ok;
}

bool
junit_begins(struct sv v)
{
	char name[LONGEST + 1];
	const char *end;
	enum junit_element is;
	size_t i;

	for (v = sv_trim(v);;) {
		if (sv_starts(v, "<!--"))
			end = "-->";
		else if (sv_starts(v, "<?"))
			end = "?>";
		else
			break;
		v = sv_trim(sv_from(v, sv_find(v, sv_of(end)) + strlen(end)));
	}
	if (sv_starts(v, "<!DOCTYPE"))
		v = sv_trim(sv_from(v, 9));
	else if (sv_starts(v, "<"))
		v = sv_from(v, 1);
	else
		return false;
	for (i = 0; i < v.n && i < LONGEST && sv_chr(SV(" \t\r\n>/["), v.p[i]) == 7; i++)
		name[i] = v.p[i];
	name[i] = '\0';
	is = junit_element(name);
	return i < v.n && (is == JUNIT_SUITES || is == JUNIT_SUITE);
}
