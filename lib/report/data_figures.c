/*
 * data_figures - every number that is printed: what it says of the verdict, and the list of all of them with what is behind each.
 */
#include "report/data_parts.h"

#include "report/shape.h"

/* The thing a figure belongs to. */
struct owner {
	struct sv about, verdict, class, sentence, method, over;
	const struct doc *node;
};

struct walk {
	struct arena *a;
	struct doc *list;
};

static struct sv
text_of(const struct doc *d, const char *key)
{
	const struct doc *v = doc_get(d, key);

	return v == NULL || v->kind == DOC_MAP || v->kind == DOC_LIST ? SV("") : v->text;
}

static bool
is_figure(const struct doc *d)
{
	return d->kind == DOC_MAP && doc_get(d, "id") != NULL && doc_get(d, "value") != NULL && doc_get(d, "text") != NULL;
}

/* Empty text where the owner has no such part. */
static void
add_part(struct arena *a, struct doc *line, const struct doc *owner, const char *part, const char *key, const char *as)
{
	doc_add_str(a, line, as, text_of(doc_get(owner, part), key));
}

static void
add_figure(struct walk *w, struct doc *f, const struct owner *o)
{
	struct arena *a = w->a;
	struct doc *line = doc_add(a, w->list, NULL, doc_new(a, DOC_MAP));
	bool known = doc_get(f, "value")->kind == DOC_NUMBER;
	const char *anchor = arena_fmt(a, "figure-%zu", w->list->n);
	const struct doc *files = doc_get(o->node, "files");

	doc_add_str(a, f, "verdict", o->verdict);
	doc_add_str(a, f, "class", o->class);
	doc_add_bool(a, f, "is_known", known);
	doc_add_str(a, f, "anchor", sv_of(anchor));
	doc_add_str(a, line, "id", text_of(f, "id"));
	doc_add_str(a, line, "text", text_of(f, "text"));
	doc_add_str(a, line, "unit", text_of(f, "unit"));
	doc_add_str(a, line, "query", text_of(f, "query"));
	doc_add_str(a, line, "verdict", o->verdict);
	doc_add_str(a, line, "class", o->class);
	doc_add_bool(a, line, "is_known", known);
	doc_add_str(a, line, "anchor", sv_of(anchor));
	doc_add_str(a, line, "about", o->about);
	doc_add_str(a, line, "sentence", o->sentence);
	doc_add_str(a, line, "method", o->method);
	doc_add_str(a, line, "over", o->over);
	doc_add_str(a, line, "source", text_of(o->node, "source"));
	add_part(a, line, o->node, "n", "text", "n_text");
	add_part(a, line, o->node, "coverage", "text", "coverage_text");
	doc_add_str(a, line, "sources_text", text_of(o->node, "sources_text"));
	doc_add(a, line, "files", files != NULL ? data_reference(a, files) : doc_new(a, DOC_LIST));
}

/* Figures stand directly in their owner, or one level below (the windows of an objective). */
static void
walk(struct walk *w, struct doc *owner, const struct owner *o)
{
	struct doc *c, *end = owner->last;

	for (c = doc_first(owner); c != NULL; c = c == end ? NULL : c->next) {
		struct doc *item;

		if (is_figure(c))
			add_figure(w, c, o);
		else if (c->kind == DOC_LIST)
			for (item = c->child; item != NULL; item = item->next)
				if (item->kind == DOC_MAP)
					walk(w, item, o);
	}
}

static void
walk_list(struct walk *w, struct doc *list, const char *about, const char *verdict, const char *sentence)
{
	struct doc *c;

	for (c = doc_first(list); c != NULL; c = c->next) {
		const struct owner o = {text_of(c, about), text_of(c, verdict), text_of(c, "class"), text_of(c, sentence), text_of(c, "method"),
		    text_of(c, "over"), c};

		walk(w, c, &o);
	}
}

void
data_figures(struct arena *a, struct doc *data)
{
	struct walk w = {a, doc_new(a, DOC_LIST)};
	struct doc *score = doc_get(data, "score");

	walk_list(&w, doc_get(data, "criteria"), "title", "verdict", "sentence");
	if (score->kind == DOC_MAP) {
		const struct owner o = {SV("Score"), text_of(score, "verdict"), SV(""), text_of(score, "sentence"), SV(""), SV(""), score};

		walk(&w, score, &o);
	}
	walk_list(&w, doc_get(data, "slos"), "title", "outcome", "sentence");
	walk_list(&w, doc_get(data, "claims"), "path", "state", "sentence");
	walk_list(&w, doc_get(data, "rates"), "title", "verdict", "matcher");
	doc_add(a, data, "figures", w.list);
}
