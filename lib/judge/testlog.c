#include "judge/testlog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"

struct building {
	struct judging *j;
	const struct test_choice *choice;
	struct testlog *log;
	VEC(struct test_row) row;
	VEC(struct test_file) file;
	VEC(bool) matches; /* file: its name is one that is asked for */
	VEC(double) sum;   /* file: of its tests' durations */
	VEC(bool) whole;   /* file: "testsuites" states the duration of all */
};

struct sv
testlog_suite(struct arena *a, struct sv suite)
{
	struct sb out = {0};
	struct sv got;
	size_t i;

	for (i = 0; i < suite.n; i++) {
		struct sv rest = sv_from(suite, i);

		if (sv_starts(rest, ".py") && (rest.n == 3 || rest.p[3] == ':' || rest.p[3] == '.' || rest.p[3] == '/')) {
			i += 2;
		} else if (sv_starts(rest, "::")) {
			sb_addc(&out, '.');
			i++;
		} else {
			sb_addc(&out, suite.p[i] == '/' ? '.' : suite.p[i]);
		}
	}
	got = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return got;
}

static int
read_files(struct building *b, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(b->j->store, e);
	struct store_artifact a;
	struct test_file *f;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0) {
		bool matches = b->choice->file.n == 0 || sv_glob(b->choice->file, a.name);

		if (a.superseded)
			continue;
		for (i = 0; i < b->file.n && b->file.v[i].content != a.content; i++)
			;
		if (i < b->file.n) { /* the same bytes once more: any of their names will do */
			if (matches && !b->matches.v[i])
				b->file.v[i].name = arena_sv(&b->log->arena, a.name);
			b->matches.v[i] = b->matches.v[i] || matches;
			continue;
		}
		f = vec_add(&b->file);
		*f = (struct test_file){.content = a.content, .name = arena_sv(&b->log->arena, a.name),
		    .format = arena_sv(&b->log->arena, a.format), .complete = a.complete, .t = a.time_ms, .duration = NAN};
		*vec_add(&b->matches) = matches;
		*vec_add(&b->sum) = 0;
		(void)vec_add(&b->whole);
	}
	store_rows_close(rows);
	return rc;
}

static int
read_problems(struct building *b, struct err *e)
{
	struct store_rows *rows = store_problems_open(b->j->store, e);
	struct store_problem p;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_problems_next(rows, &p, e)) > 0)
		for (i = 0; i < b->file.n && strcmp(p.severity, "note") != 0; i++)
			if (p.content != 0 && b->file.v[i].content == p.content)
				b->file.v[i].flawed = true;
	store_rows_close(rows);
	return rc;
}

static enum test_state
state_of(struct sv status)
{
	if (sv_is(status, "pass"))
		return TEST_PASS;
	if (sv_is(status, "skip"))
		return TEST_SKIP;
	return sv_is(status, "fail") || sv_is(status, "error") ? TEST_FAIL : TEST_OPEN;
}

/* A test: its suite by the glob, as it stands or as we write it. */
static void
add_row(struct building *b, size_t file, const struct store_result *r)
{
	struct arena *a = &b->log->arena;
	struct sv suite = testlog_suite(a, r->suite);
	struct test_file *f = &b->file.v[file];
	struct test_row *row;

	if (b->choice->suite.n > 0 && !sv_glob(b->choice->suite, suite) && !sv_glob(b->choice->suite, r->suite))
		return;
	row = vec_add(&b->row);
	*row = (struct test_row){.name = arena_sv(a, r->name), .text = arena_sv(a, r->text), .state = state_of(r->status),
	    .t = r->t, .duration = r->duration, .file = file, .line = r->line};
	row->key = sv_of(arena_fmt(a, "%" SV_FMT "%s%" SV_FMT, SV_ARG(suite), suite.n > 0 ? "." : "", SV_ARG(row->name)));
	f->failed = f->failed || row->state == TEST_FAIL;
	b->sum.v[file] += r->duration;
	if (r->t != TIME_NONE && (f->n == 0 || f->t == TIME_NONE || r->t < f->t))
		f->t = r->t;
	f->n++;
}

