/* While the run goes on: what is final, what can be mended, what is owed. A run of 10 hours, seen up to hour 5. */
#include "court_help.h"

#include "judge/sofar.h"

#define HEAD "profile: t\nrun: {start: {event: BEGIN}, end: {event: END}, duration: 10h}\nwindows: {chaos: {from: ON, to: OFF}}\ncriteria:\n"
#define RATE "  - {id: rate, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 97%}\n"
#define BEGUN "  - {id: begun, events: {name: BEGIN}}\n"

static struct sofar now;

/* Samples every 10 minutes of from..300; of 600 requests so many failed. */
static void
scene(double from, double bad, bool ended)
{
	int64_t f, log;
	double t;

	court_open();
	log = court_span("events.log", 0, ended ? 600 : 300);
	court_event(log, 0, "BEGIN");
	court_event(log, 60, "ON");
	court_event(log, 61, "OFF");
	court_event(log, 120, "TICK");
	if (ended)
		court_event(log, 600, "END");
	f = court_span("m.om", from, 300);
	for (t = from; t <= 300; t += 10) {
		court_sample(f, "reqs_total", "200", t, (600 - bad) * t / 300);
		court_sample(f, "reqs_total", "500", t, bad * t / 300);
		court_sample(f, "level", NULL, t, t < 250);
		court_sample(f, "users", NULL, t, t);
	}
}

static const struct sofar *
judged(const char *criteria)
{
	struct judge_opts o = {.start = TIME_NONE, .so_far = true};
	struct sb text = {0};

	sb_addf(&text, "%s%s", HEAD, criteria);
	OK(store_end(court.store, 0, &err));
	court.profile = profile_parse("p.yaml", sb_sv(&text), &err);
	if (court.profile == NULL)
		fail_msg("%s", err.msg);
	OK(judge_run(court.store, court.profile, &o, &court.v, &err));
	sofar_of(&court.v, &now);
	sb_free(&text);
	return &now;
}

