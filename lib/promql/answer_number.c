/*
 * Numbers for answers of many points. num_text() tries printf() and strtod() until the text reads back; that was half of the
 * time of a range query. Here the same text comes from whole numbers of 128 bits, exactly, for the values that answers
 * are made of: 1e-6 <= |v| < 2^53. All others are num_text()'s.
 */
#include "promql/answer_in.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#define LARGEST_WHOLE 9007199254740992.0

void
pq_answer_whole(uint64_t v, struct sb *out)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	sb_add(out, digits + at, sizeof(digits) - at);
}

#ifdef __SIZEOF_INT128__
typedef unsigned __int128 wide;

#define MOST_DECIMALS 22 /* 10^22 < 2^74, times 53 bits of mantissa fits */

/* mantissa / 2^shift is the value; times 10^decimals it is scaled / 2^shift. */
struct exact {
	uint64_t mantissa;
	int shift, decimals;
	wide power, scaled;
};

static void
scale(struct exact *x, int decimals)
{
	x->decimals = decimals;
	for (x->power = 1; decimals > 0; decimals--)
		x->power *= 10;
	x->scaled = x->power * x->mantissa;
}

/* The whole number nearest to the scaled value; false when two are. */
static bool
nearest(const struct exact *x, uint64_t *m)
{
	wide half = (wide)1 << (x->shift - 1), rest = x->scaled & ((half << 1) - 1);

	*m = (uint64_t)(x->scaled >> x->shift) + (rest > half);
	return rest != half;
}

/* Is the value the double next to m / 10^decimals? One step of the mantissa is 10^decimals in what is scaled. */
static bool
reads_back(const struct exact *x, uint64_t m)
{
	wide written = (wide)m << x->shift;
	wide off = written > x->scaled ? written - x->scaled : x->scaled - written;

	return off * 2 < x->power;
}

static void
add_fraction(uint64_t m, int decimals, struct sb *out)
{
	char text[32];
	size_t at = sizeof(text);

	for (; decimals > 0 && m % 10 == 0; decimals--)
		m /= 10;
	for (; decimals > 0; decimals--, m /= 10)
		text[--at] = (char)('0' + m % 10);
	text[--at] = '.';
	do
		text[--at] = (char)('0' + m % 10);
	while ((m /= 10) > 0);
	sb_add(out, text + at, sizeof(text) - at);
}

/*
 * v > 0 with a fraction. Of 15 digits at most one text reads back, and it is the shortest then, less its zeros; else the
 * nearest one of 16 digits if that reads back, else the nearest of 17, which always does.
 */
static bool
add_shortest(double v, struct sb *out)
{
	const uint64_t hidden = UINT64_C(1) << 52;
	struct exact x = {0};
	uint64_t bits, m;
	int digits, decimals;

	memcpy(&bits, &v, sizeof(bits));
	x.mantissa = (bits & (hidden - 1)) | hidden;
	x.shift = 1075 - (int)(bits >> 52);
	decimals = 14 - (int)floor(log10(v));
	/* Below a power of two doubles are closer together than above it. */
	if (x.mantissa == hidden || decimals + 2 > MOST_DECIMALS || decimals < 0)
		return false;
	for (digits = 15; digits <= 17; digits++, decimals++) {
		scale(&x, decimals);
		if (!nearest(&x, &m) && digits > 15)
			return false;
		if (reads_back(&x, m)) {
			add_fraction(m, decimals, out);
			return true;
		}
	}
	return false;
}
#else
static bool
add_shortest(double v, struct sb *out)
{
	(void)v;
	(void)out;
	return false;
}
#endif

void
pq_answer_number(double v, struct sb *out)
{
	double size = fabs(v);
	char buf[NUM_TEXT];

	if (size < LARGEST_WHOLE && size == floor(size)) {
		if (signbit(v))
			sb_addc(out, '-');
		pq_answer_whole((uint64_t)size, out);
		return;
	}
	if (size >= 1e-6 && size < LARGEST_WHOLE) {
		if (v < 0)
			sb_addc(out, '-');
		if (add_shortest(size, out))
			return;
		v = size;
	}
	sb_adds(out, num_text(v, buf));
}
