/*
 * data_slos - each objective: its class, the windows and rules that a run of this length cannot answer.
 */
#include "report/data_parts.h"

#include <math.h>

#include "base/time.h"
#include "report/people.h"
#include "report/shape.h"

static const struct data_class outcomes[] = {
	{"met", "pass"}, {"missed", "fail"}, {"too little covered", "open"}, {"not measured", "open"}, {0}};

static void
add_alert(struct arena *a, struct doc *alert)
{
	struct doc *s;
	bool fired = doc_get(alert, "fired")->n > 0, evaluable = shape_true(alert, "evaluable");

	/* What was seen to fire fired, whatever else could not be seen. */
	doc_add_str(a, alert, "state", fired ? SV("would have fired") : evaluable ? SV("would not have fired") : SV("not evaluable"));
	doc_add_str(a, alert, "class", fired ? SV("fail") : evaluable ? SV("pass") : SV("open"));
	for (s = doc_first(doc_get(alert, "fired")); s != NULL; s = s->next) {
		int64_t from = data_instant(s, "from"), to = data_instant(s, "to");

		data_time(a, s, "from");
		data_time(a, s, "to");
		doc_add_str(a, s, "length_text", people_length(a, from == TIME_NONE || to == TIME_NONE ? (double)NAN : (double)(to - from) / 1000));
	}
}

int
data_slos(struct arena *a, struct doc *data, struct err *e)
{
	struct doc *o, *c;

	for (o = doc_first(doc_get(data, "slos")); o != NULL; o = o->next) {
		size_t open = 0;

		if (data_class(a, o, "outcome", "class", outcomes, e) < 0)
			return -1;
		for (c = doc_first(doc_get(o, "windows")); c != NULL; c = c->next) {
			data_time(a, c, "at");
			open += !shape_true(c, "evaluable");
		}
		for (c = doc_first(doc_get(o, "alerts")); c != NULL; c = c->next) {
			add_alert(a, c);
			open += !shape_true(c, "evaluable");
		}
		data_length(a, o, "budget");
		doc_add_bool(a, o, "has_windows", doc_get(o, "windows")->n > 0);
		doc_add_bool(a, o, "has_alerts", doc_get(o, "alerts")->n > 0);
		doc_add_bool(a, o, "is_all_evaluable", open == 0);
	}
	return 0;
}
