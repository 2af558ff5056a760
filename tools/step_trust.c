#define _XOPEN_SOURCE 700 /* realpath */
#include "step_trust.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "steps.h"

bool
step_lies_in(const char *path, const char *operand)
{
	char *p = realpath(path, NULL), *o = realpath(operand, NULL);
	size_t n = o == NULL ? 0 : strlen(o);
	bool in = p != NULL && o != NULL && strncmp(p, o, n) == 0 && (p[n] == '\0' || p[n] == '/' || n == 1);

	free(p);
	free(o);
	return in;
}

static bool
lies_in_any(const char *path, char *const *operand, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (step_lies_in(path, operand[i]))
			return true;
	return false;
}

void
step_trust_templates(struct tool *t, char *const *operand, size_t n)
{
	const char *own = getenv("SOAK_TEMPLATES");
	size_t i, kept = 0;

	for (i = 0; i < t->n_dirs; i++) {
		if (strcmp(t->dir[i], "templates") != 0 || (own != NULL && strcmp(own, t->dir[i]) == 0) ||
		    !lies_in_any(t->dir[i], operand, n)) {
			t->dir[kept++] = t->dir[i];
			continue;
		}
		tool_note(t, "templates: lies among the artifacts and is not used (SOAK_TEMPLATES=templates would)");
		mem_free(t->dir[i]);
	}
	t->n_dirs = kept;
}

/* The shipped profile that one found at path stands before; empty when it is none of the evidence. */
static void
find_shadowed(const struct tool *t, const char *path, char *const *operand, size_t n, struct sb *shipped)
{
	size_t i;

	if (strchr(path, '/') != NULL || !lies_in_any(path, operand, n))
		return;
	for (i = 0; i < t->n_dirs; i++) {
		sb_addf(shipped, "%s/profiles/%s", t->dir[i], path);
		if (access(sb_str(shipped), R_OK) == 0)
			return;
		sb_reset(shipped);
	}
}

struct profile *
step_trusted_profile(const struct tool *t, const char *name, char *const *operand, size_t n, struct err *e)
{
	struct profile *p = step_profile(t, name, e);
	struct sb shipped = {0};

	if (p == NULL)
		return NULL;
	find_shadowed(t, p->file, operand, n, &shipped);
	if (shipped.n > 0) {
		err_set(e, ERR_USAGE, "%s lies among the artifacts, and there is %s: say -p ./%s or -p %s", p->file,
		    sb_str(&shipped), p->file, sb_str(&shipped));
		profile_free(p);
		p = NULL;
	}
	sb_free(&shipped);
	return p;
}
