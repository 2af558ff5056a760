#include "judge/chain.h"

#include <stdlib.h>

#include "base/expr.h"
#include "base/mem.h"
#include "promql/explain.h"
#include "promql/store_source.h"

/* A chain under way. */
struct links {
	struct store *store;
	const struct verdict *v;
	struct pq_store_source source;
	struct chain *c;
	struct err *e;
	int64_t content; /* claims of this one may be names in an expression; 0 none */
	VEC(struct chain_series) series;
	VEC(struct chain_point) point;
	VEC(struct chain_source) use;
	VEC(struct chain_line) line;
};

static const struct window_result *
window_of(const struct verdict *v, struct sv name)
{
	size_t i;

	for (i = 0; i < v->n_windows; i++)
		if (sv_eq(v->windows[i].name, name))
			return &v->windows[i];
	return &v->windows[0];
}

static int
by_point(const void *a, const void *b)
{
	const struct chain_point *x = a, *y = b;

	if (x->content != y->content)
		return x->content < y->content ? -1 : 1;
	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	return (x->t > y->t) - (x->t < y->t);
}

/* --- samples -------------------------------------------------------------------------- */

static int
add_series(struct links *l, const struct pq_series *s, int64_t from, int64_t to)
{
	struct arena *a = &l->c->arena;
	struct store_rows *rows;
	struct chain_series *out;
	struct store_point p;
	struct sb text = {0};
	size_t i;
	int rc;

	for (i = 0; i < l->series.n; i++)
		if (l->series.v[i].id == s->id)
			return 0;
	out = vec_add(&l->series);
	*out = (struct chain_series){.id = s->id, .name = arena_sv(a, s->name), .labels = labels_copy(a, &s->labels)};
	labels_show(s->name, &s->labels, &text);
	out->text = arena_sv(a, sb_sv(&text));
	sb_free(&text);
	if ((rows = store_points_open(l->store, s->id, from, to, l->e)) == NULL)
		return -1;
	while ((rc = store_points_next(rows, &p, l->e)) > 0) {
		if (p.flag == STORE_STALE)
			continue;
		out->last = (struct pq_sample){p.t, p.v, false};
		if (out->n++ == 0)
			out->first = out->last;
		*vec_add(&l->point) = (struct chain_point){p.content, i, p.t};
	}
	store_rows_close(rows);
	return rc;
}

/* All series that the expression reads, with their samples between from and to (widened by ranges and offsets). */
static int
add_query(struct links *l, struct sv text, int64_t from, int64_t to)
{
	struct pq_query q = {.start = from, .end = to, .step = to > from ? to - from : 0};
	const struct pq_expr *x = pq_parse(&l->c->arena, text, NULL);
	struct pq_explanation ex;
	struct pq_series *s;
	size_t i, k, n;

	if (x == NULL || from == TIME_NONE || to == TIME_NONE || from > to)
		return 0;
	if (pq_explain(&l->source.src, x, &q, &l->c->arena, &ex, l->e) < 0)
		return -1;
	for (i = 0; i < ex.n; i++) {
		const struct pq_reading *r = &ex.v[i];
		const struct pq_selector *sel = r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector;

		if (l->source.src.series(&l->source.src, sel, &l->c->arena, &s, &n, l->e) < 0)
			return -1;
		for (k = 0; k < n; k++)
			if (add_series(l, &s[k], r->from, r->to) < 0)
				return -1;
	}
	return 0;
}

/* --- events, claims, facts --------------------------------------------------------------- */

static void
add_line(struct links *l, struct sv source, int64_t line, const char *text)
{
	struct arena *a = &l->c->arena;
	size_t i;

	for (i = 0; i < l->line.n; i++)
		if (l->line.v[i].line == line && sv_eq(l->line.v[i].source, source) && sv_is(l->line.v[i].text, text))
			return;
	*vec_add(&l->line) = (struct chain_line){arena_sv(a, source), arena_sv(a, sv_of(text)), line};
}

static bool
inside(const struct window_result *w, int64_t t)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (t >= w->span[i].from && t <= w->span[i].to)
			return true;
	return false;
}

