#include "judge/score.h"

#include <math.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/result.h"

struct points {
	double got, open, all;
};

/* A warning is worth half, as Keptn has it. Whoever waives a criterion takes it out of the sum: no points, no weight. */
static struct points
count(const struct verdict *v)
{
	struct points p = {0};
	size_t i;

	for (i = 0; i < v->n_criteria; i++) {
		double weight = v->criteria[i].criterion->weight;

		switch (v->criteria[i].outcome) {
		case OUTCOME_WAIVED:
			continue;
		case OUTCOME_PASS:
			p.got += weight;
			break;
		case OUTCOME_WARN:
			p.got += weight / 2;
			break;
		case OUTCOME_INCONCLUSIVE:
			p.open += weight;
			break;
		case OUTCOME_FAIL:
			break;
		}
		p.all += weight;
	}
	return p;
}

static enum outcome
outcome_of(const struct profile *p, double got, double possible)
{
	if (result_holds(OP_GE, got, p->score_pass))
		return OUTCOME_PASS;
	if (!result_holds(OP_GE, possible, p->score_warn))
		return OUTCOME_FAIL;
	return result_holds(OP_GE, got, p->score_warn) ? OUTCOME_WARN : OUTCOME_INCONCLUSIVE;
}

void
score_judge(struct verdict *v)
{
	const struct profile *p = v->profile;
	struct score_result *s = &v->score;
	struct points points = count(v);
	struct arena *a = &v->arena;
	double got, possible;

	if (!p->has_score)
		return;
	s->asked = true;
	got = points.got / points.all; /* NaN of nothing */
	possible = (points.got + points.open) / points.all;
	figure_ratio(a, &s->observed, "score/observed", got, 2);
	figure_ratio(a, &s->possible, "score/possible", possible, 2);
	figure_ratio(a, &s->required, "score/required", p->score_pass, 2);
	figure_ratio(a, &s->warn, "score/warn", p->score_warn, 2);
	if (!(points.all > 0) || !isfinite(points.all)) {
		s->outcome = OUTCOME_INCONCLUSIVE;
		s->sentence = SV("There is nothing to score: no criterion that is not waived has any weight.");
		return;
	}
	s->outcome = outcome_of(p, got, possible);
	s->sentence = sv_of(arena_fmt(a, "Score %" SV_FMT "%s; required %" SV_FMT ", failed below %" SV_FMT ".",
	    SV_ARG(s->observed.text),
	    points.open > 0 ? arena_fmt(a, " (%" SV_FMT " if all that is open were to pass)", SV_ARG(s->possible.text)) : "",
	    SV_ARG(s->required.text), SV_ARG(s->warn.text)));
}
