/*
 * soak-report - the sign-off document of a run folder, from a template; or any template with any data.
 */
#include <sys/stat.h>

#include "steps.h"

enum { OPT_LIST = 256 };
static const struct tool_option options[] = {
    {'t', "template", "NAME", "NAME.md or NAME.html of templates/reports (default: sign-off.md)"},
    {OPT_LIST, "list-templates", NULL, "list the templates"},
    {'D', "data", "FILE.json", "render the template with this document instead of a run folder's (-: stdin)"},
    {'L', "lenient", NULL, "with --data: unknown names are empty, as the Mustache spec has it"},
    {'o', "output", "FILE", "where to write it (default: -, standard output)"},
    {0},
};

int
main(int argc, char **argv)
{
	const char *name = NULL, *output = "-", *data = NULL;
	struct sb text = {0}, folder = {0};
	bool lenient = false, list = false;
	struct err e = {0};
	struct tool t;
	struct stat st;
	int c, status = TOOL_PASS;

	tool_init(&t, argc, argv, "soak-report", "[-t TEMPLATE] [-o FILE] FOLDER|VERDICT.json | --data FILE.json -t TEMPLATE | --list-templates",
	    options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 't':
			name = t.value;
			break;
		case 'D':
			data = t.value;
			break;
		case 'L':
			lenient = true;
			break;
		case OPT_LIST:
			list = true;
			break;
		case 'o':
			output = t.value;
			break;
		}
	if (list) {
		if (t.argc != 0 || data != NULL)
			tool_usage(&t, "--list-templates stands alone");
		if (step_report_list(&t, &text, &e) < 0 || tool_write(output, sb_sv(&text), &e) < 0)
			status = tool_fail(&t, &e);
		sb_free(&text);
		return tool_end(&t, status);
	}
	if (data == NULL ? t.argc != 1 || lenient : t.argc != 0 || name == NULL)
		tool_usage(&t, data == NULL ? "one run folder is needed, or --data" : "--data wants a template (-t) and no operand");
	if (data == NULL && stat(t.argv[0], &st) == 0 && S_ISREG(st.st_mode)) {
		struct sv path = sv_of(t.argv[0]), dir = sv_head(path, path.n - sv_base(path).n);

		sb_addv(&folder, dir.n > 0 ? dir : SV("."));
	} else if (data == NULL) {
		sb_adds(&folder, t.argv[0]);
	}
	c = data != NULL ? step_report_data(&t, data, name, lenient, &text, &e) :
	    step_report(&t, sb_str(&folder), name != NULL ? name : "sign-off.md", &text, &e);
	if (c < 0 || tool_write(output, sb_sv(&text), &e) < 0)
		status = tool_fail(&t, &e);
	sb_free(&folder);
	sb_free(&text);
	return tool_end(&t, status);
}
