#include "report/shape.h"

#include <math.h>

#include "base/clean.h"

enum {
	STRING = 1 << DOC_STRING,
	NUMBER = 1 << DOC_NUMBER,
	BOOL = 1 << DOC_BOOL,
	MAP = 1 << DOC_MAP,
	LIST = 1 << DOC_LIST,
	NIL = 1 << DOC_NULL,
	ABSENT = 1 << 16, /* may be left out */
};

struct shape {
	const char *key;          /* NULL ends a table */
	unsigned kinds;
	const struct shape *part; /* of a map; of a list's items, which are strings where it is NULL */
};

static const struct shape figure[] = {
	{"id", STRING, NULL},
	{"value", NUMBER | NIL, NULL},
	{"text", STRING, NULL},
	{"unit", STRING, NULL},
	{"query", STRING | ABSENT, NULL},
	{0},
};

static const struct shape profile[] = {
	{"name", STRING, NULL},
	{"title", STRING, NULL},
	{"sha256", STRING, NULL},
	{0},
};

static const struct shape run[] = {
	{"start", STRING | NIL, NULL},
	{"start_source", STRING, NULL},
	{"end", STRING | NIL, NULL},
	{"end_source", STRING, NULL},
	{"end_planned", BOOL, NULL},
	{"duration_seconds", NUMBER | NIL, NULL},
	{0},
};

static const struct shape coverage[] = {
	{"id", STRING, NULL},
	{"value", NUMBER | NIL, NULL},
	{"text", STRING, NULL},
	{"window_seconds", NUMBER, NULL},
	{"covered_seconds", NUMBER, NULL},
	{"first", STRING | NIL, NULL},
	{"last", STRING | NIL, NULL},
	{"samples", NUMBER, NULL},
	{"samples_expected", NUMBER | ABSENT, NULL},
	{"excluded_seconds", NUMBER | ABSENT, NULL},
	{"longest_gap_seconds", NUMBER, NULL},
	{"restarts", NUMBER, NULL},
	{"unseen_seconds_min", NUMBER | ABSENT, NULL},
	{"unseen_seconds_max", NUMBER | ABSENT, NULL},
	{0},
};

static const struct shape finding[] = {
	{"labels", STRING, NULL},
	{"text", STRING, NULL},
	{"waiver", STRING | ABSENT, NULL},
	{0},
};

static const struct shape slot[] = {
	{"number", NUMBER, NULL},
	{"scheduled", STRING, NULL},
	{"ran", STRING | NIL, NULL},
	{"status", STRING, NULL},
	{"text", STRING, NULL},
	{"source", STRING, NULL},
	{0},
};

static const struct shape criterion[] = {
	{"id", STRING, NULL},
	{"title", STRING, NULL},
	{"kind", STRING, NULL},
	{"over", STRING, NULL},
	{"verdict", STRING, NULL},
	{"key", BOOL, NULL},
	{"optional", BOOL, NULL},
	{"weight", NUMBER | ABSENT, NULL},
	{"observed", MAP | NIL, figure},
	{"required", MAP | NIL, figure},
	{"margin", MAP | NIL, figure},
	{"n", MAP | NIL, figure},
	{"coverage", MAP | NIL, coverage},
	{"mode", STRING | ABSENT, NULL},
	{"demonstrated", MAP | NIL | ABSENT, figure},
	{"confidence", STRING | ABSENT, NULL},
	{"at_least", BOOL, NULL},
	{"method", STRING, NULL},
	{"sentence", STRING, NULL},
	{"settle", STRING | ABSENT, NULL},
	{"action", STRING | ABSENT, NULL},
	{"manual", BOOL | ABSENT, NULL},
	{"waived_from", STRING | ABSENT, NULL},
	{"findings", LIST | ABSENT, finding},
	{"slots", LIST | ABSENT, slot},
	{"sources", LIST, NULL},
	{0},
};

