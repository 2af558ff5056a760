/* What goes into a store and how it comes out again. */
#include "store_help.h"

static void
test_contents(void **state)
{
	struct store *s = fresh_store("contents.db");
	struct store_content c = {.size = 3, .format = "unrecognised", .first_ms = NOW, .last_ms = NOW + 1};
	char sha256[DIGEST_HEX];
	int64_t a, b, id, size;
	bool fresh;

	(void)state;
	assert_int_equal(store_content_find(s, "aa", &err), 0);
	a = OK(store_content_new(s, &err));
	b = OK(store_content_new(s, &err)); /* two under way are two */
	assert_true(a > 0 && b > 0 && a != b);
	memset(c.sha256, 'a', DIGEST_HEX - 1);
	OK(store_content_done(s, a, &c, &err));
	assert_int_equal(store_content_find(s, c.sha256, &err), a);
	assert_int_equal(store_content_done(s, b, &c, &err), -1); /* one digest, one content */
	memset(c.sha256, 'b', DIGEST_HEX - 1);
	c.size = 4;
	OK(store_content_done(s, b, &c, &err));

	id = OK(store_add_artifact(s, a, SV("run/x.log"), &fresh, &err));
	assert_true(fresh);
	assert_int_equal(store_add_artifact(s, a, SV("run/x.log"), &fresh, &err), id);
	assert_false(fresh);
	assert_int_equal(store_artifact_named(s, SV("x.log"), &size, sha256, &id, &err), 0);
	OK(store_add_artifact(s, b, SV("run/x.log"), &fresh, &err));
	assert_true(fresh);
	assert_int_equal(store_artifact_named(s, SV("run/x.log"), &size, sha256, &id, &err), 1);
	assert_int_equal(id, b);
	assert_int_equal(size, 4);
	assert_string_equal(sha256, c.sha256);
	OK(store_supersede(s, SV("run/x.log"), b, &err));
	assert_int_equal(store_artifact_named(s, SV("run/x.log"), &size, sha256, &id, &err), 1);
	assert_int_equal(id, a);
	/* An occurrence of what is not there. */
	assert_int_equal(store_add_artifact(s, 77, SV("y"), &fresh, &err), -1);
	finish(s);
}

static void
test_values(void **state)
{
	static const double v[] = {0, -0.0, 1, 0.1, 1e308, 5e-324, -3, 9007199254740993.0};
	struct store *s = fresh_store("values.db");
	int64_t c = content(s, "aa");
	struct store_rows *r;
	struct store_series series;
	struct store_point p;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		OK(sample(s, c, "x", NULL, (int64_t)i, v[i]));
	OK(sample(s, c, "x", NULL, 100, NAN));
	OK(sample(s, c, "x", NULL, 101, INFINITY));
	OK(sample(s, c, "x", NULL, 102, -INFINITY));
	OK(sample(s, c, "x", NULL, -5, 1));
	r = store_series_open(s, "x", &err);
	assert_int_equal(store_series_next(r, &series, &err), 1);
	assert_int_equal(store_series_next(r, &(struct store_series){0}, &err), 0);
	assert_int_equal(store_series_next(r, &(struct store_series){0}, &err), 0); /* the end stays the end */
	store_rows_close(r);
	r = store_points_open(s, series.id, 0, 101, &err);
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		assert_int_equal(store_points_next(r, &p, &err), 1);
		assert_int_equal(p.t, i);
		assert_true(p.v == v[i]);
		assert_int_equal(p.flag, STORE_VALUE);
		assert_int_equal(p.content, c);
	}
	assert_int_equal(store_points_next(r, &p, &err), 1);
	assert_true(isnan(p.v));
	assert_int_equal(p.flag, STORE_NAN);
	assert_int_equal(store_points_next(r, &p, &err), 1);
	assert_true(isinf(p.v) && p.v > 0);
	assert_int_equal(store_points_next(r, &p, &err), 0); /* -5 and 102 lie outside */
	store_rows_close(r);
	r = store_series_open(s, "y", &err);
	assert_int_equal(store_series_next(r, &series, &err), 0);
	store_rows_close(r);
	finish(s);
}

