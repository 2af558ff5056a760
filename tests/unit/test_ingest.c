#include "store_help.h"
#undef UNUSED
#include "archive_help.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/io.h"
#include "ingest/ingest.h"
#include "ingest/records.h"

static struct read_formats *formats;
static struct profile *profile;
static struct ingest_totals totals; /* of the last ingest() */
static struct sb notes;             /* "STATUS NAME FORMAT ITEMS: REASON" a line */
static int64_t operand_time, stop_after;

static void
put(const char *name, const char *bytes)
{
	OK(io_write_file(at(name), sv_of(bytes), &err));
}

static int
setup(void **state)
{
	const char *dirs[1];

	if (make_folder(state) != 0)
		return -1;
	OK(io_mkdirs(at("formats"), &err));
	OK(io_mkdirs(at("run"), &err));
	put("formats/events.yaml",
	    "format: events\ntitle: Events\nlines:\n"
	    "  recognise: '^\\[\\d{4}-\\d\\d-\\d\\dT[^\\]]+\\] [A-Z][A-Z0-9_]+$'\n"
	    "  match:\n"
	    "    - pattern: '^\\[(?<time>[^\\]]+)\\] (?<name>[A-Z][A-Z0-9_]*)$'\n"
	    "      event: { time: time, name: name, kind: state }\n"
	    "  otherwise: problem\n");
	dirs[0] = at("formats");
	formats = formats_load(dirs, 1, &err);
	if (formats == NULL)
		fail_msg("%s", err.msg);
	operand_time = TIME_NONE;
	stop_after = 0;
	return 0;
}

static int
teardown(void **state)
{
	formats_free(formats);
	formats = NULL;
	profile_free(profile);
	profile = NULL;
	sb_free(&notes);
	return drop_folder(state);
}

static void
use_profile(const char *more)
{
	struct sb text = {0};

	sb_addf(&text, "profile: t\nrun: {start: {event: BEGUN}, end: {event: DONE}, duration: 24h}\n"
	    "evidence:\n"
	    "  - snapshots: {file: 'h{hour}.prom', time: 'run.start + ({hour} + 1) * 1h', count: 3}\n"
	    "  - snapshots: {file: final.prom, time: run.end}\n"
	    "  - snapshots: {file: 'e{n}.prom', time: {event: 'CAPTURE_{n}', pick: last}, count: 2}\n"
	    "%scriteria:\n  - id: c\n    events: {name: X, min: 1}\n", more);
	profile_free(profile);
	profile = profile_parse("p.yaml", sb_sv(&text), &err);
	if (profile == NULL)
		fail_msg("%s", err.msg);
	sb_free(&text);
}

static void
on_note(void *ctx, const struct ingest_note *n)
{
	static const char *const status[] = {"stored", "known", "same", "grew", "broken", "empty", "unrecognised"};

	(void)ctx;
	sb_addf(&notes, "%s %s %s %lld%s%s\n", status[n->status], n->name, n->format, (long long)n->items,
	    n->reason != NULL ? ": " : "", n->reason != NULL ? n->reason : "");
	if (stop_after > 0 && --stop_after == 0)
		raise(SIGKILL);
}

/* Ingests operands (NULL ends them) into run.db; the last operand's result. */
static int
ingest(const char *first, ...)
{
	struct store *s = opened(at("run.db"), STORE_WRITE);
	struct ingest_opts o = {.profile = profile, .formats = formats, .operand_time = operand_time,
	    .start = TIME_NONE, .note = on_note};
	struct ingest *i = ingest_open(s, &o);
	const char *path = first;
	va_list ap;
	int rc = 0;

	sb_reset(&notes);
	va_start(ap, first);
	for (; path != NULL; path = va_arg(ap, const char *))
		rc = ingest_operand(i, strcmp(path, "-") == 0 ? path : at(path), &err);
	va_end(ap);
	OK(ingest_finish(i, &err));
	totals = *ingest_totals(i);
	ingest_close(i);
	store_close(s);
	return (int)OK(rc);
}

/* The whole store. Caller frees. */
static char *
stored(void)
{
	struct store *s = opened(at("run.db"), STORE_READ);
	char *text = dump(s);

	store_close(s);
	return text;
}

