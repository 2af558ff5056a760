/* Counter increases by docs/rules.md 11-16: the truth is known because each run is written down here. */
#include "judge_help.h"

#include "judge/increase.h"

struct expected {
	const char *what;
	const char *run;      /* as in judge_help.h */
	double restart;       /* the minute of a restart event, -1 none */
	const char *selector;
	double span[4];       /* minutes; a second span where span[3] > 0 */
	double total;
	double covered;       /* minutes */
	bool known, seen;
	int restarts;
	double unseen_min, unseen_max; /* minutes */
};

#define WHOLE {0, 600}

static const struct expected cases[] = {
    {"a process that began with the run counts from zero at its start", "1: 60@-7 600@-7\n1 all: 60=10 600=90\n", -1,
	"all", WHOLE, 90, 600, true, true, 0, 0, 0},
    {"... within the slack after it, too", "1: 60@9 600@9\n1 all: 60=10 600=90\n", -1, "all", WHOLE, 90, 600, true, true,
	0, 0, 0},
    {"a process that began long before: the time before the first scrape is not covered",
	"1: 60@-11 600@-11\n1 all: 60=10 600=90\n", -1, "all", WHOLE, 80, 540, true, true, 0, 0, 0},
    {"a process that began long after the run did counts from its start", "1: 60@11 600@11\n1 all: 60=10 600=90\n", -1, "all", WHOLE, 90, 589,
	true, true, 0, 0, 0},
    {"pods that take each other's place: all of the time is seen", "1: 0@-7 300@-7\n2: 301@299 600@299\n"
	"1 all{pod=\"a\"}: 0=0 300=9\n2 all{pod=\"b\"}: 301=1 600=5\n", -1, "all", WHOLE, 14, 600, true, true, 0, 0, 0},
    {"... but not what one of them left open while it answered", "1: 0@-7 60@-7 120@-7 180@-7 240@-7 300@-7\n2: 301@299 360@299 420@299 480@299 540@299 600@299\n"
	"1 all{pod=\"a\"}: 0=0 300=9\n2 all{pod=\"b\"}: 301=1 360=1 420=1 480=1 540=1 600=5\n", -1, "all", WHOLE, 14, 300, true, true, 0, 0, 0},
    {"one that ends with nobody in its place leaves the time open", "1: 0@-7 600@-7\n2: 0@-7 300@-7\n"
	"1 all{pod=\"a\"}: 0=0 600=9\n2 all{pod=\"b\"}: 0=0 300=5\n", -1, "all", WHOLE, 14, 300, true, true, 0, 0, 0},
    {"a counter that is missing for longer than two scrapes", "1: 0@-7 60@-7 120@-7 180@-7 240@-7 300@-7 360@-7\n"
	"1 all: 0=0 60=1 300=5 360=6\n", -1, "all", {0, 360}, 6, 120, true, true, 0, 0, 0},
    {"... at one scrape is bridged", "1: 0@-7 60@-7 120@-7 180@-7 240@-7 300@-7 360@-7\n"
	"1 all: 0=0 60=1 180=3 240=4 300=5 360=6\n", -1, "all", {0, 360}, 6, 360, true, true, 0, 0, 0},
    {"a target that did not answer for longer than two scrapes, of a process that says it is the same", "1: 0@-7 60@-7 120@-7 180@-7 420@-7 480@-7\n"
	"1 all: 0=0 60=1 120=2 180=3 420=5 480=6\n", -1, "all", {0, 480}, 6, 480, true, true, 0, 0, 0},
    {"... of one that does not say", "1: 0 60 120 180 420 480\n"
	"1 all: 0=0 60=1 120=2 180=3 420=5 480=6\n", -1, "all", {0, 480}, 6, 240, true, true, 0, 0, 0},
    {"one of two checks of which ten samples are left", "1: 0 300 600\n2: 0 60 120 180 240 300 360 420 480 540 600\n"
	"1 all{check=\"x\"}: 0=0 300=1 600=2\n2 all{check=\"y\"}: 0=0 60=1 120=2 180=3 240=4 300=5 360=6 420=7 480=8 540=9 600=10\n", -1,
	"all{check=\"x\"}", WHOLE, 2, 0, false, true, 0, 0, 0},
    {"a process whose start is not known", "1: 60 600\n1 all: 60=10 600=90\n", -1, "all", WHOLE, 80, 540, true, true, 0,
	0, 0},
    {"a first scrape at the run's start is a baseline", "1: 0@-7 600@-7\n1 all: 0=10 600=90\n", -1, "all", WHOLE, 80,
	600, true, true, 0, 0, 0},
    {"the start that only a later scrape carries is that of the first, which came after it",
	"1: 60 120 600@-7\n1 all: 60=10 120=20 600=90\n", -1, "all", WHOLE, 90, 600, true, true, 0, 0, 0},

    {"a birth after an earlier scrape counts from zero",
	"1: 60@-7 120@-7 180@-7\n1 all{code=\"200\"}: 60=10 120=20 180=30\n1 all{code=\"503\"}: 120=7 180=9\n", -1,
	"all{code=~\"5..\"}", WHOLE, 9, 180, true, true, 0, 0, 0},
    {"also where the process is older than the run", "1: 60 120 180\n1 all{code=\"200\"}: 60=10 120=20 180=30\n"
	"1 all{code=\"503\"}: 120=7 180=9\n", -1, "all{code=~\"5..\"}", WHOLE, 9, 120, true, true, 0, 0, 0},
    {"a birth belongs to the interval before it", "1: 60 120 180\n1 all{code=\"200\"}: 60=10 120=20 180=30\n"
	"1 all{code=\"503\"}: 120=7 180=9\n", -1, "all{code=~\"5..\"}", {120, 180}, 2, 60, true, true, 0, 0, 0},

    {"a drop is a reset: what came after counts",
	"1: 0 60 120 600\n1 all: 0=0 60=50 120=20 600=30\n", -1, "all", WHOLE, 80, 600, true, true, 1, 0, 60},
    {"a new process is a reset even when the value is higher",
	"1: 0@-7 60@-7 120@95 600@95\n1 all: 0=0 60=50 120=60 600=70\n", -1, "all", WHOLE, 120, 600, true, true, 1, 35, 35},
    {"... or the same", "1: 0@-7 60@-7 120@95\n1 all: 0=0 60=50 120=50\n", -1, "all", WHOLE, 100, 120, true, true, 1, 35,
	35},
    {"the restart's event narrows what is unseen",
	"1: 0@-7 60@-7 120@95 600@95\n1 all: 0=0 60=50 120=60 600=70\n", 91, "all", WHOLE, 120, 600, true, true, 1, 31, 35},
    {"an event alone does too", "1: 0 60 120\n1 all: 0=0 60=50 120=20\n", 91, "all", WHOLE, 70, 120, true, true, 1, 31,
	31},
    {"an event elsewhere does not", "1: 0 60 120\n1 all: 0=0 60=50 120=20\n", 31, "all", WHOLE, 70, 120, true, true, 1, 0,
	60},
    {"jitter in the start is no restart", "1: 0@-7 60@-7.01 120@-7\n1 all: 0=0 60=50 120=60\n", -1, "all", WHOLE, 60,
	120, true, true, 0, 0, 0},
    {"a start missing at the scrape after the restart: the next one dates it",
	"1: 0@-7 60@-7 120 180@95\n1 all: 0=0 60=50 120=60 180=70\n", -1, "all", WHOLE, 120, 180, true, true, 1, 35, 35},
    {"a restart outside the spans is not theirs", "1: 0@-7 60@-7 120@95 180@95\n1 all: 0=0 60=50 120=60 180=75\n", -1,
	"all", {120, 180}, 15, 60, true, true, 0, 0, 0},
    {"a counter that came back some scrapes after the restart was born there",
	"1: 0@-7 60@-7 120@95 180@95\n1 all: 0=0 60=50 120=stale 180=8\n1 other: 120=1\n", -1, "all", {120, 180}, 8, 60, true,
	true, 0, 0, 0},
    {"... and the run has it all", "1: 0@-7 60@-7 120@95 180@95\n1 all: 0=0 60=50 120=stale 180=8\n", -1, "all", WHOLE, 58,
	180, true, true, 1, 35, 35},

    {"... but not what it did while absent before the restart",
	"1: 0@-7 60@-7 120@-7 180@150 240@150\n1 all: 0=0 60=50 120=stale 180=9 240=10\n", -1, "all", WHOLE, 60, 180, true,
	true, 1, 30, 30},

    {"a stale series ends, and its growth goes on when it returns",
	"1: 0@-7 60@-7 120@-7 600@-7\n1 all: 0=0 60=50 120=stale 600=70\n", -1, "all", WHOLE, 70, 600, true, true, 0, 0, 0},
    {"a gap without a marker is the same", "1: 0@-7 60@-7 120@-7 600@-7\n1 all: 0=0 60=50 600=70\n", -1, "all", WHOLE,
	70, 600, true, true, 0, 0, 0},
    {"... but belongs to no window that ends in it",
	"1: 0@-7 60@-7 120@-7 180@-7\n1 all: 0=0 60=50 120=stale 180=70\n", -1, "all", {0, 120}, 50, 60, true, true, 0, 0, 0},
    {"... or begins in it", "1: 0@-7 60@-7 120@-7 180@-7 240@-7\n1 all: 0=0 60=50 120=stale 180=70 240=75\n", -1, "all",
	{120, 240}, 5, 60, true, true, 0, 0, 0},
    {"... unless nothing grew in it", "1: 0@-7 60@-7 120@-7 180@-7 240@-7\n1 all: 0=0 60=50 120=stale 180=50 240=75\n",
	-1, "all", {120, 240}, 25, 120, true, true, 0, 0, 0},
    {"a series that returns lower was reset, who knows when",
	"1: 0 60 120 180 240\n1 all: 0=0 60=50 120=stale 180=7 240=8\n", -1, "all", WHOLE, 58, 240, true, true, 1, 0, 120},
    {"one code that ends while the metric goes on: what it would have counted is not known",
	"1: 0@-7 60@-7 120@-7\n1 all{code=\"200\"}: 0=0 60=5 120=9\n1 all{code=\"500\"}: 0=0 60=2 120=stale\n", -1,
	"all{code=\"500\"}", WHOLE, 2, 60, true, true, 0, 0, 0},
    {"a counter that falls in one and the same process: one of the values is wrong",
	"1: 0@-7 60@-7 120@-7 180@-7 240@-7 300@-7\n1 all: 0=0 60=5 120=9 180=0 240=12 300=20\n", -1, "all", WHOLE, 13, 120,
	true, true, 0, 0, 0},
    {"beyond 2^53 nothing is counted",
	"1: 0@-7 60@-7 120@-7\n1 all: 0=0 60=5 120=1e20\n", -1, "all", WHOLE, 5, 60, true, true, 0, 0, 0},
    {"born at a scrape after one of something else",
	"1: 0@-7 60 120@-7 180@-7\n1 other: 0=1 60=1 120=1 180=1\n1 all: 120=1000 180=1001\n", -1, "all", WHOLE, 1, 120, true, true, 0, 0, 0},
    {"a metric that vanishes for good: the time after is not covered",
	"1: 0@-7 60@-7 120@-7 180@-7\n1 all: 0=0 60=5 120=stale\n1 other: 0=1 60=1 120=1 180=1\n", -1, "all", WHOLE, 5, 60,
	true, true, 0, 0, 0},
    {"one that is not there after a restart did not count yet",
	"1: 0@-7 60@-7 120@95 180@95\n1 errors: 0=0 60=5 120=stale\n", -1, "errors", WHOLE, 5, 180, true, true, 1, 35, 35},

    {"NaN is as good as no sample: the numbers around it show what was counted",
	"1: 0@-7 60@-7 120@-7 180@-7 240@-7\n1 all: 0=0 60=5 120=nan 180=20 240=22\n", -1, "all", WHOLE, 22, 240, true, true,
	0, 0, 0},
    {"so is infinity, and less than nothing",
	"1: 0@-7 60@-7 120@-7 180@-7 240@-7\n1 all: 0=0 60=5 120=inf 180=-3 240=22\n", -1, "all", WHOLE, 22, 240, true, true,
	0, 0, 0},
    {"... and belongs to no window that ends there", "1: 0@-7 60@-7 120@-7 180@-7\n1 all: 0=0 60=5 120=nan 180=20\n", -1,
	"all", {0, 120}, 5, 60, true, true, 0, 0, 0},
    {"... so that no error hides behind it",
	"1: 0@-7 60@-7 120@-7 180@-7\n1 all{code=\"200\"}: 0=0 60=5 120=9 180=12\n"
	"1 all{code=\"500\"}: 60=0 120=nan 180=1000\n", -1, "all{code=\"500\"}", WHOLE, 1000, 180, true, true, 0, 0, 0},
    {"a value that drops across it was reset", "1: 0 60 120 180\n1 all: 0=0 60=50 120=nan 180=7\n", -1, "all", WHOLE, 57,
	180, true, true, 1, 0, 120},
    {"a process that began anew beside it", "1: 0@-7 60@-7 120@-7 180@150\n1 all: 0=0 60=50 120=nan 180=70\n", -1, "all",
	WHOLE, 120, 120, true, true, 1, 30, 30},
    {"NaN at the end", "1: 0@-7 60@-7 120@-7\n1 all: 0=0 60=5 120=nan\n", -1, "all", WHOLE, 5, 60, true, true, 0, 0, 0},
    {"... and what follows, when it never comes back",
	"1: 0@-7 60@-7 120@-7 180@-7\n1 all{code=\"200\"}: 0=0 60=5 120=nan\n1 all{code=\"500\"}: 0=0 60=0 120=0 180=0\n",
	-1, "all", WHOLE, 5, 60, true, true, 0, 0, 0},
    {"... for all codes: a sum with a hole in it is none",
	"1: 0@-7 60@-7 120@-7 180@-7\n1 all{code=\"200\"}: 0=0 60=5 120=9 180=12\n"
	"1 all{code=\"500\"}: 0=0 60=1 120=nan 180=nan\n", -1, "all", WHOLE, 6, 60, true, true, 0, 0, 0},
    {"... and for what grew across it",
	"1: 60 120 180 240 300\n1 all{code=\"200\"}: 60=0 180=5 240=9 300=12\n"
	"1 all{code=\"500\"}: 60=nan 120=0 180=2 240=7 300=stale\n", -1, "all", WHOLE, 9, 60, true, true, 0, 0, 0},
    {"NaN at first, of a process that began with the run", "1: 60@-7 120@-7 180@-7\n1 all: 60=nan 120=8 180=9\n", -1,
	"all", WHOLE, 9, 180, true, true, 0, 0, 0},
    {"NaN at first, of an older one", "1: 60 120 180\n1 all: 60=nan 120=8 180=9\n", -1, "all", WHOLE, 1, 60, true, true, 0,
	0, 0},
    {"born as NaN", "1: 0 60 120 180\n1 all{code=\"200\"}: 0=0 60=5 120=9 180=12\n"
	"1 all{code=\"500\"}: 60=nan 120=nan 180=1000\n", -1, "all{code=\"500\"}", WHOLE, 1000, 180, true, true, 0, 0, 0},
    {"... outside the window", "1: 0 60 120 180\n1 all{code=\"200\"}: 0=0 60=5 120=9 180=12\n"
	"1 all{code=\"500\"}: 60=nan 120=1000 180=1000\n", -1, "all{code=\"500\"}", {60, 180}, 0, 60, true, true, 0, 0, 0},
    {"... and then a restart", "1: 0@-7 60@-7 120@-7 180@150\n1 all{code=\"200\"}: 0=0 60=5 120=9 180=12\n"
	"1 all{code=\"500\"}: 60=nan 120=nan 180=8\n", -1, "all{code=\"500\"}", WHOLE, 8, 60, true, true, 1, 30, 30},

    {"a label that no series has: nobody could see it", "1: 60@-7 600@-7\n1 all: 60=10 600=90\n", -1,
	"all{code=~\"5..\"}", WHOLE, 0, 600, false, false, 0, 0, 0},
    {"... beside one that they have", "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=10 600=90\n", -1,
	"all{code=~\"5..\",tool=\"x\"}", WHOLE, 0, 600, false, false, 0, 0, 0},
    {"... but to be without it is a finding", "1: 60@-7 600@-7\n1 all: 60=10 600=90\n", -1, "all{code=\"\"}", WHOLE, 90,
	600, true, true, 0, 0, 0},
    {"only NaN", "1: 60@-7 120@-7\n1 all: 60=nan 120=nan\n", -1, "all", WHOLE, 0, 0, false, true, 0, 0, 0},

    {"an increase across a boundary belongs to neither window (a 30-minute window, hourly scrapes)",
	"1: 60@-7 120@-7 180@-7\n1 all: 60=10 120=20 180=30\n", -1, "all", {65, 95}, 0, 0, false, true, 0, 0, 0},
    {"... at both ends", "1: 60@-7 120@-7 180@-7 240@-7\n1 all: 60=10 120=20 180=30 240=40\n", -1, "all", {90, 210}, 10,
	60, true, true, 0, 0, 0},
    {"two spans with a hole", "1: 0@-7 60@-7 120@-7 180@-7\n1 all: 0=0 60=1 120=3 180=7\n", -1, "all", {0, 60, 120, 180}, 5,
	120, true, true, 0, 0, 0},
    {"two spans that touch are one", "1: 0@-7 60@-7 120@-7 180@-7\n1 all: 0=0 60=1 120=3 180=7\n", -1, "all",
	{0, 90, 90, 180}, 7, 180, true, true, 0, 0, 0},
    {"from zero only as far as the span begins with the run", "1: 60@-7 120@-7\n1 all: 60=10 120=15\n", -1, "all",
	{30, 120}, 5, 60, true, true, 0, 0, 0},
    {"a missing scrape that the counter bridges costs nothing", "1: 60@-7 180@-7\n1 all: 60=10 180=15\n", -1, "all",
	{0, 180}, 15, 180, true, true, 0, 0, 0},

    {"two targets: the sum of both, the coverage of the worse",
	"1: 60@-7 600@-7\n2: 120 600\n1 all{instance=\"a\"}: 60=10 600=90\n2 all{instance=\"b\"}: 120=5 600=6\n", -1, "all",
	WHOLE, 91, 480, true, true, 0, 0, 0},
    {"one of two by its instance", "1: 60@-7 600@-7\n2: 120 600\n1 all{instance=\"a\"}: 60=10 600=90\n"
	"2 all{instance=\"b\"}: 120=5 600=6\n", -1, "all{instance=\"a\"}", WHOLE, 90, 600, true, true, 0, 0, 0},
    {"a code that only one has: the other might have had it too",
	"1: 60@-7 600@-7\n2: 120 600\n1 all{instance=\"a\",code=\"500\"}: 60=10 600=90\n"
	"2 all{instance=\"b\",code=\"200\"}: 120=5 600=6\n", -1, "all{code=\"500\"}", WHOLE, 90, 480, true, true, 0, 0, 0},
    {"a target without the metric does not matter", "1: 60@-7 600@-7\n2: 120\n1 all: 60=10 600=90\n2 other: 120=5\n", -1,
	"all", WHOLE, 90, 600, true, true, 0, 0, 0},
    {"both restart", "1: 0@-7 60@-7 120@95\n2: 0@-7 60@-7 120@100\n1 all{instance=\"a\"}: 0=0 60=5 120=2\n"
	"2 all{instance=\"b\"}: 0=0 60=5 120=2\n", -1, "all", WHOLE, 14, 120, true, true, 2, 75, 75},

    {"rule 13: no such code although the metric is there is 0", "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=10 600=90\n",
	-1, "all{code=~\"5..\"}", WHOLE, 0, 600, true, true, 0, 0, 0},
    {"... unless the metric itself is gone", "1: 60@-7 120@-7 600@-7\n1 all{code=\"200\"}: 60=10 120=stale\n", -1,
	"all{code=~\"5..\"}", {60, 600}, 0, 0, false, true, 0, 0, 0},
    {"rule 13: a metric never seen is unknown, though time is covered", "1: 60@-7 600@-7\n1 all: 60=10 600=90\n", -1,
	"errors", WHOLE, 0, 600, false, false, 0, 0, 0},
    {"nothing at all", "", -1, "all", WHOLE, 0, 0, false, false, 0, 0, 0},
    {"one scrape of an old process", "1: 300\n1 all: 300=10\n", -1, "all", WHOLE, 0, 0, false, true, 0, 0, 0},
    {"only stale markers", "1: 0 300\n1 all: 0=stale 300=stale\n", -1, "all", WHOLE, 0, 0, false, false, 0, 0, 0},
    {"exact for whole numbers up to 2^53", "1: 0 60 120\n1 all: 0=1 60=4503599627370497 120=9007199254740991\n", -1, "all",
	WHOLE, 9007199254740990.0, 120, true, true, 0, 0, 0},
};

