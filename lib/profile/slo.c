#include "profile/slo.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "profile/parts.h"

struct slo *
slo_add(struct slos *s, const struct doc *at)
{
	struct slo *grown;

	if (s->n == s->cap) {
		grown = arena_new(s->arena, s->cap * 2 + 8, sizeof(*grown));
		if (s->n > 0)
			memcpy(grown, s->v, s->n * sizeof(*grown));
		s->v = grown;
		s->cap = s->cap * 2 + 8;
	}
	grown = &s->v[s->n++];
	*grown = (struct slo){.period = SLO_PERIOD, .slice = TIME_MINUTE, .over = SV("run"), .at = at};
	return grown;
}

int
slo_text(const struct doc *map, const char *key, struct sv *out, struct err *e)
{
	if (map == NULL)
		return err_set(e, ERR_INPUT, "'%s' is needed, and the map that it stands in", key);
	if (profile_text(map, key, out, e) < 0)
		return -1;
	return out->n > 0 ? 0 : doc_err(map, e, "'%s' is needed", key);
}

int
slo_target(const struct doc *d, bool percent, struct slo *o, struct err *e)
{
	struct sv v;
	struct sb s = {0};
	bool ok;

	if (d == NULL || (d->kind != DOC_NUMBER && d->kind != DOC_STRING))
		return doc_err(d != NULL ? d : o->at, e, "an objective such as 99.9%% is needed");
	v = sv_trim(d->text);
	if (sv_ends(v, "%")) {
		percent = true;
		v = sv_trim(sv_head(v, v.n - 1));
	}
	sb_addv(&s, v); /* moved in the text, so that it is the same double as 0.999 */
	if (percent)
		sb_adds(&s, "e-2");
	ok = num_parse(sb_sv(&s), &o->target);
	sb_free(&s);
	if (!ok || !(o->target > 0 && o->target < 1))
		return doc_err(d, e, "'%" SV_FMT "' is no objective: it must be above 0 and below 100 %%", SV_ARG(d->text));
	o->target_text = v;
	return 0;
}

int
slo_duration(const struct doc *d, int64_t *ms, bool *calendar, struct err *e)
{
	static const struct {
		char unit;
		int64_t days;
	} units[] = {{'M', 30}, {'Q', 90}, {'Y', 365}, {'w', 7}, {'d', 1}};
	struct sv v;
	int64_t n;
	size_t i;

	if (d == NULL)
		return err_set(e, ERR_INPUT, "a duration such as 30d is missing");
	if (d->kind != DOC_STRING && d->kind != DOC_NUMBER)
		return doc_err(d, e, "a duration such as 30d is needed");
	v = d->text;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (v.n > 1 && v.p[v.n - 1] == units[i].unit && num_parse_int(sv_head(v, v.n - 1), &n) && n > 0 && n < 1000) {
			*ms = n * units[i].days * TIME_DAY;
			if (calendar != NULL && i < 3)
				*calendar = true;
			return 0;
		}
	if (!time_duration(v, ms) || *ms <= 0)
		return doc_err(d, e, "'%" SV_FMT "' is no duration such as 30d", SV_ARG(v));
	return 0;
}

void
slo_usual_pairs(struct slo *o)
{
	static const struct {
		const char *severity;
		int64_t lo, sho;
		double fraction;
	} usual[] = {{"page", TIME_HOUR, 5 * TIME_MINUTE, 0.02}, {"page", 6 * TIME_HOUR, 30 * TIME_MINUTE, 0.05},
	    {"ticket", TIME_DAY, 2 * TIME_HOUR, 0.10}, {"ticket", 3 * TIME_DAY, 6 * TIME_HOUR, 0.10}};
	size_t i;

	o->n_pairs = 0;
	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		o->pair[o->n_pairs++] = (struct slo_pair){.name = sv_of(usual[i].severity), .severity = sv_of(usual[i].severity),
		    .lo = usual[i].lo, .sho = usual[i].sho,
		    .factor = usual[i].fraction * (double)o->period / (double)usual[i].lo};
}

