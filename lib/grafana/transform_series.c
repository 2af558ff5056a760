/*
 * From series to tables and back: reductions, labels, rows that become columns.
 */
#include "grafana/transform.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"

/* Each column of its table to one row, in its place. False: the reduction is not known. */
static bool
reduce_columns(struct gf_frames *all, const struct doc *options)
{
	const struct doc *first = doc_first(doc_get(options, "reducers"));
	struct sv calc = first != NULL ? first->text : SV("max");
	bool with_time = gf_bool(options, "includeTimeField", false), known = true;
	size_t i, k, r;

	if (first != NULL && first->next != NULL)
		return false;
	gf_reduce(calc, NULL, NULL, 0, &known);
	for (i = 0; known && i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g = gf_frame_new(all, f->n_columns, 1);
		double *v = mem_new(f->n_rows, sizeof(*v));
		size_t n = 0;

		for (k = 0; k < f->n_columns; k++) {
			if (f->column[k].kind == GF_TIME && !with_time)
				continue;
			gf_column_like(&g.column[n], &f->column[k]);
			for (r = 0; r < f->n_rows; r++)
				v[r] = f->column[k].cell[r].v;
			if (f->column[k].kind != GF_STRING)
				g.column[n].cell[0].v = gf_reduce(calc, v, v, f->n_rows, &known);
			else if (f->n_rows > 0)
				g.column[n].cell[0].text = f->column[k].cell[sv_starts(calc, "first") ? 0 : f->n_rows - 1].text;
			n++;
		}
		mem_free(v);
		g.ref_id = f->ref_id;
		g.name = f->name;
		g.n_columns = n;
		g.n_rows = f->n_rows > 0;
		*f = g;
	}
	return known;
}

/* A row a value column: its name, then one column a reduction. */
bool
gft_reduce(struct gf_frames *all, const struct doc *options)
{
	const struct doc *calcs = doc_get(options, "reducers"), *m;
	bool labels = gf_bool(options, "labelsToFields", false);
	size_t i, k, j, n = 0, at = 0, n_calcs = calcs != NULL && calcs->kind == DOC_LIST && calcs->n > 0 ? calcs->n : 1;
	struct sv label[32];
	size_t n_labels = 0;
	struct gf_frame f;

	if (sv_is(gf_str(options, "mode"), "reduceFields"))
		return reduce_columns(all, options);
	for (m = doc_first(calcs); m != NULL; m = m->next) {
		bool known;

		gf_reduce(m->text, NULL, NULL, 0, &known);
		if (!known)
			return false;
	}
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			const struct gf_column *c = &all->v[i].column[k];

			if (c->kind != GF_NUMBER)
				continue;
			n++;
			for (j = 0; labels && j < c->labels.n && n_labels < 32; j++) {
				size_t l;

				for (l = 0; l < n_labels && !sv_eq(label[l], c->labels.v[j].name); l++)
					;
				if (l == n_labels)
					label[n_labels++] = c->labels.v[j].name;
			}
		}
	f = gf_frame_new(all, 1 + n_labels + n_calcs, n);
	f.column[0].name = SV("Field");
	f.column[0].kind = GF_STRING;
	for (j = 0; j < n_labels; j++) {
		f.column[1 + j].name = label[j];
		f.column[1 + j].kind = GF_STRING;
	}
	m = doc_first(calcs);
	for (j = 0; j < n_calcs; j++, m = m != NULL ? m->next : NULL) {
		static const struct {
			const char *id, *name;
		} names[] = {{"lastNotNull", "Last *"}, {"last", "Last"}, {"mean", "Mean"}, {"max", "Max"}, {"min", "Min"}, {"sum", "Total"},
		    {"first", "First"}, {"firstNotNull", "First *"}, {"count", "Count"}, {"range", "Range"}, {"delta", "Delta"}, {"diff", "Difference"}};
		struct sv id = m != NULL ? m->text : SV("max");
		size_t l;

		f.column[1 + n_labels + j].name = id;
		f.column[1 + n_labels + j].kind = GF_NUMBER;
		for (l = 0; l < sizeof(names) / sizeof(*names); l++)
			if (sv_is(id, names[l].id))
				f.column[1 + n_labels + j].name = sv_of(names[l].name);
	}
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			const struct gf_column *c = &all->v[i].column[k], *time = gf_first_of(&all->v[i], GF_TIME);
			size_t rows = all->v[i].n_rows, r;
			double *x, *v;
			bool known;

			if (c->kind != GF_NUMBER)
				continue;
			x = mem_new(rows, sizeof(*x));
			v = mem_new(rows, sizeof(*v));
			for (r = 0; r < rows; r++) {
				x[r] = time != NULL ? time->cell[r].v : (double)r;
				v[r] = c->cell[r].v;
			}
			f.column[0].cell[at].text = gf_column_name(c);
			for (j = 0; j < n_labels; j++)
				f.column[1 + j].cell[at].text = labels_get(&c->labels, arena_str(all->arena, label[j]));
			m = doc_first(calcs);
			for (j = 0; j < n_calcs; j++, m = m != NULL ? m->next : NULL)
				f.column[1 + n_labels + j].cell[at].v = gf_reduce(m != NULL ? m->text : SV("max"), x, v, rows, &known);
			at++;
			mem_free(x);
			mem_free(v);
		}
	gf_become(all, f);
	return true;
}