static void
grow(struct fake *f, const struct expected *c, struct increase *out)
{
	struct span span[2] = {{MINUTES(c->span[0]), MINUTES(c->span[1])}, {MINUTES(c->span[2]), MINUTES(c->span[3])}};
	const struct pq_selector *sel;

	fake_open(f, c->run, c->restart);
	sel = pq_parse_selector(&f->arena, sv_of(c->selector), &err);
	assert_non_null(sel);
	OK(increase_over(&f->run, sel, span, c->span[3] > 0 ? 2 : 1, out, &err));
}

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct expected *c = &cases[i];
		struct fake f = {0};
		struct increase got;

		grow(&f, c, &got);
		if (got.total != c->total || (double)got.coverage.covered != c->covered * 60000 || got.known != c->known ||
		    got.metric_seen != c->seen || got.coverage.restarts != c->restarts ||
		    got.at_least != (c->restarts > 0) || (double)got.coverage.unseen_min != c->unseen_min * 60000 ||
		    (double)got.coverage.unseen_max != c->unseen_max * 60000)
			fail_msg("%s: total %.17g, covered %g min, known %d, seen %d, restarts %d, unseen %g to %g min", c->what,
			    got.total, (double)got.coverage.covered / 60000, got.known, got.metric_seen,
			    (int)got.coverage.restarts, (double)got.coverage.unseen_min / 60000,
			    (double)got.coverage.unseen_max / 60000);
		fake_close(&f);
	}
}

