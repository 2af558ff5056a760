/*
 * Why is a snapshot empty? The log that tells when it was taken may tell that taking it failed: "EXECUTING: Capturing metrics for
 * hour 1" and, half a minute later, "ERROR: Capturing metrics for hour 1" of kind failure.
 */
#include "ingest/place.h"

#include <inttypes.h>

#define SOON (10 * TIME_MINUTE) /* that much later at most */
#define SHOWN ((size_t)300)

/* "Capturing metrics for hour 1" of "EXECUTING: Capturing metrics for hour 1". */
static struct sv
subject(struct sv event)
{
	size_t i = sv_find(event, SV(": "));

	return i < event.n ? sv_from(event, i + 2) : event;
}

/* Does it speak of the subject? "hour 1" is not "hour 12". */
static bool
is_about(struct sv text, struct sv what)
{
	size_t i;

	for (; (i = sv_find(text, what)) < text.n; text = sv_from(text, i + 1)) {
		struct sv rest = sv_from(text, i + what.n);

		if (rest.n == 0 || rest.p[0] < '0' || rest.p[0] > '9')
			return true;
	}
	return false;
}

/* A command's complaint: its first line, and its last, where the cause stands ("curl: (52) Empty reply from server"). */
static void
add_complaint(struct sb *out, struct sv text)
{
	struct sv line, last = {NULL, 0};

	text = sv_trim(text);
	sb_addf(out, " - %" SV_FMT, SV_ARG(sv_head(text, sv_chr(text, '\n') < SHOWN ? sv_chr(text, '\n') : SHOWN)));
	if (sv_chr(text, '\n') == text.n)
		return;
	while (sv_split(&text, '\n', &line))
		last = line;
	/* What is overwritten on a terminal is progress; the last piece stays. */
	while (sv_split(&last, '\r', &line))
		;
	if (sv_trim(line).n > 0)
		sb_addf(out, " ... %" SV_FMT, SV_ARG(sv_head(sv_trim(line), SHOWN)));
}

static int
tell(struct placing *p, const struct spot *s, const struct store_event *ev, struct err *e)
{
	struct store_problem problem = {.artifact = s->artifact, .severity = "warning", .stage = "place"};
	struct sb text = {0};
	int rc;

	sb_addf(&text, "why: %" SV_FMT, SV_ARG(sv_head(ev->name, SHOWN)));
	if (ev->text.n > 0)
		add_complaint(&text, ev->text);
	sb_addf(&text, " (%" SV_FMT ":%" PRId64 ")", SV_ARG(ev->source), ev->line);
	problem.text = sb_sv(&text);
	rc = store_add_problem(p->store, &problem, e);
	sb_free(&text);
	return rc;
}


int
place_why(struct placing *p, struct err *e)
{
	bool *told = arena_new(&p->arena, p->spots.n, sizeof(*told)), any = false;
	struct store_event ev;
	struct store_rows *r;
	size_t i;
	int rc;

	for (i = 0; i < p->spots.n; i++)
		any = any || (!p->spots.v[i].complete && p->spots.v[i].event.n > 0);
	if (!any)
		return 0;
	if ((r = store_events_open(p->store, e)) == NULL)
		return -1;
	while ((rc = store_events_next(r, &ev, e)) > 0) {
		if (!sv_is(ev.kind, "failure"))
			continue;
		for (i = 0; i < p->spots.n; i++) {
			const struct spot *s = &p->spots.v[i];

			if (told[i] || s->complete || s->event.n == 0 || s->t == TIME_NONE || ev.t < s->t || ev.t > s->t + SOON ||
			    !is_about(ev.name, subject(s->event)))
				continue;
			told[i] = true;
			if (tell(p, s, &ev, e) < 0) {
				store_rows_close(r);
				return -1;
			}
		}
	}
	store_rows_close(r);
	return rc;
}
