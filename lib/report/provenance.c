#include "report/provenance.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "report/people.h"

/* A figure's chain; sorted by id. */
struct known {
	struct sv id;
	const struct doc *chain;
	size_t at; /* of the chain */
};

struct table {
	struct arena *a;
	struct err *e;
	const struct doc *inputs;
	VEC(struct known) known;
	VEC(const struct doc *) chain;
	size_t n_details, n_items; /* made so far: their anchors */
	bool some;
};

static const struct doc *
need(const struct doc *d, const char *key, enum doc_kind kind, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	if (v != NULL && v->kind == kind)
		return v;
	doc_err(d, e, "not a figure's provenance: '%s' is missing or of another kind", key);
	return NULL;
}

static struct sv
text_of(const struct doc *d, const char *key)
{
	const struct doc *v = doc_get(d, key);

	return v == NULL || v->kind == DOC_NULL || v->kind == DOC_LIST || v->kind == DOC_MAP ? SV("") : v->text;
}

static int
load(struct table *t, const struct doc *d)
{
	const struct doc *schema = need(d, "schema", DOC_NUMBER, t->e), *list, *c;

	if (schema == NULL)
		return -1;
	if (schema->num != floor(schema->num) || schema->num < 1)
		return doc_err(schema, t->e, "not a schema number");
	if (schema->num > PROVENANCE_SCHEMA)
		return doc_err(schema, t->e, "provenance schema %.0f is newer than this program, which knows up to %d", schema->num, PROVENANCE_SCHEMA);
	if ((list = need(d, "chains", DOC_LIST, t->e)) == NULL)
		return -1;
	for (c = list->child; c != NULL; c = c->next) {
		static const char *const part[] = {"series", "artifacts", "places"};
		size_t i;

		for (i = 0; i < sizeof(part) / sizeof(*part); i++)
			if (need(c, part[i], DOC_LIST, t->e) == NULL)
				return -1;
		*vec_add(&t->chain) = c;
	}
	if ((list = need(d, "figures", DOC_LIST, t->e)) == NULL)
		return -1;
	for (c = list->child; c != NULL; c = c->next) {
		const struct doc *id = need(c, "id", DOC_STRING, t->e), *at = need(c, "chain", DOC_NUMBER, t->e);

		if (id == NULL || at == NULL)
			return -1;
		if (!(at->num >= 0 && at->num < (double)t->chain.n) || at->num != floor(at->num))
			return doc_err(at, t->e, "there is no such chain");
		*vec_add(&t->known) = (struct known){id->text, t->chain.v[(size_t)at->num], (size_t)at->num};
	}
	return 0;
}

static const struct known *
find(const struct table *t, struct sv id)
{
	size_t i;

	for (i = 0; i < t->known.n; i++)
		if (sv_eq(t->known.v[i].id, id))
			return &t->known.v[i];
	return NULL;
}

static struct sv
time_of(struct table *t, const struct doc *d, const char *key)
{
	int64_t ms;

	return time_parse(text_of(d, key), &ms) ? people_time(t->a, ms) : SV("");
}

/* "#input-3" where the artifact is one of the report's inputs, else null. */
static void
add_input_link(struct table *t, struct doc *out, struct sv sha256, struct sv name)
{
	const struct doc *in;

	for (in = doc_first(t->inputs); in != NULL; in = in->next)
		if (sv_eq(text_of(in, "name"), name) && sv_eq(text_of(in, "sha256"), sha256)) {
			doc_add_str(t->a, out, "link", sv_of(arena_fmt(t->a, "#%" SV_FMT, SV_ARG(text_of(in, "anchor")))));
			return;
		}
	doc_add(t->a, out, "link", doc_new(t->a, DOC_NULL));
}

static void
add_artifacts(struct table *t, struct doc *out, const struct doc *chain)
{
	struct doc *list = doc_add(t->a, out, "artifacts", doc_new(t->a, DOC_LIST)), *d;
	const struct doc *c, *lines;

	for (c = doc_first(doc_get(chain, "artifacts")); c != NULL; c = c->next) {
		struct sv sha256 = text_of(c, "sha256"), numbers;

		d = doc_add(t->a, list, NULL, doc_new(t->a, DOC_MAP));
		lines = doc_get(c, "lines");
		numbers = text_of(c, "lines");
		doc_add_str(t->a, d, "name", text_of(c, "name"));
		doc_add_str(t->a, d, "sha256", sha256);
		doc_add_str(t->a, d, "sha256_short", sv_head(sha256, 12));
		doc_add_str(t->a, d, "taken_text", time_of(t, c, "taken"));
		doc_add_str(t->a, d, "samples", sv_is(text_of(c, "samples"), "0") ? SV("") : text_of(c, "samples"));
		doc_add_str(t->a, d, "lines_text", numbers.n > 0 ? numbers : lines != NULL ? SV("not known") : SV(""));
		add_input_link(t, d, sha256, text_of(c, "name"));
	}
	doc_add_bool(t->a, out, "has_artifacts", list->n > 0);
}