/*
 * The troubled gateway run in small: 503s are born in the chaos hour. Counting births as unknown would make the bad run
 * look good.
 */
static void
test_chaos(void **state)
{
	static const char run[] =
	    "1: 60@-7 120@-7 180@150 240@150 300@150\n"
	    "1 all{code=\"200\"}: 60=1000 120=2000 180=990 240=1590 300=2590\n"
	    "1 all{code=\"500\"}: 60=1 120=2 180=3 240=4 300=5\n"
	    "1 all{code=\"503\"}: 240=400 300=400\n";
	const struct expected all = {.run = run, .restart = -1, .selector = "all", .span = {0, 300}};
	const struct expected bad = {.run = run, .restart = -1, .selector = "all{code=~\"5..\"}", .span = {0, 300}};
	struct fake f = {0}, g = {0};
	struct increase total, failed;

	(void)state;
	grow(&f, &all, &total);
	grow(&g, &bad, &failed);
	assert_true(total.total == 4590 + 7 + 400);
	assert_true(failed.total == 7 + 400);
	assert_true(total.at_least && failed.at_least);
	assert_int_equal(failed.n_series, 2);
	fake_close(&f);
	fake_close(&g);
}

static void
step_is(const struct increment *s, double from, double to, double delta, bool restart)
{
	assert_true(s->from == MINUTES(from));
	assert_true(s->to == MINUTES(to));
	assert_true(s->delta == delta);
	assert_int_equal(s->restart, restart);
}

