/*
 * The answer of /api/v1/query and /api/v1/query_range: Prometheus' web/api/v1/json_codec.go and
 * util/jsonutil/marshal.go, on one line.
 */
#include "promql/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "promql/answer_in.h"

/* Seconds with 0 or 3 decimals, as MarshalTimestamp(). */
static void
add_time(int64_t ms, struct sb *out)
{
	uint64_t u = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	unsigned rest = (unsigned)(u % 1000);

	if (ms < 0)
		sb_addc(out, '-');
	pq_answer_whole(u / 1000, out);
	if (rest != 0) {
		char decimals[] = {'.', (char)('0' + rest / 100), (char)('0' + rest / 10 % 10), (char)('0' + rest % 10)};

		sb_add(out, decimals, sizeof(decimals));
	}
}

/* [T,"V"] */
static void
add_point(const struct pq_point *p, struct sb *out)
{
	sb_addc(out, '[');
	add_time(p->t, out);
	sb_adds(out, ",\"");
	pq_answer_number(p->v, out);
	sb_adds(out, "\"]");
}

/* num_text() without its exponent: what Go's 'f' format gives for 1e21 and 1e-07. */
static void
add_decimal(double v, struct sb *out)
{
	char buf[NUM_TEXT], digits[32];
	const char *p = num_text(v, buf), *exponent = strchr(p, 'e');
	long exp10, i, n = 0;

	if (exponent == NULL) {
		sb_adds(out, p);
		return;
	}
	exp10 = strtol(exponent + 1, NULL, 10);
	for (; p < exponent; p++)
		if (*p == '-')
			sb_addc(out, '-');
		else if (*p != '.' && n < (long)sizeof(digits))
			digits[n++] = *p;
	if (exp10 < 0)
		sb_adds(out, "0.");
	for (i = -1; i > exp10; i--)
		sb_addc(out, '0');
	/* A number with an exponent above 0 is whole: 1e21 at least, and doubles that large have no fraction. */
	for (i = 0; i < n || i <= exp10; i++)
		sb_addc(out, i < n ? digits[i] : '0');
}

/* Scalars and strings take another road in Prometheus: the time is a float (1.5), the value is never in exponent form. */
static void
add_scalar(const struct pq_result *r, const struct pq_query *q, struct sb *out)
{
	char buf[NUM_TEXT];

	sb_addc(out, '[');
	sb_adds(out, num_text((double)(r->n > 0 && r->v[0].n > 0 ? r->v[0].point[0].t : q->start) / 1000, buf));
	sb_addc(out, ',');
	if (r->type == PQ_STRING) {
		json_quote(out, r->text);
	} else {
		sb_addc(out, '"');
		if (r->n > 0 && r->v[0].n > 0)
			add_decimal(r->v[0].point[0].v, out);
		sb_addc(out, '"');
	}
	sb_addc(out, ']');
}

static void
add_series(const struct pq_result_series *s, bool matrix, struct sb *out)
{
	size_t i;

	sb_adds(out, "{\"metric\":");
	labels_json(&s->labels, out);
	sb_adds(out, matrix ? ",\"values\":[" : ",\"value\":");
	for (i = 0; i < (matrix ? s->n : 1); i++) {
		if (i > 0)
			sb_addc(out, ',');
		add_point(&s->point[i], out);
	}
	sb_adds(out, matrix ? "]}" : "}");
}

void
pq_answer_json(const struct pq_result *r, const struct pq_query *q, struct sb *out)
{
	static const char *const types[] = {[PQ_SCALAR] = "scalar", [PQ_STRING] = "string", [PQ_VECTOR] = "vector",
	    [PQ_MATRIX] = "matrix"};
	size_t i, n = 0;

	sb_adds(out, "{\"status\":\"success\",\"data\":{\"resultType\":\"");
	sb_adds(out, types[r->type]);
	sb_adds(out, "\",\"result\":");
	if (r->type == PQ_SCALAR || r->type == PQ_STRING) {
		add_scalar(r, q, out);
	} else {
		sb_addc(out, '[');
		for (i = 0; i < r->n; i++) {
			if (r->v[i].n == 0)
				continue;
			if (n++ > 0)
				sb_addc(out, ',');
			add_series(&r->v[i], r->type == PQ_MATRIX, out);
		}
		sb_addc(out, ']');
	}
	sb_adds(out, "}}\n");
}