static void
has(const char *part)
{
	char *text = stored();

	if (strstr(text, part) == NULL)
		fail_msg("not there: %s\n%s", part, text);
	mem_free(text);
}

static void
has_not(const char *part)
{
	char *text = stored();

	if (strstr(text, part) != NULL)
		fail_msg("there: %s\n%s", part, text);
	mem_free(text);
}

/* Occurrences of part in the store. */
static int
times(const char *part)
{
	char *text = stored(), *at_text = text;
	int n = 0;

	while ((at_text = strstr(at_text, part)) != NULL) {
		n++;
		at_text += strlen(part);
	}
	mem_free(text);
	return n;
}

static void
put_run(void)
{
	put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T08:30:00Z] CHAOS\n[2026-01-12T09:00:00Z] DONE\n");
	put("run/h0.prom", "# TYPE r counter\nr{code=\"200\"} 100\n");
	put("run/h1.prom", "# TYPE r counter\nr{code=\"200\"} 200\n");
	put("run/h2.prom", "# TYPE r counter\nr{code=\"200\"} 300\n");
	/* h2 byte for byte. */
	put("run/final.prom", "# TYPE r counter\nr{code=\"200\"} 300\n");
}

static void
put_archive(const char *name)
{
	static const char *const member[] = {"h2.prom", "h0.prom", "h1.prom", "events.log", "final.prom"};
	struct archive *a;
	struct sb out = {0}, bytes = {0};
	char path[64], inside[64];
	size_t i;

	a = make_start("tar.gz", &out);
	for (i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "run/%s", member[i]);
		snprintf(inside, sizeof(inside), "artifacts/%s", member[i]);
		sb_reset(&bytes);
		OK(io_read_file(at(path), 1 << 20, &bytes, &err));
		make_add(a, inside, sb_sv(&bytes));
	}
	make_end(a);
	OK(io_write_file(at(name), sb_sv(&out), &err));
	sb_free(&out);
	sb_free(&bytes);
}

#define SAMPLES "r{\"code\":\"200\"} 3600000=100/0#2 7200000=200/0#3 10800000=300/0#1 | 3600000 7200000 10800000\n"

static void
test_folder(void **state)
{
	(void)state;
	use_profile("");
	put_run();
	assert_int_equal(ingest("run", NULL), 0);
	/* Natural order; final and h2 are one content. */
	assert_string_equal(sb_str(&notes), "stored events.log events 3\nstored final.prom prometheus-text 1\n"
	    "stored h0.prom prometheus-text 1\nstored h1.prom prometheus-text 1\nsame h2.prom prometheus-text 1\n");
	assert_int_equal(totals.stored, 4);
	assert_int_equal(totals.known, 1);
	assert_int_equal(totals.placed, 4);
	assert_int_equal(totals.retimed, 0);
	assert_int_equal(totals.untimed, 0);
	/* h0 is taken at the end of hour 0. */
	has("r{\"code\":\"200\"} 3600000=100/0#3 7200000=200/0#4 10800000=300/0#2 | 3600000 7200000 10800000\n");
	has("artifact h0.prom live untimed 3600000 profile h{hour}.prom: run.start + ({hour} + 1) * 1h, hour = 0 problems 0\n");
	has("artifact final.prom live untimed 10800000 profile final.prom: run.end problems 0\n");
	has("artifact events.log live 10800000 inside  problems 0\n");
	has_not("conflict");
	has_not("problem ");
}

static void
test_archive_and_folder_once(void **state)
{
	char *once, *again;

	(void)state;
	use_profile("");
	put_run();
	put_archive("all.tar.gz");
	assert_int_equal(ingest("all.tar.gz", NULL), 0);
	has("r{\"code\":\"200\"} 3600000=100/0#2 7200000=200/0#3 10800000=300/0#1 | 3600000 7200000 10800000\n");
	has("artifact all.tar.gz/artifacts/h1.prom live untimed 7200000 profile");
	has("artifact all.tar.gz live -1 unknown ");
	assert_non_null(strstr(sb_str(&notes), "stored all.tar.gz tar.gz 5\n"));
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(totals.stored, 0);
	assert_int_equal(totals.known, 5);
	assert_int_equal(totals.placed, 8);
	has("r{\"code\":\"200\"} 3600000=100/0#2 7200000=200/0#3 10800000=300/0#1 | 3600000 7200000 10800000\n");
	assert_int_equal(times("event 0 BEGUN"), 1);
	assert_int_equal(times("conflict"), 0);
	/* Twice is once, in either order. */
	once = stored();
	assert_int_equal(ingest("run", "all.tar.gz", NULL), 0);
	assert_int_equal(totals.stored, 0);
	assert_int_equal(totals.retimed, 0);
	again = stored();
	assert_string_equal(once, again);
	mem_free(once);
	mem_free(again);
}