/* Equal pairs merge, unequal ones are a contradiction (docs/rules.md 7). */
static void
test_merge_and_conflict(void **state)
{
	struct store *s = fresh_store("merge.db");
	int64_t a = content(s, "aa"), b = content(s, "bb"), c = content(s, "cc");

	(void)state;
	artifact(s, a, "a");
	artifact(s, b, "b");
	artifact(s, c, "c");
	for (int i = 0; i < 2; i++) { /* twice in one content, too */
		OK(sample(s, a, "x", NULL, NOW, 1));
		OK(sample(s, a, "x", NULL, NOW + 1, NAN));
		OK(sample(s, a, "x", NULL, NOW + 2, 0.0));
		OK(sample(s, a, "x", NULL, NOW + 3, INFINITY));
	}
	is_text(dump(s), "x{} 0=1/0#1 1=NaN/1#1 2=0/0#1 3=+Inf/0#1 | 0 1 2 3\n"
	                 "artifact a live -1 unknown  problems 0\n"
	                 "artifact b live -1 unknown  problems 0\n"
	                 "artifact c live -1 unknown  problems 0\n");
	for (int i = 0; i < 2; i++) {
		OK(sample(s, b, "x", NULL, NOW, 2));
		OK(sample(s, b, "x", NULL, NOW + 1, 5));
		OK(sample(s, b, "x", NULL, NOW + 2, -0.0));
		OK(sample(s, b, "x", NULL, NOW + 3, -INFINITY));
	}
	OK(sample(s, c, "x", NULL, NOW, 3));
	OK(sample(s, c, "x", NULL, NOW + 1, NAN));
	OK(sample(s, c, "x", NULL, NOW, NAN));
	/* The later file that agrees is the source; the first value stays. */
	is_text(dump(s), "x{} 0=1/0#1 1=NaN/1#3 2=0/0#2 3=+Inf/0#1 | 0 1 2 3\n"
	                 "conflict x{} 0 1 a 2 b\n"
	                 "conflict x{} 0 1 a 3 c\n"
	                 "conflict x{} 0 1 a nan c\n"
	                 "conflict x{} 1 nan a 5 b\n"
	                 "conflict x{} 3 inf a -inf b\n"
	                 "artifact a live -1 unknown  problems 0\n"
	                 "artifact b live -1 unknown  problems 0\n"
	                 "artifact c live -1 unknown  problems 0\n");
	finish(s);
}

static void
test_readings(void **state)
{
	struct store *s = fresh_store("readings.db");
	int64_t a = content(s, "aa");

	(void)state;
	artifact(s, a, "h0.prom");
	OK(sample(s, a, "x", "200", TIME_NONE, 1));
	OK(sample(s, a, "x", "200", TIME_NONE, 1));
	OK(sample(s, a, "x", "500", TIME_NONE, NAN));
	OK(sample(s, a, "x", "500", TIME_NONE, NAN));
	is_text(dump(s), "x{\"code\":\"200\"} |\nx{\"code\":\"500\"} |\n"
	                 "artifact h0.prom live untimed -1 unknown  problems 0\n");
	OK(sample(s, a, "x", "200", TIME_NONE, 2));
	is_text(dump(s), "x{\"code\":\"200\"} |\nx{\"code\":\"500\"} |\n"
	                 "artifact h0.prom live untimed -1 unknown  problems 1\n"
	                 "problem h0.prom:0 warning read x{code=\"200\"} stands here twice with different values; "
	                 "the first is used\n");
	finish(s);
}

