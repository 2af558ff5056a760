/*
 * waive - people_waive(): a waiver turns FAIL or INCONCLUSIVE into WAIVED, never into PASS.
 *
 * It covers what it was given for: the things whose labels it names, and no worse a number than its author saw.
 */
#include "judge/people.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"

/* Does the finding have all labels that the waiver names? A waiver that names none covers everything. */
static bool
covers(const struct profile_waiver *w, const struct finding *f)
{
	size_t i;

	for (i = 0; i < w->match.n; i++)
		if (!sv_eq(labels_get(&f->labels, w->match.v[i].name.p), w->match.v[i].value))
			return false;
	return true;
}

/* "98.9 % of ..." as 0.989 with half a unit of its last digit; false where it does not begin with a number. */
static bool
seen_then(struct sv text, struct sv unit, double *v, double *off)
{
	struct sv number = sv_trim(text);
	size_t n = 0;
	bool percent;

	while (n < number.n && ((number.p[n] >= '0' && number.p[n] <= '9') || number.p[n] == '.'))
		n++;
	percent = sv_starts(sv_trim(sv_from(number, n)), "%");
	if (percent != sv_is(unit, "ratio") || !num_parse(sv_head(number, n), v))
		return false;
	*off = 0.5 * pow(10, -num_decimals(sv_head(number, n)));
	if (percent) {
		*v /= 100;
		*off /= 100;
	}
	return true;
}

/* Is what was observed now worse than what the waiver was given for? Which direction is worse the margin says. */
static bool
is_worse(const struct criterion_result *r, const struct profile_waiver *w)
{
	double then, off, now = r->observed.value, more;

	if (!r->observed.known || !r->required.known || !r->margin.known || w->match.n > 0 ||
	    !seen_then(w->observed, r->observed.unit, &then, &off))
		return false;
	more = now - r->required.value; /* the margin, where more is better */
	if (fabs(r->margin.value - more) <= fabs(r->margin.value + more))
		return now < then - off;
	return now > then + off;
}

/* Why the waiver does not hold for anything of r, or NULL. */
static const char *
idle(struct judging *j, const struct criterion_result *r, const struct profile_waiver *w, int64_t now)
{
	if (r->outcome != OUTCOME_FAIL && r->outcome != OUTCOME_INCONCLUSIVE)
		return arena_fmt(j->arena, "there is nothing to waive: the criterion is %s", outcome_text(r->outcome));
	if (now == TIME_NONE)
		return "whether it has expired is not known: nothing says when the run ended (--now TIME)";
	if (w->match.n > 0 && r->n_findings == 0)
		return "nothing that was found bad has labels";
	if (is_worse(r, w))
		return arena_fmt(j->arena, "it was given for %" SV_FMT ", and this is worse: %" SV_FMT, SV_ARG(w->observed),
		    SV_ARG(r->observed.text));
	return NULL;
}

static int
check_expiry(const struct profile *p, int64_t now, struct err *e)
{
	char x[TIME_TEXT], y[TIME_TEXT];
	size_t i;

	for (i = 0; i < p->n_waivers; i++)
		if (now != TIME_NONE && p->waivers[i].expires <= now)
			return doc_err(doc_get(p->waivers[i].at, "expires"), e, "the waiver %" SV_FMT " expired at %s; now is %s",
			    SV_ARG(p->waivers[i].id), time_text(p->waivers[i].expires, x), time_text(now, y));
	return 0;
}

/* Applies one waiver; true when it covers something. */
static bool
apply(struct criterion_result *r, const struct profile_waiver *w)
{
	bool used = false;
	size_t i;

	if (r->n_findings == 0)
		return true;
	for (i = 0; i < r->n_findings; i++)
		if (r->finding[i].waiver == NULL && covers(w, &r->finding[i])) {
			r->finding[i].waiver = w;
			used = true;
		}
	return used;
}

/* All that was found is covered: WAIVED. Else what is not covered is named. */
static void
settle(struct judging *j, struct criterion_result *r)
{
	struct sb open = {0};
	size_t i, n = 0;

	for (i = 0; i < r->n_findings; i++)
		if (r->finding[i].waiver == NULL && n++ < 5)
			sb_addf(&open, "%s%" SV_FMT, n > 1 ? ", " : "", SV_ARG(r->finding[i].text));
	if (n == 0) {
		r->before = r->outcome;
		r->outcome = OUTCOME_WAIVED;
		r->settle = SV("");
	} else {
		r->sentence = sv_of(arena_fmt(j->arena, "%" SV_FMT " Not covered by a waiver: %s%s.", SV_ARG(r->sentence), sb_str(&open),
		    n > 5 ? arena_fmt(j->arena, " and %zu more", n - 5) : ""));
	}
	sb_free(&open);
}

static struct criterion_result *
criterion_of(struct verdict *v, struct sv id)
{
	size_t i;

	for (i = 0; !sv_eq(v->criteria[i].criterion->id, id); i++)
		;
	return &v->criteria[i];
}

int
people_waive(struct judging *j, int64_t now, struct err *e)
{
	const struct profile *p = j->profile;
	struct verdict *v = j->v;
	size_t i;

	if (check_expiry(p, now, e) < 0)
		return -1;
	v->n_waivers = p->n_waivers;
	v->waivers = arena_new(j->arena, v->n_waivers, sizeof(*v->waivers));
	for (i = 0; i < p->n_waivers; i++) {
		const struct profile_waiver *w = &p->waivers[i];
		struct waiver_result *out = &v->waivers[i];
		struct criterion_result *r = criterion_of(v, w->criterion);
		const char *why = idle(j, r, w, now);

		out->waiver = w;
		if (why == NULL && !apply(r, w))
			why = "nothing that was found bad has these labels";
		out->used = why == NULL;
		out->why = sv_of(why == NULL ? "" : why);
		r->touched = r->touched || out->used;
	}
	for (i = 0; i < v->n_criteria; i++)
		if (v->criteria[i].touched)
			settle(j, &v->criteria[i]);
	return 0;
}
