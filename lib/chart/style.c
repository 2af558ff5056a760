#include "chart/style.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

/* Light, dark and on paper. Series 1-7 and their text variants: charts.md 7. */
static const struct {
	uint32_t light, dark, print; /* RGB */
} table[] = {
	{0xFFFFFF, 0x14171C, 0xFFFFFF}, {0x1A1D21, 0xE9ECEF, 0x000000}, {0x5B6470, 0xA9B1BB, 0x3A4048},
	{0x8A929C, 0x7C858F, 0x5B6470}, {0xE3E6EA, 0x2A3038, 0xD0D4D9}, {0xB8BEC6, 0x4A525C, 0x8A929C},
	{0x21497B, 0x3E9DFF, 0x21497B}, {0xDC771D, 0xFCC01A, 0xDC771D}, {0x118C6B, 0x2ACB9D, 0x118C6B},
	{0xA76E99, 0xBD8EB5, 0xA76E99}, {0x2697FF, 0xB7EAF6, 0x2697FF}, {0x504C51, 0xDCDED7, 0x504C51},
	{0x6749E2, 0xC5A9FF, 0x6749E2}, {0xB16017, 0xFCC01A, 0xB16017}, {0x108465, 0x2ACB9D, 0x108465},
	{0x98648B, 0xC9A0C1, 0x98648B}, {0x1E77C9, 0xB7EAF6, 0x1E77C9},
	{0xB3261E, 0xFF6B5E, 0xB3261E}, {0xECC9C7, 0x4B2422, 0xE0B4B1}, {0xB9770E, 0xE0A030, 0xB9770E},
	{0x8A5A00, 0xE9B75A, 0x6A4500}, {0xDCEFE8, 0x12382D, 0xE8F4EF}, {0x006B4F, 0x5FD6B0, 0x004D39},
	{0xFCE9C4, 0x463511, 0xFCE9C4}, {0x7A4B00, 0xF2C670, 0x5A3700}, {0x9CB3C4, 0x4E6474, 0x8FA6B7},
	{0x6BA6D0, 0x9CC3E0, 0x6BA6D0}, {0x1F66A3, 0x3F9BE0, 0x1F66A3}, {0x082B59, 0xC6DBEC, 0x082B59},
};

static const uint32_t series[STYLE_SERIES] = {0x21497B, 0xDC771D, 0x118C6B, 0xA76E99, 0x2697FF, 0x504C51, 0x6749E2};
static const uint32_t series_text[STYLE_SERIES] = {
    0x21497B, 0xB16017, 0x108465, 0x98648B, 0x1E77C9, 0x504C51, 0x6749E2};

/* The single-hue ramp for white paper; viridis where the paper is dark (charts.md 2.7). */
static const uint32_t ramp_light[] = {0xEAF2F8, 0xC6DBEC, 0x9CC3E0, 0x6BA6D0, 0x3F86BC, 0x1F66A3, 0x0B4884, 0x082B59};
static const uint32_t ramp_dark[] = {0x48186A, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x3FBC73, 0xADDC30, 0xFDE725};

bool
style_theme(struct sv name, enum theme *out)
{
	static const char *const names[] = {[THEME_LIGHT] = "light", [THEME_DARK] = "dark", [THEME_PRINT] = "print"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_is(name, names[i])) {
			*out = (enum theme)i;
			return true;
		}
	return false;
}

static uint32_t
mix(uint32_t a, uint32_t b, double t)
{
	uint32_t out = 0;
	int shift;

	for (shift = 0; shift < 24; shift += 8) {
		double x = (double)(a >> shift & 0xff), y = (double)(b >> shift & 0xff);

		out |= (uint32_t)lround(x + (y - x) * t) << shift;
	}
	return out;
}

static uint32_t
ramp(const uint32_t *stop, size_t step)
{
	double at = (double)step / (STYLE_RAMP - 1) * 7;
	size_t i = (size_t)at > 6 ? 6 : (size_t)at;

	return mix(stop[i], stop[i + 1], at - (double)i);
}

uint32_t
style_ramp(double v)
{
	double in = v > 0 ? fmin(v, 1) : 0;

	return ramp(ramp_light, (size_t)lround(in * (STYLE_RAMP - 1))) << 8 | 0xff;
}