static void
test_bad_files(void **state)
{
	(void)state;
	use_profile("");
	put_run();
	put("run/h1.prom", "");
	put("run/h2.prom", "# TYPE r counter\nr{code=\"200\"} 300\nr{code=\"5");
	put("run/notes.txt", "remember the milk\n");
	put("run/.hidden", "x");
	assert_int_equal(symlink("/etc/passwd", at("run/link.prom")), 0);
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(totals.stored, 3);
	assert_int_equal(totals.empty, 1);
	assert_int_equal(totals.broken, 1);
	assert_int_equal(totals.unrecognised, 1);
	assert_int_equal(totals.left_out, 2);
	/* What a cut file says is not used, and the line of the cut is named. */
	has_not("300/0#3");
	assert_int_equal(times("=300/0"), 1); /* final.prom */
	has("problem h2.prom:3 error read ");
	has("problem h1.prom:0 error read empty file: 0 bytes\n");
	has("warning read .hidden: not read: hidden\n");
	has("warning read link.prom: not read: a link\n");
	has("artifact h1.prom live 7200000 profile h{hour}.prom: run.start + ({hour} + 1) * 1h, hour = 1 problems 1\n");
	has("artifact notes.txt live -1 unknown  problems 0\n");
	assert_non_null(strstr(sb_str(&notes), "empty h1.prom empty 0\n"));
	assert_non_null(strstr(sb_str(&notes), "broken h2.prom prometheus-text 0: "));
	assert_non_null(strstr(sb_str(&notes), "unrecognised notes.txt unrecognised 0\n"));
	/* The good version comes later: the cut one was its beginning. */
	put("run/h2.prom", "# TYPE r counter\nr{code=\"200\"} 300\nr{code=\"500\"} 7\n");
	assert_int_equal(ingest("run", NULL), 0);
	assert_non_null(strstr(sb_str(&notes), "grew h2.prom prometheus-text 2\n"));
	has("r{\"code\":\"500\"} 10800000=7/0");
	has_not("problem h2.prom");
	has("artifact h2.prom superseded");
}

static void
test_operands(void **state)
{
	(void)state;
	put("empty.prom", "");
	put("cut.prom", "# TYPE r counter\nr{");
	put("notes.txt", "remember the milk\n");
	OK(io_mkdirs(at("nothing"), &err));
	assert_int_equal(ingest("nothing", NULL), 1);
	assert_non_null(strstr(err.msg, "nothing usable in this folder"));
	assert_int_equal(ingest("missing", NULL), 1);
	assert_non_null(strstr(err.msg, "No such file"));
	assert_int_equal(ingest("empty.prom", NULL), 1);
	assert_string_equal(err.msg, "empty.prom: empty file: 0 bytes");
	assert_int_equal(ingest("notes.txt", NULL), 1);
	assert_string_equal(err.msg, "notes.txt: not recognised");
	assert_int_equal(ingest("cut.prom", NULL), 1);
	assert_int_equal(strncmp(err.msg, "cut.prom: ", 10), 0);
	/* Again it is known, and as bad as before. */
	assert_int_equal(ingest("cut.prom", NULL), 1);
	assert_int_equal(totals.known, 1);
	assert_int_equal(times("problem cut.prom"), 1);
}

