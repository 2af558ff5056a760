/* Values as Go's fmt writes them. */
#include "rules/template_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/time.h"

bool
tmpl_true(const struct tmpl_value *v)
{
	switch (v->kind) {
	case TV_NIL:
		return false;
	case TV_BOOL:
		return v->truth;
	case TV_INT:
		return v->i != 0;
	case TV_FLOAT:
		return v->f != 0;
	case TV_STRING:
		return v->s.n > 0;
	case TV_LABELS:
		return v->labels->n > 0;
	case TV_VECTOR:
	case TV_ARGS:
		return v->n > 0;
	case TV_SAMPLE:
	case TV_TIME:
	case TV_DATA:
		break;
	}
	return true;
}

/* "NaN", "+Inf", "-Inf" as Go writes them. False: v is finite. */
static bool
odd_float(double v, char *buf, size_t n)
{
	if (isfinite(v))
		return false;
	snprintf(buf, n, "%s", isnan(v) ? "NaN" : v > 0 ? "+Inf" : "-Inf");
	return true;
}

#define FLOAT_TEXT 400

/* strconv.FormatFloat(v, 'g', -1, 64): an exponent below 1e-4 and from 1e21 or, with few digits, 1e6 on. */
static void
shortest(double v, char buf[FLOAT_TEXT])
{
	long exponent;
	int p;

	if (odd_float(v, buf, FLOAT_TEXT))
		return;
	for (p = 0; p < 17; p++) {
		snprintf(buf, FLOAT_TEXT, "%.*e", p, v);
		if (strtod(buf, NULL) == v)
			break;
	}
	exponent = strtol(strchr(buf, 'e') + 1, NULL, 10);
	if (exponent >= -4 && exponent < 6)
		snprintf(buf, FLOAT_TEXT, "%.*f", p > exponent ? (int)(p - exponent) : 0, v);
}

void
tmpl_float(double v, struct sb *out)
{
	char buf[FLOAT_TEXT];

	shortest(v, buf);
	sb_adds(out, buf);
}

void
tmpl_float4(double v, struct sb *out)
{
	char buf[FLOAT_TEXT];

	if (!odd_float(v, buf, sizeof(buf)))
		snprintf(buf, sizeof(buf), "%.4g", v);
	sb_adds(out, buf);
}

static void
print_labels(const struct labels *l, struct sb *out)
{
	size_t i;

	sb_adds(out, "map[");
	for (i = 0; i < l->n; i++) {
		sb_adds(out, i > 0 ? " " : "");
		sb_addv(out, l->v[i].name);
		sb_addc(out, ':');
		sb_addv(out, l->v[i].value);
	}
	sb_addc(out, ']');
}

/* "2020-09-13 12:26:40.5 +0000 UTC" */
static void
print_time(int64_t ms, struct sb *out)
{
	char t[TIME_TEXT];
	size_t n;

	time_text(ms, t); /* 2020-09-13T12:26:40.500Z */
	n = strlen(t);
	if (n < 20 || t[10] != 'T') {
		sb_adds(out, t);
		return;
	}
	t[10] = ' ';
	t[--n] = '\0';
	while (strchr(t, '.') != NULL && t[n - 1] == '0')
		t[--n] = '\0';
	sb_addf(out, "%s +0000 UTC", t);
}

void
tmpl_print(const struct tmpl_value *v, struct sb *out)
{
	size_t i;

	switch (v->kind) {
	case TV_NIL:
		sb_adds(out, "<no value>");
		break;
	case TV_BOOL:
		sb_adds(out, v->truth ? "true" : "false");
		break;
	case TV_INT:
		sb_addf(out, "%lld", (long long)v->i);
		break;
	case TV_FLOAT:
		tmpl_float(v->f, out);
		break;
	case TV_STRING:
		sb_addv(out, v->s);
		break;
	case TV_LABELS:
		print_labels(v->labels, out);
		break;
	case TV_SAMPLE:
		sb_addc(out, '{');
		print_labels(&v->sample->labels, out);
		sb_addc(out, ' ');
		tmpl_float(v->sample->value, out);
		sb_addc(out, '}');
		break;
	case TV_VECTOR: /* Go prints addresses */
		sb_addc(out, '[');
		for (i = 0; i < v->n; i++) {
			struct tmpl_value one = {.kind = TV_SAMPLE, .sample = &v->sample[i]};

			sb_adds(out, i > 0 ? " " : "");
			tmpl_print(&one, out);
		}
		sb_addc(out, ']');
		break;
	case TV_TIME:
		print_time(v->i, out);
		break;
	case TV_DATA:
	case TV_ARGS:
		sb_adds(out, "{}");
		break;
	}
}

