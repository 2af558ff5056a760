/*
 * The transformations by their names, in the order that a panel wants them.
 */
#include "grafana/transform.h"

/* What only says how something is shown that is shown here as it is. */
static bool
nothing(struct gf_frames *all, const struct doc *options)
{
	(void)all;
	(void)options;
	return true;
}

static const struct {
	const char *id;
	gft_function *apply;
} known[] = {{"organize", gft_organize}, {"merge", gft_merge}, {"joinByField", gft_join_by_field}, {"seriesToColumns", gft_join_by_field},
    {"joinByLabels", gft_join_by_labels}, {"groupBy", gft_group_by}, {"renameByRegex", gft_rename_by_regex},
    {"filterFieldsByName", gft_filter_by_name}, {"filterByRefId", gft_filter_by_ref}, {"filterByValue", gft_filter_by_value},
    {"sortBy", gft_sort_by}, {"limit", gft_limit}, {"reduce", gft_reduce}, {"labelsToFields", gft_labels_to_fields},
    {"seriesToRows", gft_series_to_rows}, {"concatenate", gft_concatenate}, {"calculateField", gft_calculate},
    {"rowsToFields", gft_rows_to_fields}, {"convertFieldType", gft_convert_types}, {"timeSeriesTable", gft_series_table},
    {"groupingToMatrix", gft_matrix}, {"transpose", gft_transpose}, {"partitionByValues", gft_partition},
    {"histogram", gft_histogram}, {"extractFields", gft_extract}, {"configFromData", gft_config}, {"prepareTimeSeries", nothing}, {"formatTime", nothing}, {"formatString", nothing}, {"heatmap", nothing}, {"", nothing}};

static bool
apply(struct gf_frames *all, struct sv id, const struct doc *options)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_is(id, known[i].id))
			return known[i].apply(all, options);
	return false;
}


void
gf_transform(const struct gf_panel *p, struct gf_frames *f, struct sv *unknown)
{
	const struct doc *t;

	*unknown = SV("");
	for (t = doc_first(p->transformations); t != NULL; t = t->next) {
		struct sv id = gf_str(t, "id");
		const struct doc *options = doc_get(t, "options");

		/* The second generation: {"kind": "organize", "spec": {...}}. */
		if (id.n == 0 && doc_get(t, "spec") != NULL) {
			id = gf_str(t, "kind");
			if (gf_str(t, "group").n > 0)
				id = gf_str(t, "group");
			options = doc_path(t, SV("spec.options"));
		}
		if (gf_bool(t, "disabled", false) || gf_bool(t, "spec.disabled", false))
			continue;
		if (!apply(f, id, options) && unknown->n == 0)
			*unknown = id;
	}
}

void
gf_merge(struct gf_frames *f)
{
	gft_merge(f, NULL);
}
