/*
 * A profile of what was recognised, where no shipped one fits: evidence by file names, criteria by what metrics and results there are.
 */
#include "step_init.h"

#include <string.h>

#include "base/clean.h"
#include "store/store.h"

/* What the store holds that a criterion can be made of. */
struct content {
	VEC(struct sv) counter;    /* names of counters with a label of status codes, each once */
	VEC(const char *) label;   /* that label, of each */
	VEC(struct sv) gauge;      /* of memory */
	bool process, probe, up, k6, load_profile, tests, checkpoints;
	struct sv first_event;     /* of logs that are there, in order of time */
	bool first_event_twice;
};

/* A string of YAML in single quotes, of which nothing can end it. */
static void
quoted(struct sb *out, struct sv text)
{
	struct sb clean = {0};
	size_t i;

	clean_add(&clean, text);
	sb_addc(out, '\'');
	for (i = 0; i < clean.n; i++) {
		if (clean.buf[i] == '\'')
			sb_addc(out, '\'');
		sb_addc(out, clean.buf[i]);
	}
	sb_addc(out, '\'');
	sb_free(&clean);
}

static const char *
code_label(struct sv labels)
{
	static const char *const known[] = {"code", "status", "status_code"};
	struct sb key = {0};
	const char *found = NULL;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known) && found == NULL; i++) {
		sb_reset(&key);
		sb_addf(&key, "\"%s\":\"", known[i]);
		if (sv_find(labels, sb_sv(&key)) < labels.n)
			found = known[i];
	}
	sb_free(&key);
	return found;
}

static bool
is_memory(struct sv name)
{
	return sv_is(name, "process_resident_memory_bytes") || sv_is(name, "container_memory_usage_bytes");
}

static int
look_at_series(const struct init_found *f, struct arena *a, struct content *c, struct err *e)
{
	struct store_rows *rows = store_series_open(f->store, NULL, e);
	struct store_series x;
	const char *label;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_series_next(rows, &x, e)) > 0) {
		c->process = c->process || sv_is(x.name, "process_start_time_seconds");
		c->probe = c->probe || sv_is(x.name, "probe_success");
		c->up = c->up || sv_is(x.name, "up");
		if (is_memory(x.name) && (c->gauge.n == 0 || !sv_eq(c->gauge.v[c->gauge.n - 1], x.name)))
			*vec_add(&c->gauge) = arena_sv(a, x.name);
		/* Series come by name: one of a metric is enough. */
		if (sv_ends(x.name, "requests_total") && (label = code_label(x.labels)) != NULL &&
		    (c->counter.n == 0 || !sv_eq(c->counter.v[c->counter.n - 1], x.name))) {
			*vec_add(&c->counter) = arena_sv(a, x.name);
			*vec_add(&c->label) = label;
		}
	}
	store_rows_close(rows);
	return rc;
}

static int
look_at_events(const struct init_found *f, struct arena *a, struct content *c, struct err *e)
{
	struct store_rows *rows = store_events_open(f->store, e);
	struct store_event x;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_events_next(rows, &x, e)) > 0)
		if (c->first_event.n == 0) {
			c->first_event = arena_sv(a, x.name);
		} else {
			c->first_event_twice = c->first_event_twice || sv_starts(x.name, arena_str(a, c->first_event));
		}
	store_rows_close(rows);
	return rc;
}

static int
look_at_results(const struct init_found *f, struct content *c, struct err *e)
{
	struct store_rows *rows = store_results_open(f->store, e);
	struct store_result x;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_results_next(rows, &x, e)) > 0) {
		c->tests = c->tests || sv_is(x.kind, "test");
		c->checkpoints = c->checkpoints || sv_is(x.kind, "checkpoint");
	}
	store_rows_close(rows);
	return rc;
}

static void
look_at_formats(const struct init_found *f, struct content *c)
{
	size_t i;

	for (i = 0; i < f->group.n; i++) {
		c->k6 = c->k6 || sv_is(f->group.v[i].format, "k6-ndjson") || sv_is(f->group.v[i].format, "k6-csv");
		c->load_profile = c->load_profile || sv_is(f->group.v[i].format, "k6-options");
	}
}

static void
write_run(const struct content *c, struct sb *out)
{
	sb_adds(out, "profile: mine            # its name: also that of the package\ntitle: My soak run\n\nrun:\n");
	if (c->k6) {
		sb_adds(out, "  # from the first to the last of k6's points\n"
			     "  start: {artifact: \"*\", path: k6/first_point, pick: first}\n  end: {artifact: \"*\", path: k6/last_point, pick: last}\n");
	} else if (c->first_event.n > 0) {
		sb_adds(out, "  # the first event of the logs; is it the start? sqlite3 out/run.db 'SELECT time, name FROM events' shows all\n  start: {event: ");
		quoted(out, c->first_event);
		sb_adds(out, c->first_event_twice ? ", pick: first}\n" : "}\n");
	} else if (c->checkpoints) {
		sb_adds(out, "  # the slot of the first checkpoint; set the times of the day\n"
			     "  start: {result: checkpoint, at: [\"00:00\", \"06:00\", \"12:00\", \"18:00\"], tolerance: 1h}\n");
	} else {
		sb_adds(out, "  # nothing here says when the run began: say it each time with soak-run --start TIME, or name an event:\n"
			     "  # start: {event: SOAK_TEST_STARTED}\n");
	}
	sb_adds(out, c->k6 ? "" : "  duration: 24h          # as planned\n");
	sb_adds(out, "  timezone: UTC          # of times without a zone\n");
}