static void
test_series_and_targets(void **state)
{
	struct label l[] = {{SV("a\"\\\n"), SV("b\xc3\xa9")}, {SV("instance"), SV("h:1")}, {SV("job"), SV("gw")}};
	struct labels labels = {l, 3};
	struct store_sample m = {.name = SV("x"), .labels = &labels, .t = NOW, .v = 1, .target = "t"};
	struct store *s = fresh_store("series.db");
	int64_t c = content(s, "aa"), target[8], t;
	struct store_series series;
	struct store_rows *r;
	int n = 0;

	(void)state;
	OK(store_add_sample(s, c, &m, &err));
	l[2].value = SV("other");
	m.t++;
	OK(store_add_sample(s, c, &m, &err));
	/* Where the one label ends and the next begins is part of the identity. */
	labels.n = 2;
	l[0] = (struct label){SV("a"), SV("bc")};
	l[1] = (struct label){SV("d"), SV("e")};
	OK(store_add_sample(s, c, &m, &err));
	l[0] = (struct label){SV("ab"), SV("c")};
	OK(store_add_sample(s, c, &m, &err));
	m.labels = NULL;
	m.name = SV("a");
	OK(store_add_sample(s, c, &m, &err));
	r = store_series_open(s, NULL, &err);
	while (OK(store_series_next(r, &series, &err)) == 1)
		target[n++] = series.target;
	store_rows_close(r);
	assert_int_equal(n, 5);
	is_text(shell(at("series.db"), "SELECT 1"), "1\n");
	/* a{}, then x by labels: {"a":..}, {"a\"\\\n":..gw}, {..other}, {"ab":..} */
	assert_int_equal(target[0], target[1]);
	assert_int_equal(target[0], target[4]);
	assert_int_not_equal(target[2], target[3]);
	assert_int_not_equal(target[2], target[0]);
	r = store_scrapes_open(s, target[2], &err);
	assert_int_equal(store_scrapes_next(r, &t, &err), 1);
	assert_int_equal(t, NOW);
	assert_int_equal(store_scrapes_next(r, &t, &err), 0);
	store_rows_close(r);
	r = store_series_open(s, "x", &err);
	assert_int_equal(store_series_next(r, &series, &err), 1);
	assert_true(sv_is(series.labels, "{\"a\":\"bc\",\"d\":\"e\"}"));
	store_rows_close(r);
	finish(s);
}

/* More series and times than any cache remembers by chance: each found again. */
static void
test_many(void **state)
{
	struct store *s = fresh_store("many.db");
	int64_t c = content(s, "aa"), scrapes = 0, t, points = 0;
	struct store_series series = {0};
	struct store_point p;
	struct store_rows *r, *inner;
	char code[16];
	int n = 0;

	(void)state;
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 3000; i++) {
			snprintf(code, sizeof(code), "%d", i);
			OK(sample(s, c, "x", code, NOW + round * 7919 + i % 500, i));
		}
	r = store_series_open(s, "x", &err);
	while (OK(store_series_next(r, &series, &err)) == 1) {
		n++;
		inner = store_points_open(s, series.id, NOW, NOW + TIME_DAY, &err);
		while (OK(store_points_next(inner, &p, &err)) == 1)
			points++;
		store_rows_close(inner);
	}
	store_rows_close(r);
	assert_int_equal(n, 3000);
	assert_int_equal(points, 9000);
	r = store_scrapes_open(s, series.target == 0 ? 1 : series.target, &err);
	while (OK(store_scrapes_next(r, &t, &err)) == 1)
		scrapes++;
	store_rows_close(r);
	assert_int_equal(scrapes, 1500);
	finish(s);
}

/* The same iteration twice at once, closed in either order. */
static void
test_nested(void **state)
{
	struct store *s = fresh_store("nested.db");
	int64_t c = content(s, "aa");
	struct store_rows *r[3];
	struct store_series series;
	struct store_point p;

	(void)state;
	for (int i = 0; i < 3; i++)
		OK(sample(s, c, "x", NULL, NOW + i, i));
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 3; i++) {
			r[i] = store_points_open(s, 1, NOW + i, NOW + 2, &err);
			assert_int_equal(store_points_next(r[i], &p, &err), 1);
			assert_int_equal(p.t, NOW + i);
		}
		assert_int_equal(store_points_next(r[1], &p, &err), 1);
		assert_int_equal(p.t, NOW + 2);
		assert_int_equal(store_points_next(r[0], &p, &err), 1);
		assert_int_equal(p.t, NOW + 1);
		assert_int_equal(store_points_next(r[2], &p, &err), 0);
		store_rows_close(r[(0 + round) % 3]);
		store_rows_close(r[(1 + round) % 3]);
		store_rows_close(r[(2 + round) % 3]);
	}
	/* The name may be gone when the first row is asked for. */
	{
		char name[] = "x";

		r[0] = store_series_open(s, name, &err);
		name[0] = 'y';
		assert_int_equal(store_series_next(r[0], &series, &err), 1);
		store_rows_close(r[0]);
	}
	finish(s);
}

