#include "grafana/frame.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "grafana/transform.h"

struct sv
gf_column_name(const struct gf_column *c)
{
	return c->shown.n > 0 ? c->shown : c->name;
}

bool
gf_called(const struct gf_column *c, struct sv name)
{
	return sv_eq(gf_column_name(c), name) || sv_eq(c->name, name);
}

struct gf_column *
gf_column_named(const struct gf_frame *f, struct sv name)
{
	size_t i;

	for (i = 0; i < f->n_columns; i++)
		if (sv_eq(gf_column_name(&f->column[i]), name))
			return &f->column[i];
	for (i = 0; i < f->n_columns; i++)
		if (sv_eq(f->column[i].name, name))
			return &f->column[i];
	return NULL;
}

void
gf_keep_columns(struct gf_frame *f, const bool *keep)
{
	size_t i, n = 0;

	for (i = 0; i < f->n_columns; i++)
		if (keep[i])
			f->column[n++] = f->column[i];
	f->n_columns = n;
}

void
gf_keep_rows(struct gf_frame *f, const bool *keep)
{
	size_t i, k, n = 0;

	for (k = 0; k < f->n_rows; k++) {
		for (i = 0; keep[k] && i < f->n_columns; i++)
			f->column[i].cell[n] = f->column[i].cell[k];
		n += keep[k];
	}
	f->n_rows = n;
}

int
gf_compare_cells(enum gf_kind kind, const struct gf_cell *a, const struct gf_cell *b)
{
	if (kind == GF_STRING)
		return sv_natural(a->text, b->text);
	if (isnan(a->v) || isnan(b->v))
		return isnan(b->v) - isnan(a->v);
	return (a->v > b->v) - (a->v < b->v);
}

bool
gf_same_cells(enum gf_kind kind, const struct gf_cell *a, const struct gf_cell *b)
{
	return kind == GF_STRING ? sv_eq(a->text, b->text) : a->v == b->v || (isnan(a->v) && isnan(b->v));
}

struct gf_frame
gf_frame_new(struct gf_frames *all, size_t columns, size_t rows)
{
	struct gf_frame f = {.n_columns = columns, .n_rows = rows};
	size_t i, k;

	f.column = arena_new(all->arena, columns, sizeof(*f.column));
	for (i = 0; i < columns; i++) {
		f.column[i].cell = arena_new(all->arena, rows, sizeof(struct gf_cell));
		for (k = 0; k < rows; k++)
			f.column[i].cell[k].v = NAN;
	}
	return f;
}

void
gf_become(struct gf_frames *all, struct gf_frame f)
{
	all->v = arena_new(all->arena, 1, sizeof(*all->v));
	all->v[0] = f;
	all->n = 1;
}

/* --- columns ------------------------------------------------------------------------------------ */


const struct gf_column *
gf_first_of(const struct gf_frame *f, enum gf_kind kind)
{
	size_t i;

	for (i = 0; i < f->n_columns; i++)
		if (f->column[i].kind == kind)
			return &f->column[i];
	return NULL;
}


bool
gf_in_list(const struct doc *list, const struct gf_column *c)
{
	const struct doc *m;

	for (m = doc_first(list); m != NULL; m = m->next)
		if (gf_called(c, m->text))
			return true;
	return false;
}


struct sv
gf_cell_text(const struct gf_column *c, size_t r, struct arena *a)
{
	char buf[NUM_TEXT];

	return c->kind == GF_STRING ? c->cell[r].text : arena_sv(a, sv_of(num_text(c->cell[r].v, buf)));
}

void
gf_column_like(struct gf_column *to, const struct gf_column *from)
{
	struct gf_cell *cell = to->cell;

	*to = *from;
	to->cell = cell;
}

double
gf_last(const struct gf_column *c, size_t rows)
{
	size_t r;

	for (r = rows; r > 0; r--)
		if (!isnan(c->cell[r - 1].v))
			return c->cell[r - 1].v;
	return NAN;
}

/* "${__field.labels.tool}", "${__series.name}", "${__field.name}" in a display name. */
struct sv
gf_display_name(struct sv text, const struct gf_column *c, struct arena *a)
{
	struct sv rest = text, out_v;
	struct sb out = {0};

	while (rest.n > 0) {
		size_t at = sv_find(rest, SV("${__")), end;
		struct sv name;

		sb_addv(&out, sv_head(rest, at));
		rest = sv_from(rest, at);
		end = sv_chr(rest, '}');
		if (rest.n == 0 || end == rest.n) {
			sb_addv(&out, rest);
			break;
		}
		name = sv_head(sv_from(rest, 4), end - 4);
		if (sv_starts(name, "field.labels."))
			sb_addv(&out, labels_get(&c->labels, arena_str(a, sv_from(name, strlen("field.labels.")))));
		else
			sb_addv(&out, gf_column_name(c));
		rest = sv_from(rest, end + 1);
	}
	out_v = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return out_v;
}
