/*
 * promql_testfile [-v] FILE...
 *
 * Runs files in Prometheus' test language for PromQL (promql/promqltest/README.md there) through our engine: load, clear,
 * eval instant and range, both syntaxes of what is expected. Each "eval instant" is also asked as the middle step of a range
 * of three, as upstream does. Prints "FILE:LINE: what differs"; with -v also what was refused or left out.
 *
 * A comparison is left out when its expectation or what it selects are native histograms, and counted. "not supported: ..." is
 * counted as refused. Warnings and infos are not compared. Values agree to 1e-6 relative, as upstream has it.
 *
 * Exit 0: all that was compared agrees; 1: not; 2: trouble, or nothing was compared.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/eval.h"
#include "promql/memory_source.h"

#define CLOSE 1e-6
#define MINUTE INT64_C(60000)
#define MIN_NORMAL 0x1p-1022

/* One command's expectation: the lines below it. */
struct expected {
	bool fail, ordered, scalar, text, histograms;
	double number; /* scalar */
	struct sv string;
	struct pq_notation v[200];
	size_t n;
	int64_t start, step; /* of "expect range vector" */
};

struct eval {
	int line;
	bool range;
	struct sv expr;
	struct pq_query q;
	struct expected want;
};

struct run {
	const char *file;
	bool verbose;
	struct pq_memory floats, natives; /* natives: one sample where a histogram stood */
	struct arena a;                   /* of one eval */
	int n, agree, differ, refused, native;
};

static void
say(struct run *r, int line, const char *what, struct sv expr, const char *why)
{
	printf("%s:%d: %s: %.*s\n%s%s%s", r->file, line, what, (int)expr.n, expr.p, why[0] != '\0' ? "\t" : "", why,
	    why[0] != '\0' ? "\n" : "");
}

static _Noreturn void
give_up(struct run *r, int line, const char *why)
{
	fprintf(stderr, "promql_testfile: %s:%d: %s\n", r->file, line, why);
	exit(2);
}

/* --- what is to be read ------------------------------------------------------------ */

struct lines {
	struct sv rest;
	int line;
	struct sv now; /* trimmed; "" for a comment */
};

static bool
next_line(struct lines *l)
{
	if (!sv_split(&l->rest, '\n', &l->now))
		return false;
	l->line++;
	l->now = sv_trim(l->now);
	if (sv_starts(l->now, "#"))
		l->now.n = 0;
	return true;
}

/* The next word of *s. */
static struct sv
word(struct sv *s)
{
	struct sv w;
	size_t n = 0;

	*s = sv_trim(*s);
	while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
		n++;
	w = sv_head(*s, n);
	*s = sv_trim(sv_from(*s, n));
	return w;
}

static int64_t
duration(struct run *r, int line, struct sv *s)
{
	struct sv w = word(s);
	bool minus = sv_starts(w, "-");
	int64_t ms;

	if (!time_duration(minus ? sv_from(w, 1) : w, &ms))
		give_up(r, line, "a duration expected");
	return minus ? -ms : ms;
}

static void
skip_word(struct run *r, int line, struct sv *s, const char *expected)
{
	if (!sv_is(word(s), expected))
		give_up(r, line, expected);
}

/* The native histogram that classic series of a load_with_nhcb make: h_bucket, h_count, h_sum make h. */
static void
note_nhcb(struct run *r, struct pq_notation *n, int64_t step)
{
	static const char *const ends[] = {"_bucket", "_count", "_sum"};
	struct labels l = {arena_new(&r->natives.a, n->labels.n, sizeof(*l.v)), 0};
	size_t i;

	for (i = 0; i < n->labels.n; i++)
		if (!sv_is(n->labels.v[i].name, "le"))
			l.v[l.n++] = n->labels.v[i];
	for (i = 0; i < 3; i++)
		if (sv_ends(n->name, ends[i]))
			for (size_t k = 0; k < n->n; k++)
				if (n->v[k].kind == PQ_NOTE_VALUE)
					pq_memory_add(&r->natives, sv_head(n->name, n->name.n - strlen(ends[i])), &l,
					    (struct pq_sample){(int64_t)k * step, 1, false}, NULL);
}

static bool
same_name(const struct pq_notation *x, const struct pq_notation *y)
{
	return sv_eq(x->name, y->name) && labels_cmp(&x->labels, &y->labels) == 0;
}

