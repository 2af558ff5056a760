#include "judge/k6_expr.h"

#include <math.h>

#include "base/num.h"

/* Without blanks and quotes around it, as k6 cuts them. */
static struct sv
unquoted(struct sv s)
{
	s = sv_trim(s);
	while (s.n > 0 && (s.p[0] == '"' || s.p[0] == '\''))
		s = sv_from(s, 1);
	while (s.n > 0 && (s.p[s.n - 1] == '"' || s.p[s.n - 1] == '\''))
		s.n--;
	return s;
}

int
k6_name_parse(struct arena *a, struct sv text, struct k6_name *out, struct err *e)
{
	size_t brace = sv_chr(text, '{'), colon, n = 1, i;
	struct sv rest, part;

	*out = (struct k6_name){.metric = sv_trim(sv_head(text, brace))};
	if (out->metric.n == 0)
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' is not the name of a metric", SV_ARG(sv_head(text, 80)));
	if (brace == text.n)
		return 0;
	if (!sv_ends(text, "}"))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "': the closing '}' is missing", SV_ARG(sv_head(text, 80)));
	rest = sv_head(sv_from(text, brace + 1), text.n - brace - 2);
	for (i = 0; i < rest.n; i++)
		n += rest.p[i] == ',';
	out->tags.v = arena_new(a, n, sizeof(*out->tags.v));
	while (sv_split(&rest, ',', &part)) {
		if (sv_trim(part).n == 0)
			continue;
		colon = sv_chr(part, ':');
		out->tags.v[out->tags.n++] = (struct label){unquoted(sv_head(part, colon)), unquoted(sv_from(part, colon + 1))};
		if (out->tags.v[out->tags.n - 1].value.n == 0)
			return err_set(e, ERR_INPUT, "'%" SV_FMT "': a tag without a value", SV_ARG(sv_head(text, 80)));
	}
	if (labels_sort(&out->tags) < 0)
		return err_set(e, ERR_INPUT, "'%" SV_FMT "': one tag stands twice", SV_ARG(sv_head(text, 80)));
	return 0;
}

bool
k6_stat_parse(struct sv text, enum k6_stat *stat, double *p)
{
	static const struct {
		const char *name;
		enum k6_stat stat;
	} known[] = {{"count", K6_COUNT}, {"rate", K6_RATE}, {"value", K6_VALUE}, {"avg", K6_AVG}, {"min", K6_MIN},
	    {"max", K6_MAX}, {"med", K6_MED}};
	size_t i;

	*p = 0.5;
	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_is(text, known[i].name)) {
			*stat = known[i].stat;
			return true;
		}
	if (!sv_starts(text, "p(") || !sv_ends(text, ")") || !num_parse(sv_head(sv_from(text, 2), text.n - 3), p) ||
	    !(*p >= 0 && *p <= 100))
		return false;
	*p /= 100;
	*stat = K6_P;
	return true;
}

int
k6_threshold_parse(struct sv text, struct k6_threshold *out, struct err *e)
{
	static const struct {
		const char *text;
		enum k6_op op;
	} ops[] = {{"===", K6_EQ}, {"==", K6_EQ}, {"!=", K6_NE}, {">=", K6_GE}, {"<=", K6_LE}, {">", K6_GT}, {"<", K6_LT}};
	size_t i, at, k;

	*out = (struct k6_threshold){.op = K6_NONE};
	for (at = 0; at < text.n && text.p[at] != '<' && text.p[at] != '>' && text.p[at] != '=' && text.p[at] != '!'; at++)
		;
	for (i = 0; i < sizeof(ops) / sizeof(*ops) && out->op == K6_NONE; i++)
		if (sv_starts(sv_from(text, at), ops[i].text)) {
			out->op = ops[i].op;
			for (k = 0; ops[i].text[k] != '\0'; k++)
				;
			out->limit_text = sv_trim(sv_from(text, at + k));
		}
	out->stat_text = sv_trim(sv_head(text, at));
	if (out->op == K6_NONE || !num_parse(out->limit_text, &out->limit) || !isfinite(out->limit))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' is not a threshold such as p(95)<500 or rate<0.01",
		    SV_ARG(sv_head(text, 80)));
	if (!k6_stat_parse(out->stat_text, &out->stat, &out->p))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "': k6 knows count, rate, value, avg, min, med, max and p(N)",
		    SV_ARG(sv_head(text, 80)));
	return 0;
}

bool
k6_threshold_holds(const struct k6_threshold *t, double value)
{
	switch (t->op) {
	case K6_LT:
		return value < t->limit;
	case K6_LE:
		return value <= t->limit;
	case K6_GT:
		return value > t->limit;
	case K6_GE:
		return value >= t->limit;
	case K6_EQ:
		return value == t->limit;
	case K6_NE:
		return value < t->limit || value > t->limit;
	case K6_NONE:
		break;
	}
	return false;
}

double
k6_threshold_margin(const struct k6_threshold *t, double value)
{
	double off = value - t->limit;

	if (t->op == K6_LT || t->op == K6_LE)
		return -off;
	if (t->op == K6_EQ)
		return -fabs(off);
	return t->op == K6_NE ? fabs(off) : off;
}
