/*
 * Which rows a table has, in which order, and rows that are one for each group.
 */
#include "grafana/transform.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"

bool
gft_sort_by(struct gf_frames *all, const struct doc *options)
{
	const struct doc *sort = doc_first(doc_get(options, "sort"));
	struct sv name = gf_str(sort, "field");
	bool down = gf_bool(sort, "desc", false);
	size_t i, k, r, s;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i];
		const struct gf_column *by = gf_column_named(f, name);
		size_t *order;

		if (by == NULL || f->n_rows < 2 || f->n_rows > GF_MOST_ROWS)
			continue;
		order = mem_new(f->n_rows, sizeof(*order));
		/* Insertion keeps equal rows in their order; tables are short, and long ones are nearly in order. */
		for (r = 0; r < f->n_rows; r++) {
			for (s = r; s > 0; s--) {
				int c = gf_compare_cells(by->kind, &by->cell[order[s - 1]], &by->cell[r]);

				if (down ? c >= 0 : c <= 0)
					break;
				order[s] = order[s - 1];
			}
			order[s] = r;
		}
		for (k = 0; k < f->n_columns; k++) {
			struct gf_cell *cell = arena_new(all->arena, f->n_rows, sizeof(*cell));

			for (r = 0; r < f->n_rows; r++)
				cell[r] = f->column[k].cell[order[r]];
			f->column[k].cell = cell;
		}
		mem_free(order);
	}
	return true;
}

bool
gft_limit(struct gf_frames *all, const struct doc *options)
{
	double most = gf_num(options, "limitField", 10);
	size_t i;

	for (i = 0; i < all->n; i++)
		if (most >= 0 && (double)all->v[i].n_rows > most)
			all->v[i].n_rows = (size_t)most;
	return true;
}

static bool
passes(const struct doc *config, const struct gf_cell *c, enum gf_kind kind)
{
	struct sv id = gf_str(config, "id"), text = gf_str(config, "options.value");
	double v = gf_num(config, "options.value", NAN);

	if (sv_is(id, "isNull") || sv_is(id, "isNotNull"))
		return (kind == GF_STRING ? c->text.p == NULL : isnan(c->v)) == sv_is(id, "isNull");
	if (sv_is(id, "regex"))
		return kind == GF_STRING && gf_matches(sv_starts(text, "/") ? text : text, c->text);
	if (kind == GF_STRING)
		return sv_is(id, "equal") ? sv_eq(c->text, text) : sv_is(id, "notEqual") ? !sv_eq(c->text, text) : true;
	if (sv_is(id, "equal"))
		return c->v == v;
	if (sv_is(id, "notEqual"))
		return c->v != v;
	if (sv_is(id, "greater"))
		return c->v > v;
	if (sv_is(id, "greaterOrEqual"))
		return c->v >= v;
	if (sv_is(id, "lower"))
		return c->v < v;
	if (sv_is(id, "lowerOrEqual"))
		return c->v <= v;
	if (sv_is(id, "range") || sv_is(id, "between"))
		return c->v >= gf_num(config, "options.from", -INFINITY) && c->v <= gf_num(config, "options.to", INFINITY);
	return true;
}

bool
gft_filter_by_value(struct gf_frames *all, const struct doc *options)
{
	bool include = sv_is(gf_str(options, "type"), "include"), any = sv_is(gf_str(options, "match"), "any");
	size_t i, r;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i];
		bool *keep = mem_new(f->n_rows, sizeof(*keep));

		for (r = 0; r < f->n_rows; r++) {
			const struct doc *m;
			bool match = !any;

			for (m = doc_first(doc_get(options, "filters")); m != NULL; m = m->next) {
				const struct gf_column *c = gf_column_named(f, gf_str(m, "fieldName"));
				bool ok = c != NULL && passes(doc_get(m, "config"), &c->cell[r], c->kind);

				match = any ? match || ok : match && ok;
			}
			keep[r] = match == include;
		}
		gf_keep_rows(f, keep);
		mem_free(keep);
	}
	return true;
}



/* Texts have a first and a last; all else about them is a number. */
static bool
keeps_text(struct sv calc)
{
	return sv_is(calc, "last") || sv_is(calc, "lastNotNull") || sv_is(calc, "first") || sv_is(calc, "firstNotNull");
}

/* Is every aggregation understood, for the column that it is of? */
static bool
aggregates(const struct gf_frame *f, const struct doc *fields, struct arena *a)
{
	const struct doc *m, *calc;
	bool known;
	size_t k;

	for (k = 0; k < f->n_columns; k++) {
		m = doc_get(fields, arena_str(a, gf_column_name(&f->column[k])));
		for (calc = sv_is(gf_str(m, "operation"), "aggregate") ? doc_first(doc_get(m, "aggregations")) : NULL; calc != NULL; calc = calc->next) {
			gf_reduce(calc->text, NULL, NULL, 0, &known);
			if (!known || (f->column[k].kind == GF_STRING && !keeps_text(calc->text) && !sv_is(calc->text, "count")))
				return false;
		}
	}
	return true;
}

