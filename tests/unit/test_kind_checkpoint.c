/*
 * checkpoint, and schedule over results: four checkpoints, at minutes 0, 120, 240 and 360 of a run of eight hours.
 */
#include "court_help.h"

#define RUN                                                                                                        \
	"profile: t\nrun: {start: {result: checkpoint, at: ['06:00', '08:00', '10:00', '12:00'], tolerance: 40m}, duration: 8h}\n" \
	"criteria:\n- {id: c, title: T, "
#define SLOTS "schedule: {result: checkpoint, at: ['06:00', '08:00', '10:00', '12:00'], tolerance: 40m, count: 4"
#define RATE "checkpoint: {bad: bad, total: all, looks_back: 2h, passed_means: true, claim: rate}, objective: '> 99.9%', min_coverage: 70%"
#define ALARM "checkpoint: {value: alarm, zero_when: alarms}, objective: '== 0'"
#define CODES "checkpoint: {value: alarms, one_of: [0, 2]}"
#define API "checkpoint: {value: api, one_of: [200, 401]"

static struct arena texts;

static double
next_number(struct sv *rest)
{
	struct sv word = {NULL, 0};
	double v = NAN;

	while (sv_split(rest, ' ', &word) && word.n == 0)
		;
	(void)num_parse(word, &v);
	return v;
}

/*
 * "0 pass 1 1000 2 @0.1 %shop=200 | 120 incomplete": minute, status, bad of all, alarms, what it claims of its rate, what an API
 * answered. A name with '?' was not understood in all, one with '!' holds a line that tells of a failure and was not.
 */
static void
add_log(const char *name, const char *text, double from, double to)
{
	int64_t file = court_span(name, from, to), t;
	struct store_problem odd = {.content = file, .severity = "warning", .stage = "read", .text = SV("odd"), .line = 1};
	struct sv rest = sv_of(text), part, word;
	double bad, all, alarms;
	char claim[64], at_text[TIME_TEXT], api[16];
	size_t eq;

	while (sv_split(&rest, '|', &part)) {
		struct store_result r = {.kind = SV("checkpoint"), .name = SV("#"), .duration = NAN, .line = ++court.line,
		    .text = SV("last line")};

		part = sv_trim(part);
		r.t = t = MINUTE(next_number(&part));
		sv_split(&part, ' ', &r.status);
		bad = next_number(&part);
		all = next_number(&part);
		alarms = next_number(&part);
		OK(store_add_result(court.store, file, &r, &err));
		if (!isnan(bad))
			OK(sample(court.store, file, "bad", NULL, t, bad));
		if (!isnan(all))
			OK(sample(court.store, file, "all", NULL, t, all));
		if (!isnan(alarms)) {
			OK(sample(court.store, file, "alarms", NULL, t, alarms));
			if (alarms > 0)
				OK(sample(court.store, file, "alarm", "dlq", t, 1));
		}
		while (sv_split(&part, ' ', &word)) {
			if (word.n > 0 && word.p[0] == '%') {
				eq = sv_chr(word, '=');
				snprintf(api, sizeof(api), "%" SV_FMT, SV_ARG(sv_head(sv_from(word, 1), eq - 1)));
				word = sv_from(word, eq + 1);
				OK(sample(court.store, file, "api", api, t, next_number(&word)));
				continue;
			}
			if (word.n == 0 || word.p[0] != '@')
				continue;
			snprintf(claim, sizeof(claim), "checkpoint/%s/rate", time_text(t, at_text));
			word = sv_from(word, 1);
			court_claim(file, claim, arena_str(&texts, word));
		}
	}
	if (name[0] == '!')
		odd.severity = "error";
	if (name[0] == '?' || name[0] == '!')
		OK(store_add_problem(court.store, &odd, &err));
}

