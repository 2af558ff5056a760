#include "step_init.h"

#include <string.h>

#include "base/clean.h"
#include "profile/profile.h"
#include "step_trust.h"
#include "steps.h"
#include "table.h"

int
step_profile_list(const struct tool *t, struct sb *out, struct err *e)
{
	struct arena a = {0};
	struct table table = {0};
	struct profile *p;
	const char **name;
	size_t i, n;
	int rc = 0;

	name = profile_names(&a, (const char *const *)t->dir, t->n_dirs, &n);
	for (i = 0; i < n && rc == 0; i++)
		if ((p = step_profile(t, name[i], e)) == NULL) {
			rc = -1;
		} else {
			table_cell(&table, sv_of(name[i]));
			table_cell(&table, arena_sv(&table.arena, p->title));
			table_row(&table);
			profile_free(p);
		}
	if (rc == 0)
		table_write(&table, !tool_colour(1), out);
	table_free(&table);
	arena_free(&a);
	return rc;
}

/* ----- what is there ------------------------------------------------------------------------ */

/* Runs of digits become by. */
static struct sv
without_digits(struct arena *a, struct sv name, const char *by)
{
	struct sb s = {0};
	struct sv out;
	size_t i;

	for (i = 0; i < name.n; i++)
		if (name.p[i] < '0' || name.p[i] > '9')
			sb_addc(&s, name.p[i]);
		else if (i == 0 || name.p[i - 1] < '0' || name.p[i - 1] > '9')
			sb_adds(&s, by);
	out = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return out;
}

static void
group_add(struct init_found *f, const struct store_artifact *x)
{
	bool untimed = x->untimed && x->time_ms == TIME_NONE;
	bool unread = !x->complete || x->items == 0 || sv_is(x->format, "unrecognised");
	struct sv pattern = without_digits(&f->arena, x->name, "{n}");
	struct init_group *g;
	size_t i;

	for (i = 0; i < f->group.n; i++) {
		g = &f->group.v[i];
		/* An empty file among others of its name is one of them. */
		if (sv_eq(g->pattern, pattern) && (sv_eq(g->format, x->format) || unread || g->unread == g->files)) {
			if (g->unread == g->files)
				g->format = arena_sv(&f->arena, x->format);
			g->files++;
			g->unread += unread;
			g->untimed = g->untimed || untimed;
			return;
		}
	}
	g = vec_add(&f->group);
	*g = (struct init_group){.first = f->name.v[f->name.n - 1], .pattern = pattern, .glob = without_digits(&f->arena, x->name, "*"),
	    .format = arena_sv(&f->arena, x->format), .files = 1, .unread = unread, .untimed = untimed};
}

static int
look(struct init_found *f, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(f->store, e);
	struct store_artifact x;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &x, e)) > 0) {
		*vec_add(&f->name) = arena_sv(&f->arena, x.name);
		group_add(f, &x);
	}
	store_rows_close(rows);
	return rc;
}

/* ----- which profile it looks like ---------------------------------------------------------- */

static bool
named(const struct init_found *f, const struct profile_evidence *x)
{
	struct profile_captures c;
	size_t i;

	for (i = 0; i < f->name.n; i++)
		if (x->kind == EVIDENCE_SNAPSHOTS ? profile_match(x->snapshots.file, f->name.v[i], &c)
						  : sv_glob(x->file, sv_chr(x->file, '/') < x->file.n ? f->name.v[i] : sv_base(f->name.v[i])))
			return true;
	return false;
}

static bool
has(const struct init_found *f, const struct profile_evidence *x)
{
	size_t i;

	if (x->kind != EVIDENCE_ANY && x->kind != EVIDENCE_ALL)
		return named(f, x);
	for (i = 0; i < x->n; i++)
		if (has(f, &x->child[i]) == (x->kind == EVIDENCE_ANY))
			return x->kind == EVIDENCE_ANY;
	return x->kind == EVIDENCE_ALL;
}

/* Is any of it there: ten of 25 snapshots look like that kind of run, too. */
static bool
has_some(const struct init_found *f, const struct profile_evidence *x)
{
	size_t i;

	if (x->kind != EVIDENCE_ANY && x->kind != EVIDENCE_ALL)
		return named(f, x);
	for (i = 0; i < x->n; i++)
		if (has_some(f, &x->child[i]))
			return true;
	return false;
}

/* How many of the required items are there, in part at least, of how many. */
static void
fits(const struct init_found *f, const struct profile *p, size_t *there, size_t *all)
{
	size_t i;

	*there = *all = 0;
	for (i = 0; i < p->n_evidence; i++)
		if (!p->evidence[i].optional) {
			++*all;
			*there += has_some(f, &p->evidence[i]);
		}
}

