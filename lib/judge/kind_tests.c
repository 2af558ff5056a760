/*
 * tests: {suite: GLOB, expect: [names]}: a suite of tests ran, all of it, and every test passed.
 *
 * A test that was skipped did not pass, one that is expected and not listed may have vanished, and the counts that a runner prints are
 * only compared with the tests that it lists. The same test in two artifacts of one run is one fact.
 */
#include "judge/kind.h"

#include <inttypes.h>
#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/sources.h"
#include "judge/testlog.h"

#define NAMED 5 /* tests named in the sentence */
#define MAX_CONTRADICTIONS 20 /* told one by one */
#define SETTLE "a report of the whole suite (JUnit XML), with the time it ran"

enum runs { RUNS_EVERY, RUNS_LAST, RUNS_ONE };

struct plan {
	struct test_choice choice;
	enum runs runs;
	const struct doc *expect, *may_skip;
	int64_t min, within; /* 0, TIME_NONE: not asked */
	bool undated;
};

static int
read_runs(const struct doc *spec, struct plan *p, struct err *e)
{
	const struct doc *d = doc_get(spec, "runs");

	if (d == NULL || sv_is(d->text, "every"))
		p->runs = RUNS_EVERY;
	else if (sv_is(d->text, "last"))
		p->runs = RUNS_LAST;
	else if (sv_is(d->text, "one"))
		p->runs = RUNS_ONE;
	else
		return doc_err(d, e, "runs: one of 'every', 'last' and 'one'");
	p->choice.one = p->runs == RUNS_ONE;
	return 0;
}

static int
read_names(const struct doc *spec, const char *key, const struct doc **out, struct err *e)
{
	const struct doc *d = doc_get(spec, key), *c;

	*out = d;
	if (d == NULL)
		return 0;
	if (d->kind != DOC_LIST || d->n == 0)
		return doc_err(d, e, "%s: a list of names of tests is needed", key);
	for (c = doc_first(d); c != NULL; c = c->next)
		if (c->kind != DOC_STRING || c->text.n == 0)
			return doc_err(c, e, "%s: the name of a test is needed", key);
	return 0;
}

static int
read_plan(const struct doc *spec, struct plan *p, struct err *e)
{
	const struct doc *min = doc_get(spec, "min"), *within = doc_get(spec, "within"), *undated = doc_get(spec, "undated");

	*p = (struct plan){.choice = {.kind = SV("test")}, .within = TIME_NONE};
	if (profile_text(spec, "suite", &p->choice.suite, e) < 0 || profile_text(spec, "file", &p->choice.file, e) < 0 ||
	    read_names(spec, "expect", &p->expect, e) < 0 || read_names(spec, "may_skip", &p->may_skip, e) < 0 ||
	    read_runs(spec, p, e) < 0)
		return -1;
	if (doc_get(spec, "kind") != NULL && profile_text(spec, "kind", &p->choice.kind, e) < 0)
		return -1;
	if (min != NULL && (min->kind != DOC_NUMBER || !num_parse_int(min->text, &p->min) || p->min < 1))
		return doc_err(min, e, "min: a whole number of at least 1 is needed");
	if (within != NULL && (!time_duration(within->text, &p->within) || p->within <= 0))
		return doc_err(within, e, "within: a duration such as 60s is needed");
	if (undated != NULL && undated->kind != DOC_BOOL)
		return doc_err(undated, e, "undated: true or false");
	p->undated = undated != NULL && undated->truth;
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"suite", "file", "kind", "expect", "may_skip", "min", "within", "runs", "undated",
	    NULL};
	struct plan plan;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "tests must be a map: {suite: NAME, expect: [NAMES]}");
	if (profile_keys(c->spec, known, e) < 0 || read_plan(c->spec, &plan, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "tests: every test must pass; there is no 'objective' nor 'warn'");
	return 0;
}

/* Names for a sentence: "a, b and 3 more". */
struct names {
	size_t n;
	struct sb text;
};

