#include "pack/approval.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"

static const char *const approval_keys[] = {"schema", "decision", "role", "principal", "time", "expires", "package",
    "package_decision", "tagmanifest_sha256", "verdict_sha256", "policy_sha256", "waivers", "comment", NULL};
static const char *const waiver_keys[] = {"item", "reason", "owner", "expires", "ticket", NULL};

/* Each key is known, and all but the optional one are there. */
static int
check_keys(const struct doc *d, const char *const *known, const char *optional, struct err *e)
{
	size_t i;

	if (doc_keys(d, known, e) < 0)
		return -1;
	for (i = 0; known[i] != NULL; i++)
		if (doc_get(d, known[i]) == NULL && (optional == NULL || strcmp(optional, known[i]) != 0))
			return doc_err(d, e, "'%s' is missing", known[i]);
	return 0;
}

static int
text(const struct doc *d, const char *key, struct sv *out, struct err *e)
{
	const struct doc *v = doc_get(d, key);

	*out = SV("");
	if (v == NULL)
		return 0;
	if (v->kind == DOC_LIST || v->kind == DOC_MAP || v->kind == DOC_NULL)
		return doc_err(v, e, "'%s' must be a text", key);
	if (sv_chr(v->text, '\0') < v->text.n)
		return doc_err(v, e, "'%s' must not hold a NUL character", key);
	*out = v->text;
	return 0;
}

static int
need(const struct doc *d, const char *key, struct sv *out, struct err *e)
{
	if (text(d, key, out, e) < 0)
		return -1;
	return sv_trim(*out).n > 0 ? 0 : doc_err(d, e, "'%s' is empty", key);
}

/* A day counts to its end. */
static int
when(const struct doc *d, const char *key, int64_t *out, struct err *e)
{
	char whole[32];
	struct sv v;

	if (need(d, key, &v, e) < 0)
		return -1;
	if (time_parse(v, out) && sv_chr(v, '-') < v.n)
		return 0;
	if (v.n == 10) {
		memcpy(whole, v.p, 10);
		memcpy(whole + 10, "T23:59:59Z", 11);
		if (time_parse(sv_of(whole), out))
			return 0;
	}
	return doc_err(doc_get(d, key), e, "'%s' must be a time such as 2026-12-01T00:00:00Z", key);
}

static int
hex(const struct doc *d, const char *key, struct sv *out, struct err *e)
{
	size_t i;

	if (need(d, key, out, e) < 0)
		return -1;
	for (i = 0; i < out->n; i++)
		if (strchr("0123456789abcdef", out->p[i]) == NULL)
			break;
	return i == 64 && out->n == 64 ? 0 : doc_err(doc_get(d, key), e, "'%s' must be a SHA-256 in hex", key);
}

static int
read_waivers(struct arena *a, const struct doc *list, struct waiver **out, size_t *n, struct err *e)
{
	const struct doc *c;

	*n = 0;
	if (list->kind != DOC_LIST)
		return doc_err(list, e, "a list of waivers expected");
	*out = arena_new(a, list->n, sizeof(**out));
	for (c = doc_first(list); c != NULL; c = c->next) {
		struct waiver *w = &(*out)[(*n)++];

		if (check_keys(c, waiver_keys, "ticket", e) < 0 || need(c, "item", &w->item, e) < 0 ||
		    need(c, "reason", &w->reason, e) < 0 || need(c, "owner", &w->owner, e) < 0 ||
		    when(c, "expires", &w->expires, e) < 0 || text(c, "ticket", &w->ticket, e) < 0)
			return -1;
	}
	return 0;
}

int
waivers_parse(struct arena *a, const char *file, struct sv bytes, struct waiver **out, size_t *n, struct err *e)
{
	const struct doc *d = doc_yaml(a, file, bytes, e);

	return d == NULL ? -1 : read_waivers(a, d, out, n, e);
}

struct approval *
approval_parse(struct arena *a, const char *file, struct sv bytes, struct err *e)
{
	struct approval *p = arena_new(a, 1, sizeof(*p));
	const struct doc *d = doc_json(a, file, bytes, e);
	struct sv schema, decision;

	if (d == NULL || check_keys(d, approval_keys, NULL, e) < 0)
		return NULL;
	p->file = file;
	if (text(d, "schema", &schema, e) < 0 || text(d, "decision", &decision, e) < 0)
		return NULL;
	if (!sv_is(schema, APPROVAL_SCHEMA)) {
		doc_err(d, e, "not an approval that this program knows (%s)", APPROVAL_SCHEMA);
		return NULL;
	}
	p->approve = sv_is(decision, "APPROVE");
	if (!p->approve && !sv_is(decision, "REJECT")) {
		doc_err(doc_get(d, "decision"), e, "'decision' must be APPROVE or REJECT");
		return NULL;
	}
	if (need(d, "role", &p->role, e) < 0 || need(d, "principal", &p->principal, e) < 0 ||
	    need(d, "package", &p->package, e) < 0 || need(d, "package_decision", &p->decision, e) < 0 ||
	    text(d, "comment", &p->comment, e) < 0 || when(d, "time", &p->time, e) < 0 ||
	    when(d, "expires", &p->expires, e) < 0 || hex(d, "tagmanifest_sha256", &p->tagmanifest, e) < 0 ||
	    hex(d, "verdict_sha256", &p->verdict, e) < 0 || hex(d, "policy_sha256", &p->policy, e) < 0 ||
	    read_waivers(a, doc_get(d, "waivers"), &p->waiver, &p->n_waivers, e) < 0)
		return NULL;
	if (p->expires <= p->time) {
		doc_err(doc_get(d, "expires"), e, "it expires before it was given");
		return NULL;
	}
	return p;
}

