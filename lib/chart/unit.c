#include "chart/unit.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/time.h"

/* The names are those of Grafana's units (packages/grafana-data, valueFormats), the most used of them (charts.md 4). */
static const struct {
	const char *name;
	enum unit_kind kind;
	double factor;
	const char *prefix, *suffix;
} table[] = {
	{"short", UNIT_NUMBER, 1, "", ""}, {"none", UNIT_FIXED, 1, "", ""}, {"string", UNIT_TEXT, 1, "", ""},
	{"sishort", UNIT_NUMBER, 1, "", ""}, {"locale", UNIT_COUNT, 1, "", ""}, {"percent", UNIT_FIXED, 1, "", "%"},
	{"percentunit", UNIT_FIXED, 100, "", "%"}, {"humidity", UNIT_FIXED, 1, "", "%H"}, {"dB", UNIT_FIXED, 1, "", "dB"},
	{"hex", UNIT_FIXED, 1, "", ""}, {"sci", UNIT_FIXED, 1, "", ""},
	{"bytes", UNIT_IEC, 1, "", "B"}, {"decbytes", UNIT_NUMBER, 1, "", "B"}, {"bits", UNIT_IEC, 1, "", "b"},
	{"decbits", UNIT_NUMBER, 1, "", "b"}, {"kbytes", UNIT_IEC, 1024, "", "B"}, {"mbytes", UNIT_IEC, 1048576, "", "B"},
	{"gbytes", UNIT_IEC, 1073741824, "", "B"}, {"tbytes", UNIT_IEC, 1099511627776, "", "B"},
	{"deckbytes", UNIT_NUMBER, 1e3, "", "B"}, {"decmbytes", UNIT_NUMBER, 1e6, "", "B"},
	{"decgbytes", UNIT_NUMBER, 1e9, "", "B"}, {"dectbytes", UNIT_NUMBER, 1e12, "", "B"},
	{"binBps", UNIT_IEC, 1, "", "B/s"}, {"Bps", UNIT_NUMBER, 1, "", "B/s"}, {"binbps", UNIT_IEC, 1, "", "b/s"},
	{"bps", UNIT_NUMBER, 1, "", "b/s"}, {"KiBs", UNIT_IEC, 1024, "", "B/s"}, {"MiBs", UNIT_IEC, 1048576, "", "B/s"},
	{"GiBs", UNIT_IEC, 1073741824, "", "B/s"}, {"KBs", UNIT_NUMBER, 1e3, "", "B/s"}, {"MBs", UNIT_NUMBER, 1e6, "", "B/s"},
	{"GBs", UNIT_NUMBER, 1e9, "", "B/s"}, {"Kbits", UNIT_NUMBER, 1e3, "", "b/s"}, {"Mbits", UNIT_NUMBER, 1e6, "", "b/s"},
	{"Gbits", UNIT_NUMBER, 1e9, "", "b/s"}, {"pps", UNIT_NUMBER, 1, "", "p/s"}, {"hertz", UNIT_NUMBER, 1, "", "Hz"},
	{"mhz", UNIT_NUMBER, 1e6, "", "Hz"}, {"ops", UNIT_NUMBER, 1, "", "ops/s"}, {"reqps", UNIT_NUMBER, 1, "", "req/s"},
	{"rps", UNIT_NUMBER, 1, "", "rd/s"}, {"wps", UNIT_NUMBER, 1, "", "wr/s"}, {"iops", UNIT_NUMBER, 1, "", "io/s"},
	{"cps", UNIT_NUMBER, 1, "", "c/s"}, {"mps", UNIT_NUMBER, 1, "", "msg/s"}, {"eps", UNIT_NUMBER, 1, "", "evt/s"},
	{"rowsps", UNIT_NUMBER, 1, "", "rows/s"}, {"recps", UNIT_NUMBER, 1, "", "rec/s"}, {"opm", UNIT_NUMBER, 1, "", "ops/min"},
	{"cpm", UNIT_NUMBER, 1, "", "c/min"}, {"reqpm", UNIT_NUMBER, 1, "", "req/min"}, {"rpm", UNIT_NUMBER, 1, "", "rd/min"},
	{"wpm", UNIT_NUMBER, 1, "", "wr/min"}, {"mpm", UNIT_NUMBER, 1, "", "msg/min"},
	{"ns", UNIT_TIME, 1e-9, "", ""}, {"µs", UNIT_TIME, 1e-6, "", ""}, {"us", UNIT_TIME, 1e-6, "", ""},
	{"ms", UNIT_TIME, 1e-3, "", ""}, {"s", UNIT_TIME, 1, "", ""}, {"m", UNIT_TIME, 60, "", ""}, {"h", UNIT_TIME, 3600, "", ""},
	{"d", UNIT_TIME, 86400, "", ""}, {"dtdurations", UNIT_LENGTH, 1, "", ""}, {"dtdurationms", UNIT_LENGTH, 1e-3, "", ""},
	{"dthms", UNIT_CLOCK, 1, "", ""}, {"dtdhms", UNIT_CLOCK, 1, "", ""}, {"clocks", UNIT_LENGTH, 1, "", ""},
	{"clockms", UNIT_LENGTH, 1e-3, "", ""}, {"timeticks", UNIT_TIME, 0.01, "", ""},
	{"dateTimeAsIso", UNIT_DATE, 1, "", ""}, {"dateTimeAsIsoNoDateIfToday", UNIT_DATE, 1, "", ""},
	{"dateTimeAsUS", UNIT_DATE, 1, "", ""}, {"dateTimeAsUSNoDateIfToday", UNIT_DATE, 1, "", ""},
	{"dateTimeAsLocal", UNIT_DATE, 1, "", ""}, {"dateTimeAsSystem", UNIT_DATE, 1, "", ""},
	{"dateTimeAsLocalNoDateIfToday", UNIT_DATE, 1, "", ""}, {"dateTimeFromNow", UNIT_AGO, 1, "", ""},
	{"bool", UNIT_BOOL, 1, "", "True/False"}, {"bool_yes_no", UNIT_BOOL, 1, "", "Yes/No"},
	{"bool_on_off", UNIT_BOOL, 1, "", "On/Off"}, {"celsius", UNIT_FIXED, 1, "", "°C"},
	{"fahrenheit", UNIT_FIXED, 1, "", "°F"}, {"kelvin", UNIT_FIXED, 1, "", "K"}, {"currencyUSD", UNIT_NUMBER, 1, "$", ""},
	{"currencyEUR", UNIT_NUMBER, 1, "€", ""}, {"currencyGBP", UNIT_NUMBER, 1, "£", ""}, {"watt", UNIT_NUMBER, 1, "", "W"},
	{"kwatt", UNIT_NUMBER, 1e3, "", "W"}, {"watth", UNIT_NUMBER, 1, "", "Wh"}, {"kwatth", UNIT_NUMBER, 1e3, "", "Wh"},
	{"joule", UNIT_NUMBER, 1, "", "J"}, {"amp", UNIT_NUMBER, 1, "", "A"}, {"mamp", UNIT_NUMBER, 1e-3, "", "A"},
	{"volt", UNIT_NUMBER, 1, "", "V"}, {"mvolt", UNIT_NUMBER, 1e-3, "", "V"}, {"kvolt", UNIT_NUMBER, 1e3, "", "V"},
	{"dBm", UNIT_FIXED, 1, "", "dBm"}, {"rotrpm", UNIT_FIXED, 1, "", "rpm"}, {"rothz", UNIT_NUMBER, 1, "", "Hz"},
	{"degree", UNIT_FIXED, 1, "", "°"}, {"lengthm", UNIT_NUMBER, 1, "", "m"}, {"lengthkm", UNIT_FIXED, 1, "", "km"},
	{"velocityms", UNIT_FIXED, 1, "", "m/s"}, {"velocitykmh", UNIT_FIXED, 1, "", "km/h"},
	{"pressurembar", UNIT_FIXED, 1, "", "mbar"}, {"pressurehpa", UNIT_FIXED, 1, "", "hPa"},
};