/* What a runner says of all its tests. */
static void
add_suite(struct building *b, size_t file, const struct store_result *r)
{
	struct test_file *f = &b->file.v[file];
	bool whole = sv_is(r->name, "testsuites");

	f->says_failed = f->says_failed || sv_is(r->status, "fail");
	f->says_passed = f->says_passed || (whole && sv_is(r->status, "pass"));
	if (state_of(r->status) == TEST_OPEN && f->doubt.n == 0)
		f->doubt = arena_sv(&b->log->arena, r->text.n > 0 ? r->text : SV("its end is missing"));
	if (isnan(r->duration) || b->whole.v[file] || (!whole && sv_chr(r->name, '/') < r->name.n))
		return;
	f->duration = isnan(f->duration) || whole ? r->duration : f->duration + r->duration;
	b->whole.v[file] = whole;
}

static int
read_results(struct building *b, struct err *e)
{
	struct store_rows *rows = store_results_open(b->j->store, e);
	struct store_result r;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_results_next(rows, &r, e)) > 0) {
		for (i = 0; i < b->file.n && b->file.v[i].content != r.content; i++)
			;
		if (i == b->file.n || !b->matches.v[i])
			continue;
		if (sv_eq(r.kind, b->choice->kind))
			add_row(b, i, &r);
		else if (sv_is(r.kind, "suite"))
			add_suite(b, i, &r);
	}
	store_rows_close(rows);
	return rc;
}

/* Is a broken file of a kind that lists tests? Then some may stand in it. */
static bool
may_list(const struct building *b, const struct test_file *f)
{
	size_t i;

	for (i = 0; i < b->file.n; i++)
		if (b->file.v[i].n > 0 && sv_eq(b->file.v[i].format, f->format))
			return true;
	return sv_is(f->format, "junit-xml");
}

struct moment { /* a file lists a test at a time */
	int64_t t;
	size_t file;
};

static int
by_moment(const void *x, const void *y)
{
	const struct moment *a = x, *b = y;

	return (a->t > b->t) - (a->t < b->t);
}

static void
unite(struct building *b, size_t to, size_t from)
{
	size_t i;

	for (i = 0; i < b->file.n && to != from; i++)
		if (b->file.v[i].run == from)
			b->file.v[i].run = to;
}

/* Two files that share a time tell of one run. */
static void
join_by_time(struct building *b)
{
	struct moment *m = mem_new(b->row.n, sizeof(*m));
	const struct test_file *f = b->file.v;
	size_t i, n = 0;

	for (i = 0; i < b->row.n; i++)
		if (b->row.v[i].t != TIME_NONE)
			m[n++] = (struct moment){b->row.v[i].t, b->row.v[i].file};
	if (n > 1)
		qsort(m, n, sizeof(*m), by_moment);
	for (i = 1; i < n; i++)
		if (m[i].t == m[i - 1].t)
			unite(b, f[m[i - 1].file].run, f[m[i].file].run);
	mem_free(m);
}

/* All of unknown time are one run, too: that of the others, if it is one. */
static void
join(struct building *b)
{
	struct test_file *f = b->file.v;
	size_t i, timed = b->file.n, untimed = b->file.n;
	bool several = false;

	for (i = 0; i < b->file.n; i++)
		f[i].run = b->choice->one ? 0 : i;
	if (b->choice->one)
		return;
	join_by_time(b);
	for (i = 0; i < b->file.n; i++) {
		if (f[i].n == 0 || f[i].t == TIME_NONE)
			continue;
		several = several || (timed < b->file.n && f[i].run != timed);
		timed = f[i].run;
	}
	for (i = 0; i < b->file.n; i++) {
		if (f[i].n == 0 || f[i].t != TIME_NONE)
			continue;
		if (untimed == b->file.n)
			untimed = several || timed == b->file.n ? f[i].run : timed;
		f[i].run = untimed;
	}
}

