#include "judge/k6_audit.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "judge/figure.h"

#define TOLD 20 /* contradictions of one summary that are listed each */

bool
k6_audits(struct sv path)
{
	return sv_starts(path, "k6/");
}

/* Takes what off the path: *name, and *part behind the last slash. */
static bool
path_parts(struct sv path, const char *what, struct sv *name, struct sv *part)
{
	size_t i;

	if (!sv_starts(path, what))
		return false;
	path = sv_from(path, strlen(what));
	for (i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		;
	*name = sv_head(path, i > 0 ? i - 1 : 0);
	*part = sv_from(path, i);
	return true;
}

/* What bounds the difference that CSV's six decimals can make to a value of that kind. */
static double
csv_slack(const struct k6_stats *st, enum k6_stat stat)
{
	return stat == K6_COUNT && sv_is(st->type, "counter") ? 5e-7 * (double)st->n : 1e-6;
}

static enum k6_agreement
compare(const struct k6_run *r, const struct k6_stats *st, enum k6_stat stat, double claimed, double value, const char **why)
{
	/* On amd64 all are equal bit for bit; Go on arm64 fuses a percentile's multiplication and addition. */
	double slack = 1e-15 * fabs(value) + (r->set.csv ? csv_slack(st, stat) : 0);

	if (fabs(claimed - value) <= slack)
		return K6_EQUAL;
	if (!r->set.whole || st->hidden > 0) {
		*why = "not all points, or not all of their tags, are here";
		return K6_OPEN;
	}
	return K6_DIFFERS;
}

static enum k6_agreement
audit_value(const struct k6_run *r, struct sv name, struct sv part, double claimed, double *value, const char **why)
{
	size_t i = k6_run_find(r, name);
	const struct k6_stats *st = i < r->n_stats ? &r->stats[i] : NULL;
	enum k6_stat stat;
	double p;

	if (st == NULL)
		return K6_NOT_OURS;
	if (sv_is(part, "passes") || sv_is(part, "fails")) {
		*value = (double)(sv_is(part, "passes") ? st->nonzero : st->n - st->nonzero);
		return compare(r, st, K6_VALUE, claimed, *value, why);
	}
	if (!k6_stat_parse(part, &stat, &p))
		return K6_NOT_OURS;
	/* The flat form calls a rate's rate its value. */
	if (stat == K6_VALUE && sv_is(st->type, "rate"))
		stat = K6_RATE;
	*value = k6_stats_get(st, stat, p, r->seconds);
	if (stat == K6_RATE && sv_is(st->type, "counter") && !r->seconds_stated) {
		*why = "no artifact states how long k6 took the run to be";
		return K6_OPEN;
	}
	if (st->n > 0 && st->type.n == 0 && (stat == K6_COUNT || stat == K6_RATE || stat == K6_VALUE)) {
		*why = "the points do not say what type the metric has";
		return K6_OPEN;
	}
	return compare(r, st, stat, claimed, *value, why);
}

static enum k6_agreement
audit_threshold(const struct k6_run *r, struct sv name, struct sv text, struct sv claimed, double *value, const char **why)
{
	size_t i = k6_run_find(r, name);
	struct k6_threshold t;
	struct err ignored;
	const struct k6_stats *st = i < r->n_stats ? &r->stats[i] : NULL;

	if (st == NULL || k6_threshold_parse(text, &t, &ignored) < 0)
		return K6_NOT_OURS;
	if (st->n == 0) {
		*why = "there is not one point that it could have been evaluated on";
		return K6_OPEN;
	}
	*value = k6_stats_get(st, t.stat, t.p, r->seconds);
	if (t.stat == K6_RATE && sv_is(st->type, "counter") && !r->seconds_stated) {
		*why = "no artifact states how long k6 took the run to be";
		return K6_OPEN;
	}
	if (k6_threshold_holds(&t, *value) == sv_is(claimed, "passed"))
		return K6_EQUAL;
	if (!r->set.whole || r->set.csv || st->hidden > 0) {
		*why = "not all points, or not all of their digits or tags, are here";
		return K6_OPEN;
	}
	return K6_DIFFERS;
}

/* By its path; in the newer form by its name alone, in all groups together. */
static enum k6_agreement
audit_check(const struct k6_run *r, bool by_path, struct sv name, struct sv part, double claimed, double *value, const char **why)
{
	const struct k6_stats *st = NULL;
	size_t i;

	*value = 0;
	for (i = 0; i < r->n_checks; i++) {
		if (!sv_eq(by_path ? r->check[i].path : r->check[i].name, name))
			continue;
		st = &r->stats[r->check[i].stats];
		*value += (double)(sv_is(part, "passes") ? st->nonzero : st->n - st->nonzero);
	}
	if (*value == claimed)
		return K6_EQUAL;
	if (!r->set.whole) {
		*why = "not all points are here";
		return K6_OPEN;
	}
	return K6_DIFFERS;
}

/* A number printed for people, cut to a few digits: the recomputed one has to print the same. */
static enum k6_agreement
audit_printed(const struct k6_run *r, struct sv name, struct sv part, struct sv text, double *value, const char **why)
{
	size_t i = k6_run_find(r, name);
	const struct k6_stats *st = i < r->n_stats ? &r->stats[i] : NULL;
	struct sb again = {0};
	enum k6_stat stat;
	bool same;
	double p;

	if (st == NULL || !k6_stat_parse(part, &stat, &p))
		return K6_NOT_OURS;
	*value = k6_stats_get(st, stat, p, r->seconds);
	if (st->n == 0 && !st->known)
		return K6_NOT_OURS;
	if (stat == K6_RATE && sv_is(st->type, "counter") && !r->seconds_stated) {
		*why = "no artifact states how long k6 took the run to be";
		return K6_OPEN;
	}
	if (sv_is(part, "count") && !sv_is(st->type, "counter"))
		sb_addf(&again, "%lld", (long long)st->n);
	else
		k6_humanize(&again, *value, st->type, st->contains);
	if (stat == K6_RATE && sv_is(st->type, "counter"))
		sb_adds(&again, "/s");
	same = sv_eq(sb_sv(&again), text);
	sb_free(&again);
	if (same)
		return K6_EQUAL;
	if (!r->set.whole || r->set.csv || st->hidden > 0) {
		*why = "not all points, or not all of their digits or tags, are here";
		return K6_OPEN;
	}
	return K6_DIFFERS;
}

enum k6_agreement
k6_audit_claim(const struct k6_run *r, const struct k6_stated *claim, double *value, const char **why)
{
	struct sv name, part;

	*value = NAN;
	*why = "there are no points to check it by";
	if (r->set.n == 0)
		return k6_audits(claim->path) && !sv_starts(claim->path, "k6/interrupted") ? K6_OPEN : K6_NOT_OURS;
	*why = "";
	if (path_parts(claim->path, "k6/metric/", &name, &part))
		return audit_value(r, name, part, claim->value, value, why);
	if (path_parts(claim->path, "k6/threshold/", &name, &part))
		return audit_threshold(r, name, part, claim->text, value, why);
	if (path_parts(claim->path, "k6/check/", &name, &part))
		return audit_check(r, true, name, part, claim->value, value, why);
	if (path_parts(claim->path, "k6/check_name/", &name, &part))
		return audit_check(r, false, name, part, claim->value, value, why);
	if (path_parts(claim->path, "k6/printed/", &name, &part))
		return audit_printed(r, name, part, claim->text, value, why);
	return K6_NOT_OURS;
}

/* --- into the verdict --------------------------------------------------------------------------- */

struct report { /* on all summaries of all runs */
	struct judging *j;
	VEC(struct claim_result) claims;
	VEC(struct contradiction) contradictions;
	VEC(struct evidence_result) evidence;
};

struct tally {
	int64_t asked, equal, differ, open;
	const struct k6_stated *first_open;
	const char *why;
};

static void
contradict(struct report *p, const struct k6_stated *c, double value)
{
	struct arena *a = p->j->arena;
	char num[NUM_TEXT];

	*vec_add(&p->contradictions) = (struct contradiction){
	    .id = sv_of(arena_fmt(a, "claim/%" SV_FMT "/%" SV_FMT, SV_ARG(sv_base(c->source)), SV_ARG(c->path))),
	    .source = sv_of(arena_fmt(a, "%" SV_FMT ":%lld", SV_ARG(c->source), (long long)c->line)),
	    .sentence = sv_of(arena_fmt(a, "%" SV_FMT ":%lld claims %" SV_FMT " = %" SV_FMT ", the points give %s.", SV_ARG(c->source),
		(long long)c->line, SV_ARG(c->path), SV_ARG(c->text), num_text(value, num))),
	};
}

static struct sv
tally_sentence(struct arena *a, const struct k6_run *r, struct sv source, const struct tally *t)
{
	const char *open = t->open == 0 ? "" : arena_fmt(a, " %lld stay open (%" SV_FMT ": %s).", (long long)t->open,
	    SV_ARG(t->first_open->path), t->why);

	if (r->set.n == 0)
		return sv_of(arena_fmt(a, "%" SV_FMT " states %lld numbers; there are no points to check them by.", SV_ARG(source),
		    (long long)t->asked));
	if (t->differ > 0)
		return sv_of(arena_fmt(a, "%lld of the %lld numbers in %" SV_FMT " are not what the points give.%s", (long long)t->differ,
		    (long long)t->asked, SV_ARG(source), open));
	return sv_of(arena_fmt(a, "%lld of the %lld numbers in %" SV_FMT " are what the points give%s.%s", (long long)t->equal,
	    (long long)t->asked, SV_ARG(source), r->set.csv ? ", within the six decimals of CSV" : " to the last digit it states", open));
}

/* All that one artifact states, in one line. */
static void
audit_source(struct report *p, const struct k6_run *r, struct sv source)
{
	struct arena *a = p->j->arena;
	struct claim_result *out;
	struct tally t = {0};
	const char *why, *id;
	char num[NUM_TEXT];
	double value;
	size_t i;

	for (i = 0; i < r->n_stated; i++) {
		const struct k6_stated *c = &r->stated[i];

		if (!sv_eq(c->source, source))
			continue;
		switch (k6_audit_claim(r, c, &value, &why)) {
		case K6_EQUAL:
			t.equal++;
			break;
		case K6_DIFFERS:
			if (t.differ++ < TOLD)
				contradict(p, c, value);
			break;
		case K6_OPEN:
			if (t.open++ == 0) {
				t.first_open = c;
				t.why = why;
			}
			break;
		case K6_NOT_OURS:
			continue;
		}
		t.asked++;
	}
	if (t.asked == 0)
		return;
	id = arena_fmt(a, "claim/%" SV_FMT "/k6", SV_ARG(source));
	out = vec_add(&p->claims);
	*out = (struct claim_result){.id = sv_of(id), .path = SV("k6"), .source = source, .definition = SV(""), .because = SV(""),
	    .claimed = sv_of(arena_fmt(a, "%s numbers", num_count(t.asked, num)))};
	figure_count(a, &out->recomputed, arena_fmt(a, "%s/recomputed", id), (double)t.equal);
	out->state = r->set.n == 0 ? CLAIM_NOT_AUDITED : t.differ > 0 ? CLAIM_CONTRADICTED
	    : t.equal == 0 ? CLAIM_UNDECIDED : CLAIM_EXPLAINED;
	out->sentence = tally_sentence(a, r, source, &t);
}

/* The part of a set that is called so, alone. 0 or -1. */
static int
open_part(struct judging *j, struct sv name, struct k6_set *set, struct err *e)
{
	size_t i;

	if (k6_set_open(j->store, name, j->arena, set, e) < 0)
		return -1;
	for (i = 0; i < set->n && !sv_eq(set->part[i].name, name); i++)
		;
	if (i < set->n)
		set->part[0] = set->part[i];
	set->n = i < set->n;
	return 0;
}

/* The same points as CSV: as many of each metric, and the same sums within six decimals. */
static int
audit_twin(struct report *p, const struct k6_run *r, struct err *e)
{
	struct arena *a = p->j->arena;
	struct k6_stats *both[2] = {arena_new(a, r->n_named + 1, sizeof(**both)), arena_new(a, r->n_named + 1, sizeof(**both))};
	struct claim_result *out;
	struct k6_set set;
	const char *id, *off = NULL;
	char num[NUM_TEXT];
	size_t i, n = 0;

	for (i = 0; i < r->n_named; i++)
		if (r->stats[i].name.tags.n == 0) {
			both[0][n].name = both[1][n].name = r->stats[i].name;
			both[0][n].without = both[1][n].without = SV("");
			n++;
		}
	if (open_part(p->j, r->set.other, &set, e) < 0 || k6_stats_collect(p->j->store, &set, NULL, 0, both[0], n, NULL, e) < 0 ||
	    k6_stats_collect(p->j->store, &r->set, NULL, 0, both[1], n, NULL, e) < 0)
		return -1;
	for (i = 0; i < n && off == NULL; i++)
		if (both[0][i].n != both[1][i].n || fabs(both[0][i].sum - both[1][i].sum) > 1e-6 * (double)both[1][i].n)
			off = arena_fmt(a, "%" SV_FMT " does not hold the same points of %" SV_FMT " as %" SV_FMT ".", SV_ARG(r->set.other),
			    SV_ARG(both[0][i].name.metric), SV_ARG(r->set.part[0].name));
	id = arena_fmt(a, "claim/%" SV_FMT "/k6", SV_ARG(r->set.other));
	out = vec_add(&p->claims);
	*out = (struct claim_result){.id = sv_of(id), .path = SV("k6"), .source = r->set.other, .definition = SV(""), .because = SV(""),
	    .claimed = sv_of(arena_fmt(a, "%s points", num_count(r->set.points, num))),
	    .state = off == NULL ? CLAIM_EXPLAINED : CLAIM_CONTRADICTED};
	figure_count(a, &out->recomputed, arena_fmt(a, "%s/recomputed", id), (double)r->set.points);
	out->sentence = sv_of(off != NULL ? off
					  : arena_fmt(a, "%" SV_FMT " holds the same points as %" SV_FMT ", rounded to six decimals: as many of "
							 "each metric, with the same sums within that.",
						SV_ARG(r->set.other), SV_ARG(r->set.part[0].name)));
	if (off != NULL)
		*vec_add(&p->contradictions) = (struct contradiction){out->id, out->sentence, r->set.other};
	return 0;
}

/* What says that the run did not come to its end. */
static void
look_interrupted(struct report *p, const struct k6_run *r)
{
	struct arena *a = p->j->arena;
	struct evidence_result *out;
	VEC(struct sv) list = {0};
	size_t i;

	for (i = 0; i < r->n_stated; i++)
		if (sv_starts(r->stated[i].path, "k6/interrupted"))
			*vec_add(&list) = sv_of(arena_fmt(a, "%" SV_FMT ":%lld: %" SV_FMT, SV_ARG(r->stated[i].source),
			    (long long)r->stated[i].line, SV_ARG(r->stated[i].text)));
	for (i = 0; i < r->set.n; i++)
		if (!r->set.part[i].complete)
			*vec_add(&list) = sv_of(arena_fmt(a, "%" SV_FMT ": reading it was cut short", SV_ARG(r->set.part[i].name)));
		else if (r->set.part[i].damaged)
			*vec_add(&list) = sv_of(arena_fmt(a, "%" SV_FMT ": points are missing, see its problems",
			    SV_ARG(r->set.part[i].name)));
	if (list.n == 0)
		return;
	out = vec_add(&p->evidence);
	*out = (struct evidence_result){.id = SV("evidence/k6-run"), .title = SV("k6's run, whole"), .expected = 1, .n_missing = list.n,
	    .n_brief = list.n, .sentence = SV("k6's run did not come to its end, or not all of it is here.")};
	out->missing = arena_keep(a, list.v, list.n, sizeof(*out->missing));
	out->brief = out->missing;
}

static int
audit_run(struct report *p, struct sv folder, struct err *e)
{
	struct arena *a = p->j->arena;
	VEC(struct sv) done = {0};
	struct k6_run r;
	size_t i, k;
	int rc = k6_run_stated(p->j->store, folder, a, &r, e);

	/* Reading all points is worth it only where something is claimed. */
	if (rc == 0 && (r.n_stated > 0 || r.set.other.n > 0))
		rc = k6_run_open(p->j->store, folder, a, &r, e);
	for (i = 0; i < r.n_stated && rc == 0; i++) {
		for (k = 0; k < done.n && !sv_eq(done.v[k], r.stated[i].source); k++)
			;
		if (k == done.n) {
			*vec_add(&done) = r.stated[i].source;
			audit_source(p, &r, r.stated[i].source);
		}
	}
	if (rc == 0 && r.set.other.n > 0 && r.set.n > 0)
		rc = audit_twin(p, &r, e);
	if (rc == 0)
		look_interrupted(p, &r);
	vec_free(&done);
	k6_run_close(&r);
	return rc;
}

/* Behind what the verdict has already; the lists themselves are replaced. */
static void
hand_over(struct report *p)
{
	struct verdict *v = p->j->v;
	struct arena *a = p->j->arena;
	struct claim_result *claims = arena_new(a, v->n_claims + p->claims.n, sizeof(*claims));
	struct contradiction *found = arena_new(a, v->n_contradictions + p->contradictions.n, sizeof(*found));
	struct evidence_result *evidence = arena_new(a, v->n_evidence + p->evidence.n, sizeof(*evidence));
	size_t i;

	for (i = 0; i < v->n_claims; i++)
		claims[i] = v->claims[i];
	for (i = 0; i < p->claims.n; i++)
		claims[v->n_claims++] = p->claims.v[i];
	for (i = 0; i < v->n_contradictions; i++)
		found[i] = v->contradictions[i];
	for (i = 0; i < p->contradictions.n; i++)
		found[v->n_contradictions++] = p->contradictions.v[i];
	for (i = 0; i < v->n_evidence; i++)
		evidence[i] = v->evidence[i];
	for (i = 0; i < p->evidence.n; i++)
		evidence[v->n_evidence++] = p->evidence.v[i];
	v->claims = claims;
	v->contradictions = found;
	v->evidence = evidence;
	vec_free(&p->claims);
	vec_free(&p->contradictions);
	vec_free(&p->evidence);
}

int
k6_audit(struct judging *j, struct err *e)
{
	struct report p = {.j = j};
	struct sv *folder;
	size_t i, n;
	int rc = 0;

	if (k6_folders(j->store, j->arena, &folder, &n, e) < 0)
		return -1;
	/* Without points all summaries are told of together. */
	if (n == 0)
		rc = audit_run(&p, SV(""), e);
	for (i = 0; i < n && rc == 0; i++)
		rc = audit_run(&p, folder[i], e);
	hand_over(&p);
	return rc;
}
