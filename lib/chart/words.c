#include "chart/words.h"

#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/scale.h"

#define MOST_DECIMALS 9

/* The ratio that a text of its percentage stands for. */
static double
shown(double ratio, int decimals)
{
	char buf[NUM_TEXT];
	double v = 0;

	num_parse(sv_of(num_fixed(ratio * 100, decimals, buf)), &v);
	return v / 100;
}

static int
side(double v, double of)
{
	return (v > of) - (v < of);
}

/* Does rounding move the value onto or over a number that matters? */
static bool
misleads(double ratio, double objective, int decimals)
{
	double s = shown(ratio, decimals);

	return side(s, 0) != side(ratio, 0) || side(s, 1) != side(ratio, 1) ||
	    (!isnan(objective) && side(s, objective) != side(ratio, objective));
}

const char *
words_percent(double ratio, double objective, struct arena *a)
{
	char buf[NUM_TEXT];
	int decimals = 0;

	if (!isnan(objective))
		while (decimals < MOST_DECIMALS && shown(objective, decimals) != objective)
			decimals++;
	if (decimals == MOST_DECIMALS) /* not a number that somebody wrote down */
		decimals = 0;
	decimals = decimals + 1 > 2 ? decimals + 1 : 2;
	if (ratio == 0 || ratio == 1)
		decimals = 0;
	while (decimals < MOST_DECIMALS && misleads(ratio, objective, decimals))
		decimals++;
	return arena_fmt(a, "%s %%", num_fixed(ratio * 100, decimals, buf));
}

static int64_t
ms_of_day(int64_t t)
{
	int64_t ms = t % TIME_DAY;

	return ms < 0 ? ms + TIME_DAY : ms;
}

static const char *
clock_text(int64_t t, int64_t unit, struct arena *a)
{
	int64_t ms = ms_of_day(t);
	int h = (int)(ms / TIME_HOUR), m = (int)(ms / TIME_MINUTE % 60), s = (int)(ms / TIME_SECOND % 60);

	if (unit < TIME_SECOND)
		return arena_fmt(a, "%02d:%02d:%02d.%03d", h, m, s, (int)(ms % TIME_SECOND));
	if (unit < TIME_MINUTE)
		return arena_fmt(a, "%02d:%02d:%02d", h, m, s);
	return arena_fmt(a, "%02d:%02d", h, m);
}

const char *
words_interval(int64_t from, int64_t to, bool day, struct arena *a)
{
	int64_t unit = TIME_MINUTE;
	const char *start, *end;

	if (from % TIME_MINUTE != 0 || to % TIME_MINUTE != 0)
		unit = TIME_SECOND;
	if (from % TIME_SECOND != 0 || to % TIME_SECOND != 0)
		unit = 1;
	start = clock_text(from, unit, a);
	end = clock_text(to, unit, a);
	if (!day)
		return arena_fmt(a, "%s–%s", start, end);
	if (from - ms_of_day(from) == to - ms_of_day(to))
		return arena_fmt(a, "%s %s–%s", scale_date(from, false, a), start, end);
	return arena_fmt(a, "%s %s to %s %s", scale_date(from, false, a), start, scale_date(to, false, a), end);
}

const char *
words_clock(int64_t t, bool day, struct arena *a)
{
	const char *text = clock_text(t, t % TIME_MINUTE != 0 ? TIME_SECOND : TIME_MINUTE, a);

	return day ? arena_fmt(a, "%s %s", scale_date(t, false, a), text) : text;
}

const char *
words_length(int64_t ms, struct arena *a)
{
	char buf[TIME_TEXT];

	return arena_str(a, sv_of(time_length_text(ms, buf)));
}

/* The first n bytes, or up to three fewer so as not to end in half a character. */
static struct sv
whole_characters(struct sv text, size_t n)
{
	size_t back;

	if (n >= text.n)
		return text;
	for (back = 0; back < 3 && n > back && ((unsigned char)text.p[n - back] & 0xc0) == 0x80; back++)
		;
	return sv_head(text, n - back);
}

struct sv
words_clean(struct sv text, struct arena *a)
{
	struct sb out = {0};
	struct sv v;

	clean_add(&out, whole_characters(text, WORDS_MAX));
	v = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return v;
}

struct sv
words_fit(struct sv text, struct fonts *f, double size, bool bold, double width, struct arena *a)
{
	struct sv whole = words_clean(sv_trim(text), a), best = {NULL, 0};
	size_t low = 0, high = whole.n;

	if (fonts_width(f, whole, size, bold) <= width)
		return whole;
	/* What low bytes and an ellipsis take fits (or low is 0), what high take does not. */
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		struct sv head = sv_trim(whole_characters(whole, middle));
		struct sv cut = sv_of(arena_fmt(a, "%" SV_FMT "…", SV_ARG(head)));

		if (fonts_width(f, cut, size, bold) <= width) {
			best = cut;
			low = middle;
		} else {
			high = middle;
		}
	}
	return best;
}