static const char *
type_name(const struct tmpl_value *v)
{
	static const char *const names[] = {[TV_NIL] = "<nil>", [TV_BOOL] = "bool", [TV_INT] = "int", [TV_FLOAT] = "float64",
	    [TV_STRING] = "string", [TV_LABELS] = "map[string]string", [TV_SAMPLE] = "*template.sample",
	    [TV_VECTOR] = "template.queryResult", [TV_TIME] = "time.Time", [TV_DATA] = "struct", [TV_ARGS] = "map[string]interface {}"};

	return names[v->kind];
}

/* "int=5" */
static void
add_typed(const struct tmpl_value *v, struct sb *out)
{
	sb_addf(out, "%s=", type_name(v));
	tmpl_print(v, out);
}

/* One %... of a format. */
struct spec {
	char flags[8];
	int width, precision; /* -1: not given */
	char verb;
};

static void
pad(const struct spec *s, const char *text, size_t n, struct sb *out)
{
	struct sv rest = {text, n};
	size_t chars = 0, k;
	uint32_t c;

	while (rest.n > 0) {
		k = clean_utf8(rest, &c);
		rest = sv_from(rest, k > 0 ? k : 1);
		chars++;
	}
	for (k = chars; strchr(s->flags, '-') == NULL && s->width > 0 && k < (size_t)s->width; k++)
		sb_addc(out, ' ');
	sb_add(out, text, n);
	for (k = chars; strchr(s->flags, '-') != NULL && s->width > 0 && k < (size_t)s->width; k++)
		sb_addc(out, ' ');
}

static bool
has(const struct spec *s, char flag)
{
	return strchr(s->flags, flag) != NULL;
}

/* A number's text with the sign that is asked for, padded with blanks or zeros. */
static void
pad_number(const struct spec *s, char *buf, bool zeros, struct sb *out)
{
	bool negative = buf[0] == '-';
	const char *sign = negative ? "-" : buf[0] == '+' || has(s, '+') ? "+" : has(s, ' ') ? " " : "";
	struct sv digits = sv_from(sv_of(buf), negative || buf[0] == '+');
	struct sb text = {0};
	size_t n = digits.n + strlen(sign);

	sb_adds(&text, sign);
	if (has(s, '0') && zeros && !has(s, '-'))
		for (; s->width > 0 && n < (size_t)s->width; n++)
			sb_addc(&text, '0');
	sb_addv(&text, digits);
	pad(s, sb_str(&text), text.n, out);
	sb_free(&text);
}

static void
format_float(const struct spec *s, double v, struct sb *out)
{
	int p = s->precision < 0 ? 6 : s->precision;
	char buf[2 * FLOAT_TEXT];
	size_t n;

	if (odd_float(v, buf, sizeof(buf))) {
		pad_number(s, buf, false, out);
		return;
	}
	if (strchr("vgG", s->verb) != NULL && s->precision < 0)
		shortest(v, buf);
	else if (strchr("vgG", s->verb) != NULL)
		snprintf(buf, sizeof(buf), "%.*g", p, v);
	else if (s->verb == 'e' || s->verb == 'E')
		snprintf(buf, sizeof(buf), "%.*e", p, v);
	else
		snprintf(buf, sizeof(buf), "%.*f", p, v);
	for (n = 0; (s->verb == 'G' || s->verb == 'E') && buf[n] != '\0'; n++)
		buf[n] = buf[n] == 'e' ? 'E' : buf[n];
	pad_number(s, buf, true, out);
}

static void
format_int(const struct spec *s, int64_t v, struct sb *out)
{
	unsigned long long u = v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v;
	char digits[72], buf[2 * FLOAT_TEXT];
	int n, zeros;

	if (s->verb == 'x')
		n = snprintf(digits, sizeof(digits), "%llx", u);
	else if (s->verb == 'X')
		n = snprintf(digits, sizeof(digits), "%llX", u);
	else if (s->verb == 'o')
		n = snprintf(digits, sizeof(digits), "%llo", u);
	else
		n = snprintf(digits, sizeof(digits), "%llu", u);
	zeros = s->precision > n ? s->precision - n : 0;
	snprintf(buf, sizeof(buf), "%s%s", v < 0 ? "-" : "",
	    !has(s, '#') ? "" : s->verb == 'x' ? "0x" : s->verb == 'X' ? "0X" : "");
	n = (int)strlen(buf);
	memset(buf + n, '0', (size_t)zeros);
	snprintf(buf + n + zeros, sizeof(buf) - (size_t)(n + zeros), "%s", digits);
	pad_number(s, buf, s->precision < 0, out);
}

