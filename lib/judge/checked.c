#include "judge/checked.h"

bool
checked_reading(const struct pq_sample *m, struct check *out)
{
	if (m->stale || (m->v != 0 && m->v != 1)) /* NaN is neither */
		return false;
	*out = (struct check){m->t, m->v == 1};
	return true;
}

int
checked_series(struct pq_source *src, const struct pq_series *s, const struct checks_opts *o, struct arena *a, struct availability *out,
    struct err *e)
{
	struct arena scratch = {0};
	struct pq_sample *p = NULL;
	struct check *c;
	size_t n = 0, i, k = 0;
	int rc = src->samples(src, s, o->window.from, o->window.to, &scratch, &p, &n, e);

	if (rc == 0) {
		c = arena_new(&scratch, n, sizeof(*c));
		for (i = 0; i < n; i++)
			k += checked_reading(&p[i], &c[k]);
		if (k > 0)
			checks_measure(a, c, k, o, out);
		rc = k > 0;
	}
	arena_free(&scratch);
	return rc;
}