static bool
after(struct sv name, const char *head, struct sv *rest)
{
	if (!sv_starts(name, head))
		return false;
	*rest = sv_from(name, strlen(head));
	return true;
}

bool
unit_find(struct sv name, struct unit *u)
{
	struct sv rest;
	size_t i;

	*u = (struct unit){.factor = 1, .decimals = -1};
	if (name.n == 0)
		return true;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (sv_is(name, table[i].name)) {
			*u = (struct unit){table[i].kind, table[i].factor, sv_of(table[i].prefix), sv_of(table[i].suffix), -1};
			return true;
		}
	if (after(name, "suffix:", &u->suffix) || after(name, "count:", &u->suffix) || after(name, "si:", &u->suffix)) {
		u->kind = sv_starts(name, "suffix:") ? UNIT_FIXED : UNIT_NUMBER;
	} else if (after(name, "prefix:", &u->prefix)) {
		u->kind = UNIT_FIXED;
	} else if (after(name, "currency:", &u->prefix)) {
		u->kind = UNIT_NUMBER;
	} else if (after(name, "time:", &rest)) {
		u->kind = UNIT_DATE;
	} else if (after(name, "bool:", &u->suffix)) {
		u->kind = UNIT_BOOL;
	} else {
		u->kind = UNIT_FIXED;
		u->suffix = name;
		return false;
	}
	return true;
}

