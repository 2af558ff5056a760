#include "base/near.h"

#include <string.h>

/* No key or metric that anybody can read is longer. */
#define LONGEST 120

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be put in, left out, changed or swapped with their neighbour
 * (optimal string alignment distance).
 */
static size_t
distance(struct sv a, struct sv b)
{
	size_t row[3][LONGEST + 1], i, j, d;

	a = sv_head(a, LONGEST);
	b = sv_head(b, LONGEST);
	for (j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (i = 1; i <= a.n; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3], *two_up = row[(i + 1) % 3];

		now[0] = i;
		for (j = 1; j <= b.n; j++) {
			d = least(least(up[j], now[j - 1]) + 1,
			    up[j - 1] + (a.p[i - 1] != b.p[j - 1]));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				d = least(d, two_up[j - 2] + 1);
			now[j] = d;
		}
	}
	return row[a.n % 3][b.n];
}

const char *
near_word(struct sv word, const char *const *known)
{
	size_t best = LONGEST, d, longer;
	const char *near = NULL;

	if (word.n > LONGEST)
		return NULL;
	for (; *known != NULL; known++) {
		longer = word.n > strlen(*known) ? word.n : strlen(*known);
		d = distance(word, sv_of(*known));
		/* A third of the letters wrong (of a short word one) is another word. */
		if (d <= (longer < 6 ? 1 : longer / 3) && d < best) {
			best = d;
			near = *known;
		}
	}
	return near;
}