static void
test_grown_log(void **state)
{
	(void)state;
	put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T06:30:00Z] CHAOS\n");
	assert_int_equal(ingest("run", NULL), 0);
	put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T06:30:00Z] CHAOS\n[2026-01-12T09:00:00Z] DONE\n");
	assert_int_equal(ingest("run", NULL), 0);
	assert_string_equal(sb_str(&notes), "grew events.log events 3\n");
	assert_int_equal(times("event 0 BEGUN events.log:1"), 1);
	assert_int_equal(times("event 10800000 DONE events.log:3"), 1);
	assert_int_equal(times("artifact events.log superseded"), 1);
	assert_int_equal(times("artifact events.log live"), 1);
	has_not("\nproblem ");
	/* Another log under the same name is not a longer version. */
	put("run/events.log", "[2026-02-12T06:00:00Z] BEGUN\n");
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(times("artifact events.log live"), 2);
	assert_int_equal(times("another file of this name with other content was stored before"), 1);
	/* And once more: still known, not said again. */
	assert_int_equal(ingest("run", NULL), 0);
	assert_string_equal(sb_str(&notes), "known events.log events 1\n");
	assert_int_equal(times("another file of this name with other content was stored before"), 1);
}

/* OpenMetrics that grew: its samples are all there, once, and hang on the longer version. */
static void
test_grown_samples(void **state)
{
	(void)state;
	put("run/m.prom", "# TYPE r counter\nr 1 1768197600000\n");
	assert_int_equal(ingest("run", NULL), 0);
	put("run/m.prom", "# TYPE r counter\nr 1 1768197600000\nr 2 1768197660000\n");
	assert_int_equal(ingest("run", NULL), 0);
	has("r{} 0=1/0#2 60000=2/0#2 | 0 60000\n");
	assert_int_equal(totals.untimed, 0);
}

static void
test_times_later(void **state)
{
	(void)state;
	put_run();
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(totals.placed, 0);
	assert_int_equal(totals.untimed, 4);
	has("artifact h0.prom live untimed -1 unknown no profile, and no time in its name problems 0\n");
	/* The same again with a profile: what is stored gets its time. */
	use_profile("");
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(totals.stored, 0);
	assert_int_equal(totals.placed, 4);
	assert_int_equal(totals.retimed, 4);
	assert_int_equal(totals.untimed, 0);
	has("7200000=200/0");
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(totals.retimed, 0);
}

static void
test_sources(void **state)
{
	(void)state;
	use_profile("");
	put_run();
	put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T06:10:00Z] CAPTURE_1\n"
	    "[2026-01-12T06:20:00Z] CAPTURE_1\n[2026-01-12T09:00:00Z] DONE\n");
	put("run/e1.prom", "x 1\n");
	put("run/e2.prom", "x 2\n");
	put("run/y-20260112T063000Z.prom", "y 1\n");
	put("run/z.prom", "z 1\n");
	put("t.prom", "t 1\n");
	assert_int_equal(ingest("run", NULL), 0);
	has("artifact e1.prom live untimed 1200000 event e{n}.prom: event CAPTURE_1 (events.log:3) problems 0\n");
	has("artifact e2.prom live untimed -1 unknown e{n}.prom: no event CAPTURE_2"
	    "; the file times are those of a copy: alike, or outside the run problems 0\n");
	has("artifact y-20260112T063000Z.prom live untimed 1800000 name 20260112T063000Z problems 0\n");
	has("artifact z.prom live untimed -1 unknown no pattern of the profile, and no time in its name"
	    "; the file times are those of a copy: alike, or outside the run problems 0\n");
	assert_int_equal(totals.untimed, 2);
	/* --time is for what stands on that command line, beats a pattern, and stays. */
	operand_time = NOW + 42;
	assert_int_equal(ingest("t.prom", "run/h0.prom", NULL), 0);
	operand_time = TIME_NONE;
	has("artifact t.prom live untimed 42 operand --time problems 0\n");
	has("artifact h0.prom live untimed 42 operand --time problems 0\n");
	has("artifact h1.prom live untimed 7200000 profile");
	assert_int_equal(ingest("run", NULL), 0);
	has("artifact t.prom live untimed 42 operand --time problems 0\n");
	assert_int_equal(totals.retimed, 0);
}

/* Written at a minute of the run. */
static void
written(const char *name, double minute)
{
	struct timespec t[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = (NOW + (int64_t)(minute * 60000)) / 1000}};

	assert_int_equal(utimensat(AT_FDCWD, at(name), t, 0), 0);
}

