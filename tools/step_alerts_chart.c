/*
 * The alerts of rule files over the run: when each was pending, when it fired, and which could not be answered.
 */
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "step_chart_opts.h"
#include "step_rules.h"

#define MOST_ROWS 60

struct timeline {
	struct chart_opts *o;
	struct arena *a;
	struct rules rules;
	struct replay replay;
	struct rule_doubts *doubts;
	VEC(struct sv) row;
	VEC(struct chart_span) span;
	size_t left_out, unanswered;
};

static bool
has_row(struct timeline *t, struct sv name)
{
	if (t->row.n == MOST_ROWS) {
		t->left_out++;
		return false;
	}
	*vec_add(&t->row) = name;
	return true;
}

static void
add_span(struct timeline *t, enum alert_state state, int64_t from, int64_t to)
{
	static const uint32_t colour[] = {STATE_CALM, ORANGE, RED};
	struct chart_span *s;
	char length[TIME_TEXT];

	if (to <= from)
		return;
	s = vec_add(&t->span);
	*s = (struct chart_span){.row = t->row.n - 1, .from = from, .to = to, .level = state == ALERT_FIRING ? 2 : state == ALERT_PENDING ? 1 : 0};
	s->colour = colour[s->level];
	if (state != ALERT_INACTIVE)
		s->label = sv_of(arena_fmt(t->a, "%s %s", state == ALERT_FIRING ? "fired" : "pending", time_length_text(to - from, length)));
}

/* "QueueFull {queue="mail"}": the alert's name, and its labels but for that and the severity. */
static struct sv
name_of(struct timeline *t, const struct replay_rule *r, const struct replay_alert *x, bool answered)
{
	struct label *v = arena_new(t->a, x->labels.n, sizeof(*v));
	struct labels l = {v, 0};
	struct sb out = {0};
	struct sv name;
	size_t i;

	for (i = 0; i < x->labels.n; i++)
		if (!sv_is(x->labels.v[i].name, "alertname") && !sv_is(x->labels.v[i].name, "severity"))
			v[l.n++] = x->labels.v[i];
	labels_show(answered ? r->rule->name : sv_of(arena_fmt(t->a, "%" SV_FMT " (not answered)", SV_ARG(r->rule->name))), &l, &out);
	name = arena_sv(t->a, sb_sv(&out));
	sb_free(&out);
	return name;
}

static void
add_alert(struct timeline *t, const struct replay_rule *r, const struct replay_alert *x, bool doubted, int64_t start, int64_t end)
{
	enum alert_state state = ALERT_INACTIVE;
	int64_t from = start;
	size_t i;

	/* That it fired is true whatever else is doubted; that it did not is not. */
	doubted &= x->firing == 0;
	if (!has_row(t, name_of(t, r, x, !doubted)))
		return;
	t->unanswered += doubted;
	for (i = 0; i < x->change.n; i++) {
		add_span(t, state, from, x->change.v[i].t);
		state = x->change.v[i].to;
		from = x->change.v[i].t;
	}
	add_span(t, state, from, end);
}

static void
add_rule(struct timeline *t, size_t i, int64_t start, int64_t end)
{
	const struct replay_rule *r = &t->replay.rule[i];
	size_t k;

	if (!r->rule->alert)
		return;
	for (k = 0; k < r->alert.n; k++)
		add_alert(t, r, &r->alert.v[k], t->doubts[i].n > 0, start, end);
	if (r->alert.n > 0)
		return;
	if (t->doubts[i].n > 0) {
		t->unanswered++;
		has_row(t, sv_of(arena_fmt(t->a, "%" SV_FMT " (not answered)", SV_ARG(r->rule->name))));
	} else if (has_row(t, r->rule->name)) {
		add_span(t, ALERT_INACTIVE, start, end);
	}
}

static int
replay(struct timeline *t, const char *file, struct err *e)
{
	struct step_ask *ask = &t->o->ask;
	/* Samples live 5 minutes, as where the rules were made for. */
	struct replay_opts opts = {.start = ask->q.start, .end = ask->q.end};
	struct doubt_opts d = {.first = ask->q.start};
	struct doubt_scrapes *scrapes;
	struct pq_extent all;
	size_t i;

	if (step_rules_load(t->a, file, &t->rules, e) < 0 || pq_store_extent(ask->store, &all, e) < 0 ||
	    step_rules_scrapes(ask->store, t->a, &scrapes, &d.n_scrapes, e) < 0)
		return -1;
	d.scrapes = scrapes;
	if (all.first != TIME_NONE)
		d.first = all.first;
	replay_open(&t->replay, &t->rules, &ask->src.src, &opts);
	t->doubts = arena_new(t->a, t->replay.n, sizeof(*t->doubts));
	if (replay_run(&t->replay, e) < 0 || doubt_rules(&t->replay, &d, t->a, t->doubts, e) < 0)
		return -1;
	for (i = 0; i < t->replay.n; i++)
		add_rule(t, i, opts.start, opts.end);
	return 0;
}

static int
draw(struct timeline *t, struct err *e)
{
	struct chart_opts *o = t->o;
	struct chart c = {.kind = CHART_STATES, .title = o->look.title.n > 0 ? o->look.title : SV("Alerts"), .subtitle = o->look.subtitle, .id = SV("alerts"),
	    .width = o->look.width, .height = o->look.height, .from = (double)o->ask.q.start, .to = (double)o->ask.q.end, .end = o->ask.q.end};
	size_t i, fired = 0;

	for (i = 0; i < t->span.n; i++)
		fired += t->span.v[i].level == 2;
	if (!o->no_events && step_marks(o->ask.store, o->ask.q.start, o->ask.q.end, t->a, &c, e) < 0)
		return -1;
	if (c.subtitle.n == 0)
		c.subtitle = sv_of(arena_fmt(t->a, "%zu rows, fired %zu time%s, %zu cannot be answered from these samples%s", t->row.n, fired, fired == 1 ? "" : "s",
		    t->unanswered, t->left_out > 0 ? "; more are not drawn" : ""));
	if (t->row.n == 0)
		c.cannot = SV("the rule files hold no alert: nothing could have fired");
	c.n_state_rows = t->row.n;
	c.state_row = arena_keep(t->a, t->row.v, t->row.n, sizeof(*t->row.v));
	c.n_spans = t->span.n;
	c.span = arena_keep(t->a, t->span.v, t->span.n, sizeof(*t->span.v));
	c.state_key = SV("thin: not active; medium: pending; tall: fired; blank: not answered");
	if (chart_out(o, &c, e) < 0)
		return -1;
	return c.n_state_rows > t->unanswered ? TOOL_PASS : TOOL_INCONCLUSIVE;
}

int
chart_alerts(struct chart_opts *o)
{
	struct timeline t = {.o = o, .a = &o->arena};
	struct err e = {0};
	int status;

	if (o->output == NULL)
		tool_usage(o->tool, "-o FILE is needed: its ending says the format (.png, .svg, .pdf)");
	if (step_server_is(tool_db(o->ask.db)))
		tool_usage(o->tool, "--rules replays over a store: soak-alerts -d URL replays over a server");
	if (step_ask_open(&o->ask, &e) < 0)
		return tool_fail(o->tool, &e);
	if (!o->ask.dated) {
		tool_say(o->tool, "the store holds no sample that has a time");
		return TOOL_INCONCLUSIVE;
	}
	status = replay(&t, o->rules, &e) < 0 ? -1 : draw(&t, &e);
	replay_close(&t.replay);
	return status < 0 ? tool_fail(o->tool, &e) : status;
}
