/*
 * The transformations that most dashboards use (charts.md 4): organize, merge, joins, groups, names, filters, reductions.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"
#include "grafana/frame.h"
#include "grafana/private.h"

#define MOST_ROWS 20000

struct sv
gf_column_name(const struct gf_column *c)
{
	return c->shown.n > 0 ? c->shown : c->name;
}

static bool
called(const struct gf_column *c, struct sv name)
{
	return sv_eq(gf_column_name(c), name) || sv_eq(c->name, name);
}

static struct gf_column *
column_named(const struct gf_frame *f, struct sv name)
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

static void
keep_columns(struct gf_frame *f, const bool *keep)
{
	size_t i, n = 0;

	for (i = 0; i < f->n_columns; i++)
		if (keep[i])
			f->column[n++] = f->column[i];
	f->n_columns = n;
}

static void
keep_rows(struct gf_frame *f, const bool *keep)
{
	size_t i, k, n = 0;

	for (k = 0; k < f->n_rows; k++) {
		for (i = 0; keep[k] && i < f->n_columns; i++)
			f->column[i].cell[n] = f->column[i].cell[k];
		n += keep[k];
	}
	f->n_rows = n;
}

static int
compare_cells(enum gf_kind kind, const struct gf_cell *a, const struct gf_cell *b)
{
	if (kind == GF_STRING)
		return sv_natural(a->text, b->text);
	if (isnan(a->v) || isnan(b->v))
		return isnan(b->v) - isnan(a->v);
	return (a->v > b->v) - (a->v < b->v);
}

static bool
same_cells(enum gf_kind kind, const struct gf_cell *a, const struct gf_cell *b)
{
	return kind == GF_STRING ? sv_eq(a->text, b->text) : a->v == b->v || (isnan(a->v) && isnan(b->v));
}

static struct gf_frame
frame_new(struct gf_frames *all, size_t columns, size_t rows)
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

static void
become(struct gf_frames *all, struct gf_frame f)
{
	all->v = arena_new(all->arena, 1, sizeof(*all->v));
	all->v[0] = f;
	all->n = 1;
}

/* --- columns ------------------------------------------------------------------------------------ */

struct place {
	struct gf_column column;
	double at;
	size_t seq;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

static void
organize_frame(struct gf_frame *f, const struct doc *options)
{
	const struct doc *exclude = doc_get(options, "excludeByName"), *rename = doc_get(options, "renameByName"),
			 *index = doc_get(options, "indexByName"), *m;
	struct place *p = mem_new(f->n_columns + 1, sizeof(*p));
	size_t i, n = 0;

	for (i = 0; i < f->n_columns; i++) {
		struct gf_column c = f->column[i];
		bool out = false;

		p[n].at = 1e9;
		for (m = doc_first(exclude); m != NULL; m = m->next)
			out |= m->kind == DOC_BOOL && m->truth && called(&c, m->key);
		for (m = doc_first(index); m != NULL; m = m->next)
			if (m->kind == DOC_NUMBER && called(&c, m->key))
				p[n].at = m->num;
		for (m = doc_first(rename); m != NULL; m = m->next)
			if (m->text.n > 0 && called(&f->column[i], m->key))
				c.shown = m->text;
		p[n].seq = i;
		p[n].column = c;
		n += !out;
	}
	qsort(p, n, sizeof(*p), by_place);
	for (i = 0; i < n; i++)
		f->column[i] = p[i].column;
	f->n_columns = n;
	mem_free(p);
}

static void
organize(struct gf_frames *all, const struct doc *options)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		organize_frame(&all->v[i], options);
}

