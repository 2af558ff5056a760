/*
 * verdict_tsv - the verdict as a table, a thing that was judged a line: for cut, awk and spreadsheets.
 */
#include "base/clean.h"
#include "base/num.h"
#include "judge/lines.h"

/* A cell has neither tabs nor newlines: clean text shows them as \x09 and \x0a. */
static void
put(struct sb *out, struct sv text, char end)
{
	clean_add(out, text);
	sb_addc(out, end);
}

static void
put_number(struct sb *out, const struct figure *f)
{
	char buf[NUM_TEXT];

	if (f != NULL && f->known)
		sb_adds(out, num_text(f->value, buf));
	sb_addc(out, '\t');
}

void
verdict_tsv(const struct verdict *v, bool strict, struct sb *out)
{
	struct verdict_lines lines;
	size_t i;

	lines_open(v, strict, &lines);
	sb_adds(out, "group\tid\tverdict\tkey\toptional\tmanual\tobserved\trequired\tmargin\tn\tcoverage\tunit\ttitle\tsentence\tsettle\n");
	for (i = 0; i < lines.line.n; i++) {
		const struct verdict_line *l = &lines.line.v[i];
		const struct criterion_result *r = l->criterion;

		sb_addf(out, "%s\t", l->group);
		put(out, l->id, '\t');
		sb_addf(out, "%s\t%s\t%s\t%s\t", outcome_text(l->outcome), r != NULL && r->criterion->key ? "key" : "",
		    l->tolerated || (r != NULL && r->criterion->optional) ? "optional" : "", r != NULL && r->manual ? "manual" : "");
		put_number(out, r != NULL ? &r->observed : NULL);
		put_number(out, r != NULL ? &r->required : NULL);
		put_number(out, r != NULL ? &r->margin : NULL);
		put_number(out, r != NULL ? &r->n : NULL);
		put_number(out, r != NULL && r->has_coverage ? &r->cover : NULL);
		put(out, r != NULL ? r->observed.unit : SV(""), '\t');
		put(out, l->title, '\t');
		put(out, l->sentence, '\t');
		put(out, l->settle, '\n');
	}
	lines_close(&lines);
}
