/* Times and numbers as Go writes them into JSON. */
#include <math.h>

#include "base/json.h"
#include "base/num.h"
#include "base/time.h"
#include "read/k6_points.h"

/* n decimal digits at p, or -1. */
static int
digits(const char *p, size_t n)
{
	int v = 0;

	for (; n > 0; n--, p++) {
		if (*p < '0' || *p > '9')
			return -1;
		v = v * 10 + (*p - '0');
	}
	return v;
}

static bool
date(const char *p, int64_t *days)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = digits(p, 4), month = digits(p + 5, 2), day = digits(p + 8, 2);
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (p[4] != '-' || p[7] != '-' || year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
	    day > length[month - 1] + (leap && month == 2))
		return false;
	*days = time_days(year, month, day);
	return true;
}

/* "Z" or "+05:30", in seconds. */
static bool
offset(struct sv s, int64_t *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (sv_is(s, "Z"))
		return true;
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':')
		return false;
	hours = digits(s.p + 1, 2);
	minutes = digits(s.p + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*seconds = (s.p[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

bool
k6_time(struct sv text, int64_t *ns)
{
	int64_t days, east, fraction = 0;
	int hour, minute, second;
	size_t i = 19, n = 0;

	if (text.n < 20 || (text.p[10] != 'T' && text.p[10] != ' ') || text.p[13] != ':' || text.p[16] != ':' ||
	    !date(text.p, &days))
		return false;
	hour = digits(text.p + 11, 2);
	minute = digits(text.p + 14, 2);
	second = digits(text.p + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	if (text.p[i] == '.') {
		for (i++; i < text.n && n < 10 && text.p[i] >= '0' && text.p[i] <= '9'; i++, n++)
			fraction = fraction * 10 + (text.p[i] - '0');
		if (n == 0 || n > 9)
			return false;
		for (; n < 9; n++)
			fraction *= 10;
	}
	if (!offset(sv_from(text, i), &east))
		return false;
	*ns = ((days * 86400 + hour * 3600 + minute * 60 + second) - east) * 1000000000 + fraction;
	return true;
}

/* Is every digit before the exponent 0? What is not, and is too small for a double, was written by no k6. */
static bool
is_zero(struct sv text)
{
	size_t i;

	for (i = 0; i < text.n && (text.p[i] | 0x20) != 'e'; i++)
		if (text.p[i] >= '1' && text.p[i] <= '9')
			return false;
	return true;
}

bool
k6_number(struct sv text, double *v)
{
	/* Powers of ten that a double holds exactly. */
	static const double ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	uint64_t m = 0;
	size_t i, after = 0;
	bool point = false;

	/* What k6 writes nearly always: up to 15 digits, so that one division of two exact numbers rounds once. */
	for (i = 0; i < text.n && i < 16; i++) {
		if (text.p[i] == '.' && i > 0 && !point) {
			point = true;
			continue;
		}
		if (text.p[i] < '0' || text.p[i] > '9')
			break;
		m = m * 10 + (uint64_t)(text.p[i] - '0');
		after += point;
	}
	if (i == text.n && i > 0 && (after > 0 || !point) && i - point <= 15 &&
	    (text.p[0] != '0' || text.n == 1 || text.p[1] == '.')) {
		*v = (double)m / ten[after];
		return true;
	}
	return json_number(text) == text.n && text.n > 0 && num_parse(text, v) && isfinite(*v) && (*v != 0 || is_zero(text));
}