static void
test_families(void **state)
{
	struct store *s = fresh_store("families.db");
	char type[32];

	(void)state;
	OK(store_family_type(s, "x", type, &err));
	assert_string_equal(type, "");
	OK(store_add_family(s, SV("x"), (struct sv){0}, (struct sv){0}, SV("help"), &err));
	OK(store_add_family(s, SV("x"), SV("counter"), SV(""), SV("other help"), &err));
	OK(store_add_family(s, SV("x"), SV("gauge"), SV("seconds"), SV(""), &err));
	OK(store_family_type(s, "x", type, &err));
	assert_string_equal(type, "counter");
	OK(store_add_family(s, SV("y"), SV("a type that is much longer than any type"), SV(""), SV(""), &err));
	OK(store_family_type(s, "y", type, &err));
	assert_string_equal(type, "a type that is much longer than");
	OK(store_end(s, 0, &err));
	is_text(shell(at("families.db"), "SELECT * FROM family WHERE name = 'x'"), "x|counter|seconds|help\n");
	store_close(s);
}

/* The same line in two files is one event; twice in one file, two (docs/rules.md 7). */
static void
test_events(void **state)
{
	struct store *s = fresh_store("events.db");
	int64_t a = content(s, "aa"), b = content(s, "bb");

	(void)state;
	artifact(s, a, "z.log");
	artifact(s, b, "cron.log");
	artifact(s, b, "old/cron.log");
	event(s, a, NOW + 5, "END", 9);
	event(s, a, NOW, "START", 1);
	event(s, a, NOW, "START", 2);
	event(s, a, NOW, "START", 3);
	event(s, b, NOW, "START", 11);
	event(s, b, NOW, "START", 12);
	event(s, b, NOW, "OTHER", 12);
	is_text(dump(s), "event 0 START cron.log:11\n"
	                 "event 0 START cron.log:12\n"
	                 "event 0 START z.log:3\n"
	                 "event 0 OTHER cron.log:12\n"
	                 "event 5 END z.log:9\n"
	                 "artifact cron.log live -1 unknown  problems 0\n"
	                 "artifact old/cron.log live -1 unknown  problems 0\n"
	                 "artifact z.log live -1 unknown  problems 0\n");
	OK(store_end(s, 0, &err));
	is_text(shell(at("events.db"), "SELECT nth, count(*) FROM event JOIN event_source ON event = id "
	                               "WHERE name = 'START' GROUP BY id ORDER BY nth"), "1|2\n2|2\n3|1\n");
	store_close(s);
}

/* One line ten thousand times must not take ten thousand squared. */
static void
test_event_repeated(void **state)
{
	struct store *s = fresh_store("repeated.db");
	int64_t a = content(s, "aa");

	(void)state;
	for (int i = 1; i <= 10000; i++)
		event(s, a, NOW, "AGAIN", i);
	OK(store_end(s, 0, &err));
	is_text(shell(at("repeated.db"), "SELECT count(*), max(nth), sum(nth = line) FROM event "
	                                 "JOIN event_source ON event = id"), "10000|10000|10000\n");
	store_close(s);
}

static void
test_event_end(void **state)
{
	struct store *s = fresh_store("ends.db");
	int64_t a = content(s, "aa"), b = content(s, "bb"), c = content(s, "cc");
	struct store_event ev = {.t = NOW, .t_end = TIME_NONE, .kind = SV("span"), .name = SV("CHAOS"), .line = 1}, got;
	struct store_rows *r;

	(void)state;
	artifact(s, c, "c.log");
	OK(store_add_event(s, a, &ev, &err));
	ev.t_end = NOW + 60000;
	OK(store_add_event(s, b, &ev, &err));
	ev.t_end = NOW + 61000;
	OK(store_add_event(s, c, &ev, &err));
	r = store_events_open(s, &err);
	assert_int_equal(store_events_next(r, &got, &err), 1);
	assert_int_equal(got.t_end, NOW + 60000);
	assert_true(sv_is(got.kind, "span"));
	assert_int_equal(store_events_next(r, &got, &err), 0);
	store_rows_close(r);
	r = store_problems_open(s, &err);
	assert_int_equal(store_problems_next(r, &(struct store_problem){0}, &err), 1);
	store_rows_close(r);
	ev.t = TIME_NONE;
	assert_int_equal(store_add_event(s, c, &ev, &err), -1);
	finish(s);
}

