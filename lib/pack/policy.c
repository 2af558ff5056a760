#include "pack/policy.h"

#include <string.h>

#include "base/doc.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

#define MAX_FILE ((size_t)1 << 20)
#define MAX_COUNT 100

static int
text(const struct doc *d, const char *key, bool needed, struct sv *out, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	*out = SV("");
	if (v == NULL)
		return needed ? doc_err(d, e, "'%s' is missing", key) : 0;
	if (v->kind == DOC_LIST || v->kind == DOC_MAP || v->kind == DOC_NULL || sv_trim(v->text).n == 0 || /* lists have no text; mutate: same */
	    sv_chr(v->text, '\0') < v->text.n)
		return doc_err(v, e, "'%s' must be a text", key);
	*out = v->text;
	return 0;
}

static int
count(const struct doc *d, const char *key, int64_t *out, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	if (v == NULL)
		return 0;
	if (v->kind != DOC_NUMBER || !num_parse_int(v->text, out) || *out < 1 || *out > MAX_COUNT)
		return doc_err(v, e, "'%s' must be a number from 1 to %d", key, MAX_COUNT);
	return 0;
}

static int
flag(const struct doc *d, const char *key, bool *out, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	if (v == NULL)
		return 0;
	if (v->kind != DOC_BOOL)
		return doc_err(v, e, "'%s' must be true or false", key);
	*out = v->truth;
	return 0;
}

/* A principal that stands in allowed_signers: nobody else can ever approve. */
static int
principal(struct policy *p, const struct doc *d, struct sv *out, struct err *e)
{
	size_t i;

	if (d->kind == DOC_LIST || d->kind == DOC_MAP)
		return doc_err(d, e, "a principal expected");
	for (i = 0; i < p->signers.n; i++)
		if (sv_eq(p->signers.v[i].principal, d->text))
			break;
	if (i == p->signers.n)
		return doc_err(d, e, "'%.*s' does not stand in %s", (int)sv_head(d->text, 80).n, d->text.p, p->signers_path);
	*out = d->text;
	return 0;
}

static int
read_role(struct policy *p, const struct doc *d, struct policy_role *r, struct err *e)
{
	static const char *const known[] = {"principals", "count", NULL};
	const struct doc *list = doc_get(d, "principals"), *c;
	size_t i;

	r->name = d->key;
	r->count = 1;
	if (doc_keys(d, known, e) < 0 || count(d, "count", &r->count, e) < 0)
		return -1;
	if (list == NULL || list->kind != DOC_LIST || list->n == 0)
		return doc_err(d, e, "a role needs a list of principals");
	r->principal = arena_new(&p->arena, list->n, sizeof(*r->principal));
	for (c = doc_first(list); c != NULL; c = c->next) {
		if (principal(p, c, &r->principal[r->n], e) < 0)
			return -1;
		for (i = 0; i < r->n; i++)
			if (sv_eq(r->principal[i], c->text))
				return doc_err(c, e, "a principal that stands there twice");
		r->n++;
	}
	if (r->count > (int64_t)r->n)
		return doc_err(d, e, "more are needed than there are");
	return 0;
}

static int
read_roles(struct policy *p, const struct doc *d, struct err *e)
{
	const struct doc *c;
	int64_t sum = 0;

	if (d == NULL || d->kind != DOC_MAP || d->n == 0)
		return err_set(e, ERR_INPUT, "%s: 'roles' must name who approves", p->file);
	p->role = arena_new(&p->arena, d->n, sizeof(*p->role));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (read_role(p, c, &p->role[p->n_roles], e) < 0)
			return -1;
		sum += p->role[p->n_roles++].count;
	}
	if (p->total == 0)
		p->total = sum;
	return p->total >= sum ? 0 : doc_err(d, e, "'total' is less than what the roles need together");
}

static int
read_people(struct policy *p, const struct doc *d, struct err *e)
{
	const struct doc *c;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_MAP)
		return doc_err(d, e, "'people' must be PRINCIPAL: person");
	p->person = arena_new(&p->arena, d->n, sizeof(*p->person));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (c->kind == DOC_LIST || c->kind == DOC_MAP || sv_trim(c->text).n == 0) /* lists have no text; mutate: same */
			return doc_err(c, e, "a person's name expected");
		p->person[p->n_persons++] = (struct policy_person){c->key, sv_trim(c->text)};
	}
	return 0;
}

static int
read_pairs(struct policy *p, const struct doc *d, struct err *e)
{
	const struct doc *c;
	struct policy_pair *one;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_LIST)
		return doc_err(d, e, "'not_together' must be a list of pairs");
	p->pair = arena_new(&p->arena, d->n, sizeof(*p->pair));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (c->kind != DOC_LIST || c->n != 2)
			return doc_err(c, e, "a pair of principals expected");
		one = &p->pair[p->n_pairs++];
		if (principal(p, c->child, &one->a, e) < 0 || principal(p, c->child->next, &one->b, e) < 0)
			return -1;
	}
	return 0;
}

