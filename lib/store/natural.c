#include "store/private.h"

#include <string.h>

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The run of digits at *p, without leading zeros; *p moves past it. */
static struct sv
digits(const unsigned char **p, const unsigned char *end)
{
	const unsigned char *from;

	while (*p < end && **p == '0')
		(*p)++;
	from = *p;
	while (*p < end && is_digit(**p))
		(*p)++;
	return (struct sv){(const char *)from, (size_t)(*p - from)};
}

/*
 * Digits stand together in ASCII, so that a byte that is no digit is below or
 * above all of them: the order is total. Names that differ only in leading
 * zeros are ordered bytewise.
 */
int
db_natural(void *ctx, int an, const void *a, int bn, const void *b)
{
	const unsigned char *p = a, *q = b, *pend = p + an, *qend = q + bn;
	struct sv x, y;
	int c;

	(void)ctx;
	while (p < pend && q < qend) {
		if (is_digit(*p) && is_digit(*q)) {
			x = digits(&p, pend);
			y = digits(&q, qend);
			if (x.n != y.n)
				return x.n < y.n ? -1 : 1;
			if ((c = memcmp(x.p, y.p, x.n)) != 0)
				return c;
		} else if (*p != *q) {
			return *p < *q ? -1 : 1;
		} else {
			p++;
			q++;
		}
	}
	if (p < pend || q < qend)
		return p < pend ? 1 : -1;
	c = memcmp(a, b, (size_t)(an < bn ? an : bn));
	return c != 0 ? c : (an > bn) - (an < bn);
}
