#include "judge/sums.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "judge/k6_audit.h"

#define PARTS 8 /* more outcomes than this, and any sum comes out somehow */

/* How something ended; the first letters of a name decide ("failures", "denial_rate"). */
static const char *const good[] = {"ok", "pass", "success", "succeed", "good", NULL};
static const char *const other[] = {"fail", "error", "denied", "denial", "reject", "bad", "skip", "timeout", "timed_out", NULL};

static bool
begins(struct sv name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (sv_starts(name, *words))
			return true;
	return false;
}

static struct sv
last_part(struct sv path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '.')
		n--;
	return sv_from(path, n);
}

static struct sv
parent(struct sv path)
{
	return sv_head(path, path.n - last_part(path).n);
}

/* "success_rate", "failed_percent": a share, whatever of. */
static bool
is_share(struct sv name)
{
	return sv_ends(name, "_rate") || sv_ends(name, "_percent") || sv_ends(name, "_pct") || sv_ends(name, "_percentage");
}

struct group { /* claims of one artifact with one parent */
	const struct stated *part[PARTS];
	size_t n;
	const struct stated *total;
	bool any_good, any_other;
	bool doubtful; /* something beside them that is no outcome, or no number */
};

static void
join(struct group *g, const struct stated *s, bool shares)
{
	struct sv name = last_part(s->path);

	if (is_share(name) != shares)
		return;
	if (!shares && sv_is(name, "total")) {
		g->total = s;
		return;
	}
	if (!begins(name, good) && !begins(name, other)) {
		g->doubtful = g->doubtful || !shares;
		return;
	}
	if (g->n == PARTS || !isfinite(s->value) || s->value < 0) {
		g->doubtful = true;
		return;
	}
	g->any_good = g->any_good || begins(name, good);
	g->any_other = g->any_other || begins(name, other);
	g->part[g->n++] = s;
}

/* Does any choice of two parts or more, or one that is all of it, come to the total? Each may be off by its rounding. */
static bool
adds_up(const struct group *g, double total, double off)
{
	unsigned set, last = 1U << g->n;
	size_t i;

	for (set = 1; set < last; set++) {
		double sum = 0, round = off;

		for (i = 0; i < g->n; i++)
			if (set >> i & 1) {
				sum += g->part[i]->value;
				round += num_decimals(sv_trim(g->part[i]->text)) > 0 ? reckon_rounding(g->part[i]->text) : 0;
			}
		if (fabs(sum - total) <= round + 1e-9 * total)
			return true;
	}
	return false;
}

/* Does a check of the profile speak of that path? */
static bool
checked(const struct profile *p, struct sv path)
{
	size_t i;

	for (i = 0; i < p->n_claims; i++)
		if (p->claims[i].check.n > 0 && (sv_find(p->claims[i].check, path) < p->claims[i].check.n ||
						    sv_find(p->claims[i].equals, path) < p->claims[i].equals.n))
			return true;
	return false;
}

static const char *
listed(struct reckoning *k, const struct group *g)
{
	struct sb out = {0};
	const char *text;
	size_t i;

	for (i = 0; i < g->n; i++)
		sb_addf(&out, "%s%" SV_FMT " %" SV_FMT, i == 0 ? "" : i + 1 == g->n ? " and " : ", ", SV_ARG(g->part[i]->path),
		    SV_ARG(g->part[i]->text));
	text = arena_str(k->j->arena, sb_sv(&out));
	sb_free(&out);
	return text;
}

static void
audit(struct reckoning *k, const struct group *g, bool shares)
{
	const struct stated *first = g->part[0];
	struct arena *a = k->j->arena;
	size_t i;

	if (g->n < 2 || !g->any_good || !g->any_other || g->doubtful || (!shares && (g->total == NULL || !isfinite(g->total->value))))
		return;
	for (i = 0; i < g->n; i++)
		if (checked(k->j->profile, g->part[i]->path))
			return;
	if (shares) {
		bool fractions = true;

		for (i = 0; i < g->n; i++)
			fractions = fractions && g->part[i]->value <= 1;
		if (adds_up(g, 100, 0) || (fractions && adds_up(g, 1, 0)))
			return;
		judge_contradict(k->j, arena_fmt(a, "claim/%" SV_FMT "/%" SV_FMT "shares", SV_ARG(sv_base(first->source)), SV_ARG(parent(first->path))),
		    sv_of(arena_fmt(a, "%" SV_FMT ":%lld", SV_ARG(first->source), (long long)first->line)),
		    arena_fmt(a, "%" SV_FMT ": the shares do not total 100 %%: %s.", SV_ARG(first->source), listed(k, g)));
		return;
	}
	if (adds_up(g, g->total->value, num_decimals(sv_trim(g->total->text)) > 0 ? reckon_rounding(g->total->text) : 0))
		return;
	judge_contradict(k->j, arena_fmt(a, "claim/%" SV_FMT "/%" SV_FMT "/sum", SV_ARG(sv_base(g->total->source)), SV_ARG(g->total->path)),
	    sv_of(arena_fmt(a, "%" SV_FMT ":%lld", SV_ARG(g->total->source), (long long)g->total->line)),
	    arena_fmt(a, "%" SV_FMT ": %" SV_FMT " is %" SV_FMT ", which its parts do not add up to: %s.", SV_ARG(g->total->source),
		SV_ARG(g->total->path), SV_ARG(g->total->text), listed(k, g)));
}

/* Is i the first claim of its artifact with its parent? */
static bool
is_first(const struct reckoning *k, size_t i)
{
	size_t n;

	for (n = 0; n < i; n++)
		if (k->claim[n].content == k->claim[i].content && sv_eq(parent(k->claim[n].path), parent(k->claim[i].path)))
			return false;
	return true;
}

void
sums_audit(struct reckoning *k)
{
	size_t i, n;
	int shares;

	for (i = 0; i < k->n_claims; i++) {
		if (k6_audits(k->claim[i].path) || !is_first(k, i))
			continue;
		for (shares = 0; shares < 2; shares++) {
			struct group g = {0};

			for (n = i; n < k->n_claims; n++)
				if (k->claim[n].content == k->claim[i].content && sv_eq(parent(k->claim[n].path), parent(k->claim[i].path)))
					join(&g, &k->claim[n], shares);
			audit(k, &g, shares);
		}
	}
}
