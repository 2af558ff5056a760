/*
 * explain - chain_text() and verdict_explain(): how a number came about, for a person.
 */
#include "judge/chain.h"

#include "base/clean.h"
#include "base/num.h"
#include "base/time.h"

#define LISTED 40 /* series, artifacts, findings; more would not be read */

static void
put(struct sb *out, const char *what, struct sv text)
{
	if (text.n == 0)
		return;
	sb_addf(out, "%-12s", what);
	clean_add(out, text);
	sb_addc(out, '\n');
}

static void
put_figure(struct sb *out, const char *what, const struct figure *f)
{
	if (f->id.n == 0)
		return;
	sb_addf(out, "%-12s", what);
	clean_add(out, f->text);
	if (f->query.n > 0) {
		sb_adds(out, "    of  ");
		clean_add(out, f->query);
	}
	sb_adds(out, "    [");
	clean_add(out, f->id);
	sb_adds(out, "]\n");
}

static void
more(struct sb *out, size_t n)
{
	if (n > LISTED)
		sb_addf(out, "  ... and %zu more\n", n - LISTED);
}

static void
put_series(const struct chain *c, struct sb *out)
{
	char from[TIME_TEXT], to[TIME_TEXT], x[NUM_TEXT], y[NUM_TEXT];
	size_t i;

	if (c->n_series > 0)
		sb_addf(out, "series      %zu\n", c->n_series);
	for (i = 0; i < c->n_series && i < LISTED; i++) {
		const struct chain_series *s = &c->series[i];

		sb_adds(out, "  ");
		clean_add(out, s->text);
		if (s->n == 0)
			sb_adds(out, ": no sample in that time\n");
		else
			sb_addf(out, ": %s at %s to %s at %s, samples: %zu\n", num_text(s->first.v, x), time_text(s->first.t, from),
			    num_text(s->last.v, y), time_text(s->last.t, to), s->n);
	}
	more(out, c->n_series);
}

void
chain_text(const struct chain *c, const char *(*lines)(void *ctx, size_t source), void *ctx, struct sb *out)
{
	char from[TIME_TEXT], to[TIME_TEXT];
	size_t i;

	put(out, "query", c->query);
	put(out, "rule", c->rule);
	if (c->from != TIME_NONE)
		sb_addf(out, "samples     %s to %s\n", time_text(c->from, from), time_text(c->to, to));
	put_series(c, out);
	if (c->n_lines > 0)
		sb_addf(out, "lines       %zu\n", c->n_lines);
	for (i = 0; i < c->n_lines && i < LISTED; i++) {
		sb_adds(out, "  ");
		clean_add(out, c->line[i].source);
		if (c->line[i].line > 0)
			sb_addf(out, ":%lld", (long long)c->line[i].line);
		sb_adds(out, "  ");
		clean_add(out, c->line[i].text);
		sb_addc(out, '\n');
	}
	more(out, c->n_lines);
	if (c->n_sources > 0)
		sb_addf(out, "artifacts   %zu\n", c->n_sources);
	for (i = 0; i < c->n_sources && (i < LISTED || lines != NULL); i++) {
		const struct chain_source *s = &c->source[i];

		sb_adds(out, "  ");
		clean_add(out, s->name);
		sb_addf(out, "  sha256 %" SV_FMT, SV_ARG(s->sha256));
		if (s->time != TIME_NONE) {
			sb_addf(out, "  taken %s (", time_text(s->time, from));
			clean_add(out, s->time_source);
			sb_addc(out, ')');
		}
		if (s->n > 0)
			sb_addf(out, "  samples: %zu", s->n);
		if (lines != NULL && s->n > 0)
			sb_addf(out, "  %s", lines(ctx, i));
		sb_addc(out, '\n');
	}
	if (lines == NULL)
		more(out, c->n_sources);
}

static void
put_ledger(const struct criterion_result *r, struct sb *out)
{
	const struct coverage *c = &r->coverage;
	char from[TIME_TEXT], to[TIME_TEXT], x[TIME_TEXT], y[TIME_TEXT];

	if (!r->has_coverage)
		return;
	put_figure(out, "coverage", &r->cover);
	sb_addf(out, "  covered %s of %s; first sample %s, last %s\n", time_length_text(c->covered, x), time_length_text(c->window, y),
	    time_text(c->first, from), time_text(c->last, to));
	sb_addf(out, "  samples %lld", (long long)c->samples);
	if (c->expected > 0)
		sb_addf(out, " of about %lld expected", (long long)c->expected);
	sb_addf(out, "; longest gap %s; restarts %lld\n", time_length_text(c->longest_gap, x), (long long)c->restarts);
	if (c->restarts > 0)
		sb_addf(out, "  hidden by restarts: %s to %s\n", time_length_text(c->unseen_min, x), time_length_text(c->unseen_max, y));
	if (r->excluded > 0)
		sb_addf(out, "  of the run its window leaves out %s\n", time_length_text(r->excluded, x));
}