static void
test_facts(void **state)
{
	struct store *s = fresh_store("facts.db");
	int64_t a = content(s, "aa"), b = content(s, "bb");
	struct store_fact f = {.path = SV("rate"), .text = SV("98.94"), .value = 98.94, .line = 7}, got;
	struct store_rows *r;

	(void)state;
	artifact(s, a, "s10.json");
	artifact(s, b, "s9.json");
	OK(store_add_claim(s, a, &f, &err));
	f.line = 2;
	OK(store_add_claim(s, a, &f, &err));
	f.text = SV("complete");
	f.value = NAN;
	OK(store_add_claim(s, b, &f, &err));
	OK(store_add_run(s, b, &f, &err));
	r = store_claims_open(s, &err);
	assert_int_equal(store_facts_next(r, &got, &err), 1);
	assert_true(sv_is(got.source, "s9.json") && sv_is(got.text, "complete") && isnan(got.value));
	assert_int_equal(got.content, b);
	assert_int_equal(store_facts_next(r, &got, &err), 1);
	assert_true(sv_is(got.source, "s10.json") && got.line == 2 && got.value == 98.94);
	assert_int_equal(store_facts_next(r, &got, &err), 1);
	assert_int_equal(got.line, 7);
	assert_int_equal(store_facts_next(r, &got, &err), 0);
	store_rows_close(r);
	r = store_runs_open(s, &err);
	assert_int_equal(store_facts_next(r, &got, &err), 1);
	assert_int_equal(store_facts_next(r, &got, &err), 0);
	store_rows_close(r);
	finish(s);
}

static void
test_natural_order(void **state)
{
	static const char *const want[] = {"a", "h2.prom", "h02.prom", "h002.prom", "h10.prom", "h10a", "h10.5",
	    "x/18446744073709551616", "x/18446744073709551617", "x/99999999999999999999999"};
	static const int order[] = {4, 9, 0, 3, 6, 5, 2, 8, 1, 7};
	struct store *s = fresh_store("natural.db");
	int64_t c = content(s, "aa");
	struct store_artifact a;
	struct store_rows *r;
	struct sb got = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		artifact(s, c, want[order[i]]);
	r = store_artifacts_open(s, &err);
	while (OK(store_artifacts_next(r, &a, &err)) == 1)
		sb_addf(&got, "%" SV_FMT " ", SV_ARG(a.name));
	store_rows_close(r);
	assert_string_equal(sb_str(&got), "a h002.prom h02.prom h2.prom h10.5 h10.prom h10a "
	                                  "x/18446744073709551616 x/18446744073709551617 x/99999999999999999999999 ");
	sb_free(&got);
	finish(s);
}

static void
test_problems(void **state)
{
	struct store *s = fresh_store("problems.db");
	int64_t a = content(s, "aa"), b = artifact(s, a, "b"), c = artifact(s, a, "a10");
	struct store_problem p = {.line = 12, .severity = "error", .stage = "read", .text = SV("bad value")};

	(void)state;
	p.content = a;
	OK(store_add_problem(s, &p, &err));
	p.line = 2;
	OK(store_add_problem(s, &p, &err));
	p.content = 0;
	p.artifact = b;
	p.stage = "place";
	p.severity = "note";
	OK(store_add_problem(s, &p, &err));
	OK(store_add_problem(s, &p, &err));
	p.artifact = 0;
	p.line = 0;
	OK(store_add_problem(s, &p, &err));
	OK(store_add_problem(s, &p, &err)); /* tried again: still one */
	is_text(dump(s), "artifact a10 live -1 unknown  problems 2\n"
	                 "artifact b live -1 unknown  problems 3\n"
	                 "problem :0 note place bad value\n"
	                 "problem a10:2 error read bad value\n"
	                 "problem a10:12 error read bad value\n"
	                 "problem b:2 note place bad value\n");
	(void)c;
	p.severity = "fatal";
	assert_int_equal(store_add_problem(s, &p, &err), -1);
	OK(store_end(s, -1, &err) == -1 ? 0 : -1);
	store_close(s);
}