static void
name(struct names *l, struct sv what, const char *how, struct sv why)
{
	if (l->n++ >= NAMED)
		return;
	sb_addf(&l->text, "%s%" SV_FMT, l->n > 1 ? ", " : "", SV_ARG(sv_head(what, 120)));
	if (*how != '\0' || why.n > 0)
		sb_addf(&l->text, " (%s%s%" SV_FMT ")", how, *how != '\0' && why.n > 0 ? ": " : "", SV_ARG(sv_head(why, 120)));
}

static const char *
list(struct judging *j, const struct names *l)
{
	if (l->n <= NAMED)
		return arena_fmt(j->arena, "%s", sb_str(&l->text));
	return arena_fmt(j->arena, "%s and %zu more", sb_str(&l->text), l->n - NAMED);
}

struct count {
	struct judging *j;
	struct criterion_result *r;
	const struct plan *plan;
	struct testlog *log;
	size_t runs, outside, tests, passed, skipped, twice; /* twice: told by more than one artifact */
	struct names failed, open, missing, doubts, against;
	double longest; /* seconds; NaN: a run's duration is not known */
	bool undated;
};

/* Does a name of the profile mean this test? By its name, or by suite and name. */
static bool
means(struct count *c, const struct doc *d, const struct test_row *row)
{
	return sv_eq(d->text, row->name) || sv_eq(testlog_suite(c->j->arena, d->text), row->key);
}

static bool
listed(struct count *c, const struct doc *names, const struct test_row *row)
{
	const struct doc *d;

	for (d = doc_first(names); d != NULL; d = d->next)
		if (means(c, d, row))
			return true;
	return false;
}

/* Two artifacts of one run that do not say the same of a thing. */
static void
contradiction(struct count *c, struct sv what, const struct test_file *a, const char *says_a, const struct test_file *b,
    const char *says_b)
{
	const char *sentence = arena_fmt(c->j->arena, "%" SV_FMT ": %" SV_FMT " says that it %s, and %" SV_FMT " that it %s.",
	    SV_ARG(sv_head(what, 200)), SV_ARG(a->name), says_a, SV_ARG(b->name), says_b);

	name(&c->against, what, "", SV(""));
	if (c->against.n > MAX_CONTRADICTIONS)
		return;
	judge_contradict(c->j, arena_fmt(c->j->arena, "criterion/%" SV_FMT "/contradiction/%zu", SV_ARG(c->r->criterion->id),
	    c->against.n), b->name, sentence);
}

static const char *const said[] = {"passed", "was skipped", "did not come to its end", "failed"};

/* The rows of one test in one run: row[0..n-1]. */
static void
one_test(struct count *c, const struct test_row *row, size_t n)
{
	const struct test_file *file = c->log->file;
	const struct test_row *worst = row, *here = row, *first = NULL;
	bool told_twice = false;
	size_t i;

	for (i = 0; i < n; i++) {
		here = i == 0 || row[i].file != row[i - 1].file || row[i].state > here->state ? &row[i] : here;
		if (row[i].state > worst->state)
			worst = &row[i];
		if (i + 1 < n && row[i + 1].file == row[i].file)
			continue;
		/* The last of this artifact's rows: here is its worst. */
		if (first != NULL && !c->plan->choice.one) {
			told_twice = true;
			if (here->state != first->state)
				contradiction(c, row->name, &file[first->file], said[first->state], &file[here->file], said[here->state]);
		}
		first = first == NULL ? here : first;
	}
	c->tests++;
	c->twice += told_twice;
	if (worst->state == TEST_FAIL)
		name(&c->failed, worst->name, "", worst->text);
	else if (worst->state == TEST_PASS)
		c->passed++;
	else if (worst->state == TEST_SKIP && c->plan->may_skip != NULL && listed(c, c->plan->may_skip, worst))
		c->skipped++;
	else
		name(&c->open, worst->name, said[worst->state], worst->text);
}

