/*
 * soak-chart - draws: an expression, lines from a pipe, a chart set, a profile's charts, a Grafana dashboard.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "step_chart_opts.h"

enum { OPT_SCALE = 256, OPT_START, OPT_END, OPT_STEP, OPT_KIND, OPT_SIZE, OPT_THEME, OPT_TITLE, OPT_SUBTITLE, OPT_UNIT, OPT_LEGEND, OPT_LOG,
	OPT_MIN, OPT_MAX, OPT_FORMAT, OPT_NO_EVENTS, OPT_GRAFANA, OPT_VAR, OPT_COVERAGE, OPT_LOOKBACK, OPT_TOKEN, OPT_USER, OPT_CA,
	OPT_TIMEOUT, OPT_BASELINE, OPT_HISTORY, OPT_RULES };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db), or a server: http(s)://HOST:PORT"},
    {'e', "expr", "EXPR", "draw this PromQL expression"},
    {'s', "set", "SET", "draw this chart set, by path or name"},
    {'p', "profile", "PROFILE", "its charts, or with -e, -s and --grafana the run it describes"},
    {OPT_BASELINE, "baseline", "STORE", "with -e: another run of the same, overlaid, and the difference"},
    {OPT_RULES, "rules", "FILE", "when the alerts of this rule file would have been pending and fired"},
    {OPT_HISTORY, "history", "FOLDER", "many runs: what became of each criterion, from FOLDER/RUN/verdict.json"},
    {OPT_GRAFANA, "grafana", "FILE", "draw the panels of this dashboard"},
    {'o', "output", "FILE", "where one picture goes (.png, .svg, .pdf, .txt, .json; -: stdout)"},
    {'O', "output-dir", "FOLDER", "where several pictures go (default: .)"},
    {OPT_FORMAT, "format", "FORMAT", "png, svg, pdf, text or json, whatever the file is called"},
    {OPT_KIND, "kind", "KIND", "lines, stack, columns, steps, points, bars, stat, gauge, table, heat, states, percentiles, distribution, "
			       "hdr, ecdf, dumbbells, trend or spark"},
    {OPT_START, "start", "TIME", "from then on (default: the run's start, or the first sample)"},
    {OPT_END, "end", "TIME", "to then (default: the run's end, or the last sample)"},
    {OPT_STEP, "step", "DURATION", "a value each so often (default: as the samples were taken)"},
    {OPT_LOOKBACK, "lookback", "DURATION", "how long a sample lives (default: 1.5 intervals)"},
    {OPT_SIZE, "size", "WxH", "logical pixels (default: by the kind, 760x330)"},
    {OPT_SCALE, "scale", "FACTOR", "device pixels per logical one in a PNG, 1 to 8 (default: 2)"},
    {OPT_THEME, "theme", "THEME", "light (default; an SVG follows its reader), dark or print"},
    {OPT_TITLE, "title", "TEXT", "the title (default: the expression)"},
    {OPT_SUBTITLE, "subtitle", "TEXT", "below it (default: series, number and distance of the values)"},
    {OPT_UNIT, "unit", "UNIT", "of the values: s, ms, bytes, percentunit, reqps, ..., or any word"},
    {OPT_LEGEND, "legend", "FORMAT", "names of series: '{{tool}} {{code}}'"},
    {OPT_LOG, "log", NULL, "a logarithmic axis"},
    {OPT_MIN, "min", "VALUE", "the axis begins there"},
    {OPT_MAX, "max", "VALUE", "and ends there"},
    {OPT_NO_EVENTS, "no-events", NULL, "without the store's windows, events and restarts"},
    {OPT_VAR, "var", "NAME=VALUE", "a variable of the dashboard; again for more values"},
    {OPT_COVERAGE, "coverage", NULL, "print what became of each panel: id, title, type, outcome, reason"},
    {OPT_TOKEN, "token-file", "FILE", "holds the bearer token for the server"},
    {OPT_USER, "user-file", "FILE", "holds USER:PASSWORD for the server"},
    {OPT_CA, "ca-file", "FILE", "trust these certificates (PEM), not the system's"},
    {OPT_TIMEOUT, "timeout", "DURATION", "give up after that (default: of a server 2m, else never)"},
    {0},
};

/* The charts that a profile describes, from its verdict. */
static int
draw_profile(struct chart_opts *o)
{
	struct judge_opts opts = {.start = o->ask.times.start};
	const char *folder = o->folder != NULL ? o->folder : ".";
	struct step_charts charts = {{0}};
	struct verdict v = {.profile = NULL};
	struct profile *p = NULL;
	struct store *s = NULL;
	struct err e = {0};
	int status = TOOL_PASS;
	size_t i;

	if ((p = step_profile(o->tool, o->ask.profile, &e)) == NULL || (s = step_store(tool_db(o->ask.db), &e)) == NULL) {
		profile_free(p);
		return tool_fail(o->tool, &e);
	}
	v.profile = p;
	if (judge_run(s, p, &opts, &v, &e) < 0 || step_charts(&v, o->draw.scale, &charts, &e) < 0 ||
	    step_charts_write(&charts, folder, &e) < 0) {
		status = tool_fail(o->tool, &e);
	} else if (charts.chart.n == 0) {
		tool_say(o->tool, "nothing to draw: the profile has no chart, or the run's start and end are unknown");
		status = TOOL_INCONCLUSIVE;
	}
	for (i = 0; status == TOOL_PASS && i < charts.chart.n; i++)
		printf("%s/%s\n", folder, charts.chart.v[i].file);
	step_charts_free(&charts);
	verdict_free(&v);
	store_close(s);
	profile_free(p);
	return status;
}