static size_t
numbers(struct sv pattern)
{
	size_t n = 0, at;

	while ((at = sv_find(pattern, SV("{n}"))) < pattern.n) {
		pattern = sv_from(pattern, at + 3);
		n++;
	}
	return n;
}

static void
write_evidence(const struct init_found *f, struct sb *out)
{
	const struct init_group *g;
	size_t i;

	sb_adds(out, "\n# What must be there: without one of these the verdict is INCONCLUSIVE at best.\nevidence:\n");
	for (i = 0; i < f->group.n; i++) {
		g = &f->group.v[i];
		if (g->unread == g->files)
			continue;
		if (g->untimed && numbers(g->pattern) == 1) {
			sb_adds(out, "  # These hold no times. Say when each was taken, and take the \"file\" below away:\n  #- snapshots: {file: ");
			quoted(out, g->pattern);
			sb_addf(out, ", time: \"run.start + ({n} + 1) * 1h\", every: 1h, count: %zu}\n", g->files);
		}
		sb_adds(out, "  - file: ");
		quoted(out, g->files > 1 ? g->glob : g->first);
		sb_adds(out, "\n");
	}
	sb_adds(out, "\n");
}

static void
write_counters(const struct content *c, struct sb *out)
{
	size_t i;

	for (i = 0; i < c->counter.n; i++) {
		sb_addf(out, "  - id: success-rate%s%.0zu\n    title: At least 99 %% of ", i == 0 ? "" : "-", i == 0 ? (size_t)0 : i + 1);
		clean_add(out, c->counter.v[i]);
		sb_adds(out, " do not fail\n    sli: {total: ");
		quoted(out, c->counter.v[i]);
		sb_adds(out, ", bad: '");
		clean_add(out, c->counter.v[i]);
		sb_addf(out, "{%s=~\"5..\"}'}\n    objective: 99%%\n", c->label.v[i]);
	}
}

static void
write_criteria(const struct content *c, struct sb *out)
{
	size_t i, before;

	sb_adds(out, "# What must hold. The limits are ours: set yours.\ncriteria:\n");
	before = out->n;
	write_counters(c, out);
	if (c->k6) {
		sb_adds(out, "  - id: thresholds\n    title: Every threshold of k6's script or load profile holds\n    k6: {thresholds: declared}\n"
			     "  - id: answered\n    title: At least 99 % of k6's requests did not fail\n    k6: {metric: http_req_failed, threshold: \"rate<0.01\"}\n");
		if (c->load_profile)
			sb_adds(out, "  - id: load\n    title: The planned length and number of VUs were reached\n    k6: {reached: 99%}\n");
	}
	if (c->process)
		sb_adds(out, "  - id: no-restart\n    title: Nothing was restarted\n    restarts: {max: 0}\n");
	for (i = 0; i < c->gauge.n; i++) {
		sb_addf(out, "  - id: memory%s\n    title: Memory grows by no more than 10 %%\n    trend: {expr: ", i == 0 ? "" : "-containers");
		sb_addv(out, c->gauge.v[i]);
		sb_adds(out, ", max_growth: 10%}\n");
	}
	if (c->up)
		sb_adds(out, "  - id: up\n    title: Every target was up all the time\n    promql: min(min_over_time(up[7d])) == 1\n");
	if (c->probe)
		sb_adds(out, "  - id: availability\n    title: Each check succeeds 99 % of the time\n    availability: {checks: probe_success}\n    objective: 99%\n");
	if (c->tests)
		sb_adds(out, "  - id: tests\n    title: All tests passed\n    tests: {min: 1, undated: true}\n");
	if (c->checkpoints)
		sb_adds(out, "  - id: checkpoints\n    title: All checkpoints ran\n"
			     "    schedule: {result: checkpoint, at: [\"00:00\", \"06:00\", \"12:00\", \"18:00\"], tolerance: 1h}\n");
	if (out->n == before)
		sb_adds(out, "  # Nothing was recognised that a criterion can be made of: somebody has to state it (soak-run --attest).\n"
			     "  - id: looked-at\n    title: Somebody looked at the artifacts\n    attest: The artifacts were looked at, and show a healthy run.\n");
}

int
step_init_make(const struct init_found *f, struct sb *out, struct err *e)
{
	struct content c = {.process = false};
	struct arena a = {0};
	int rc = -1;

	look_at_formats(f, &c);
	if (look_at_series(f, &a, &c, e) == 0 && look_at_events(f, &a, &c, e) == 0 && look_at_results(f, &c, e) == 0) {
		write_run(&c, out);
		write_evidence(f, out);
		write_criteria(&c, out);
		rc = 0;
	}
	vec_free(&c.counter);
	vec_free(&c.label);
	vec_free(&c.gauge);
	arena_free(&a);
	return rc;
}