static const struct {
	const char *what;
	double from, bad;
	const char *criteria;
	enum sofar_state state; /* of the last criterion */
	int status;
	const char *owed;
} cases[] = {
    {"a ratio that is met", 0, 0, RATE, SOFAR_PASSING, 0, "the rest of its window"},
    {"missed, and the rest can mend it", 0, 20, RATE, SOFAR_BEHIND, 3, "20 failures of at most 36 in about 1 200 requests"},
    {"all of the budget", 0, 36, RATE, SOFAR_BEHIND, 3, "36 failures of at most 36"},
    {"the whole run's budget is spent", 0, 37, RATE, SOFAR_FAILED, 1, "nothing can mend it: the error budget of the whole run is spent, 37"},
    {"behind beside one that passes", 0, 20, BEGUN RATE, SOFAR_BEHIND, 3, ""},
    {"something that has to happen still", 0, 0, "  - {id: a, events: {name: LATER}}\n", SOFAR_OWED, 3, "more of it"},
    {"... beside one that passes", 0, 0, BEGUN "  - {id: a, events: {name: LATER}}\n", SOFAR_OWED, 0, "more of it"},
    {"something that must not happen", 0, 0, BEGUN "  - {id: a, events: {none: TICK}}\n", SOFAR_FAILED, 1, ""},
    {"a slot that was missed", 0, 0, BEGUN "  - {id: a, schedule: {event: TICK, every: 1h, tolerance: 1m}}\n", SOFAR_FAILED, 1, ""},
    {"a count that is still to grow", 0, 0, BEGUN "  - {id: a, sli: {count: reqs_total}, objective: '>= 1000'}\n", SOFAR_OWED, 0,
	"more of it"},
    {"a count that is too large", 0, 0, BEGUN "  - {id: a, sli: {count: reqs_total}, objective: '<= 500'}\n", SOFAR_FAILED, 1, ""},
    {"a count that is just not enough", 0, 0, BEGUN "  - {id: a, sli: {count: reqs_total}, objective: '> 600'}\n", SOFAR_OWED, 0, "more of it"},
    {"a count that is just too large", 0, 0, BEGUN "  - {id: a, sli: {count: reqs_total}, objective: '< 600'}\n", SOFAR_FAILED, 1, ""},
    {"a count that is exact, and over", 0, 0, BEGUN "  - {id: a, sli: {count: reqs_total}, objective: '== 599'}\n", SOFAR_FAILED, 1, ""},
    {"a count that is exact, and not there yet", 0, 0, BEGUN "  - {id: a, sli: {count: reqs_total}, objective: '== 1200'}\n",
	SOFAR_OWED, 0, "more of it"},
    {"a value that may change", 0, 0, BEGUN "  - {id: a, promql: level == 1}\n", SOFAR_BEHIND, 3, "another value at the end"},
    {"a value that creeps", 0, 0, BEGUN "  - {id: a, trend: {expr: users, max_growth: 5}}\n", SOFAR_BEHIND, 3, "another value at the end"},
    {"a baseline that broke under too little load", 0, 0, BEGUN "  - {id: a, capacity: {load: users, holds: ['level == 1']}, objective: '>= 600'}\n",
	SOFAR_FAILED, 1, ""},
    {"a window that is over, and passed", 0, 0, "  - {id: a, over: chaos, events: {name: \"ON\"}}\n", SOFAR_PASSING, 0, ""},
    {"a window that is over and between two samples", 0, 0, BEGUN "  - {id: a, over: chaos, sli: {count: reqs_total}, objective: '>= 1'}\n",
	SOFAR_LOST, 1, ""},
    {"... which the profile tolerates", 0, 0,
	BEGUN "  - {id: a, optional: true, over: chaos, sli: {count: reqs_total}, objective: '>= 1'}\n", SOFAR_LOST, 0, ""},
    {"too much was not seen", 40, 0, BEGUN RATE, SOFAR_LOST, 1, ""},
    {"not seen, but not too much", 30, 0, BEGUN RATE, SOFAR_OWED, 0, ""},
    {"nothing of it yet", 0, 0, BEGUN "  - {id: a, sli: {count: other_total}, objective: '>= 1'}\n", SOFAR_OWED, 0, ""},
    {"nothing of it yet, and all of it has to be seen", 0, 0, BEGUN "  - {id: a, min_coverage: 100%, sli: {count: other_total}, objective: '>= 1'}\n",
	SOFAR_OWED, 0, ""},
    {"stated after the run", 0, 0, BEGUN "  - {id: a, attest: all is well}\n", SOFAR_OWED, 0, "attestation"},
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct sofar_line *l;

		scene(cases[i].from, cases[i].bad, false);
		judged(cases[i].criteria);
		l = &now.line[now.n - 1];
		if (l->state != cases[i].state || now.status != cases[i].status)
			fail_msg("%s: %s, %d: %.*s", cases[i].what, sofar_state_text(l->state), now.status, (int)l->sentence.n, l->sentence.p);
		if (cases[i].owed[0] != '\0')
			says(l->owed, cases[i].owed);
		says(now.headline, cases[i].status == 0 ? "passing so far: " : cases[i].status == 3 ? "too early to say: " :
		    cases[i].state == SOFAR_LOST ? "cannot pass any more: " : "failed already: ");
		if (l->by != (l->owed.n > 0 && l->state != SOFAR_FAILED && l->state != SOFAR_LOST ? MINUTE(600) : TIME_NONE))
			fail_msg("%s: by %lld", cases[i].what, (long long)l->by);
		assert_true(now.as_of == MINUTE(300) && now.planned == MINUTE(600) && !now.over);
		court_close();
	}
}

