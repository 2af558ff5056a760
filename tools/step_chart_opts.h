/*
 * step_chart_opts - what soak-chart was asked for, and its ways in: an expression, lines from a pipe, a set, a dashboard.
 */
#ifndef SOAK_TOOLS_STEP_CHART_OPTS_H
#define SOAK_TOOLS_STEP_CHART_OPTS_H

#include "step_ask.h"
#include "step_draw.h"
#include "step_model.h"

struct step_var { /* --var NAME=VALUE; several of one name are its values */
	struct sv name, value;
};

struct chart_opts {
	struct tool *tool;
	struct step_ask ask;
	struct step_draw draw;
	struct step_look look;
	struct sv expr;          /* -e */
	const char *output;      /* -o; NULL none */
	const char *folder;      /* -O; NULL none */
	const char *set, *grafana;
	const char *baseline;    /* --baseline: the other run's store */
	const char *rules;       /* --rules: a file of alerting rules */
	const char *history;     /* --history: the folder of many runs' results */
	bool coverage, no_events;
	VEC(struct step_var) var;
	struct arena arena;
};

/* Each gives the tool's status. */
int chart_expression(struct chart_opts *o);
int chart_pipe(struct chart_opts *o);
int chart_set(struct chart_opts *o);
int chart_dashboard(struct chart_opts *o);
int chart_two_runs(struct chart_opts *o);
int chart_history(struct chart_opts *o);
int chart_alerts(struct chart_opts *o);

/* Says a chart's kind "spark" on stdout, else writes it to o->output. 0 or -1. */
int chart_out(struct chart_opts *o, const struct chart *c, struct err *e);

#endif
