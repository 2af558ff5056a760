/*
 * verdict_md - the verdict as a short Markdown page: for a pull request, a ticket, a CI step's summary.
 */
#include <string.h>

#include "base/clean.h"
#include "judge/lines.h"

/* Text that stays text wherever it stands in Markdown (CommonMark 2.4 and GitHub's extensions), also in a table. */
static void
put(struct sb *out, struct sv text)
{
	struct sb clean = {0};
	size_t i;

	clean_add(&clean, text);
	for (i = 0; i < clean.n; i++) {
		char c = sb_str(&clean)[i];

		if (c == '<')
			sb_adds(out, "&lt;");
		else if (c == '>')
			sb_adds(out, "&gt;");
		else if (c == '&')
			sb_adds(out, "&amp;");
		else if (c == '@')
			sb_adds(out, "&#64;"); /* mentions nobody */
		else if (c == ':' && i + 1 < clean.n && sb_str(&clean)[i + 1] == '/')
			sb_adds(out, "&#58;"); /* links nowhere */
		else {
			if (strchr("\\`*_{}[]()#|~!$", c) != NULL)
				sb_addc(out, '\\');
			sb_addc(out, c);
		}
	}
	sb_free(&clean);
}

static void
put_table(const struct verdict *v, const struct verdict_lines *l, struct sb *out)
{
	size_t i;

	sb_adds(out, "\n| Verdict | Criterion | Observed | Required | Coverage |\n| --- | --- | ---: | ---: | ---: |\n");
	for (i = 0; i < l->line.n; i++) {
		const struct criterion_result *r = l->line.v[i].criterion;

		if (r == NULL)
			continue;
		sb_addf(out, "| **%s** | ", outcome_text(l->line.v[i].outcome));
		put(out, r->criterion->title);
		sb_addf(out, "%s%s%s | ", r->criterion->key ? " (key)" : "", r->criterion->optional ? " (optional)" : "",
		    r->manual ? " (manual)" : "");
		put(out, r->observed.text);
		sb_adds(out, " | ");
		put(out, r->required.text);
		sb_adds(out, " | ");
		put(out, r->has_coverage ? r->cover.text : SV("n/a"));
		sb_adds(out, " |\n");
	}
	if (v->score.asked) {
		sb_adds(out, "\nScore: ");
		put(out, v->score.sentence);
		sb_addc(out, '\n');
	}
}

/* All lines of one outcome but the decision. */
static void
put_list(const struct verdict_lines *l, const char *heading, enum outcome which, struct sb *out)
{
	bool any = false;
	size_t i;

	for (i = 0; i < l->line.n; i++) {
		const struct verdict_line *line = &l->line.v[i];

		if (line->outcome != which || strcmp(line->group, "decision") == 0)
			continue;
		if (!any)
			sb_addf(out, "\n### %s\n\n", heading);
		any = true;
		sb_adds(out, "- **");
		put(out, line->title);
		sb_adds(out, line->tolerated ? "** (optional): " : "**: ");
		put(out, line->sentence);
		if (line->settle.n > 0) {
			sb_adds(out, " *Would settle it:* ");
			put(out, line->settle);
			sb_addc(out, '.');
		}
		sb_addc(out, '\n');
	}
}

static void
put_waivers(const struct verdict *v, struct sb *out)
{
	char until[TIME_TEXT];
	size_t i;

	for (i = 0; i < v->n_waivers; i++) {
		const struct profile_waiver *w = v->waivers[i].waiver;

		sb_adds(out, i == 0 ? "\n### Waivers\n\n- **" : "- **");
		put(out, w->id);
		sb_adds(out, "** for ");
		put(out, w->criterion);
		sb_adds(out, ", owner ");
		put(out, w->owner);
		sb_adds(out, ", approved by ");
		put(out, w->approver);
		sb_addf(out, ", until %s: ", time_text(w->expires, until));
		put(out, w->reason);
		if (!v->waivers[i].used) {
			sb_adds(out, " *Not used:* ");
			put(out, v->waivers[i].why);
			sb_addc(out, '.');
		}
		sb_addc(out, '\n');
	}
}

void
verdict_md(const struct verdict *v, bool strict, struct sb *out)
{
	struct verdict_lines lines;
	char from[TIME_TEXT], to[TIME_TEXT];

	lines_open(v, strict, &lines);
	sb_addf(out, "## %" SV_FMT ": ", SV_ARG(v->decision));
	put(out, v->profile->title);
	sb_adds(out, "\n\n");
	put(out, v->headline);
	sb_addf(out, ". Run %s to %s%s.\n", time_text(v->run.start, from), time_text(v->run.end, to),
	    v->run.end_planned ? " (planned end)" : "");
	put_table(v, &lines, out);
	put_list(&lines, "Failed", OUTCOME_FAIL, out);
	put_list(&lines, "Warned", OUTCOME_WARN, out);
	put_list(&lines, "Cannot be decided", OUTCOME_INCONCLUSIVE, out);
	put_waivers(v, out);
	lines_close(&lines);
}
