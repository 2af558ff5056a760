/* The calendar functions: parts of the date and time of Unix seconds, UTC. */
#include "promql/numeric.h"

#include <math.h>

#include "base/time.h"
#include "promql/num_in.h"

struct date {
	int64_t year, days; /* days since 1970-01-01 */
	int month, day, second; /* second of the day */
};

/*
 * Fractions are cut off. False for NaN and what does not fit int64: there Prometheus' answer is whatever its machine's
 * conversion of such a number gives, and ours is NaN.
 */
static bool
split(double seconds, struct date *d)
{
	int64_t t;

	if (!(seconds >= -0x1p63 && seconds < 0x1p63))
		return false;
	t = (int64_t)seconds;
	d->days = t / 86400;
	d->second = (int)(t % 86400);
	if (d->second < 0) {
		d->second += 86400;
		d->days--;
	}
	time_date(d->days, &d->year, &d->month, &d->day);
	return true;
}

static double
minute(double seconds)
{
	struct date d;

	return split(seconds, &d) ? d.second / 60 % 60 : NAN;
}

static double
hour(double seconds)
{
	struct date d;

	return split(seconds, &d) ? d.second / 3600 : NAN;
}

static double
day_of_month(double seconds)
{
	struct date d;

	return split(seconds, &d) ? d.day : NAN;
}

/* Sunday is 0; 1970-01-01 was a Thursday. */
static double
day_of_week(double seconds)
{
	struct date d;

	return split(seconds, &d) ? (double)(((d.days + 4) % 7 + 7) % 7) : NAN;
}

static double
day_of_year(double seconds)
{
	struct date d;

	return split(seconds, &d) ? (double)(d.days - time_days(d.year, 1, 1) + 1) : NAN;
}

static double
days_in_month(double seconds)
{
	struct date d;
	int64_t next;

	if (!split(seconds, &d))
		return NAN;
	next = d.month == 12 ? time_days(d.year + 1, 1, 1) : time_days(d.year, d.month + 1, 1);
	return (double)(next - time_days(d.year, d.month, 1));
}

static double
month(double seconds)
{
	struct date d;

	return split(seconds, &d) ? d.month : NAN;
}

static double
year(double seconds)
{
	struct date d;

	return split(seconds, &d) ? (double)d.year : NAN;
}

/* Sorted by name. */
static const struct pq_time_function functions[] = {
	{"day_of_month", day_of_month},
	{"day_of_week", day_of_week},
	{"day_of_year", day_of_year},
	{"days_in_month", days_in_month},
	{"hour", hour},
	{"minute", minute},
	{"month", month},
	{"year", year},
};

const struct pq_time_function *
pq_time_function_find(const char *name)
{
	return pq_table_find(functions, name);
}
