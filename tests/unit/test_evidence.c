/* Is what must be there really there: docs/profile.md "evidence", docs/rules.md 6, 8, 15. */
#include "court_help.h"

#define ALWAYS "criteria: [{id: started, events: {name: BEGIN}}]\n"

static const struct evidence_result *
judged(const char *evidence)
{
	char profile[1500];
	const struct verdict *v;

	snprintf(profile, sizeof(profile), RUN_PART "evidence:\n%s" ALWAYS, evidence);
	v = court_judge(profile);
	assert_int_equal(v->n_evidence, 1);
	/* The one criterion passes: the evidence alone decides, and never by itself as a FAIL. */
	assert_int_equal(v->outcome,
	    v->evidence[0].present || v->evidence[0].optional ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE);
	return &v->evidence[0];
}

static void
misses(const struct evidence_result *r, const char *words)
{
	size_t i;

	for (i = 0; i < r->n_missing; i++)
		if (sv_find(r->missing[i], sv_of(words)) < r->missing[i].n)
			return;
	fail_msg("'%s' is not among the %zu missing of %.*s", words, r->n_missing, (int)r->sentence.n, r->sentence.p);
}

static void
counts(const struct evidence_result *r, bool present, int64_t found, int64_t expected, size_t missing)
{
	if (r->present != present || r->found != found || r->expected != expected || r->n_missing != missing)
		fail_msg("%.*s: present %d, %d of %d, %zu missing", (int)r->sentence.n, r->sentence.p, r->present,
		    (int)r->found, (int)r->expected, r->n_missing);
}

#define HOURLY(file, count)                                                                                        \
	"  - snapshots: {file: \"" file "\", time: \"run.start + ({hour} + 1) * 1h\", every: 1h, count: " #count "}\n"

static void
snapshots(const char *before, int digits, int n)
{
	char name[64];
	int i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s%0*d.prom", before, digits, i);
		court_snapshot(name, (i + 1) * 60.0, true);
	}
}

static void
problem(int64_t content_id, const char *severity, const char *text)
{
	struct store_problem p = {.content = content_id, .line = 7, .severity = severity, .stage = "read", .text = sv_of(text)};

	OK(store_add_problem(court.store, &p, &err));
}

static int64_t
broken(const char *name)
{
	int64_t id = court_file_as(name, (struct store_content){.size = 10, .format = "prometheus-text", .complete = false,
	    .first_ms = TIME_NONE, .last_ms = TIME_NONE});

	problem(id, "warning", "smells");
	problem(id, "error", "cut in the middle of a number");
	return id;
}

static void
test_all_snapshots(void **state)
{
	static const char *const before[] = {"soak-h", "soak-h0", "out.tar.gz/x/soak-h"};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		court_open();
		court_log(600);
		snapshots(before[i], 1, 4);
		counts(judged(HOURLY("soak-h{hour}.prom", 4)), true, 4, 4, 0);
		court_close();
	}
}

static void
test_one_snapshot_bad(void **state)
{
	static const char *const why[] = {"soak-h4.prom: not there", "soak-h4.prom: empty file: 0 bytes",
	    "soak-h4.prom: cut in the middle of a number", "soak-h4.prom: when it was taken is unknown",
	    "soak-h4.prom: nothing in it", "soak-h4.prom: not recognised"};
	const struct evidence_result *r;
	int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct store_content c = {.size = 10, .format = "prometheus-text", .complete = true, .first_ms = TIME_NONE,
		    .last_ms = TIME_NONE};

		court_open();
		court_log(600);
		snapshots("soak-h", 1, 4);
		if (i == 1)
			court_file_as("soak-h4.prom", (struct store_content){.format = "empty", .first_ms = TIME_NONE,
			    .last_ms = TIME_NONE});
		else if (i == 2)
			broken("soak-h4.prom");
		else if (i == 3)
			court_snapshot("soak-h4.prom", 0, false);
		else if (i == 4)
			court_file_as("soak-h4.prom", c);
		else if (i == 5)
			c.format = "unrecognised", court_file_as("soak-h4.prom", c);
		/* The time that the pattern gives makes none of them better. */
		if (i == 1 || i == 2 || i > 3)
			OK(store_place(court.store, court.artifact, MINUTE(300), "profile", SV("pattern"), &err));
		r = judged(HOURLY("soak-h{hour}.prom", 5));
		counts(r, false, 4, 5, 1);
		misses(r, why[i]);
		court_close();
	}
}