static int
add_events(struct links *l, struct sv name, const struct window_result *w)
{
	struct store_rows *rows = store_events_open(l->store, l->e);
	struct store_event ev;
	char at[TIME_TEXT];
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, l->e)) > 0)
		if (sv_starts(ev.name, arena_str(&l->c->arena, name)) && inside(w, ev.t))
			add_line(l, ev.source, ev.line, arena_fmt(&l->c->arena, "%s %" SV_FMT, time_text(ev.t, at), SV_ARG(ev.name)));
	store_rows_close(rows);
	return rc;
}

static int
add_facts(struct links *l, struct store_rows *rows, struct sv path, int64_t content, size_t *found)
{
	struct store_fact f;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, l->e)) > 0)
		if (sv_eq(f.path, path) && (content == 0 || f.content == content)) {
			(*found)++;
			add_line(l, f.source, f.line, arena_fmt(&l->c->arena, "%" SV_FMT " = %" SV_FMT, SV_ARG(f.path), SV_ARG(f.text)));
		}
	store_rows_close(rows);
	return rc;
}

/* What a name in an expression is: a quantity, a claim of the same artifact, a fact of the run. */
static int
on_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct links *l = ctx;
	const struct profile *p = l->v->profile;
	const struct window_result *run = &l->v->windows[0];
	size_t i, found = 0;

	(void)braces;
	(void)e;
	*v = 1;
	for (i = 0; i < p->n_quantities; i++)
		if (sv_eq(p->quantities[i].name, name))
			return run->n == 0 ? 0 : add_query(l, p->quantities[i].selector, run->span[0].from, run->span[run->n - 1].to);
	if (l->content != 0 && add_facts(l, store_claims_open(l->store, l->e), name, l->content, &found) < 0)
		return -1;
	if (sv_starts(name, "run.")) {
		bool start = !sv_is(name, "run.end"), end = !sv_is(name, "run.start");

		if (start)
			add_line(l, l->v->run.start_source, 0, "the run's start");
		if (end)
			add_line(l, l->v->run.end_source, 0, "the run's end");
		return 0;
	}
	return found > 0 ? 0 : add_facts(l, store_runs_open(l->store, l->e), name, 0, &found);
}

static int
add_expression(struct links *l, struct sv text)
{
	return text.n == 0 || expr_check(text, on_name, l, l->e) == 0 ? 0 : -1;
}

/* --- artifacts ------------------------------------------------------------------------------ */

static void
note_source(struct links *l, const struct store_artifact *a, size_t n)
{
	struct arena *to = &l->c->arena;
	size_t i;

	for (i = 0; i < l->use.n; i++)
		if (l->use.v[i].content == a->content)
			return;
	*vec_add(&l->use) = (struct chain_source){.content = a->content, .name = arena_sv(to, a->name),
	    .sha256 = arena_sv(to, sv_of(a->sha256)), .format = arena_sv(to, a->format), .time_source = arena_sv(to, a->time_source),
	    .time_why = arena_sv(to, a->time_why), .time = a->time_ms, .untimed = a->untimed, .n = n};
}

static size_t
points_of(const struct links *l, int64_t content)
{
	size_t i, n = 0;

	for (i = 0; i < l->point.n; i++)
		n += l->point.v[i].content == content;
	return n;
}

static bool
is_named(const struct links *l, const struct sv *names, size_t n, struct sv name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (sv_eq(names[i], name))
			return true;
	for (i = 0; i < l->line.n; i++)
		if (sv_eq(l->line.v[i].source, name))
			return true;
	return false;
}

/* The artifacts behind the points, the lines, and those named. */
static int
add_sources(struct links *l, const struct sv *names, size_t n)
{
	struct store_rows *rows = store_artifacts_open(l->store, l->e);
	struct store_artifact a;
	size_t points;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, l->e)) > 0) {
		if (a.superseded)
			continue;
		points = points_of(l, a.content);
		if (points > 0 || is_named(l, names, n, a.name))
			note_source(l, &a, points);
	}
	store_rows_close(rows);
	return rc;
}

/* --- what an id means ------------------------------------------------------------------------- */

static struct sv
place_of(struct links *l, const struct doc *at)
{
	return at == NULL ? SV("") : sv_of(arena_fmt(&l->c->arena, "%" SV_FMT ":%d:%d", SV_ARG(sv_base(sv_of(at->file))), at->line, at->col));
}

