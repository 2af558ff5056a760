/*
 * Columns out of a column of texts, and how columns look out of another query's values.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"
#include "grafana/transform.h"

#define MOST_FIELDS 200
#define MOST_GROUPS 20

/* --- extractFields ---------------------------------------------------------------------------- */

struct extracted {
	struct gf_frames *all;
	size_t rows;
	struct gf_column *column;
	size_t n;
};

static void
put(struct extracted *x, size_t row, struct sv name, struct sv text)
{
	size_t k;

	for (k = 0; k < x->n && !sv_eq(x->column[k].name, name); k++)
		;
	if (k == x->n) {
		if (x->n == MOST_FIELDS || name.n == 0)
			return;
		x->column[x->n++] = (struct gf_column){.name = name, .kind = GF_STRING, .cell = arena_new(x->all->arena, x->rows, sizeof(struct gf_cell))};
	}
	x->column[k].cell[row].text = text;
}

static bool
stands_for_itself(char c)
{
	return strchr("=:,;&?{}[]\"' \t\r\n", c) == NULL;
}

/* a=b, c: "d e" and the like. False: no pair is there. */
static bool
pairs(struct extracted *x, size_t row, struct sv text)
{
	size_t i = 0, found = 0;

	while (i < text.n) {
		size_t name = i, end, value;

		while (i < text.n && stands_for_itself(text.p[i]))
			i++;
		end = i;
		if (end == name || i == text.n || (text.p[i] != '=' && text.p[i] != ':')) {
			i += end == name;
			continue;
		}
		for (i++; i < text.n && text.p[i] == ' '; i++)
			;
		if (i < text.n && (text.p[i] == '"' || text.p[i] == '\'')) {
			char quote = text.p[i++];

			for (value = i; i < text.n && text.p[i] != quote; i++)
				;
			put(x, row, sv_head(sv_from(text, name), end - name), sv_head(sv_from(text, value), i - value));
			i += i < text.n;
		} else {
			for (value = i; i < text.n && (stands_for_itself(text.p[i]) || text.p[i] == ':'); i++)
				;
			put(x, row, sv_head(sv_from(text, name), end - name), sv_head(sv_from(text, value), i - value));
		}
		found++;
	}
	return found > 0;
}

static bool
members(struct extracted *x, size_t row, struct sv text, const struct doc *options)
{
	const struct doc *root = sv_starts(sv_trim(text), "{") ? doc_json(x->all->arena, "field", text, NULL) : NULL, *m;
	const struct doc *paths = doc_get(options, "jsonPaths");

	if (root == NULL || root->kind != DOC_MAP)
		return false;
	if (doc_first(paths) != NULL) {
		for (m = doc_first(paths); m != NULL; m = m->next) {
			struct sv path = gf_str(m, "path"), alias = gf_str(m, "alias");
			const struct doc *found = doc_path(root, path);

			if (found != NULL)
				put(x, row, alias.n > 0 ? alias : path, found->text);
		}
		return true;
	}
	for (m = root->child; m != NULL; m = m->next)
		put(x, row, m->key, m->kind == DOC_BOOL ? sv_of(m->truth ? "true" : "false") : m->text);
	return true;
}

static bool
groups(struct extracted *x, size_t row, struct sv text, const struct regex *re)
{
	struct sv group[MOST_GROUPS];
	int i;

	if (re == NULL || regex_groups(re, text, group, MOST_GROUPS, NULL) <= 0)
		return false;
	for (i = 1; i < MOST_GROUPS && i <= regex_count(re); i++)
		if (regex_name(re, i) != NULL && group[i].p != NULL)
			put(x, row, arena_sv(x->all->arena, sv_of(regex_name(re, i))), group[i]);
	return true;
}

/* "/.../" without its slashes. */
static struct regex *
pattern_of(struct sv v)
{
	size_t end = v.n;

	if (sv_starts(v, "/")) {
		while (end > 1 && v.p[end - 1] != '/')
			end--;
		v = end > 1 ? sv_head(sv_from(v, 1), end - 2) : sv_from(v, 1);
	}
	return v.n > 0 ? regex_new(v, 0, NULL) : NULL;
}