/* "$1" in what a match is replaced by. */
static struct sv
replace(struct sv text, struct sv pattern, struct sv by, struct arena *a)
{
	struct sv group[10] = {{NULL, 0}}, v;
	struct sb out = {0};
	struct regex *re;
	size_t i, end = pattern.n;

	if (sv_starts(pattern, "/")) {
		while (end > 1 && pattern.p[end - 1] != '/')
			end--;
		pattern = end > 1 ? sv_head(sv_from(pattern, 1), end - 2) : sv_from(pattern, 1);
	}
	re = regex_new(pattern, 0, NULL);
	if (re == NULL)
		return text;
	if (regex_groups(re, text, group, 10, NULL) <= 0) {
		regex_free(re);
		return text;
	}
	sb_add(&out, text.p, (size_t)(group[0].p - text.p));
	for (i = 0; i < by.n; i++) {
		if (by.p[i] == '$' && i + 1 < by.n && by.p[i + 1] >= '0' && by.p[i + 1] <= '9') {
			if (group[by.p[i + 1] - '0'].p != NULL)
				sb_addv(&out, group[by.p[i + 1] - '0']);
			i++;
		} else {
			sb_addc(&out, by.p[i]);
		}
	}
	sb_addv(&out, sv_from(text, (size_t)(group[0].p - text.p) + group[0].n));
	v = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	regex_free(re);
	return v;
}

static void
rename_by_regex(struct gf_frames *all, const struct doc *options)
{
	struct sv pattern = gf_str(options, "regex"), by = gf_str(options, "renamePattern");
	size_t i, k;

	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			struct gf_column *c = &all->v[i].column[k];

			if (c->kind != GF_TIME)
				c->shown = replace(gf_column_name(c), pattern, by, all->arena);
		}
}

static bool
in_list(const struct doc *list, const struct gf_column *c)
{
	const struct doc *m;

	for (m = doc_first(list); m != NULL; m = m->next)
		if (called(c, m->text))
			return true;
	return false;
}

static void
filter_by_name(struct gf_frames *all, const struct doc *options)
{
	const struct doc *in = doc_path(options, SV("include.names")), *out = doc_path(options, SV("exclude.names"));
	struct sv in_pattern = gf_str(options, "include.pattern"), out_pattern = gf_str(options, "exclude.pattern");
	bool keep[1024];
	size_t i, k;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i];

		if (f->n_columns > 1024)
			f->n_columns = 1024;
		for (k = 0; k < f->n_columns; k++) {
			const struct gf_column *c = &f->column[k];
			struct sv name = gf_column_name(c);

			keep[k] = (in == NULL && in_pattern.n == 0) || in_list(in, c) || (in_pattern.n > 0 && gf_matches(in_pattern, name));
			if (in_list(out, c) || (out_pattern.n > 0 && gf_matches(out_pattern, name)))
				keep[k] = false;
		}
		keep_columns(f, keep);
	}
}

static void
filter_by_ref(struct gf_frames *all, const struct doc *options)
{
	struct sv include = gf_str(options, "include"), exclude = gf_str(options, "exclude");
	size_t i, n = 0;

	for (i = 0; i < all->n; i++) {
		bool in = include.n == 0 || sv_eq(include, all->v[i].ref_id) ||
		    gf_matches(sv_starts(include, "/") ? include : sv_of(arena_fmt(all->arena, "/^(?:%" SV_FMT ")$/", SV_ARG(include))), all->v[i].ref_id);

		if (in && !(exclude.n > 0 && sv_eq(exclude, all->v[i].ref_id)))
			all->v[n++] = all->v[i];
	}
	all->n = n;
}

/* --- rows --------------------------------------------------------------------------------------- */

/* Columns with the same name are one, rows that agree in the columns they share are one. */
static void
merge(struct gf_frames *all)
{
	struct gf_frame f;
	size_t i, k, j, r, n = 0, rows = 0, filled = 0;
	struct gf_column *proto;

	for (i = 0; i < all->n; i++) {
		n += all->v[i].n_columns;
		rows += all->v[i].n_rows;
	}
	if (all->n < 2 || rows > MOST_ROWS)
		return;
	proto = arena_new(all->arena, n, sizeof(*proto));
	for (i = 0, n = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			for (j = 0; j < n && !(sv_eq(gf_column_name(&proto[j]), gf_column_name(&all->v[i].column[k])) && proto[j].kind == all->v[i].column[k].kind); j++)
				;
			if (j == n)
				proto[n++] = all->v[i].column[k];
		}
	f = frame_new(all, n, rows);
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
					if (!same_cells(f.column[to[k]].kind, old, &g->column[k].cell[r]))
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
	become(all, f);
}