/* The name of what is missing is written as its neighbours are. */
static void
test_padded_names(void **state)
{
	const struct evidence_result *r;

	(void)state;
	court_open();
	court_log(600);
	snapshots("m-hour-", 2, 3);
	r = judged(HOURLY("m-hour-{hour}.prom", 12));
	counts(r, false, 3, 12, 9);
	misses(r, "m-hour-03.prom: not there");
	misses(r, "m-hour-11.prom: not there");
	assert_int_equal(r->n_brief, 1);
	says(r->brief[0], "m-hour-03.prom to m-hour-11.prom: not there (9)");
	court_close();

	court_open();
	court_log(600);
	snapshots("m-hour-", 1, 3);
	misses(judged(HOURLY("m-hour-{hour}.prom", 12)), "m-hour-3.prom: not there");
	court_close();
}

static void
test_first(void **state)
{
	const struct evidence_result *r;

	(void)state;
	court_open();
	court_log(600);
	snapshots("h", 1, 4); /* 0 to 3 */
	r = judged("  - snapshots: {file: \"h{hour}.prom\", time: \"run.start + {hour} * 1h\", count: 3, first: 1}\n");
	counts(r, true, 3, 3, 0);
	court_close();
	court_open();
	court_log(600);
	snapshots("h", 1, 4);
	r = judged("  - snapshots: {file: \"h{hour}.prom\", time: \"run.start + {hour} * 1h\", count: 4, first: 1}\n");
	counts(r, false, 3, 4, 1);
	misses(r, "h4.prom");
	court_close();
}

/* A pattern with '/' is compared with the whole name. */
static void
test_pattern_with_folder(void **state)
{
	const struct evidence_result *r;

	(void)state;
	court_open();
	court_log(600);
	snapshots("gw-a/h", 1, 3);
	snapshots("gw-b/h", 1, 2);
	counts(judged(HOURLY("gw-a/h{hour}.prom", 3)), true, 3, 3, 0);
	court_close();
	court_open();
	court_log(600);
	snapshots("gw-a/h", 1, 3);
	snapshots("gw-b/h", 1, 2);
	r = judged(HOURLY("gw-b/h{hour}.prom", 3));
	counts(r, false, 2, 3, 1);
	misses(r, "gw-b/h2.prom: not there");
	court_close();
}

/* Broken in a folder and whole in an archive, in either order: there. */
static void
test_broken_and_whole(void **state)
{
	int order;

	(void)state;
	for (order = 0; order < 2; order++) {
		court_open();
		court_log(600);
		snapshots("soak-h", 1, 2);
		if (order == 0)
			broken("soak-h2.prom");
		court_snapshot("a.tar.gz/soak-h2.prom", 180, true);
		if (order == 1)
			broken("z/soak-h2.prom");
		counts(judged(HOURLY("soak-h{hour}.prom", 3)), true, 3, 3, 0);
		court_close();
	}
}

/* What a longer version has replaced is no evidence any more. */
static void
test_superseded(void **state)
{
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_file("summary.json");
	OK(store_supersede(court.store, SV("summary.json"), f, &err));
	counts(judged("  - file: summary.json\n"), false, 0, 1, 1);
	court_close();
}

static void
test_file(void **state)
{
	static const struct {
		struct store_content c;
		bool present;
		const char *why;
	} cases[] = {
		{{.size = 5, .format = "gateway-summary", .items = 1, .complete = true}, true, NULL},
		{{.size = 5, .format = "gateway-summary", .items = 0, .complete = true}, false, "nothing in it"},
		{{.size = 5, .format = "gateway-summary", .items = 3, .complete = false}, false, "not readable to its end"},
		{{.size = 0, .format = "empty", .items = 0, .complete = false}, false, "empty file"},
		{{.size = 5, .format = "unrecognised", .items = 0, .complete = true}, false, "not recognised"},
		{{.size = 5, .format = "unrecognised", .items = 3, .complete = true}, false, "not recognised"},
	};
	const struct evidence_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		court_log(600);
		court_file_as("out/summary.json", cases[i].c);
		r = judged("  - file: summary.json\n");
		assert_int_equal(r->present, cases[i].present);
		if (!cases[i].present)
			misses(r, cases[i].why);
		court_close();
	}
	court_open();
	court_log(600);
	court_file("summary.json.bak");
	r = judged("  - file: summary.json\n");
	counts(r, false, 0, 1, 1);
	misses(r, "summary.json: not there");
	court_close();
}

static void
test_optional(void **state)
{
	(void)state;
	court_open();
	court_log(600);
	counts(judged("  - {file: dump.sql.gz, optional: true}\n"), false, 0, 1, 1);
	assert_true(court.v.evidence[0].optional);
	court_close();
}

