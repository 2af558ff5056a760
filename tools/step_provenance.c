#include "step_provenance.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "judge/chain.h"
#include "step_lines.h"

#define SCHEMA 1
#define LISTED 40              /* series, artifacts and lines shown of a chain; the others are counted */
#define MAX_POINTS ((size_t)4 << 20) /* samples whose lines are looked for, of all chains together */

/* A chain that one or more figures have. */
struct kept {
	struct chain chain;
	struct sb text; /* all about it, as JSON without lines: equal texts are one chain */
	bool open;      /* chain is, and its lines are looked for */
	size_t at;      /* among those that are open */
};

struct id {
	struct sv id;
	size_t chain;
};

struct provenance {
	struct store *store;
	const struct verdict *v;
	struct err *e;
	size_t points;
	VEC(struct id) id;
	VEC(struct kept *) kept;
	VEC(const struct chain *) wanted;
	struct step_lines *lines;
	int rc;
};

static void
add_series(struct json *j, const struct chain *c)
{
	char buf[NUM_TEXT];
	size_t i;

	json_list(j, "series");
	for (i = 0; i < c->n_series && i < LISTED; i++) {
		const struct chain_series *s = &c->series[i];

		json_map(j, NULL);
		json_str(j, "text", s->text);
		json_int(j, "samples", (int64_t)s->n);
		if (s->n > 0) {
			json_time(j, "first", s->first.t);
			json_cstr(j, "first_value", num_text(s->first.v, buf));
			json_time(j, "last", s->last.t);
			json_cstr(j, "last_value", num_text(s->last.v, buf));
		}
		json_end(j);
	}
	json_end(j);
	json_int(j, "more_series", c->n_series > LISTED ? (int64_t)(c->n_series - LISTED) : 0);
}

/* lines NULL: not looked for, or not yet. */
static void
add_artifacts(struct json *j, const struct chain *c, struct step_lines *lines, size_t at)
{
	size_t i;

	json_list(j, "artifacts");
	for (i = 0; i < c->n_sources && i < LISTED; i++) {
		const struct chain_source *s = &c->source[i];

		json_map(j, NULL);
		json_str(j, "name", s->name);
		json_str(j, "sha256", s->sha256);
		json_time(j, "taken", s->time);
		json_int(j, "samples", (int64_t)s->n);
		if (lines != NULL && s->n > 0)
			json_cstr(j, "lines", step_lines_numbers(lines, at, i));
		json_end(j);
	}
	json_end(j);
	json_int(j, "more_artifacts", c->n_sources > LISTED ? (int64_t)(c->n_sources - LISTED) : 0);
}

static void
add_places(struct json *j, const struct chain *c)
{
	size_t i;

	json_list(j, "places");
	for (i = 0; i < c->n_lines && i < LISTED; i++) {
		json_map(j, NULL);
		json_str(j, "source", c->line[i].source);
		if (c->line[i].line > 0)
			json_int(j, "line", c->line[i].line);
		json_str(j, "text", c->line[i].text);
		json_end(j);
	}
	json_end(j);
	json_int(j, "more_places", c->n_lines > LISTED ? (int64_t)(c->n_lines - LISTED) : 0);
}

/* "profile.yaml:118:5": as the profile is called in the run folder, whatever it was called before. */
static void
add_rule(struct json *j, const struct profile *p, struct sv rule)
{
	struct sv name = sv_base(sv_of(p->file));
	struct sb out = {0};

	if (rule.n > name.n && sv_eq(sv_head(rule, name.n), name) && rule.p[name.n] == ':') {
		sb_adds(&out, "profile.yaml");
		rule = sv_from(rule, name.n);
	}
	sb_addv(&out, rule);
	json_str(j, "rule", sb_sv(&out));
	sb_free(&out);
}