static const struct shape waiver[] = {
	{"id", STRING, NULL},
	{"criterion", STRING, NULL},
	{"match", STRING, NULL},
	{"observed", STRING, NULL},
	{"reason", STRING, NULL},
	{"owner", STRING, NULL},
	{"approver", STRING, NULL},
	{"created", STRING | NIL, NULL},
	{"expires", STRING | NIL, NULL},
	{"ticket", STRING, NULL},
	{"used", BOOL, NULL},
	{"why", STRING, NULL},
	{0},
};

static const struct shape attestation[] = {
	{"criterion", STRING, NULL},
	{"statement", STRING, NULL},
	{"holds", BOOL, NULL},
	{"by", STRING, NULL},
	{"role", STRING, NULL},
	{"stated", STRING | NIL, NULL},
	{"ticket", STRING, NULL},
	{"manual", BOOL, NULL},
	{"used", BOOL, NULL},
	{"why", STRING, NULL},
	{0},
};

static const struct shape score[] = {
	{"verdict", STRING, NULL},
	{"observed", MAP | NIL, figure},
	{"possible", MAP | NIL, figure},
	{"required", MAP | NIL, figure},
	{"warn", MAP | NIL, figure},
	{"sentence", STRING, NULL},
	{0},
};

static const struct shape evidence[] = {
	{"id", STRING, NULL},
	{"title", STRING, NULL},
	{"present", BOOL, NULL},
	{"optional", BOOL, NULL},
	{"expected", NUMBER, NULL},
	{"found", NUMBER, NULL},
	{"sentence", STRING, NULL},
	{"missing", LIST, NULL},
	{"missing_brief", LIST | ABSENT, NULL},
	{0},
};

static const struct shape contradiction[] = {
	{"id", STRING, NULL},
	{"source", STRING, NULL},
	{"sentence", STRING, NULL},
	{0},
};

static const struct shape claim[] = {
	{"id", STRING, NULL},
	{"path", STRING, NULL},
	{"source", STRING, NULL},
	{"claimed", STRING, NULL},
	{"recomputed", MAP | NIL, figure},
	{"state", STRING, NULL},
	{"definition", STRING, NULL},
	{"because", STRING, NULL},
	{"sentence", STRING, NULL},
	{0},
};

static const struct shape rate[] = {
	{"title", STRING, NULL},
	{"matcher", STRING, NULL},
	{"rate", MAP | NIL, figure},
	{"good", MAP | NIL, figure},
	{"total", MAP | NIL, figure},
	{0},
};

static const struct shape span[] = {
	{"from", STRING | NIL, NULL},
	{"to", STRING | NIL, NULL},
	{0},
};

static const struct shape window[] = {
	{"name", STRING, NULL},
	{"source", STRING, NULL},
	{"spans", LIST, span},
	{0},
};

static const struct shape event[] = {
	{"manual", BOOL | ABSENT, NULL},
	{"time", STRING | NIL, NULL},
	{"name", STRING, NULL},
	{"source", STRING, NULL},
	{0},
};

static const struct shape problem[] = {
	{"source", STRING, NULL},
	{"line", NUMBER | NIL, NULL},
	{"severity", STRING, NULL},
	{"text", STRING, NULL},
	{0},
};

static const struct shape input[] = {
	{"name", STRING, NULL},
	{"sha256", STRING, NULL},
	{"size", NUMBER, NULL},
	{"format", STRING, NULL},
	{"items", NUMBER, NULL},
	{"complete", BOOL, NULL},
	{"superseded", BOOL, NULL},
	{"time", STRING | NIL, NULL},
	{"time_source", STRING, NULL},
	{"time_why", STRING, NULL},
	{"first", STRING | NIL, NULL},
	{"last", STRING | NIL, NULL},
	{0},
};

