#include "judge/chain.h"

#include "judge/budget.h"
#include "judge/links.h"

static const struct window_result *
window_of(const struct verdict *v, struct sv name)
{
	size_t i;

	for (i = 0; i < v->n_windows; i++)
		if (sv_eq(v->windows[i].name, name))
			return &v->windows[i];
	return &v->windows[0];
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

/* The events of the name, or of each name of an order. */
static int
link_names(struct links *l, const struct profile_criterion *c, const struct window_result *w)
{
	const struct doc *order = c->spec->kind == DOC_MAP ? doc_get(c->spec, "order") : NULL, *d;
	int rc = order == NULL ? links_events(l, l->c->query, w) : 0;

	for (d = order != NULL ? doc_first(order) : NULL; d != NULL && rc >= 0; d = d->next)
		rc = links_events(l, d->text, w);
	return rc;
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
		return links_expression(l, f->query) < 0 ? -1 : links_sources(l, NULL, 0);
	}
	l->c->query = f != NULL && f->query.n > 0 ? f->query : query;
	if (r->at != TIME_NONE && r->looked_at)
		from = to = r->at;
	l->c->from = from;
	l->c->to = to;
	if (goes_by_events(c)) {
		if (link_names(l, c, w) < 0)
			return -1;
	} else if (links_query(l, l->c->query, from, to) < 0 ||
	    (event != NULL && event->kind == DOC_STRING && links_events(l, event->text, w) < 0)) {
		return -1;
	}
	return links_sources(l, r->sources, l->point.n > 0 ? 0 : r->n_sources);
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
	return links_query(l, l->c->query, l->c->from, l->c->to) < 0 ? -1 : links_sources(l, NULL, 0);
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
	links_line(l, source, line, arena_fmt(&l->c->arena, "%" SV_FMT " = %" SV_FMT, SV_ARG(r->path), SV_ARG(r->claimed)));
	return links_expression(l, r->definition) < 0 ? -1 : links_sources(l, NULL, 0);
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
		if (links_expression(l, p->claims[i].check) < 0 || links_expression(l, p->claims[i].equals) < 0)
			return -1;
	}
	return links_sources(l, &source, 1);
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
		links_line(l, l->v->run.start_source, 0, "the run's start");
		links_line(l, l->v->run.end_source, 0, "the run's end");
	}
	rc = links_sources(l, names.v, names.n);
	vec_free(&names);
	return rc;
}

static int
link_budget(struct links *l, const struct budget_result *b)
{
	l->c->about = b->title;
	l->c->sentence = b->sentence;
	l->c->method = SV("exact counter increases, resets added");
	l->c->rule = place_of(l, b->slo->at);
	if (l->c->figure == &b->required)
		return links_sources(l, NULL, 0);
	l->c->query = l->c->figure != NULL ? l->c->figure->query : b->observed.query;
	l->c->from = b->from;
	l->c->to = b->to;
	return links_query(l, l->c->query, b->from, b->to) < 0 ? -1 : links_sources(l, NULL, 0);
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
	const struct budget_result *b;
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
	if ((b = budget_find(v, id, &c->figure)) != NULL)
		return link_budget(l, b) < 0 ? -1 : 1;
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
		links_line(l, sv_of(arena_fmt(&c->arena, "criterion/%" SV_FMT, SV_ARG(v->criteria[i].criterion->id))), 0,
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
	links_close(&l);
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
		if (links_by_point(&c->point[mid], &key) < 0)
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
	budget_ids(v, fn, ctx);
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
