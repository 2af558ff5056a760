/*
 * data_checklists - the team's own lists: a box is ticked, unticked, waived or unknown, and why.
 */
#include "report/data_parts.h"

#include "report/shape.h"

static const struct data_class states[] = {
	{"ticked", "pass"}, {"unticked", "fail"}, {"waived", "waived"}, {"unknown", "open"}, {0}};

static int
add_box(struct arena *a, struct doc *box, struct err *e)
{
	const struct doc *id;
	struct sb ids = {0};

	if (data_class(a, box, "state", "class", states, e) < 0)
		return -1;
	doc_add_str(a, box, "box", sv_is(shape_text(box, "state"), "ticked") ? SV("x") : SV(" "));
	doc_add_bool(a, box, "is_ticked", sv_is(shape_text(box, "state"), "ticked"));
	for (id = doc_first(doc_get(box, "rests_on")); id != NULL; id = id->next)
		sb_addf(&ids, "%s%" SV_FMT, ids.n > 0 ? ", " : "", SV_ARG(id->text));
	doc_add_str(a, box, "rests_text", sb_sv(&ids));
	sb_free(&ids);
	return 0;
}

int
data_checklists(struct arena *a, struct doc *data, struct err *e)
{
	struct doc *list, *box;

	for (list = doc_first(doc_get(data, "checklists")); list != NULL; list = list->next) {
		size_t n[4] = {0}, i;

		for (box = doc_first(doc_get(list, "items")); box != NULL; box = box->next) {
			if (add_box(a, box, e) < 0)
				return -1;
			for (i = 0; i < 4; i++)
				n[i] += sv_is(shape_text(box, "state"), states[i].word);
		}
		for (i = 0; i < 4; i++)
			doc_add_num(a, list, states[i].word, (double)n[i]);
		doc_add_bool(a, list, "is_complete", n[0] == doc_get(list, "items")->n);
		doc_add_str(a, list, "count_text", sv_of(arena_fmt(a, "%zu of %zu", n[0], doc_get(list, "items")->n)));
	}
	return 0;
}
