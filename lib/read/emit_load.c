/*
 * The keys event, sample, result, claim and run of a format's YAML; docs/formats.md explains them.
 */
#include "read/emit_def.h"

#include <string.h>

#include "read/format_def.h"

#define MAX_LABELS 32

/* --- words ------------------------------------------------------------------------------- */

static int
load_map(struct arena *a, const struct doc *d, struct emit_words *out, struct err *e)
{
	const struct doc *c;

	if (d->kind != DOC_MAP || d->n == 0)
		return doc_err(d, e, "expected a map from words to words");
	out->name = d->key;
	out->from = arena_new(a, d->n, sizeof(*out->from));
	out->to = arena_new(a, d->n, sizeof(*out->to));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (c->kind == DOC_LIST || c->kind == DOC_MAP || c->kind == DOC_NULL)
			return doc_err(c, e, "expected a word");
		out->from[out->n] = c->key;
		out->to[out->n++] = c->text;
	}
	return 0;
}

int
emit_words_load(struct arena *a, const struct doc *d, struct emit_words **words, size_t *n, struct err *e)
{
	const struct doc *c;

	*words = NULL;
	*n = 0;
	if (d == NULL)
		return 0;
	if (d->kind != DOC_MAP)
		return doc_err(d, e, "expected a map of maps: {verdicts: {PASSED: pass, FAILED: fail}}");
	*words = arena_new(a, d->n, sizeof(**words));
	for (c = doc_first(d); c != NULL; c = c->next)
		if (load_map(a, c, &(*words)[(*n)++], e) < 0)
			return -1;
	return 0;
}

/* --- texts ------------------------------------------------------------------------------- */

struct building {
	struct emit_scope *s;
	const struct doc *d; /* the text's node, for messages */
	struct emit_part *part;
	size_t n;
	struct err *e;
};

/* "name" or "name|words". */
static int
add_value(struct building *b, struct sv name)
{
	struct emit_part *p = &b->part[b->n++];
	struct sv words = {NULL, 0};
	size_t bar = name.n, i;

	for (i = name.n; i > 0 && bar == name.n; i--)
		if (name.p[i - 1] == '|')
			bar = i - 1;
	if (bar < name.n) {
		words = sv_trim(sv_from(name, bar + 1));
		name = sv_head(name, bar);
	}
	name = sv_trim(name);
	if (name.n == 0)
		return doc_err(b->d, b->e, "a value without a name");
	p->number = b->s->find(b->s->ctx, b->d, name, b->e);
	if (p->number < 0)
		return -1;
	for (i = 0; words.p != NULL && p->words == NULL; i++) {
		if (i == b->s->nwords)
			return doc_err(b->d, b->e, "the format's \"words\" have no map called '%" SV_FMT "'",
			    SV_ARG(sv_head(words, 80)));
		if (sv_eq(b->s->words[i].name, words))
			p->words = &b->s->words[i];
	}
	return 0;
}

static void
add_fixed(struct building *b, const struct sb *text)
{
	if (text->n > 0)
		b->part[b->n++] = (struct emit_part){.fixed = arena_sv(b->s->arena, sb_sv(text)), .number = -1};
}

static int
add_template(struct building *b, struct sv text)
{
	struct sb fixed = {0};
	size_t i, end;
	int rc = 0;

	for (i = 0; i < text.n && rc == 0; i++) {
		bool twice = i + 1 < text.n && text.p[i + 1] == text.p[i];

		if ((text.p[i] == '{' || text.p[i] == '}') && twice) {
			sb_addc(&fixed, text.p[i++]);
		} else if (text.p[i] == '{') {
			end = sv_chr(sv_from(text, i), '}');
			add_fixed(b, &fixed);
			sb_reset(&fixed);
			if (i + end == text.n)
				rc = doc_err(b->d, b->e, "'{' without '}'");
			else
				rc = add_value(b, sv_head(sv_from(text, i + 1), end - 1));
			i += end;
		} else if (text.p[i] == '}') {
			rc = doc_err(b->d, b->e, "'}' without '{' (a brace is '}}')");
		} else {
			sb_addc(&fixed, text.p[i]);
		}
	}
	add_fixed(b, &fixed);
	sb_free(&fixed);
	return rc;
}

/* value: a bare word names one; else it is a template. */
static int
load_text(struct emit_scope *s, const struct doc *d, bool value, struct emit_text *out, struct err *e)
{
	struct building b = {s, d, NULL, 0, e};
	struct sb fixed = {0};
	int rc;

	if (d->kind == DOC_LIST || d->kind == DOC_MAP || d->text.n == 0)
		return doc_err(d, e, "expected a text that is not empty");
	b.part = arena_new(s->arena, d->text.n + 1, sizeof(*b.part));
	if (!value || sv_chr(d->text, '{') < d->text.n) {
		rc = add_template(&b, d->text);
	} else if (d->text.p[0] == '=') {
		sb_addv(&fixed, sv_from(d->text, 1));
		add_fixed(&b, &fixed);
		sb_free(&fixed);
		rc = b.n > 0 ? 0 : doc_err(d, e, "nothing behind '='");
	} else {
		rc = add_value(&b, d->text);
	}
	*out = (struct emit_text){b.part, b.n};
	return rc;
}