/* Text that would hurt a store that pastes SQL, or one that stops at a NUL. */
static void
test_hostile_text(void **state)
{
	static const char nasty[] = "'; DROP TABLE sample; --\0\"\xff\xc3";
	struct sv text = {nasty, sizeof(nasty) - 1};
	struct label l = {SV("k"), text};
	struct labels labels = {&l, 1};
	struct store_sample m = {.name = text, .labels = &labels, .t = NOW, .v = 1, .target = nasty};
	struct store_event ev = {.t = NOW, .t_end = TIME_NONE, .kind = text, .name = text, .text = text}, got;
	struct store *s = fresh_store("hostile.db");
	int64_t c = content(s, "aa");
	struct store_series series;
	struct store_rows *r;
	bool fresh;

	(void)state;
	OK(store_add_artifact(s, c, text, &fresh, &err));
	OK(store_add_sample(s, c, &m, &err));
	OK(store_add_event(s, c, &ev, &err));
	r = store_series_open(s, NULL, &err);
	assert_int_equal(store_series_next(r, &series, &err), 1);
	assert_true(sv_eq(series.name, text));
	assert_int_equal(store_series_next(r, &series, &err), 0);
	store_rows_close(r);
	r = store_events_open(s, &err);
	assert_int_equal(store_events_next(r, &got, &err), 1);
	assert_true(sv_eq(got.text, text) && sv_eq(got.kind, text) && sv_eq(got.source, text));
	store_rows_close(r);
	finish(s);
}

/* The file grew: what the short version said, and the long one does not, is gone; in either order of the calls. */
static void
test_supersede(void **state)
{
	for (int late = 0; late < 2; late++) {
		struct store *s = fresh_store(late ? "super1.db" : "super0.db");
		int64_t old = content(s, "aa"), other = content(s, "bb"), grown;
		struct store_fact f = {.path = SV("p"), .text = SV("1"), .value = 1};
		struct store_problem p = {.content = old, .severity = "note", .stage = "read", .text = SV("cut")};

		artifact(s, old, "x.log");
		OK(sample(s, old, "x", NULL, NOW, 1));
		OK(sample(s, old, "x", NULL, NOW + 1, 2));
		OK(sample(s, old, "x", NULL, NOW + 2, 3));
		OK(sample(s, old, "x", NULL, NOW + 3, 12)); /* 123, cut */
		OK(sample(s, old, "x", NULL, 17, 9));       /* a time, cut */
		event(s, old, NOW, "START", 1);
		event(s, old, NOW, "ONLY", 2);
		OK(store_add_claim(s, old, &f, &err));
		OK(store_add_problem(s, &p, &err));
		artifact(s, other, "y.log");
		OK(sample(s, other, "x", NULL, NOW, 1));
		OK(sample(s, other, "x", NULL, NOW + 1, 7));
		event(s, other, NOW, "START", 5);
		if (!late)
			OK(store_supersede(s, SV("x.log"), old, &err));
		grown = content(s, "cc");
		OK(sample(s, grown, "x", NULL, NOW, 1));
		OK(sample(s, grown, "x", NULL, NOW + 1, 2));
		OK(sample(s, grown, "x", NULL, NOW + 2, 3));
		OK(sample(s, grown, "x", NULL, NOW + 3, 123));
		event(s, grown, NOW, "START", 1);
		OK(store_add_claim(s, grown, &f, &err));
		artifact(s, grown, "x.log");
		if (late)
			OK(store_supersede(s, SV("x.log"), old, &err));
		is_text(dump(s), late ?
		    "x{} 0=1/0#3 1=2/0#3 2=3/0#3 3=123/0#3 | 0 1 2 3\n"
		    "conflict x{} 1 2 x.log 7 y.log\n"
		    "event 0 START x.log:1\n"
		    "artifact x.log superseded -1 unknown  problems 0\n"
		    "artifact x.log live -1 unknown  problems 0\n"
		    "artifact y.log live -1 unknown  problems 0\n" :
		    "x{} 0=1/0#3 1=7/0#2 2=3/0#3 3=123/0#3 | 0 1 2 3\n"
		    "conflict x{} 1 7 y.log 2 x.log\n"
		    "event 0 START x.log:1\n"
		    "artifact x.log superseded -1 unknown  problems 0\n"
		    "artifact x.log live -1 unknown  problems 0\n"
		    "artifact y.log live -1 unknown  problems 0\n");
		OK(store_end(s, 0, &err));
		is_text(shell(at(late ? "super1.db" : "super0.db"), "SELECT count(*), min(content) FROM claim; "
		    "SELECT count(*) FROM scrape; PRAGMA foreign_key_check"), "1|3\n4\n");
		store_close(s);
	}
	(void)state;
}