static void
put_window(const struct verdict *v, const struct criterion_result *r, struct sb *out)
{
	char from[TIME_TEXT], to[TIME_TEXT];
	size_t i, k;

	for (i = 0; i < v->n_windows; i++) {
		const struct window_result *w = &v->windows[i];

		if (!sv_eq(w->name, r->criterion->over))
			continue;
		sb_adds(out, "window      ");
		clean_add(out, w->name);
		for (k = 0; k < w->n && k < LISTED; k++)
			sb_addf(out, "%s %s to %s", k > 0 ? "," : "", time_text(w->span[k].from, from), time_text(w->span[k].to, to));
		sb_adds(out, w->n == 0 ? " not found: " : "; ");
		clean_add(out, w->source);
		sb_addc(out, '\n');
	}
}

static void
put_findings(const struct criterion_result *r, struct sb *out)
{
	size_t i;

	if (r->n_findings > 0)
		sb_addf(out, "findings    %zu\n", r->n_findings);
	for (i = 0; i < r->n_findings && i < LISTED; i++) {
		sb_adds(out, "  ");
		clean_add(out, r->finding[i].text);
		if (r->finding[i].waiver != NULL) {
			sb_adds(out, "  waived by ");
			clean_add(out, r->finding[i].waiver->id);
		}
		sb_addc(out, '\n');
	}
	more(out, r->n_findings);
}

static void
put_people(const struct verdict *v, const struct criterion_result *r, struct sb *out)
{
	size_t i;

	for (i = 0; i < v->n_waivers; i++)
		if (sv_eq(v->waivers[i].waiver->criterion, r->criterion->id)) {
			put(out, "waiver", v->waivers[i].waiver->id);
			put(out, v->waivers[i].used ? "  reason" : "  not used", v->waivers[i].used ? v->waivers[i].waiver->reason : v->waivers[i].why);
		}
	for (i = 0; i < v->n_attestations; i++)
		if (sv_eq(v->attestations[i].attestation->criterion, r->criterion->id)) {
			put(out, "stated by", v->attestations[i].attestation->by);
			put(out, "  (manual)", v->attestations[i].attestation->statement);
			put(out, "  not used", v->attestations[i].why);
		}
}

int
verdict_explain(struct store *s, const struct verdict *v, struct sv criterion, struct sb *out, struct err *e)
{
	const struct criterion_result *r = NULL;
	struct chain chain;
	char buf[NUM_TEXT];
	size_t i;
	int rc;

	for (i = 0; i < v->n_criteria; i++)
		if (sv_eq(v->criteria[i].criterion->id, criterion))
			r = &v->criteria[i];
	if (r == NULL)
		return 0;
	sb_addf(out, "%s  ", outcome_text(r->outcome));
	clean_add(out, r->criterion->title);
	sb_addf(out, "%s%s%s\n", r->criterion->key ? " (key)" : "", r->criterion->optional ? " (optional)" : "",
	    r->manual ? " (manual)" : "");
	put(out, "because", r->sentence);
	if (r->outcome == OUTCOME_WAIVED)
		put(out, "would be", sv_of(outcome_text(r->before)));
	put(out, "kind", r->criterion->kind);
	put_window(v, r, out);
	put(out, "method", r->method);
	if (r->demonstrated.id.n > 0)
		put(out, "mode", r->criterion->mode == MODE_DEMONSTRATED ? SV("demonstrated") : SV("observed"));
	put_figure(out, "observed", &r->observed);
	put_figure(out, "required", &r->required);
	put_figure(out, "margin", &r->margin);
	put_figure(out, "n", &r->n);
	put_figure(out, "proves", &r->demonstrated);
	put(out, "bounds", r->confidence);
	sb_addf(out, "weight      %s\n", num_text(r->criterion->weight, buf));
	put_ledger(r, out);
	put_findings(r, out);
	put_people(v, r, out);
	put(out, "settle", r->settle);
	if (r->outcome == OUTCOME_FAIL)
		put(out, "action", r->criterion->action);
	buf[0] = '\0';
	{
		struct sb id = {0};

		sb_addf(&id, "criterion/%" SV_FMT, SV_ARG(criterion));
		rc = chain_open(s, v, sb_sv(&id), &chain, e);
		sb_free(&id);
	}
	if (rc > 0) {
		put(out, "rule", chain.rule);
		chain.query = SV(""); /* stands beside observed */
		chain.rule = SV("");
		chain_text(&chain, NULL, NULL, out);
	}
	chain_close(&chain);
	return rc;
}
