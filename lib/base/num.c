#define _GNU_SOURCE /* strtod_l() */
#include "base/num.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Is s, in any case, the lower-case word? */
static bool
is_word(struct sv s, const char *word)
{
	size_t i;

	for (i = 0; i < s.n && word[i] != '\0'; i++)
		if ((s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] - 'A' + 'a' : s.p[i]) != word[i])
			return false;
	return i == s.n && word[i] == '\0';
}

/* A decimal number taken apart: digits * 10^exp10, when few say exact. */
struct decimal {
	uint64_t digits; /* of the first 19 significant ones */
	int64_t exp10;
	bool exact;      /* digits holds all of them */
	int64_t after;   /* digits behind the point, less the exponent */
};

/* [0-9]* [. [0-9]*] [e [+-] [0-9]+] with at least one digit; false if s is not that. */
static bool
take_apart(struct sv s, struct decimal *d)
{
	size_t i = 0, digits = 0, seen = 0;
	bool point = false, minus = false;
	int64_t exp = 0;

	*d = (struct decimal){.exact = true};
	for (; i < s.n && (is_digit(s.p[i]) || (s.p[i] == '.' && !point)); i++) {
		if (s.p[i] == '.') {
			point = true;
			continue;
		}
		seen++;
		d->after += point;
		if (digits == 0 && s.p[i] == '0') {
			d->exp10 -= point;
		} else if (digits < 19) {
			digits++;
			d->digits = d->digits * 10 + (uint64_t)(s.p[i] - '0');
			d->exp10 -= point;
		} else {
			d->exact = false;
			d->exp10 += !point;
		}
	}
	if (seen == 0)
		return false;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		if (++i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
			minus = s.p[i++] == '-';
		if (i == s.n)
			return false;
		for (; i < s.n && is_digit(s.p[i]); i++)
			if (exp < 1000000000)
				exp = exp * 10 + (s.p[i] - '0');
		d->exp10 += minus ? -exp : exp;
		d->after -= minus ? -exp : exp;
	}
	return i == s.n;
}

/* strtod() with '.' as the point whatever the process's locale. */
static double
read_c(const char *s)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double v;

	if (c == (locale_t)0)
		mem_out();
	v = strtod_l(s, NULL, c);
	freelocale(c);
	return v;
}

static double
read_slow(struct sv s)
{
	char small[64], *big;
	double v;

	if (s.n < sizeof(small)) {
		memcpy(small, s.p, s.n);
		small[s.n] = '\0';
		return read_c(small);
	}
	big = mem_dup(s.p, s.n);
	v = read_c(big);
	mem_free(big);
	return v;
}

bool
num_parse(struct sv s, double *v)
{
	/* Powers of ten that a double holds exactly. */
	static const double ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
	    1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	bool minus = s.n > 0 && s.p[0] == '-';
	bool sign = minus || (s.n > 0 && s.p[0] == '+');
	struct decimal d;
	double r;

	if (is_word(s, "nan")) {
		*v = NAN;
		return true;
	}
	s = sv_from(s, sign);
	if (is_word(s, "inf") || is_word(s, "infinity")) {
		*v = minus ? -INFINITY : INFINITY;
		return true;
	}
	if (!take_apart(s, &d))
		return false;
	/* Two exact operands and one rounding (Clinger 1990). */
	if (FLT_EVAL_METHOD == 0 && d.exact && d.digits <= UINT64_C(1) << DBL_MANT_DIG &&
	    d.exp10 >= -22 && d.exp10 <= 22) {
		r = d.exp10 < 0 ? (double)d.digits / ten[-d.exp10]
		    : (double)d.digits * ten[d.exp10];
	} else {
		r = read_slow(s);
	}
	if (isinf(r))
		return false;
	*v = minus ? -r : r;
	return true;
}

bool
num_parse_int(struct sv s, int64_t *v)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t limit = (uint64_t)INT64_MAX + minus, r = 0, digit;
	size_t i;

	s = sv_from(s, minus);
	if (s.n == 0)
		return false;
	for (i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
		digit = (uint64_t)(s.p[i] - '0');
		if (r > (limit - digit) / 10)
			return false;
		r = r * 10 + digit;
	}
	*v = !minus ? (int64_t)r : r == 0 ? 0 : -(int64_t)(r - 1) - 1;
	return true;
}

/* v > 0 in n significant digits: digits[0] . digits[1..] * 10^*exp10. */
static void
print_digits(double v, int n, char digits[32], int *exp10)
{
	char raw[64];
	const char *p;
	size_t k = 0;

	/* Only the digits are taken, so that the locale's point does not matter. */
	snprintf(raw, sizeof(raw), "%.*e", n - 1, v);
	for (p = raw; *p != 'e' && *p != '\0'; p++)
		if (is_digit(*p))
			digits[k++] = *p;
	digits[k] = '\0';
	*exp10 = *p == 'e' ? (int)strtol(p + 1, NULL, 10) : 0;
}