static void
write_chain(const struct profile *p, const struct chain *c, struct step_lines *lines, size_t at, struct sb *out)
{
	struct json j = {.out = out, .compact = true};

	json_map(&j, NULL);
	json_str(&j, "query", c->query);
	add_rule(&j, p, c->rule);
	json_time(&j, "from", c->from);
	json_time(&j, "to", c->to);
	add_series(&j, c);
	add_artifacts(&j, c, lines, at);
	add_places(&j, c);
	json_end(&j);
}

static void
keep(struct provenance *p, struct chain *c, struct sb *text)
{
	struct kept *k = mem_new(1, sizeof(*k));

	k->chain = *c;
	k->text = *text;
	k->open = c->n_points <= MAX_POINTS - p->points;
	if (k->open) {
		k->at = p->wanted.n;
		*vec_add(&p->wanted) = &k->chain;
		p->points += c->n_points;
	} else {
		chain_close(&k->chain);
	}
	*vec_add(&p->kept) = k;
}

static void
on_id(void *ctx, struct sv id)
{
	struct provenance *p = ctx;
	struct sb text = {0};
	struct chain c;
	size_t i;

	for (i = 0; i < p->id.n; i++)
		if (sv_eq(p->id.v[i].id, id))
			return;
	if (p->rc < 0)
		return;
	p->rc = chain_open(p->store, p->v, id, &c, p->e) < 0 ? -1 : 0;
	if (p->rc == 0) {
		write_chain(p->v->profile, &c, NULL, 0, &text);
		for (i = 0; i < p->kept.n && !sv_eq(sb_sv(&p->kept.v[i]->text), sb_sv(&text)); i++)
			;
		*vec_add(&p->id) = (struct id){id, i};
		if (i == p->kept.n) {
			keep(p, &c, &text);
			return;
		}
	}
	sb_free(&text);
	chain_close(&c);
}

static void
write_all(struct provenance *p, struct sb *out)
{
	size_t i;

	sb_addf(out, "{\n  \"schema\": %d,\n  \"figures\": [", SCHEMA);
	for (i = 0; i < p->id.n; i++) {
		sb_addf(out, "%s\n    {\"id\":", i == 0 ? "" : ",");
		json_quote(out, p->id.v[i].id);
		sb_addf(out, ",\"chain\":%zu}", p->id.v[i].chain);
	}
	sb_adds(out, p->id.n == 0 ? "],\n  \"chains\": [" : "\n  ],\n  \"chains\": [");
	for (i = 0; i < p->kept.n; i++) {
		struct kept *k = p->kept.v[i];

		sb_adds(out, i == 0 ? "\n    " : ",\n    ");
		if (k->open && p->lines != NULL)
			write_chain(p->v->profile, &k->chain, p->lines, k->at, out);
		else
			sb_addv(out, sb_sv(&k->text));
	}
	sb_adds(out, p->kept.n == 0 ? "]\n}\n" : "\n  ]\n}\n");
}

int
step_provenance(const struct tool *t, struct store *s, const struct verdict *v, step_provenance_read *read, void *ctx,
    struct sb *out, struct err *e)
{
	struct provenance p = {.store = s, .v = v, .e = e};
	size_t i;

	chain_ids(v, on_id, &p);
	if (p.rc == 0 && read != NULL && (p.lines = step_lines_new(t, p.wanted.v, p.wanted.n, v->profile, e)) == NULL)
		p.rc = -1;
	if (p.rc == 0 && p.lines != NULL)
		p.rc = read(ctx, p.lines, e);
	if (p.rc == 0)
		write_all(&p, out);
	step_lines_close(p.lines);
	for (i = 0; i < p.kept.n; i++) {
		if (p.kept.v[i]->open)
			chain_close(&p.kept.v[i]->chain);
		sb_free(&p.kept.v[i]->text);
		mem_free(p.kept.v[i]);
	}
	vec_free(&p.kept);
	vec_free(&p.wanted);
	vec_free(&p.id);
	return p.rc;
}