/* What charts draw: each interval once, in order, also where nothing grew; no interval that is not known. */
static void
test_steps(void **state)
{
	const struct expected c = {.run = "1: 60@-7 120@-7 180@150 240@150\n2: 60@-7 240@-7\n"
					  "1 all{code=\"200\",pod=\"a\"}: 60=1 120=1 180=4 240=9\n"
					  "1 all{code=\"500\",pod=\"a\"}: 120=3 180=stale\n"
					  "2 all{code=\"200\",pod=\"b\"}: 60=5 240=7\n",
	    .restart = -1, .selector = "all", .span = {0, 600}};
	const struct expected gap = {.run = "1: 60 120 180 240\n1 all: 60=1 120=nan 180=5 240=7\n", .restart = -1,
	    .selector = "all", .span = {0, 600}};
	const struct expected wide = {.run = "1: 60 120 180 240\n1 all{code=\"200\"}: 60=1 120=2 180=5 240=7\n"
					     "1 all{code=\"500\"}: 60=1 180=5 240=7\n",
	    .restart = -1, .selector = "all", .span = {0, 600}};
	const struct expected lone = {.run = "1: 60 120 180\n1 all: 60=1 180=5\n", .restart = -1, .selector = "all",
	    .span = {0, 600}};
	struct fake f = {0};
	struct increase got;

	(void)state;
	grow(&f, &c, &got);
	assert_int_equal(got.n, 5);
	step_is(&got.step[0], 0, 60, 6, false);
	step_is(&got.step[1], 60, 120, 3, false);
	step_is(&got.step[2], 120, 180, 4, true);
	step_is(&got.step[3], 60, 240, 2, false);
	step_is(&got.step[4], 180, 240, 5, false);
	assert_int_equal(got.n_series, 3);
	fake_close(&f);

	f = (struct fake){0};
	grow(&f, &gap, &got);
	assert_int_equal(got.n, 2);
	step_is(&got.step[0], 60, 180, 4, false);
	step_is(&got.step[1], 180, 240, 2, false);
	fake_close(&f);

	f = (struct fake){0};
	grow(&f, &wide, &got);
	assert_int_equal(got.n, 4);
	step_is(&got.step[0], 60, 120, 1, false);
	step_is(&got.step[1], 60, 180, 4, false);
	step_is(&got.step[2], 120, 180, 3, false);
	step_is(&got.step[3], 180, 240, 4, false);
	fake_close(&f);

	f = (struct fake){0};
	grow(&f, &lone, &got);
	assert_int_equal(got.n, 1);
	step_is(&got.step[0], 60, 180, 4, false);
	fake_close(&f);
}

