/*
 * inspect_names - names in a bag that are one name, or none, on other systems, and files that desktops make by themselves.
 */
#include "pack/inspect.h"

#include <stdlib.h>

#include "pack/letters.h"
#include "pack/names.h"

static int
by_text(const void *a, const void *b)
{
	return sv_cmp(((const struct sv *)a)[1], ((const struct sv *)b)[1]);
}

void
inspect_names(const struct contents *c, struct findings *f)
{
	struct sv *pair = mem_new(c->file.n * 2, sizeof(*pair)), base;
	size_t i, n = c->file.n;

	for (i = 0; i < n; i++) {
		pair[2 * i] = c->file.v[i].name;
		pair[2 * i + 1] = letters_fold(&f->arena, pair[2 * i]);
		base = sv_base(pair[2 * i]);
		if (sv_is(base, ".DS_Store") || sv_is(base, "Thumbs.db") || sv_is(base, "desktop.ini") || sv_starts(base, "._"))
			findings_add(f, false, "system-file", "%" SV_FMT ": a file that a desktop leaves behind", SV_ARG(pair[2 * i]));
	}
	if (n > 0)
		qsort(pair, n, 2 * sizeof(*pair), by_text);
	for (i = 1; i < n; i++)
		if (sv_eq(pair[2 * i + 1], pair[2 * i - 1]))
			findings_add(f, false, "name-case", "%" SV_FMT " and %" SV_FMT " are one name on some systems",
			    SV_ARG(pair[2 * i - 2]), SV_ARG(pair[2 * i]));
	mem_free(pair);
}

void
inspect_windows(const struct contents *c, struct findings *f)
{
	const char *why;
	size_t i;

	for (i = 0; i < c->file.n; i++)
		if ((why = names_windows(c->file.v[i].name)) != NULL)
			findings_add(f, false, "name-unportable", "%" SV_FMT ": %s", SV_ARG(c->file.v[i].name), why);
}