/* Nobody says how long the run will be: then nobody knows what the rest can mend, and until when. */
static void
test_no_plan(void **state)
{
	struct judge_opts o = {.start = TIME_NONE, .so_far = true};

	(void)state;
	scene(0, 300, false);
	OK(store_end(court.store, 0, &err));
	court.profile = profile_parse("p.yaml", SV("profile: t\nrun: {start: {event: BEGIN}, end: {event: END}}\ncriteria:\n" BEGUN RATE), &err);
	OK(judge_run(court.store, court.profile, &o, &court.v, &err));
	sofar_of(&court.v, &now);
	assert_true(now.as_of == MINUTE(300) && now.planned == TIME_NONE && !now.over);
	assert_int_equal(now.line[0].state, SOFAR_PASSING);
	assert_int_equal(now.line[1].state, SOFAR_BEHIND);
	assert_true(now.line[1].by == TIME_NONE);
	assert_int_equal(now.status, 3);
	court_close();
}

/* Once the end has come it is the verdict, and nothing is to come. */
static void
test_over(void **state)
{
	(void)state;
	scene(0, 20, true);
	judged(BEGUN RATE);
	assert_true(now.over && now.as_of == MINUTE(600));
	assert_int_equal(now.line[1].state, SOFAR_FAILED);
	assert_int_equal(now.status, 1);
	court_close();
	scene(0, 0, true);
	judged(BEGUN "  - {id: a, events: {name: LATER}}\n");
	assert_int_equal(now.line[1].state, SOFAR_FAILED);
	assert_int_equal(now.status, 1);
	court_close();
	scene(0, 0, true);
	judged(BEGUN);
	assert_int_equal(now.status, 0);
	court_close();
}

/* A claim that is not true is not mended by time; an ordinary verdict is not touched by any of this. */
static void
test_contradiction(void **state)
{
	int64_t f;

	(void)state;
	scene(0, 0, false);
	f = court_file("s.json");
	court_claim(f, "a", "1");
	court_claim(f, "b", "2");
	judged(BEGUN "claims: [{check: a, equals: b}]\n");
	assert_int_equal(now.status, 1);
	court_close();
	scene(0, 20, false);
	court_judge(HEAD BEGUN RATE);
	assert_false(court.v.cut);
	assert_true(court.v.run.end == MINUTE(600));
	court_close();
}

static void
test_outputs(void **state)
{
	struct sb text = {0}, json = {0};

	(void)state;
	scene(0, 37, false);
	judged(BEGUN RATE);
	sofar_text(&court.v, &now, &text);
	says(sb_sv(&text), "SO FAR: failed already: 1 passing, 1 failed, 0 behind, 0 lost, 0 owed\nas of 2026-01-12T11:00:00Z, planned until "
			   "2026-01-12T16:00:00Z\n");
	says(sb_sv(&text), "passing  begun: In the run it was seen once, BEGIN at 2026-01-12T06:00:00Z; required at least 1.\nfailed   rate: Success rate");
	says(sb_sv(&text), "\n         nothing can mend it: ");
	assert_int_equal(sv_find(sb_sv(&text), SV("owed: ")), text.n); /* what is final and what passes owes nothing */
	assert_int_equal(sv_find(sb_sv(&text), SV("\n         by ")), text.n);
	sofar_json(&court.v, &now, &json);
	says(sb_sv(&json), "\"so_far\": \"FAILED\"");
	says(sb_sv(&json), "\"by\": \"2026-01-12T16:00:00Z\"");
	court_close();
	sb_reset(&text);
	scene(0, 20, false);
	judged(RATE "  - {id: a, over: chaos, sli: {count: reqs_total}, objective: '>= 1'}\n");
	sofar_text(&court.v, &now, &text);
	says(sb_sv(&text), "\n         owed: 20 failures of at most 36 in about 1 200 requests of the whole run: the rest has to do better\n"
			   "         by 2026-01-12T16:00:00Z\nlost     a: ");
	says(sb_sv(&text), "\n         snapshots more often than every 1m: ");
	court_close();
	sb_reset(&text);
	scene(0, 0, false);
	judged("  - {id: a, events: {none: TICK}}\n");
	sofar_text(&court.v, &now, &text);
	assert_int_equal(sv_find(sb_sv(&text), SV("\n         ")), text.n); /* nothing can mend it, and there is nothing to say of that */
	sb_free(&text);
	sb_free(&json);
	court_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_no_plan, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_over, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_contradiction, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_outputs, make_folder, drop_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
