/*
 * Tables turned around: a matrix of two fields, rows for columns, one table for each value.
 */
#include "grafana/transform.h"

#include "base/mem.h"

#define MOST_COLUMNS 200

static size_t
find_text(const struct sv *list, size_t n, struct sv text)
{
	size_t i;

	for (i = 0; i < n && !sv_eq(list[i], text); i++)
		;
	return i;
}

/* Rows are the values of one field, columns those of another, cells those of a third. */
bool
gft_matrix(struct gf_frames *all, const struct doc *options)
{
	struct sv column = gf_str(options, "columnField"), row = gf_str(options, "rowField"), value = gf_str(options, "valueField");
	const struct gf_column *c, *w, *v;
	struct sv *across, *down;
	size_t r, n = 0, m = 0, k;
	struct gf_frame f;

	if (all->n != 1 || all->v[0].n_rows > GF_MOST_ROWS)
		return all->n == 0;
	c = gf_column_named(&all->v[0], column);
	w = gf_column_named(&all->v[0], row);
	v = gf_column_named(&all->v[0], value);
	if (c == NULL || w == NULL || v == NULL)
		return false;
	across = mem_new(all->v[0].n_rows, sizeof(*across));
	down = mem_new(all->v[0].n_rows, sizeof(*down));
	for (r = 0; r < all->v[0].n_rows; r++) {
		struct sv text = gf_cell_text(c, r, all->arena), line = gf_cell_text(w, r, all->arena);

		if (n < MOST_COLUMNS && find_text(across, n, text) == n)
			across[n++] = text;
		if (find_text(down, m, line) == m)
			down[m++] = line;
	}
	f = gf_frame_new(all, n + 1, m);
	f.ref_id = all->v[0].ref_id;
	f.column[0].name = sv_of(arena_fmt(all->arena, "%" SV_FMT "\\%" SV_FMT, SV_ARG(row), SV_ARG(column)));
	f.column[0].kind = GF_STRING;
	for (r = 0; r < m; r++)
		f.column[0].cell[r].text = down[r];
	for (k = 0; k < n; k++) {
		f.column[k + 1].name = across[k];
		f.column[k + 1].kind = v->kind;
	}
	for (r = 0; r < all->v[0].n_rows; r++) {
		k = find_text(across, n, gf_cell_text(c, r, all->arena));
		if (k < n)
			f.column[k + 1].cell[find_text(down, m, gf_cell_text(w, r, all->arena))] = v->cell[r];
	}
	mem_free(across);
	mem_free(down);
	gf_become(all, f);
	return true;
}

/* Each row becomes a column; the first column names them. */
bool
gft_transpose(struct gf_frames *all, const struct doc *options)
{
	struct sv first = gf_str(options, "firstFieldName");
	size_t i, k, r;

	for (i = 0; i < all->n; i++) {
		const struct gf_frame *f = &all->v[i];
		struct gf_frame g;
		bool numbers = true;

		if (f->n_columns < 2 || f->n_rows > MOST_COLUMNS)
			continue;
		for (k = 1; k < f->n_columns; k++)
			numbers &= f->column[k].kind == GF_NUMBER;
		g = gf_frame_new(all, f->n_rows + 1, f->n_columns - 1);
		g.ref_id = f->ref_id;
		g.column[0].name = first.n > 0 ? first : SV("Field");
		g.column[0].kind = GF_STRING;
		for (k = 1; k < f->n_columns; k++)
			g.column[0].cell[k - 1].text = gf_column_name(&f->column[k]);
		for (r = 0; r < f->n_rows; r++) {
			g.column[r + 1].name = gf_cell_text(&f->column[0], r, all->arena);
			g.column[r + 1].kind = numbers ? GF_NUMBER : GF_STRING;
			for (k = 1; k < f->n_columns; k++)
				if (numbers)
					g.column[r + 1].cell[k - 1].v = f->column[k].cell[r].v;
				else
					g.column[r + 1].cell[k - 1].text = gf_cell_text(&f->column[k], r, all->arena);
		}
		all->v[i] = g;
	}
	return true;
}

static struct sv
key_of(const struct gf_frame *f, const struct doc *fields, size_t r, struct arena *a)
{
	const struct doc *m;
	struct sb out = {0};
	struct sv v;

	for (m = doc_first(fields); m != NULL; m = m->next) {
		const struct gf_column *c = gf_column_named(f, m->text);

		if (c == NULL)
			continue;
		if (out.n > 0)
			sb_addc(&out, ' ');
		sb_addv(&out, gf_cell_text(c, r, a));
	}
	v = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return v;
}

/* A table for each value of the fields, called so. */
bool
gft_partition(struct gf_frames *all, const struct doc *options)
{
	const struct doc *fields = doc_get(options, "fields");
	bool keep_fields = gf_bool(options, "keepFields", false);
	VEC(struct gf_frame) out = {0};
	size_t i, k, r, g;

	for (i = 0; i < all->n; i++) {
		const struct gf_frame *f = &all->v[i];
		struct sv *key = mem_new(f->n_rows, sizeof(*key)), *group = mem_new(f->n_rows, sizeof(*group));
		size_t n = 0;

		for (r = 0; r < f->n_rows; r++) {
			key[r] = key_of(f, fields, r, all->arena);
			if (n < MOST_COLUMNS && find_text(group, n, key[r]) == n)
				group[n++] = key[r];
		}
		for (g = 0; g < n; g++) {
			struct gf_frame *t = vec_add(&out);
			size_t rows = 0, columns = 0;

			*t = gf_frame_new(all, f->n_columns, f->n_rows);
			t->ref_id = f->ref_id;
			t->name = group[g];
			t->step = f->step;
			for (k = 0; k < f->n_columns; k++) {
				bool by = false;
				const struct doc *m;

				for (m = doc_first(fields); m != NULL; m = m->next)
					by |= gf_called(&f->column[k], m->text);
				if (by && !keep_fields)
					continue;
				gf_column_like(&t->column[columns], &f->column[k]);
				if (f->column[k].kind == GF_NUMBER)
					t->column[columns].shown = sv_of(arena_fmt(all->arena, "%" SV_FMT " %" SV_FMT, SV_ARG(gf_column_name(&f->column[k])), SV_ARG(group[g])));
				for (r = 0, rows = 0; r < f->n_rows; r++)
					if (sv_eq(key[r], group[g]))
						t->column[columns].cell[rows++] = f->column[k].cell[r];
				columns++;
			}
			t->n_columns = columns;
			t->n_rows = rows;
		}
		mem_free(key);
		mem_free(group);
	}
	all->n = out.n;
	all->v = arena_keep(all->arena, out.v, out.n, sizeof(*out.v));
	return true;
}
