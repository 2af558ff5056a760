/*
 * kind_help - for the tests of criterion kinds: one criterion in YAML, judged on a run from judge_help.h or a store.
 *
 * Windows: "run" (minutes 0 to 600), "half" (0 to 300), "chaos" (65 to 95), "lost" (its events are not there).
 */
#ifndef SOAK_TESTS_KIND_HELP_H
#define SOAK_TESTS_KIND_HELP_H

#include "judge_help.h"

struct bench {
	struct fake f;
	struct profile *profile;
	struct verdict v;
	struct judging j;
	struct criterion_result r;
};

/* A profile whose only criterion is what stands in yaml, a flow map without its braces. NULL: err says why. */
UNUSED static struct profile *
one_criterion(const char *yaml)
{
	struct sb text = {0};
	struct profile *p;

	sb_addf(&text,
	    "profile: t\nwindows:\n  half: {from: A, to: B}\n  chaos: {from: C, to: D}\n  lost: {from: E, to: F}\n"
	    "criteria:\n- {id: c, title: T, %s}\n", yaml);
	p = profile_parse("p.yaml", sb_sv(&text), &err);
	sb_free(&text);
	return p;
}

UNUSED static void
bench_window(struct bench *b, const char *name, double from, double to)
{
	struct window_result *w = &b->v.windows[b->v.n_windows++];

	w->name = sv_of(name);
	w->span = arena_new(&b->v.arena, 1, sizeof(*w->span));
	w->span[0] = (struct span){MINUTES(from), MINUTES(to)};
	w->n = to > from;
}

/* Judges; s may be NULL. Close it. */
UNUSED static const struct criterion_result *
bench_judge(struct bench *b, const struct kind *kind, const char *yaml, const char *run, double restart,
    struct store *s)
{
	*b = (struct bench){0};
	b->profile = one_criterion(yaml);
	if (b->profile == NULL)
		fail_msg("%s\n%s", yaml, err.msg);
	fake_open(&b->f, run, restart);
	b->f.run.store = s;
	b->v.windows = arena_new(&b->v.arena, 4, sizeof(*b->v.windows));
	bench_window(b, "run", 0, RUN_MINUTES);
	bench_window(b, "half", 0, 300);
	bench_window(b, "chaos", 65, 95);
	bench_window(b, "lost", 0, 0);
	b->v.run = b->f.run.run;
	b->j = (struct judging){.store = s, .profile = b->profile, .source = &b->f.src, .increase = b->f.run,
	    .v = &b->v, .arena = &b->v.arena};
	b->r.criterion = &b->profile->criteria[0];
	if (kind->check(b->profile, b->r.criterion, &err) < 0 || kind->judge(&b->j, &b->r, &err) < 0)
		fail_msg("%s\n%s", yaml, err.msg);
	return &b->r;
}

UNUSED static void
bench_close(struct bench *b)
{
	arena_free(&b->v.arena);
	profile_free(b->profile);
	fake_close(&b->f);
}

UNUSED static void
says(const char *what, struct sv got, const char *part)
{
	if (sv_find(got, sv_of(part)) == got.n && part[0] != '\0')
		fail_msg("%s: '%s' is not in '%.*s'", what, part, (int)got.n, got.p);
}

UNUSED static void
figure_is(const struct figure *f, const char *id, const char *text, const char *unit)
{
	if (!sv_is(f->id, id) || !sv_is(f->text, text) || !sv_is(f->unit, unit))
		fail_msg("%.*s: '%.*s' (%.*s) is not %s: '%s' (%s)", (int)f->id.n, f->id.p, (int)f->text.n, f->text.p,
		    (int)f->unit.n, f->unit.p, id, text, unit);
}

/* A spec that must be refused, with the whole message after the place. */
UNUSED static void
refused(const struct kind *kind, const char *yaml, const char *message)
{
	struct profile *p = one_criterion(yaml);
	int rc;

	if (p == NULL)
		fail_msg("%s\n%s", yaml, err.msg);
	err.msg[0] = '\0';
	rc = kind->check(p, &p->criteria[0], &err);
	if (rc == 0 || strstr(err.msg, message) == NULL || strncmp(err.msg, "p.yaml:7:", 9) != 0)
		fail_msg("%s\n got: %d %s\nwant: %s", yaml, rc, err.msg, message);
	assert_int_equal(kind->check(p, &p->criteria[0], NULL), -1);
	profile_free(p);
}

#endif