/* Another name still says the same: nothing is taken back. */
static void
test_supersede_with_a_copy(void **state)
{
	struct store *s = fresh_store("copy.db");
	int64_t old = content(s, "aa");

	(void)state;
	artifact(s, old, "x.log");
	artifact(s, old, "copy/x.log");
	OK(sample(s, old, "x", NULL, NOW, 1));
	event(s, old, NOW, "START", 1);
	OK(store_supersede(s, SV("x.log"), old, &err));
	is_text(dump(s), "x{} 0=1/0#1 | 0\nevent 0 START copy/x.log:1\n"
	                 "artifact copy/x.log live -1 unknown  problems 0\n"
	                 "artifact x.log superseded -1 unknown  problems 0\n");
	OK(store_supersede(s, SV("copy/x.log"), old, &err));
	is_text(dump(s), "x{} |\n"
	                 "artifact copy/x.log superseded -1 unknown  problems 0\n"
	                 "artifact x.log superseded -1 unknown  problems 0\n");
	finish(s);
}

/* docs/schema.md's views, for people with the plain shell. */
static void
test_views(void **state)
{
	struct store *s = fresh_store("views.db");
	int64_t a = content(s, "aa"), b = content(s, "bb");
	struct store_problem p = {.content = a, .line = 3, .severity = "warning", .stage = "read", .text = SV("odd")};

	(void)state;
	artifact(s, a, "a.log");
	artifact(s, b, "b.log");
	OK(sample(s, a, "x", "200", NOW, 1.5));
	OK(sample(s, a, "x", "200", NOW + 250, NAN));
	OK(sample(s, b, "x", "200", NOW, 2));
	event(s, a, NOW, "START", 1);
	event(s, b, NOW, "START", 4);
	OK(store_add_problem(s, &p, &err));
	OK(store_place(s, 1, NOW, "inside", SV(""), &err));
	finish(s);
	is_text(shell(at("views.db"), "SELECT name, format, taken, time_source, problems FROM artifacts"),
	    "a.log|prometheus-text|2026-01-12T06:00:00Z|inside|1\nb.log|prometheus-text||unknown|0\n");
	is_text(shell(at("views.db"), "SELECT name, time, value, note FROM samples"),
	    "x|2026-01-12T06:00:00.000Z|1.5|\nx|2026-01-12T06:00:00.250Z||NaN\n");
	is_text(shell(at("views.db"), "SELECT * FROM events"),
	    "2026-01-12T06:00:00.000Z|log|START||a.log:1, b.log:4\n");
	is_text(shell(at("views.db"), "SELECT name, time, value_a, artifact_a, value_b, artifact_b FROM contradictions"),
	    "x|2026-01-12T06:00:00.000Z|1.5|a.log|2.0|b.log\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_merge_and_conflict),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_series_and_targets),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_event_repeated),
		cmocka_unit_test(test_event_end),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_natural_order),
		cmocka_unit_test(test_problems),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_supersede),
		cmocka_unit_test(test_supersede_with_a_copy),
		cmocka_unit_test(test_views),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
