/*
 * checklists - checklists_judge(): the team's own lists, each box by what it rests on.
 */
#include "base/json.h"
#include "judge/notes.h"
#include "profile/notes.h"

const char *
box_state_text(enum box_state s)
{
	static const char *const text[] = {"ticked", "unticked", "waived", "unknown"};

	return text[s];
}

/* Worse ones win: one failure unticks, then what is unknown leaves the box open, then a waiver is told. */
static bool
is_worse(enum box_state a, enum box_state b)
{
	static const int rank[] = {[BOX_TICKED] = 0, [BOX_WAIVED] = 1, [BOX_UNKNOWN] = 2, [BOX_UNTICKED] = 3};

	return rank[a] > rank[b];
}

static void
take(struct arena *a, struct box_result *r, enum box_state state, struct sv why)
{
	if (is_worse(state, r->state)) {
		r->state = state;
		r->why = why;
	} else if (state == r->state && state != BOX_TICKED) {
		r->why = sv_of(arena_fmt(a, "%" SV_FMT " %" SV_FMT, SV_ARG(r->why), SV_ARG(why)));
	}
}

static enum box_state
state_of(enum outcome o)
{
	switch (o) {
	case OUTCOME_PASS:
	case OUTCOME_WARN:
		return BOX_TICKED;
	case OUTCOME_FAIL:
		return BOX_UNTICKED;
	case OUTCOME_WAIVED:
		return BOX_WAIVED;
	case OUTCOME_INCONCLUSIVE:
		break;
	}
	return BOX_UNKNOWN;
}

static void
by_criterion(struct judging *j, struct box_result *r, struct sv id)
{
	size_t i;

	for (i = 0; i < j->v->n_criteria; i++)
		if (sv_eq(j->v->criteria[i].criterion->id, id))
			take(j->arena, r, state_of(j->v->criteria[i].outcome), j->v->criteria[i].sentence);
}

static void
by_evidence(struct judging *j, struct box_result *r, struct sv id)
{
	struct sv whole = sv_of(arena_fmt(j->arena, "evidence/%" SV_FMT, SV_ARG(id)));
	const struct evidence_result *e;
	size_t i;

	for (i = 0; i < j->v->n_evidence && !sv_eq(j->v->evidence[i].id, whole); i++)
		;
	e = i < j->v->n_evidence ? &j->v->evidence[i] : NULL;
	take(j->arena, r, e != NULL && e->present ? BOX_TICKED : BOX_UNKNOWN, e != NULL ? e->sentence : SV("Not known."));
}

static void
by_answer(struct judging *j, struct box_result *r, struct sv id)
{
	size_t i;

	for (i = 0; i < j->v->notes.n_questions; i++) {
		const struct question_result *q = &j->v->notes.question[i];
		enum box_state state = q->state == QUESTION_READY ? BOX_TICKED : q->state == QUESTION_NOT_READY ? BOX_UNTICKED : BOX_UNKNOWN;

		if (sv_eq(q->question->id, id))
			take(j->arena, r, state, sv_of(arena_fmt(j->arena, "%s%s%" SV_FMT "%s", question_state_text(q->state),
			    q->answer != NULL && q->answer->detail.n > 0 ? ", " : "",
			    SV_ARG(q->answer == NULL ? SV("") : sv_trim(q->answer->detail)),
			    q->answer != NULL && sv_ends(sv_trim(q->answer->detail), ".") ? "" : ".")));
	}
}

static void
judge_box(struct judging *j, struct box_result *r)
{
	const struct checklist_box *b = r->box;
	size_t i;

	r->state = BOX_TICKED;
	r->why = SV("");
	if (b->undecided.n > 0) {
		r->state = BOX_UNKNOWN;
		r->why = b->undecided;
		return;
	}
	for (i = 0; i < b->n_criteria; i++)
		by_criterion(j, r, b->criteria[i]);
	for (i = 0; i < b->n_evidence; i++)
		by_evidence(j, r, b->evidence[i]);
	for (i = 0; i < b->n_readiness; i++)
		by_answer(j, r, b->readiness[i]);
}

void
checklists_judge(struct judging *j)
{
	const struct checklists *all = j->profile->checklists;
	struct verdict *v = j->v;
	size_t i, k;

	if (all == NULL)
		return;
	v->n_checklists = all->n;
	v->checklists = arena_new(j->arena, all->n, sizeof(*v->checklists));
	for (i = 0; i < all->n; i++) {
		v->checklists[i].list = &all->v[i];
		v->checklists[i].box = arena_new(j->arena, all->v[i].n, sizeof(*v->checklists[i].box));
		for (k = 0; k < all->v[i].n; k++) {
			v->checklists[i].box[k].box = &all->v[i].box[k];
			judge_box(j, &v->checklists[i].box[k]);
		}
	}
}

static void
write_ids(struct json *j, const char *kind, const struct sv *id, size_t n)
{
	struct sb text = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		sb_reset(&text);
		sb_addf(&text, "%s/%" SV_FMT, kind, SV_ARG(id[i]));
		json_str(j, NULL, sb_sv(&text));
	}
	sb_free(&text);
}

void
checklists_json(const struct verdict *v, struct json *j)
{
	size_t i, k;

	if (v->n_checklists == 0)
		return;
	json_list(j, "checklists");
	for (i = 0; i < v->n_checklists; i++) {
		const struct checklist_result *c = &v->checklists[i];

		json_map(j, NULL);
		json_str(j, "id", c->list->id);
		json_str(j, "title", c->list->title);
		json_str(j, "note", c->list->note);
		json_list(j, "items");
		for (k = 0; k < c->list->n; k++) {
			const struct checklist_box *b = c->box[k].box;

			json_map(j, NULL);
			json_str(j, "text", b->text);
			json_cstr(j, "state", box_state_text(c->box[k].state));
			json_str(j, "why", c->box[k].why);
			json_list(j, "rests_on");
			write_ids(j, "criterion", b->criteria, b->n_criteria);
			write_ids(j, "evidence", b->evidence, b->n_evidence);
			write_ids(j, "readiness", b->readiness, b->n_readiness);
			json_end(j);
			json_end(j);
		}
		json_end(j);
		json_end(j);
	}
	json_end(j);
}
