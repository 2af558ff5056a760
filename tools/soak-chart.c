/*
 * soak-chart - draws a profile's charts from the store.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/time.h"
#include "steps.h"

enum { OPT_SCALE = 256, OPT_START };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db)"},
    {'p', "profile", "PROFILE", "whose charts, by path or name"},
    {'O', "output-dir", "FOLDER", "where charts/ID.png and charts/ID.json go (default: .)"},
    {OPT_SCALE, "scale", "FACTOR", "pixels per unit, 1 to 8 (default: 2)"},
    {OPT_START, "start", "TIME", "when the run started; beats the profile"},
    {0},
};

static int
draw(const struct tool *t, const char *db, const struct profile *p, const struct judge_opts *o, const char *folder,
    double scale)
{
	struct step_charts charts = {{0}};
	struct verdict v = {.profile = p};
	struct err e = {0};
	struct store *s;
	int status = TOOL_PASS;
	size_t i;

	s = store_open(tool_db(db), STORE_READ, &e);
	if (s == NULL)
		return tool_fail(t, &e);
	if (judge_run(s, p, o, &v, &e) < 0 || step_charts(&v, scale, &charts, &e) < 0 ||
	    step_charts_write(&charts, folder, &e) < 0) {
		status = tool_fail(t, &e);
	} else if (charts.chart.n == 0) {
		tool_say(t, "nothing to draw: the profile has no chart, or the run's start and end are unknown");
		status = TOOL_INCONCLUSIVE;
	}
	for (i = 0; status == TOOL_PASS && i < charts.chart.n; i++)
		printf("%s/%s\n", folder, charts.chart.v[i].file);
	step_charts_free(&charts);
	verdict_free(&v);
	store_close(s);
	return status;
}

int
main(int argc, char **argv)
{
	const char *db = NULL, *name = NULL, *folder = ".";
	struct judge_opts opts = {.start = TIME_NONE};
	struct profile *profile;
	struct err e = {0};
	double scale = 2;
	struct tool t;
	int c, status;

	tool_init(&t, argc, argv, "soak-chart", "[-d STORE] -p PROFILE [-O FOLDER] [--scale FACTOR] [--start TIME]",
	    options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 'd':
			db = t.value;
			break;
		case 'p':
			name = t.value;
			break;
		case 'O':
			folder = t.value;
			break;
		case OPT_SCALE:
			if (!num_parse(sv_of(t.value), &scale) || !(scale >= 1 && scale <= 8))
				tool_usage(&t, "--scale %s: a number from 1 to 8", t.value);
			break;
		case OPT_START:
			opts.start = tool_time(&t, "--start");
			break;
		}
	if (name == NULL || t.argc > 0)
		tool_usage(&t, "-p PROFILE is needed");
	profile = step_profile(&t, name, &e);
	if (profile == NULL)
		return tool_end(&t, tool_fail(&t, &e));
	status = draw(&t, db, profile, &opts, folder, scale);
	profile_free(profile);
	return tool_end(&t, status);
}
