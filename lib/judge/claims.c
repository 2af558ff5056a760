#include "judge/claims.h"

#include <math.h>
#include <string.h>

#include "base/expr.h"
#include "base/mem.h"
#include "base/num.h"
#include "judge/conflicts.h"
#include "judge/figure.h"
#include "judge/k6_audit.h"
#include "judge/reckon.h"
#include "judge/sums.h"

struct occurrence { /* a name that a content was found under */
	struct sv name;
	int64_t content;
};

struct audit {
	struct judging *j;
	struct reckoning known;
	struct occurrence *name;
	size_t n_names;
	VEC(struct contradiction) found;
};

/* Was the content found under a name that the glob matches? One content may have several, and none of them first. */
static bool
found_as(const struct audit *au, int64_t content, struct sv glob)
{
	size_t i;

	for (i = 0; i < au->n_names; i++)
		if (au->name[i].content == content && sv_glob(glob, au->name[i].name))
			return true;
	return glob.n == 0;
}

static const struct profile_claim *
definition_of(const struct audit *au, const struct stated *s)
{
	const struct profile *p = au->j->profile;
	size_t i;

	for (i = 0; i < p->n_claims; i++)
		if (p->claims[i].path.n > 0 && sv_eq(p->claims[i].path, s->path) &&
		    found_as(au, s->content, p->claims[i].file))
			return &p->claims[i];
	return NULL;
}

static void
contradict(struct audit *au, struct sv id, struct sv source, struct sv sentence)
{
	*vec_add(&au->found) = (struct contradiction){id, sentence, source};
}

/*
 * Equal at the precision it was printed with is explained. A difference that the time around a restart could hold, or
 * one against counters that saw only part of the run, decides nothing; nor does what is no number (0 / 0).
 */
static enum claim_state
compare(double claimed, const struct reckoned *o, double tolerance, bool misplaced)
{
	/* The last bits of a double, no more: counts have to be exact. */
	double off = fabs(claimed - o->right), bits = 1e-13 * fabs(o->right);

	if (isnan(claimed) || !isfinite(o->right) || !isfinite(o->rounded) || !isfinite(o->hidden))
		return CLAIM_UNDECIDED;
	if (off <= tolerance + bits)
		return CLAIM_EXPLAINED;
	if (misplaced || o->covered < 0.95 || off <= tolerance + bits + o->hidden)
		return CLAIM_UNDECIDED;
	return CLAIM_CONTRADICTED;
}

static struct sv
claim_sentence(struct audit *au, const struct claim_result *r, const struct err *why)
{
	struct arena *a = au->j->arena;

	switch (r->state) {
	case CLAIM_EXPLAINED:
		return sv_of(arena_fmt(a, "%" SV_FMT " %" SV_FMT " is %" SV_FMT " = %" SV_FMT ".%s%" SV_FMT,
		    SV_ARG(r->path), SV_ARG(r->claimed), SV_ARG(r->definition), SV_ARG(r->recomputed.text),
		    r->because.n > 0 ? " " : "", SV_ARG(r->because)));
	case CLAIM_CONTRADICTED:
		return sv_of(arena_fmt(a, "%" SV_FMT " claims %" SV_FMT " = %" SV_FMT ", the counters say %" SV_FMT
		    " (%" SV_FMT ").", SV_ARG(r->source), SV_ARG(r->path), SV_ARG(r->claimed), SV_ARG(r->recomputed.text),
		    SV_ARG(r->definition)));
	case CLAIM_UNDECIDED:
		if (why->code != ERR_NONE)
			return sv_of(arena_fmt(a, "%" SV_FMT " %" SV_FMT " cannot be checked: %s.", SV_ARG(r->path),
			    SV_ARG(r->claimed), why->msg));
		return sv_of(arena_fmt(a, "%" SV_FMT " %" SV_FMT ": the counters say %" SV_FMT
		    ", but they did not see enough of the run to decide.", SV_ARG(r->path), SV_ARG(r->claimed),
		    SV_ARG(r->recomputed.text)));
	case CLAIM_NOT_AUDITED:
		break;
	}
	return sv_of(arena_fmt(a, "%" SV_FMT " %" SV_FMT ": no definition to check it by.%s%" SV_FMT, SV_ARG(r->path),
	    SV_ARG(r->claimed), r->because.n > 0 ? " " : "", SV_ARG(r->because)));
}

