/*
 * data_run - when the run was, its windows and its events.
 */
#include "report/data_parts.h"

#include <math.h>

#include "base/time.h"
#include "report/people.h"
#include "report/shape.h"

static void
add_windows(struct arena *a, struct doc *data)
{
	struct doc *w, *s;

	for (w = doc_first(doc_get(data, "windows")); w != NULL; w = w->next) {
		double seconds = 0;

		for (s = doc_first(doc_get(w, "spans")); s != NULL; s = s->next) {
			int64_t from = data_instant(s, "from"), to = data_instant(s, "to");
			double length = from == TIME_NONE || to == TIME_NONE ? (double)NAN : (double)(to - from) / 1000;

			data_time(a, s, "from");
			data_time(a, s, "to");
			doc_add_str(a, s, "length_text", people_length(a, length));
			seconds += length;
		}
		doc_add_str(a, w, "length_text",
		    doc_get(w, "spans")->n == 0 ? SV("not found") : people_length(a, seconds));
	}
}

/* "T+9:30:05": when, seen from the start of the run; null where that is unknown. */
static void
add_offset(struct arena *a, struct doc *d, int64_t start, int64_t t)
{
	long long seconds;

	if (start == TIME_NONE || t == TIME_NONE || t < start) {
		doc_add(a, d, "offset_text", doc_new(a, DOC_NULL));
		return;
	}
	seconds = (long long)((t - start) / TIME_SECOND);
	doc_add_str(a, d, "offset_text",
	    sv_of(arena_fmt(a, "T+%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60)));
}

static void
add_events(struct arena *a, struct doc *data)
{
	int64_t start = data_instant(doc_get(data, "run"), "start");
	struct doc *c;

	for (c = doc_first(doc_get(data, "events")); c != NULL; c = c->next) {
		data_time(a, c, "time");
		add_offset(a, c, start, data_instant(c, "time"));
	}
}

void
data_run(struct arena *a, struct doc *data)
{
	struct doc *run = doc_get(data, "run");

	data_time(a, run, "start");
	data_time(a, run, "end");
	data_length(a, run, "duration");
	add_windows(a, data);
	add_events(a, data);
}