/* The shipped profile of which at least half of the evidence is there, the best of them. NULL: none; -1 in *rc: trouble. */
static struct profile *
best(const struct tool *t, const struct init_found *f, int *rc, struct err *e)
{
	struct arena a = {0};
	struct profile *p, *won = NULL;
	size_t i, n, there, all, won_there = 0, won_all = 1;
	const char **name = profile_names(&a, (const char *const *)t->dir, t->n_dirs, &n);

	*rc = 0;
	for (i = 0; i < n && *rc == 0; i++) {
		if ((p = step_profile(t, name[i], e)) == NULL) {
			*rc = -1;
			break;
		}
		fits(f, p, &there, &all);
		/* Much of it, and much: 4 of 5 is more than 1 of 1, 2 of 2 more than 3 of 6. */
		if (there > 0 && 2 * there >= all && there * there * won_all > won_there * won_there * all) {
			profile_free(won);
			won = p;
			won_there = there;
			won_all = all;
		} else {
			profile_free(p);
		}
	}
	arena_free(&a);
	if (*rc < 0) {
		profile_free(won);
		return NULL;
	}
	return won;
}

/* ----- the text ----------------------------------------------------------------------------- */

/* As a comment: no byte of a name ends the line. */
static void
add_clean(struct sb *out, struct sv text)
{
	clean_add(out, text);
}

static void
write_found(const struct init_found *f, struct sb *out)
{
	const struct init_group *g;
	size_t i;

	sb_adds(out, "# What is there:\n");
	for (i = 0; i < f->group.n; i++) {
		g = &f->group.v[i];
		sb_adds(out, "#   ");
		add_clean(out, g->files == 1 ? g->first : g->pattern);
		sb_adds(out, "   ");
		add_clean(out, g->format);
		if (g->files > 1)
			sb_addf(out, ", %zu files", g->files);
		if (g->unread > 0 && g->files > 1)
			sb_addf(out, ", %zu of them empty, broken or not recognised", g->unread);
		sb_adds(out, "\n");
	}
}

static void
write_missing(const struct init_found *f, const struct profile *p, struct sb *out)
{
	const struct profile_evidence *x;
	bool told = false;
	size_t i;

	for (i = 0; i < p->n_evidence; i++) {
		x = &p->evidence[i];
		if (has(f, x))
			continue;
		if (!told)
			sb_adds(out, "# What it asks for and is not there; without it the verdict is INCONCLUSIVE at best:\n");
		told = true;
		sb_adds(out, "#   ");
		add_clean(out, x->title);
		sb_adds(out, x->optional ? " (optional)\n" : "\n");
	}
}

static int
propose(struct tool *t, const struct init_found *f, struct sb *out, struct err *e)
{
	struct profile *p;
	int rc;

	p = best(t, f, &rc, e);
	if (rc < 0)
		return -1;
	if (p == NULL)
		sb_adds(out, "# Proposed by soak-run --init. No shipped profile looks like these artifacts (soak-run --list-profiles), so this one\n"
			     "# is made of what was recognised. Change what differs; docs/profile.md explains every key.\n#\n");
	else
		sb_addf(out, "# Proposed by soak-run --init: a copy of the shipped profile %" SV_FMT ", whose evidence is here.\n"
			     "# Change what differs in your system; docs/profile.md explains every key.\n#\n",
		    SV_ARG(p->name));
	write_found(f, out);
	if (p != NULL) {
		write_missing(f, p, out);
		sb_adds(out, "\n");
		sb_addv(out, p->text);
	} else {
		sb_adds(out, "\n");
		rc = step_init_make(f, out, e);
	}
	profile_free(p);
	return rc;
}

int
step_init(struct tool *t, char **operand, size_t n, const char *tmp, struct sb *out, struct err *e)
{
	struct step_ingest in = {.operand_time = TIME_NONE, .start = TIME_NONE, .operand = operand, .n = n};
	struct init_found f = {.store = NULL};
	struct profile *check;
	int rc = -1;

	f.store = store_open(tmp, STORE_WRITE, e);
	if (f.store != NULL && step_ingest(t, f.store, &in, e) == 0 && look(&f, e) == 0) {
		rc = f.name.n == 0 ? err_set(e, ERR_INPUT, "there are no artifacts there") : propose(t, &f, out, e);
		/* What is proposed can be used as it is. */
		if (rc == 0 && (check = profile_parse("the proposed profile", sb_sv(out), e)) == NULL)
			rc = -1;
		else if (rc == 0)
			profile_free(check);
	}
	store_close(f.store);
	vec_free(&f.name);
	vec_free(&f.group);
	arena_free(&f.arena);
	return rc;
}
