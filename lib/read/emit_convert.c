/*
 * Text to numbers: units, truths, times. What is no number is none; nothing here guesses.
 */
#include "read/emit.h"

#include <math.h>

#include "base/num.h"

#define MAX_NUMBER ((size_t)1000)

struct suffix { /* times 10 to the exponent, times factor */
	const char *text;
	int exponent;
	double factor;
};

static const struct suffix seconds[] = {
	{"ns", -9, 1}, {"us", -6, 1}, {"\xc2\xb5s", -6, 1}, {"\xce\xbcs", -6, 1}, {"ms", -3, 1}, {"msec", -3, 1}, {"s", 0, 1},
	{"sec", 0, 1}, {"secs", 0, 1}, {"second", 0, 1}, {"seconds", 0, 1}, {"m", 0, 60}, {"min", 0, 60}, {"mins", 0, 60},
	{"minute", 0, 60}, {"minutes", 0, 60}, {"h", 0, 3600}, {"hr", 0, 3600}, {"hour", 0, 3600}, {"hours", 0, 3600},
	{"d", 0, 86400}, {"day", 0, 86400}, {"days", 0, 86400}, {NULL, 0, 0},
};

/* As docker stats, kubectl and free print them: SI prefixes are decimal, those with an i binary. */
static const struct suffix bytes[] = {
	{"B", 0, 1}, {"bytes", 0, 1}, {"k", 3, 1}, {"kB", 3, 1}, {"K", 3, 1}, {"KB", 3, 1}, {"M", 6, 1}, {"MB", 6, 1},
	{"G", 9, 1}, {"GB", 9, 1}, {"T", 12, 1}, {"TB", 12, 1}, {"Ki", 0, 1024}, {"KiB", 0, 1024}, {"Mi", 0, 1048576},
	{"MiB", 0, 1048576}, {"Gi", 0, 1073741824}, {"GiB", 0, 1073741824}, {"Ti", 0, 1099511627776},
	{"TiB", 0, 1099511627776}, {NULL, 0, 0},
};

static bool
is_digit(struct sv v, size_t i)
{
	return i < v.n && v.p[i] >= '0' && v.p[i] <= '9';
}

/* How much of v's start is a decimal number. */
static size_t
number_length(struct sv v)
{
	size_t i = v.n > 0 && (v.p[0] == '-' || v.p[0] == '+'), exponent;

	while (is_digit(v, i) || (i < v.n && v.p[i] == '.'))
		i++;
	exponent = i;
	if (i > 0 && i < v.n && (v.p[i] | 0x20) == 'e') {
		exponent++;
		if (exponent < v.n && (v.p[exponent] == '-' || v.p[exponent] == '+'))
			exponent++;
		if (is_digit(v, exponent)) {
			while (is_digit(v, exponent))
				exponent++;
			i = exponent;
		}
	}
	return i;
}

/*
 * A number times 10 to the exponent, rounded once: 252.79 ms is read as "252.79e-3". (What is already rounded and
 * then divided may be off in the last digit.)
 */
static bool
scaled(struct sv text, int exponent, double *v)
{
	struct sb s = {0};
	bool ok;

	if (exponent == 0 || sv_chr(text, 'e') < text.n || sv_chr(text, 'E') < text.n) {
		if (!num_parse(text, v))
			return false;
		ok = true;
		*v *= pow(10, exponent);
	} else {
		sb_addv(&s, text);
		sb_addf(&s, "e%d", exponent);
		ok = num_parse(sb_sv(&s), v);
		sb_free(&s);
	}
	return ok && isfinite(*v);
}

static bool
plain(struct sv text, double *v)
{
	return scaled(text, 0, v);
}

/* Takes a number and the letters behind it off *rest. */
static bool
take(struct sv *rest, struct sv *number, struct sv *suffix)
{
	size_t n = number_length(*rest), end;

	*number = sv_head(*rest, n);
	*rest = sv_trim(sv_from(*rest, n));
	for (end = 0; end < rest->n && !is_digit(*rest, end) && rest->p[end] != ' '; end++)
		;
	*suffix = sv_head(*rest, end);
	*rest = sv_trim(sv_from(*rest, end));
	return n > 0;
}

static const struct suffix *
find(const struct suffix *table, struct sv text)
{
	for (; table->text != NULL; table++)
		if (sv_is(text, table->text))
			return table;
	return NULL;
}

/* "1m30s", "250 ms", "2 h 5 min"; a number alone is times 10 to the exponent bare. */
static bool
with_units(struct sv text, const struct suffix *table, int bare, bool several, double *v)
{
	struct sv whole = text, number, suffix;
	const struct suffix *s;
	double part, sum = 0;

	do {
		if (!take(&text, &number, &suffix))
			return false;
		if (suffix.n == 0)
			return number.n == whole.n && scaled(number, bare, v);
		if ((s = find(table, suffix)) == NULL || !scaled(number, s->exponent, &part))
			return false;
		sum += part * s->factor;
	} while (several && text.n > 0);
	*v = sum;
	return text.n == 0 && isfinite(sum);
}

static bool
truth(struct sv text, double *v)
{
	static const char *const word[] = {"true", "yes", "on", "1", "false", "no", "off", "0"};
	size_t i, k;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		for (k = 0; k < text.n && word[i][k] != '\0' &&
		    (text.p[k] >= 'A' && text.p[k] <= 'Z' ? text.p[k] | 0x20 : text.p[k]) == word[i][k]; k++)
			;
		if (k == text.n && word[i][k] == '\0') {
			*v = i < 4;
			return true;
		}
	}
	return false;
}

enum emit_unit
emit_unit_of(struct sv name)
{
	static const char *const units[EMIT_NUNITS] = {"", "s", "ms", "%", "bytes", "bool", "time"};
	int i;

	for (i = 0; i < EMIT_NUNITS && !sv_is(name, units[i]); i++)
		;
	return (enum emit_unit)i;
}

bool
emit_time(struct sv text, const struct time_zone *zone, int64_t *t)
{
	int64_t n;

	text = sv_trim(text);
	if (text.n >= 12 && num_parse_int(text, &n) && n >= INT64_C(100000000000)) {
		/* 12 digits of seconds would be after the year 5138. */
		*t = text.n <= 14 ? n : text.n <= 17 ? n / 1000 : n / 1000000;
		return true;
	}
	return time_parse_local(text, zone, t);
}

bool
emit_convert(struct sv text, enum emit_unit unit, const struct time_zone *zone, double *v)
{
	int64_t t;

	text = sv_trim(text);
	/* Longer ones may have been cut, and nobody prints such a number. */
	if (text.n > MAX_NUMBER)
		return false;
	switch (unit) {
	case EMIT_SECONDS:
		return with_units(text, seconds, 0, true, v);
	case EMIT_MILLIS:
		return with_units(text, seconds, -3, true, v);
	case EMIT_PERCENT:
		if (sv_ends(text, "%"))
			text = sv_trim(sv_head(text, text.n - 1));
		return scaled(text, -2, v);
	case EMIT_BYTES:
		return with_units(text, bytes, 0, false, v);
	case EMIT_BOOL:
		return truth(text, v);
	case EMIT_TIME:
		if (!emit_time(text, zone, &t))
			return false;
		*v = (double)t / 1000;
		return true;
	case EMIT_NUMBER:
	case EMIT_NUNITS:
		break;
	}
	return plain(text, v);
}
