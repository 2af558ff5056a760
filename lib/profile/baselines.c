/*
 * baselines - a class of requests and what must hold of it, one block, as criteria: by a tag of k6's points, or by a label of counters.
 *
 * Nothing is judged here that a criterion written out could not be: the block becomes CLASS-p95, CLASS-errors and so on, of the
 * kinds k6 and sli.
 */
#include "profile/parts.h"

#include "base/num.h"
#include "base/time.h"

static const struct {
	const char *key, *percent;
} percentiles[] = {{"p50", "50"}, {"p90", "90"}, {"p95", "95"}, {"p99", "99"}};
#define N_PERCENTILES (sizeof(percentiles) / sizeof(percentiles[0]))

/* What every criterion of the block has, as it stands in it. */
static const char *const passed_on[] = {"over", "key", "optional", "weight", "min_samples", "min_coverage", "action"};
#define N_PASSED_ON (sizeof(passed_on) / sizeof(passed_on[0]))

struct baseline {
	const struct doc *at;
	struct sv name, requests, bad, histogram, match;
	const struct doc *tags; /* of k6's points */
	double errors;          /* the share that may fail; below 0: not asked */
};

/* A node that stands where the block does, so that a message names a place. */
static struct doc *
placed(struct doc *d, const struct doc *at)
{
	d->file = at->file;
	d->line = d->key_line = at->line;
	d->col = d->key_col = at->col;
	return d;
}

static struct doc *
add_map(struct loader *l, struct doc *parent, const char *key, const struct doc *at)
{
	return placed(doc_add(&l->p->arena, parent, key, doc_new(&l->p->arena, DOC_MAP)), at);
}

static void
add_text(struct loader *l, struct doc *map, const char *key, const char *text, const struct doc *at)
{
	placed(doc_add_str(&l->p->arena, map, key, sv_of(text)), at);
}

/* CLASS-WHAT with its title and what the block passes on. */
static struct doc *
add_criterion(struct loader *l, struct doc *list, const struct baseline *b, const char *what, const char *title, const struct doc *at)
{
	struct arena *a = &l->p->arena;
	struct doc *c = add_map(l, list, NULL, at);
	size_t i;

	add_text(l, c, "id", arena_fmt(a, "%" SV_FMT "-%s", SV_ARG(b->name), what), at);
	add_text(l, c, "title", arena_fmt(a, "%" SV_FMT ": %s", SV_ARG(b->name), title), at);
	for (i = 0; i < N_PASSED_ON; i++) {
		const struct doc *own = doc_get(b->at, passed_on[i]);
		struct doc *copy;

		if (own == NULL)
			continue;
		copy = doc_new(a, own->kind);
		*copy = *own;
		copy->next = NULL;
		doc_add(a, c, passed_on[i], copy);
	}
	return c;
}

/* NAME{class:api,name:x} */
static const char *
k6_metric(struct loader *l, const struct baseline *b, const char *metric)
{
	struct sb s = {0};
	const struct doc *d;
	const char *text;

	sb_addf(&s, "%s{", metric);
	for (d = b->tags->child; d != NULL; d = d->next)
		sb_addf(&s, "%s%" SV_FMT ":%" SV_FMT, d == b->tags->child ? "" : ",", SV_ARG(d->key), SV_ARG(d->text));
	sb_addc(&s, '}');
	text = arena_str(&l->p->arena, sb_sv(&s));
	sb_free(&s);
	return text;
}

/* NAME{match,more} */
static const char *
selector(struct loader *l, const struct baseline *b, const char *name, const char *more)
{
	return arena_fmt(&l->p->arena, "%s{%" SV_FMT "%s%s}", name, SV_ARG(b->match), b->match.n > 0 && *more != '\0' ? "," : "", more);
}

static int
add_percentile(struct loader *l, struct doc *list, const struct baseline *b, size_t i)
{
	struct arena *a = &l->p->arena;
	const struct doc *at = doc_get(b->at, percentiles[i].key);
	char num[NUM_TEXT];
	const char *le, *name;
	struct doc *c, *spec;
	int64_t ms;

	if (at == NULL)
		return 0;
	if ((at->kind != DOC_STRING && at->kind != DOC_NUMBER) || !time_duration(at->text, &ms) || ms <= 0)
		return doc_err(at, l->e, "'%s' must be a duration such as 500ms", percentiles[i].key);
	if (b->tags != NULL) {
		c = add_criterion(l, list, b, percentiles[i].key, arena_fmt(a, "%s below %" SV_FMT, percentiles[i].key, SV_ARG(at->text)), at);
		spec = add_map(l, c, "k6", at);
		add_text(l, spec, "metric", k6_metric(l, b, "http_req_duration"), at);
		add_text(l, spec, "threshold", arena_fmt(a, "p(%s)<%lld", percentiles[i].percent, (long long)ms), at);
		return 0;
	}
	if (b->histogram.n == 0)
		return doc_err_key(at, l->e, "'%s' needs 'tags' or 'histogram'", percentiles[i].key);
	c = add_criterion(l, list, b, percentiles[i].key,
	    arena_fmt(a, "%s %% within %" SV_FMT " (%s)", percentiles[i].percent, SV_ARG(at->text), percentiles[i].key), at);
	spec = add_map(l, c, "sli", at);
	name = arena_str(a, b->histogram);
	num_text((double)ms / 1000, num);
	/* Written 1 by some clients and 1.0 by others. */
	le = ms % 1000 == 0 ? arena_fmt(a, "le=~\"%s|%s\\\\.0\"", num, num) : arena_fmt(a, "le=\"%s\"", num);
	add_text(l, spec, "total", selector(l, b, arena_fmt(a, "%s_count", name), ""), at);
	add_text(l, spec, "good", selector(l, b, arena_fmt(a, "%s_bucket", name), le), at);
	add_text(l, c, "objective", arena_fmt(a, "%s%%", percentiles[i].percent), at);
	return 0;
}