static void
test_coverage(void **state)
{
	const struct expected c = {.run = "1: 0@-7 60@-7 180@-7 240@-7 300@-7\n1 all: 0=0 60=1 180=3 240=4 300=5\n",
	    .restart = -1, .selector = "all", .span = {30, 310}};
	const struct expected zero = {.run = "1: 100@-7 160@-7\n1 all: 100=1 160=3\n", .restart = -1, .selector = "all",
	    .span = {0, 160}};
	struct fake f = {0};
	struct increase got;

	(void)state;
	grow(&f, &c, &got);
	assert_true(got.coverage.window == 280 * TIME_MINUTE);
	assert_true(got.coverage.covered == 240 * TIME_MINUTE);
	assert_true(got.coverage.first == MINUTES(60));
	assert_true(got.coverage.last == MINUTES(300));
	assert_int_equal(got.coverage.samples, 4);
	assert_true(got.coverage.longest_gap == 120 * TIME_MINUTE);
	fake_close(&f);

	/* From zero at the run's start: no sample was taken there. */
	f = (struct fake){0};
	grow(&f, &zero, &got);
	assert_true(got.coverage.first == MINUTES(100));
	assert_int_equal(got.coverage.samples, 2);
	assert_true(got.coverage.longest_gap == 100 * TIME_MINUTE);
	fake_close(&f);

	/* No window, no coverage. */
	f = (struct fake){0};
	fake_open(&f, c.run, -1);
	OK(increase_over(&f.run, pq_parse_selector(&f.arena, SV("all"), &err), NULL, 0, &got, &err));
	assert_true(!got.known && got.total == 0 && got.coverage.window == 0 && got.n == 0);
	fake_close(&f);
}