static int
by_time(const void *x, const void *y)
{
	const struct test_file *a = *(struct test_file *const *)x, *b = *(struct test_file *const *)y;

	if ((a->t == TIME_NONE) != (b->t == TIME_NONE))
		return a->t == TIME_NONE ? 1 : -1;
	return a->t != b->t ? (a->t > b->t) - (a->t < b->t) : sv_natural(a->name, b->name);
}

/* Gives the runs their numbers, in order of time. */
static void
number_runs(struct building *b)
{
	struct testlog *log = b->log;
	struct test_file **order = mem_new(b->file.n, sizeof(struct test_file *)), *f;
	size_t *old = mem_new(b->file.n, sizeof(*old));
	size_t i, k, n = 0;

	for (i = 0; i < b->file.n; i++)
		if (b->file.v[i].n > 0)
			order[n++] = &b->file.v[i];
	if (n > 1)
		qsort(order, n, sizeof(*order), by_time);
	log->run = arena_new(&log->arena, n, sizeof(*log->run));
	for (i = 0; i < n; i++) {
		f = order[i];
		for (k = 0; k < log->n_runs && old[k] != f->run; k++)
			;
		if (k == log->n_runs) {
			old[k] = f->run;
			log->run[log->n_runs++] = (struct test_run){.t = f->t, .duration = f->duration};
		}
		f->run = k;
		if (isnan(log->run[k].duration) || f->duration > log->run[k].duration)
			log->run[k].duration = f->duration;
	}
	mem_free(order);
	mem_free(old);
}

struct keyed { /* a row and what it is sorted by */
	struct test_row row;
	size_t run;
};

static int
by_run(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;
	int c;

	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	if ((c = sv_natural(a->row.key, b->row.key)) != 0)
		return c;
	if (a->row.file != b->row.file)
		return a->row.file < b->row.file ? -1 : 1;
	return (a->row.line > b->row.line) - (a->row.line < b->row.line);
}

static void
keep(struct building *b)
{
	struct testlog *log = b->log;
	struct keyed *sorted = mem_new(b->row.n, sizeof(*sorted));
	size_t i;

	log->n = b->row.n;
	log->row = arena_new(&log->arena, log->n, sizeof(*log->row));
	for (i = 0; i < log->n; i++)
		sorted[i] = (struct keyed){b->row.v[i], b->file.v[b->row.v[i].file].run};
	if (log->n > 1)
		qsort(sorted, log->n, sizeof(*sorted), by_run);
	for (i = 0; i < log->n; i++)
		log->row[i] = sorted[i].row;
	mem_free(sorted);
	log->n_files = b->file.n;
	log->file = arena_keep(&log->arena, b->file.v, b->file.n, sizeof(*b->file.v));
	b->file.v = NULL;
}

int
testlog_read(struct judging *j, const struct test_choice *c, struct testlog *log, struct err *e)
{
	struct building b = {.j = j, .choice = c, .log = log};
	size_t i;
	int rc = 0;

	*log = (struct testlog){0};
	if (j->store == NULL)
		return 0;
	if (read_files(&b, e) < 0 || read_problems(&b, e) < 0 || read_results(&b, e) < 0)
		rc = -1;
	for (i = 0; i < b.file.n && rc == 0; i++) {
		struct test_file *f = &b.file.v[i];

		if (isnan(f->duration))
			f->duration = b.sum.v[i];
		/* Of no run: what lists no such tests, unless it might. */
		f->flawed = (f->n > 0 && f->flawed) || (!f->complete && b.matches.v[i] && may_list(&b, f));
	}
	if (rc == 0) {
		join(&b);
		number_runs(&b);
		keep(&b);
	}
	vec_free(&b.row);
	vec_free(&b.file);
	vec_free(&b.matches);
	vec_free(&b.sum);
	vec_free(&b.whole);
	return rc;
}

void
testlog_free(struct testlog *log)
{
	arena_free(&log->arena);
}