static void
sort_by(struct gf_frames *all, const struct doc *options)
{
	const struct doc *sort = doc_first(doc_get(options, "sort"));
	struct sv name = gf_str(sort, "field");
	bool down = gf_bool(sort, "desc", false);
	size_t i, k, r, s;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i];
		const struct gf_column *by = column_named(f, name);
		size_t *order;

		if (by == NULL || f->n_rows < 2 || f->n_rows > MOST_ROWS)
			continue;
		order = mem_new(f->n_rows, sizeof(*order));
		/* Insertion keeps equal rows in their order; tables are short, and long ones are nearly in order. */
		for (r = 0; r < f->n_rows; r++) {
			for (s = r; s > 0; s--) {
				int c = compare_cells(by->kind, &by->cell[order[s - 1]], &by->cell[r]);

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
}

static void
limit(struct gf_frames *all, const struct doc *options)
{
	double most = gf_num(options, "limitField", 10);
	size_t i;

	for (i = 0; i < all->n; i++)
		if (most >= 0 && (double)all->v[i].n_rows > most)
			all->v[i].n_rows = (size_t)most;
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

static void
filter_by_value(struct gf_frames *all, const struct doc *options)
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
				const struct gf_column *c = column_named(f, gf_str(m, "fieldName"));
				bool ok = c != NULL && passes(doc_get(m, "config"), &c->cell[r], c->kind);

				match = any ? match || ok : match && ok;
			}
			keep[r] = match == include;
		}
		keep_rows(f, keep);
		mem_free(keep);
	}
}

/* --- from series to tables ---------------------------------------------------------------------- */

static const struct gf_column *
first_of(const struct gf_frame *f, enum gf_kind kind)
{
	size_t i;

	for (i = 0; i < f->n_columns; i++)
		if (f->column[i].kind == kind)
			return &f->column[i];
	return NULL;
}

/* A row a value column: its name, then one column a reduction. */
static void
reduce(struct gf_frames *all, const struct doc *options)
{
	const struct doc *calcs = doc_get(options, "reducers"), *m;
	bool labels = gf_bool(options, "labelsToFields", false);
	size_t i, k, j, n = 0, at = 0, n_calcs = calcs != NULL && calcs->kind == DOC_LIST && calcs->n > 0 ? calcs->n : 1;
	struct sv label[32];
	size_t n_labels = 0;
	struct gf_frame f;

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
	f = frame_new(all, 1 + n_labels + n_calcs, n);
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
			const struct gf_column *c = &all->v[i].column[k], *time = first_of(&all->v[i], GF_TIME);
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
	become(all, f);
}

/* Labels of each value become columns of strings beside it. */
static void
labels_to_fields(struct gf_frames *all)
{
	size_t i, k, j, r;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g;
		const struct labels *l = NULL;
		size_t n = 0;

		for (k = 0; k < f->n_columns; k++)
			if (f->column[k].kind == GF_NUMBER && f->column[k].labels.n > 0)
				l = &f->column[k].labels;
		if (l == NULL)
			continue;
		g = frame_new(all, f->n_columns + l->n, f->n_rows);
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
	merge(all);
}

static struct sv
cell_text(const struct gf_column *c, size_t r, struct arena *a)
{
	char buf[NUM_TEXT];

	return c->kind == GF_STRING ? c->cell[r].text : arena_sv(a, sv_of(num_text(c->cell[r].v, buf)));
}

