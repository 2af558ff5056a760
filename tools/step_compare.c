#include "step_compare.h"

#include <math.h>

#include "base/json.h"
#include "base/num.h"
#include "judge/query.h"
#include "table.h"

static const char *const way_text[] = {[VERSUS_SAME] = "~", [VERSUS_BETTER] = "better", [VERSUS_WORSE] = "worse"};

/* "0.558 %", or a number; signed: "+0.002 %" */
static void
amount(struct table *t, const struct compare_row *r, double v, bool sign)
{
	char buf[NUM_TEXT];

	table_cellf(t, "%s%s%s", sign && v > 0 ? "+" : "", query_number(r->share ? v * 100 : v, buf), r->share ? " %" : "");
}

static void
add_row(struct table *t, const struct compare_row *r)
{
	char low[NUM_TEXT], high[NUM_TEXT];
	double scale = r->share ? 100 : 1;

	table_cell(t, r->id);
	if (!r->v.known) {
		table_cell(t, SV(""));
		table_cell(t, SV(""));
		table_cell(t, SV(""));
		table_cell(t, SV(""));
		table_cell(t, SV("?"));
		table_cellf(t, "%s%s", r->gate ? "INCONCLUSIVE: " : "", r->v.why);
		table_row(t);
		return;
	}
	amount(t, r, r->v.baseline, false);
	amount(t, r, r->v.candidate, false);
	amount(t, r, r->v.difference, true);
	table_cellf(t, "%s to %s", query_number(r->v.interval.low * scale, low), query_number(r->v.interval.high * scale, high));
	table_cell(t, sv_of(way_text[r->v.way]));
	if (!r->gate)
		table_cell(t, SV(""));
	else if (r->v.unlike != NULL)
		table_cellf(t, "INCONCLUSIVE: not comparable: %s", r->v.unlike);
	else
		table_cell(t, sv_of(outcome_text(r->v.outcome)));
	table_row(t);
}

void
compare_table(const struct compare_report *r, bool tsv, struct sb *out)
{
	static const char *const head[] = {"criterion", "baseline", "candidate", "worse by", "95 %", "", "verdict"};
	struct table t = {0};
	char start[TIME_TEXT], end[TIME_TEXT];
	const struct when_run *run[] = {&r->baseline, &r->candidate};

	for (size_t i = 0; i < 2 && !tsv; i++)
		sb_addf(out, "%s %s to %s\n", i == 0 ? "baseline " : "candidate", time_text(run[i]->start, start),
		    time_text(run[i]->end, end));
	if (!tsv && r->unlike != NULL)
		sb_addf(out, "NOT COMPARABLE: %s\n", r->unlike);
	for (size_t i = 0; i < 7; i++)
		table_cell(&t, sv_of(head[i]));
	table_row(&t);
	for (size_t i = 0; i < r->n; i++)
		add_row(&t, &r->row[i]);
	table_write(&t, tsv, out);
	table_free(&t);
	if (tsv || r->alike->n == 0)
		return;
	sb_adds(out, "\nNot the same in both runs\n");
	for (size_t i = 0; i < r->alike->n; i++) {
		table_cell(&t, r->alike->fact[i].path);
		table_cell(&t, r->alike->fact[i].baseline.n > 0 ? r->alike->fact[i].baseline : SV("(not said)"));
		table_cell(&t, r->alike->fact[i].candidate.n > 0 ? r->alike->fact[i].candidate : SV("(not said)"));
		table_row(&t);
	}
	table_write(&t, false, out);
	table_free(&t);
}

static void
run_json(struct json *j, const char *key, const struct when_run *run)
{
	json_map(j, key);
	json_time(j, "start", run->start);
	json_time(j, "end", run->end);
	json_end(j);
}

static void
row_json(struct json *j, const struct compare_row *r)
{
	json_map(j, NULL);
	json_str(j, "id", r->id);
	json_str(j, "title", r->title);
	json_cstr(j, "unit", r->share ? "ratio" : "");
	json_bool(j, "gate", r->gate);
	json_cstr(j, "verdict", r->gate ? outcome_text(r->v.outcome) : NULL);
	json_cstr(j, "reason", r->v.known ? r->v.unlike : r->v.why);
	if (r->v.known) {
		json_num(j, "baseline", r->v.baseline);
		json_num(j, "candidate", r->v.candidate);
		json_num(j, "worse_by", r->v.difference);
		json_num(j, "low", r->v.interval.low);
		json_num(j, "high", r->v.interval.high);
		json_num(j, "allowed", r->v.allowed);
		json_num(j, "effect_size", r->v.chance);
		json_num(j, "n_baseline", r->v.n_baseline);
		json_num(j, "n_candidate", r->v.n_candidate);
		json_num(j, "covered_baseline", r->v.covered_baseline);
		json_num(j, "covered_candidate", r->v.covered_candidate);
		json_cstr(j, "change", way_text[r->v.way]);
	}
	json_end(j);
}

void
compare_json(const struct compare_report *r, struct sb *out)
{
	struct json j = {.out = out};

	json_map(&j, NULL);
	json_int(&j, "schema", 1);
	json_cstr(&j, "verdict", outcome_text(r->outcome));
	json_bool(&j, "comparable", r->unlike == NULL);
	json_cstr(&j, "not_comparable", r->unlike);
	run_json(&j, "baseline", &r->baseline);
	run_json(&j, "candidate", &r->candidate);
	json_list(&j, "rows");
	for (size_t i = 0; i < r->n; i++)
		row_json(&j, &r->row[i]);
	json_end(&j);
	json_list(&j, "differing_facts");
	for (size_t i = 0; i < r->alike->n; i++) {
		json_map(&j, NULL);
		json_str(&j, "path", r->alike->fact[i].path);
		json_str(&j, "baseline", r->alike->fact[i].baseline);
		json_str(&j, "candidate", r->alike->fact[i].candidate);
		json_bool(&j, "condition", r->alike->fact[i].condition);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
}
