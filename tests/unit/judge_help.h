/*
 * judge_help - for the tests of lib/judge: a run written down as text, and a source of series that holds it.
 *
 *	"1: 0@-7 60@-7 120@95\n"                  target 1 answered at 0, 60, 120; its process began at -7, then at 95
 *	"1 all{code=\"200\"}: 0=5 60=9 120=stale\n"   samples of a series of target 1 (also nan, inf, -1)
 *
 * Minutes count from NOW, where the run starts; it ends at minute 600.
 */
#ifndef SOAK_TESTS_JUDGE_HELP_H
#define SOAK_TESTS_JUDGE_HELP_H

#include "store_help.h"

#include "base/arena.h"
#include "judge/kind.h"
#include "judge/life.h"

#define RUN_MINUTES 600
#define MINUTES(m) (NOW + (int64_t)((m) * 60000.0))

struct fake_series {
	struct pq_series s;
	VEC(struct pq_sample) m;
};

struct fake {
	struct pq_source src; /* first: the callbacks get it back */
	struct arena arena;
	VEC(struct fake_series) series;
	struct profile profile;
	struct increase_run run;
	struct target_life life[4];
	struct span restart[4];
};

UNUSED static int
fake_series_of(struct pq_source *src, const struct pq_selector *sel, struct arena *a, struct pq_series **out, size_t *n,
    struct err *e)
{
	struct fake *f = (struct fake *)src;
	size_t i;
	int rc;

	*out = arena_new(a, f->series.n, sizeof(**out));
	*n = 0;
	for (i = 0; i < f->series.n; i++) {
		if ((rc = pq_matches(sel, f->series.v[i].s.name, &f->series.v[i].s.labels, e)) < 0)
			return -1;
		if (rc > 0)
			(*out)[(*n)++] = f->series.v[i].s;
	}
	return 0;
}

UNUSED static int
fake_samples_of(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	struct fake *f = (struct fake *)src;
	struct fake_series *own = &f->series.v[s->id - 1];
	size_t i;

	(void)e;
	*out = arena_new(a, own->m.n, sizeof(**out));
	*n = 0;
	for (i = 0; i < own->m.n; i++)
		if (own->m.v[i].t >= from && own->m.v[i].t <= to)
			(*out)[(*n)++] = own->m.v[i];
	return 0;
}

UNUSED static double
number(struct sv s)
{
	double v = 0;

	if (!num_parse(s, &v))
		fail_msg("not a number: %.*s", (int)s.n, s.p);
	return v;
}

/* "60@-7" of "1: 60@-7 ..." */
UNUSED static void
fake_scrape(struct target_life *l, struct sv word)
{
	size_t sign = sv_chr(word, '@');

	l->scrape[l->n] = MINUTES(number(sv_head(word, sign)));
	l->began[l->n] = sign < word.n ? MINUTES(number(sv_from(word, sign + 1))) : TIME_NONE;
	l->n++;
}

UNUSED static void
fake_sample(struct fake_series *s, struct sv word)
{
	size_t sign = sv_chr(word, '=');
	struct sv value = sv_from(word, sign + 1);
	struct pq_sample *m = vec_add(&s->m);

	m->t = MINUTES(number(sv_head(word, sign)));
	m->stale = sv_is(value, "stale");
	m->v = m->stale ? (double)NAN : number(value);
}

UNUSED static void
fake_line(struct fake *f, struct sv line)
{
	int64_t target = line.p[0] - '0';
	struct target_life *l = &f->life[target - 1];
	size_t end = sv_find(line, SV(": ")), i;
	struct fake_series *s = NULL;
	struct sv rest = sv_from(line, end + 2), word;

	if (line.p[1] == ':') {
		l->target = target;
		l->scrape = arena_new(&f->arena, line.n, sizeof(*l->scrape));
		l->began = arena_new(&f->arena, line.n, sizeof(*l->began));
		f->run.n_life++;
	} else {
		const struct pq_selector *sel = pq_parse_selector(&f->arena, sv_from(sv_head(line, end), 2), &err);

		if (sel == NULL)
			fail_msg("%s", err.msg);
		s = vec_add(&f->series);
		s->s.name = sel->name;
		s->s.id = (int64_t)f->series.n;
		s->s.target = target;
		s->s.labels.v = arena_new(&f->arena, sel->n, sizeof(struct label));
		for (i = 0; i < sel->n; i++)
			if (!sv_is(sel->v[i].name, "__name__"))
				s->s.labels.v[s->s.labels.n++] = (struct label){sel->v[i].name, sel->v[i].value};
	}
	while (sv_split(&rest, ' ', &word)) {
		if (word.n > 0 && s != NULL)
			fake_sample(s, word);
		else if (word.n > 0)
			fake_scrape(l, word);
	}
}

/* Ready for increase_over(). restart: the minute of a restart's event, -1 none. */
UNUSED static void
fake_open(struct fake *f, const char *text, double restart)
{
	struct sv rest = arena_sv(&f->arena, sv_of(text)), line;
	size_t i;

	*f = (struct fake){.src = {fake_series_of, fake_samples_of}, .arena = f->arena};
	f->profile.process_slack = 10 * TIME_MINUTE;
	f->run = (struct increase_run){.source = &f->src, .profile = &f->profile, .arena = &f->arena, .life = f->life};
	f->run.run = (struct when_run){.start = NOW, .end = MINUTES(RUN_MINUTES), .duration = TIME_NONE};
	while (sv_split(&rest, '\n', &line))
		if (line.n > 0)
			fake_line(f, line);
	for (i = 0; i < f->run.n_life; i++)
		life_settle(&f->run, &f->life[i]);
	f->run.restart = f->restart;
	if (restart >= 0)
		f->restart[f->run.n_restart++] = (struct span){MINUTES(restart), MINUTES(restart)};
}

UNUSED static void
fake_close(struct fake *f)
{
	size_t i;

	for (i = 0; i < f->series.n; i++)
		vec_free(&f->series.v[i].m);
	vec_free(&f->series);
	arena_free(&f->arena);
}

#endif