/* How many decimals a step needs so that its multiples differ: 2.5 one, 0.05 two. */
static int
step_decimals(double step)
{
	int d = 0;

	if (!(step > 0) || !isfinite(step))
		return 0;
	while (d < 12 && fabs(step * pow(10, d) - round(step * pow(10, d))) > 1e-6 * step * pow(10, d))
		d++;
	return d;
}

/* Three significant digits of v, none below 1000. */
static int
three_digits(double v)
{
	double m = fabs(v);
	int d;

	if (m == 0 || m >= 100)
		return 0;
	d = 2 - (int)floor(log10(m));
	/* 1.500 is 1.5 and 20.0 is 20. */
	while (d > 0 && fabs(m * pow(10, d - 1) - round(m * pow(10, d - 1))) < 1e-9 * fmax(1, m * pow(10, d - 1)))
		d--;
	return d > 15 ? 15 : d;
}

static const struct {
	double seconds;
	const char *name;
} time_unit[] = {{1e-9, "ns"}, {1e-6, "µs"}, {1e-3, "ms"}, {1, "s"}, {60, "min"}, {3600, "h"}, {86400, "d"}, {31557600, "a"}};

static size_t
time_unit_for(double seconds)
{
	size_t i = 0;

	/* "90 s" and "90 min" read better than 1.5 of the next. */
	while (i + 1 < sizeof(time_unit) / sizeof(time_unit[0]) &&
	    seconds >= time_unit[i + 1].seconds * (i >= 3 ? 2 : 1) * (1 - 1e-12))
		i++;
	return i;
}