/* Rows by a field's value; every other column beside it. Columns that clash get the number of their frame. */
static void
join_by_field(struct gf_frames *all, const struct doc *options)
{
	struct sv by = gf_str(options, "byField");
	bool inner = sv_is(gf_str(options, "mode"), "inner");
	size_t i, k, r, at, n = 1, rows = 0, used = 0, next = 1;
	struct gf_frame f;
	unsigned *seen;

	if (all->n == 0)
		return;
	for (i = 0; i < all->n; i++) {
		n += all->v[i].n_columns;
		rows += all->v[i].n_rows;
	}
	if (rows > MOST_ROWS)
		return;
	f = frame_new(all, n, rows);
	seen = mem_new(rows, sizeof(*seen));
	for (i = 0; i < all->n; i++) {
		const struct gf_frame *g = &all->v[i];
		const struct gf_column *key = by.n > 0 ? column_named(g, by) : first_of(g, GF_TIME);
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
			for (at = hint; at < used && !same_cells(key->kind, &f.column[0].cell[at], &key->cell[r]); at++)
				;
			if (at == used)
				for (at = 0; at < used && !same_cells(key->kind, &f.column[0].cell[at], &key->cell[r]); at++)
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
	if (inner) {
		bool *keep = mem_new(used, sizeof(*keep));

		for (r = 0; r < used; r++)
			keep[r] = seen[r] >= all->n;
		keep_rows(&f, keep);
		mem_free(keep);
	}
	mem_free(seen);
	become(all, f);
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
					same &= same_cells(f->column[k].kind, &f->column[k].cell[first[g]], &f->column[k].cell[r]);
			}
			if (same)
				break;
		}
		if (g == n_groups)
			first[n_groups++] = r;
		group[r] = g;
	}
	out = frame_new(all, f->n_columns * 4 + 1, n_groups);
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
			out.column[n].kind = GF_NUMBER;
			for (g = 0; g < n_groups; g++) {
				double *v = mem_new(f->n_rows, sizeof(*v));
				size_t count = 0;
				bool known;

				for (r = 0; r < f->n_rows; r++)
					if (group[r] == g)
						v[count++] = c->kind == GF_STRING ? 1 : c->cell[r].v;
				out.column[n].cell[g].v = gf_reduce(calc->text, v, v, count, &known);
				mem_free(v);
			}
			n++;
		}
	}
	out.n_columns = n;
	mem_free(group);
	mem_free(first);
	*f = out;
}

static void
group_by(struct gf_frames *all, const struct doc *options)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->v[i].n_rows <= 5000)
			group_frame(all, &all->v[i], doc_get(options, "fields"));
}

static double
operand(const struct gf_frame *f, struct sv name, size_t r)
{
	const struct gf_column *c = column_named(f, name);
	double v = NAN;

	if (c != NULL)
		return c->kind == GF_STRING ? NAN : c->cell[r].v;
	num_parse(name, &v);
	return v;
}

/* A new column: one operation of two columns, or a reduction of a row. */
static bool
calculate(struct gf_frames *all, const struct doc *options)
{
	struct sv mode = gf_str(options, "mode"), alias = gf_str(options, "alias"), op = gf_str(options, "binary.operator");
	const struct doc *include = doc_path(options, SV("reduce.include"));
	struct sv left = gf_str(options, "binary.left"), right = gf_str(options, "binary.right"), calc = gf_str(options, "reduce.reducer");
	bool binary = sv_is(mode, "binary"), row = sv_is(mode, "reduceRow") || mode.n == 0;
	size_t i, k, r;

	if (left.n == 0)
		left = gf_str(options, "binary.left.matcher.options");
	if (right.n == 0)
		right = gf_str(options, "binary.right.matcher.options");
	if (right.n == 0)
		right = gf_str(options, "binary.right.fixed");
	if (left.n == 0)
		left = gf_str(options, "binary.left.fixed");
	if (!binary && !row)
		return false;
	if (binary && all->n > 1)
		join_by_field(all, NULL);
	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g = frame_new(all, f->n_columns + 1, f->n_rows);
		struct gf_cell *cell = g.column[f->n_columns].cell;
		double *v = mem_new(f->n_columns + 1, sizeof(*v));

		memcpy(g.column, f->column, f->n_columns * sizeof(*f->column));
		g.ref_id = f->ref_id;
		g.column[f->n_columns] = (struct gf_column){.kind = GF_NUMBER, .cell = cell};
		g.column[f->n_columns].name = alias.n > 0 ? alias :
		    binary ? sv_of(arena_fmt(all->arena, "%" SV_FMT " %" SV_FMT " %" SV_FMT, SV_ARG(left), SV_ARG(op), SV_ARG(right))) : calc.n > 0 ? calc : SV("Total");
		for (r = 0; r < f->n_rows; r++) {
			double a = operand(f, left, r), b = operand(f, right, r);
			bool known;
			size_t n = 0;

			if (binary) {
				cell[r].v = sv_is(op, "+") ? a + b : sv_is(op, "-") ? a - b : sv_is(op, "*") ? a * b : sv_is(op, "/") ? a / b :
				    sv_is(op, "%") ? fmod(a, b) : sv_is(op, "**") ? pow(a, b) : NAN;
				continue;
			}
			for (k = 0; k < f->n_columns; k++)
				if (f->column[k].kind == GF_NUMBER && (include == NULL || in_list(include, &f->column[k])))
					v[n++] = f->column[k].cell[r].v;
			cell[r].v = gf_reduce(calc.n > 0 ? calc : SV("sum"), v, v, n, &known);
		}
		mem_free(v);
		if (gf_bool(options, "replaceFields", false)) {
			bool *keep = mem_new(g.n_columns, sizeof(*keep));

			for (k = 0; k < g.n_columns; k++)
				keep[k] = g.column[k].kind == GF_TIME || k + 1 == g.n_columns;
			keep_columns(&g, keep);
			mem_free(keep);
		}
		*f = g;
	}
	return true;
}

