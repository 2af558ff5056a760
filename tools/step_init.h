/*
 * step_init - what profiles there are, and which of them a folder of artifacts looks like.
 *
 * The proposal is made of names, formats and metrics only, so that the same folder gives the same bytes everywhere.
 */
#ifndef SOAK_TOOLS_STEP_INIT_H
#define SOAK_TOOLS_STEP_INIT_H

#include "base/arena.h"
#include "base/mem.h"
#include "tool.h"

/* --list-profiles: a line each, name and title, sorted. Appends. 0, or -1 when one of them cannot be loaded. */
int step_profile_list(const struct tool *t, struct sb *out, struct err *e);

/* One kind of files: names that differ in their digits only, of one format. */
struct init_group {
	struct sv first;   /* the name of the first */
	struct sv pattern; /* "soak-h{n}.prom" */
	struct sv glob;    /* "soak-h*.prom" */
	struct sv format;
	size_t files, unread; /* how many; not recognised, empty or broken */
	bool untimed;      /* they need a time from outside */
};
/* What one look at the artifacts found. */
struct init_found {
	struct arena arena;
	VEC(struct sv) name; /* of the artifacts, natural order */
	VEC(struct init_group) group;
	struct store *store; /* borrowed */
};

/*
 * --init: reads the operands into a store at tmp (made, and left for the caller to remove), and appends the text of a profile:
 * the shipped one whose evidence is there, or one made of what was recognised. 0, or -1.
 */
int step_init(struct tool *t, char **operand, size_t n, const char *tmp, struct sb *out, struct err *e);

/* step_init_make.c: a profile of what was recognised, where no shipped one fits. Appends. 0 or -1. */
int step_init_make(const struct init_found *f, struct sb *out, struct err *e);

#endif
