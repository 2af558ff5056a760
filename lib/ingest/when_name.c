#include "ingest/when.h"

#include <stdio.h>

#include "base/num.h"

/* What 10 digits must lie between to be Unix seconds: 2001-09-09 and 2100-01-01. */
#define UNIX_FROM INT64_C(1000000000)
#define UNIX_TO INT64_C(4102444800)

static bool
is_digit(struct sv v, size_t i)
{
	return i < v.n && v.p[i] >= '0' && v.p[i] <= '9';
}

static size_t
digits(struct sv v, size_t i)
{
	size_t n = 0;

	while (is_digit(v, i + n))
		n++;
	return n;
}

static bool
is_one_of(struct sv v, size_t i, const char *set)
{
	for (; i < v.n && *set != '\0'; set++)
		if (v.p[i] == *set)
			return true;
	return false;
}

static bool
is_alnum(struct sv v, size_t i)
{
	return is_digit(v, i) || (i < v.n && (v.p[i] | 0x20) >= 'a' && (v.p[i] | 0x20) <= 'z');
}

/* "20260113T060112Z", "20260113-060112", "20260113060112" at v's start, of which n are digits: its length or 0. */
static size_t
compact(struct sv v, size_t n, char text[32])
{
	const char *d = v.p, *h;
	size_t end;

	if (n == 14) {
		h = d + 8;
		end = 14;
	} else if (n == 8 && is_one_of(v, 8, "T_-") && digits(v, 9) == 6) {
		h = d + 9;
		end = 15;
	} else {
		return 0;
	}
	snprintf(text, 32, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", d, d + 4, d + 6, h, h + 2, h + 4);
	return end;
}

/* "2026-01-13T06-01-12", also with '_' or a blank before the hour and ':', '_', '.' or nothing in the time. */
static size_t
spread(struct sv v, char text[32])
{
	const char *d = v.p, *m, *s;
	size_t end;

	if (digits(v, 0) != 4 || !is_one_of(v, 4, "-_.") || digits(v, 5) != 2 ||
	    !is_one_of(v, 7, "-_.") || digits(v, 8) != 2 || !is_one_of(v, 10, "T_- "))
		return 0;
	if (digits(v, 11) == 6) {
		m = d + 13;
		s = d + 15;
		end = 17;
	} else if (digits(v, 11) == 2 && is_one_of(v, 13, ":-_.") && digits(v, 14) == 2 &&
	    is_one_of(v, 16, ":-_.") && digits(v, 17) == 2) {
		m = d + 14;
		s = d + 17;
		end = 19;
	} else {
		return 0;
	}
	snprintf(text, 32, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", d, d + 5, d + 8, d + 11, m, s);
	return end;
}

/* A time that starts exactly at v: its length, or 0. Local ones need the zone. */
static size_t
time_here(struct sv v, const struct time_zone *zone, int64_t *t)
{
	size_t n = digits(v, 0), end, i;
	char text[32], whole[48];
	int64_t number;

	if ((n == 10 || n == 13) && !is_alnum(v, n) && num_parse_int(sv_head(v, n), &number)) {
		*t = n == 10 ? number * 1000 : number;
		return *t >= UNIX_FROM * 1000 && *t < UNIX_TO * 1000 ? n : 0;
	}
	end = compact(v, n, text);
	if (end == 0)
		end = spread(v, text);
	if (end == 0)
		return 0;
	/* toISOString() with its ':' and '.' made harmless: "...T06-01-12-123Z". */
	i = end;
	if (is_one_of(v, end, ".-,") && digits(v, end + 1) == 3 && is_one_of(v, end + 4, "Z"))
		i = end + 4;
	snprintf(whole, sizeof(whole), "%s%s%.3s%s", text, i > end ? "." : "", i > end ? v.p + end + 1 : "",
	    is_one_of(v, i, "Z") ? "Z" : "");
	end = is_one_of(v, i, "Z") ? i + 1 : end;
	/* "+02:00" and whatever else goes on is not understood, so it is not guessed at. */
	if (is_alnum(v, end) || is_one_of(v, end, "+") || !time_parse_local(sv_of(whole), zone, t))
		return 0;
	return end;
}

bool
when_name(struct sv name, const struct time_zone *zone, int64_t *t, struct sv *part)
{
	struct sv rest;
	bool found = false;
	size_t i, n;
	int64_t got;

	for (i = 0; i < name.n; i += n) {
		n = 1;
		/* In the middle of a word it is more likely part of a digest. */
		if (!is_digit(name, i) || (i > 0 && is_alnum(name, i - 1)))
			continue;
		rest = sv_from(name, i);
		n = time_here(rest, zone, &got);
		if (n == 0) {
			n = 1;
			continue;
		}
		if (found && got != *t)
			return false;
		*t = got;
		*part = sv_head(rest, n);
		found = true;
	}
	return found;
}
