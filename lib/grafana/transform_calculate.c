/*
 * A column out of others.
 */
#include "grafana/transform.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

static double
operand(const struct gf_frame *f, struct sv name, size_t r)
{
	const struct gf_column *c = gf_column_named(f, name);
	double v = NAN;

	if (c != NULL)
		return c->kind == GF_STRING ? NAN : c->cell[r].v;
	num_parse(name, &v);
	return v;
}

/* What a mode of one column makes of it: its row's number, a function, a sum so far, the mean of its neighbours. False: unknown. */
static bool
from_one(struct sv mode, const struct doc *options, const struct gf_frame *f, struct gf_cell *out)
{
	struct sv name = gf_str(options, "cumulative.field"), op = gf_str(options, "unary.operator"), how = gf_str(options, "cumulative.reducer");
	double sum = 0, window = gf_num(options, "window.windowSize", 0.1), size;
	const struct gf_column *c;
	size_t r, k, n = 0;

	if (sv_is(mode, "unary"))
		name = gf_str(options, "unary.fieldName");
	if (sv_is(mode, "windowFunctions")) {
		name = gf_str(options, "window.field");
		how = gf_str(options, "window.reducer");
	}
	c = name.n > 0 ? gf_column_named(f, name) : gf_first_of(f, GF_NUMBER);
	size = fmax(1, sv_is(gf_str(options, "window.windowSizeMode"), "fixed") ? window : window * (double)f->n_rows);
	if (!sv_is(mode, "index") && !sv_is(mode, "unary") && !sv_is(how, "sum") && !sv_is(how, "mean") && how.n > 0)
		return false;
	for (r = 0; r < f->n_rows; r++) {
		double v = c == NULL || c->kind == GF_STRING ? NAN : c->cell[r].v;

		if (sv_is(mode, "index")) {
			out[r].v = (double)r;
		} else if (sv_is(mode, "unary")) {
			out[r].v = sv_is(op, "abs") ? fabs(v) : sv_is(op, "exp") ? exp(v) : sv_is(op, "ln") ? log(v) : sv_is(op, "floor") ? floor(v) :
			    sv_is(op, "ceil") ? ceil(v) : sv_is(op, "round") ? round(v) : sv_is(op, "percent") ? v * 100 : NAN;
		} else if (sv_is(mode, "cumulativeFunctions")) {
			sum += isnan(v) ? 0 : v;
			n += !isnan(v);
			out[r].v = sv_is(how, "mean") ? sum / (double)(n > 0 ? n : 1) : sum;
		} else {
			for (k = r + 1, sum = 0, n = 0; c != NULL && c->kind != GF_STRING && k > 0 && (double)(r + 1 - k) < size; k--)
				if (!isnan(c->cell[k - 1].v)) {
					sum += c->cell[k - 1].v;
					n++;
				}
			out[r].v = n > 0 ? sum / (double)n : NAN;
		}
	}
	return true;
}

/* A new column: one operation of two columns, a reduction of a row, or something of one column. */
bool
gft_calculate(struct gf_frames *all, const struct doc *options)
{
	struct sv mode = gf_str(options, "mode"), alias = gf_str(options, "alias"), op = gf_str(options, "binary.operator");
	const struct doc *include = doc_path(options, SV("reduce.include"));
	struct sv left = gf_str(options, "binary.left"), right = gf_str(options, "binary.right"), calc = gf_str(options, "reduce.reducer");
	bool binary = sv_is(mode, "binary"), row = sv_is(mode, "reduceRow") || mode.n == 0,
	     one = sv_is(mode, "index") || sv_is(mode, "unary") || sv_is(mode, "cumulativeFunctions") || sv_is(mode, "windowFunctions");
	size_t i, k, r;

	if (left.n == 0)
		left = gf_str(options, "binary.left.matcher.options");
	if (right.n == 0)
		right = gf_str(options, "binary.right.matcher.options");
	if (right.n == 0)
		right = gf_str(options, "binary.right.fixed");
	if (left.n == 0)
		left = gf_str(options, "binary.left.fixed");
	if (row) {
		bool known;

		gf_reduce(calc.n > 0 ? calc : SV("sum"), NULL, NULL, 0, &known);
		if (!known)
			return false;
	}
	if (!binary && !row && !one)
		return false;
	if (binary && all->n > 1)
		gft_join_by_field(all, NULL);
	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g = gf_frame_new(all, f->n_columns + 1, f->n_rows);
		struct gf_cell *cell = g.column[f->n_columns].cell;
		double *v = mem_new(f->n_columns + 1, sizeof(*v));

		memcpy(g.column, f->column, f->n_columns * sizeof(*f->column));
		g.ref_id = f->ref_id;
		g.column[f->n_columns] = (struct gf_column){.kind = GF_NUMBER, .cell = cell};
		g.column[f->n_columns].name = alias.n > 0 ? alias :
		    binary ? sv_of(arena_fmt(all->arena, "%" SV_FMT " %" SV_FMT " %" SV_FMT, SV_ARG(left), SV_ARG(op), SV_ARG(right))) : one ? mode : calc.n > 0 ? calc : SV("Total");
		if (one && !from_one(mode, options, f, cell)) {
			mem_free(v);
			return false;
		}
		for (r = 0; !one && r < f->n_rows; r++) {
			double a = operand(f, left, r), b = operand(f, right, r);
			bool known;
			size_t n = 0;

			if (binary) {
				cell[r].v = sv_is(op, "+") ? a + b : sv_is(op, "-") ? a - b : sv_is(op, "*") ? a * b : sv_is(op, "/") ? a / b :
				    sv_is(op, "%") ? fmod(a, b) : sv_is(op, "**") ? pow(a, b) : NAN;
				continue;
			}
			for (k = 0; k < f->n_columns; k++)
				if (f->column[k].kind == GF_NUMBER && (include == NULL || gf_in_list(include, &f->column[k])))
					v[n++] = f->column[k].cell[r].v;
			cell[r].v = gf_reduce(calc.n > 0 ? calc : SV("sum"), v, v, n, &known);
		}
		mem_free(v);
		if (gf_bool(options, "replaceFields", false)) {
			bool *keep = mem_new(g.n_columns, sizeof(*keep));

			for (k = 0; k < g.n_columns; k++)
				keep[k] = g.column[k].kind == GF_TIME || k + 1 == g.n_columns;
			gf_keep_columns(&g, keep);
			mem_free(keep);
		}
		*f = g;
	}
	return true;
}
