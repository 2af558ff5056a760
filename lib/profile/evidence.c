#include "profile/parts.h"

#include "base/mem.h"

#define MOST_SNAPSHOTS 1000000
#define MOST_ITEMS 200

static const struct {
	const char *key;
	enum profile_evidence_kind kind;
} kinds[] = {
	{"snapshots", EVIDENCE_SNAPSHOTS},
	{"file", EVIDENCE_FILE},
	{"samples", EVIDENCE_SAMPLES},
	{"any", EVIDENCE_ANY},
	{"all", EVIDENCE_ALL},
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* All items of the tree, so that ids can be told apart. */
struct items {
	VEC(struct profile_evidence *) list;
};

static int
snapshot_numbers(struct loader *l, const struct doc *d, const struct profile_captures *c,
    struct profile_snapshots *s)
{
	s->every = TIME_NONE;
	s->count = 1;
	if (part_duration(l, d, "every", &s->every) < 0 ||
	    part_whole(l, d, "count", 1, MOST_SNAPSHOTS, &s->count) < 0 ||
	    part_whole(l, d, "first", 0, INT32_MAX, &s->first) < 0)
		return -1;
	if (c->n == 0 && s->count > 1)
		return doc_err(doc_get(d, "count"), l->e, "'file' names one file; more need a {name} in it, as in "
		    "soak-h{hour}.prom");
	return 0;
}

static int
snapshots(struct loader *l, const struct doc *d, struct profile_snapshots *s)
{
	static const char *const known[] = {"file", "time", "every", "count", "first", "target", NULL};
	struct profile_captures c;
	const struct doc *t = doc_get(d, "time");

	s->at = d;
	if (part_map(l, d, "snapshots") < 0 || profile_keys(d, known, l->e) < 0 ||
	    part_need(l, d, "'snapshots'", "file", &s->file) < 0 ||
	    part_pattern(l, doc_get(d, "file"), s->file, &c) < 0 ||
	    snapshot_numbers(l, d, &c, s) < 0 || profile_text(d, "target", &s->target, l->e) < 0)
		return -1;
	if (t == NULL)
		return doc_err(d, l->e, "'snapshots' needs 'time': when was each taken?");
	if (part_when(l, t, &c, &s->time) < 0)
		return -1;
	if (c.n > 0 && !part_uses(s->time.kind == WHEN_EVENT ? s->time.event : s->time.expr, &c))
		return doc_err(t, l->e, "the time does not use {%s}: all files would get the same one",
		    part_show(l, c.name[0]));
	return 0;
}

static int
samples(struct loader *l, const struct doc *d, struct profile_evidence *v)
{
	static const char *const known[] = {"file", "every", NULL};

	if (part_map(l, d, "samples") < 0 || profile_keys(d, known, l->e) < 0 ||
	    part_need(l, d, "'samples'", "file", &v->file) < 0)
		return -1;
	if (doc_get(d, "every") == NULL)
		return doc_err(d, l->e, "'samples' needs 'every': how far apart may they be?");
	return part_duration(l, d, "every", &v->every);
}

/* The one key that says what kind of evidence it is. */
static int
kind(struct loader *l, const struct doc *d, struct profile_evidence *v, const struct doc **spec)
{
	const struct doc *c;
	size_t i;

	*spec = NULL;
	for (c = d->child; c != NULL; c = c->next) {
		for (i = 0; i < N_KINDS && !sv_is(c->key, kinds[i].key); i++)
			;
		if (i == N_KINDS)
			continue;
		if (*spec != NULL)
			return doc_err_key(c, l->e, "'%s' beside '%s': one of them in each item; several belong "
			    "into any: or all:", part_show(l, c->key), part_show(l, (*spec)->key));
		*spec = c;
		v->kind = kinds[i].kind;
	}
	if (*spec == NULL)
		return doc_err(d, l->e, "say what must be there: snapshots, file, samples, any or all");
	return 0;
}

static int children(struct loader *l, const struct doc *list, struct profile_evidence *v, struct items *items);

/* Recursion is bounded by the document's depth (DOC_MAX_DEPTH). */
static int
item(struct loader *l, const struct doc *d, bool top, struct profile_evidence *v, struct items *items)
{
	static const char *const known[] = {"id", "title", "optional", "snapshots", "file", "samples", "any",
	    "all", NULL};
	const struct doc *spec;

	v->at = d;
	if (items->list.n == MOST_ITEMS)
		return doc_err(d, l->e, "'evidence' has more than %d items", MOST_ITEMS);
	*vec_add(&items->list) = v;
	if (part_map(l, d, "evidence") < 0 || profile_keys(d, known, l->e) < 0 || kind(l, d, v, &spec) < 0 ||
	    profile_text(d, "id", &v->id, l->e) < 0 || profile_text(d, "title", &v->title, l->e) < 0 ||
	    part_flag(l, d, "optional", &v->optional) < 0)
		return -1;
	if (doc_get(d, "id") != NULL && !part_is_id(v->id))
		return doc_err(doc_get(d, "id"), l->e, "an id has small letters, digits and '-' only");
	if (!top && doc_get(d, "optional") != NULL)
		return doc_err_key(doc_get(d, "optional"), l->e, "'optional' belongs to the whole item, not inside "
		    "any: or all:");
	switch (v->kind) {
	case EVIDENCE_SNAPSHOTS:
		return snapshots(l, spec, &v->snapshots);
	case EVIDENCE_FILE:
		return part_need(l, d, "evidence", "file", &v->file);
	case EVIDENCE_SAMPLES:
		return samples(l, spec, v);
	default:
		return children(l, spec, v, items);
	}
}

static int
children(struct loader *l, const struct doc *list, struct profile_evidence *v, struct items *items)
{
	const struct doc *d;

	if (part_list(l, list, v->kind == EVIDENCE_ANY ? "any" : "all") < 0)
		return -1;
	v->child = arena_new(&l->p->arena, list->n, sizeof(*v->child));
	for (d = list->child; d != NULL; d = d->next)
		if (item(l, d, false, &v->child[v->n++], items) < 0)
			return -1;
	return 0;
}

static struct sv
derived_title(struct loader *l, const struct profile_evidence *v)
{
	struct sb s = {0};
	struct sv title;
	size_t i;

	if (v->kind == EVIDENCE_SNAPSHOTS && v->snapshots.count > 1)
		sb_addf(&s, "%lld snapshots ", (long long)v->snapshots.count);
	sb_addv(&s, v->kind == EVIDENCE_SNAPSHOTS ? v->snapshots.file : v->file);
	for (i = 0; i < v->n && s.n < 200; i++) {
		if (i > 0)
			sb_adds(&s, v->kind == EVIDENCE_ANY ? " or " : " and ");
		sb_addv(&s, v->child[i].title);
	}
	title = arena_sv(&l->p->arena, sb_sv(&s));
	sb_free(&s);
	return title;
}

/* "soak-h{hour}.prom" becomes "soak-h-hour-prom"; any: and all: take their first child's. */
static struct sv
derived_id(struct loader *l, const struct profile_evidence *v)
{
	struct sb s = {0};
	struct sv from, id;
	size_t i;
	char c;

	while (v->n > 0)
		v = &v->child[0];
	from = sv_head(v->kind == EVIDENCE_SNAPSHOTS ? v->snapshots.file : v->file, 100);
	for (i = 0; i < from.n; i++) {
		c = from.p[i] >= 'A' && from.p[i] <= 'Z' ? (char)(from.p[i] | 0x20) : from.p[i];
		if (!part_is_id((struct sv){&c, 1}))
			c = '-';
		if (c != '-' || (s.n > 0 && s.buf[s.n - 1] != '-'))
			sb_addc(&s, c);
	}
	while (s.n > 0 && s.buf[s.n - 1] == '-')
		s.n--;
	id = s.n == 0 ? SV("evidence") : arena_sv(&l->p->arena, sb_sv(&s));
	sb_free(&s);
	return id;
}

/* Who of the first n items has that id? */
static const struct profile_evidence *
find_id(const struct items *items, size_t n, struct sv id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (sv_eq(items->list.v[i]->id, id))
			return items->list.v[i];
	return NULL;
}

/* stem, or where it is taken stem-2, stem-3, ... */
static struct sv
free_id(struct loader *l, const struct items *items, struct sv stem)
{
	struct sv id = stem;
	int k;

	for (k = 2; find_id(items, items->list.n, id) != NULL; k++)
		id = sv_of(arena_fmt(&l->p->arena, "%" SV_FMT "-%d", SV_ARG(stem), k));
	return id;
}

/* Stated ids must differ; derived ones make way for them. */
static int
settle_ids(struct loader *l, const struct items *items)
{
	const struct profile_evidence *other;
	struct profile_evidence *v;
	size_t i;
	int pass;

	for (i = 0; i < items->list.n; i++) {
		v = items->list.v[i];
		other = v->id.n == 0 ? NULL : find_id(items, i, v->id);
		if (other != NULL)
			return doc_err(doc_get(v->at, "id"), l->e, "the id '%s' is taken (line %d)",
			    part_show(l, v->id), doc_get(other->at, "id")->line);
	}
	/* Children stand behind their parents in the list: titles are made from the end. */
	for (i = items->list.n; i-- > 0;)
		if (items->list.v[i]->title.n == 0)
			items->list.v[i]->title = derived_title(l, items->list.v[i]);
	/* A file's own item has first claim to its name, before the any: or all: that it stands in. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < items->list.n; i++)
			if (items->list.v[i]->id.n == 0 && (items->list.v[i]->n > 0) == pass)
				items->list.v[i]->id = free_id(l, items, derived_id(l, items->list.v[i]));
	return 0;
}

int
part_evidence(struct loader *l, const struct doc *evidence)
{
	struct items items = {{0}};
	const struct doc *d;
	int result = 0;

	if (part_list(l, evidence, "evidence") < 0)
		return -1;
	l->p->evidence = arena_new(&l->p->arena, evidence->n, sizeof(*l->p->evidence));
	for (d = evidence->child; d != NULL && result == 0; d = d->next)
		result = item(l, d, true, &l->p->evidence[l->p->n_evidence++], &items);
	if (result == 0)
		result = settle_ids(l, &items);
	vec_free(&items.list);
	return result;
}
