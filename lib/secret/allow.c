#include "secret/allow.h"

#include "base/doc.h"
#include "base/num.h"
#include "base/time.h"

static int
need(const struct doc *d, const char *key, struct sv *out, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	if (v == NULL || v->kind == DOC_LIST || v->kind == DOC_MAP || sv_trim(v->text).n == 0)
		return doc_err(v == NULL ? d : v, e, "'%s' is missing: an entry needs rule, file, reason, owner and expires", key);
	*out = sv_trim(v->text);
	return 0;
}

static int
entry(struct arena *a, const struct doc *d, int64_t now, struct allow *o, struct err *e)
{
	static const char *const known[] = {"rule", "file", "line", "reason", "owner", "expires", NULL};
	const struct doc *c;
	struct sv expires;

	if (d->kind != DOC_MAP)
		return doc_err(d, e, "an entry needs rule, file, reason, owner and expires");
	if (doc_keys(d, known, e) < 0 || need(d, "rule", &o->rule, e) < 0 || need(d, "file", &o->file, e) < 0 || need(d, "reason", &o->reason, e) < 0 ||
	    need(d, "owner", &o->owner, e) < 0 || need(d, "expires", &expires, e) < 0)
		return -1;
	c = doc_get(d, "line");
	if (c != NULL && (!num_parse_int(c->text, &o->line) || o->line < 1))
		return doc_err(c, e, "'line' must be a line's number");
	if (!time_parse(sv_of(arena_fmt(a, "%" SV_FMT "%s", SV_ARG(expires), expires.n == 10 ? "T23:59:59Z" : "")), &o->expires))
		return doc_err(doc_get(d, "expires"), e, "'expires' must be a date or time");
	if (o->expires <= now)
		return doc_err(doc_get(d, "expires"), e, "the entry has expired");
	o->at = arena_fmt(a, "%s:%d:%d", d->file, d->line, d->col);
	return 0;
}

int
allow_parse(struct arena *a, const char *file, struct sv text, int64_t now, struct allow_list *out, struct err *e)
{
	const struct doc *d = doc_yaml(a, file, text, e), *c;

	*out = (struct allow_list){0};
	if (d == NULL)
		return -1;
	if (d->kind != DOC_LIST)
		return doc_err(d, e, "a list of entries expected");
	out->v = arena_new(a, d->n, sizeof(*out->v));
	for (c = doc_first(d); c != NULL; c = c->next)
		if (entry(a, c, now, &out->v[out->n++], e) < 0)
			return -1;
	return 0;
}

const struct allow *
allow_find(struct allow_list *l, struct sv rule, struct sv file, int64_t line)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct allow *o = &l->v[i];

		if (sv_eq(o->rule, rule) && sv_glob(o->file, file) && (o->line == 0 || o->line == line)) {
			o->used = true;
			return o;
		}
	}
	return NULL;
}

int
allow_check_used(const struct allow_list *l, struct err *e)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!l->v[i].used)
			return err_set(e, ERR_INPUT, "%s: nothing is there that this entry allows", l->v[i].at);
	return 0;
}
