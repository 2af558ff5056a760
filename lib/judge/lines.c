#include "judge/lines.h"

static struct verdict_line *
add(struct verdict_lines *l, const char *group, struct sv id, enum outcome o, struct sv sentence)
{
	struct verdict_line *line = vec_add(&l->line);

	*line = (struct verdict_line){.group = group, .id = id, .title = id, .outcome = o, .sentence = sentence};
	return line;
}

void
lines_open(const struct verdict *v, bool strict, struct verdict_lines *out)
{
	struct verdict_line *line;
	size_t i;

	*out = (struct verdict_lines){0};
	line = add(out, "decision", SV("decision"), v->outcome, v->headline);
	line->title = v->decision;
	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];

		line = add(out, "criterion", r->criterion->id, r->outcome == OUTCOME_WARN && strict ? OUTCOME_FAIL : r->outcome, r->sentence);
		line->title = r->criterion->title;
		line->settle = r->settle;
		line->tolerated = r->outcome == OUTCOME_INCONCLUSIVE && r->criterion->optional;
		line->criterion = r;
	}
	if (v->score.asked)
		add(out, "score", SV("score"), v->score.outcome == OUTCOME_WARN && strict ? OUTCOME_FAIL : v->score.outcome,
		    v->score.sentence);
	for (i = 0; i < v->n_evidence; i++) {
		const struct evidence_result *r = &v->evidence[i];

		line = add(out, "evidence", r->id, r->present ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE, r->sentence);
		line->title = r->title;
		line->tolerated = !r->present && r->optional;
	}
	for (i = 0; i < v->n_contradictions; i++)
		add(out, "contradiction", v->contradictions[i].id, v->profile->contradiction_fails ? OUTCOME_FAIL : OUTCOME_WARN,
		    v->contradictions[i].sentence);
}

void
lines_close(struct verdict_lines *l)
{
	vec_free(&l->line);
	arena_free(&l->arena);
}