static double
channel(uint32_t c)
{
	double v = c / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* WCAG 2: relative luminance. */
static double
luminance(uint32_t rgb)
{
	return 0.2126 * channel(rgb >> 16 & 0xff) + 0.7152 * channel(rgb >> 8 & 0xff) + 0.0722 * channel(rgb & 0xff);
}

uint32_t
style_legible(uint32_t rgba, double want)
{
	uint32_t rgb = rgba >> 8;
	int i;

	for (i = 0; i < 20 && 1.05 / (luminance(rgb) + 0.05) < want; i++)
		rgb = mix(rgb, 0, 0.08);
	return rgb << 8 | (rgba & 0xff);
}

bool
style_wants_white(uint32_t rgba)
{
	return luminance(rgba >> 8) < 0.3;
}

uint32_t
style_themed(enum theme theme, uint32_t rgba)
{
	uint32_t rgb = rgba >> 8, alpha = rgba & 0xff;
	size_t i;

	if (theme == THEME_LIGHT)
		return rgba;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].light == rgb)
			return (theme == THEME_DARK ? table[i].dark : table[i].print) << 8 | alpha;
	if (theme == THEME_PRINT)
		return rgba;
	for (i = 0; i < STYLE_RAMP; i++)
		if (ramp(ramp_light, i) == rgb)
			return ramp(ramp_dark, i) << 8 | alpha;
	/* Somebody's own colour: lighter until it can be read, as text too. */
	for (i = 0; i < 20 && (luminance(rgb) + 0.05) / (luminance(0x14171C) + 0.05) < 4.5; i++)
		rgb = mix(rgb, 0xFFFFFF, 0.1);
	return rgb << 8 | alpha;
}

uint32_t
style_series(size_t i)
{
	return series[i % STYLE_SERIES] << 8 | 0xff;
}

uint32_t
style_series_text(uint32_t colour)
{
	size_t i;

	for (i = 0; i < STYLE_SERIES; i++)
		if (series[i] == colour >> 8)
			return series_text[i] << 8 | 0xff;
	return style_legible(colour | 0xff, 4.5);
}

static bool
hex(struct sv v, uint32_t *out)
{
	uint32_t x = 0;
	size_t i;

	for (i = 0; i < v.n; i++) {
		const char *at = v.p[i] == 0 ? NULL : strchr("0123456789abcdefABCDEF", v.p[i]);
		static const char digits[] = "0123456789abcdefABCDEF";
		size_t d;

		if (at == NULL)
			return false;
		for (d = 0; digits[d] != *at; d++)
			;
		x = x << 4 | (uint32_t)(d > 15 ? d - 6 : d);
	}
	*out = x;
	return true;
}

static bool
by_numbers(struct sv v, uint32_t *out)
{
	struct sv rest = sv_from(v, sv_chr(v, '(') + 1), field;
	double part[4] = {0, 0, 0, 1};
	size_t n = 0;

	rest = sv_head(rest, sv_chr(rest, ')'));
	while (n < 4 && sv_split(&rest, ',', &field)) {
		field = sv_trim(field);
		if (sv_ends(field, "%"))
			field.n--;
		if (!num_parse(field, &part[n++]))
			return false;
	}
	if (n < 3)
		return false;
	*out = (uint32_t)fmin(fmax(part[0], 0), 255) << 24 | (uint32_t)fmin(fmax(part[1], 0), 255) << 16 |
	    (uint32_t)fmin(fmax(part[2], 0), 255) << 8 | (uint32_t)lround(fmin(fmax(part[3], 0), 1) * 255);
	return true;
}

/* The hues of Grafana's classic names, and their shades around them. */
bool
style_colour(struct sv name, uint32_t *out)
{
	static const struct {
		const char *name;
		uint32_t rgb;
	} hue[] = {{"red", 0xF2495C}, {"orange", 0xFF9830}, {"yellow", 0xFADE2A}, {"green", 0x73BF69}, {"blue", 0x5794F2},
	    {"purple", 0xB877D9}, {"white", 0xFFFFFF}, {"black", 0x000000}, {"gray", 0x808080}, {"grey", 0x808080},
	    {"text", 0x1A1D21}};
	struct sv v = sv_trim(name);
	double shade = 0;
	uint32_t x;
	size_t i;

	if (sv_starts(v, "#") && hex(sv_from(v, 1), &x)) {
		if (v.n == 7)
			*out = x << 8 | 0xff;
		else if (v.n == 9)
			*out = x;
		else if (v.n == 4)
			*out = ((x & 0xf00) * 0x1100 + (x & 0xf0) * 0x110 + (x & 0xf) * 0x11) << 8 | 0xff;
		return v.n == 7 || v.n == 9 || v.n == 4;
	}
	if (sv_starts(v, "rgb"))
		return by_numbers(v, out);
	if (sv_starts(v, "super-light-")) {
		shade = 0.5;
		v = sv_from(v, 12);
	} else if (sv_starts(v, "light-")) {
		shade = 0.25;
		v = sv_from(v, 6);
	} else if (sv_starts(v, "semi-dark-")) {
		shade = -0.15;
		v = sv_from(v, 10);
	} else if (sv_starts(v, "dark-")) {
		shade = -0.3;
		v = sv_from(v, 5);
	}
	for (i = 0; i < sizeof(hue) / sizeof(hue[0]); i++)
		if (sv_is(v, hue[i].name)) {
			*out = mix(hue[i].rgb, shade > 0 ? 0xFFFFFF : 0, fabs(shade)) << 8 | 0xff;
			return true;
		}
	return false;
}