/* All columns of all frames side by side, as many rows as the longest has. */
static void
concatenate(struct gf_frames *all)
{
	size_t i, k, r, n = 0, rows = 0, at = 0;
	struct gf_frame f;

	for (i = 0; i < all->n; i++) {
		n += all->v[i].n_columns;
		rows = all->v[i].n_rows > rows ? all->v[i].n_rows : rows;
	}
	if (all->n < 2)
		return;
	f = frame_new(all, n, rows);
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			struct gf_cell *cell = f.column[at].cell;

			f.column[at] = all->v[i].column[k];
			f.column[at].cell = cell;
			for (r = 0; r < all->v[i].n_rows; r++)
				cell[r] = all->v[i].column[k].cell[r];
			at++;
		}
	become(all, f);
}

/* Time, Metric, Value: a row a sample. */
static void
series_to_rows(struct gf_frames *all)
{
	size_t i, k, r, rows = 0, at = 0;
	struct gf_frame f;

	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++)
			rows += all->v[i].column[k].kind == GF_NUMBER ? all->v[i].n_rows : 0;
	if (rows > MOST_ROWS)
		return;
	f = frame_new(all, 3, rows);
	f.column[0].name = SV("Time");
	f.column[0].kind = GF_TIME;
	f.column[1].name = SV("Metric");
	f.column[1].kind = GF_STRING;
	f.column[2].name = SV("Value");
	f.column[2].kind = GF_NUMBER;
	for (i = 0; i < all->n; i++) {
		const struct gf_column *time = first_of(&all->v[i], GF_TIME);

		for (k = 0; k < all->v[i].n_columns; k++)
			for (r = 0; all->v[i].column[k].kind == GF_NUMBER && r < all->v[i].n_rows; r++, at++) {
				f.column[0].cell[at].v = time != NULL ? time->cell[r].v : NAN;
				f.column[1].cell[at].text = gf_column_name(&all->v[i].column[k]);
				f.column[2].cell[at].v = all->v[i].column[k].cell[r].v;
			}
	}
	become(all, f);
}

/* Rows to columns: each row's name field names a column with its value. */
static void
rows_to_fields(struct gf_frames *all, const struct doc *options)
{
	const struct doc *m;
	size_t i, r;

	for (i = 0; i < all->n; i++) {
		struct gf_frame *f = &all->v[i], g;
		const struct gf_column *name = first_of(f, GF_STRING), *value = first_of(f, GF_NUMBER);

		for (m = doc_first(doc_get(options, "mappings")); m != NULL; m = m->next) {
			if (sv_is(gf_str(m, "handlerKey"), "field.name"))
				name = column_named(f, gf_str(m, "fieldName"));
			if (sv_is(gf_str(m, "handlerKey"), "field.value"))
				value = column_named(f, gf_str(m, "fieldName"));
		}
		if (name == NULL || value == NULL || f->n_rows > 1000)
			continue;
		g = frame_new(all, f->n_rows, 1);
		g.ref_id = f->ref_id;
		for (r = 0; r < f->n_rows; r++) {
			g.column[r].name = cell_text(name, r, all->arena);
			g.column[r].kind = value->kind;
			g.column[r].cell[0] = value->cell[r];
		}
		*f = g;
	}
}