/* The recomputed value with two digits more than the claim was printed with. */
static struct sv
recomputed_text(struct arena *a, double v, struct sv claimed)
{
	int decimals = num_decimals(sv_trim(claimed));
	char buf[NUM_TEXT];

	if (v == floor(v) && decimals == 0)
		return sv_of(arena_str(a, sv_of(num_text(v, buf))));
	return sv_of(arena_str(a, sv_of(num_fixed(v, decimals + 2 > 17 ? 17 : decimals + 2, buf))));
}

/* "100,00" as "100.00"; what has three digits after the comma may be thousands, and stays what it is. */
static struct sv
with_point(struct arena *a, struct sv text)
{
	size_t comma = sv_chr(text, ',');
	char *out;

	if (comma == 0 || comma + 1 >= text.n || text.n - comma - 1 == 3 || sv_chr(sv_from(text, comma + 1), ',') < text.n - comma - 1)
		return text;
	out = arena_str(a, text);
	out[comma] = '.';
	return sv_of(out);
}

/* What a claim says as a number, "99.64 %" and "99,64" like 99.64; *printed is that part of its text. */
static bool
number_of(struct arena *a, const struct stated *s, double *v, struct sv *printed)
{
	*printed = sv_trim(s->text);
	*v = s->value;
	if (!isnan(*v))
		return true;
	if (sv_ends(*printed, "%"))
		*printed = sv_trim(sv_head(*printed, printed->n - 1));
	*printed = with_point(a, *printed);
	return num_parse(*printed, v) && !isnan(*v);
}

static void
audit_claim(struct audit *au, const struct stated *s, struct claim_result *r)
{
	const struct profile_claim *def = definition_of(au, s);
	struct arena *a = au->j->arena;
	struct sv printed = s->text;
	struct reckoned o;
	struct err why = {0};
	double number;
	const char *id;

	id = arena_fmt(a, "claim/%" SV_FMT "/%" SV_FMT, SV_ARG(sv_base(s->source)), SV_ARG(s->path));
	r->id = sv_of(id);
	r->path = s->path;
	r->source = sv_of(arena_fmt(a, "%" SV_FMT ":%lld", SV_ARG(s->source), (long long)s->line));
	r->claimed = s->text;
	r->state = CLAIM_NOT_AUDITED;
	id = arena_fmt(a, "%s/recomputed", id);
	figure_unknown(a, &r->recomputed, id, "");
	if (def != NULL)
		r->because = def->because;
	if (def != NULL && def->equals.n > 0) {
		r->definition = def->equals;
		r->recomputed.query = def->equals;
		r->state = CLAIM_UNDECIDED;
		if (!number_of(a, s, &number, &printed)) {
			err_set(&why, ERR_INPUT, "it is not a number");
		} else if (reckon(&au->known, SV(""), def->equals, 0, &o, &why) == 0) {
			r->state = compare(number, &o, reckon_rounding(printed), au->j->v->misplaced);
			if (isfinite(o.right))
				figure_text(a, &r->recomputed, id, o.right, "", recomputed_text(a, o.right, printed));
			else
				err_set(&why, ERR_INPUT, "the definition divides by zero or is too large");
		}
	}
	r->sentence = claim_sentence(au, r, &why);
	if (r->state == CLAIM_CONTRADICTED)
		contradict(au, r->id, r->source, r->sentence);
}

/* A relation that must hold among the claims of one artifact, such as shares that total 100. */
static void
audit_check(struct audit *au, const struct profile_claim *c, size_t number, const struct stated *s)
{
	struct arena *a = au->j->arena;
	struct err why = {0};
	char left_text[NUM_TEXT], right_text[NUM_TEXT];
	struct reckoned o;

	if (reckon(&au->known, c->check, c->equals, s->content, &o, &why) < 0)
		return; /* this artifact does not state all of them */
	if (compare(o.left, &o, o.rounded, au->j->v->misplaced) != CLAIM_CONTRADICTED)
		return;
	contradict(au,
	    sv_of(arena_fmt(a, "claim/%" SV_FMT "/check-%zu", SV_ARG(sv_base(s->source)), number + 1)), s->source,
	    sv_of(arena_fmt(a, "%" SV_FMT ": %" SV_FMT " is %s, not %s.%s%" SV_FMT, SV_ARG(s->source),
		SV_ARG(c->check), num_text(round(o.left * 1e6) / 1e6, left_text), num_text(o.right, right_text),
		c->because.n > 0 ? " " : "", SV_ARG(c->because))));
}