static void
read_size(struct chart_opts *o)
{
	struct sv rest = sv_of(o->tool->value), w;

	if (!sv_split(&rest, 'x', &w) || !num_parse(w, &o->look.width) || rest.p == NULL || !num_parse(rest, &o->look.height) ||
	    !(o->look.width >= 80 && o->look.width <= PICTURE_MAX && o->look.height >= 40 && o->look.height <= PICTURE_MAX))
		tool_usage(o->tool, "--size %s: WIDTHxHEIGHT in pixels, from 80x40 on", o->tool->value);
}

static void
read_kind(struct chart_opts *o)
{
	size_t i;

	for (i = 0; step_kinds[i] != NULL; i++)
		if (strcmp(step_kinds[i], o->tool->value) == 0) {
			o->look.kind = step_kinds[i];
			return;
		}
	tool_usage(o->tool, "--kind %s: no such kind", o->tool->value);
}

static double
number(struct tool *t, const char *option)
{
	double v;

	if (!num_parse(sv_of(t->value), &v) || !isfinite(v))
		tool_usage(t, "%s %s: a number", option, t->value);
	return v;
}

static void
read_var(struct chart_opts *o)
{
	struct sv v = sv_of(o->tool->value);
	size_t eq = sv_chr(v, '=');

	if (eq == 0 || eq == v.n)
		tool_usage(o->tool, "--var %s: NAME=VALUE", o->tool->value);
	*vec_add(&o->var) = (struct step_var){sv_head(v, eq), sv_from(v, eq + 1)};
}

/* Options that say where the samples are. */
static bool
read_source(struct chart_opts *o, int c)
{
	struct tool *t = o->tool;

	switch (c) {
	case 'd':
		o->ask.db = t->value;
		break;
	case 'p':
		o->ask.profile = t->value;
		break;
	case OPT_START:
		o->ask.times.start = tool_time(t, "--start");
		break;
	case OPT_END:
		o->ask.times.end = tool_time(t, "--end");
		break;
	case OPT_STEP:
		o->ask.times.step = tool_duration(t, "--step");
		break;
	case OPT_LOOKBACK:
		o->ask.q.lookback = tool_duration(t, "--lookback");
		break;
	case OPT_TOKEN:
		o->ask.server.token_file = t->value;
		break;
	case OPT_USER:
		o->ask.server.user_file = t->value;
		break;
	case OPT_CA:
		o->ask.server.ca_file = t->value;
		break;
	case OPT_TIMEOUT:
		o->ask.server.timeout = tool_duration(t, "--timeout");
		break;
	default:
		return false;
	}
	return true;
}