/* File times count all together or not at all: distinct, inside the run, and the counters must not fall with them. */
static void
test_file_times(void **state)
{
	static const struct {
		double a, b;
		const char *has;
	} cases[] = {
		{60, 120, "artifact a.prom live untimed 3600000 mtime when the file was written problems 0\n"},
		{60, 120, "artifact b.prom live untimed 7200000 mtime when the file was written problems 0\n"},
		{60, 60, "artifact a.prom live untimed -1 unknown no pattern"},
		{60, 600, "artifact a.prom live untimed -1 unknown no pattern"},
		{-1, 60, "artifact b.prom live untimed -1 unknown no pattern"},
		{120, 60, "error place 3 of 3 counters stand lower than at 2026-01-12T07:00:00Z, in one and the same process"},
	};
	size_t i;

	(void)state;
	use_profile("process_start: {series: p, slack: 10m}\n");
	put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T09:00:00Z] DONE\n");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("run/a.prom", "# TYPE x counter\n# TYPE y counter\n# TYPE z counter\np 5\nx 1\ny 1\nz 1\n");
		put("run/b.prom", "# TYPE x counter\n# TYPE y counter\n# TYPE z counter\np 5\nx 2\ny 2\nz 2\n");
		written("run/a.prom", cases[i].a);
		written("run/b.prom", cases[i].b);
		assert_int_equal(ingest("run", NULL), 0);
		has(cases[i].has);
		assert_int_equal(unlink(at("run.db")), 0);
	}
	/* A session that does not see the files keeps what one that did has found. */
	written("run/a.prom", 60);
	written("run/b.prom", 120);
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(ingest("run/events.log", NULL), 0);
	has("artifact a.prom live untimed 3600000 mtime");
}

/* A family that both neighbours have. A restart explains that; a gauge that goes away for good, too. */
static void
test_possible_cut(void **state)
{
	(void)state;
	use_profile("process_start: {series: p, slack: 10m}\n");
	put_run();
	put("run/h0.prom", "p 5\na 1\nb 1\nc 1\n");
	put("run/h1.prom", "p 5\nb 2\n");
	put("run/h2.prom", "p 5\na 2\nb 3\n");
	assert_int_equal(unlink(at("run/final.prom")), 0);
	assert_int_equal(ingest("run", NULL), 0);
	has("problem h1.prom:0 warning place possible cut: a is in the snapshots before and after, but missing here\n");
	assert_int_equal(times("possible cut"), 1);
	/* c vanished: stale where it is missing first. */
	has("c{} 3600000=1/0#2 7200000=NaN/2#3 |");
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(times("possible cut"), 1);
	put("run/h1.prom", "p 6\nb 2\n");
	put("run/h2.prom", "p 6\na 2\nb 3\n");
	assert_int_equal(unlink(at("run.db")), 0);
	assert_int_equal(ingest("run", NULL), 0);
	has_not("possible cut");
}

static void
test_crosschecks(void **state)
{
	(void)state;
	/* h{hour} read as the START of its hour: an hour too early. */
	use_profile("  - snapshots: {file: 'b{hour}.prom', time: 'run.start + {hour} * 1h', count: 3}\n"
	    "crosscheck:\n  - {series: r, starts: run}\n  - {series: f, not_before: CHAOS}\n");
	put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T08:30:00Z] CHAOS\n[2026-01-12T09:00:00Z] DONE\n");
	put("run/b0.prom", "r 36000\nf 0\n");
	put("run/b1.prom", "r 72000\nf 0\n");
	put("run/b2.prom", "r 108000\nf 4\n");
	assert_int_equal(ingest("run", NULL), 0);
	has("problem b0.prom:0 error place r already stands at 36000 at 2026-01-12T06:00:00Z, when the run has only "
	    "begun: the times of the snapshots are probably off\n");
	has("problem b2.prom:0 error place f already grew by 2026-01-12T08:00:00Z, before event CHAOS "
	    "(events.log:2) at 2026-01-12T08:30:00Z: the times of the snapshots are probably off\n");
	/* Placed right there is nothing to say; born in the chaos is grown in the chaos. */
	assert_int_equal(rename(at("run/b0.prom"), at("run/h0.prom")), 0);
	assert_int_equal(rename(at("run/b1.prom"), at("run/h1.prom")), 0);
	put("run/h0.prom", "r 36000\n");
	put("run/h1.prom", "r 72000\n");
	assert_int_equal(rename(at("run/b2.prom"), at("run/h2.prom")), 0);
	assert_int_equal(unlink(at("run.db")), 0);
	assert_int_equal(ingest("run", NULL), 0);
	has("artifact h2.prom live untimed 10800000 profile");
	has_not("\nproblem ");
}