static bool
goes_by_events(const struct profile_criterion *c)
{
	return sv_is(c->kind, "events") || sv_is(c->kind, "schedule");
}

static int
link_criterion(struct links *l, const struct criterion_result *r)
{
	const struct profile_criterion *c = r->criterion;
	const struct window_result *w = window_of(l->v, c->over);
	const struct doc *event = c->spec->kind == DOC_MAP ? doc_get(c->spec, "event") : NULL;
	const struct figure *f = l->c->figure;
	struct sv query = r->observed.query.n > 0 ? r->observed.query : r->n.query;
	int64_t from = w->n > 0 ? w->span[0].from : TIME_NONE, to = w->n > 0 ? w->span[w->n - 1].to : TIME_NONE;

	l->c->about = c->title;
	l->c->sentence = r->sentence;
	l->c->method = r->method;
	l->c->rule = place_of(l, c->at);
	if (f == &r->required) {
		l->c->query = f->query;
		return add_expression(l, f->query) < 0 ? -1 : add_sources(l, NULL, 0);
	}
	l->c->query = f != NULL && f->query.n > 0 ? f->query : query;
	if (r->at != TIME_NONE && r->looked_at)
		from = to = r->at;
	l->c->from = from;
	l->c->to = to;
	if (goes_by_events(c)) {
		if (add_events(l, l->c->query, w) < 0)
			return -1;
	} else if (add_query(l, l->c->query, from, to) < 0 ||
	    (event != NULL && event->kind == DOC_STRING && add_events(l, event->text, w) < 0)) {
		return -1;
	}
	return add_sources(l, r->sources, l->point.n > 0 ? 0 : r->n_sources);
}

static int
link_rate(struct links *l, const struct rate_result *r)
{
	const struct window_result *run = &l->v->windows[0];

	l->c->about = r->title;
	l->c->query = l->c->figure->query.n > 0 ? l->c->figure->query : r->rate.query;
	if (run->n > 0) {
		l->c->from = run->span[0].from;
		l->c->to = run->span[0].to;
	}
	return add_query(l, l->c->query, l->c->from, l->c->to) < 0 ? -1 : add_sources(l, NULL, 0);
}

/* "soak-summary.json:14" as its two parts. */
static struct sv
split_place(struct sv place, int64_t *line)
{
	size_t n = place.n;
	char digits[24];
	size_t k;

	*line = 0;
	while (n > 0 && place.p[n - 1] >= '0' && place.p[n - 1] <= '9')
		n--;
	if (n == 0 || n == place.n || place.p[n - 1] != ':' || place.n - n >= sizeof(digits))
		return place;
	for (k = n; k < place.n; k++)
		*line = *line * 10 + (place.p[k] - '0');
	return sv_head(place, n - 1);
}

static int
link_claim(struct links *l, const struct claim_result *r)
{
	int64_t line;
	struct sv source = split_place(r->source, &line);

	l->c->about = r->path;
	l->c->sentence = r->sentence;
	l->c->query = r->definition;
	add_line(l, source, line, arena_fmt(&l->c->arena, "%" SV_FMT " = %" SV_FMT, SV_ARG(r->path), SV_ARG(r->claimed)));
	return add_expression(l, r->definition) < 0 ? -1 : add_sources(l, NULL, 0);
}

static int
link_contradiction(struct links *l, const struct contradiction *k)
{
	const struct profile *p = l->v->profile;
	int64_t line;
	struct sv source = split_place(k->source, &line);
	size_t i;

	for (i = 0; i < l->v->n_claims; i++)
		if (sv_eq(l->v->claims[i].id, k->id))
			return link_claim(l, &l->v->claims[i]);
	l->c->about = SV("contradiction");
	l->c->sentence = k->sentence;
	/* A check among claims: the rule's number ends the id, its names are claims of that artifact. */
	for (i = 0; i < p->n_claims; i++) {
		const char *end = arena_fmt(&l->c->arena, "/check-%zu", i + 1);
		struct store_rows *rows;
		struct store_fact f;

		if (p->claims[i].check.n == 0 || !sv_ends(k->id, end))
			continue;
		l->c->rule = place_of(l, p->claims[i].at);
		l->c->query = p->claims[i].check;
		if ((rows = store_claims_open(l->store, l->e)) == NULL)
			return -1;
		while (store_facts_next(rows, &f, l->e) > 0)
			if (sv_eq(f.source, source))
				l->content = f.content;
		store_rows_close(rows);
		if (add_expression(l, p->claims[i].check) < 0 || add_expression(l, p->claims[i].equals) < 0)
			return -1;
	}
	return add_sources(l, &source, 1);
}