/* ----- the profile's own form --------------------------------------------------------------- */

static int
read_method(const struct doc *d, struct slo *o, struct err *e)
{
	static const char *const known_slice[] = {"window", "target", NULL};
	const struct doc *method = doc_get(d, "method"), *slice = doc_get(d, "slice"), *empty = doc_get(d, "no_data");
	struct slo at_least = {.at = d};

	if (method == NULL || sv_is(method->text, "occurrences"))
		o->method = SLO_OCCURRENCES;
	else if (sv_is(method->text, "timeslices"))
		o->method = SLO_TIMESLICES;
	else if (sv_is(method->text, "ratio-timeslices"))
		o->method = SLO_RATIO_TIMESLICES;
	else
		return doc_err(method, e, "'method' is occurrences, timeslices or ratio-timeslices");
	if (empty != NULL && sv_is(empty->text, "good"))
		o->no_data = SLO_GOOD;
	else if (empty != NULL && sv_is(empty->text, "bad"))
		o->no_data = SLO_BAD;
	else if (empty != NULL && !sv_is(empty->text, "skip"))
		return doc_err(empty, e, "'no_data' is skip, good or bad");
	if (slice != NULL && (profile_keys(slice, known_slice, e) < 0 ||
	    (doc_get(slice, "window") != NULL && slo_duration(doc_get(slice, "window"), &o->slice, NULL, e) < 0)))
		return -1;
	if (doc_get(slice, "target") != NULL) {
		if (slo_target(doc_get(slice, "target"), false, &at_least, e) < 0)
			return -1;
		o->slice_target = at_least.target;
	}
	if (o->method == SLO_TIMESLICES && o->slice_target == 0)
		return doc_err(d, e, "timeslices need 'slice: {window: 1m, target: 95%%}'");
	return 0;
}

static int
read_slo(struct slos *s, const struct doc *d, struct err *e)
{
	static const char *const known[] = {"id", "title", "sli", "objective", "period", "method", "slice", "no_data", "over", NULL};
	static const char *const known_sli[] = {"total", "good", "bad", NULL};
	const struct doc *sli = doc_get(d, "sli");
	struct slo *o = slo_add(s, d);

	if (d->kind != DOC_MAP)
		return doc_err(d, e, "an SLO is a map");
	if (profile_keys(d, known, e) < 0 || slo_text(d, "id", &o->name, e) < 0 || profile_text(d, "title", &o->title, e) < 0)
		return -1;
	if (!part_is_id(o->name))
		return doc_err(doc_get(d, "id"), e, "an id has small letters, digits and '-' only");
	if (sli == NULL || sli->kind != DOC_MAP)
		return doc_err(sli != NULL ? sli : d, e, "'sli' is needed: {total: SELECTOR, bad: SELECTOR}");
	if (profile_keys(sli, known_sli, e) < 0 || slo_text(sli, "total", &o->total, e) < 0 ||
	    profile_text(sli, "good", &o->good, e) < 0 || profile_text(sli, "bad", &o->bad, e) < 0)
		return -1;
	if ((o->good.n > 0) == (o->bad.n > 0))
		return doc_err(sli, e, "'sli' needs one of 'good' and 'bad'");
	if (slo_target(doc_get(d, "objective"), false, o, e) < 0 || read_method(d, o, e) < 0)
		return -1;
	if (doc_get(d, "period") != NULL && slo_duration(doc_get(d, "period"), &o->period, &o->calendar, e) < 0)
		return -1;
	if (doc_get(d, "over") != NULL && slo_text(d, "over", &o->over, e) < 0)
		return -1;
	slo_usual_pairs(o);
	return 0;
}