static int
load_names(struct audit *au, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(au->j->store, e);
	VEC(struct occurrence) list = {0};
	struct store_artifact row;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &row, e)) > 0)
		if (!row.superseded)
			*vec_add(&list) = (struct occurrence){arena_sv(au->j->arena, row.name), row.content};
	store_rows_close(rows);
	au->n_names = list.n;
	au->name = arena_keep(au->j->arena, list.v, list.n, sizeof(*au->name));
	return rc;
}

/* Each check once for each artifact that states claims. */
static void
audit_checks(struct audit *au)
{
	const struct profile *p = au->j->profile;
	VEC(int64_t) done = {0};
	size_t i, k;

	for (i = 0; i < au->known.n_claims; i++) {
		const struct stated *s = &au->known.claim[i];

		for (k = 0; k < done.n && done.v[k] != s->content; k++)
			;
		if (k < done.n)
			continue;
		*vec_add(&done) = s->content;
		for (k = 0; k < p->n_claims; k++)
			if (p->claims[k].check.n > 0 && found_as(au, s->content, p->claims[k].file))
				audit_check(au, &p->claims[k], k, s);
	}
	vec_free(&done);
}

static void
audit_all(struct audit *au)
{
	struct verdict *v = au->j->v;
	size_t i;

	v->n_claims = 0;
	v->claims = arena_new(au->j->arena, au->known.n_claims, sizeof(*v->claims));
	for (i = 0; i < au->known.n_claims; i++)
		if (!k6_audits(au->known.claim[i].path) || definition_of(au, &au->known.claim[i]) != NULL)
			audit_claim(au, &au->known.claim[i], &v->claims[v->n_claims++]);
	audit_checks(au);
}

int
claims_judge(struct judging *j, struct err *e)
{
	struct audit au = {.j = j};
	struct verdict *v = j->v;
	size_t i;
	int rc = -1;

	if (reckon_open(&au.known, j, e) == 0 && load_names(&au, e) == 0) {
		sums_audit(&au.known);
		for (i = 0; i < v->n_contradictions; i++) /* what it and kinds of criteria came upon */
			*vec_add(&au.found) = v->contradictions[i];
		audit_all(&au);
		rc = 0;
	}
	v->n_contradictions = au.found.n;
	v->contradictions = arena_keep(j->arena, au.found.v, au.found.n, sizeof(*v->contradictions));
	reckon_close(&au.known);
	return rc == 0 ? conflicts_judge(j, e) : rc;
}

static int
any_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	(void)ctx;
	(void)e;
	*v = 1;
	if (braces)
		return err_set(e, ERR_INPUT, "{%" SV_FMT "}: captures have no place in a claim", SV_ARG(name));
	return 0;
}

static int
check_expression(const struct doc *at, struct sv text, struct err *e)
{
	struct err why = {0};

	if (text.n > 0 && expr_check(text, any_name, NULL, &why) < 0)
		return doc_err(at, e, "%s", why.msg);
	return 0;
}

int
claims_check(const struct profile *p, struct err *e)
{
	struct arena a = {0};
	struct err why = {0};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < p->n_quantities; i++)
		if (pq_parse_selector(&a, p->quantities[i].selector, &why) == NULL)
			rc = doc_err(p->quantities[i].at, e, "%s", why.msg);
	for (i = 0; rc == 0 && i < p->n_claims; i++)
		if (check_expression(p->claims[i].at, p->claims[i].check, e) < 0 ||
		    check_expression(p->claims[i].at, p->claims[i].equals, e) < 0)
			rc = -1;
	arena_free(&a);
	return rc;
}

void
judge_contradict(struct judging *j, const char *id, struct sv source, const char *sentence)
{
	struct verdict *v = j->v;
	struct contradiction *all = arena_new(j->arena, v->n_contradictions + 1, sizeof(*all));

	if (v->n_contradictions > 0)
		memcpy(all, v->contradictions, v->n_contradictions * sizeof(*all));
	all[v->n_contradictions++] = (struct contradiction){sv_of(id), sv_of(sentence), arena_sv(j->arena, source)};
	v->contradictions = all;
}
