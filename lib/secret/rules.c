#include "secret/parts.h"

#include <string.h>

#include "base/doc.h"
#include "base/near.h"

#define MAX_FILE ((size_t)4 << 20)

static const char *const keys[] = {"id", "title", "confidence", "keywords", "pattern", "any_case", "entropy", "check", "allow", "names",
    "examples", "innocent", NULL};

static int
text(struct secret_rules *r, const struct doc *d, const char *key, const char **out, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	*out = NULL;
	if (v == NULL)
		return 0;
	if (v->kind == DOC_LIST || v->kind == DOC_MAP || v->text.n == 0 || sv_chr(v->text, '\0') < v->text.n)
		return doc_err(v, e, "'%s' must be a text", key);
	*out = arena_str(&r->arena, v->text);
	return 0;
}

static int
texts(struct secret_rules *r, const struct doc *d, const char *key, struct sv **out, size_t *n, struct err *e)
{
	const struct doc *list = doc_get(d, key), *c;

	*n = 0;
	if (list == NULL)
		return 0;
	if (list->kind != DOC_LIST)
		return doc_err(list, e, "'%s' must be a list", key);
	*out = arena_new(&r->arena, list->n, sizeof(**out));
	for (c = doc_first(list); c != NULL; c = c->next) {
		if (c->kind == DOC_LIST || c->kind == DOC_MAP || c->text.n == 0)
			return doc_err(c, e, "a text expected");
		(*out)[(*n)++] = c->text;
	}
	return 0;
}

static int
compile(const struct doc *at, struct sv pattern, int *group, bool any_case, struct err *e)
{
	struct err why = {0};
	struct regex *x = regex_new(pattern, REGEX_BYTES | REGEX_START | REGEX_DOTALL | (any_case ? REGEX_NOCASE : 0), &why);

	if (x == NULL)
		return doc_err(at, e, "%s", why.msg);
	if (group != NULL)
		*group = regex_group(x, "secret") > 0 ? regex_group(x, "secret") : 0;
	regex_free(x);
	return 0;
}

static int
read_rule(struct secret_rules *r, const struct doc *d, struct rule *o, struct err *e)
{
	const char *confidence, *check;
	const struct doc *v;
	size_t i;

	if (doc_keys(d, keys, e) < 0 || text(r, d, "id", &o->shown.id, e) < 0 || text(r, d, "title", &o->shown.title, e) < 0 ||
	    text(r, d, "confidence", &confidence, e) < 0 || text(r, d, "pattern", &o->pattern, e) < 0 ||
	    text(r, d, "check", &check, e) < 0 || texts(r, d, "keywords", &o->keyword, &o->n_keywords, e) < 0 ||
	    texts(r, d, "allow", &o->allow, &o->n_allow, e) < 0 || texts(r, d, "names", &o->name, &o->n_names, e) < 0 ||
	    texts(r, d, "examples", &o->example, &o->n_examples, e) < 0 ||
	    texts(r, d, "innocent", &o->innocent, &o->n_innocents, e) < 0)
		return -1;
	if (o->shown.id == NULL || o->shown.title == NULL)
		return doc_err(d, e, "a rule needs 'id' and 'title'");
	if ((o->pattern == NULL) != (o->n_keywords == 0) || (o->pattern == NULL && o->n_names == 0))
		return doc_err(d, e, "a rule has keywords and a pattern that begins there, or names");
	if (confidence != NULL && strcmp(confidence, "high") != 0 && strcmp(confidence, "review") != 0)
		return doc_err(doc_get(d, "confidence"), e, "'confidence' must be high or review");
	o->shown.review = confidence != NULL && strcmp(confidence, "review") == 0;
	if (check != NULL) {
		o->check = strcmp(check, "jwt") == 0 ? CHECK_JWT : strcmp(check, "basic") == 0 ? CHECK_BASIC :
		    strcmp(check, "password") == 0 ? CHECK_PASSWORD : CHECK_NONE;
		if (o->check == CHECK_NONE)
			return doc_err(doc_get(d, "check"), e, "'check' must be jwt, basic or password");
	}
	if ((v = doc_get(d, "entropy")) != NULL) {
		if (v->kind != DOC_NUMBER || !(v->num > 0) || v->num > 8)
			return doc_err(v, e, "'entropy' must be a number of bits from 0 to 8");
		o->entropy = v->num;
	}
	if ((v = doc_get(d, "any_case")) != NULL) {
		if (v->kind != DOC_BOOL)
			return doc_err(v, e, "'any_case' must be true or false");
		o->any_case = v->truth;
	}
	for (i = 0; i < o->n_keywords; i++)
		if (o->keyword[i].n < 2 || o->keyword[i].n > 60)
			return doc_err(doc_get(d, "keywords"), e, "a keyword has 2 to 60 bytes");
	for (i = 0; i < o->n_allow; i++)
		if (compile(doc_get(d, "allow"), o->allow[i], NULL, false, e) < 0)
			return -1;
	return o->pattern == NULL ? 0 : compile(doc_get(d, "pattern"), sv_of(o->pattern), &o->group, o->any_case, e);
}