/* A million samples: quick, and exact. */
static void
test_many(void **state)
{
	enum { SERIES = 20, SAMPLES = 50000 };
	const struct expected c = {.run = "1: 0@-7\n", .restart = -1, .selector = "all", .span = {0, 600}};
	struct fake f = {0};
	struct increase got;
	size_t i, k;

	(void)state;
	grow(&f, &c, &got);
	f.life[0].scrape = arena_new(&f.arena, SAMPLES, sizeof(int64_t));
	f.life[0].began = arena_new(&f.arena, SAMPLES, sizeof(int64_t));
	f.life[0].n = SAMPLES;
	for (k = 0; k < SAMPLES; k++) {
		f.life[0].scrape[k] = NOW + (int64_t)k * 100;
		f.life[0].began[k] = NOW - TIME_MINUTE;
	}
	for (i = 0; i < SERIES; i++) {
		struct fake_series *s = vec_add(&f.series);

		s->s = (struct pq_series){.name = SV("all"), .id = (int64_t)i + 1, .target = 1};
		for (k = 0; k < SAMPLES; k++)
			*vec_add(&s->m) = (struct pq_sample){.t = NOW + (int64_t)k * 100, .v = (double)(k * (i + 1))};
	}
	OK(increase_over(&f.run, pq_parse_selector(&f.arena, SV("all"), &err),
	    &(struct span){NOW, MINUTES(RUN_MINUTES)}, 1, &got, &err));
	assert_true(got.total == (double)(SAMPLES - 1) * SERIES * (SERIES + 1) / 2);
	assert_int_equal(got.n, SAMPLES - 1);
	fake_close(&f);
}

static int
broken_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	(void)src, (void)s, (void)from, (void)to, (void)a, (void)out, (void)n;
	return err_set(e, ERR_DB, "disk on fire");
}

static void
test_trouble(void **state)
{
	const struct expected c = {.run = "1: 60@-7\n1 all: 60=1\n", .restart = -1, .selector = "all", .span = {0, 600}};
	struct fake f = {0};
	struct increase got;

	(void)state;
	grow(&f, &c, &got);
	f.src.samples = broken_samples;
	assert_int_equal(increase_over(&f.run, pq_parse_selector(&f.arena, SV("all"), &err),
			     &(struct span){NOW, MINUTES(60)}, 1, &got, &err), -1);
	assert_string_equal(err.msg, "disk on fire");
	fake_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_chaos),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_coverage),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_trouble),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