static void
match_evidence(const struct links *l, const struct profile_evidence *ev, const struct input_line *in, bool *hit)
{
	struct profile_captures c;
	size_t i;

	(void)l;
	if (ev->kind == EVIDENCE_SNAPSHOTS)
		*hit = *hit || profile_match(ev->snapshots.file, sv_base(in->name), &c);
	else if (ev->kind != EVIDENCE_ANY && ev->kind != EVIDENCE_ALL)
		*hit = *hit || sv_glob(ev->file, in->name);
	for (i = 0; i < ev->n; i++)
		match_evidence(l, &ev->child[i], in, hit);
}

static int
link_evidence(struct links *l, const struct evidence_result *r)
{
	const struct profile *p = l->v->profile;
	VEC(struct sv) names = {0};
	size_t i, k;
	int rc;

	l->c->about = r->title;
	l->c->sentence = r->sentence;
	for (i = 0; i < p->n_evidence; i++) {
		if (!sv_ends(r->id, arena_str(&l->c->arena, p->evidence[i].id)))
			continue;
		l->c->rule = place_of(l, p->evidence[i].at);
		for (k = 0; k < l->v->n_inputs; k++) {
			bool hit = false;

			match_evidence(l, &p->evidence[i], &l->v->inputs[k], &hit);
			if (hit)
				*vec_add(&names) = l->v->inputs[k].name;
		}
	}
	if (sv_is(r->id, "evidence/duration")) { /* not of the profile's list: of the run itself */
		add_line(l, l->v->run.start_source, 0, "the run's start");
		add_line(l, l->v->run.end_source, 0, "the run's end");
	}
	rc = add_sources(l, names.v, names.n);
	vec_free(&names);
	return rc;
}

static const struct figure *
figure_of(const struct criterion_result *r, struct sv id)
{
	const struct figure *const f[] = {&r->observed, &r->required, &r->margin, &r->n, &r->cover, &r->demonstrated};
	size_t i;

	for (i = 0; i < sizeof(f) / sizeof(*f); i++)
		if (f[i]->id.n > 0 && sv_eq(f[i]->id, id))
			return f[i];
	return NULL;
}

/* 1 when the id is known. */
static int
link_all(struct links *l, struct sv id)
{
	const struct verdict *v = l->v;
	struct chain *c = l->c;
	size_t i;

	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];

		c->figure = figure_of(r, id);
		if (c->figure != NULL || sv_is(id, arena_fmt(&c->arena, "criterion/%" SV_FMT, SV_ARG(r->criterion->id))))
			return link_criterion(l, r) < 0 ? -1 : 1;
	}
	for (i = 0; i < v->n_rates; i++) {
		const struct rate_result *r = &v->rates[i];

		c->figure = sv_eq(r->rate.id, id) ? &r->rate : sv_eq(r->good.id, id) ? &r->good : sv_eq(r->total.id, id) ? &r->total : NULL;
		if (c->figure != NULL)
			return link_rate(l, r) < 0 ? -1 : 1;
	}
	for (i = 0; i < v->n_claims; i++) {
		c->figure = sv_eq(v->claims[i].recomputed.id, id) ? &v->claims[i].recomputed : NULL;
		if (c->figure != NULL || sv_eq(v->claims[i].id, id))
			return link_claim(l, &v->claims[i]) < 0 ? -1 : 1;
	}
	for (i = 0; i < v->n_contradictions; i++)
		if (sv_eq(v->contradictions[i].id, id))
			return link_contradiction(l, &v->contradictions[i]) < 0 ? -1 : 1;
	for (i = 0; i < v->n_evidence; i++)
		if (sv_eq(v->evidence[i].id, id))
			return link_evidence(l, &v->evidence[i]) < 0 ? -1 : 1;
	if (!v->score.asked || !sv_starts(id, "score/"))
		return 0;
	c->about = SV("the score: the share of all weights that passed");
	c->sentence = v->score.sentence;
	c->figure = sv_is(id, "score/observed") ? &v->score.observed : sv_is(id, "score/possible") ? &v->score.possible
	    : sv_is(id, "score/required") ? &v->score.required : sv_is(id, "score/warn") ? &v->score.warn : NULL;
	for (i = 0; i < v->n_criteria; i++)
		add_line(l, sv_of(arena_fmt(&c->arena, "criterion/%" SV_FMT, SV_ARG(v->criteria[i].criterion->id))), 0,
		    outcome_text(v->criteria[i].outcome));
	return c->figure != NULL;
}

