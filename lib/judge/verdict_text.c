/*
 * verdict_text - the verdict for a person at a terminal: decision first, then why, then the rest.
 */
#include <string.h>

#include "base/clean.h"
#include "judge/judge.h"

struct page {
	struct sb *out;
	size_t columns;
	bool colour;
};

static const char *
colour_of(enum outcome o)
{
	switch (o) {
	case OUTCOME_PASS:
		return "32";
	case OUTCOME_WARN:
	case OUTCOME_WAIVED:
		return "33";
	case OUTCOME_FAIL:
		return "1;31";
	case OUTCOME_INCONCLUSIVE:
		break;
	}
	return "1;33";
}

/* How many terminal columns a cleaned text takes, taking each character as one. */
static size_t
width(struct sv text)
{
	size_t i, n = 0;

	for (i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static void
paint(struct page *p, const char *colour, struct sv text, size_t pad)
{
	size_t w = width(text);

	if (p->colour)
		sb_addf(p->out, "\033[%sm", colour);
	sb_addv(p->out, text);
	if (p->colour)
		sb_adds(p->out, "\033[0m");
	for (; w < pad; w++)
		sb_addc(p->out, ' ');
}

/* Text from anywhere, cleaned, broken at blanks to fit, continuation lines indented. */
static void
wrap(struct page *p, size_t at, size_t indent, struct sv text)
{
	struct sb clean = {0};
	struct sv rest, word;
	bool first = true;
	size_t i;

	clean_add(&clean, text);
	rest = sb_sv(&clean);
	while (sv_split(&rest, ' ', &word)) {
		if (at > indent && at + !first + width(word) > p->columns) {
			while (p->out->n > 0 && p->out->buf[p->out->n - 1] == ' ')
				p->out->n--;
			sb_addc(p->out, '\n');
			for (i = 0; i < indent; i++)
				sb_addc(p->out, ' ');
			at = indent;
		} else if (!first) {
			sb_addc(p->out, ' ');
			at++;
		}
		sb_addv(p->out, word);
		at += width(word);
		first = false;
	}
	sb_addc(p->out, '\n');
	sb_free(&clean);
}

static void
heading(struct page *p, const char *text)
{
	sb_addc(p->out, '\n');
	paint(p, "1", sv_of(text), 0);
	sb_addc(p->out, '\n');
}

static void
bullet(struct page *p, struct sv text)
{
	sb_adds(p->out, "  - ");
	wrap(p, 4, 4, text);
}

static void
show_run(struct page *p, const struct verdict *v)
{
	char from[TIME_TEXT], to[TIME_TEXT];
	struct sb line = {0};

	sb_addf(&line, "run %s to %s", time_text(v->run.start, from), time_text(v->run.end, to));
	if (v->run.end_planned)
		sb_adds(&line, " (planned end: nothing says when it ended)");
	wrap(p, 0, 4, sb_sv(&line));
	sb_free(&line);
}

/* By whom, and what it would be. */
static void
show_waived(struct page *p, const struct verdict *v, const struct criterion_result *r)
{
	char until[TIME_TEXT];
	size_t i;

	for (i = 0; i < v->n_waivers; i++) {
		const struct profile_waiver *w = v->waivers[i].waiver;
		struct sb line = {0};

		if (!v->waivers[i].used || !sv_eq(w->criterion, r->criterion->id))
			continue;
		sb_addf(&line, "%" SV_FMT " (%s) accepted by %" SV_FMT ", approved by %" SV_FMT ", until %s: %" SV_FMT, SV_ARG(w->id),
		    outcome_text(r->before), SV_ARG(w->owner), SV_ARG(w->approver), time_text(w->expires, until), SV_ARG(w->reason));
		sb_adds(p->out, "                waiver ");
		wrap(p, 23, 16, sb_sv(&line));
		sb_free(&line);
	}
}

static void
show_criteria(struct page *p, const struct verdict *v)
{
	size_t i;

	heading(p, "Criteria");
	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];
		struct sb name = {0};

		sb_adds(p->out, "  ");
		paint(p, colour_of(r->outcome), sv_of(outcome_text(r->outcome)), 14);
		sb_addf(&name, "%" SV_FMT "%s%s%s", SV_ARG(r->criterion->id), r->criterion->key ? " (key)" : "",
		    r->criterion->optional ? " (optional)" : "", r->manual ? " (manual)" : "");
		wrap(p, 16, 16, sb_sv(&name));
		sb_free(&name);
		sb_adds(p->out, "                ");
		wrap(p, 16, 16, r->sentence);
		if (r->outcome == OUTCOME_WAIVED)
			show_waived(p, v, r);
		if (r->settle.n > 0) {
			sb_adds(p->out, "                would settle it: ");
			wrap(p, 33, 16, r->settle);
		}
		if (r->outcome == OUTCOME_FAIL && r->criterion->action.n > 0) {
			sb_adds(p->out, "                what to do: ");
			wrap(p, 28, 16, r->criterion->action);
		}
	}
}

