#include "profile/parts.h"

#include <math.h>

#include "base/clean.h"
#include "base/num.h"

static const struct {
	const char *text;
	enum profile_op op;
} ops[] = {/* the longer ones first */
	{"<=", OP_LE}, {">=", OP_GE}, {"==", OP_EQ}, {"<", OP_LT}, {">", OP_GT},
};
#define N_OPS (sizeof(ops) / sizeof(ops[0]))

static int
refuse(const struct doc *node, const char *why, struct err *e)
{
	struct sb s = {0};

	clean_add(&s, sv_head(node->text, 40));
	doc_err(node, e, "'%s' %s", sb_str(&s), why);
	sb_free(&s);
	return -1;
}

/* "99.9" of "99.9%" as 0.999: moved in the text, so that it is the same double as "0.999". */
static bool
percent(struct sv v, double *ratio)
{
	struct sb s = {0};
	bool ok;

	sb_addv(&s, v);
	sb_adds(&s, "e-2");
	ok = num_parse(sb_sv(&s), ratio);
	sb_free(&s);
	return ok;
}

int
profile_objective(const struct doc *node, struct profile_objective *o, struct err *e)
{
	struct sv rest;
	size_t i;

	*o = (struct profile_objective){.at = node, .text = node->text};
	if (node->kind != DOC_STRING && node->kind != DOC_NUMBER)
		return doc_err(node, e, "an objective is text such as 97%% or '>= 1'");
	rest = sv_trim(node->text);
	for (i = 0; i < N_OPS && !sv_starts(rest, ops[i].text); i++)
		;
	if (i < N_OPS) {
		o->op = ops[i].op;
		rest = sv_trim(sv_from(rest, ops[i].text[1] == '\0' ? 1 : 2));
	}
	if (sv_ends(rest, "%")) {
		o->ratio = true;
		if (!percent(sv_trim(sv_head(rest, rest.n - 1)), &o->value))
			return refuse(node, "is no objective; write 97%, 0.97 or '>= 1'", e);
	} else if (!num_parse(rest, &o->value)) {
		return refuse(node, "is no objective; write 97%, 0.97 or '>= 1'", e);
	}
	if (!isfinite(o->value))
		return refuse(node, "is no objective: it has no limit", e);
	if (o->op != OP_NONE)
		return 0;
	if (o->value > 1 || o->value < 0)
		return refuse(node, "is no ratio; write 97% or 0.97, or compare: '>= 97'", e);
	if (o->value == 0)
		return refuse(node, "would always be met; compare: '== 0'", e);
	o->op = OP_GE;
	o->ratio = true;
	return 0;
}
