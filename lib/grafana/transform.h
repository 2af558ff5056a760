/*
 * transform - what the families of transformations share: tables cut, searched and built anew.
 *
 * Knows tables and options; not panels, queries or pictures.
 */
#ifndef SOAK_GRAFANA_TRANSFORM_H
#define SOAK_GRAFANA_TRANSFORM_H

#include "grafana/frame.h"
#include "grafana/private.h"

#define GF_MOST_ROWS 20000 /* of a table that is joined or turned around */

/* Is that the column's name, given or shown? */
bool gf_called(const struct gf_column *c, struct sv name);
/* By the name that is shown, else by its own; NULL none. */
struct gf_column *gf_column_named(const struct gf_frame *f, struct sv name);
const struct gf_column *gf_first_of(const struct gf_frame *f, enum gf_kind kind);
/* Is the column called as one of the list's texts? */
bool gf_in_list(const struct doc *list, const struct gf_column *c);
void gf_keep_columns(struct gf_frame *f, const bool *keep);
void gf_keep_rows(struct gf_frame *f, const bool *keep);
/* Numbers in their order, NaN first; texts with their numbers in order. */
int gf_compare_cells(enum gf_kind kind, const struct gf_cell *a, const struct gf_cell *b);
bool gf_same_cells(enum gf_kind kind, const struct gf_cell *a, const struct gf_cell *b);
struct sv gf_cell_text(const struct gf_column *c, size_t r, struct arena *a);
/* Cells are NaN and without text. The frames' arena's. */
struct gf_frame gf_frame_new(struct gf_frames *all, size_t columns, size_t rows);
/* All frames are replaced by this one. */
void gf_become(struct gf_frames *all, struct gf_frame f);
/* Takes the look of a column over, but not its cells. */
void gf_column_like(struct gf_column *to, const struct gf_column *from);

/* The transformations; false: its mode is not understood, and nothing was changed. */
typedef bool gft_function(struct gf_frames *all, const struct doc *options);
gft_function gft_organize, gft_rename_by_regex, gft_filter_by_name, gft_filter_by_ref, gft_convert_types;
gft_function gft_sort_by, gft_limit, gft_filter_by_value, gft_group_by, gft_histogram;
gft_function gft_merge, gft_join_by_field, gft_concatenate;
gft_function gft_reduce, gft_series_to_rows, gft_labels_to_fields, gft_rows_to_fields, gft_series_table, gft_join_by_labels;
gft_function gft_matrix, gft_transpose, gft_partition;
gft_function gft_calculate;
gft_function gft_extract, gft_config;

#endif