/* What stands in the first snapshot was counted before it: in the run, where the process began with it, else nobody knows when. */
static void
test_crosscheck_at_first(void **state)
{
	static const struct {
		const char *process; /* when it began */
		bool in_the_run;
	} cases[] = {{"1768197600", true}, {"1768197000", true}, {"1768196999", false}, {"1768111200", false}, {"NaN", false}};
	size_t i;

	(void)state;
	use_profile("process_start: {series: p, slack: 10m}\ncrosscheck:\n  - {series: f, not_before: CHAOS}\n");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[64];

		put("run/events.log", "[2026-01-12T06:00:00Z] BEGUN\n[2026-01-12T08:30:00Z] CHAOS\n[2026-01-12T09:00:00Z] DONE\n");
		snprintf(text, sizeof(text), "p %s\nf 4\n", cases[i].process);
		put("run/h0.prom", text);
		snprintf(text, sizeof(text), "p %s\nf 4\nr 1\n", cases[i].process);
		put("run/h1.prom", text);
		assert_int_equal(ingest("run", NULL), 0);
		if (cases[i].in_the_run)
			has("problem h0.prom:0 error place f already grew by 2026-01-12T07:00:00Z, before event CHAOS (events.log:2)");
		else
			has_not("already grew");
		assert_int_equal(unlink(at("run.db")), 0);
	}
}

static void
test_inputs(void **state)
{
	(void)state;
	use_profile("inputs:\n  - {file: 'gw-*', labels: {job: gateway, instance: one}}\n");
	put("run/gw-20260112T063000Z.prom", "x{code=\"1\"} 1\n");
	put("run/other-20260112T063000Z.prom", "x{code=\"1\"} 2\n");
	assert_int_equal(ingest("run", NULL), 0);
	has("x{\"code\":\"1\",\"instance\":\"one\",\"job\":\"gateway\"} 1800000=1/0");
	has("x{\"code\":\"1\"} 1800000=2/0");
	has_not("conflict");
}

static void
test_many_problems(void **state)
{
	struct store *s = opened(at("run.db"), STORE_WRITE);
	struct records r;
	struct sv text;
	int64_t of, n;
	int i;

	(void)state;
	records_init(&r, s, 0);
	for (i = 1; i <= 250; i++)
		records_problem(&r, i, i == 240 ? READ_WARNING : READ_NOTE, SV("odd"));
	text = records_broken(&r, "a:1", "a:1:7:12: bad: worse");
	assert_true(sv_is(text, "bad: worse"));
	assert_int_equal(records_broken(&r, "a", "b: else").n, 7); /* not our name: kept whole */
	OK(store_begin(s, &err));
	of = content(s, "00");
	artifact(s, of, "a");
	OK(records_write_problems(&r, of, &n, &err));
	OK(store_end(s, 0, &err));
	records_free(&r);
	store_close(s);
	assert_int_equal(n, 252);
	assert_int_equal(times("\nproblem a:"), 101);
	has("problem a:99 note read odd\n");
	/* The worst of those left out: the first of the two errors. */
	has("problem a:0 error read and 152 more problems\n");
	has("problem a:0 error read b: else\n");
}

/* A pipe has no name of its own. */
static void
test_stdin(void **state)
{
	int keep = dup(0), fd;

	(void)state;
	put("m", "# TYPE r counter\nr 1 1768197600000\n");
	fd = open(at("m"), O_RDONLY);
	assert_true(keep >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, 0), 0);
	close(fd);
	assert_int_equal(ingest("-", NULL), 0);
	assert_int_equal(dup2(keep, 0), 0);
	close(keep);
	has("artifact stdin live 0 inside ");
}

