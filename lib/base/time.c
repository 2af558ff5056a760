#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/num.h"

#define FIRST_MS (INT64_C(-62135596800) * 1000)  /* 0001-01-01T00:00:00Z */
#define LAST_MS (INT64_C(253402300800) * 1000 - 1) /* 9999-12-31T23:59:59.999Z */

/* Days in 400-year eras that begin on 1 March; the leap day comes last. */
int64_t
time_days(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
time_date(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes exactly n digits off *s. */
static bool
take_digits(struct sv *s, size_t n, int *v)
{
	size_t i;

	if (s->n < n)
		return false;
	*v = 0;
	for (i = 0; i < n; i++) {
		if (!is_digit(s->p[i]))
			return false;
		*v = *v * 10 + (s->p[i] - '0');
	}
	*s = sv_from(*s, n);
	return true;
}

static bool
take_char(struct sv *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = sv_from(*s, 1);
	return true;
}

/* A run of at least one digit that fits. */
static bool
take_whole(struct sv *s, int64_t *v)
{
	size_t i;
	int digit;

	*v = 0;
	for (i = 0; i < s->n && is_digit(s->p[i]); i++) {
		digit = s->p[i] - '0';
		if (*v > (INT64_MAX - digit) / 10)
			return false;
		*v = *v * 10 + digit;
	}
	*s = sv_from(*s, i);
	return i > 0;
}

/* An optional ".5" of one to nine digits, in nanoseconds. */
static bool
take_fraction(struct sv *s, int *ns)
{
	int n = 0;

	*ns = 0;
	if (!take_char(s, '.'))
		return true;
	for (; n < 9 && s->n > 0 && is_digit(s->p[0]); n++) {
		*ns = *ns * 10 + (s->p[0] - '0');
		*s = sv_from(*s, 1);
	}
	if (n == 0 || (s->n > 0 && is_digit(s->p[0])))
		return false;
	for (; n < 9; n++)
		*ns *= 10;
	return true;
}

static bool
in_range(int64_t ms)
{
	return ms >= FIRST_MS && ms <= LAST_MS;
}

static bool
parse_unix(struct sv s, int64_t *ms)
{
	bool minus = take_char(&s, '-');
	int64_t sec, v;
	int ns;

	if (!take_whole(&s, &sec) || !take_fraction(&s, &ns) || s.n != 0 || sec > LAST_MS / 1000)
		return false;
	/* Half a millisecond goes up, towards the future, on both sides of 1970. */
	v = minus ? -(sec * 1000 + (ns + 499999) / 1000000)
	    : sec * 1000 + (ns + 500000) / 1000000;
	if (!in_range(v))
		return false;
	*ms = v;
	return true;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
		return 29;
	return days[month - 1];
}

/* Date and time as written, as if it were UTC; what follows stays in *s. */
static bool
take_date_time(struct sv *s, int64_t *ms)
{
	int year, month, day, hour, minute, second, ns;

	if (!take_digits(s, 4, &year) || !take_char(s, '-') || !take_digits(s, 2, &month) ||
	    !take_char(s, '-') || !take_digits(s, 2, &day))
		return false;
	if (!take_char(s, 'T') && !take_char(s, 't') && !take_char(s, ' '))
		return false;
	if (!take_digits(s, 2, &hour) || !take_char(s, ':') || !take_digits(s, 2, &minute) ||
	    !take_char(s, ':') || !take_digits(s, 2, &second) || !take_fraction(s, &ns))
		return false;
	/* A leap second (:60) has no millisecond of its own in Unix time: refused. */
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
	    hour > 23 || minute > 59 || second > 59)
		return false;
	*ms = time_days(year, month, day) * TIME_DAY +
	    ((hour * 60 + minute) * 60 + second) * TIME_SECOND + (ns + 500000) / 1000000;
	return true;
}

/* "Z" or "+02:00"; milliseconds east of UTC. */
static bool
take_offset(struct sv *s, int64_t *offset)
{
	int hour, minute;
	bool west;

	*offset = 0;
	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	west = take_char(s, '-');
	if ((!west && !take_char(s, '+')) || !take_digits(s, 2, &hour) || !take_char(s, ':') ||
	    !take_digits(s, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*offset = (hour * 60 + minute) * TIME_MINUTE * (west ? -1 : 1);
	return true;
}

/*
 * The instant of a local time. Offsets lie within 16 hours of UTC, so the one
 * in force 16 hours before local (read as UTC) is from before any change
 * that matters and the one 16 hours after it is from after.
 */
static int64_t
from_local(const struct time_zone *zone, int64_t local)
{
	int64_t before = time_zone_offset(zone, local - 16 * TIME_HOUR) * TIME_SECOND;
	int64_t after = time_zone_offset(zone, local + 16 * TIME_HOUR) * TIME_SECOND;

	if (time_zone_offset(zone, local - before) * TIME_SECOND == before)
		return local - before;
	if (time_zone_offset(zone, local - after) * TIME_SECOND == after)
		return local - after;
	return local - before; /* the hour that does not exist */
}

bool
time_parse_local(struct sv s, const struct time_zone *zone, int64_t *ms)
{
	int64_t v, offset;

	if (s.n < 5 || s.p[4] != '-')
		return parse_unix(s, ms);
	if (!take_date_time(&s, &v))
		return false;
	if (s.n == 0) {
		if (zone == NULL)
			return false;
		v = from_local(zone, v);
	} else {
		if (!take_offset(&s, &offset) || s.n != 0)
			return false;
		v -= offset;
	}
	if (!in_range(v))
		return false;
	*ms = v;
	return true;
}

bool
time_parse(struct sv s, int64_t *ms)
{
	return time_parse_local(s, NULL, ms);
}

const char *
time_text(int64_t ms, char buf[TIME_TEXT])
{
	int64_t days, rest, year;
	int month, day, sec, n;

	if (!in_range(ms)) {
		snprintf(buf, TIME_TEXT, "%s", ms == TIME_NONE ? "unknown" : "out of range");
		return buf;
	}
	days = (ms >= 0 ? ms : ms - (TIME_DAY - 1)) / TIME_DAY;
	rest = ms - days * TIME_DAY;
	time_date(days, &year, &month, &day);
	sec = (int)(rest / 1000);
	n = snprintf(buf, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, month, day,
	    sec / 3600, sec / 60 % 60, sec % 60);
	if (rest % 1000 != 0)
		n += snprintf(buf + n, TIME_TEXT - (size_t)n, ".%03d", (int)(rest % 1000));
	snprintf(buf + n, TIME_TEXT - (size_t)n, "Z");
	return buf;
}

static const struct {
	const char *name;
	int64_t ms;
	bool exact; /* written only when nothing is left: 90d, not 12w6d */
} units[] = {
	{"y", 365 * TIME_DAY, true}, {"w", 7 * TIME_DAY, true}, {"d", TIME_DAY, false},
	{"h", TIME_HOUR, false}, {"m", TIME_MINUTE, false}, {"s", TIME_SECOND, false},
	{"ms", 1, false},
};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

static bool
parse_seconds(struct sv s, int64_t *ms)
{
	int64_t sec, part;
	int ns;

	if (!take_whole(&s, &sec) || !take_fraction(&s, &ns) || s.n != 0)
		return false;
	part = (ns + 500000) / 1000000;
	if (sec > (INT64_MAX - part) / 1000)
		return false;
	*ms = sec * 1000 + part;
	return true;
}

bool
time_duration(struct sv s, int64_t *ms)
{
	size_t next = 0, i, n;
	int64_t sum = 0, count;

	if (parse_seconds(s, ms))
		return true;
	if (s.n == 0)
		return false;
	while (s.n > 0) {
		if (!take_whole(&s, &count))
			return false;
		for (n = 0; n < s.n && !is_digit(s.p[n]); n++)
			;
		for (i = next; i < N_UNITS && !sv_is(sv_head(s, n), units[i].name); i++)
			;
		if (i == N_UNITS || count > (INT64_MAX - sum) / units[i].ms)
			return false;
		sum += count * units[i].ms;
		next = i + 1;
		s = sv_from(s, n);
	}
	*ms = sum;
	return true;
}

const char *
time_duration_text(int64_t ms, char buf[TIME_TEXT])
{
	uint64_t rest = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms, unit;
	size_t i, n = 0;

	if (ms == 0) {
		snprintf(buf, TIME_TEXT, "0s");
		return buf;
	}
	if (ms < 0)
		buf[n++] = '-';
	for (i = 0; i < N_UNITS; i++) {
		unit = (uint64_t)units[i].ms;
		if (rest < unit || (units[i].exact && rest % unit != 0))
			continue;
		n += (size_t)snprintf(buf + n, TIME_TEXT - n, "%" PRIu64 "%s", rest / unit,
		    units[i].name);
		rest %= unit;
	}
	return buf;
}

static void
two_units(char *buf, size_t n, int64_t big, const char *big_name, int64_t small, const char *small_name)
{
	if (small == 0)
		snprintf(buf, n, "%" PRId64 " %s", big, big_name);
	else
		snprintf(buf, n, "%" PRId64 " %s %" PRId64 " %s", big, big_name, small, small_name);
}

const char *
time_length_text(int64_t ms, char buf[TIME_TEXT])
{
	char number[NUM_TEXT], *to = buf;
	size_t n = TIME_TEXT;

	if (ms < 0) {
		*to++ = '-';
		n--;
		ms = ms == INT64_MIN ? INT64_MAX : -ms;
	}
	if (ms == 0)
		snprintf(to, n, "0 s");
	else if (ms < TIME_SECOND)
		snprintf(to, n, "%" PRId64 " ms", ms);
	else if (ms < TIME_MINUTE)
		snprintf(to, n, "%.20s s", num_text((double)ms / 1000, number));
	else if (ms < TIME_HOUR)
		two_units(to, n, ms / TIME_MINUTE, "min", ms % TIME_MINUTE / TIME_SECOND, "s");
	else if (ms <= 3 * TIME_DAY)
		two_units(to, n, ms / TIME_HOUR, "h", ms % TIME_HOUR / TIME_MINUTE, "min");
	else
		two_units(to, n, ms / TIME_DAY, "d", ms % TIME_DAY / TIME_HOUR, "h");
	return buf;
}