static int
load(struct secret_rules *r, const char *path, struct sv bytes, struct err *e)
{
	static const char *const top[] = {"rules", NULL};
	const struct doc *d = doc_yaml(&r->arena, path, bytes, e), *list, *c;
	size_t i;

	if (d == NULL || doc_keys(d, top, e) < 0)
		return -1;
	list = doc_get(d, "rules");
	if (list == NULL || list->kind != DOC_LIST || list->n == 0)
		return doc_err(d, e, "'rules' must be a list");
	r->rule = arena_new(&r->arena, list->n, sizeof(*r->rule));
	for (c = doc_first(list); c != NULL; c = c->next) {
		if (read_rule(r, c, &r->rule[r->n], e) < 0)
			return -1;
		for (i = 0; i < r->n; i++)
			if (strcmp(r->rule[i].shown.id, r->rule[r->n].shown.id) == 0)
				return doc_err(c, e, "a rule of this id stands there already");
		r->n++;
	}
	return 0;
}

struct secret_rules *
secret_rules_load(const char *path, struct err *e)
{
	struct secret_rules *r = mem_new(1, sizeof(*r));
	struct sb bytes = {0};
	int rc = io_read_file(path, MAX_FILE, &bytes, e);

	if (rc == 0)
		rc = load(r, arena_str(&r->arena, sv_of(path)), arena_sv(&r->arena, sb_sv(&bytes)), e);
	sb_free(&bytes);
	if (rc == 0) {
		secret_index(r);
		return r;
	}
	secret_rules_free(r);
	return NULL;
}

void
secret_rules_free(struct secret_rules *r)
{
	if (r == NULL)
		return;
	vec_free(&r->needle);
	arena_free(&r->arena);
	mem_free(r);
}

size_t
secret_rules_count(const struct secret_rules *r)
{
	return r->n;
}

const struct secret_rule *
secret_rules_at(const struct secret_rules *r, size_t i)
{
	return &r->rule[i].shown;
}

static int
on_hit(void *ctx, const struct secret_hit *hit, struct err *e)
{
	const struct secret_rule **found = ctx;

	(void)e;
	if (*found == hit->rule)
		*found = NULL;
	return 0;
}

/* Does the rule find the example? */
static bool
finds(struct secret_scan *s, const struct rule *o, struct sv example)
{
	const struct secret_rule *rule = &o->shown;
	struct sb t = {0};

	secret_expand(example, &t);
	secret_scan_add(s, t.buf, t.n, on_hit, (void *)&rule, NULL);
	secret_scan_end(s, on_hit, (void *)&rule, NULL);
	sb_free(&t);
	return rule == NULL;
}

int
secret_rules_test(const struct secret_rules *r, void (*say)(void *ctx, const char *text), void *ctx)
{
	struct secret_scan *s = secret_scan_new(r);
	struct arena a = {0};
	size_t i, k;
	int failed = 0;

	for (i = 0; i < r->n; i++) {
		const struct rule *o = &r->rule[i];

		if (o->pattern != NULL && o->n_examples == 0 && ++failed > 0)
			say(ctx, arena_fmt(&a, "%s: no example", o->shown.id));
		for (k = 0; k < o->n_examples; k++)
			if (!finds(s, o, o->example[k]) && ++failed > 0)
				say(ctx, arena_fmt(&a, "%s: does not find its example %zu", o->shown.id, k + 1));
		for (k = 0; k < o->n_innocents; k++)
			if (finds(s, o, o->innocent[k]) && ++failed > 0)
				say(ctx, arena_fmt(&a, "%s: finds its innocent %zu", o->shown.id, k + 1));
	}
	secret_scan_free(s);
	arena_free(&a);
	return failed;
}
