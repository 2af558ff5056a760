/*
 * Which columns a table has, how they are called and of what type they are.
 */
#include "grafana/transform.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"

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
	const struct doc *exclude = doc_get(options, "excludeByName"), *include = doc_get(options, "includeByName"), *rename = doc_get(options, "renameByName"),
			 *index = doc_get(options, "indexByName"), *m;
	struct place *p = mem_new(f->n_columns + 1, sizeof(*p));
	size_t i, n = 0;
	bool chosen = false;

	for (m = doc_first(include); m != NULL; m = m->next)
		chosen |= m->kind == DOC_BOOL && m->truth;
	for (i = 0; i < f->n_columns; i++) {
		struct gf_column c = f->column[i];
		bool out = chosen;

		for (m = doc_first(include); m != NULL; m = m->next)
			out &= !(m->kind == DOC_BOOL && m->truth && gf_called(&c, m->key));

		p[n].at = 1e9;
		for (m = doc_first(exclude); m != NULL; m = m->next)
			out |= m->kind == DOC_BOOL && m->truth && gf_called(&c, m->key);
		for (m = doc_first(index); m != NULL; m = m->next)
			if (m->kind == DOC_NUMBER && gf_called(&c, m->key))
				p[n].at = m->num;
		for (m = doc_first(rename); m != NULL; m = m->next)
			if (m->text.n > 0 && gf_called(&f->column[i], m->key))
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

bool
gft_organize(struct gf_frames *all, const struct doc *options)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		organize_frame(&all->v[i], options);
	return true;
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

bool
gft_rename_by_regex(struct gf_frames *all, const struct doc *options)
{
	struct sv pattern = gf_str(options, "regex"), by = gf_str(options, "renamePattern");
	size_t i, k;

	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++) {
			struct gf_column *c = &all->v[i].column[k];

			if (c->kind != GF_TIME)
				c->shown = replace(gf_column_name(c), pattern, by, all->arena);
		}
	return true;
}

bool
gft_filter_by_name(struct gf_frames *all, const struct doc *options)
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

			keep[k] = (in == NULL && in_pattern.n == 0) || gf_in_list(in, c) || (in_pattern.n > 0 && gf_matches(in_pattern, name));
			if (gf_in_list(out, c) || (out_pattern.n > 0 && gf_matches(out_pattern, name)))
				keep[k] = false;
		}
		gf_keep_columns(f, keep);
	}
	return true;
}

bool
gft_filter_by_ref(struct gf_frames *all, const struct doc *options)
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
	return true;
}



bool
gft_convert_types(struct gf_frames *all, const struct doc *options)
{
	const struct doc *m;
	size_t i, r;

	for (i = 0; i < all->n; i++)
		for (m = doc_first(doc_get(options, "conversions")); m != NULL; m = m->next) {
			struct gf_column *c = gf_column_named(&all->v[i], gf_str(m, "targetField"));
			struct sv to = gf_str(m, "destinationType");

			for (r = 0; c != NULL && r < all->v[i].n_rows; r++) {
				if ((sv_is(to, "number") || sv_is(to, "time")) && c->kind == GF_STRING && !num_parse(c->cell[r].text, &c->cell[r].v))
					c->cell[r].v = NAN;
				else if ((sv_is(to, "string") || sv_is(to, "enum")) && c->kind != GF_STRING)
					c->cell[r].text = gf_cell_text(c, r, all->arena);
			}
			if (c != NULL)
				c->kind = sv_is(to, "number") ? GF_NUMBER : sv_is(to, "time") ? GF_TIME : GF_STRING;
		}
	return true;
}
