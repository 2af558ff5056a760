/*
 * soak-report - the sign-off document of a run folder, from a template.
 */
#include <sys/stat.h>

#include "steps.h"

static const struct tool_option options[] = {
    {'t', "template", "NAME", "NAME.md or NAME.html of templates/reports (default: summary.md)"},
    {'o', "output", "FILE", "where to write it (default: -, standard output)"},
    {0},
};

int
main(int argc, char **argv)
{
	const char *name = "summary.md", *output = "-";
	struct sb text = {0}, folder = {0};
	struct err e = {0};
	struct tool t;
	struct stat st;
	int c, status = TOOL_PASS;

	tool_init(&t, argc, argv, "soak-report", "[-t TEMPLATE] [-o FILE] FOLDER|VERDICT.json", options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 't':
			name = t.value;
			break;
		case 'o':
			output = t.value;
			break;
		}
	if (t.argc != 1)
		tool_usage(&t, "one run folder is needed");
	if (stat(t.argv[0], &st) == 0 && S_ISREG(st.st_mode)) {
		struct sv path = sv_of(t.argv[0]), dir = sv_head(path, path.n - sv_base(path).n);

		sb_addv(&folder, dir.n > 0 ? dir : SV("."));
	} else {
		sb_adds(&folder, t.argv[0]);
	}
	if (step_report(&t, sb_str(&folder), name, &text, &e) < 0 || tool_write(output, sb_sv(&text), &e) < 0)
		status = tool_fail(&t, &e);
	sb_free(&folder);
	sb_free(&text);
	return tool_end(&t, status);
}