int
chain_open(struct store *s, const struct verdict *v, struct sv id, struct chain *out, struct err *e)
{
	struct links l = {.store = s, .v = v, .c = out, .e = e};
	int rc;

	*out = (struct chain){.from = TIME_NONE, .to = TIME_NONE};
	out->id = arena_sv(&out->arena, id);
	pq_store_source_init(&l.source, s);
	rc = link_all(&l, out->id);
	if (l.point.n > 0)
		qsort(l.point.v, l.point.n, sizeof(*l.point.v), by_point);
	out->n_series = l.series.n;
	out->series = arena_keep(&out->arena, l.series.v, l.series.n, sizeof(*out->series));
	out->n_points = l.point.n;
	out->point = arena_keep(&out->arena, l.point.v, l.point.n, sizeof(*out->point));
	out->n_sources = l.use.n;
	out->source = arena_keep(&out->arena, l.use.v, l.use.n, sizeof(*out->source));
	out->n_lines = l.line.n;
	out->line = arena_keep(&out->arena, l.line.v, l.line.n, sizeof(*out->line));
	return rc;
}

void
chain_close(struct chain *c)
{
	arena_free(&c->arena);
}

bool
chain_is_series(const struct chain_series *s, struct sv name, const struct labels *l)
{
	size_t i, k;

	if (!sv_eq(s->name, name))
		return false;
	for (i = 0, k = 0; i < l->n; i++) {
		while (k < s->labels.n && sv_cmp(s->labels.v[k].name, l->v[i].name) < 0)
			k++;
		if (k == s->labels.n || !sv_eq(s->labels.v[k].name, l->v[i].name) || !sv_eq(s->labels.v[k].value, l->v[i].value))
			return false;
	}
	return true;
}

bool
chain_has_point(const struct chain *c, const struct chain_source *source, size_t i, int64_t t)
{
	const struct chain_point key = {source->content, i, source->untimed ? INT64_MIN : t};
	size_t low, high, mid;

	for (low = 0, high = c->n_points; low < high;) {
		mid = low + (high - low) / 2;
		if (by_point(&c->point[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < c->n_points && c->point[low].content == key.content && c->point[low].series == i &&
	    (source->untimed || c->point[low].t == t);
}

void
chain_ids(const struct verdict *v, void (*fn)(void *ctx, struct sv id), void *ctx)
{
	size_t i, k;

	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];
		const struct figure *const f[] = {&r->observed, &r->required, &r->margin, &r->n, &r->cover, &r->demonstrated};

		for (k = 0; k < sizeof(f) / sizeof(*f); k++)
			if (f[k]->id.n > 0)
				fn(ctx, f[k]->id);
	}
	if (v->score.asked) {
		fn(ctx, v->score.observed.id);
		fn(ctx, v->score.possible.id);
		fn(ctx, v->score.required.id);
		fn(ctx, v->score.warn.id);
	}
	for (i = 0; i < v->n_evidence; i++)
		fn(ctx, v->evidence[i].id);
	for (i = 0; i < v->n_contradictions; i++)
		fn(ctx, v->contradictions[i].id);
	for (i = 0; i < v->n_claims; i++) {
		fn(ctx, v->claims[i].id);
		fn(ctx, v->claims[i].recomputed.id);
	}
	for (i = 0; i < v->n_rates; i++) {
		fn(ctx, v->rates[i].rate.id);
		fn(ctx, v->rates[i].good.id);
		fn(ctx, v->rates[i].total.id);
	}
}