/* A column all of whose texts are numbers holds numbers. */
static void
numbers(struct gf_column *c, size_t rows)
{
	double v;
	size_t r;

	for (r = 0; r < rows; r++)
		if (c->cell[r].text.p != NULL && !num_parse(c->cell[r].text, &v))
			return;
	c->kind = GF_NUMBER;
	for (r = 0; r < rows; r++)
		if (c->cell[r].text.p == NULL || !num_parse(c->cell[r].text, &c->cell[r].v))
			c->cell[r].v = NAN;
}

static bool
extract(struct gf_frames *all, struct gf_frame *f, const struct gf_column *from, const struct doc *options)
{
	struct sv format = gf_str(options, "format");
	struct extracted x = {.all = all, .rows = f->n_rows};
	bool replace = gf_bool(options, "replace", false), time = gf_bool(options, "keepTime", false), json = false;
	struct regex *re = sv_is(format, "regexp") ? pattern_of(gf_str(options, "regExp")) : NULL;
	struct gf_frame g;
	size_t r, k, n = 0, found = 0;

	x.column = arena_new(all->arena, MOST_FIELDS, sizeof(*x.column));
	for (r = 0; r < f->n_rows; r++) {
		struct sv text = from->cell[r].text;
		bool is_json = !sv_is(format, "kvp") && !sv_is(format, "regexp") && members(&x, r, text, options);

		json |= is_json;
		found += is_json || (sv_is(format, "regexp") ? groups(&x, r, text, re) : !sv_is(format, "json") && pairs(&x, r, text));
	}
	regex_free(re);
	if (found == 0 && f->n_rows > 0)
		return false;
	for (k = 0; json && k < x.n; k++)
		numbers(&x.column[k], f->n_rows);
	g = *f;
	g.column = arena_new(all->arena, f->n_columns + x.n, sizeof(*g.column));
	for (k = 0; k < f->n_columns; k++)
		if (!replace || (time && f->column[k].kind == GF_TIME))
			g.column[n++] = f->column[k];
	for (k = 0; k < x.n; k++)
		g.column[n++] = x.column[k];
	g.n_columns = n;
	*f = g;
	return true;
}

bool
gft_extract(struct gf_frames *all, const struct doc *options)
{
	struct sv format = gf_str(options, "format"), source = gf_str(options, "source");
	struct gf_frame *done = arena_new(all->arena, all->n, sizeof(*done));
	bool any = false;
	size_t i;

	if (format.n > 0 && !sv_is(format, "auto") && !sv_is(format, "json") && !sv_is(format, "kvp") && !sv_is(format, "regexp"))
		return false;
	for (i = 0; i < all->n; i++) {
		const struct gf_column *c = gf_column_named(&all->v[i], source);

		done[i] = all->v[i];
		if (c == NULL || c->kind != GF_STRING)
			continue;
		if (!extract(all, &done[i], c, options))
			return false;
		any = true;
	}
	if (any)
		memcpy(all->v, done, all->n * sizeof(*done));
	return any || all->n == 0;
}

/* --- configFromData --------------------------------------------------------------------------- */

/* Which property a field sets: what its mapping says, else what its name says. */
static struct sv
handler_of(const struct doc *options, const struct gf_column *c, const struct doc **mapping)
{
	const struct doc *m;

	*mapping = NULL;
	for (m = doc_first(doc_get(options, "mappings")); m != NULL; m = m->next)
		if (gf_called(c, gf_str(m, "fieldName"))) {
			*mapping = m;
			return gf_str(m, "handlerKey");
		}
	return gf_column_name(c);
}

static void
add_step(struct gf_config *config, double v, struct sv color)
{
	size_t i = config->n_steps;

	if (i == GF_MOST_CONFIG_STEPS || isnan(v))
		return;
	for (; i > 0 && config->step[i - 1].value > v; i--)
		config->step[i] = config->step[i - 1];
	config->step[i] = (struct gf_step){v, color};
	config->n_steps++;
}

