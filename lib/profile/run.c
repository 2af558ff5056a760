#include "profile/parts.h"

#include "base/near.h"

static int
zone(struct loader *l, const struct doc *run)
{
	struct profile *p = l->p;
	struct err inner = {0};

	if (profile_text(run, "timezone", &p->zone_name, l->e) < 0)
		return -1;
	if (p->zone_name.n == 0 && doc_get(run, "timezone") != NULL)
		return doc_err(doc_get(run, "timezone"), l->e, "'timezone' is empty");
	if (p->zone_name.n == 0)
		return 0;
	time_zone_free(p->zone);
	p->zone = time_zone_open(arena_str(&p->arena, p->zone_name), &inner);
	if (p->zone == NULL)
		return doc_err(doc_get(run, "timezone"), l->e, "%s", inner.msg);
	return 0;
}

static int
duration(struct loader *l, const struct doc *run)
{
	const struct doc *d = doc_get(run, "duration");

	if (d != NULL && d->kind == DOC_MAP)
		return part_fact(l, d, true, &l->p->duration_fact);
	return part_duration(l, run, "duration", &l->p->duration);
}

/* The run's own bounds cannot be counted from themselves. */
static int
bound(struct loader *l, const struct doc *run, const char *key, struct profile_when *w)
{
	const struct doc *d = doc_get(run, key);

	if (d == NULL)
		return 0;
	if (part_when(l, d, NULL, w) < 0)
		return -1;
	if (w->kind == WHEN_EXPR)
		return doc_err(d, l->e, "the run's %s cannot be counted from itself; state an event, a fact or a "
		    "duration", key);
	return 0;
}

int
part_run(struct loader *l, const struct doc *run)
{
	static const char *const known[] = {"start", "end", "duration", "timezone", NULL};

	if (part_map(l, run, "run") < 0 || profile_keys(run, known, l->e) < 0 || zone(l, run) < 0 ||
	    bound(l, run, "start", &l->p->start) < 0 || bound(l, run, "end", &l->p->end) < 0)
		return -1;
	return duration(l, run);
}

int
part_process_start(struct loader *l, const struct doc *d)
{
	static const char *const known[] = {"series", "slack", NULL};

	if (part_map(l, d, "process_start") < 0 || profile_keys(d, known, l->e) < 0 ||
	    profile_text(d, "series", &l->p->process_start, l->e) < 0)
		return -1;
	return part_duration(l, d, "slack", &l->p->process_slack);
}

static int
window(struct loader *l, const struct doc *d, struct profile_window *w)
{
	static const char *const known[] = {"from", "to", "not", NULL};

	w->name = d->key;
	w->at = d;
	if (!part_is_id(w->name) && !part_is_name(w->name))
		return doc_err_key(d, l->e, "'%s' is no name for a window: letters, digits, '-' or '_'",
		    part_show(l, w->name));
	if (sv_is(w->name, "run"))
		return doc_err_key(d, l->e, "'run' is the whole run; give the window another name");
	if (part_map(l, d, "a window") < 0 || profile_keys(d, known, l->e) < 0)
		return -1;
	if (doc_get(d, "not") != NULL) {
		if (d->n > 1)
			return doc_err(d, l->e, "a window has 'from' and 'to', or 'not', not both");
		return part_need(l, d, "a window", "not", &w->not_window);
	}
	if (doc_get(d, "from") == NULL || doc_get(d, "to") == NULL)
		return doc_err(d, l->e, "a window needs 'from' and 'to', or 'not'");
	if (part_when(l, doc_get(d, "from"), NULL, &w->from) < 0)
		return -1;
	return part_when(l, doc_get(d, "to"), NULL, &w->to);
}

static int
check_rest(struct loader *l, const struct profile_window *w)
{
	const char *known[PART_MAX_ITEMS + 1], *near;
	size_t i, n = 0;

	for (i = 0; i < l->p->n_windows; i++) {
		const struct profile_window *other = &l->p->windows[i];

		if (other->not_window.n > 0)
			continue;
		if (sv_eq(other->name, w->not_window))
			return 0;
		known[n++] = arena_str(&l->p->arena, other->name);
	}
	known[n] = NULL;
	near = near_word(w->not_window, known);
	return doc_err(doc_get(w->at, "not"), l->e, "no window '%s' with 'from' and 'to'%s%s%s",
	    part_show(l, w->not_window), near == NULL ? "" : ", did you mean '", near == NULL ? "" : near,
	    near == NULL ? "" : "'?");
}

/* Windows of the {not: ...} kind come last, so that what they leave out is known before them. */
int
part_windows(struct loader *l, const struct doc *windows)
{
	const struct doc *d;
	size_t i;
	int rest;

	if (part_map(l, windows, "windows") < 0)
		return -1;
	l->p->windows = arena_new(&l->p->arena, windows->n, sizeof(*l->p->windows));
	for (rest = 0; rest < 2; rest++)
		for (d = windows->child; d != NULL; d = d->next)
			if ((doc_get(d, "not") != NULL) == rest &&
			    window(l, d, &l->p->windows[l->p->n_windows++]) < 0)
				return -1;
	for (i = 0; i < l->p->n_windows; i++)
		if (l->p->windows[i].not_window.n > 0 && check_rest(l, &l->p->windows[i]) < 0)
			return -1;
	return 0;
}