static void
load(struct run *r, struct lines *l)
{
	struct sv rest = l->now;
	bool nhcb = sv_is(word(&rest), "load_with_nhcb");
	int64_t step = duration(r, l->line, &rest);
	VEC(struct pq_notation) all = {0};
	struct arena a = {0};
	struct err e = {0};
	size_t i, k;

	while (next_line(l) && l->now.n > 0)
		if (pq_notation_parse(&a, l->now, vec_add(&all), &e) < 0)
			give_up(r, l->line, e.msg);
	for (i = 0; i < all.n; i++) {
		for (k = i + 1; k < all.n && !same_name(&all.v[i], &all.v[k]); k++)
			;
		if (k < all.n) /* of the same series twice in one load the last counts */
			continue;
		if (pq_memory_load(&r->floats, &all.v[i], 0, step, &e) < 0)
			give_up(r, l->line, e.msg);
		if (nhcb)
			note_nhcb(r, &all.v[i], step);
		for (k = 0; k < all.v[i].n; k++)
			if (all.v[i].v[k].kind == PQ_NOTE_HISTOGRAM)
				pq_memory_add(&r->natives, all.v[i].name, &all.v[i].labels,
				    (struct pq_sample){(int64_t)k * step, 1, false}, NULL);
	}
	vec_free(&all);
	arena_free(&a);
}

/* "expect fail msg: ...", "expect ordered", "expect range vector from 0 to 1m step 10s", 'expect string "x"'. */
static void
read_expect(struct run *r, struct lines *l, struct sv rest, struct expected *w)
{
	struct sv type = word(&rest);

	if (sv_is(type, "fail")) {
		w->fail = true;
	} else if (sv_is(type, "ordered")) {
		w->ordered = true;
	} else if (sv_is(type, "string")) {
		w->text = true;
		w->string = sv_head(sv_from(rest, 1), rest.n - 2);
	} else if (sv_is(type, "range")) {
		skip_word(r, l->line, &rest, "vector");
		skip_word(r, l->line, &rest, "from");
		w->start = duration(r, l->line, &rest);
		skip_word(r, l->line, &rest, "to");
		duration(r, l->line, &rest);
		skip_word(r, l->line, &rest, "step");
		w->step = duration(r, l->line, &rest);
	} else if (!sv_is(type, "warn") && !sv_is(type, "no_warn") && !sv_is(type, "info") && !sv_is(type, "no_info")) {
		give_up(r, l->line, "an unknown expectation");
	}
}

static void
read_wanted(struct run *r, struct lines *l, struct expected *w)
{
	struct pq_notation *n;
	struct sv rest;
	struct err e = {0};
	size_t i;

	while (next_line(l) && l->now.n > 0) {
		rest = l->now;
		if (sv_is(word(&rest), "expect") && rest.n > 0) {
			read_expect(r, l, rest, w);
		} else if (sv_starts(l->now, "expected_fail_")) {
			continue;
		} else if (num_parse(l->now, &w->number)) {
			w->scalar = true;
		} else {
			if (w->n == sizeof(w->v) / sizeof(w->v[0]))
				give_up(r, l->line, "too many series expected");
			n = &w->v[w->n++];
			if (pq_notation_parse(&r->a, l->now, n, &e) < 0)
				give_up(r, l->line, e.msg);
			for (i = 0; i < n->n; i++)
				w->histograms |= n->v[i].kind == PQ_NOTE_HISTOGRAM;
		}
	}
}

static struct eval *
read_eval(struct run *r, struct lines *l)
{
	struct eval *x = arena_new(&r->a, 1, sizeof(*x));
	struct sv rest = l->now, how = word(&rest), kind = word(&rest);

	x->line = l->line;
	x->want.fail = sv_is(how, "eval_fail");
	x->want.ordered = sv_is(how, "eval_ordered");
	if (sv_is(kind, "instant")) {
		skip_word(r, l->line, &rest, "at");
		x->q.start = x->q.end = duration(r, l->line, &rest);
	} else {
		x->range = true;
		skip_word(r, l->line, &rest, "from");
		x->q.start = duration(r, l->line, &rest);
		skip_word(r, l->line, &rest, "to");
		x->q.end = duration(r, l->line, &rest);
		skip_word(r, l->line, &rest, "step");
		x->q.step = duration(r, l->line, &rest);
	}
	x->expr = rest;
	x->want.start = x->q.start;
	x->want.step = x->q.step;
	read_wanted(r, l, &x->want);
	return x;
}

/* --- what is compared -------------------------------------------------------------- */

static bool
close_to(double a, double b)
{
	double sum = fabs(a) + fabs(b), d = fabs(a - b);

	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	if (a == b)
		return true;
	if (a == 0 || b == 0 || sum < MIN_NORMAL)
		return d < CLOSE * MIN_NORMAL;
	return d / (sum > 0x1.fffffffffffffp+1023 ? 0x1.fffffffffffffp+1023 : sum) < CLOSE;
}