static void
add_series(struct table *t, struct doc *out, const struct doc *chain)
{
	struct doc *list = doc_add(t->a, out, "series", doc_new(t->a, DOC_LIST)), *d;
	const struct doc *c;

	for (c = doc_first(doc_get(chain, "series")); c != NULL; c = c->next) {
		d = doc_add(t->a, list, NULL, doc_new(t->a, DOC_MAP));
		doc_add_str(t->a, d, "text", text_of(c, "text"));
		doc_add_str(t->a, d, "samples", text_of(c, "samples"));
		doc_add_str(t->a, d, "first_text", time_of(t, c, "first"));
		doc_add_str(t->a, d, "first_value", text_of(c, "first_value"));
		doc_add_str(t->a, d, "last_text", time_of(t, c, "last"));
		doc_add_str(t->a, d, "last_value", text_of(c, "last_value"));
	}
	doc_add_bool(t->a, out, "has_series", list->n > 0);
}

static void
add_places(struct table *t, struct doc *out, const struct doc *chain)
{
	struct doc *list = doc_add(t->a, out, "places", doc_new(t->a, DOC_LIST)), *d;
	const struct doc *c;

	for (c = doc_first(doc_get(chain, "places")); c != NULL; c = c->next) {
		struct sv source = text_of(c, "source"), line = text_of(c, "line");

		d = doc_add(t->a, list, NULL, doc_new(t->a, DOC_MAP));
		doc_add_str(t->a, d, "place", sv_of(arena_fmt(t->a, "%" SV_FMT "%s%" SV_FMT, SV_ARG(source), line.n > 0 ? ":" : "", SV_ARG(line))));
		doc_add_str(t->a, d, "text", text_of(c, "text"));
	}
	doc_add_bool(t->a, out, "has_places", list->n > 0);
}

/* "more_NAME" as a count, or null where all are listed. */
static void
add_more(struct table *t, struct doc *out, const struct doc *chain, const char *key)
{
	struct sv n = text_of(chain, key);

	if (n.n == 0 || sv_is(n, "0"))
		doc_add(t->a, out, key, doc_new(t->a, DOC_NULL));
	else
		doc_add_str(t->a, out, key, n);
}

/* One chain, as it stands in a list "provenance". */
static struct doc *
add_chain(struct table *t, struct doc *list, const struct doc *chain)
{
	struct doc *d = doc_add(t->a, list, NULL, doc_new(t->a, DOC_MAP));

	doc_add_str(t->a, d, "anchor", sv_of(arena_fmt(t->a, "why-%zu", ++t->n_details)));
	doc_add_str(t->a, d, "query", text_of(chain, "query"));
	doc_add_str(t->a, d, "rule", text_of(chain, "rule"));
	doc_add_str(t->a, d, "from_text", time_of(t, chain, "from"));
	doc_add_str(t->a, d, "to_text", time_of(t, chain, "to"));
	add_series(t, d, chain);
	add_artifacts(t, d, chain);
	add_places(t, d, chain);
	add_more(t, d, chain, "more_series");
	add_more(t, d, chain, "more_artifacts");
	add_more(t, d, chain, "more_places");
	doc_add_str(t->a, d, "words", SV(""));
	doc_add(t->a, d, "figures", doc_new(t->a, DOC_LIST));
	return d;
}

struct owner { /* what has the figures: a criterion, a rate ... */
	struct table *t;
	struct doc *list; /* its "provenance" */
	const struct known *of[16];
	struct doc *made[16];
	size_t n;
};

static void
owner_open(struct owner *o, struct table *t, struct doc *d)
{
	*o = (struct owner){.t = t};
	o->list = doc_add(t->a, d, "provenance", doc_new(t->a, DOC_LIST));
}

/* The id's chain among the owner's, made where it is new; NULL: it has none. */
static struct doc *
chain_for(struct owner *o, struct sv id)
{
	const struct known *k = find(o->t, id);
	size_t i;

	if (k == NULL)
		return NULL;
	for (i = 0; i < o->n; i++)
		if (o->of[i]->at == k->at)
			return o->made[i];
	if (o->n == sizeof(o->of) / sizeof(*o->of))
		return NULL;
	o->of[o->n] = k;
	return o->made[o->n++] = add_chain(o->t, o->list, k->chain);
}