/* --- samples ------------------------------------------------------------------------------- */

#define EVERY_TEN "  - samples: {file: '*.om', every: 10m}\n"

/* A sample at every tenth minute of [from, to], except in the open (gap_from, gap_to). */
static void
samples(const char *name, double from, double to, double gap_from, double gap_to)
{
	int64_t f = court_span(name, from, to);
	double t;

	for (t = from; t <= to; t += 10)
		if (t <= gap_from || t >= gap_to)
			court_sample(f, "up", NULL, t, 1);
}

static void
test_samples(void **state)
{
	static const struct {
		double from, to, gap_from, gap_to;
		bool present;
		int found;
		const char *why;
	} cases[] = {
		{0, 600, 0, 0, true, 61, NULL},
		{10, 590, 0, 0, true, 59, NULL},
		{20, 600, 0, 0, false, 59, "no sample for 20 min from 2026-01-12T06:00:00Z"},
		{0, 580, 0, 0, false, 59, "no sample for 20 min from 2026-01-12T15:40:00Z"},
		{0, 600, 300, 320, false, 60, "no sample for 20 min from 2026-01-12T11:00:00Z"},
		{0, 600, 10, 590, false, 4, "no sample for 9 h 40 min from 2026-01-12T06:10:00Z"},
		/* More than the run is no fault, and does not count. */
		{-100, 700, 0, 0, true, 61, NULL},
		/* All of it before or after. */
		{-600, -10, 0, 0, false, 0, "no sample for 10 h"},
		{610, 900, 0, 0, false, 0, "no sample for 10 h"},
	};
	const struct evidence_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		court_log(600);
		samples("m.om", cases[i].from, cases[i].to, cases[i].gap_from, cases[i].gap_to);
		r = judged(EVERY_TEN);
		counts(r, cases[i].present, cases[i].found, 60, cases[i].present ? 0 : 1);
		if (!cases[i].present)
			misses(r, cases[i].why);
		court_close();
	}
}

/* Three holes are three lines: they have no common reason to be drawn together by. */
static void
test_many_holes(void **state)
{
	const struct evidence_result *r;
	int64_t f;
	int i;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	for (i = 0; i <= 600; i += 150)
		court_sample(f, "up", NULL, i, 1);
	r = judged(EVERY_TEN);
	assert_int_equal(r->n_missing, 4);
	assert_int_equal(r->n_brief, 4);
	says(r->brief[3], "no sample for 2 h 30 min from 2026-01-12T13:30:00Z");
	court_close();
}

/* Rotated files cover the run together; what other files hold is not this evidence. */
static void
test_samples_of_which_file(void **state)
{
	const struct evidence_result *r;

	(void)state;
	court_open();
	court_log(600);
	samples("a.om", 0, 300, 0, 0);
	samples("b.om", 300, 600, 0, 0);
	counts(judged(EVERY_TEN), true, 61, 60, 0);
	court_close();

	court_open();
	court_log(600);
	samples("a.om", 0, 60, 0, 0);
	samples("other.prom", 0, 600, 0, 0);
	r = judged(EVERY_TEN);
	counts(r, false, 7, 60, 1);
	misses(r, "no sample for 9 h");
	court_close();
}

/* Without the run's bounds nobody can say that the samples cover it. */
static void
test_samples_of_an_unknown_run(void **state)
{
	static const struct {
		const char *first, *last;
	} cases[] = {{"BEGIN", "OTHER"}, {"OTHER", "END"}, {"OTHER", "ELSE"}};
	const struct evidence_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		int64_t log;

		court_open();
		log = court_span("events.log", 0, 600);
		court_event(log, 0, cases[i].first);
		court_event(log, 600, cases[i].last);
		samples("m.om", 0, 600, 0, 0);
		r = &court_judge(RUN_PART "evidence: [{samples: {file: '*.om', every: 10m}}]\n"
				 "criteria: [{id: a, events: {name: BEGIN}}]\n")
			 ->evidence[0];
		assert_false(r->present);
		misses(r, "not known");
		assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
		court_close();
	}
}