/* A result's labels without the name, which stands in *name. */
static struct labels
split_name(struct arena *a, const struct labels *l, struct sv *name)
{
	struct labels out = {arena_new(a, l->n, sizeof(*out.v)), 0};
	size_t i;

	*name = (struct sv){"", 0};
	for (i = 0; i < l->n; i++)
		if (sv_is(l->v[i].name, "__name__"))
			*name = l->v[i].value;
		else
			out.v[out.n++] = l->v[i];
	return out;
}

/* The points of a series against its expected values. */
static bool
same_points(const struct eval *x, const struct pq_notation *want, const struct pq_point *p, size_t n, struct sb *why)
{
	char got[NUM_TEXT], wanted[NUM_TEXT];
	size_t i, k = 0;
	int64_t t;

	for (i = 0; i < want->n; i++) {
		if (want->v[i].kind == PQ_NOTE_NONE)
			continue;
		t = x->want.start + (int64_t)i * x->want.step;
		if (k == n) {
			sb_addf(why, "nothing at %lld", (long long)t);
			return false;
		}
		if (x->want.step > 0 && p[k].t != t) {
			sb_addf(why, "a value at %lld, not %lld", (long long)p[k].t, (long long)t);
			return false;
		}
		if (!close_to(p[k].v, want->v[i].v)) {
			sb_addf(why, "%s at %lld, not %s", num_text(p[k].v, got), (long long)p[k].t, num_text(want->v[i].v, wanted));
			return false;
		}
		k++;
	}
	if (k < n)
		sb_addf(why, "%s at %lld too much", num_text(p[k].v, got), (long long)p[k].t);
	return k == n;
}

static bool
same_series(struct run *r, const struct eval *x, const struct pq_result *got, bool ordered, struct sb *why)
{
	bool seen[200] = {false};
	struct labels l;
	struct sv name;
	struct sb text = {0};
	size_t i, k;
	bool ok = true;

	for (i = 0; i < got->n && ok; i++) {
		l = split_name(&r->a, &got->v[i].labels, &name);
		for (k = 0; k < x->want.n; k++)
			if (sv_eq(x->want.v[k].name, name) && labels_cmp(&x->want.v[k].labels, &l) == 0)
				break;
		labels_show(name, &l, &text);
		if (k == x->want.n || (ordered && k != i)) {
			sb_addf(why, "%s %s", k == x->want.n ? "too much:" : "at another place:", sb_str(&text));
			ok = false;
		} else if (!same_points(x, &x->want.v[k], got->v[i].point, got->v[i].n, why)) {
			sb_addf(why, " in %s", sb_str(&text));
			ok = false;
		} else {
			seen[k] = true;
		}
		sb_reset(&text);
	}
	for (k = 0; k < x->want.n && ok; k++)
		if (!seen[k]) {
			sb_adds(why, "missing: ");
			labels_show(x->want.v[k].name, &x->want.v[k].labels, why);
			ok = false;
		}
	sb_free(&text);
	return ok;
}

static bool
same_result(struct run *r, const struct eval *x, const struct pq_result *got, struct sb *why)
{
	char text[NUM_TEXT];

	if (x->want.text && (got->type != PQ_STRING || !sv_eq(got->text, x->want.string))) {
		sb_addf(why, "another string: %.*s", SV_ARG(got->text));
		return false;
	}
	if (x->want.text)
		return true;
	if (x->want.scalar != (got->type == PQ_SCALAR)) {
		sb_adds(why, "a scalar, or none");
		return false;
	}
	if (!x->want.scalar)
		return same_series(r, x, got, x->want.ordered, why);
	if (close_to(got->v[0].point[0].v, x->want.number))
		return true;
	sb_adds(why, num_text(got->v[0].point[0].v, text));
	return false;
}

/* The middle step of a range of three has what an instant query has. */
static bool
same_in_range(struct run *r, const struct eval *x, const struct pq_expr *tree, struct sb *why)
{
	struct pq_query q = {.start = x->q.start - MINUTE, .end = x->q.start + MINUTE, .step = MINUTE};
	struct pq_result got, at = {.type = PQ_VECTOR}; /* also of a scalar */
	struct err e = {0};
	size_t i, k;

	if (pq_eval(&r->floats.src, tree, &q, &r->a, &got, &e) < 0) {
		sb_addf(why, "as a range: %s", e.msg);
		return false;
	}
	at.v = arena_new(&r->a, got.n, sizeof(*at.v));
	for (i = 0; i < got.n; i++)
		for (k = 0; k < got.v[i].n; k++)
			if (got.v[i].point[k].t == x->q.start)
				at.v[at.n++] = (struct pq_result_series){got.v[i].labels, &got.v[i].point[k], 1};
	if (same_result(r, x, &at, why))
		return true;
	sb_adds(why, " (as a step of a range)");
	return false;
}

