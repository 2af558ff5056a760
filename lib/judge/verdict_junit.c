/*
 * verdict_junit - the verdict as JUnit XML, for CI servers that show tests.
 *
 * FAIL is a failure. INCONCLUSIVE is an error, never "skipped", which CI servers show as harmless; only what the profile
 * tolerates (optional) is a skipped case, since the decision stands without it. The decision itself is the first case.
 */
#include "base/clean.h"
#include "judge/lines.h"

static const char *
element_of(const struct verdict_line *l)
{
	switch (l->outcome) {
	case OUTCOME_FAIL:
		return "failure";
	case OUTCOME_INCONCLUSIVE:
		return l->tolerated ? "skipped" : "error";
	case OUTCOME_PASS:
	case OUTCOME_WARN:
	case OUTCOME_WAIVED:
		break;
	}
	return NULL;
}

static void
put_case(const struct verdict_line *l, struct sv suite, struct sb *out)
{
	const char *element = element_of(l);

	sb_adds(out, "    <testcase classname=\"");
	clean_xml(out, suite);
	sb_addf(out, ".%s\" name=\"", l->group);
	clean_xml(out, l->id);
	sb_adds(out, "\" time=\"0\">\n");
	if (element != NULL) {
		sb_addf(out, "      <%s type=\"%s\" message=\"", element, outcome_text(l->outcome));
		clean_xml(out, l->sentence);
		sb_adds(out, "\">");
		clean_xml(out, l->sentence);
		if (l->settle.n > 0) {
			sb_adds(out, " Would settle it: ");
			clean_xml(out, l->settle);
			sb_addc(out, '.');
		}
		sb_addf(out, "</%s>\n", element);
	} else {
		sb_addf(out, "      <system-out>%s: ", outcome_text(l->outcome));
		clean_xml(out, l->sentence);
		sb_adds(out, "</system-out>\n");
	}
	sb_adds(out, "    </testcase>\n");
}

void
verdict_junit(const struct verdict *v, bool strict, struct sb *out)
{
	size_t i, failures = 0, errors = 0, skipped = 0;
	struct verdict_lines lines;
	struct sb counts = {0};

	lines_open(v, strict, &lines);
	for (i = 0; i < lines.line.n; i++) {
		const struct verdict_line *l = &lines.line.v[i];

		failures += l->outcome == OUTCOME_FAIL;
		errors += l->outcome == OUTCOME_INCONCLUSIVE && !l->tolerated;
		skipped += l->tolerated;
	}
	sb_addf(&counts, "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", lines.line.n, failures, errors);
	sb_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"soakproof\" %s time=\"0\">\n  <testsuite name=\"",
	    sb_str(&counts));
	clean_xml(out, v->profile->name);
	sb_addf(out, "\" %s skipped=\"%zu\" time=\"0\">\n", sb_str(&counts), skipped);
	for (i = 0; i < lines.line.n; i++)
		put_case(&lines.line.v[i], v->profile->name, out);
	sb_adds(out, "  </testsuite>\n</testsuites>\n");
	sb_free(&counts);
	lines_close(&lines);
}