static struct gf_cell
aggregate(const struct gf_column *c, struct sv calc, const size_t *group, size_t g, size_t rows)
{
	struct gf_cell out = {.v = NAN};
	double *v = mem_new(rows, sizeof(*v));
	size_t r, count = 0;
	bool known;

	for (r = 0; r < rows; r++) {
		if (group[r] != g)
			continue;
		if (c->kind == GF_STRING && (out.text.p == NULL || sv_starts(calc, "last")))
			out.text = c->cell[r].text;
		v[count++] = c->kind == GF_STRING ? 1 : c->cell[r].v;
	}
	out.v = gf_reduce(calc, v, v, count, &known);
	mem_free(v);
	return out;
}

static void
group_frame(struct gf_frames *all, struct gf_frame *f, const struct doc *fields)
{
	size_t *group = mem_new(f->n_rows, sizeof(*group)), n_groups = 0, *first = mem_new(f->n_rows, sizeof(*first)), r, g, k, n = 0;
	const struct doc *m, *calc;
	struct gf_frame out;

	for (r = 0; r < f->n_rows; r++) {
		for (g = 0; g < n_groups; g++) {
			bool same = true;

			for (k = 0; k < f->n_columns; k++) {
				m = doc_get(fields, arena_str(all->arena, gf_column_name(&f->column[k])));
				if (sv_is(gf_str(m, "operation"), "groupby"))
					same &= gf_same_cells(f->column[k].kind, &f->column[k].cell[first[g]], &f->column[k].cell[r]);
			}
			if (same)
				break;
		}
		if (g == n_groups)
			first[n_groups++] = r;
		group[r] = g;
	}
	out = gf_frame_new(all, f->n_columns * 4 + 1, n_groups);
	out.ref_id = f->ref_id;
	for (k = 0; k < f->n_columns; k++) {
		const struct gf_column *c = &f->column[k];

		m = doc_get(fields, arena_str(all->arena, gf_column_name(c)));
		if (sv_is(gf_str(m, "operation"), "groupby")) {
			struct gf_cell *cell = out.column[n].cell;

			out.column[n] = *c;
			out.column[n].cell = cell;
			for (g = 0; g < n_groups; g++)
				cell[g] = c->cell[first[g]];
			n++;
		}
		if (!sv_is(gf_str(m, "operation"), "aggregate"))
			continue;
		for (calc = doc_first(doc_get(m, "aggregations")); calc != NULL && n < f->n_columns * 4; calc = calc->next) {
			out.column[n].name = sv_of(arena_fmt(all->arena, "%" SV_FMT " (%" SV_FMT ")", SV_ARG(gf_column_name(c)), SV_ARG(calc->text)));
			out.column[n].kind = c->kind == GF_STRING && keeps_text(calc->text) ? GF_STRING : GF_NUMBER;
			for (g = 0; g < n_groups; g++)
				out.column[n].cell[g] = aggregate(c, calc->text, group, g, f->n_rows);
			n++;
		}
	}
	out.n_columns = n;
	mem_free(group);
	mem_free(first);
	*f = out;
}

bool
gft_group_by(struct gf_frames *all, const struct doc *options)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->v[i].n_rows > 5000 || !aggregates(&all->v[i], doc_get(options, "fields"), all->arena))
			return false;
	for (i = 0; i < all->n; i++)
		group_frame(all, &all->v[i], doc_get(options, "fields"));
	return true;
}

bool
gft_histogram(struct gf_frames *all, const struct doc *options)
{
	double start, size;

	gf_histogram(options, all, &start, &size);
	return true;
}

void
gf_histogram(const struct doc *options, struct gf_frames *all, double *from, double *span)
{
	double size = gf_num(options, "bucketSize", NAN), want = gf_num(options, "bucketCount", 30), low = INFINITY, high = -INFINITY, start;
	size_t i, k, r, n, values = 0;
	struct gf_frame f;

	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++)
			for (r = 0; all->v[i].column[k].kind == GF_NUMBER && r < all->v[i].n_rows; r++)
				if (isfinite(all->v[i].column[k].cell[r].v)) {
					low = fmin(low, all->v[i].column[k].cell[r].v);
					high = fmax(high, all->v[i].column[k].cell[r].v);
					values++;
				}
	*from = *span = NAN;
	if (values == 0) {
		all->n = 0;
		return;
	}
	if (!(size > 0) || (high - low) / size > 1000)
		size = high > low ? (high - low) / fmin(fmax(want, 1), 200) : 1;
	start = floor(low / size) * size;
	*from = start;
	*span = size;
	n = (size_t)fmin(floor((high - start) / size) + 1, 1200);
	f = gf_frame_new(all, 2, n);
	f.column[0].name = SV("bucket");
	f.column[0].kind = GF_STRING;
	f.column[1].name = SV("Count");
	f.column[1].kind = GF_NUMBER;
	for (r = 0; r < n; r++) {
		f.column[0].cell[r].text = sv_of(arena_fmt(all->arena, "%.6g to %.6g", start + size * (double)r, start + size * (double)(r + 1)));
		f.column[1].cell[r].v = 0;
	}
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++)
			for (r = 0; all->v[i].column[k].kind == GF_NUMBER && r < all->v[i].n_rows; r++) {
				double v = all->v[i].column[k].cell[r].v;

				if (isfinite(v))
					f.column[1].cell[(size_t)fmin(floor((v - start) / size), (double)n - 1)].v += 1;
			}
	gf_become(all, f);
}