/* --- records ----------------------------------------------------------------------------- */

enum shape { SHAPE_VALUE, SHAPE_TEMPLATE, SHAPE_FIXED, SHAPE_UNIT, SHAPE_LABELS, SHAPE_ONLY };

/* Every key of a record. of: in which kinds it may stand; needed: in which it must. */
static const struct key {
	const char *name;
	enum shape shape;
	enum emit_field field;
	unsigned of, needed;
} keys[] = {
#define IN(kind) (1u << EMIT_##kind)
	{"time", SHAPE_VALUE, EF_TIME, IN(EVENT) | IN(SAMPLE) | IN(RESULT) | IN(NESTED), IN(EVENT)},
	{"end", SHAPE_VALUE, EF_END, IN(EVENT), 0},
	{"lasts", SHAPE_VALUE, EF_LASTS, IN(EVENT), 0},
	{"name", SHAPE_VALUE, EF_NAME, IN(EVENT) | IN(RESULT), IN(EVENT) | IN(RESULT)},
	{"text", SHAPE_VALUE, EF_TEXT, IN(EVENT) | IN(RESULT) | IN(CLAIM) | IN(RUN) | IN(NESTED),
	    IN(CLAIM) | IN(RUN) | IN(NESTED)},
	{"value", SHAPE_VALUE, EF_VALUE, IN(SAMPLE), IN(SAMPLE)},
	{"status", SHAPE_VALUE, EF_STATUS, IN(RESULT), IN(RESULT)},
	{"duration", SHAPE_VALUE, EF_DURATION, IN(RESULT), 0},
	{"metric", SHAPE_TEMPLATE, EF_METRIC, IN(SAMPLE), IN(SAMPLE)},
	{"path", SHAPE_TEMPLATE, EF_PATH, IN(CLAIM) | IN(RUN), IN(CLAIM) | IN(RUN)},
	{"suite", SHAPE_TEMPLATE, EF_SUITE, IN(RESULT), 0},
	{"kind", SHAPE_FIXED, 0, IN(EVENT) | IN(RESULT), IN(EVENT) | IN(RESULT)},
	{"type", SHAPE_FIXED, 0, IN(SAMPLE), 0},
	{"help", SHAPE_FIXED, 0, IN(SAMPLE), 0},
	{"unit", SHAPE_UNIT, 0, IN(SAMPLE) | IN(RESULT) | IN(EVENT), 0},
	{"labels", SHAPE_LABELS, 0, IN(SAMPLE), 0},
	{"only", SHAPE_ONLY, 0, ~0u, 0},
#undef IN
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static bool
is_label(struct sv name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (!((name.p[i] | 0x20) >= 'a' && (name.p[i] | 0x20) <= 'z') && name.p[i] != '_' &&
		    !(i > 0 && name.p[i] >= '0' && name.p[i] <= '9'))
			return false;
	return name.n > 0 && !sv_starts(name, "__");
}

static int
load_labels(struct emit_scope *s, const struct doc *d, struct emit *m, struct err *e)
{
	const struct doc *c;

	if (d->kind != DOC_MAP || d->n > MAX_LABELS)
		return doc_err(d, e, "expected a map of up to %d labels", MAX_LABELS);
	m->label = arena_new(s->arena, d->n, sizeof(*m->label));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (!is_label(c->key))
			return doc_err_key(c, e, "'%" SV_FMT "' is no name for a label", SV_ARG(sv_head(c->key, 80)));
		m->label[m->nlabels].name = c->key;
		if (load_text(s, c, false, &m->label[m->nlabels++].value, e) < 0)
			return -1;
	}
	return 0;
}

static int
load_only(struct emit_scope *s, const struct doc *d, struct emit *m, struct err *e)
{
	struct building b = {.s = s, .e = e};
	struct emit_only *o;
	const struct doc *c, *t;

	if (d->kind != DOC_MAP)
		return doc_err(d, e, "expected a map: {level: [error, fatal]}");
	m->only = arena_new(s->arena, d->n, sizeof(*m->only));
	for (c = doc_first(d); c != NULL; c = c->next) {
		o = &m->only[m->nonly++];
		b.d = c;
		b.part = arena_new(s->arena, 1, sizeof(*b.part));
		b.n = 0;
		if (add_value(&b, c->key) < 0)
			return -1;
		o->value = (struct emit_text){b.part, b.n};
		o->text = arena_new(s->arena, c->n + 1, sizeof(*o->text));
		for (t = c->kind == DOC_LIST ? doc_first(c) : c; t != NULL; t = c->kind == DOC_LIST ? t->next : NULL) {
			if (t->kind == DOC_LIST || t->kind == DOC_MAP || t->kind == DOC_NULL)
				return doc_err(t, e, "expected a word");
			o->text[o->n++] = t->text;
		}
	}
	return 0;
}

