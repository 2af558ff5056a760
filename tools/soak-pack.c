/*
 * soak-pack - a run folder and its artifacts as one deterministic BagIt package.
 */
#include "steps.h"

static const struct tool_option options[] = {
    {'a', "artifacts", "PATH", "the files or folder the run was judged by (again for more)"},
    {'o', "output", "FILE", "the package, NAME.tar.gz"},
    {0},
};

int
main(int argc, char **argv)
{
	VEC(char *) artifact = {0};
	const char *output = NULL;
	struct err e = {0};
	struct tool t;
	int c, status = TOOL_PASS;

	tool_init(&t, argc, argv, "soak-pack", "-o FILE.tar.gz [-a PATH]... FOLDER", options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 'a':
			*vec_add(&artifact) = (char *)(uintptr_t)t.value;
			break;
		case 'o':
			output = t.value;
			break;
		}
	if (t.argc != 1 || output == NULL)
		tool_usage(&t, "a run folder and -o FILE.tar.gz are needed");
	if (!sv_ends(sv_of(output), ".tar.gz") && !sv_ends(sv_of(output), ".tgz"))
		tool_usage(&t, "-o %s: a package is a .tar.gz", output);
	if (artifact.n == 0)
		tool_note(&t, "no -a: the artifacts themselves are not in this package");
	if (step_pack(t.argv[0], artifact.v, artifact.n, output, &e) < 0)
		status = tool_fail(&t, &e);
	vec_free(&artifact);
	return tool_end(&t, status);
}
