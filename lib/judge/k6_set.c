/* Which points belong together. */
#include "judge/k6_stats.h"

#include <string.h>

#include "store/observation.h"

static bool
is_csv(const struct k6_part *p)
{
	return sv_is(p->format, "k6-csv");
}

static bool
wanted(struct sv glob, struct sv name)
{
	if (glob.n == 0)
		return true;
	if (sv_is(glob, "./"))
		return sv_chr(name, '/') == name.n;
	if (sv_ends(glob, "/"))
		return name.n > glob.n && sv_eq(sv_head(name, glob.n), glob) && sv_chr(sv_from(name, glob.n), '/') == name.n - glob.n;
	return sv_glob(glob, name);
}

/* CSV times may be whole seconds. */
static bool
same_points(const struct k6_part *a, const struct k6_part *b)
{
	int64_t first = a->first_ms / 1000 - b->first_ms / 1000, last = a->last_ms / 1000 - b->last_ms / 1000;

	return a->points == b->points && first >= -1 && first <= 1 && last >= -1 && last <= 1;
}

/* The same run in both forms is one run: the one with all digits counts. */
static bool
has_twin(const struct k6_set *set, const struct k6_part *csv)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (!is_csv(&set->part[i]) && same_points(csv, &set->part[i]))
			return true;
	return false;
}

/* The same run in both forms is one run: the one with all digits counts. */
static void
drop_twins(struct k6_set *set)
{
	size_t i, kept = 0, n = set->n;
	bool *drop = mem_new(n, sizeof(*drop));

	for (i = 0; i < n; i++)
		drop[i] = is_csv(&set->part[i]) && has_twin(set, &set->part[i]);
	for (i = 0; i < n; i++) {
		if (drop[i])
			set->other = set->part[i].name;
		else
			set->part[kept++] = set->part[i];
	}
	set->n = kept;
	mem_free(drop);
}

/* As many points from the same to the same millisecond: a copy, of which a byte was changed. Parts of one run differ. */
static void
find_again(struct k6_set *set)
{
	size_t i, k;

	for (i = 0; i < set->n; i++)
		for (k = 0; k < i; k++)
			if (set->part[i].points == set->part[k].points && set->part[i].first_ms == set->part[k].first_ms &&
			    set->part[i].last_ms == set->part[k].last_ms && set->part[i].points > 1)
				set->again = set->part[i].name;
}

static int
mark_damaged(struct store *s, struct k6_set *set, struct err *e)
{
	struct store_rows *rows = store_problems_open(s, e);
	struct store_problem p;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_problems_next(rows, &p, e)) == 1)
		for (i = 0; i < set->n; i++)
			if (p.content == set->part[i].content && strcmp(p.severity, "error") == 0)
				set->part[i].damaged = true;
	store_rows_close(rows);
	return rc;
}

int
k6_set_open(struct store *s, struct sv glob, struct arena *a, struct k6_set *set, struct err *e)
{
	struct store_rows *rows = store_observed_open(s, e);
	VEC(struct k6_part) list = {0};
	struct store_observed row;
	size_t i;
	int rc;

	*set = (struct k6_set){.arena = a, .other = SV(""), .again = SV(""), .first_ms = TIME_NONE, .last_ms = TIME_NONE, .whole = true};
	if (rows == NULL)
		return -1;
	while ((rc = store_observed_next(rows, &row, e)) == 1)
		if (wanted(glob, row.name))
			*vec_add(&list) = (struct k6_part){row.content, arena_sv(a, row.name), arena_sv(a, row.format), row.complete,
			    false, row.points, row.first_ms, row.last_ms};
	store_rows_close(rows);
	set->n = list.n;
	set->part = arena_keep(a, list.v, list.n, sizeof(*set->part));
	if (rc < 0 || mark_damaged(s, set, e) < 0)
		return -1;
	drop_twins(set);
	find_again(set);
	set->whole = set->again.n == 0;
	for (i = 0; i < set->n; i++) {
		const struct k6_part *p = &set->part[i];

		set->first_ms = i == 0 || p->first_ms < set->first_ms ? p->first_ms : set->first_ms;
		set->last_ms = i == 0 || p->last_ms > set->last_ms ? p->last_ms : set->last_ms;
		set->points += p->points;
		set->whole = set->whole && p->complete && !p->damaged;
		set->csv = set->csv || is_csv(p);
	}
	return 0;
}
