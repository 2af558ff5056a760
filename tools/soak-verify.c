/*
 * soak-verify - is a package whole, and is it signed by whom the policy asks? Or: is a folder or archive a valid BagIt bag?
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "pack/inspect.h"
#include "tool.h"

enum { OPT_BAG = 256 };
static const struct tool_option options[] = {
    {OPT_BAG, "bag", "PATH", "only: is this folder or archive a complete and valid BagIt bag, anybody's?"},
    {'o', "output", "FORMAT", "text (default) or json"},
    {0},
};

static void
print_json(const char *path, const struct findings *f, bool valid)
{
	struct sb out = {0};
	struct json j = {.out = &out};
	size_t i;

	json_map(&j, NULL);
	json_cstr(&j, "package", path);
	json_bool(&j, "valid", valid);
	json_list(&j, "findings");
	for (i = 0; i < f->item.n; i++) {
		json_map(&j, NULL);
		json_cstr(&j, "level", f->item.v[i].error ? "error" : "warning");
		json_cstr(&j, "reason", f->item.v[i].reason);
		json_cstr(&j, "text", f->item.v[i].text);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
}

static void
say_findings(const struct tool *t, const char *path, const struct findings *f)
{
	size_t i;

	for (i = 0; i < f->item.n; i++)
		tool_say(t, "%s: %s%s: %s", path, f->item.v[i].error ? "" : "warning: ", f->item.v[i].reason, f->item.v[i].text);
	if (f->item.n == FINDINGS_MAX)
		tool_say(t, "%s: %zu errors in all; no more than %d findings are shown", path, f->errors, FINDINGS_MAX);
}

static int
verify_bag(const struct tool *t, const char *path, bool json)
{
	const struct contents_opts opts = {.keep = inspect_keep};
	struct findings f = {0};
	struct contents c;
	struct err e = {0};
	int status, rc = contents_read(&c, path, &opts, &e);

	if (rc < 0 && e.code != ERR_SYS)
		findings_err(&f, &e);
	else if (rc == 0)
		rc = inspect_bag(&c, &f, &e);
	status = rc < 0 && e.code == ERR_SYS ? tool_fail(t, &e) : f.errors > 0 ? TOOL_FAIL : TOOL_PASS;
	if (status != TOOL_TROUBLE) {
		say_findings(t, path, &f);
		if (json)
			print_json(path, &f, status == TOOL_PASS);
		else if (status == TOOL_PASS && !t->quiet)
			printf("%s: a valid bag, %zu files\n", path, c.file.n);
	}
	contents_free(&c);
	findings_free(&f);
	return status;
}

int
main(int argc, char **argv)
{
	const char *bag = NULL, *output = "text";
	struct tool t;
	int c;

	tool_init(&t, argc, argv, "soak-verify", "--bag PATH [-o text|json]", options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case OPT_BAG:
			bag = t.value;
			break;
		case 'o':
			output = t.value;
			break;
		}
	if (strcmp(output, "text") != 0 && strcmp(output, "json") != 0)
		tool_usage(&t, "-o %s: text or json", output);
	if (bag == NULL || t.argc > 0)
		tool_usage(&t, "--bag and one folder or archive are needed");
	return tool_end(&t, verify_bag(&t, bag, strcmp(output, "json") == 0));
}
