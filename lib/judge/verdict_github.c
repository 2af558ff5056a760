/*
 * verdict_github - workflow commands that GitHub Actions turns into annotations.
 *
 * Data is escaped as the runner unescapes it (actions/toolkit, core/src/command.ts): what stands in an artifact cannot
 * begin a command of its own.
 */
#include "base/clean.h"
#include "judge/lines.h"

static void
put(struct sb *out, struct sv text, bool property)
{
	struct sb clean = {0};
	size_t i;

	clean_add(&clean, text);
	for (i = 0; i < clean.n; i++) {
		char c = sb_str(&clean)[i];

		if (c == '%' || (property && (c == ':' || c == ',')))
			sb_addf(out, "%%%02X", (unsigned)c);
		else
			sb_addc(out, c);
	}
	sb_free(&clean);
}

static const char *
level_of(const struct verdict_line *l)
{
	switch (l->outcome) {
	case OUTCOME_FAIL:
		return "error";
	case OUTCOME_INCONCLUSIVE:
		return l->tolerated ? "notice" : "error";
	case OUTCOME_WARN:
		return "warning";
	case OUTCOME_WAIVED:
		return "notice";
	case OUTCOME_PASS:
		break;
	}
	return NULL;
}

void
verdict_github(const struct verdict *v, bool strict, struct sb *out)
{
	struct verdict_lines lines;
	size_t i;

	lines_open(v, strict, &lines);
	for (i = 0; i < lines.line.n; i++) {
		const struct verdict_line *l = &lines.line.v[i];
		const char *level = level_of(l);

		if (level == NULL && i > 0)
			continue;
		sb_addf(out, "::%s title=", level == NULL ? "notice" : level);
		put(out, i == 0 ? v->decision : sv_of(outcome_text(l->outcome)), true);
		sb_adds(out, "%3A ");
		put(out, i == 0 ? v->profile->title : l->title, true);
		sb_adds(out, "::");
		put(out, l->sentence, false);
		if (l->settle.n > 0) {
			sb_adds(out, " Would settle it: ");
			put(out, l->settle, false);
			sb_addc(out, '.');
		}
		sb_addc(out, '\n');
	}
	lines_close(&lines);
}