/* What changed nothing is listed, so that nobody thinks it did. */
static void
show_idle(struct page *p, const struct verdict *v)
{
	struct sb line = {0};
	size_t i;

	heading(p, "Waivers and attestations that were not used");
	for (i = 0; i < v->n_waivers; i++) {
		sb_reset(&line);
		sb_addf(&line, "waiver %" SV_FMT " of %" SV_FMT ": %" SV_FMT, SV_ARG(v->waivers[i].waiver->id),
		    SV_ARG(v->waivers[i].waiver->criterion), SV_ARG(v->waivers[i].why));
		if (!v->waivers[i].used)
			bullet(p, sb_sv(&line));
	}
	for (i = 0; i < v->n_attestations; i++) {
		sb_reset(&line);
		sb_addf(&line, "attestation of %" SV_FMT " for %" SV_FMT ": %" SV_FMT, SV_ARG(v->attestations[i].attestation->by),
		    SV_ARG(v->attestations[i].attestation->criterion), SV_ARG(v->attestations[i].why));
		if (!v->attestations[i].used)
			bullet(p, sb_sv(&line));
	}
	sb_free(&line);
}

static bool
any_idle(const struct verdict *v)
{
	size_t i, n = 0;

	for (i = 0; i < v->n_waivers; i++)
		n += !v->waivers[i].used;
	for (i = 0; i < v->n_attestations; i++)
		n += !v->attestations[i].used;
	return n > 0;
}

static void
show_score(struct page *p, const struct verdict *v)
{
	sb_adds(p->out, "  ");
	paint(p, colour_of(v->score.outcome), sv_of(outcome_text(v->score.outcome)), 14);
	wrap(p, 16, 16, v->score.sentence);
}

static void
show_evidence(struct page *p, const struct verdict *v)
{
	size_t i, k;

	heading(p, "Evidence");
	for (i = 0; i < v->n_evidence; i++) {
		const struct evidence_result *r = &v->evidence[i];

		bullet(p, r->sentence);
		for (k = 0; k < r->n_brief; k++) {
			sb_adds(p->out, "      missing  ");
			wrap(p, 15, 15, r->brief[k]);
		}
	}
}

static void
show_claims(struct page *p, const struct verdict *v)
{
	size_t i, unaudited = 0;

	heading(p, "What the artifacts claim");
	for (i = 0; i < v->n_claims; i++) {
		if (v->claims[i].state == CLAIM_NOT_AUDITED) {
			unaudited++;
			continue;
		}
		sb_adds(p->out, "  ");
		paint(p, v->claims[i].state == CLAIM_EXPLAINED ? "32" : "1;31",
		    sv_of(claim_state_text(v->claims[i].state)), 14);
		wrap(p, 16, 16, v->claims[i].sentence);
	}
	if (unaudited > 0) {
		struct sb line = {0};

		sb_addf(&line, "%zu claim%s not audited (no definition in the profile)", unaudited,
		    unaudited == 1 ? "" : "s");
		sb_adds(p->out, "  ");
		wrap(p, 2, 2, sb_sv(&line));
		sb_free(&line);
	}
}

static void
show_rates(struct page *p, const struct verdict *v)
{
	size_t i;

	heading(p, "Success rates over the run");
	for (i = 0; i < v->n_rates; i++) {
		const struct rate_result *r = &v->rates[i];
		struct sb line = {0};

		sb_adds(p->out, "  ");
		paint(p, "0", r->rate.text, 14);
		sb_addf(&line, "%" SV_FMT " of %" SV_FMT " %" SV_FMT ": %" SV_FMT, SV_ARG(r->good.text),
		    SV_ARG(r->total.text), SV_ARG(r->title), SV_ARG(r->matcher));
		wrap(p, 16, 16, sb_sv(&line));
		sb_free(&line);
	}
}

static void
show_problems(struct page *p, const struct verdict *v)
{
	size_t i;

	heading(p, "Problems in the artifacts");
	for (i = 0; i < v->n_problems; i++) {
		const struct problem_line *l = &v->problems[i];
		struct sb line = {0};

		sb_addf(&line, "%" SV_FMT, SV_ARG(l->source));
		if (l->line > 0)
			sb_addf(&line, ":%lld", (long long)l->line);
		sb_addf(&line, "%s%" SV_FMT, line.n > 0 ? ": " : "", SV_ARG(l->text)); /* of no artifact: it names the file */
		bullet(p, sb_sv(&line));
		sb_free(&line);
	}
}

void
verdict_text(const struct verdict *v, int columns, bool colour, struct sb *out)
{
	struct page p = {out, columns < 40 ? 40 : (size_t)columns, colour};
	size_t i;

	paint(&p, colour_of(v->outcome), v->decision, 0);
	sb_adds(out, "  ");
	wrap(&p, v->decision.n + 2, 4, v->profile->title);
	wrap(&p, 0, 0, v->headline);
	show_run(&p, v);
	if (v->n_reasons > 0) {
		heading(&p, "Why");
		for (i = 0; i < v->n_reasons; i++)
			bullet(&p, v->reasons[i]);
	}
	show_criteria(&p, v);
	if (v->score.asked)
		show_score(&p, v);
	if (any_idle(v))
		show_idle(&p, v);
	if (v->n_evidence > 0)
		show_evidence(&p, v);
	if (v->n_contradictions > 0) {
		heading(&p, "Contradictions");
		for (i = 0; i < v->n_contradictions; i++)
			bullet(&p, v->contradictions[i].sentence);
	}
	if (v->n_claims > 0)
		show_claims(&p, v);
	if (v->n_rates > 0)
		show_rates(&p, v);
	if (v->n_problems > 0)
		show_problems(&p, v);
}
