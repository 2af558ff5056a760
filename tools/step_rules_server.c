#include "step_rules_server.h"

#include "base/sort.h"
#include "base/time.h"
#include "promql/explain.h"

#define MOST_SAMPLES INT64_C(50000000) /* in memory */

struct fetch {
	struct step_rules_server *s;
	const struct rules *rules;
	const struct replay_opts *o;
	struct arena *a;
	VEC(const struct pq_selector *) want;
	VEC(struct sv) text; /* of each, so that it is fetched once */
	int64_t from;        /* the first time that is read */
	int64_t got, held;   /* samples: of the selector under way, of all */
};

static bool
is_recorded(const struct fetch *f, struct sv name)
{
	size_t i, k;

	if (sv_is(name, "ALERTS") || sv_is(name, "ALERTS_FOR_STATE"))
		return true;
	for (i = 0; i < f->rules->n; i++)
		for (k = 0; k < f->rules->group[i].n; k++)
			if (!f->rules->group[i].rule[k].alert && sv_eq(f->rules->group[i].rule[k].name, name))
				return true;
	return false;
}

static void
want(struct fetch *f, const struct pq_selector *sel)
{
	struct sb text = {0};
	size_t i;

	if (sel->name.n > 0 && is_recorded(f, sel->name))
		return;
	pq_format_selector(sel, &text);
	for (i = 0; i < f->text.n && !sv_eq(f->text.v[i], sb_sv(&text)); i++)
		;
	if (i == f->text.n) {
		*vec_add(&f->text) = arena_sv(f->a, sb_sv(&text));
		*vec_add(&f->want) = sel;
	}
	sb_free(&text);
}

/* The selectors of all rules, and since when they read. An empty source: nothing but the times is asked. */
static int
find_selectors(struct fetch *f, struct err *e)
{
	struct pq_query q = f->o->query;
	struct pq_explanation ex;
	struct pq_memory empty;
	size_t i, k, m;
	int rc = 0;

	pq_memory_init(&empty);
	q.step = RULES_INTERVAL;
	for (i = 0; i < f->rules->n; i++) {
		const struct rule_group *g = &f->rules->group[i];

		q.start = f->o->start - g->offset;
		q.end = f->o->end - g->offset;
		for (k = 0; k < g->n && rc == 0; k++) {
			ex = (struct pq_explanation){0};
			if (g->rule[k].expr != NULL)
				rc = pq_explain(&empty.src, g->rule[k].expr, &q, f->a, &ex, e);
			for (m = 0; rc == 0 && m < ex.n; m++) {
				f->from = ex.v[m].from < f->from ? ex.v[m].from : f->from;
				want(f, ex.v[m].x->kind == PQ_RANGE ? ex.v[m].x->range.selector : ex.v[m].x->selector);
			}
		}
	}
	pq_memory_free(&empty);
	return rc;
}

static int
take_piece(void *ctx, const struct pq_result *r, int64_t from, int64_t to, struct err *e)
{
	struct fetch *f = ctx;
	struct arena scratch = {0};
	size_t i, k;
	int rc = 0;

	(void)from, (void)to;
	for (i = 0; i < r->n && rc == 0; i++) {
		struct labels l = {.v = arena_new(&scratch, r->v[i].labels.n, sizeof(*l.v))};

		for (k = 0; k < r->v[i].labels.n; k++)
			if (!sv_is(r->v[i].labels.v[k].name, "__name__"))
				l.v[l.n++] = r->v[i].labels.v[k];
		for (k = 0; k < r->v[i].n && rc == 0; k++)
			rc = pq_memory_add(&f->s->samples, labels_get(&r->v[i].labels, "__name__"), &l,
			    (struct pq_sample){r->v[i].point[k].t, r->v[i].point[k].v, false}, e);
		f->got += (int64_t)r->v[i].n;
		f->held += (int64_t)r->v[i].n;
	}
	arena_free(&scratch);
	if (rc == 0 && f->held > MOST_SAMPLES)
		return err_set(e, ERR_LIMIT, "the rules read more than %lld samples: fewer rules, or a shorter time", (long long)MOST_SAMPLES);
	return rc;
}