/* "signers" beside the policy. */
static const char *
beside(struct policy *p, struct sv name)
{
	struct sv file = sv_of(p->file), base = sv_base(file);

	if (name.p[0] == '/')
		return arena_str(&p->arena, name);
	return arena_fmt(&p->arena, "%.*s%.*s", (int)(file.n - base.n), file.p, (int)name.n, name.p);
}

static int
read_signers(struct policy *p, const struct doc *d, struct err *e)
{
	struct sb bytes = {0};
	struct sv name;
	int rc;

	if (text(d, "revoked", false, &name, e) < 0)
		return -1;
	if (name.n > 0)
		p->revoked_path = beside(p, name);
	if (text(d, "allowed_signers", true, &name, e) < 0)
		return -1;
	p->signers_path = beside(p, name);
	rc = io_read_file(p->signers_path, MAX_FILE, &bytes, e);
	p->signers_text = arena_sv(&p->arena, sb_sv(&bytes));
	sb_free(&bytes);
	if (rc < 0 || signers_parse(&p->arena, p->signers_path, p->signers_text, &p->signers, e) < 0)
		return -1;
	return p->signers.n > 0 ? 0 : err_set(e, ERR_INPUT, "%s: nobody stands in it", p->signers_path);
}

static bool
lists(struct sv list, struct sv name)
{
	struct sv one;

	while (sv_split(&list, ',', &one))
		if (sv_eq(one, name))
			return true;
	return false;
}

/* Whoever a role names can sign in the policy's namespace: otherwise a quorum could never come about. */
static int
check_namespaces(const struct policy *p, struct err *e)
{
	size_t i;

	for (i = 0; i < p->signers.n; i++)
		if (!lists(p->signers.v[i].namespaces, p->namespace_))
			return err_set(e, ERR_INPUT, "%s:%d: the key may not sign in the policy's namespace", p->signers_path,
			    p->signers.v[i].line);
	return 0;
}

static int
load(struct policy *p, struct sv bytes, struct err *e)
{
	static const char *const known[] = {"policy", "namespace", "allowed_signers", "revoked", "max_age", "total", "roles",
	    "people", "not_together", "runner_may_approve", "needs_runner", "needs_complete", "allow_waivers", NULL};
	const struct doc *d = doc_yaml(&p->arena, p->file, bytes, e);
	struct sv age;

	if (d == NULL || doc_keys(d, known, e) < 0 || text(d, "policy", true, &p->name, e) < 0 ||
	    text(d, "namespace", true, &p->namespace_, e) < 0 || text(d, "max_age", true, &age, e) < 0 ||
	    read_signers(p, d, e) < 0 || count(d, "total", &p->total, e) < 0)
		return -1;
	if (!time_duration(age, &p->max_age) || p->max_age <= 0)
		return doc_err(doc_get(d, "max_age"), e, "'max_age' must be a duration such as 14d");
	if (sv_chr(p->namespace_, ',') < p->namespace_.n || sv_chr(p->namespace_, '*') < p->namespace_.n ||
	    sv_chr(p->namespace_, ' ') < p->namespace_.n)
		return doc_err(doc_get(d, "namespace"), e, "one namespace, without wildcards");
	if (check_namespaces(p, e) < 0 || read_roles(p, doc_get(d, "roles"), e) < 0 ||
	    read_people(p, doc_get(d, "people"), e) < 0 || read_pairs(p, doc_get(d, "not_together"), e) < 0)
		return -1;
	if (flag(d, "runner_may_approve", &p->runner_may_approve, e) < 0 ||
	    flag(d, "needs_runner", &p->needs_runner, e) < 0 || flag(d, "needs_complete", &p->needs_complete, e) < 0)
		return -1;
	return flag(d, "allow_waivers", &p->allows_waivers, e);
}

struct policy *
policy_load(const char *file, struct err *e)
{
	struct policy *p = mem_new(1, sizeof(*p));
	struct sb bytes = {0};
	int rc;

	p->file = arena_str(&p->arena, sv_of(file));
	rc = io_read_file(file, MAX_FILE, &bytes, e);
	if (rc == 0) {
		digest_of(sb_sv(&bytes), p->sha256);
		rc = load(p, arena_sv(&p->arena, sb_sv(&bytes)), e);
	}
	sb_free(&bytes);
	if (rc == 0)
		return p;
	policy_free(p);
	return NULL;
}

void
policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	arena_free(&p->arena);
	mem_free(p);
}

const struct policy_role *
policy_role(const struct policy *p, struct sv name)
{
	size_t i;

	for (i = 0; i < p->n_roles; i++)
		if (sv_eq(p->role[i].name, name))
			return &p->role[i];
	return NULL;
}

bool
policy_allows(const struct policy_role *r, struct sv who)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (sv_eq(r->principal[i], who))
			return true;
	return false;
}

struct sv
policy_person(const struct policy *p, struct sv who)
{
	size_t i;

	for (i = 0; i < p->n_persons; i++)
		if (sv_eq(p->person[i].principal, who))
			return p->person[i].person;
	return who;
}