struct unit_form
unit_form(const struct unit *u, double most, double step, struct arena *a)
{
	static const char *const si[] = {"p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"};
	static const char *const iec[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
	struct unit_form f = {.divide = 1, .text = SV("")};
	double v = fabs(most * u->factor);
	const char *letter = "";
	int k = 0;

	switch (u->kind) {
	case UNIT_NUMBER:
		if (v > 0 && isfinite(v))
			k = (int)floor(log10(v) / 3 + 1e-9);
		k = k < -4 ? -4 : k > 6 ? 6 : k;
		/* 9500 requests are not 9.5 thousand of them; 0.05 is no 50 m of something without a name. */
		if (k == 1 && v < 10000 && step == 0)
			k = 0;
		if (k < 0 && (u->suffix.n == 0 || sv_ends(u->suffix, "/s") || v > 0.0095))
			k = 0;
		f.divide = pow(10, 3 * k);
		letter = si[k + 4];
		break;
	case UNIT_IEC:
		for (; k < 6 && v >= 1024; k++)
			v /= 1024;
		f.divide = pow(1024, k);
		letter = iec[k];
		break;
	case UNIT_TIME:
		/* Nothing is 0 of the unit that was asked for. */
		k = (int)time_unit_for(v > 0 ? v : u->factor);
		f.divide = time_unit[k].seconds;
		letter = time_unit[k].name;
		break;
	default:
		break;
	}
	if (*letter != '\0' || u->suffix.n > 0)
		f.text = sv_of(arena_fmt(a, " %s%" SV_FMT, letter, SV_ARG(u->suffix)));
	if (u->kind == UNIT_NUMBER && u->suffix.n == 0)
		f.text = sv_of(letter);
	if (u->kind == UNIT_BOOL)
		f.text = SV("");
	f.decimals = u->decimals >= 0 ? u->decimals :
	    step > 0                  ? step_decimals(step * u->factor / f.divide) :
					three_digits(most * u->factor / f.divide);
	return f;
}

static struct sv
date_text(double ms, struct arena *a)
{
	char buf[TIME_TEXT], *dot;

	if (!(fabs(ms) < 2.5e14))
		return SV("n/a");
	time_text((int64_t)ms, buf);
	if ((dot = strchr(buf, 'T')) != NULL)
		*dot = ' ';
	return arena_sv(a, sv_head(sv_of(buf), 19));
}

struct sv
unit_number(const struct unit *u, const struct unit_form *f, double v, bool full, struct arena *a)
{
	char buf[NUM_TEXT];
	const char *text, *minus = "";

	if (isnan(v))
		return SV("n/a");
	if (isinf(v))
		return v > 0 ? SV("∞") : SV("−∞");
	v = v * u->factor / f->divide;
	/* Too small or too large for plain digits. */
	if (v != 0 && (fabs(v) >= 1e10 || (fabs(v) < 1e-6 && u->decimals < 0))) {
		int exponent = (int)floor(log10(fabs(v)));

		text = arena_fmt(a, "%se%d", num_fixed(v / pow(10, exponent), 2, buf), exponent);
	} else {
		text = num_fixed(v, f->decimals > 17 ? 17 : f->decimals, buf);
	}
	if (*text == '-') {
		minus = "−";
		text++;
	}
	return sv_of(arena_fmt(a, "%s%" SV_FMT "%s%" SV_FMT, minus, SV_ARG(u->prefix), text,
	    SV_ARG(full ? f->text : SV(""))));
}

static struct sv
clock_text(double seconds, struct arena *a)
{
	int64_t s = fabs(seconds) < 9e15 ? (int64_t)fabs(seconds) : 0;

	return sv_of(arena_fmt(a, "%s%02lld:%02d:%02d", seconds < 0 ? "−" : "", (long long)(s / 3600), (int)(s / 60 % 60),
	    (int)(s % 60)));
}

struct sv
unit_text(const struct unit *u, double v, int64_t end, struct arena *a)
{
	char buf[NUM_TEXT], length[TIME_TEXT];
	struct unit_form f;
	struct sv yes, no;

	if (isnan(v))
		return SV("n/a");
	switch (u->kind) {
	case UNIT_LENGTH:
		if (!(fabs(v * u->factor) < 9e12))
			break;
		return arena_sv(a, sv_of(time_length_text((int64_t)llround(v * u->factor * 1000), length)));
	case UNIT_TIME:
		if (fabs(v * u->factor) >= 120 && fabs(v * u->factor) < 9e12 && u->decimals < 0)
			return arena_sv(a, sv_of(time_length_text((int64_t)llround(v * u->factor * 1000), length)));
		break;
	case UNIT_CLOCK:
		return clock_text(v * u->factor, a);
	case UNIT_DATE:
		return date_text(v * u->factor, a);
	case UNIT_AGO:
		if (!(fabs(v) < 2.5e14))
			return SV("n/a");
		return sv_of(arena_fmt(a, "%s before the end", time_length_text(end - (int64_t)v, length)));
	case UNIT_BOOL:
		no = sv_from(u->suffix, sv_chr(u->suffix, '/') + 1);
		yes = sv_head(u->suffix, sv_chr(u->suffix, '/'));
		return v != 0 ? yes : no;
	case UNIT_TEXT:
		return arena_sv(a, sv_of(num_text(v, buf)));
	case UNIT_COUNT:
		if (fabs(v) < 9e15 && v == floor(v))
			return arena_sv(a, sv_of(num_count((int64_t)v, buf)));
		break;
	default:
		break;
	}
	f = unit_form(u, v, 0, a);
	return unit_number(u, &f, v, true, a);
}