/* What the artifacts of a run say beside their tests. */
static void
one_runs_files(struct count *c, size_t run)
{
	size_t i;

	for (i = 0; i < c->log->n_files; i++) {
		const struct test_file *f = &c->log->file[i];

		if (f->n == 0 || f->run != run)
			continue;
		if (f->doubt.n > 0)
			name(&c->doubts, f->name, "", f->doubt);
		else if (f->flawed)
			name(&c->doubts, f->name, "not all of it was understood", SV(""));
		if (f->says_passed && f->failed)
			contradiction(c, SV("the suite"), f, "passed", f, "failed, test by test");
		if (f->says_failed && !f->failed)
			name(&c->failed, f->name, "it says that tests failed, and lists none that did", SV(""));
	}
}

static void
one_run(struct count *c, size_t run)
{
	const struct testlog *log = c->log;
	const struct doc *d;
	size_t from = 0, to, i, k, here = 0;

	c->runs++;
	c->undated = c->undated || log->run[run].t == TIME_NONE;
	if (isnan(log->run[run].duration) || log->run[run].duration > c->longest)
		c->longest = log->run[run].duration;
	while (from < log->n && log->file[log->row[from].file].run != run)
		from++;
	for (to = from; to < log->n && log->file[log->row[to].file].run == run; to++)
		;
	for (i = from; i < to; i = k, here++) {
		for (k = i + 1; k < to && sv_eq(log->row[k].key, log->row[i].key); k++)
			;
		one_test(c, &log->row[i], k - i);
	}
	for (d = doc_first(c->plan->expect); d != NULL; d = d->next) {
		for (i = from; i < to && !means(c, d, &log->row[i]); i++)
			;
		if (i == to)
			name(&c->missing, d->text, "", SV(""));
	}
	if (here < (size_t)c->plan->min)
		name(&c->missing, sv_of(arena_fmt(c->j->arena, "%" PRId64 " of %" PRId64 " tests", c->plan->min - (int64_t)here,
		    c->plan->min)), "", SV(""));
	one_runs_files(c, run);
}

static void
count(struct count *c, const struct span *span, size_t n_spans)
{
	struct testlog *log = c->log;
	size_t i, last = log->n_runs;

	for (i = 0; i < log->n_runs; i++) {
		log->run[i].counted = log->run[i].t == TIME_NONE || span_has(span, n_spans, log->run[i].t);
		c->outside += !log->run[i].counted;
		if (log->run[i].counted && log->run[i].t != TIME_NONE)
			last = i;
	}
	for (i = 0; i < log->n_runs; i++)
		if (log->run[i].counted && (c->plan->runs != RUNS_LAST || i == last || log->run[i].t == TIME_NONE))
			one_run(c, i);
		else
			log->run[i].counted = false;
	for (i = 0; i < log->n_files; i++)
		if (log->file[i].n == 0 && log->file[i].flawed)
			name(&c->doubts, log->file[i].name, "it could not be read", SV(""));
}

static void
figures(struct count *c)
{
	struct arena *a = c->j->arena;
	struct criterion_result *r = c->r;
	size_t need = c->tests - c->skipped + c->missing.n;
	char of[NUM_TEXT], passed[NUM_TEXT];

	if (c->tests == 0)
		return;
	figure_text(a, &r->observed, result_id(c->j, r, "observed"), (double)c->passed, "count",
	    sv_of(arena_fmt(a, "%s of %s passed", num_count((int64_t)c->passed, passed), num_count((int64_t)need, of))));
	figure_text(a, &r->required, result_id(c->j, r, "required"), (double)need, "count", SV("all"));
	figure_count(a, &r->margin, result_id(c->j, r, "margin"), (double)c->passed - (double)need);
	figure_count(a, &r->n, result_id(c->j, r, "n"), (double)c->tests);
}

/* In seconds, however many: what is over the limit must not look equal to it. */
static const char *
seconds(struct count *c, double v)
{
	char buf[NUM_TEXT];

	return arena_fmt(c->j->arena, "%s s", num_text(round(v * 1000) / 1000, buf));
}

static bool
too_slow(const struct count *c)
{
	return c->plan->within != TIME_NONE && c->longest * 1000 > (double)c->plan->within;
}