static void
convert_types(struct gf_frames *all, const struct doc *options)
{
	const struct doc *m;
	size_t i, r;

	for (i = 0; i < all->n; i++)
		for (m = doc_first(doc_get(options, "conversions")); m != NULL; m = m->next) {
			struct gf_column *c = column_named(&all->v[i], gf_str(m, "targetField"));
			struct sv to = gf_str(m, "destinationType");

			for (r = 0; c != NULL && r < all->v[i].n_rows; r++) {
				if ((sv_is(to, "number") || sv_is(to, "time")) && c->kind == GF_STRING && !num_parse(c->cell[r].text, &c->cell[r].v))
					c->cell[r].v = NAN;
				else if ((sv_is(to, "string") || sv_is(to, "enum")) && c->kind != GF_STRING)
					c->cell[r].text = cell_text(c, r, all->arena);
			}
			if (c != NULL)
				c->kind = sv_is(to, "number") ? GF_NUMBER : sv_is(to, "time") ? GF_TIME : GF_STRING;
		}
}

/* One transformation; false: its id is not understood. */
static bool
apply(struct gf_frames *all, struct sv id, const struct doc *options)
{
	if (sv_is(id, "organize"))
		organize(all, options);
	else if (sv_is(id, "merge"))
		merge(all);
	else if (sv_is(id, "joinByField") || sv_is(id, "seriesToColumns") || sv_is(id, "joinByLabels"))
		join_by_field(all, options);
	else if (sv_is(id, "groupBy"))
		group_by(all, options);
	else if (sv_is(id, "renameByRegex"))
		rename_by_regex(all, options);
	else if (sv_is(id, "filterFieldsByName"))
		filter_by_name(all, options);
	else if (sv_is(id, "filterByRefId"))
		filter_by_ref(all, options);
	else if (sv_is(id, "filterByValue"))
		filter_by_value(all, options);
	else if (sv_is(id, "sortBy"))
		sort_by(all, options);
	else if (sv_is(id, "limit"))
		limit(all, options);
	else if (sv_is(id, "reduce"))
		reduce(all, options);
	else if (sv_is(id, "labelsToFields"))
		labels_to_fields(all);
	else if (sv_is(id, "seriesToRows"))
		series_to_rows(all);
	else if (sv_is(id, "concatenate"))
		concatenate(all);
	else if (sv_is(id, "calculateField"))
		return calculate(all, options);
	else if (sv_is(id, "rowsToFields"))
		rows_to_fields(all, options);
	else if (sv_is(id, "convertFieldType"))
		convert_types(all, options);
	else if (sv_is(id, "prepareTimeSeries") || sv_is(id, "formatTime") || sv_is(id, "timeSeriesTable"))
		return sv_is(id, "prepareTimeSeries") || sv_is(id, "formatTime");
	else
		return false;
	return true;
}

void
gf_transform(const struct gf_panel *p, struct gf_frames *f, struct sv *unknown)
{
	const struct doc *t;

	*unknown = SV("");
	for (t = doc_first(p->transformations); t != NULL; t = t->next) {
		struct sv id = gf_str(t, "id");
		const struct doc *options = doc_get(t, "options");

		/* The second generation: {"kind": "organize", "spec": {...}}. */
		if (id.n == 0 && doc_get(t, "spec") != NULL) {
			id = gf_str(t, "kind");
			if (gf_str(t, "group").n > 0)
				id = gf_str(t, "group");
			options = doc_path(t, SV("spec.options"));
		}
		if (gf_bool(t, "disabled", false) || gf_bool(t, "spec.disabled", false))
			continue;
		if (!apply(f, id, options) && unknown->n == 0)
			*unknown = id;
	}
}