static const struct shape top[] = {
	{"schema", NUMBER, NULL},
	{"profile", MAP, profile},
	{"verdict", STRING, NULL},
	{"decision", STRING, NULL},
	{"headline", STRING, NULL},
	{"reasons", LIST, NULL},
	{"run", MAP, run},
	{"criteria", LIST, criterion},
	{"score", MAP | NIL | ABSENT, score},
	{"now", STRING | NIL | ABSENT, NULL},
	{"now_source", STRING | ABSENT, NULL},
	{"waivers", LIST | ABSENT, waiver},
	{"waivers_sha256", STRING | ABSENT, NULL},
	{"attestations", LIST | ABSENT, attestation},
	{"attestations_sha256", STRING | ABSENT, NULL},
	{"evidence", LIST, evidence},
	{"contradictions", LIST, contradiction},
	{"claims", LIST, claim},
	{"rates", LIST, rate},
	{"windows", LIST, window},
	{"events", LIST, event},
	{"problems", LIST, problem},
	{"inputs", LIST, input},
	{0},
};

static const struct shape text = {"item", STRING, NULL};

static int copy(struct arena *a, const struct doc *from, const struct shape *s, struct doc *to, struct err *e);

static int
copy_map(struct arena *a, const struct doc *from, const struct shape *part, struct doc *to, struct err *e)
{
	const struct doc *value;

	for (; part->key != NULL; part++) {
		value = doc_get(from, part->key);
		if (value == NULL && (part->kinds & ABSENT) == 0)
			return doc_err(from, e, "not a whole verdict: '%s' is missing", part->key);
		if (copy(a, value, part, doc_add(a, to, part->key, doc_new(a, DOC_NULL)), e) < 0)
			return -1;
	}
	return 0;
}

static int
copy_list(struct arena *a, const struct doc *from, const struct shape *part, struct doc *to, struct err *e)
{
	const struct shape item = {"item", MAP, part};
	const struct doc *c;

	for (c = from->child; c != NULL; c = c->next)
		if (copy(a, c, part == NULL ? &text : &item, doc_add(a, to, NULL, doc_new(a, DOC_NULL)), e) < 0)
			return -1;
	return 0;
}

/* Fills in to, a new null; the depth is that of the tables. */
static int
copy(struct arena *a, const struct doc *from, const struct shape *s, struct doc *to, struct err *e)
{
	if (from == NULL)
		return 0;
	if ((1U << from->kind & s->kinds) == 0)
		return doc_err(from, e, "not a verdict: '%s' is of another kind than it should be", s->key);
	to->kind = from->kind;
	to->file = from->file;
	to->line = from->line;
	to->col = from->col;
	to->text = from->kind == DOC_NULL ? SV("") : arena_sv(a, from->text);
	to->truth = from->truth;
	to->num = from->num;
	if (from->kind == DOC_MAP)
		return copy_map(a, from, s->part, to, e);
	return from->kind == DOC_LIST ? copy_list(a, from, s->part, to, e) : 0;
}

struct doc *
shape_verdict(struct arena *a, const struct doc *verdict, struct err *e)
{
	const struct doc *schema = doc_get(verdict, "schema");
	struct doc *d;

	if (schema == NULL || schema->kind != DOC_NUMBER) {
		doc_err(verdict, e, "not a verdict.json: it has no schema number");
		return NULL;
	}
	if (schema->num > SHAPE_SCHEMA) {
		struct sb number = {0};

		clean_add(&number, sv_head(schema->text, 40));
		doc_err(schema, e, "verdict schema %s is newer than this program, which reads up to %d: use a newer soakproof",
		    sb_str(&number), SHAPE_SCHEMA);
		sb_free(&number);
		return NULL;
	}
	if (schema->num != SHAPE_SCHEMA) {
		doc_err(schema, e, "there is no such verdict schema");
		return NULL;
	}
	d = doc_new(a, DOC_MAP);
	d->file = verdict->file;
	return copy_map(a, verdict, top, d, e) < 0 ? NULL : d;
}

struct sv
shape_text(const struct doc *d, const char *key)
{
	return doc_get(d, key)->text;
}

double
shape_number(const struct doc *d, const char *key)
{
	const struct doc *n = doc_get(d, key);

	return n->kind == DOC_NUMBER ? n->num : (double)NAN;
}

bool
shape_true(const struct doc *d, const char *key)
{
	return doc_get(d, key)->truth;
}