static int
load_fixed(const struct doc *d, const struct key *k, struct emit *m, struct err *e)
{
	static const char *const result_kinds[] = {"test", "suite", "check", "checkpoint", "drill", NULL};
	static const char *const types[] = {"counter", "gauge", "unknown", NULL};
	const char *const *known = NULL;
	size_t i;

	if (d->kind != DOC_STRING || d->text.n == 0 || memchr(d->text.p, '\0', d->text.n) != NULL)
		return doc_err(d, e, "expected a text that is not empty (quote it)");
	if (sv_is(sv_of(k->name), "type")) {
		m->type = d->text;
		known = types;
	} else if (sv_is(sv_of(k->name), "help")) {
		m->help = d->text;
	} else {
		m->fixed_kind = d->text;
		known = m->kind == EMIT_RESULT ? result_kinds : NULL;
	}
	for (i = 0; known != NULL && !sv_is(d->text, known[i]); i++)
		if (known[i + 1] == NULL)
			return doc_err(d, e, known == types ? "expected \"counter\", \"gauge\" or \"unknown\""
			    : "expected \"test\", \"suite\", \"check\", \"checkpoint\" or \"drill\"");
	return 0;
}

static int
load_key(struct emit_scope *s, const struct doc *d, const struct key *k, struct emit *m, struct err *e)
{
	switch (k->shape) {
	case SHAPE_VALUE:
	case SHAPE_TEMPLATE:
		if (k->field == EF_METRIC || k->field == EF_PATH)
			m->what = arena_str(s->arena, d->text);
		return load_text(s, d, k->shape == SHAPE_VALUE, &m->field[k->field], e);
	case SHAPE_FIXED:
		return load_fixed(d, k, m, e);
	case SHAPE_UNIT:
		m->unit = emit_unit_of(d->text);
		return m->unit != EMIT_NUNITS ? 0
		    : doc_err(d, e, "expected \"s\", \"ms\", \"%%\", \"bytes\", \"bool\" or \"time\"");
	case SHAPE_LABELS:
		return load_labels(s, d, m, e);
	case SHAPE_ONLY:
		break;
	}
	return load_only(s, d, m, e);
}

static int
load_one(struct emit_scope *s, const struct doc *d, enum emit_kind kind, struct emit *m, struct err *e)
{
	const struct doc *c;
	size_t i;

	*m = (struct emit){.kind = kind, .id = s->count++, .unit = kind == EMIT_SAMPLE ? EMIT_NUMBER : EMIT_SECONDS,
	    .type = SV("gauge"), .what = "record"};
	if (d->kind != DOC_MAP)
		return doc_err(d, e, "expected a map");
	for (c = doc_first(d); c != NULL; c = c->next) {
		for (i = 0; i < NKEYS && !(sv_is(c->key, keys[i].name) && (keys[i].of & 1u << kind)); i++)
			;
		if (i == NKEYS)
			return doc_err_key(c, e, "unknown key \"%" SV_FMT "\"", SV_ARG(sv_head(c->key, 80)));
		if (load_key(s, c, &keys[i], m, e) < 0)
			return -1;
	}
	if (doc_get(d, "end") != NULL && doc_get(d, "lasts") != NULL)
		return doc_err(d, e, "an event has one of \"end\" and \"lasts\"");
	for (i = 0; i < NKEYS; i++)
		if ((keys[i].needed & 1u << kind) && doc_get(d, keys[i].name) == NULL)
			return doc_err(d, e, "missing key \"%s\"", keys[i].name);
	if (kind != EMIT_SAMPLE && m->unit != EMIT_SECONDS && m->unit != EMIT_MILLIS)
		return doc_err(doc_get(d, "unit"), e, "the unit of a duration is \"s\" or \"ms\"");
	return 0;
}

int
emit_load(struct emit_scope *s, const struct doc *d, struct emit_set *out, struct err *e)
{
	static const char *const kind[EMIT_NKINDS] = {EMIT_KEYS};
	const struct doc *list, *c;
	size_t room = 0;
	int k;

	*out = (struct emit_set){0};
	for (k = 0; k < EMIT_NKINDS; k++)
		if ((list = doc_get(d, kind[k])) != NULL)
			room += list->kind == DOC_LIST ? list->n : 1;
	out->v = arena_new(s->arena, room, sizeof(*out->v));
	for (k = 0; k < EMIT_NKINDS; k++) {
		if ((list = doc_get(d, kind[k])) == NULL)
			continue;
		if (list->kind != DOC_LIST && list->kind != DOC_MAP)
			return doc_err(list, e, "expected a map or a list of maps");
		for (c = list->kind == DOC_LIST ? doc_first(list) : list; c != NULL;
		    c = list->kind == DOC_LIST ? c->next : NULL)
			if (load_one(s, c, (enum emit_kind)k, &out->v[out->n++], e) < 0)
				return -1;
	}
	return 0;
}