/* Why what was seen is no pass, as one sentence; NULL: it is one. */
static const char *
not_a_pass(struct count *c)
{
	struct arena *a = c->j->arena;

	if (c->tests == 0)
		return arena_fmt(a, "Not measured: no result of such a test %s%s.", c->outside > 0 ? "lies in " : "was found",
		    c->outside > 0 ? result_over(c->j, c->r) : "");
	if (c->against.n > 0)
		return arena_fmt(a, "Not decidable: artifacts contradict each other on %s.", list(c->j, &c->against));
	if (c->missing.n > 0)
		return arena_fmt(a, "Not decidable: %zu expected test%s missing: %s.", c->missing.n,
		    c->missing.n == 1 ? " is" : "s are", list(c->j, &c->missing));
	if (c->open.n > 0)
		return arena_fmt(a, "Not decidable: %zu of %zu tests did not pass and did not fail: %s.", c->open.n, c->tests,
		    list(c->j, &c->open));
	if (c->doubts.n > 0)
		return arena_fmt(a, "Not decidable: what the artifacts list may not be all: %s.", list(c->j, &c->doubts));
	if (c->passed == 0)
		return arena_fmt(a, "Not decidable: all %zu tests were skipped.", c->tests);
	if (c->undated && !c->plan->undated)
		return arena_fmt(a, "Not decidable: all %zu tests passed, but when they ran is not known.", c->passed);
	if (c->plan->within != TIME_NONE && isnan(c->longest))
		return arena_fmt(a, "Not decidable: all %zu tests passed, but how long they took is not known.", c->passed);
	return NULL;
}

static void
decide(struct count *c)
{
	struct criterion_result *r = c->r;
	struct arena *a = c->j->arena;
	const char *why, *limit = c->plan->within == TIME_NONE ? "" :
	    arena_fmt(a, ", %s allowed", seconds(c, (double)c->plan->within / 1000));

	figures(c);
	if (c->failed.n > 0) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(a, "%zu of %zu tests failed: %s.", c->failed.n, c->tests, list(c->j, &c->failed)));
	} else if (c->tests > 0 && too_slow(c)) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(a, "The tests took %s%s; %zu of %zu passed.", seconds(c, c->longest), limit, c->passed, c->tests));
	} else if ((why = not_a_pass(c)) != NULL) {
		result_undecided(r, why, SETTLE);
	} else {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(a, "All %zu tests%s passed%s%s%s%s.", c->passed,
		    c->runs > 1 ? arena_fmt(a, " of %zu runs", c->runs) : "", isnan(c->longest) ? "" : " in ",
		    isnan(c->longest) ? "" : seconds(c, c->longest), limit,
		    c->skipped > 0 ? arena_fmt(a, "; %zu more were skipped, as they may", c->skipped) : ""));
	}
	if (c->twice > 0 && c->against.n == 0)
		r->sentence = sv_of(arena_fmt(a, "%" SV_FMT " A second artifact says the same of %zu.", SV_ARG(r->sentence),
		    c->twice));
}

static int
name_sources(struct count *c, struct err *e)
{
	struct sources *s = sources_new();
	size_t i;
	int rc;

	for (i = 0; i < c->log->n_files; i++)
		if (c->log->file[i].n > 0 && c->log->run[c->log->file[i].run].counted)
			sources_name(s, c->log->file[i].name);
	rc = sources_list(s, c->j, c->r, e);
	sources_free(s);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct testlog log;
	struct plan plan;
	struct count c = {.j = j, .r = r, .plan = &plan, .log = &log, .longest = 0};
	const struct span *span;
	size_t n;
	int rc;

	result_open(j, r, "the tests that the artifacts list, each the worst of its outcomes in a run", "count");
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	if (read_plan(r->criterion->spec, &plan, e) < 0)
		return -1;
	rc = testlog_read(j, &plan.choice, &log, e);
	if (rc == 0) {
		count(&c, span, n);
		decide(&c);
		rc = name_sources(&c, e);
	}
	sb_free(&c.failed.text);
	sb_free(&c.open.text);
	sb_free(&c.missing.text);
	sb_free(&c.doubts.text);
	sb_free(&c.against.text);
	testlog_free(&log);
	return rc;
}

const struct kind kind_tests = {"tests", check, judge, 0};