int
slo_profile(struct slos *s, const struct doc *list, struct err *e)
{
	const struct doc *d;
	size_t first = s->n, i;

	if (list->kind != DOC_LIST || list->n == 0 || list->n > PART_MAX_ITEMS)
		return doc_err(list, e, "'slos' is a list of SLOs");
	for (d = list->child; d != NULL; d = d->next) {
		if (read_slo(s, d, e) < 0)
			return -1;
		for (i = first; i + 1 < s->n; i++)
			if (sv_eq(s->v[i].name, s->v[s->n - 1].name))
				return doc_err(doc_get(d, "id"), e, "the id '%" SV_FMT "' is taken", SV_ARG(s->v[i].name));
	}
	return 0;
}

int
part_slos(struct loader *l, const struct doc *list)
{
	l->p->slos = arena_new(&l->p->arena, 1, sizeof(*l->p->slos));
	l->p->slos->arena = &l->p->arena;
	return slo_profile(l->p->slos, list, l->e);
}

/* ----- files ------------------------------------------------------------------------------------- */

/* The next document of a file, with empty lines in place of those before it, so that places are right. False: no more. */
static bool
next_document(struct arena *a, struct sv text, size_t *at, struct sv *out)
{
	size_t from = *at, i = *at, line, k, lines = 0;
	struct sb s = {0};
	struct sv rest;
	bool any = false;

	while (i < text.n) {
		rest = sv_from(text, i);
		line = sv_chr(rest, '\n');
		rest = sv_trim(sv_head(rest, line));
		if (sv_is(rest, "---") && i + 3 <= text.n && text.p[i] == '-') {
			if (any)
				break;
			from = i + line + 1;
		}
		any = any || (rest.n > 0 && rest.p[0] != '#' && !sv_is(rest, "---"));
		i += line + 1;
	}
	*at = i > text.n ? text.n : i;
	if (!any)
		return false;
	for (k = 0; k < from && k < text.n; k++)
		lines += text.p[k] == '\n';
	for (k = 0; k < lines; k++)
		sb_addc(&s, '\n');
	sb_addv(&s, sv_head(sv_from(text, from), *at - from));
	*out = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return true;
}

static bool
has_text(const struct doc *d, const char *key, const char *prefix)
{
	const struct doc *v = doc_get(d, key);

	return v != NULL && sv_starts(v->text, prefix);
}

static int
read_other(struct slos *s, const struct doc *d, struct err *e)
{
	if (has_text(d, "version", "prometheus/v1") || has_text(d, "apiVersion", "sloth.slok.dev/"))
		return slo_sloth(s, d, e);
	if (has_text(d, "apiVersion", "pyrra.dev/"))
		return slo_pyrra(s, d, e);
	if (has_text(d, "apiVersion", "openslo/"))
		return doc_err(doc_get(d, "apiVersion"), e, "only openslo/v1 is supported");
	if (doc_get(d, "slos") != NULL && d->n == 1)
		return slo_profile(s, doc_get(d, "slos"), e);
	return doc_err(d, e, "neither OpenSLO v1 nor a file of sloth or pyrra, nor 'slos:'");
}

int
slo_parse(struct slos *s, const char *file, struct sv text, struct err *e)
{
	const char *name = arena_str(s->arena, sv_of(file));
	VEC(struct doc *) open = {0};
	struct sv one;
	struct doc *d;
	size_t at = 0, first = s->n;
	int rc = 0;

	while (rc == 0 && next_document(s->arena, text, &at, &one)) {
		d = doc_yaml(s->arena, name, one, e);
		if (d == NULL)
			rc = -1;
		else if (has_text(d, "apiVersion", "openslo/v1") && doc_get(d, "apiVersion")->text.n == 10)
			*vec_add(&open) = d;
		else
			rc = read_other(s, d, e);
	}
	if (rc == 0 && open.n > 0)
		rc = slo_openslo(s, open.v, open.n, e);
	vec_free(&open);
	if (rc == 0 && s->n == first)
		rc = err_set(e, ERR_INPUT, "%s: no SLO in it", file);
	return rc;
}