static int
fetch_selector(struct fetch *f, const struct pq_selector *sel, struct err *e)
{
	struct pq_matcher by_name = {.op = PQ_EQ, .name = SV("__name__"), .value = sel->name};
	struct pq_selector all = {.name = sel->name, .v = &by_name, .n = 1};
	struct pq_server *server = &f->s->server.server;

	f->got = 0;
	if (pq_server_pieces(server, sel, f->from, f->o->end, NULL, take_piece, f, e) < 0)
		return -1;
	if (f->got > 0 || sel->name.n == 0 || sel->n < 2)
		return 0;
	return pq_server_pieces(server, &all, f->from, f->o->end, NULL, take_piece, f, e);
}

/* ----- targets ----------------------------------------------------------------------------- */

/* Series of one job and instance were scraped together. */
static void
find_targets(struct fetch *f)
{
	struct pq_memory *m = &f->s->samples;
	VEC(struct doubt_scrapes) all = {0};
	VEC(struct labels) key = {0};
	VEC(int64_t) t = {0};
	size_t i, k, j, n;

	f->s->first = f->o->end;
	for (i = 0; i < m->series.n; i++) {
		const struct labels *l = &m->series.v[i].series.labels;

		for (k = 0; k < key.n; k++)
			if (sv_eq(labels_get(&key.v[k], "job"), labels_get(l, "job")) &&
			    sv_eq(labels_get(&key.v[k], "instance"), labels_get(l, "instance")))
				break;
		if (k == key.n) {
			*vec_add(&key) = *l;
			vec_add(&all)->target = (int64_t)k;
		}
		m->series.v[i].series.target = (int64_t)k;
		if (m->series.v[i].n > 0 && m->series.v[i].v[0].t < f->s->first)
			f->s->first = m->series.v[i].v[0].t;
	}
	if (m->series.n == 0)
		f->s->first = f->o->start;
	for (k = 0; k < all.n; k++) {
		t.n = 0;
		for (i = 0; i < m->series.n; i++)
			for (j = 0; m->series.v[i].series.target == (int64_t)k && j < m->series.v[i].n; j++)
				*vec_add(&t) = m->series.v[i].v[j].t;
		n = sort_unique(t.v, t.n);
		all.v[k].n = n;
		all.v[k].t = arena_new(f->a, n, sizeof(*t.v));
		for (i = 0; i < n; i++)
			all.v[k].t[i] = t.v[i];
	}
	vec_free(&t);
	vec_free(&key);
	f->s->n_scrapes = all.n;
	f->s->scrapes = arena_keep(f->a, all.v, all.n, sizeof(*all.v));
}

int
step_rules_server_open(struct step_rules_server *s, const struct rules *rules, const struct replay_opts *o, struct arena *a,
    struct err *e)
{
	struct fetch f = {.s = s, .rules = rules, .o = o, .a = a, .from = o->start};
	struct pq_query q = {0};
	size_t i;
	int rc;

	pq_memory_init(&s->samples);
	step_server_deadline(&s->deadline, s->server.timeout > 0 ? s->server.timeout : STEP_SERVER_TIMEOUT, &q);
	rc = step_server_open(&s->server, &q, e);
	if (rc == 0)
		rc = find_selectors(&f, e);
	for (i = 0; i < f.want.n && rc == 0; i++)
		rc = fetch_selector(&f, f.want.v[i], e);
	if (rc == 0)
		find_targets(&f);
	vec_free(&f.want);
	vec_free(&f.text);
	return rc;
}

void
step_rules_server_close(struct step_rules_server *s)
{
	pq_memory_free(&s->samples);
	step_server_close(&s->server);
}