/* False: a property that is not understood. */
static bool
configure(struct gf_config *config, const struct gf_frame *f, const struct gf_column *c, const struct doc *options, struct arena *a)
{
	const struct doc *mapping;
	struct sv key = handler_of(options, c, &mapping), calc = gf_str(mapping, "reducerId"), color = gf_str(mapping, "handlerArguments.threshold.color"), text = {NULL, 0};
	double *v = mem_new(f->n_rows, sizeof(*v)), value = NAN;
	bool known = true;
	size_t r;

	for (r = 0; r < f->n_rows; r++)
		v[r] = c->cell[r].v;
	if (c->kind != GF_STRING)
		value = gf_reduce(calc.n > 0 ? calc : SV("lastNotNull"), v, v, f->n_rows, &known);
	else if (f->n_rows > 0)
		text = gf_cell_text(c, f->n_rows - 1, a);
	mem_free(v);
	if (sv_is(key, "min"))
		config->min = value;
	else if (sv_is(key, "max"))
		config->max = value;
	else if (sv_is(key, "decimals"))
		config->decimals = value;
	else if (sv_is(key, "unit"))
		config->unit = text;
	else if (sv_is(key, "displayName") || sv_is(key, "displayname"))
		config->display_name = text;
	else if (sv_is(key, "color"))
		config->color = text;
	else if (sv_is(key, "threshold1"))
		add_step(config, value, color.n > 0 ? color : SV("red"));
	else
		return known && (mapping == NULL || sv_is(key, "__ignore") || key.n == 0);
	return known;
}

static bool
applies(const struct doc *options, const struct gf_column *c)
{
	struct sv id = gf_str(options, "applyTo.id"), text = gf_str(options, "applyTo.options");

	if (sv_is(id, "byName"))
		return gf_called(c, text);
	if (sv_is(id, "byRegexp"))
		return gf_matches(text, gf_column_name(c));
	if (sv_is(id, "byType") && sv_is(text, "string"))
		return c->kind == GF_STRING;
	return c->kind == GF_NUMBER;
}

bool
gft_config(struct gf_frames *all, const struct doc *options)
{
	struct gf_config *config = arena_new(all->arena, 1, sizeof(*config));
	struct sv ref = gf_str(options, "configRefId");
	size_t i, k, n = 0, at = 0;
	bool known = true;

	*config = (struct gf_config){.min = NAN, .max = NAN, .decimals = NAN};
	for (i = 0; i < all->n && !(ref.n > 0 ? sv_eq(all->v[i].ref_id, ref) : i == 0); i++)
		;
	if (i == all->n)
		return all->n == 0 || ref.n > 0; /* it has no data: nothing is said */
	at = i;
	for (k = 0; k < all->v[at].n_columns; k++)
		if (all->v[at].column[k].kind != GF_TIME)
			known &= configure(config, &all->v[at], &all->v[at].column[k], options, all->arena);
	if (!known)
		return false;
	/* One query can say something of its own fields. */
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i].n_columns; k++)
			if ((i != at || all->n == 1) && applies(options, &all->v[i].column[k]))
				all->v[i].column[k].config = config;
	for (i = 0; i < all->n; i++)
		if (all->n == 1 || !sv_eq(all->v[i].ref_id, all->v[at].ref_id))
			all->v[n++] = all->v[i];
	all->n = n;
	return true;
}

void
gf_configure(const struct gf_column *c, struct gf_field *f, struct arena *a)
{
	const struct gf_config *config = c->config;
	struct gf_step *step;

	if (config == NULL)
		return;
	if (!isnan(config->min))
		f->min = config->min;
	if (!isnan(config->max))
		f->max = config->max;
	if (config->decimals >= 0 && config->decimals <= 15)
		f->decimals = (int)config->decimals;
	if (config->unit.n > 0)
		f->unit = config->unit;
	if (config->display_name.n > 0)
		f->display_name = config->display_name;
	if (config->color.n > 0)
		f->color = config->color;
	if (config->n_steps == 0)
		return;
	step = arena_new(a, config->n_steps + 1, sizeof(*step));
	step[0] = (struct gf_step){-INFINITY, f->n_steps > 0 ? f->step[0].color : SV("green")};
	memcpy(step + 1, config->step, config->n_steps * sizeof(*step));
	f->step = step;
	f->n_steps = config->n_steps + 1;
	f->step_percent = false;
}