/* Labels of each value become columns of strings beside it. */
bool
gft_labels_to_fields(struct gf_frames *all, const struct doc *options)
{
	size_t i, k, j, r;

	(void)options;
	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g;
		const struct labels *l = NULL;
		size_t n = 0;

		for (k = 0; k < f->n_columns; k++)
			if (f->column[k].kind == GF_NUMBER && f->column[k].labels.n > 0)
				l = &f->column[k].labels;
		if (l == NULL)
			continue;
		g = gf_frame_new(all, f->n_columns + l->n, f->n_rows);
		g.ref_id = f->ref_id;
		for (k = 0; k < f->n_columns && f->column[k].kind == GF_TIME; k++)
			g.column[n++] = f->column[k];
		for (j = 0; j < l->n; j++) {
			if (sv_is(l->v[j].name, "__name__"))
				continue;
			g.column[n].name = l->v[j].name;
			g.column[n].kind = GF_STRING;
			for (r = 0; r < f->n_rows; r++)
				g.column[n].cell[r].text = l->v[j].value;
			n++;
		}
		for (; k < f->n_columns; k++) {
			g.column[n] = f->column[k];
			g.column[n].labels = (struct labels){NULL, 0};
			g.column[n++].shown = (struct sv){NULL, 0};
		}
		g.n_columns = n;
		*f = g;
	}
	gft_merge(all, NULL);
	return true;
}

/* Time, Metric, Value: a row a sample. */
bool
gft_series_to_rows(struct gf_frames *all, const struct doc *options)
{
	size_t i, k, r, rows = 0, at = 0;
	struct gf_frame f;

	(void)options;
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++)
			rows += all->v[i].column[k].kind == GF_NUMBER ? all->v[i].n_rows : 0;
	if (rows > GF_MOST_ROWS)
		return true;
	f = gf_frame_new(all, 3, rows);
	f.column[0].name = SV("Time");
	f.column[0].kind = GF_TIME;
	f.column[1].name = SV("Metric");
	f.column[1].kind = GF_STRING;
	f.column[2].name = SV("Value");
	f.column[2].kind = GF_NUMBER;
	for (i = 0; i < all->n; i++) {
		const struct gf_column *time = gf_first_of(&all->v[i], GF_TIME);

		for (k = 0; k < all->v[i].n_columns; k++)
			for (r = 0; all->v[i].column[k].kind == GF_NUMBER && r < all->v[i].n_rows; r++, at++) {
				f.column[0].cell[at].v = time != NULL ? time->cell[r].v : NAN;
				f.column[1].cell[at].text = gf_column_name(&all->v[i].column[k]);
				f.column[2].cell[at].v = all->v[i].column[k].cell[r].v;
			}
	}
	gf_become(all, f);
	return true;
}

/* Rows to columns: each row's name field names a column with its value. */
bool
gft_rows_to_fields(struct gf_frames *all, const struct doc *options)
{
	const struct doc *m;
	size_t i, r;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g;
		const struct gf_column *name = gf_first_of(f, GF_STRING), *value = gf_first_of(f, GF_NUMBER);

		for (m = doc_first(doc_get(options, "mappings")); m != NULL; m = m->next) {
			if (sv_is(gf_str(m, "handlerKey"), "field.name"))
				name = gf_column_named(f, gf_str(m, "fieldName"));
			if (sv_is(gf_str(m, "handlerKey"), "field.value"))
				value = gf_column_named(f, gf_str(m, "fieldName"));
		}
		if (name == NULL || value == NULL || f->n_rows > 1000)
			continue;
		g = gf_frame_new(all, f->n_rows, 1);
		g.ref_id = f->ref_id;
		for (r = 0; r < f->n_rows; r++) {
			g.column[r].name = gf_cell_text(name, r, all->arena);
			g.column[r].kind = value->kind;
			g.column[r].cell[0] = value->cell[r];
		}
		*f = g;
	}
	return true;
}