void
approval_write(const struct approval *p, struct sb *out)
{
	struct json j = {.out = out};
	size_t i;

	json_map(&j, NULL);
	json_cstr(&j, "schema", APPROVAL_SCHEMA);
	json_cstr(&j, "decision", p->approve ? "APPROVE" : "REJECT");
	json_str(&j, "role", p->role);
	json_str(&j, "principal", p->principal);
	json_time(&j, "time", p->time);
	json_time(&j, "expires", p->expires);
	json_str(&j, "package", p->package);
	json_str(&j, "package_decision", p->decision);
	json_str(&j, "tagmanifest_sha256", p->tagmanifest);
	json_str(&j, "verdict_sha256", p->verdict);
	json_str(&j, "policy_sha256", p->policy);
	json_list(&j, "waivers");
	for (i = 0; i < p->n_waivers; i++) {
		json_map(&j, NULL);
		json_str(&j, "item", p->waiver[i].item);
		json_str(&j, "reason", p->waiver[i].reason);
		json_str(&j, "owner", p->waiver[i].owner);
		json_time(&j, "expires", p->waiver[i].expires);
		json_str(&j, "ticket", p->waiver[i].ticket);
		json_end(&j);
	}
	json_end(&j);
	json_str(&j, "comment", p->comment);
	json_end(&j);
}

static void
add_plain(struct sb *out, struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (i > 0 && c != '\0' && strchr("-.@_", c) != NULL);

		sb_addc(out, plain ? c : '_');
	}
}

char *
approval_file(struct arena *a, struct sv role, struct sv principal)
{
	struct sb s = {0};
	char *name;

	sb_adds(&s, "approvals/");
	add_plain(&s, sv_head(role, 60));
	sb_adds(&s, "--");
	add_plain(&s, sv_head(principal, 100));
	sb_adds(&s, ".json");
	name = arena_str(a, sb_sv(&s));
	sb_free(&s);
	return name;
}

static bool
is_true(const struct doc *d, const char *key)
{
	const struct doc *v = doc_get(d, key);

	return v != NULL && v->kind == DOC_BOOL && v->truth;
}

int
approval_open_items(struct arena *a, const struct doc *verdict, struct sv **out, size_t *n, struct err *e)
{
	const struct doc *schema = doc_get(verdict, "schema"), *v = doc_get(verdict, "verdict"), *c, *id;
	VEC(struct sv) item = {0};

	*n = 0;
	if (schema == NULL || !sv_is(schema->text, "1") || v == NULL || v->kind != DOC_STRING ||
	    doc_get(verdict, "decision") == NULL || doc_get(verdict, "criteria") == NULL)
		return err_set(e, ERR_INPUT, "verdict.json: not a verdict of schema 1");
	if (sv_is(v->text, "PASS"))
		return 0;
	for (c = doc_first(doc_get(verdict, "criteria")); c != NULL; c = c->next) {
		v = doc_get(c, "verdict");
		id = doc_get(c, "id");
		if (v != NULL && id != NULL &&
		    (sv_is(v->text, "FAIL") || (sv_is(v->text, "INCONCLUSIVE") && !is_true(c, "optional"))))
			*vec_add(&item) = id->text;
	}
	for (c = doc_first(doc_get(verdict, "evidence")); c != NULL; c = c->next) {
		id = doc_get(c, "id");
		if (id != NULL && !is_true(c, "present") && !is_true(c, "optional"))
			*vec_add(&item) = id->text;
	}
	if (doc_first(doc_get(verdict, "contradictions")) != NULL)
		*vec_add(&item) = SV("contradictions");
	if (item.n == 0)
		*vec_add(&item) = SV("decision");
	*n = item.n;
	*out = arena_keep(a, item.v, item.n, sizeof(*item.v));
	return 0;
}

const char *
approval_waivers_lack(struct arena *a, const struct approval *p, const struct sv *item, size_t n, int64_t now)
{
	char text_[TIME_TEXT];
	size_t i, k;

	for (i = 0; i < n; i++) {
		const struct waiver *w = NULL;

		for (k = 0; k < p->n_waivers; k++)
			if (sv_eq(p->waiver[k].item, item[i]))
				w = &p->waiver[k];
		if (w == NULL)
			return arena_fmt(a, "%" SV_FMT " is not passed and not waived", SV_ARG(item[i]));
		if (sv_eq(w->owner, p->principal))
			return arena_fmt(a, "the waiver of %" SV_FMT " is owned by the approver", SV_ARG(item[i]));
		if (w->expires <= now)
			return arena_fmt(a, "the waiver of %" SV_FMT " expired %s", SV_ARG(item[i]), time_text(w->expires, text_));
	}
	for (k = 0; k < p->n_waivers; k++) {
		for (i = 0; i < n && !sv_eq(p->waiver[k].item, item[i]); i++)
			;
		if (i == n)
			return arena_fmt(a, "there is nothing to waive called %" SV_FMT, SV_ARG(p->waiver[k].item));
	}
	return NULL;
}