/* How it shall look. */
static bool
read_look(struct chart_opts *o, int c)
{
	struct tool *t = o->tool;

	switch (c) {
	case OPT_KIND:
		read_kind(o);
		break;
	case OPT_SIZE:
		read_size(o);
		break;
	case OPT_SCALE:
		o->draw.scale = number(t, "--scale");
		if (!(o->draw.scale >= 1 && o->draw.scale <= 8))
			tool_usage(t, "--scale %s: a number from 1 to 8", t->value);
		break;
	case OPT_THEME:
		if (!style_theme(sv_of(t->value), &o->draw.theme))
			tool_usage(t, "--theme %s: light, dark or print", t->value);
		break;
	case OPT_FORMAT:
		if ((o->draw.format = step_format(t->value)) < 0)
			tool_usage(t, "--format %s: png, svg, pdf, text or json", t->value);
		break;
	case OPT_TITLE:
		o->look.title = sv_of(t->value);
		break;
	case OPT_SUBTITLE:
		o->look.subtitle = sv_of(t->value);
		break;
	case OPT_UNIT:
		o->look.unit = sv_of(t->value);
		break;
	case OPT_LEGEND:
		o->look.legend = sv_of(t->value);
		break;
	case OPT_LOG:
		o->look.log = true;
		break;
	case OPT_MIN:
		o->look.min = number(t, "--min");
		break;
	case OPT_MAX:
		o->look.max = number(t, "--max");
		break;
	default:
		return false;
	}
	return true;
}

static void
read_options(struct chart_opts *o)
{
	struct tool *t = o->tool;
	int c;

	while ((c = tool_option(t)) != 0) {
		if (read_source(o, c) || read_look(o, c))
			continue;
		switch (c) {
		case 'e':
			o->expr = sv_of(t->value);
			break;
		case 's':
			o->set = t->value;
			break;
		case 'o':
			o->output = t->value;
			break;
		case 'O':
			o->folder = t->value;
			break;
		case OPT_GRAFANA:
			o->grafana = t->value;
			break;
		case OPT_BASELINE:
			o->baseline = t->value;
			break;
		case OPT_RULES:
			o->rules = t->value;
			break;
		case OPT_HISTORY:
			o->history = t->value;
			break;
		case OPT_VAR:
			read_var(o);
			break;
		case OPT_COVERAGE:
			o->coverage = true;
			break;
		case OPT_NO_EVENTS:
			o->no_events = true;
			break;
		}
	}
}

static int
run(struct chart_opts *o)
{
	struct tool *t = o->tool;
	int ways = (o->expr.p != NULL) + (o->set != NULL) + (o->grafana != NULL) + (o->history != NULL) + (o->rules != NULL);

	if (ways > 1)
		tool_usage(t, "one of -e, -s, --grafana, --rules and --history at a time");
	if ((o->coverage || o->var.n > 0) && o->grafana == NULL)
		tool_usage(t, "--coverage and --var are for --grafana");
	if (o->output != NULL && o->draw.format < 0 && step_format_of(o->output) < 0)
		tool_usage(t, "-o %s: the ending says the format: .png, .svg, .pdf, .txt or .json (or --format)", o->output);
	if (ways == 1 && t->argc > 0)
		tool_usage(t, "no operand is needed: quote the expression");
	if (o->baseline != NULL && o->expr.p == NULL)
		tool_usage(t, "--baseline is for -e EXPR");
	if (o->history != NULL)
		return chart_history(o);
	if (o->rules != NULL)
		return chart_alerts(o);
	if (o->grafana != NULL)
		return chart_dashboard(o);
	if (o->set != NULL)
		return chart_set(o);
	if (o->expr.p != NULL)
		return o->baseline != NULL ? chart_two_runs(o) : chart_expression(o);
	if (o->ask.profile != NULL && t->argc == 0)
		return draw_profile(o);
	if (t->argc > 1)
		tool_usage(t, "one file of lines at a time");
	if (t->argc == 0 && isatty(0))
		tool_usage(t, "what shall be drawn: -e EXPR, -s SET, -p PROFILE, --grafana FILE, or lines on stdin");
	return chart_pipe(o);
}

int
main(int argc, char **argv)
{
	struct tool t;
	struct chart_opts o = {.tool = &t, .ask = {.tool = &t, .times = {TIME_NONE, TIME_NONE, TIME_NONE, 0}},
	    .draw = {.scale = 2, .format = -1}, .look = {.min = NAN, .max = NAN, .end = TIME_NONE}};
	int status;

	tool_init(&t, argc, argv, "soak-chart",
	    "[-d STORE|URL] [-p PROFILE] (-e EXPR | -s SET | --grafana FILE | --rules FILE | --history FOLDER | -p PROFILE | [FILE|-]) [-o FILE | -O FOLDER] "
	    "[--kind KIND] [--size WxH] [--theme light|dark|print]",
	    options);
	read_options(&o);
	status = run(&o);
	step_ask_close(&o.ask);
	step_draw_close(&o.draw);
	vec_free(&o.var);
	arena_free(&o.arena);
	return tool_end(&t, status);
}
