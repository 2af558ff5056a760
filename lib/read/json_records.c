#include "read/json_records.h"

#include <stdio.h>
#include <string.h>

#include "read/format_def.h"

#define MAX_VALUES 256 /* of one kind of records */

int
format_path_load(struct arena *a, const struct doc *d, struct sv text, bool stars, struct format_path *out, struct err *e)
{
	struct sv rest = text, element;

	out->n = 0;
	out->element = arena_new(a, text.n + 1, sizeof(struct sv));
	while (sv_split(&rest, '.', &element)) {
		if (element.n == 0)
			return doc_err(d, e, "empty element in a path");
		if (sv_chr(element, '*') < element.n && (!stars || element.n > 1))
			return doc_err(d, e, stars ? "'*' stands for one whole element of a path" :
			    "no '*' here: each of these paths must exist");
		out->element[out->n++] = element;
	}
	if (out->n > DOC_MAX_DEPTH)
		return doc_err(d, e, "more than %d elements in a path", DOC_MAX_DEPTH);
	return 0;
}

const struct doc *
format_path_find(const struct format_path *p, const struct doc *d)
{
	size_t i;

	for (i = 0; i < p->n && d != NULL; i++)
		d = doc_path(d, p->element[i]);
	return d;
}

/* --- the format's part ------------------------------------------------------------------ */

struct building {
	struct arena *a;
	struct json_records *r;
};

static int
load_value(struct building *b, const struct doc *d, struct sv name, struct json_value *v, struct err *e)
{
	struct format_path path = {0};
	struct sv text = name;
	size_t i;

	*v = (struct json_value){.name = arena_sv(b->a, name), .shared = b->r->each.n};
	text = v->name;
	if (sv_ends(text, "?")) {
		v->optional = true;
		text = sv_head(text, text.n - 1);
	}
	/* "Values.@key": there, what has the element's own key. */
	if (sv_ends(text, "@key") && !sv_ends(text, ".@key")) {
		v->key = true;
		text = sv_head(text, text.n - 4);
	} else if (sv_is(text, "@")) {
		return 0;
	}
	if (text.n == 0 && v->key)
		return 0;
	if (!sv_starts(text, "$.")) {
		if (format_path_load(b->a, d, text, false, &path, e) < 0)
			return -1;
		v->element = path.element;
		v->n = path.n;
	} else {
		if (format_path_load(b->a, d, sv_from(text, 2), true, &path, e) < 0)
			return -1;
		for (i = 0; i < path.n && i < b->r->each.n && sv_eq(path.element[i], b->r->each.element[i]); i++)
			;
		v->shared = i;
		v->element = path.element + i;
		v->n = path.n - i;
	}
	for (i = 0; i < v->n; i++)
		if (sv_is(v->element[i], "*"))
			return doc_err(d, e, "'*' stands in a value only as far as it goes with \"each\"");
	if (v->key && v->n > 0)
		return doc_err(d, e, "'@key' is that of an element on the way of \"each\"");
	return 0;
}

/* For emit_load(): each name once. */
static int
find_value(void *ctx, const struct doc *d, struct sv name, struct err *e)
{
	struct building *b = ctx;
	struct json_records *r = b->r;
	size_t i;

	for (i = 0; i < r->nvalues; i++)
		if (sv_eq(r->value[i].name, name))
			return (int)i;
	if (r->nvalues == MAX_VALUES)
		return doc_err(d, e, "more than %d values", MAX_VALUES);
	if (load_value(b, d, name, &r->value[r->nvalues], e) < 0)
		return -1;
	return (int)r->nvalues++;
}

static int
load_one(struct emit_scope *s, const struct doc *d, struct json_records *r, struct err *e)
{
	static const char *const keys[] = {"each", EMIT_KEYS, "count", NULL};
	struct building b = {s->arena, r};
	const struct doc *each;

	if (format_keys(d, keys, e) < 0)
		return -1;
	if (doc_get(d, "each") != NULL) {
		if ((each = format_string(d, "each", e)) == NULL ||
		    format_path_load(s->arena, each, each->text, true, &r->each, e) < 0)
			return -1;
	}
	r->value = arena_new(s->arena, MAX_VALUES, sizeof(*r->value));
	s->find = find_value;
	s->ctx = &b;
	if (emit_load(s, d, &r->emit, e) < 0 || counts_load(s, d, &r->counts, e) < 0)
		return -1;
	if (r->emit.n + r->counts.n == 0)
		return doc_err(d, e, "these records are none: \"event\", \"sample\", \"result\", \"claim\", \"run\" or \"count\" is missing");
	return 0;
}

