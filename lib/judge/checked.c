#include "judge/checked.h"

#include <math.h>

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
			if (!p[i].stale && !isnan(p[i].v))
				c[k++] = (struct check){p[i].t, p[i].v > 0};
		if (k > 0)
			checks_measure(a, c, k, o, out);
		rc = k > 0;
	}
	arena_free(&scratch);
	return rc;
}