static bool
reads_back(double v, const char *digits, int exp10)
{
	char raw[64];

	snprintf(raw, sizeof(raw), "%se%d", digits, exp10 - (int)strlen(digits) + 1);
	return read_c(raw) == v;
}

/* The next decimal up, where that needs no carry into a new digit. */
static bool
next_up(char *digits)
{
	size_t i = strlen(digits);

	while (i > 0 && digits[i - 1] == '9')
		digits[--i] = '0';
	if (i == 0)
		return false;
	digits[i - 1]++;
	return true;
}

/* The fewest digits of v > 0 that read back as v, and of those the closest. */
static void
shortest(double v, char digits[32], int *exp10)
{
	/* In 15 digits every decimal survives a normal double, so fewer need not be tried. */
	int exp2, n = v >= DBL_MIN ? DBL_DIG : 1;
	bool power_of_two = frexp(v, &exp2) == 0.5;
	size_t k;

	for (;; n++) {
		print_digits(v, n, digits, exp10);
		if (n >= DBL_DECIMAL_DIG || reads_back(v, digits, *exp10))
			break;
		/* Below a power of two doubles lie closer: the farther decimal can be the one. */
		if (power_of_two && next_up(digits) && reads_back(v, digits, *exp10))
			break;
	}
	for (k = strlen(digits); k > 1 && digits[k - 1] == '0'; k--)
		digits[k - 1] = '\0';
}

/* What is not a number's digits: true if v was that. */
static bool
print_special(double v, char buf[NUM_TEXT])
{
	if (!isnan(v) && !isinf(v))
		return false;
	snprintf(buf, NUM_TEXT, "%s", isnan(v) ? "NaN" : v < 0 ? "-Inf" : "+Inf");
	return true;
}

const char *
num_text(double v, char buf[NUM_TEXT])
{
	char digits[32], *o = buf;
	int exp10, i, n;

	if (print_special(v, buf))
		return buf;
	if (signbit(v))
		*o++ = '-';
	v = fabs(v);
	if (v < 9007199254740992.0 && v == (double)(int64_t)v) {
		snprintf(o, NUM_TEXT - 1, "%lld", (long long)v);
		return buf;
	}
	shortest(v, digits, &exp10);
	n = (int)strlen(digits);
	if (v < 1e-6 || v >= 1e21) { /* as Go's strconv: at least two digits of exponent */
		snprintf(o, NUM_TEXT - 1, "%c%s%se%c%02d", digits[0], n > 1 ? "." : "", digits + 1,
		    exp10 < 0 ? '-' : '+', exp10 < 0 ? -exp10 : exp10);
		return buf;
	}
	if (exp10 < 0) {
		*o++ = '0';
		*o++ = '.';
		for (i = -1; i > exp10; i--)
			*o++ = '0';
	}
	for (i = 0; i < n || i <= exp10; i++) {
		if (exp10 >= 0 && i == exp10 + 1)
			*o++ = '.';
		*o++ = i < n ? digits[i] : '0';
	}
	*o = '\0';
	return buf;
}

const char *
num_fixed(double v, int decimals, char buf[NUM_TEXT])
{
	char raw[NUM_TEXT], *o = buf;
	const char *p = raw;

	if (print_special(v, buf))
		return buf;
	decimals = decimals < 0 ? 0 : decimals > 17 ? 17 : decimals;
	snprintf(raw, sizeof(raw), "%.*f", decimals, fabs(v));
	if (signbit(v) && strpbrk(raw, "123456789") != NULL)
		*o++ = '-';
	while (is_digit(*p))
		*o++ = *p++;
	if (*p != '\0') { /* the locale's point, of any length */
		*o++ = '.';
		while (*p != '\0' && !is_digit(*p))
			p++;
		while (is_digit(*p))
			*o++ = *p++;
	}
	*o = '\0';
	return buf;
}

const char *
num_count(int64_t v, char buf[NUM_TEXT])
{
	char raw[24], *o = buf;
	size_t n, i;

	n = (size_t)snprintf(raw, sizeof(raw), "%llu",
	    v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v);
	if (v < 0)
		*o++ = '-';
	for (i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*o++ = ' ';
		*o++ = raw[i];
	}
	*o = '\0';
	return buf;
}

int
num_decimals(struct sv s)
{
	struct decimal d;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s = sv_from(s, 1);
	if (sv_ends(s, "%"))
		s = sv_trim(sv_head(s, s.n - 1));
	if (!take_apart(s, &d) || d.after < 0)
		return 0;
	return d.after > 9999 ? 9999 : (int)d.after;
}