/* A run of no length, or shorter than a step: nothing found is never present. */
static void
test_samples_of_a_short_run(void **state)
{
	static const double length[] = {0, 5};
	static const char *const evidence[] = {EVERY_TEN,
	    "  - all: [{file: events.log}, {samples: {file: '*.om', every: 10m}}]\n",
	    "  - any: [{file: nowhere}, {samples: {file: '*.om', every: 10m}}]\n"};
	const struct evidence_result *r;
	char profile[400];
	int i, k;

	(void)state;
	for (i = 0; i < 2; i++)
		for (k = 0; k < 3; k++) {
			court_open();
			court_log(length[i]);
			samples("m.om", i == 0 ? 0 : 100, 600, 0, 0);
			snprintf(profile, sizeof(profile), RUN_PART "evidence:\n%s" ALWAYS, evidence[k]);
			r = &court_judge(profile)->evidence[0];
			assert_false(r->present);
			assert_true(r->n_missing > 0);
			assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
			court_close();
		}
}

/* --- any, all -------------------------------------------------------------------------------- */

static void
test_any_all(void **state)
{
	static const struct {
		const char *tree;
		bool present;
	} cases[] = {
		{"any: [{file: a}, {file: no}]", true},
		{"any: [{file: no}, {file: a}]", true},
		{"any: [{file: no}, {file: nor}]", false},
		{"all: [{file: a}, {file: b}]", true},
		{"all: [{file: a}, {file: no}]", false},
		{"all: [{file: no}, {file: a}]", false},
		{"all: [{file: no}, {file: nor}]", false},
		{"any: [{all: [{file: a}, {file: no}]}, {file: b}]", true},
		{"any: [{all: [{file: a}, {file: no}]}, {file: nor}]", false},
		{"all: [{any: [{file: no}, {file: a}]}, {file: b}]", true},
		{"all: [{any: [{file: no}, {file: nor}]}, {file: b}]", false},
		{"all: [{all: [{any: [{all: [{file: a}]}]}]}]", true},
		{"all: [{all: [{any: [{all: [{file: no}]}]}]}]", false},
	};
	const struct evidence_result *r;
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		court_log(600);
		court_file("a");
		court_file("b");
		snprintf(text, sizeof(text), "  - %s\n", cases[i].tree);
		r = judged(text);
		if (r->present != cases[i].present || (r->n_missing == 0) != cases[i].present)
			fail_msg("%s: present %d, %zu missing", cases[i].tree, r->present, r->n_missing);
		if (!cases[i].present)
			misses(r, "not there");
		court_close();
	}
}

/* What is missing is told of the branch that is nearest to being there, not of all. */
static void
test_any_tells_the_nearest(void **state)
{
	const struct evidence_result *r;

	(void)state;
	court_open();
	court_log(600);
	snapshots("h", 1, 9);
	r = judged("  - any: [{samples: {file: '*.om', every: 1m}}, {snapshots: {file: 'h{hour}.prom', time: 'run.start + "
		   "{hour} * 1h', count: 10}}]\n");
	counts(r, false, 9, 10, 1);
	misses(r, "h9.prom: not there");
	court_close();
}

/* A run that ended early is no evidence for the time it did not last. */
static void
test_planned_duration(void **state)
{
	static const struct {
		double ends;
		bool reached;
	} cases[] = {{10, false}, {593, false}, {594, true}, {600, true}, {700, true}};
	const struct evidence_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		court_log(cases[i].ends);
		court_judge("profile: t\nrun: {start: {event: BEGIN}, end: {event: END}, duration: 10h}\n" STARTED);
		assert_int_equal(court.v.n_evidence, 1);
		r = &court.v.evidence[0];
		assert_true(sv_is(r->id, "evidence/duration"));
		assert_int_equal(r->present, cases[i].reached);
		assert_int_equal(r->n_missing, cases[i].reached ? 0 : 1);
		assert_int_equal(verdict_exit(&court.v), cases[i].reached ? 0 : 3);
		court_close();
	}
	/* A planned end is not a reached one: nothing is said of it here. */
	court_open();
	court_log(600);
	court_judge("profile: t\nrun: {start: {event: BEGIN}, end: {event: NEVER_LOGGED}, duration: 10h}\n" STARTED);
	assert_int_equal(court.v.n_evidence, 0);
	court_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_snapshots),
		cmocka_unit_test(test_one_snapshot_bad),
		cmocka_unit_test(test_padded_names),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_pattern_with_folder),
		cmocka_unit_test(test_broken_and_whole),
		cmocka_unit_test(test_superseded),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_optional),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_many_holes),
		cmocka_unit_test(test_samples_of_which_file),
		cmocka_unit_test(test_samples_of_an_unknown_run),
		cmocka_unit_test(test_samples_of_a_short_run),
		cmocka_unit_test(test_any_all),
		cmocka_unit_test(test_any_tells_the_nearest),
		cmocka_unit_test(test_planned_duration),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