struct label_names {
	struct sv v[32];
	size_t n;
};

static void
add_label_names(struct label_names *l, const struct labels *from)
{
	size_t i, k;

	for (i = 0; i < from->n && l->n < 32; i++) {
		for (k = 0; k < l->n && !sv_eq(l->v[k], from->v[i].name); k++)
			;
		if (k == l->n && !sv_is(from->v[i].name, "__name__"))
			l->v[l->n++] = from->v[i].name;
	}
}

/* A row a series: its labels, and its course in one cell, of which a picture without a mouse shows the last value. */
bool
gft_series_table(struct gf_frames *all, const struct doc *options)
{
	struct label_names label = {.n = 0};
	size_t i, k, j, n = 0;
	struct gf_frame f;

	(void)options;
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++)
			if (all->v[i].column[k].kind == GF_NUMBER) {
				add_label_names(&label, &all->v[i].column[k].labels);
				n++;
			}
	if (n == 0)
		return true;
	f = gf_frame_new(all, label.n + 1, n);
	f.ref_id = all->v[0].ref_id;
	for (j = 0; j < label.n; j++) {
		f.column[j].name = label.v[j];
		f.column[j].kind = GF_STRING;
	}
	f.column[j].name = sv_of(arena_fmt(all->arena, "Trend #%" SV_FMT, SV_ARG(f.ref_id)));
	f.column[j].kind = GF_NUMBER;
	for (i = 0, n = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			const struct gf_column *c = &all->v[i].column[k];

			if (c->kind != GF_NUMBER)
				continue;
			for (j = 0; j < label.n; j++)
				f.column[j].cell[n].text = labels_get(&c->labels, arena_str(all->arena, label.v[j]));
			f.column[label.n].cell[n++].v = gf_last(c, all->v[i].n_rows);
		}
	gf_become(all, f);
	return true;
}

/* A column for each value of one label, a row for each set of the others (or of those that are named). */
bool
gft_join_by_labels(struct gf_frames *all, const struct doc *options)
{
	struct sv value = gf_str(options, "value");
	const struct doc *join = doc_get(options, "join"), *m;
	struct label_names key = {.n = 0}, across = {.n = 0};
	size_t i, j, k, n = 0, rows = 0;
	const char *of;
	struct gf_frame f;

	if (value.n == 0)
		return false;
	of = arena_str(all->arena, value);
	for (i = 0; i < all->n; i++) {
		const struct gf_column *c = gf_first_of(&all->v[i], GF_NUMBER);
		struct sv text;

		if (c == NULL || (text = labels_get(&c->labels, of)).n == 0)
			continue;
		n++;
		for (k = 0; k < across.n && !sv_eq(across.v[k], text); k++)
			;
		if (k == across.n && across.n < 32)
			across.v[across.n++] = text;
		if (doc_first(join) == NULL)
			add_label_names(&key, &c->labels);
	}
	for (m = doc_first(join); m != NULL && key.n < 32; m = m->next)
		key.v[key.n++] = m->text;
	for (j = 0, k = 0; j < key.n; j++)
		if (!sv_eq(key.v[j], value))
			key.v[k++] = key.v[j];
	key.n = k;
	f = gf_frame_new(all, key.n + across.n, n);
	for (j = 0; j < key.n; j++) {
		f.column[j].name = key.v[j];
		f.column[j].kind = GF_STRING;
	}
	for (k = 0; k < across.n; k++) {
		f.column[key.n + k].name = across.v[k];
		f.column[key.n + k].kind = GF_NUMBER;
	}
	for (i = 0; i < all->n; i++) {
		const struct gf_column *c = gf_first_of(&all->v[i], GF_NUMBER);
		struct sv text;
		size_t r;

		if (c == NULL || (text = labels_get(&c->labels, of)).n == 0)
			continue;
		for (r = 0; r < rows; r++) {
			for (j = 0; j < key.n && sv_eq(f.column[j].cell[r].text, labels_get(&c->labels, arena_str(all->arena, key.v[j]))); j++)
				;
			if (j == key.n)
				break;
		}
		for (j = 0; r == rows && j < key.n; j++)
			f.column[j].cell[r].text = labels_get(&c->labels, arena_str(all->arena, key.v[j]));
		rows += r == rows;
		for (k = 0; k < across.n; k++)
			if (sv_eq(across.v[k], text))
				f.column[key.n + k].cell[r].v = gf_last(c, all->v[i].n_rows);
	}
	f.n_rows = rows;
	gf_become(all, f);
	return true;
}