int
json_records_load(struct emit_scope *s, const struct doc *d, struct json_records_set *out, struct err *e)
{
	const struct doc *list = doc_get(d, "records"), *c;

	*out = (struct json_records_set){0};
	if (list == NULL)
		return 0;
	if (list->kind != DOC_LIST || list->n == 0)
		return doc_err(list, e, "expected a list of records");
	out->v = arena_new(s->arena, list->n, sizeof(*out->v));
	for (c = doc_first(list); c != NULL; c = c->next)
		if (load_one(s, c, &out->v[out->n++], e) < 0)
			return -1;
	return 0;
}

/* --- reading ---------------------------------------------------------------------------- */

struct place { /* a node on the way from the top to the element */
	const struct doc *node;
	struct sv key;
	char number[24]; /* key of a list's element */
};

struct giving {
	const struct json_records *r;
	struct emit_run *run;
	struct counts *counts;
	int64_t line;
	struct place at[DOC_MAX_DEPTH + 1];
};

static struct sv
text_of(const struct doc *d)
{
	if (d == NULL || d->kind == DOC_NULL || d->kind == DOC_LIST || d->kind == DOC_MAP)
		return (struct sv){NULL, 0};
	if (d->kind == DOC_BOOL)
		return d->truth ? SV("true") : SV("false");
	/* An empty string is there. */
	return d->text.p != NULL ? d->text : SV("");
}

/* Down from where the record and the value part. NULL: it is not there. */
static const struct doc *
find_node(const struct giving *g, const struct json_value *v)
{
	const struct doc *d = g->at[v->shared].node;
	size_t i;

	for (i = 0; i < v->n && d != NULL; i++)
		d = doc_path(d, sv_is(v->element[i], "@key") ? g->at[g->r->each.n].key : v->element[i]);
	return d;
}

static struct sv
get(void *ctx, int number)
{
	struct giving *g = ctx;
	const struct json_value *v = &g->r->value[number];
	struct sv text;

	if (v->key)
		text = g->at[v->shared].key;
	else
		text = text_of(find_node(g, v));
	return text.p == NULL && v->optional ? SV("") : text;
}

static int
one_element(struct giving *g, struct err *e)
{
	const struct emit_values values = {get, g};
	int64_t line = g->line > 0 ? g->line : g->at[g->r->each.n].node->line;

	if (emit_all(g->run, &g->r->emit, &values, line, e) < 0)
		return -1;
	return g->r->counts.n > 0 ? counts_add(g->counts, &g->r->counts, &values, line, e) : 0;
}

/* Depth is bounded by the path. */
static int
descend(struct giving *g, size_t depth, struct err *e)
{
	const struct doc *d = g->at[depth].node, *c;
	struct place *next = &g->at[depth + 1];
	struct sv element;
	int64_t i = 0;

	if (depth == g->r->each.n)
		return one_element(g, e);
	element = g->r->each.element[depth];
	if (!sv_is(element, "*")) {
		next->node = doc_path(d, element);
		next->key = element;
		return next->node == NULL ? 0 : descend(g, depth + 1, e);
	}
	for (c = doc_first(d); c != NULL; c = c->next, i++) {
		next->node = c;
		next->key = c->key;
		if (d->kind == DOC_LIST) {
			snprintf(next->number, sizeof(next->number), "%lld", (long long)i);
			next->key = sv_of(next->number);
		}
		if (descend(g, depth + 1, e) < 0)
			return -1;
	}
	return 0;
}

int
json_records_give(const struct json_records_set *set, const struct doc *top, struct emit_run *run, struct counts *counts,
    int64_t line, struct err *e)
{
	struct giving g = {.run = run, .counts = counts, .line = line};
	size_t i;

	g.at[0].node = top;
	g.at[0].key = SV("");
	for (i = 0; i < set->n; i++) {
		g.r = &set->v[i];
		if (descend(&g, 0, e) < 0)
			return -1;
	}
	return 0;
}
