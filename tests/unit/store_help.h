/*
 * store_help - small words for the tests of lib/store: a folder of their own, contents in one line, and the whole
 * of a store as text.
 */
#ifndef SOAK_TESTS_STORE_HELP_H
#define SOAK_TESTS_STORE_HELP_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/labels.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "store/store.h"

#define UNUSED __attribute__((unused))
#define NOW INT64_C(1768197600000) /* 2026-01-12T06:00:00Z */
#define OK(call) ok_at((call), __FILE__, __LINE__)

static struct err err;

UNUSED static int64_t
ok_at(int64_t rc, const char *file, int line)
{
	if (rc < 0) {
		print_error("%s\n", err.msg);
		_fail(file, line);
	}
	return rc;
}

static char folder[64];

UNUSED static int
make_folder(void **state)
{
	const char *fast = getenv("SOAK_TEST_FAST"); /* a folder in memory, for those who run this a thousand times */

	(void)state;
	snprintf(folder, sizeof(folder), "%s/soak-store-XXXXXX", fast != NULL ? fast : "/tmp");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

UNUSED static int
drop_folder(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* A path in the folder; good for a few calls. */
UNUSED static const char *
at(const char *name)
{
	static char path[8][128];
	static int i;

	i = (i + 1) % 8;
	snprintf(path[i], sizeof(path[i]), "%s/%s", folder, name);
	return path[i];
}

UNUSED static struct store *
opened(const char *path, enum store_mode mode)
{
	struct store *s = store_open(path, mode, &err);

	if (s == NULL)
		print_error("%s\n", err.msg);
	assert_non_null(s);
	return s;
}

/* A new store in the folder, in a transaction. */
UNUSED static struct store *
fresh_store(const char *name)
{
	struct store *s = opened(at(name), STORE_WRITE);

	OK(store_begin(s, &err));
	return s;
}

/* Commits and closes. */
UNUSED static void
finish(struct store *s)
{
	OK(store_end(s, 0, &err));
	store_close(s);
}

/* A new content with a made-up digest. */
UNUSED static int64_t
content(struct store *s, const char *digest)
{
	struct store_content c = {.size = 10, .format = "prometheus-text", .items = 1, .complete = true,
	    .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	int64_t id = OK(store_content_new(s, &err));

	snprintf(c.sha256, sizeof(c.sha256), "%s", digest);
	OK(store_content_done(s, id, &c, &err));
	return id;
}

UNUSED static int64_t
artifact(struct store *s, int64_t of, const char *name)
{
	bool fresh;

	return OK(store_add_artifact(s, of, sv_of(name), &fresh, &err));
}

/* One sample of name{code="..."} (no label when code is NULL) of a target. */
UNUSED static int
sample_of(struct store *s, int64_t of, const char *target, const char *name, const char *code, int64_t t, double v)
{
	struct label label = {SV("code"), sv_of(code)};
	struct labels labels = {&label, code != NULL};
	struct store_sample m = {.name = sv_of(name), .labels = &labels, .t = t, .v = v, .target = target};

	return store_add_sample(s, of, &m, &err);
}

UNUSED static int
sample(struct store *s, int64_t of, const char *name, const char *code, int64_t t, double v)
{
	return sample_of(s, of, "", name, code, t, v);
}

UNUSED static void
event(struct store *s, int64_t of, int64_t t, const char *name, int64_t line)
{
	struct store_event ev = {.t = t, .t_end = TIME_NONE, .kind = SV("log"), .name = sv_of(name), .line = line};

	OK(store_add_event(s, of, &ev, &err));
}

UNUSED static void
dump_points(struct store *s, const struct store_series *series, struct sb *out)
{
	struct store_rows *r = store_points_open(s, series->id, INT64_MIN, INT64_MAX, &err);
	struct store_point p;
	char text[NUM_TEXT];

	assert_non_null(r);
	while (OK(store_points_next(r, &p, &err)) == 1)
		sb_addf(out, " %lld=%s/%d#%lld", (long long)(p.t - NOW), num_text(p.v, text), p.flag,
		    (long long)p.content);
	store_rows_close(r);
	sb_addf(out, " |");
	r = store_scrapes_open(s, series->target, &err);
	assert_non_null(r);
	while (OK(store_scrapes_next(r, &p.t, &err)) == 1)
		sb_addf(out, " %lld", (long long)(p.t - NOW));
	store_rows_close(r);
}

/* Series with samples (time from NOW = value / flag # content) and scrapes, conflicts, events, artifacts, problems. */
UNUSED static char *
dump(struct store *s)
{
	struct sb out = {0};
	struct store_rows *r = store_series_open(s, NULL, &err);
	struct store_series series;
	struct store_conflict k;
	struct store_event ev;
	struct store_artifact a;
	struct store_problem p;

	assert_non_null(r);
	while (OK(store_series_next(r, &series, &err)) == 1) {
		sb_addf(&out, "%" SV_FMT "%" SV_FMT, SV_ARG(series.name), SV_ARG(series.labels));
		dump_points(s, &series, &out);
		sb_addc(&out, '\n');
	}
	store_rows_close(r);
	r = store_conflicts_open(s, &err);
	while (OK(store_conflicts_next(r, &k, &err)) == 1)
		sb_addf(&out, "conflict %" SV_FMT "%" SV_FMT " %lld %g %" SV_FMT " %g %" SV_FMT "\n", SV_ARG(k.name),
		    SV_ARG(k.labels), (long long)(k.t - NOW), k.value_a, SV_ARG(k.source_a), k.value_b,
		    SV_ARG(k.source_b));
	store_rows_close(r);
	r = store_events_open(s, &err);
	while (OK(store_events_next(r, &ev, &err)) == 1)
		sb_addf(&out, "event %lld %" SV_FMT " %" SV_FMT ":%lld\n", (long long)(ev.t - NOW), SV_ARG(ev.name),
		    SV_ARG(ev.source), (long long)ev.line);
	store_rows_close(r);
	r = store_artifacts_open(s, &err);
	while (OK(store_artifacts_next(r, &a, &err)) == 1)
		sb_addf(&out, "artifact %" SV_FMT " %s%s %lld %" SV_FMT " %" SV_FMT " problems %lld\n", SV_ARG(a.name),
		    a.superseded ? "superseded" : "live", a.untimed ? " untimed" : "",
		    a.time_ms == TIME_NONE ? -1LL : (long long)(a.time_ms - NOW), SV_ARG(a.time_source),
		    SV_ARG(a.time_why), (long long)a.problems);
	store_rows_close(r);
	r = store_problems_open(s, &err);
	while (OK(store_problems_next(r, &p, &err)) == 1)
		sb_addf(&out, "problem %" SV_FMT ":%lld %s %s %" SV_FMT "\n", SV_ARG(p.source), (long long)p.line,
		    p.severity, p.stage, SV_ARG(p.text));
	store_rows_close(r);
	return sb_take(&out);
}

/* Compares and frees the text. */
UNUSED static void
is_text(char *got, const char *want)
{
	assert_string_equal(got, want);
	mem_free(got);
}

/* What the stock sqlite3 shell answers; skips the test when there is none. */
UNUSED static char *
shell(const char *path, const char *sql)
{
	struct sb out = {0};
	char command[512], buf[512];
	size_t n;
	FILE *f;

	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	snprintf(command, sizeof(command), "sqlite3 -readonly %s \"%s\" 2>&1", path, sql);
	f = popen(command, "r");
	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		sb_add(&out, buf, n);
	assert_int_equal(pclose(f), 0);
	sb_adds(&out, "");
	return sb_take(&out);
}

#endif