static int
add_errors(struct loader *l, struct doc *list, const struct baseline *b)
{
	struct arena *a = &l->p->arena;
	const struct doc *at = doc_get(b->at, "errors");
	const char *title;
	char num[NUM_TEXT];
	struct doc *c, *spec;

	if (at == NULL)
		return 0;
	title = arena_fmt(a, "less than %" SV_FMT " fail", SV_ARG(at->text));
	if (b->tags != NULL) {
		c = add_criterion(l, list, b, "errors", title, at);
		spec = add_map(l, c, "k6", at);
		add_text(l, spec, "metric", k6_metric(l, b, "http_req_failed"), at);
		add_text(l, spec, "threshold", arena_fmt(a, "rate<%s", num_text(b->errors, num)), at);
		return 0;
	}
	if (b->requests.n == 0 || b->bad.n == 0)
		return doc_err_key(at, l->e, "'errors' needs 'tags', or 'requests' and 'bad'");
	c = add_criterion(l, list, b, "errors", title, at);
	spec = add_map(l, c, "sli", at);
	add_text(l, spec, "total", selector(l, b, arena_str(a, b->requests), ""), at);
	add_text(l, spec, "bad", selector(l, b, arena_str(a, b->requests), arena_str(a, b->bad)), at);
	add_text(l, c, "objective", arena_fmt(a, "> %s%%", num_text(100 - b->errors * 100, num)), at);
	return 0;
}

static int
read_tags(struct loader *l, struct baseline *b)
{
	const struct doc *d;

	if ((b->tags = doc_get(b->at, "tags")) == NULL)
		return 0;
	if (b->tags->kind != DOC_MAP || b->tags->n == 0)
		return doc_err(b->tags, l->e, "'tags' must be a map of k6's tags, such as {class: api}");
	for (d = b->tags->child; d != NULL; d = d->next)
		if (d->kind == DOC_MAP || d->kind == DOC_LIST || d->kind == DOC_NULL || d->text.n == 0)
			return doc_err(d, l->e, "the tag '%s' must be text", part_show(l, d->key));
	if (b->requests.n > 0 || b->bad.n > 0 || b->histogram.n > 0 || b->match.n > 0)
		return doc_err_key(b->tags, l->e, "'tags' are of k6's points: not beside requests, bad, histogram and match, which are of counters");
	return 0;
}

static int
read_baseline(struct loader *l, const struct doc *d, struct doc *list)
{
	static const char *const known[] = {"class", "tags", "requests", "bad", "histogram", "match", "p50", "p90", "p95", "p99", "errors",
	    "over", "key", "optional", "weight", "min_samples", "min_coverage", "action", NULL};
	struct baseline b = {.at = d, .errors = -1};
	size_t i, before = list->n;

	if (part_map(l, d, "baselines") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "a baseline", "class", &b.name) < 0 ||
	    profile_text(d, "requests", &b.requests, l->e) < 0 || profile_text(d, "bad", &b.bad, l->e) < 0 ||
	    profile_text(d, "histogram", &b.histogram, l->e) < 0 || profile_text(d, "match", &b.match, l->e) < 0 ||
	    part_share(l, d, "errors", &b.errors) < 0 || read_tags(l, &b) < 0)
		return -1;
	if (!part_is_id(b.name))
		return doc_err(doc_get(d, "class"), l->e, "a class has small letters, digits and '-' only");
	if (b.errors == 0)
		return doc_err(doc_get(d, "errors"), l->e, "'errors' is the share that may not be reached: above 0");
	for (i = 0; i < N_PERCENTILES; i++)
		if (add_percentile(l, list, &b, i) < 0)
			return -1;
	if (add_errors(l, list, &b) < 0)
		return -1;
	if (list->n == before)
		return doc_err(d, l->e, "a baseline needs one or more of p50, p90, p95, p99 and errors");
	return 0;
}

int
part_baselines(struct loader *l, const struct doc *root, struct doc **out)
{
	const struct doc *list = doc_get(root, "baselines"), *d;

	*out = doc_new(&l->p->arena, DOC_LIST);
	if (list == NULL)
		return 0;
	placed(*out, list);
	if (part_list(l, list, "baselines") < 0)
		return -1;
	for (d = list->child; d != NULL; d = d->next)
		if (read_baseline(l, d, *out) < 0)
			return -1;
	return 0;
}
