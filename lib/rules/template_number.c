/* Functions of templates that write numbers for people. */
#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "rules/template_in.h"

static int
call_humanize(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	static const char *const up[] = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
	static const char *const down[] = {"m", "u", "n", "p", "f", "a", "z", "y"};
	const char *prefix = "";
	struct sb s = {0};
	double v;
	size_t i;

	(void)n;
	if (tmpl_want_number(r, arg, "humanize", &v) < 0)
		return -1;
	if (v != 0 && isfinite(v) && fabs(v) >= 1) {
		for (i = 0; i < 8 && fabs(v) >= 1000; i++) {
			prefix = up[i];
			v /= 1000;
		}
	} else if (v != 0 && isfinite(v)) {
		for (i = 0; i < 8 && fabs(v) < 1; i++) {
			prefix = down[i];
			v *= 1000;
		}
	}
	tmpl_float4(v, &s);
	sb_adds(&s, prefix);
	*out = tmpl_taken(r, &s);
	return 0;
}

static int
call_humanize1024(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	static const char *const up[] = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
	const char *prefix = "";
	struct sb s = {0};
	double v;
	size_t i;

	(void)n;
	if (tmpl_want_number(r, arg, "humanize1024", &v) < 0)
		return -1;
	if (fabs(v) > 1 && isfinite(v))
		for (i = 0; i < 8 && fabs(v) >= 1024; i++) {
			prefix = up[i];
			v /= 1024;
		}
	tmpl_float4(v, &s);
	sb_adds(&s, prefix);
	*out = tmpl_taken(r, &s);
	return 0;
}

static void
add_duration(double v, struct sb *s)
{
	static const char *const down[] = {"m", "u", "n", "p", "f", "a", "z", "y"};
	const char *sign = v < 0 ? "-" : "", *prefix = "";
	int64_t whole, d, h, m;
	size_t i;

	if (!isfinite(v) || v == 0 || fabs(v) > 9e15) {
		tmpl_float4(v, s);
		sb_adds(s, isfinite(v) ? "s" : "");
		return;
	}
	if (fabs(v) >= 1) {
		v = fabs(v);
		whole = (int64_t)v;
		d = whole / 86400;
		h = whole / 3600 % 24;
		m = whole / 60 % 60;
		if (d > 0)
			sb_addf(s, "%s%lldd %lldh %lldm %llds", sign, (long long)d, (long long)h, (long long)m, (long long)(whole % 60));
		else if (h > 0)
			sb_addf(s, "%s%lldh %lldm %llds", sign, (long long)h, (long long)m, (long long)(whole % 60));
		else if (m > 0)
			sb_addf(s, "%s%lldm %llds", sign, (long long)m, (long long)(whole % 60));
		else {
			sb_adds(s, sign);
			tmpl_float4(v, s);
			sb_adds(s, "s");
		}
		return;
	}
	for (i = 0; i < 8 && fabs(v) < 1; i++) {
		prefix = down[i];
		v *= 1000;
	}
	tmpl_float4(v, s);
	sb_addf(s, "%ss", prefix);
}

static int
call_humanize_duration(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	double v;

	(void)n;
	if (tmpl_want_number(r, arg, "humanizeDuration", &v) < 0)
		return -1;
	add_duration(v, &s);
	*out = tmpl_taken(r, &s);
	return 0;
}

static int
call_humanize_percentage(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	double v;

	(void)n;
	if (tmpl_want_number(r, arg, "humanizePercentage", &v) < 0)
		return -1;
	tmpl_float4(v * 100, &s);
	sb_addc(&s, '%');
	*out = tmpl_taken(r, &s);
	return 0;
}

/* humanizeTimestamp as text, toTime as a time: both print the same. */
static int
call_to_time(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	double v;

	(void)n;
	if (tmpl_want_number(r, arg, "toTime", &v) < 0)
		return -1;
	if (!isfinite(v)) {
		tmpl_float4(v, &s);
		*out = tmpl_taken(r, &s);
		return 0;
	}
	if (fabs(v) > 9e9)
		return tmpl_fail(r, "error calling toTime: it cannot be represented as a time");
	*out = (struct tmpl_value){.kind = TV_TIME, .i = (int64_t)floor(v * 1000)};
	return 0;
}

static int
call_parse_duration(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int64_t ms;

	(void)n;
	if (tmpl_want_text(r, arg, "parseDuration") < 0)
		return -1;
	if (!time_duration(arg->s, &ms))
		return tmpl_fail(r, "error calling parseDuration: not a valid duration string: \"%" SV_FMT "\"", SV_ARG(arg->s));
	*out = tmpl_number((double)ms / 1000);
	return 0;
}

const struct tmpl_function tmpl_number_functions[] = {
	{"humanize", 1, 1, call_humanize},
	{"humanize1024", 1, 1, call_humanize1024},
	{"humanizeDuration", 1, 1, call_humanize_duration},
	{"humanizePercentage", 1, 1, call_humanize_percentage},
	{"humanizeTimestamp", 1, 1, call_to_time},
	{"toTime", 1, 1, call_to_time},
	{"parseDuration", 1, 1, call_parse_duration},
	{0},
};