/* Does a selector of x match a series of native histograms? */
static bool
selects_natives(struct run *r, const struct pq_expr *x)
{
	const struct pq_selector *sel = x->kind == PQ_SELECT ? x->selector : x->kind == PQ_RANGE ? x->range.selector : NULL;
	struct pq_series *v;
	size_t i, n = 0;

	if (sel != NULL)
		return r->natives.src.series(&r->natives.src, sel, &r->a, &v, &n, NULL) == 0 && n > 0;
	switch (x->kind) {
	case PQ_SUBQUERY:
		return selects_natives(r, x->subquery.x);
	case PQ_UNARY:
		return selects_natives(r, x->unary.x);
	case PQ_BINARY:
		return selects_natives(r, x->binary.left) || selects_natives(r, x->binary.right);
	case PQ_AGGREGATION:
		return selects_natives(r, x->aggregation.x) ||
		    (x->aggregation.param != NULL && selects_natives(r, x->aggregation.param));
	case PQ_PAREN:
		return selects_natives(r, x->inner);
	case PQ_CALL:
		for (i = 0; i < x->call.n; i++)
			if (selects_natives(r, x->call.args[i]))
				return true;
		return false;
	default:
		return false;
	}
}

static void
left_out(struct run *r, const struct eval *x, const char *what, const char *why)
{
	if (r->verbose)
		say(r, x->line, what, x->expr, why);
}

static void
compare(struct run *r, struct eval *x)
{
	struct err e = {0};
	struct pq_expr *tree = pq_parse(&r->a, x->expr, &e);
	struct pq_result got;
	struct sb why = {0};
	bool ok;
	int rc;

	r->n++;
	if (x->want.histograms || (tree != NULL && selects_natives(r, tree))) {
		r->native++;
		left_out(r, x, "native histograms", "");
		return;
	}
	rc = tree == NULL ? -1 : pq_eval(&r->floats.src, tree, &x->q, &r->a, &got, &e);
	if (rc < 0 && !x->want.fail && strstr(e.msg, "not supported") != NULL) {
		r->refused++;
		left_out(r, x, "refused", e.msg);
		return;
	}
	if (rc < 0 || x->want.fail) {
		ok = rc < 0 && x->want.fail;
		sb_adds(&why, rc < 0 ? e.msg : "is no error here");
	} else {
		ok = same_result(r, x, &got, &why);
		if (ok && !x->range && !x->want.ordered && (tree->type == PQ_SCALAR || tree->type == PQ_VECTOR) &&
		    strstr(arena_str(&r->a, x->expr), "start()") == NULL && strstr(arena_str(&r->a, x->expr), "end()") == NULL) {
			if (x->want.scalar) { /* a scalar is a vector's only element there */
				x->want.scalar = false;
				x->want.n = 1;
				x->want.v[0] = (struct pq_notation){.v = arena_new(&r->a, 1, sizeof(struct pq_note)), .n = 1};
				x->want.v[0].v[0].v = x->want.number;
			}
			ok = same_in_range(r, x, tree, &why);
		}
	}
	r->agree += ok;
	r->differ += !ok;
	if (!ok)
		say(r, x->line, "differs", x->expr, sb_str(&why));
	sb_free(&why);
}

static void
clear(struct run *r)
{
	pq_memory_free(&r->floats);
	pq_memory_free(&r->natives);
	pq_memory_init(&r->floats);
	pq_memory_init(&r->natives);
}

static void
run_file(struct run *r, const char *file)
{
	struct err e = {0};
	struct lines l = {.line = 0};
	struct sb text = {0};
	struct sv first;

	r->file = file;
	if (io_read_file(file, 64 << 20, &text, &e) < 0)
		give_up(r, 0, e.msg);
	l.rest = sb_sv(&text);
	clear(r);
	while (next_line(&l)) {
		struct sv rest = l.now;

		first = word(&rest);
		if (sv_is(first, "clear"))
			clear(r);
		else if (sv_starts(first, "load"))
			load(r, &l);
		else if (sv_starts(first, "eval"))
			compare(r, read_eval(r, &l));
		else if (first.n > 0)
			give_up(r, l.line, "load, clear or eval expected");
		arena_free(&r->a);
	}
	pq_memory_free(&r->floats);
	pq_memory_free(&r->natives);
	sb_free(&text);
}

int
main(int argc, char **argv)
{
	struct run r = {.verbose = argc > 1 && strcmp(argv[1], "-v") == 0};
	int i;

	if (argc < 2 + r.verbose) {
		fprintf(stderr, "usage: promql_testfile [-v] FILE...\n");
		return 2;
	}
	for (i = 1 + r.verbose; i < argc; i++)
		run_file(&r, argv[i]);
	printf("%d expectations: %d agree, %d differ, %d of native histograms left out, %d refused as not supported\n", r.n,
	    r.agree, r.differ, r.native, r.refused);
	return r.differ > 0 ? 1 : r.agree > 0 ? 0 : 2;
}