static const struct case_ {
	const char *what, *spec, *log, *cron;
	double to; /* where the log ends; the checkpoints' last at least */
	enum outcome outcome;
	const char *sentence;
	size_t against; /* contradictions */
} cases[] = {
    {"all there", SLOTS "}", "-35 pass | 120 pass | 241 pass | 360 pass", NULL, 360, OUTCOME_PASS,
	"4 of 4 checkpoints were carried out, none more than 35 min off.", 0},
    {"cron's log says it again", SLOTS "}", "0 pass | 120 pass | 240 pass | 360 pass", "0 pass | 120 pass | 240 pass | 360 pass", 360,
	OUTCOME_PASS, "4 of 4", 0},
    {"cut off in one, whole in the other", SLOTS "}", "0 pass | 120 incomplete | 240 pass | 360 pass", "120 pass | 240 pass", 360,
	OUTCOME_PASS, "4 of 4", 0},
    {"one missing", SLOTS "}", "0 pass | 240 pass | 360 pass", NULL, 360, OUTCOME_FAIL,
	"3 of 4 checkpoints were carried out; #2 (2026-01-12T08:00:00Z) missing.", 0},
    {"one missing, in a log that was not understood", SLOTS "}", "?0 pass | 240 pass | 360 pass", NULL, 360, OUTCOME_INCONCLUSIVE,
	"#2 (2026-01-12T08:00:00Z) not told of", 0},
    {"the last missing: the log may have been copied before", SLOTS "}", "0 pass | 120 pass | 240 pass", NULL, 240,
	OUTCOME_INCONCLUSIVE, "#4 (2026-01-12T12:00:00Z) not told of", 0},
    {"... and something in it happened later", SLOTS "}", "0 pass | 120 pass | 240 pass", NULL, 420, OUTCOME_FAIL, "#4", 0},
    {"cut off", SLOTS "}", "0 pass | 120 pass | 240 incomplete | 360 pass", NULL, 360, OUTCOME_FAIL,
	"3 of 4 checkpoints were carried out; #3 (2026-01-12T10:00:00Z) cut off after \"last line\".", 0},
    {"the last one cut off: it may be under way", SLOTS "}", "0 pass | 120 pass | 240 pass | 360 incomplete", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not decidable: 3 of 4 checkpoints were carried out; #4 (2026-01-12T12:00:00Z) cut off after \"last line\"", 0},
    {"one that says it failed", SLOTS "}", "0 pass | 120 fail | 240 pass | 360 pass", NULL, 360, OUTCOME_FAIL, "#2 (2026-01-12T08:00:00Z) failed", 0},
    {"told in two ways", SLOTS "}", "0 pass | 120 pass | 240 pass | 360 pass", "120 fail | 240 pass", 360, OUTCOME_FAIL, "#2", 1},
    {"too late for its slot", SLOTS "}", "0 pass | 161 pass | 240 pass | 360 pass", NULL, 360, OUTCOME_FAIL,
	"3 of 4 checkpoints were carried out; #2 (2026-01-12T08:00:00Z) missing. 1 other run of no slot.", 0},
    {"one by hand stands for two", SLOTS ", stand_in: 2}", "0 pass | 300 pass | 360 pass", NULL, 360, OUTCOME_PASS,
	"4 of 4 checkpoints were carried out, none more than 0 s off. For 2 of them another run stands in.", 0},
    {"but not for three", SLOTS ", stand_in: 1}", "0 pass | 300 pass | 360 pass", NULL, 360, OUTCOME_FAIL,
	"3 of 4 checkpoints were carried out; #2", 0},
    {"the nearer of two", SLOTS "}", "0 pass | 100 pass | 121 pass | 240 pass | 360 pass", NULL, 360, OUTCOME_PASS,
	"none more than 1 min off. 1 other run of no slot.", 0},
    {"more slots than there are to be", "schedule: {result: checkpoint, at: ['06:00', '08:00'], count: 3}", "0 pass | 120 pass", NULL,
	120, OUTCOME_INCONCLUSIVE, "2 of 2 checkpoints were carried out, but there are to be 3 in the run", 0},
    {"no run of that suite", "schedule: {result: checkpoint, suite: other, at: ['06:00']}", "0 pass", NULL, 0, OUTCOME_INCONCLUSIVE,
	"Not decidable: 0 of 1 checkpoints", 0},

    {"all as required", RATE, "0 pass 0 1000 | 120 pass 1 5000 | 240 pass 0 3 | 360 pass 0 9", NULL, 360, OUTCOME_PASS,
	"All 4 values are as required. They look back 2 h each: 75 % of the run covered.", 0},
    {"the same hours twice", RATE ", over: run", "0 pass 0 1000 | 30 pass 0 5 | 360 pass 0 9", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not decidable: all 3 values are as required, but only 31.25 % of the run covered, 70 % needed.", 0},
    {"too many errors, and passed", RATE, "0 pass 0 1000 | 120 pass 3 2000 0 @0 | 240 pass 0 1 | 360 pass 0 9", NULL, 360, OUTCOME_FAIL,
	"Not as required (more than 99.9 % good) at 1 of 4: 2026-01-12T08:00:00Z: 0.150 % bad (3 of 2000).", 1},
    {"what it prints is not so", RATE, "0 pass 0 1000 | 120 pass 3 2000 0 @0.0 | 240 pass 0 1 | 360 pass 0 9", NULL, 360, OUTCOME_FAIL,
	"0.150 % bad", 2},
    {"what it prints is so", RATE, "0 fail 4 2000 0 @0.20% | 120 pass 0 1", NULL, 360, OUTCOME_FAIL, "0.200 % bad (4 of 2000)", 0},
    {"nothing was counted", RATE, "0 pass 0 0 | 120 pass 0 10 | 240 pass 0 1 | 360 pass 0 9", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not decidable: nothing was counted at 1 checkpoint (0 of 0)", 0},
    {"one without the other", RATE, "0 pass 0 10 | 120 incomplete x 10 | 240 pass 0 1 | 360 pass 0 9", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not measured at 2026-01-12T08:00:00Z.", 0},
    {"never told", RATE, "0 pass | 120 pass", NULL, 360, OUTCOME_INCONCLUSIVE, "Not measured: no checkpoint tells of it.", 0},
    {"no alarm is no line", ALARM, "0 pass x x 0 | 120 pass x x 0", NULL, 360, OUTCOME_PASS, "All 2 values are as required.", 0},
    {"an alarm", ALARM, "0 pass x x 0 | 120 pass x x 1", NULL, 360, OUTCOME_FAIL,
	"at 1 of 2: 2026-01-12T08:00:00Z {code=\"dlq\"}: 1", 0},
    {"it is not told how many alarms", ALARM, "0 pass x x 0 | 120 pass", NULL, 360, OUTCOME_INCONCLUSIVE, "Not measured at", 0},
    {"fewer tell of it than there are to be", "checkpoint: {value: alarms, count: 3}, objective: '<= 1'", "0 pass x x 0 | 120 pass x x 1", NULL, 360,
	OUTCOME_INCONCLUSIVE, "Not decidable: 2 values are as required, but only 2 of 3 checkpoints tell of it.", 0},
    {"as many as there are to be", "checkpoint: {value: alarms, count: 2}, objective: '<= 1'", "0 pass x x 0 | 120 pass x x 1", NULL, 360,
	OUTCOME_PASS, "All 2 values", 0},
    {"each API at each checkpoint", API ", series: 2}", "0 pass x x x %a=200 %b=401 | 120 pass x x x %b=200 %a=200", NULL, 360, OUTCOME_PASS,
	"All 4 values", 0},
    {"one that another checkpoint tells of", API "}", "0 pass x x x %a=200 %b=200 | 120 pass x x x %a=200", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not decidable: 3 values are as required, the others were not measured. Not measured at 2026-01-12T08:00:00Z {code=\"b\"}.", 0},
    {"... which fails no less", API "}", "0 pass x x x %a=200 %b=500 | 120 pass x x x %a=200", NULL, 360, OUTCOME_FAIL,
	"at 1 of 3: 2026-01-12T06:00:00Z {code=\"b\"}: 500. Not measured at 2026-01-12T08:00:00Z {code=\"b\"}.", 0},
    {"one that no checkpoint tells of", API ", series: 3}", "0 pass x x x %a=200 %b=200 | 120 pass x x x %a=200 %b=200", NULL, 360,
	OUTCOME_INCONCLUSIVE, "Not decidable: all 4 values are as required, but there are only 2 of 3 at each checkpoint.", 0},
    {"more than there are to be", API ", series: 1}", "0 pass x x x %a=200 %b=200", NULL, 360, OUTCOME_PASS, "All 2 values", 0},
    {"a count below 0", RATE, "0 pass -3 1000 | 120 pass 1 5000 | 240 pass 0 3 | 360 pass 0 9", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not decidable: what was read out is no reading: 2026-01-12T06:00:00Z: -3 of 1000.", 0},
    {"a total below 0", RATE, "0 pass 0 -1000 | 120 pass 1 5000 | 240 pass 0 3 | 360 pass 0 9", NULL, 360, OUTCOME_INCONCLUSIVE, "0 of -1000", 0},
    {"a total without end", RATE, "0 pass 0 1e999 | 120 pass 1 5000 | 240 pass 0 3 | 360 pass 0 9", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not measured at 2026-01-12T06:00:00Z", 0},
    {"a value below 0", "checkpoint: {value: alarms}, objective: '<= 1'", "0 pass x x 0 | 120 pass x x -1", NULL, 360, OUTCOME_INCONCLUSIVE,
	"no reading: 2026-01-12T08:00:00Z: -1.", 0},
    {"... where it may be", "checkpoint: {value: alarms, negative: true}, objective: '<= 1'", "0 pass x x 0 | 120 pass x x -1", NULL, 360,
	OUTCOME_PASS, "All 2 values", 0},
    {"a line of failure in the log that was not understood", "checkpoint: {value: alarms}, objective: '<= 1'", "!0 pass x x 0 | 120 pass x x 1", NULL,
	360, OUTCOME_INCONCLUSIVE, "Not decidable: all 2 values are as required, but not all was understood: !a.log:1: odd.", 0},
    {"... which is no excuse", "checkpoint: {value: alarms}, objective: '<= 1'", "!0 pass x x 0 | 120 pass x x 2", NULL, 360, OUTCOME_FAIL,
	"at 1 of 2", 0},
    {"one whose verdict is another word", SLOTS "}", "0 pass | 120 unknown | 240 pass | 360 pass", NULL, 360, OUTCOME_INCONCLUSIVE,
	"Not decidable: 3 of 4 checkpoints were carried out; #2 (2026-01-12T08:00:00Z) ended with no verdict that is known: \"last line\"", 0},
    {"... which the other log knows", SLOTS "}", "0 pass | 120 unknown | 240 pass | 360 pass", "120 fail | 240 pass", 360, OUTCOME_FAIL, "#2", 0},
    {"one of", CODES, "0 pass x x 0 | 120 pass x x 2", NULL, 360, OUTCOME_PASS, "All 2", 0},
    {"none of", CODES, "0 pass x x 0 | 120 pass x x 1", NULL, 360, OUTCOME_FAIL, "Not as required (one of 0, 2) at 1 of 2", 0},
};

static void
test_cases(void **state)
{
	const struct criterion_result *r;
	struct sb yaml = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct case_ *c = &cases[i];
		bool flawed = c->log[0] == '?' || c->log[0] == '!';

		court_open();
		court.v = (struct verdict){0};
		add_log(c->log[0] == '?' ? "?a.log" : flawed ? "!a.log" : "a.log", c->log + flawed, -60, c->to < 420 ? c->to : 420);
		if (c->cron != NULL)
			add_log("cron.log", c->cron, 100, 300);
		sb_reset(&yaml);
		sb_addf(&yaml, RUN "%s}\n", c->spec);
		if (court_try(sb_str(&yaml)) < 0)
			fail_msg("%s: %s", c->what, err.msg);
		r = &court.v.criteria[0];
		if (r->outcome != c->outcome || sv_find(r->sentence, sv_of(c->sentence)) == r->sentence.n ||
		    court.v.n_contradictions != c->against)
			fail_msg("%s: %s, %zu contradictions: %.*s\nwant %s, %zu: %s", c->what, outcome_text(r->outcome),
			    court.v.n_contradictions, (int)r->sentence.n, r->sentence.p, outcome_text(c->outcome), c->against, c->sentence);
		court_close();
	}
	sb_free(&yaml);
	arena_free(&texts);
}

static void
refused(const char *spec, const char *want)
{
	struct judge_opts o = {.start = TIME_NONE};
	struct sb yaml = {0};
	struct profile *p;
	struct verdict v;

	sb_addf(&yaml, RUN "%s}\n", spec);
	p = profile_parse("p.yaml", sb_sv(&yaml), &err);
	if (p == NULL)
		fail_msg("%s", err.msg);
	court_open();
	OK(store_end(court.store, 0, &err));
	assert_int_equal(judge_run(court.store, p, &o, &v, &err), -1);
	if (strstr(err.msg, want) == NULL || strncmp(err.msg, "p.yaml:4:", 9) != 0)
		fail_msg("%s is not in %s", want, err.msg);
	verdict_free(&v);
	profile_free(p);
	store_close(court.store);
	sb_free(&yaml);
}

static void
test_refused(void **state)
{
	(void)state;
	refused("schedule: {result: checkpoint}", "'result' (a kind of results) and 'at'");
	refused("schedule: {result: checkpoint, at: ['6:00']}", "expected a time of day");
	refused("schedule: {result: checkpoint, at: ['06:00'], every: 6h}", "every");
	refused("schedule: {result: checkpoint, at: ['06:00'], count: 0}", "'count' must be");
	refused("schedule: {result: checkpoint, at: ['06:00'], stand_in: 0}", "'stand_in' must be");
	refused("schedule: {result: checkpoint, at: ['06:00']}, objective: 97%", "takes no 'objective'");
	refused("checkpoint: {value: a, total: b}, objective: '== 0'", "either 'value', or 'bad' and 'total'");
	refused("checkpoint: {value: a}", "needs an 'objective', or 'one_of'");
	refused("checkpoint: {value: a, one_of: [1]}, objective: '== 0'", "needs an 'objective', or 'one_of'");
	refused("checkpoint: {value: a}, objective: 97%", "the objective is a comparison");
	refused("checkpoint: {bad: a, total: b}, objective: '== 0'", "the objective is a success ratio");
	refused("checkpoint: {value: 'a{'}, objective: '== 0'", "parse error");
	refused("checkpoint: {value: a, looks_back: soon}, objective: '== 0'", "'looks_back' must be");
	refused("checkpoint: {value: a, count: no}, objective: '== 0'", "'count' must be");
	refused("checkpoint: {value: a, series: 0}, objective: '== 0'", "'series' must be");
	refused("checkpoint: {value: a, negative: 1}, objective: '== 0'", "'negative' is true or false");
	refused("checkpoint: a", "checkpoint must be a map");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
