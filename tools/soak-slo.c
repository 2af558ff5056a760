/*
 * soak-slo - what a run says of service level objectives: budget, burn rates, and which windows it cannot speak of.
 */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/slo.h"
#include "promql/store_source.h"
#include "step_checks.h"
#include "step_query.h"
#include "steps.h"

#define MOST_TEXT ((size_t)4 << 20)
/* Without a profile: what its defaults are. */
#define NO_PROFILE "profile: none\ncriteria: [{id: none, events: {name: NONE}}]\n"

enum { OPT_START = 256, OPT_END, OPT_COVERAGE, OPT_CHECK, OPT_CHECKS, OPT_CONFIRM, OPT_BY, OPT_OBJECTIVE };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db)"},
    {'p', "profile", "PROFILE", "whose run is meant; without FILE also its 'slos'"},
    {'o', "output", "FORMAT", "text (default), tsv or json"},
    {OPT_START, "start", "TIME", "count from then on (default: the run's start, else the first sample)"},
    {OPT_END, "end", "TIME", "to then (default: the run's end, else the last sample)"},
    {OPT_COVERAGE, "min-coverage", "RATIO", "how much of the time must be covered (default: 95%)"},
    {OPT_CHECKS, "checks", "SELECTOR", "instead: availability of series of 1 and 0, such as probe_success, a line each"},
    {OPT_CONFIRM, "confirm", "N", "with --checks: so many failures in a row are an outage (default: 2)"},
    {OPT_BY, "by", "LABEL", "with --checks: a line for each value of the label (service), of its check worst off"},
    {OPT_OBJECTIVE, "objective", "RATIO", "with --checks: what must be available; exit status 1 where it is missed"},
    {OPT_CHECK, "check", NULL, "only check the files"},
    {0},
};

struct slo_tool {
	struct tool *tool;
	const char *db, *profile, *output, *checks, *by;
	int64_t confirm;
	double min_coverage, objective;
	bool check;
	struct pq_times times;
	struct arena arena;
	struct slos slos;
};

static void
read_options(struct slo_tool *x)
{
	struct tool *t = x->tool;
	int c;

	while ((c = tool_option(t)) != 0)
		switch (c) {
		case 'd':
			x->db = t->value;
			break;
		case 'p':
			x->profile = t->value;
			break;
		case 'o':
			x->output = t->value;
			break;
		case OPT_START:
			x->times.start = tool_time(t, "--start");
			break;
		case OPT_END:
			x->times.end = tool_time(t, "--end");
			break;
		case OPT_COVERAGE:
			x->min_coverage = tool_ratio(t, "--min-coverage");
			break;
		case OPT_CHECKS:
			x->checks = t->value;
			break;
		case OPT_CONFIRM:
			if (!num_parse_int(sv_of(t->value), &x->confirm) || x->confirm < 1)
				tool_usage(t, "--confirm %s: a whole number from 1 on", t->value);
			break;
		case OPT_BY:
			x->by = t->value;
			break;
		case OPT_OBJECTIVE:
			x->objective = tool_ratio(t, "--objective");
			if (!(x->objective > 0 && x->objective < 1))
				tool_usage(t, "--objective %s: above 0 and below 100 %%", t->value);
			break;
		case OPT_CHECK:
			x->check = true;
			break;
		}
	if (strcmp(x->output, "text") != 0 && strcmp(x->output, "tsv") != 0 && strcmp(x->output, "json") != 0)
		tool_usage(t, "-o %s: text, tsv or json", x->output);
	if (x->checks != NULL && (t->argc > 0 || x->check))
		tool_usage(t, "--checks: without files and --check");
	if (x->checks == NULL && (x->by != NULL || x->objective > 0))
		tool_usage(t, "--by and --objective go with --checks");
	if (t->argc == 0 && x->profile == NULL && x->checks == NULL)
		tool_usage(t, "a file with SLOs is needed, or a profile that has some");
}

/* The files' SLOs, without files those of the profile. 0 or -1. */
static int
load(struct slo_tool *x, const struct profile *p, struct err *e)
{
	struct sb text = {0};
	size_t i;
	int k, rc = 0;

	x->slos.arena = &x->arena;
	for (k = 0; k < x->tool->argc && rc == 0; k++) {
		sb_reset(&text);
		rc = io_read_file(x->tool->argv[k], MOST_TEXT, &text, e);
		if (rc == 0)
			rc = slo_parse(&x->slos, x->tool->argv[k], sb_sv(&text), e);
	}
	sb_free(&text);
	if (rc == 0 && x->tool->argc == 0 && p->slos == NULL)
		rc = err_set(e, ERR_USAGE, "%s: the profile has no 'slos'", p->file);
	else if (rc == 0 && x->tool->argc == 0)
		x->slos = *p->slos;
	for (i = 0; i < x->slos.n && rc == 0; i++)
		rc = slo_check(&x->slos.v[i], e);
	return rc;
}

static int
status_of(const struct slo_tool *x, const struct slo_result *r)
{
	int status = TOOL_PASS;
	size_t i;

	for (i = 0; i < x->slos.n; i++) {
		if (r[i].why.n == 0 && (!slo_met(&r[i]) || slo_fired(&r[i]) > 0))
			return TOOL_FAIL;
		if (r[i].why.n > 0 || (double)r[i].coverage.covered < (x->min_coverage - 1e-12) * (double)r[i].coverage.window)
			status = TOOL_INCONCLUSIVE;
	}
	return status;
}

