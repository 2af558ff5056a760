#include "base/doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"

#define MESSAGE sizeof(((struct err *)0)->msg)

struct doc *
doc_new(struct arena *a, enum doc_kind kind)
{
	struct doc *d = arena_new(a, 1, sizeof(*d));

	d->kind = kind;
	return d;
}

struct doc *
doc_add(struct arena *a, struct doc *parent, const char *key, struct doc *child)
{
	if (key != NULL)
		child->key = arena_sv(a, sv_of(key));
	if (parent->last == NULL)
		parent->child = child;
	else
		parent->last->next = child;
	parent->last = child;
	parent->n++;
	return child;
}

struct doc *
doc_add_str(struct arena *a, struct doc *parent, const char *key, struct sv text)
{
	struct doc *d = doc_new(a, DOC_STRING);

	d->text = arena_sv(a, text);
	return doc_add(a, parent, key, d);
}

struct doc *
doc_add_bool(struct arena *a, struct doc *parent, const char *key, bool v)
{
	struct doc *d = doc_new(a, DOC_BOOL);

	d->truth = v;
	d->text = v ? SV("true") : SV("false");
	return doc_add(a, parent, key, d);
}

struct doc *
doc_add_num(struct arena *a, struct doc *parent, const char *key, double v)
{
	struct doc *d = doc_new(a, DOC_NUMBER);
	char buf[NUM_TEXT];

	d->num = v;
	d->text = arena_sv(a, sv_of(num_text(v, buf)));
	return doc_add(a, parent, key, d);
}

struct doc *
doc_first(const struct doc *d)
{
	return d == NULL ? NULL : d->child;
}

static struct doc *
get(const struct doc *m, struct sv key)
{
	struct doc *c;

	if (m == NULL || m->kind != DOC_MAP)
		return NULL;
	for (c = m->child; c != NULL; c = c->next)
		if (sv_eq(c->key, key))
			return c;
	return NULL;
}

struct doc *
doc_get(const struct doc *m, const char *key)
{
	return get(m, sv_of(key));
}

static struct doc *
item(const struct doc *list, struct sv index)
{
	struct doc *c = list->child;
	int64_t i;

	if (!num_parse_int(index, &i) || i < 0)
		return NULL;
	for (; c != NULL && i > 0; i--)
		c = c->next;
	return c;
}

struct doc *
doc_path(const struct doc *m, struct sv path)
{
	struct doc *d = NULL;
	struct sv name;

	if (path.p == NULL)
		path.p = "";
	while (sv_split(&path, '.', &name)) {
		d = m != NULL && m->kind == DOC_LIST ? item(m, name) : get(m, name);
		if (d == NULL)
			return NULL;
		m = d;
	}
	return d;
}

static int
by_place(const struct doc *a, const struct doc *b)
{
	if (a->key_line != b->key_line)
		return a->key_line < b->key_line ? -1 : 1;
	return (a->key_col > b->key_col) - (a->key_col < b->key_col);
}

static int
by_key(const void *a, const void *b)
{
	const struct doc *const *x = a, *const *y = b;
	int c = sv_cmp((*x)->key, (*y)->key);

	return c != 0 ? c : by_place(*x, *y);
}

/* By sorting: a hostile map with a million keys must not cost a million squared. */
int
doc_unique_keys(const struct doc *m, struct err *e)
{
	const struct doc **sorted, *c, *again = NULL, *first = NULL;
	struct sb key = {0};
	size_t i = 0;

	if (m == NULL || m->kind != DOC_MAP || m->n < 2)
		return 0;
	sorted = mem_new(m->n, sizeof(struct doc *));
	for (c = m->child; c != NULL; c = c->next)
		sorted[i++] = c;
	qsort(sorted, m->n, sizeof(struct doc *), by_key);
	for (i = 1; i < m->n; i++) {
		if (sv_eq(sorted[i - 1]->key, sorted[i]->key) &&
		    (again == NULL || by_place(sorted[i], again) < 0)) {
			first = sorted[i - 1];
			again = sorted[i];
		}
	}
	mem_free(sorted);
	if (again == NULL)
		return 0;
	clean_add(&key, sv_head(again->key, 80));
	doc_err_key(again, e, "duplicate key \"%s\" (also on line %d)", sb_str(&key),
	    first->key_line);
	sb_free(&key);
	return -1;
}

/* The caller has no line for a node made by hand. */
static int
err_at(const char *file, int line, int col, const char *what, struct err *e)
{
	if (file == NULL)
		return err_set(e, ERR_INPUT, "%s", what);
	return err_set(e, ERR_INPUT, "%s:%d:%d: %s", file, line, col, what);
}

int
doc_err(const struct doc *d, struct err *e, const char *fmt, ...)
{
	char what[MESSAGE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_at(d->file, d->line, d->col, what, e);
}

int
doc_err_key(const struct doc *d, struct err *e, const char *fmt, ...)
{
	char what[MESSAGE];
	bool keyed = d->key_line > 0;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_at(d->file, keyed ? d->key_line : d->line, keyed ? d->key_col : d->col,
	    what, e);
}

int
doc_keys(const struct doc *d, const char *const *known, struct err *e)
{
	const struct doc *c;
	size_t i;

	if (d->kind != DOC_MAP)
		return doc_err(d, e, "keys and values expected");
	for (c = doc_first(d); c != NULL; c = c->next) {
		for (i = 0; known[i] != NULL && !sv_is(c->key, known[i]); i++)
			;
		if (known[i] == NULL)
			return doc_err_key(c, e, "unknown key '%" SV_FMT "'", SV_ARG(sv_head(c->key, 80)));
	}
	return 0;
}