static void
format_text(const struct spec *s, const struct tmpl_value *v, struct sb *out)
{
	struct sb text = {0};
	size_t i;

	if (s->verb == 'q' && v->kind == TV_STRING) {
		sb_addc(&text, '"');
		for (i = 0; i < v->s.n; i++) {
			if (v->s.p[i] == '"' || v->s.p[i] == '\\')
				sb_addc(&text, '\\');
			if (v->s.p[i] == '\n')
				sb_adds(&text, "\\n");
			else
				sb_addc(&text, v->s.p[i]);
		}
		sb_addc(&text, '"');
	} else {
		tmpl_print(v, &text);
	}
	if (s->precision >= 0 && s->verb == 's' && v->kind == TV_STRING && text.n > (size_t)s->precision)
		text.n = (size_t)s->precision; /* bytes: labels are ASCII as good as always */
	pad(s, sb_str(&text), text.n, out);
	sb_free(&text);
}

/* %v and %s of maps and samples print their parts as they are. */
static bool
fits(const struct tmpl_value *v, char verb)
{
	switch (v->kind) {
	case TV_FLOAT:
		return strchr("vfFeEgG", verb) != NULL;
	case TV_INT:
		return strchr("vdxXo", verb) != NULL;
	case TV_BOOL:
		return strchr("vt", verb) != NULL;
	case TV_STRING:
		return strchr("vsq", verb) != NULL;
	default:
		return strchr("vs", verb) != NULL;
	}
}

static size_t
read_number(struct sv f, size_t i, int *out)
{
	*out = 0;
	while (i < f.n && f.p[i] >= '0' && f.p[i] <= '9') {
		*out = *out > 300 ? 300 : *out * 10 + (f.p[i] - '0');
		i++;
	}
	*out = *out > 300 ? 300 : *out;
	return i;
}

/* The specification behind a '%' at f.p[i - 1]; where it ends. */
static size_t
read_spec(struct sv f, size_t i, struct spec *s)
{
	size_t n = 0;

	*s = (struct spec){.width = -1, .precision = -1};
	for (; i < f.n && strchr("+-# 0", f.p[i]) != NULL && f.p[i] != '\0'; i++)
		if (n + 1 < sizeof(s->flags) && strchr(s->flags, f.p[i]) == NULL)
			s->flags[n++] = f.p[i];
	if (i < f.n && f.p[i] >= '0' && f.p[i] <= '9')
		i = read_number(f, i, &s->width);
	if (i < f.n && f.p[i] == '.')
		i = read_number(f, i + 1, &s->precision);
	s->verb = i < f.n ? f.p[i] : '\0';
	return i < f.n ? i + 1 : i;
}

static void
format_one(const struct spec *s, const struct tmpl_value *v, struct sb *out)
{
	if (s->verb == 'T') {
		sb_adds(out, type_name(v));
	} else if (!fits(v, s->verb)) {
		sb_addf(out, "%%!%c(", s->verb);
		add_typed(v, out);
		sb_addc(out, ')');
	} else if (v->kind == TV_FLOAT) {
		format_float(s, v->f, out);
	} else if (v->kind == TV_INT) {
		format_int(s, v->i, out);
	} else {
		format_text(s, v, out);
	}
}

void
tmpl_printf(struct sv f, const struct tmpl_value *arg, size_t n, struct sb *out)
{
	size_t i = 0, k = 0, open = sb_sv(out).n;
	struct spec s;

	while (i < f.n && out->n - open <= TMPL_MAX_OUTPUT) {
		if (f.p[i] != '%') {
			sb_addc(out, f.p[i++]);
			continue;
		}
		i = read_spec(f, i + 1, &s);
		if (s.verb == '\0')
			sb_adds(out, "%!(NOVERB)");
		else if (s.verb == '%')
			sb_addc(out, '%');
		else if (k >= n)
			sb_addf(out, "%%!%c(MISSING)", s.verb);
		else
			format_one(&s, &arg[k++], out);
	}
	if (k < n) {
		sb_adds(out, "%!(EXTRA ");
		for (open = k; k < n; k++) {
			sb_adds(out, k > open ? ", " : "");
			add_typed(&arg[k], out);
		}
		sb_addc(out, ')');
	}
}