static void
print(const struct slo_tool *x, const struct slo_result *r)
{
	struct sb out = {0};

	if (strcmp(x->output, "json") == 0)
		slo_show_json(r, x->slos.n, x->min_coverage, &out);
	else if (strcmp(x->output, "tsv") == 0)
		slo_show_tsv(r, x->slos.n, &out);
	else
		slo_show_text(r, x->slos.n, x->min_coverage, &out);
	fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
}

/* --checks. The exit status, or -1. */
static int
list_checks(struct slo_tool *x, struct pq_source *src, struct span span, struct err *e)
{
	const struct pq_selector *sel = pq_parse_selector(&x->arena, sv_of(x->checks), e);
	struct sb out = {0};
	struct step_checks o = {.window = span, .confirm = x->confirm, .by = x->by, .objective = x->objective};
	int rows = sel == NULL ? -1 : step_checks(src, sel, &o, &out, e);

	if (rows > 0)
		fwrite(sb_str(&out), 1, out.n, stdout);
	else if (rows == 0)
		tool_say(x->tool, "no check of %s was made in that time", x->checks);
	sb_free(&out);
	if (rows < 0)
		return -1;
	return o.missed > 0 ? TOOL_FAIL : rows == 0 || o.unknown > 0 ? TOOL_INCONCLUSIVE : TOOL_PASS;
}

/* The spans of the window that the profile wants it measured over: 1, 0 nothing says when that was, -1. */
static int
find_window(struct slo_tool *x, struct store *s, const struct profile *p, struct sv name, const struct span **span, size_t *n, struct err *e)
{
	const struct judge_opts opts = {.start = TIME_NONE};
	struct verdict *v = arena_new(&x->arena, 1, sizeof(*v));
	struct judging j = {.store = s, .profile = p, .v = v, .arena = &x->arena};
	struct pq_store_source source;

	v->profile = p;
	return judging_open(&j, &source, &opts, e) < 0 ? -1 : judge_window(&j, name, span, n, e);
}

/* The exit status, or -1. */
static int
measure(struct slo_tool *x, struct store *s, const struct profile *p, struct err *e)
{
	struct increase_run run = {.store = s, .profile = p, .arena = &x->arena};
	struct slo_result *r = arena_new(&x->arena, x->slos.n, sizeof(*r));
	struct pq_store_source source;
	struct pq_query q = {0};
	const struct span *of;
	struct span span;
	bool given = x->times.start != TIME_NONE || x->times.end != TIME_NONE;
	size_t i, n;
	int rc;

	x->times.step = TIME_MINUTE; /* a range */
	rc = step_query_times(s, x->profile == NULL ? NULL : p, &x->times, &q, e);
	if (rc == 0)
		tool_say(x->tool, "the store holds no sample that has a time");
	if (rc <= 0)
		return rc < 0 ? -1 : TOOL_INCONCLUSIVE;
	pq_store_source_init(&source, s);
	run.source = &source.src;
	span = (struct span){q.start, q.end};
	if (x->checks != NULL)
		return list_checks(x, &source.src, span, e);
	run.run = (struct when_run){.start = q.start, .end = q.end, .duration = q.end - q.start};
	if (increase_setup(&run, e) < 0)
		return -1;
	for (i = 0; i < x->slos.n; i++) {
		of = &span;
		n = 1;
		rc = given || sv_is(x->slos.v[i].over, "run") ? 1 : find_window(x, s, p, x->slos.v[i].over, &of, &n, e);
		if (rc == 0)
			slo_without(&r[i], &x->slos.v[i], sv_of(arena_fmt(&x->arena, "nothing says when the %" SV_FMT " window was", SV_ARG(x->slos.v[i].over))));
		else if (rc < 0 || slo_measure(&run, &x->slos.v[i], of, n, &r[i], e) < 0)
			return -1;
	}
	print(x, r);
	return status_of(x, r);
}

static int
run(struct slo_tool *x)
{
	struct profile *p = NULL;
	struct store *s = NULL;
	struct err e = {0};
	int status = -1;

	p = x->profile == NULL ? profile_parse("none", SV(NO_PROFILE), &e) : step_profile(x->tool, x->profile, &e);
	if (p != NULL && (x->checks != NULL || load(x, p, &e) == 0)) {
		if (x->check) {
			tool_note(x->tool, "%zu SLO%s: fine", x->slos.n, x->slos.n == 1 ? "" : "s");
			status = TOOL_PASS;
		} else if ((s = step_store(tool_db(x->db), &e)) != NULL) {
			status = measure(x, s, p, &e);
		}
	}
	if (status < 0)
		status = tool_fail(x->tool, &e);
	store_close(s);
	arena_free(&x->arena);
	profile_free(p);
	return status;
}

int
main(int argc, char **argv)
{
	struct tool t;
	struct slo_tool x = {.tool = &t, .output = "text", .min_coverage = 0.95, .confirm = 2, .times = {TIME_NONE, TIME_NONE, TIME_NONE, 0}};

	tool_init(&t, argc, argv, "soak-slo", "[-d STORE] [-p PROFILE] [-o text|tsv|json] [--start TIME] [--end TIME] [--check] [FILE...] | --checks SELECTOR [--confirm N] [--by LABEL] [--objective RATIO]",
	    options);
	read_options(&x);
	return tool_end(&t, run(&x));
}
