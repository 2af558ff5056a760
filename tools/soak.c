/*
 * soak - runs "soak-VERB" for "soak VERB ...", as git does.
 *
 * The program beside this one is preferred to one in PATH, so that a build tree uses its own tools.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#include "base/mem.h"
#include "facts.h"

static const struct tool_option options[] = {{0}};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The tools beside this program, by name. */
static void
list_verbs(const char *dir)
{
	VEC(char *) names = {0};
	struct dirent *entry;
	DIR *d = opendir(dir);
	size_t i;

	while (d != NULL && (entry = readdir(d)) != NULL)
		if (strncmp(entry->d_name, "soak-", 5) == 0)
			*vec_add(&names) = mem_dup(entry->d_name + 5, strlen(entry->d_name + 5));
	if (d != NULL)
		closedir(d);
	if (names.n > 0)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	puts("usage: soak VERB [ARGUMENTS]\n");
	for (i = 0; i < names.n; i++) {
		printf("  soak %s\n", names.v[i]);
		mem_free(names.v[i]);
	}
	puts("\nEach has its own help: soak VERB --help");
	vec_free(&names);
}

int
main(int argc, char **argv)
{
	char exe[PATH_MAX] = "", name[64], path[PATH_MAX + 80];
	struct tool t;
	ptrdiff_t n;
	char *slash;

	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash != NULL)
		*slash = '\0';
	if (argc >= 2 && argv[1][0] != '-') {
		snprintf(name, sizeof(name), "soak-%s", argv[1]);
		snprintf(path, sizeof(path), "%s/%s", exe, name);
		argv[1] = name;
		execv(path, argv + 1);
		execvp(name, argv + 1);
		tool_init(&t, argc, argv, "soak", "VERB [ARGUMENTS]", options);
		tool_say(&t, "there is no verb '%s'", name + 5);
		return tool_end(&t, TOOL_TROUBLE);
	}
	if (argc < 2 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		list_verbs(exe);
		tool_init(&t, argc, argv, "soak", "VERB [ARGUMENTS]", options);
		return tool_end(&t, argc < 2 ? TOOL_TROUBLE : TOOL_PASS);
	}
	tool_init(&t, argc, argv, "soak", "VERB [ARGUMENTS]", options);
	if (strcmp(argv[1], "-V") == 0 || strcmp(argv[1], "--version") == 0) {
		puts("soak " SOAK_VERSION "\n" SOAK_FACTS);
		return tool_end(&t, TOOL_PASS);
	}
	tool_option(&t);
	tool_usage(&t, "a verb is needed");
}
