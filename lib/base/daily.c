#include "base/daily.h"

#include <stdio.h>

#include "base/num.h"

/* Two digits below max at v's start. */
static bool
take(struct sv *v, int max, int64_t *out)
{
	if (v->n < 2 || v->p[0] < '0' || v->p[0] > '9' || v->p[1] < '0' || v->p[1] > '9')
		return false;
	*out = (v->p[0] - '0') * 10 + (v->p[1] - '0');
	*v = sv_from(*v, 2);
	return *out < max;
}

static bool
colon(struct sv *v)
{
	if (v->n == 0 || v->p[0] != ':')
		return false;
	*v = sv_from(*v, 1);
	return true;
}

bool
daily_add(struct daily *d, struct sv text)
{
	int64_t h, m, s = 0, at;
	size_t i, k;

	if (!take(&text, 24, &h) || !colon(&text) || !take(&text, 60, &m))
		return false;
	if (text.n > 0 && (!colon(&text) || !take(&text, 60, &s) || text.n > 0))
		return false;
	at = h * TIME_HOUR + m * TIME_MINUTE + s * TIME_SECOND;
	for (i = 0; i < d->n && d->at[i] < at; i++)
		;
	if (d->n == DAILY_MAX || (i < d->n && d->at[i] == at))
		return false;
	for (k = d->n; k > i; k--)
		d->at[k] = d->at[k - 1];
	d->at[i] = at;
	d->n++;
	return true;
}

/* Time of day at on that local day, through the one reader of local times. */
static int64_t
on_day(int64_t day, int64_t at, const struct time_zone *zone)
{
	char text[64];
	int64_t year, t = 0;
	int month, date;

	time_date(day, &year, &month, &date);
	at /= TIME_SECOND;
	snprintf(text, sizeof(text), "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)year, month, date, (int)(at / 3600),
	    (int)(at / 60 % 60), (int)(at % 60));
	return time_parse_local(sv_of(text), zone, &t) ? t : day * TIME_DAY + at * TIME_SECOND;
}

/* The local day that t lies in, counted from 1970-01-01. */
static int64_t
day_of(const struct time_zone *zone, int64_t t)
{
	int64_t local = t + (zone != NULL ? time_zone_offset(zone, t) * TIME_SECOND : 0);

	return local / TIME_DAY - (local % TIME_DAY < 0);
}

int64_t
daily_next(const struct daily *d, const struct time_zone *zone, int64_t t)
{
	int64_t day = day_of(zone, t) - 1, at;
	size_t i;

	for (;; day++)
		for (i = 0; i < d->n; i++)
			if ((at = on_day(day, d->at[i], zone)) >= t)
				return at;
}

int64_t
daily_near(const struct daily *d, const struct time_zone *zone, int64_t t)
{
	int64_t next = daily_next(d, zone, t), last = next, at, day;
	size_t i;

	for (day = day_of(zone, t) - 2; day <= day_of(zone, t) + 1; day++)
		for (i = 0; i < d->n; i++)
			if ((at = on_day(day, d->at[i], zone)) < t && (last == next || at > last))
				last = at;
	return last < t && t - last < next - t ? last : next;
}
