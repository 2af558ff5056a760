#include "judge/sli.h"

#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/sources.h"

bool
sli_tolerance(const struct doc *node, double *v)
{
	struct sv text = sv_trim(node->text);

	if (!sv_ends(text, "%") || !num_parse(sv_trim(sv_head(text, text.n - 1)), v) || !(*v >= 0 && *v <= 100))
		return false;
	*v /= 100;
	return true;
}

int
sli_measure(struct judging *j, const struct criterion_result *r, const char *key, const struct span *span, size_t n,
    struct sli_part *part, struct err *e)
{
	const struct doc *node = doc_get(r->criterion->spec, key);

	part->text = node->text;
	if (result_selector(j->arena, node, &part->sel, e) < 0 ||
	    increase_over(&j->increase, part->sel, span, n, &part->grew, e) < 0)
		return -1;
	part->assumed = !part->grew.exists && r->criterion->absent_zero;
	return 0;
}

int
sli_sources(struct judging *j, struct criterion_result *r, const struct sli_part *a, const struct sli_part *b,
    struct err *e)
{
	struct sources *s = sources_new();
	int64_t from = r->coverage.first, to = r->coverage.last;
	int rc;

	rc = sources_samples(s, j, a->sel, from, to, e);
	if (rc == 0 && b != NULL)
		rc = sources_samples(s, j, b->sel, from, to, e);
	if (rc == 0)
		rc = sources_list(s, j, r, e);
	if (rc == 0)
		rc = sources_torn(s, j, r, e);
	sources_free(s);
	return rc;
}

/* Why nothing of a window is covered, and what would: the samples around its first span say it. */
static const char *
lack_of_samples(struct judging *j, const struct span *span, size_t n)
{
	const struct target_life *l;
	const char *times = n > 0 ? result_times(j->arena, span[0].from, span[0].to) : "";
	char every[TIME_TEXT];
	size_t i, k;

	for (i = 0; n > 0 && i < j->increase.n_life; i++) {
		l = &j->increase.life[i];
		for (k = 0; k < l->n && l->scrape[k] <= span[0].from; k++)
			;
		if (k > 0 && k < l->n)
			return arena_fmt(j->arena, "snapshots more often than every %s: the window from %s lies %s",
			    time_duration_text(span[0].to - span[0].from, every), times,
			    l->scrape[k] >= span[0].to ? "between two samples" : "around one sample only");
	}
	return arena_fmt(j->arena, "snapshots from %s: there are none around it", times);
}

bool
sli_measured(struct judging *j, struct criterion_result *r, const struct sli_part *p, const struct span *span, size_t n)
{
	if (p->grew.untold.n > 0 && !p->grew.metric_seen) {
		result_undecided(r, "Not measured: this counter does not tell such cases from others.",
		    arena_fmt(j->arena, "series of %" SV_FMT " with the label %" SV_FMT ", which none of them has",
			SV_ARG(p->text), SV_ARG(p->grew.untold)));
		return false;
	}
	if (p->grew.n_series > 0 && !p->grew.metric_seen) {
		result_undecided(r, "Not measured: when the artifacts that hold this counter were taken is not known.",
		    "the times of those snapshots: a pattern in the profile, or ingest with --time");
		return false;
	}
	if (!p->grew.metric_seen && !p->assumed) {
		result_undecided(r, "Not measured: no artifact holds this counter.",
		    arena_fmt(j->arena, "artifacts with samples of %" SV_FMT, SV_ARG(p->text)));
		return false;
	}
	if (p->grew.coverage.covered > 0)
		return true;
	result_undecided(r,
	    arena_fmt(j->arena, "Not measured: no two samples lie inside %s.", result_over(j, r)),
	    lack_of_samples(j, span, n));
	return false;
}

const char *
sli_more(struct judging *j, const struct criterion_result *r)
{
	if (r->coverage.window - r->coverage.covered <= r->coverage.hidden)
		return arena_fmt(j->arena, "samples closer to the restarts, which hid up to %s",
		    figure_length(j->arena, r->coverage.hidden));
	return arena_fmt(j->arena,
	    "samples for the %s of %s that none covers (the longest time between two samples is %s)",
	    figure_length(j->arena, r->coverage.window - r->coverage.covered), result_over(j, r),
	    figure_length(j->arena, r->coverage.longest_gap));
}

const char *
sli_count_text(struct arena *a, double v)
{
	struct figure f = {0};

	figure_count(a, &f, "", v);
	return arena_str(a, f.text);
}

const char *
sli_assumption(struct judging *j, const struct criterion_result *r, const struct sli_part *p)
{
	if (p == NULL || !p->assumed)
		return "";
	return arena_fmt(j->arena, " (never seen, taken as 0: %" SV_FMT ")", SV_ARG(r->criterion->absent_reason));
}
