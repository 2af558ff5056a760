#include "profile/parts.h"

#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/near.h"
#include "base/num.h"

const char *
part_show(struct loader *l, struct sv text)
{
	struct sb s = {0};
	const char *shown;

	clean_add(&s, sv_head(text, 80));
	shown = arena_str(&l->p->arena, sb_sv(&s));
	sb_free(&s);
	return shown;
}

static bool
is_known(struct sv key, const char *const *known)
{
	for (; *known != NULL; known++)
		if (sv_is(key, *known))
			return true;
	return false;
}

int
part_unknown(const struct doc *c, const char *const *known, struct err *e)
{
	const char *near = near_word(c->key, known);
	struct sb what = {0};

	sb_adds(&what, "unknown key '");
	clean_add(&what, sv_head(c->key, 80));
	if (near != NULL) {
		sb_addf(&what, "', did you mean '%s'?", near);
	} else {
		sb_adds(&what, "', known here: ");
		for (; *known != NULL; known++)
			sb_addf(&what, "%s%s", *known, known[1] == NULL ? "" : ", ");
	}
	doc_err_key(c, e, "%s", sb_str(&what));
	sb_free(&what);
	return -1;
}

int
profile_keys(const struct doc *map, const char *const *known, struct err *e)
{
	const struct doc *c;

	if (map == NULL)
		return 0;
	if (map->kind != DOC_MAP)
		return doc_err(map, e, "keys and values expected here");
	for (c = map->child; c != NULL; c = c->next)
		if (!is_known(c->key, known))
			return part_unknown(c, known, e);
	return 0;
}

int
profile_text(const struct doc *map, const char *key, struct sv *out, struct err *e)
{
	const struct doc *d = doc_get(map, key);

	*out = (struct sv){"", 0};
	if (d == NULL)
		return 0;
	if (d->kind == DOC_LIST || d->kind == DOC_MAP)
		return doc_err(d, e, "'%s' must be a text", key);
	if (d->kind == DOC_NULL)
		return doc_err_key(d, e, "'%s' has no value", key);
	if (sv_chr(d->text, '\0') < d->text.n)
		return doc_err(d, e, "'%s' must not hold a NUL character", key);
	*out = d->text;
	return 0;
}

int
part_map(struct loader *l, const struct doc *d, const char *what)
{
	if (d->kind != DOC_MAP)
		return doc_err(d, l->e, "'%s' must have keys and values", what);
	if (d->n > PART_MAX_ITEMS)
		return doc_err(d, l->e, "'%s' has more than %d entries", what, PART_MAX_ITEMS);
	return 0;
}

int
part_list(struct loader *l, const struct doc *d, const char *what)
{
	if (d->kind != DOC_LIST)
		return doc_err(d, l->e, "'%s' must be a list", what);
	if (d->n == 0)
		return doc_err(d, l->e, "'%s' is empty", what);
	if (d->n > PART_MAX_ITEMS)
		return doc_err(d, l->e, "'%s' has more than %d entries", what, PART_MAX_ITEMS);
	return 0;
}

int
part_need(struct loader *l, const struct doc *map, const char *what, const char *key, struct sv *out)
{
	if (profile_text(map, key, out, l->e) < 0)
		return -1;
	if (doc_get(map, key) == NULL)
		return doc_err(map, l->e, "%s needs '%s'", what, key);
	if (sv_trim(*out).n == 0)
		return doc_err(doc_get(map, key), l->e, "'%s' is empty", key);
	return 0;
}

int
part_flag(struct loader *l, const struct doc *map, const char *key, bool *out)
{
	const struct doc *d = doc_get(map, key);

	if (d == NULL)
		return 0;
	if (d->kind != DOC_BOOL)
		return doc_err(d, l->e, "'%s' must be true or false", key);
	*out = d->truth;
	return 0;
}

int
part_whole(struct loader *l, const struct doc *map, const char *key, int64_t min, int64_t max, int64_t *out)
{
	const struct doc *d = doc_get(map, key);
	int64_t v;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_NUMBER || !num_parse_int(d->text, &v) || v < min || v > max)
		return doc_err(d, l->e, "'%s' must be a whole number from %lld to %lld", key,
		    (long long)min, (long long)max);
	*out = v;
	return 0;
}

int
part_number(struct loader *l, const struct doc *map, const char *key, double *out)
{
	const struct doc *d = doc_get(map, key);

	if (d == NULL)
		return 0;
	if (d->kind != DOC_NUMBER || !isfinite(d->num) || d->num < 0)
		return doc_err(d, l->e, "'%s' must be a number, not negative", key);
	*out = d->num;
	return 0;
}

int
part_duration(struct loader *l, const struct doc *map, const char *key, int64_t *out)
{
	const struct doc *d = doc_get(map, key);
	int64_t ms;

	if (d == NULL)
		return 0;
	if ((d->kind != DOC_NUMBER && d->kind != DOC_STRING) || !time_duration(d->text, &ms) || ms <= 0)
		return doc_err(d, l->e, "'%s' must be a duration above 0, such as 90s, 15m or 1h30m", key);
	*out = ms;
	return 0;
}

const struct doc *
part_at(const struct doc *map, const char *key)
{
	const struct doc *d = doc_get(map, key);

	return d == NULL ? map : d;
}

bool
part_is_id(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!(v.p[i] >= 'a' && v.p[i] <= 'z') && !(v.p[i] >= '0' && v.p[i] <= '9') && v.p[i] != '-')
			return false;
	return v.n > 0;
}

bool
part_is_name(struct sv v)
{
	return labels_plain_name(v, false);
}

int
part_instant(struct loader *l, const struct doc *map, const char *what, const char *key, bool end, int64_t *t)
{
	struct sb midnight = {0};
	struct sv text;
	bool day, ok;

	if (part_need(l, map, what, key, &text) < 0)
		return -1;
	text = sv_trim(text);
	day = text.n == 10;
	sb_addv(&midnight, text);
	if (day)
		sb_adds(&midnight, "T00:00:00Z");
	ok = text.n >= 10 && text.p[4] == '-' && time_parse(sb_sv(&midnight), t);
	sb_free(&midnight);
	if (!ok)
		return doc_err(doc_get(map, key), l->e, "'%s' must be a date such as 2026-01-03, or a time such as 2026-01-03T12:00:00Z",
		    key);
	if (day && end)
		*t += TIME_DAY;
	return 0;
}
