/*
 * Many tables to one: rows that agree, rows of the same key, columns beside each other.
 */
#include "grafana/transform.h"

#include <math.h>

#include "base/mem.h"

/* Columns with the same name are one, rows that agree in the columns they share are one. */
bool
gft_merge(struct gf_frames *all, const struct doc *options)
{
	struct gf_frame f;
	size_t i, k, j, r, n = 0, rows = 0, filled = 0;
	struct gf_column *proto;

	(void)options;
	for (i = 0; i < all->n; i++) {
		n += all->v[i].n_columns;
		rows += all->v[i].n_rows;
	}
	if (all->n < 2 || rows > GF_MOST_ROWS)
		return true;
	proto = arena_new(all->arena, n, sizeof(*proto));
	for (i = 0, n = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			for (j = 0; j < n && !(sv_eq(gf_column_name(&proto[j]), gf_column_name(&all->v[i].column[k])) && proto[j].kind == all->v[i].column[k].kind); j++)
				;
			if (j == n)
				proto[n++] = all->v[i].column[k];
		}
	f = gf_frame_new(all, n, rows);
	for (j = 0; j < n; j++) {
		struct gf_cell *cell = f.column[j].cell;

		f.column[j] = proto[j];
		f.column[j].cell = cell;
	}
	for (i = 0; i < all->n; i++) {
		const struct gf_frame *g = &all->v[i];
		size_t *to = mem_new(g->n_columns, sizeof(*to)), start = filled;

		for (k = 0; k < g->n_columns; k++)
			for (to[k] = 0; !(sv_eq(gf_column_name(&f.column[to[k]]), gf_column_name(&g->column[k])) && f.column[to[k]].kind == g->column[k].kind); to[k]++)
				;
		for (r = 0; r < g->n_rows; r++) {
			size_t at, shared = 0;

			/* A row of another frame with the same strings (and time), whose numbers of ours are not set yet. */
			for (at = 0; at < start; at++) {
				shared = 0;
				for (k = 0; k < g->n_columns; k++) {
					const struct gf_cell *old = &f.column[to[k]].cell[at];
					bool empty = f.column[to[k]].kind == GF_STRING ? old->text.p == NULL : isnan(old->v);

					if (empty)
						continue;
					if (!gf_same_cells(f.column[to[k]].kind, old, &g->column[k].cell[r]))
						break;
					shared++;
				}
				if (k == g->n_columns && shared > 0)
					break;
			}
			if (at == start)
				at = filled++;
			for (k = 0; k < g->n_columns; k++)
				f.column[to[k]].cell[at] = g->column[k].cell[r];
		}
		mem_free(to);
	}
	f.n_rows = filled;
	gf_become(all, f);
	return true;
}

/* Columns of the same name are told apart: "Time 1", "Time 2". A series has a name of its own. */
static void
tell_apart(struct gf_frame *f, struct arena *a)
{
	struct sv *name = mem_new(f->n_columns, sizeof(*name));
	size_t i, k;

	for (i = 0; i < f->n_columns; i++)
		name[i] = f->column[i].shown.n > 0 ? (struct sv){NULL, 0} : f->column[i].name;
	for (i = 0; i < f->n_columns; i++) {
		size_t before = 0, after = 0;

		for (k = 0; name[i].n > 0 && k < f->n_columns; k++)
			if (k != i && sv_eq(name[k], name[i]))
				k < i ? before++ : after++;
		if (before + after > 0)
			f->column[i].name = sv_of(arena_fmt(a, "%" SV_FMT " %zu", SV_ARG(name[i]), before + 1));
	}
	mem_free(name);
}

/* Rows by a field's value; every other column beside it. */
bool
gft_join_by_field(struct gf_frames *all, const struct doc *options)
{
	struct sv by = gf_str(options, "byField");
	bool inner = sv_is(gf_str(options, "mode"), "inner");
	size_t i, k, r, at, n = 1, rows = 0, used = 0, next = 1;
	struct gf_frame f;
	unsigned *seen;

	if (all->n == 0)
		return true;
	for (i = 0; i < all->n; i++) {
		n += all->v[i].n_columns;
		rows += all->v[i].n_rows;
	}
	if (rows > GF_MOST_ROWS)
		return true;
	f = gf_frame_new(all, n, rows);
	seen = mem_new(rows, sizeof(*seen));
	for (i = 0; i < all->n; i++) {
		const struct gf_frame *g = &all->v[i];
		const struct gf_column *key = by.n > 0 ? gf_column_named(g, by) : gf_first_of(g, GF_TIME);
		size_t *to, hint = 0;

		if (key == NULL)
			continue;
		if (used == 0 && f.column[0].name.n == 0) {
			struct gf_cell *cell = f.column[0].cell;

			f.column[0] = *key;
			f.column[0].cell = cell;
		}
		to = mem_new(g->n_rows, sizeof(*to));
		for (r = 0; r < g->n_rows; r++) {
			/* Mostly the next row is the one after the last. */
			for (at = hint; at < used && !gf_same_cells(key->kind, &f.column[0].cell[at], &key->cell[r]); at++)
				;
			if (at == used)
				for (at = 0; at < used && !gf_same_cells(key->kind, &f.column[0].cell[at], &key->cell[r]); at++)
					;
			if (at == used)
				f.column[0].cell[used++] = key->cell[r];
			to[r] = at;
			hint = at + 1 < used ? at + 1 : 0;
			seen[at]++;
		}
		for (k = 0; k < g->n_columns; k++) {
			struct gf_cell *cell;

			if (&g->column[k] == key)
				continue;
			cell = f.column[next].cell;
			f.column[next] = g->column[k];
			f.column[next].cell = cell;
			for (r = 0; r < g->n_rows; r++)
				cell[to[r]] = g->column[k].cell[r];
			next++;
		}
		mem_free(to);
	}
	f.n_columns = next;
	f.n_rows = used;
	tell_apart(&f, all->arena);
	if (inner) {
		bool *keep = mem_new(used, sizeof(*keep));

		for (r = 0; r < used; r++)
			keep[r] = seen[r] >= all->n;
		gf_keep_rows(&f, keep);
		mem_free(keep);
	}
	mem_free(seen);
	gf_become(all, f);
	return true;
}

/* All columns of all frames side by side, as many rows as the longest has. */
bool
gft_concatenate(struct gf_frames *all, const struct doc *options)
{
	size_t i, k, r, n = 0, rows = 0, at = 0;
	struct gf_frame f;

	(void)options;
	for (i = 0; i < all->n; i++) {
		n += all->v[i].n_columns;
		rows = all->v[i].n_rows > rows ? all->v[i].n_rows : rows;
	}
	if (all->n < 2)
		return true;
	f = gf_frame_new(all, n, rows);
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			struct gf_cell *cell = f.column[at].cell;

			f.column[at] = all->v[i].column[k];
			f.column[at].cell = cell;
			for (r = 0; r < all->v[i].n_rows; r++)
				cell[r] = all->v[i].column[k].cell[r];
			at++;
		}
	gf_become(all, f);
	return true;
}
