#include "report/shape.h"

#include <math.h>

#include "base/clean.h"
#include "report/shape_table.h"

static const struct shape text = {"item", SHAPE_STRING, NULL};

static int copy(struct arena *a, const struct doc *from, const struct shape *s, struct doc *to, struct err *e);

int
shape_map(struct arena *a, const struct doc *from, const struct shape *part, struct doc *to, struct err *e)
{
	const struct doc *value;

	for (; part->key != NULL; part++) {
		value = doc_get(from, part->key);
		if (value == NULL && (part->kinds & SHAPE_ABSENT) == 0)
			return doc_err(from, e, "not a whole verdict: '%s' is missing", part->key);
		if (copy(a, value, part, doc_add(a, to, part->key, doc_new(a, DOC_NULL)), e) < 0)
			return -1;
	}
	return 0;
}

static int
copy_list(struct arena *a, const struct doc *from, const struct shape *part, struct doc *to, struct err *e)
{
	const struct shape item = {"item", SHAPE_MAP, part};
	const struct doc *c;

	for (c = from->child; c != NULL; c = c->next)
		if (copy(a, c, part == NULL ? &text : &item, doc_add(a, to, NULL, doc_new(a, DOC_NULL)), e) < 0)
			return -1;
	return 0;
}

/* Fills in to, a new null; the depth is that of the tables. */
static int
copy(struct arena *a, const struct doc *from, const struct shape *s, struct doc *to, struct err *e)
{
	if (from == NULL)
		return 0;
	if ((1U << from->kind & s->kinds) == 0)
		return doc_err(from, e, "not a verdict: '%s' is of another kind than it should be", s->key);
	to->kind = from->kind;
	to->file = from->file;
	to->line = from->line;
	to->col = from->col;
	to->text = from->kind == DOC_NULL ? SV("") : arena_sv(a, from->text);
	to->truth = from->truth;
	to->num = from->num;
	if (from->kind == DOC_MAP)
		return shape_map(a, from, s->part, to, e);
	return from->kind == DOC_LIST ? copy_list(a, from, s->part, to, e) : 0;
}

struct doc *
shape_verdict(struct arena *a, const struct doc *verdict, struct err *e)
{
	const struct doc *schema = doc_get(verdict, "schema");
	struct doc *d;

	if (schema == NULL || schema->kind != DOC_NUMBER) {
		doc_err(verdict, e, "not a verdict.json: it has no schema number");
		return NULL;
	}
	if (schema->num > SHAPE_SCHEMA) {
		struct sb number = {0};

		clean_add(&number, sv_head(schema->text, 40));
		doc_err(schema, e, "verdict schema %s is newer than this program, which reads up to %d: use a newer soakproof",
		    sb_str(&number), SHAPE_SCHEMA);
		sb_free(&number);
		return NULL;
	}
	if (schema->num != SHAPE_SCHEMA) {
		doc_err(schema, e, "there is no such verdict schema");
		return NULL;
	}
	d = doc_new(a, DOC_MAP);
	d->file = verdict->file;
	return shape_map(a, verdict, shape_top, d, e) < 0 ? NULL : d;
}

struct sv
shape_text(const struct doc *d, const char *key)
{
	return doc_get(d, key)->text;
}

double
shape_number(const struct doc *d, const char *key)
{
	const struct doc *n = doc_get(d, key);

	return n->kind == DOC_NUMBER ? n->num : (double)NAN;
}

bool
shape_true(const struct doc *d, const char *key)
{
	return doc_get(d, key)->truth;
}