/* A figure's row: word is what it is called there. d, the figure, gets its link. */
static void
add_figure(struct owner *o, struct doc *d, const char *word, struct sv id, struct sv text)
{
	struct arena *a = o->t->a;
	struct doc *chain = chain_for(o, id), *row, *words;
	struct sv anchor = text_of(d, "anchor");

	if (chain == NULL) {
		doc_add(a, d, "href", doc_new(a, DOC_NULL));
		return;
	}
	if (anchor.n == 0)
		anchor = sv_of(arena_fmt(a, "item-%zu", ++o->t->n_items));
	o->t->some = true;
	doc_add_str(a, d, "href", sv_of(arena_fmt(a, "#%" SV_FMT, SV_ARG(anchor))));
	row = doc_add(a, doc_get(chain, "figures"), NULL, doc_new(a, DOC_MAP));
	words = doc_get(chain, "words");
	words->text = sv_of(arena_fmt(a, "%" SV_FMT "%s%s", SV_ARG(words->text), words->text.n > 0 ? ", " : "", word));
	doc_add_str(a, row, "anchor", anchor);
	doc_add_str(a, row, "word", sv_of(word));
	doc_add_str(a, row, "id", id);
	doc_add_str(a, row, "text", text);
}

static void
add_figures(struct table *t, struct doc *d, const char *const *key, const char *const *word)
{
	struct doc *w;
	struct owner o;
	size_t i;

	owner_open(&o, t, d);
	for (i = 0; key[i] != NULL; i++) {
		struct doc *f = doc_get(d, key[i]);

		if (f != NULL && f->kind == DOC_MAP)
			add_figure(&o, f, word[i], text_of(f, "id"), text_of(f, "text"));
	}
	/* An objective's burn over each window is counted by what the others are. */
	for (w = doc_first(doc_get(d, "windows")); w != NULL; w = w->next) {
		struct doc *f = doc_get(w, "burn");

		if (f != NULL && f->kind == DOC_MAP)
			add_figure(&o, f, arena_fmt(t->a, "burn over %" SV_FMT, SV_ARG(text_of(w, "window"))), text_of(f, "id"), text_of(f, "text"));
	}
}

/* What has an id of its own: it, then its figure. */
static void
add_items(struct table *t, struct doc *list, const char *word, const char *text, const char *figure)
{
	struct doc *d, *f;
	struct owner o;

	for (d = doc_first(list); d != NULL; d = d->next) {
		owner_open(&o, t, d);
		if (*word != '\0')
			add_figure(&o, d, word, text_of(d, "id"), text_of(d, text));
		f = figure == NULL ? NULL : doc_get(d, figure);
		if (f != NULL && f->kind == DOC_MAP)
			add_figure(&o, f, figure, text_of(f, "id"), text_of(f, "text"));
	}
}

static void
add_lists(struct table *t, struct doc *data)
{
	static const char *const criterion[] = {"observed", "required", "margin", "n", "coverage", "demonstrated", NULL};
	static const char *const rate[] = {"rate", "good", "total", NULL};
	static const char *const score[] = {"observed", "possible", "required", "warn", NULL};
	static const char *const slo[] = {"observed", "required", "n", "bad", "burn", "demonstrated", NULL};
	struct doc *d;

	for (d = doc_first(doc_get(data, "criteria")); d != NULL; d = d->next)
		add_figures(t, d, criterion, criterion);
	for (d = doc_first(doc_get(data, "rates")); d != NULL; d = d->next)
		add_figures(t, d, rate, rate);
	for (d = doc_first(doc_get(data, "slos")); d != NULL; d = d->next)
		add_figures(t, d, slo, slo);
	d = doc_get(data, "score");
	if (d != NULL && d->kind == DOC_MAP)
		add_figures(t, d, score, score);
	add_items(t, doc_get(data, "claims"), "claimed", "claimed", "recomputed");
	add_items(t, doc_get(data, "contradictions"), "contradiction", "", NULL);
	add_items(t, doc_get(data, "evidence"), "evidence", "count_text", NULL);
}

int
provenance_add(struct arena *a, struct doc *data, const struct doc *provenance, struct err *e)
{
	struct table t = {.a = a, .e = e, .inputs = doc_get(data, "inputs")};
	struct doc *in;
	int n = 0, rc = 0;

	for (in = doc_first(t.inputs); in != NULL; in = in->next)
		doc_add_str(a, in, "anchor", sv_of(arena_fmt(a, "input-%d", ++n)));
	if (provenance != NULL)
		rc = load(&t, provenance);
	if (rc == 0) {
		add_lists(&t, data);
		doc_add_bool(a, data, "has_provenance", t.some);
	}
	vec_free(&t.known);
	vec_free(&t.chain);
	return rc;
}