static void
test_refused_and_truncated(void **state)
{
	struct sb out = {0}, cut = {0};
	struct archive *a = make_start("tar", &out);

	(void)state;
	make_add(a, "ok.prom", SV("# TYPE r counter\nr 1\n"));
	make_add(a, "../evil", SV("x"));
	make_add(a, "late.prom", SV("# TYPE r counter\nr 2\n"));
	make_end(a);
	OK(io_write_file(at("a.tar"), sb_sv(&out), &err));
	sb_addv(&cut, sv_head(sb_sv(&out), 512 * 5 + 10));
	OK(io_write_file(at("cut.tar"), sb_sv(&cut), &err));
	assert_int_equal(ingest("a.tar", NULL), 0);
	assert_int_equal(totals.refused, 1);
	has("problem a.tar:0 warning read ../evil: not read: its name leads out of the archive\n");
	/* What came before the cut counts, but the operand is broken. */
	assert_int_equal(ingest("cut.tar", NULL), 1);
	assert_int_equal(strncmp(err.msg, "cut.tar: ", 9), 0);
	has("artifact cut.tar/ok.prom live untimed");
	has("artifact cut.tar live");
	assert_int_equal(ingest("a.tar", NULL), 0);
	assert_int_equal(times("not read:"), 2);
	sb_free(&out);
	sb_free(&cut);
}

/* Cleaned names, and folders below. */
static void
test_names(void **state)
{
	(void)state;
	OK(io_mkdirs(at("run/a/b"), &err));
	put("run/a/b/m-20260112T063000Z.prom", "x 1\n");
	put("run/a/bell\a.prom", "# TYPE r counter\nr 1\n");
	assert_int_equal(ingest("run", NULL), 0);
	has("artifact a/b/m-20260112T063000Z.prom live untimed 1800000 name");
	has("artifact a/bell\\x07.prom live");
}

/* A process that ends in the middle, without a word: running again completes. */
static void
test_killed(void **state)
{
	char *clean, *after;
	int k, status;
	pid_t pid;

	(void)state;
	use_profile("");
	put_run();
	put_archive("run/z.tar.gz");
	assert_int_equal(ingest("run", NULL), 0);
	clean = stored();
	for (k = 1; k <= 11; k++) {
		assert_int_equal(unlink(at("run.db")), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			stop_after = k;
			ingest("run", NULL);
			_exit(78); /* not reached: there are more notes */
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(ingest("run", NULL), 0);
		after = stored();
		assert_string_equal(clean, after);
		mem_free(after);
	}
	mem_free(clean);
}

/* The store that lies among the artifacts is not one of them. */
static void
test_own_store(void **state)
{
	(void)state;
	put_run();
	assert_int_equal(ingest("run", NULL), 0);
	assert_int_equal(link(at("run.db"), at("run/soak.db")), 0);
	assert_int_equal(ingest("run", NULL), 0);
	assert_non_null(strstr(sb_str(&notes), "unrecognised soak.db soakproof-store 0: a store of ours"));
	has_not("soak.db");
}

/* A store that cannot be written is our trouble, not an artifact's. */
static void
test_store_fails(void **state)
{
	struct store *s;
	struct ingest_opts o = {.formats = formats, .operand_time = TIME_NONE, .start = TIME_NONE};
	struct ingest *i;
	struct err e = {0};

	(void)state;
	put_run();
	store_close(opened(at("run.db"), STORE_WRITE));
	s = opened(at("run.db"), STORE_READ);
	i = ingest_open(s, &o);
	assert_int_equal(ingest_operand(i, at("run"), &e), -1);
	assert_true(e.code == ERR_DB || e.code == ERR_USAGE);
	assert_int_equal(ingest_finish(i, &e), -1);
	ingest_close(i);
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(test_archive_and_folder_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_operands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_grown_log, setup, teardown),
		cmocka_unit_test_setup_teardown(test_grown_samples, setup, teardown),
		cmocka_unit_test_setup_teardown(test_times_later, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sources, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_times, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_times, setup, teardown),
		cmocka_unit_test_setup_teardown(test_possible_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_crosschecks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_crosscheck_at_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inputs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_problems, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stdin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused_and_truncated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_own_store, setup, teardown),
		cmocka_unit_test_setup_teardown(test_store_fails, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
