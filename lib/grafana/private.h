/*
 * private - what the files of lib/grafana share.
 */
#ifndef SOAK_GRAFANA_PRIVATE_H
#define SOAK_GRAFANA_PRIVATE_H

#include "grafana/grafana.h"

/* Scalars of a map, with what stands for none. A number may be written as text. */
struct sv gf_str(const struct doc *m, const char *path);
double gf_num(const struct doc *m, const char *path, double none);
bool gf_bool(const struct doc *m, const char *path, bool none);

/* Panels of the second generation, and the variables. */
int gf_read_second(struct gf_dashboard *d, const struct doc *root, struct err *e);
void gf_read_vars(struct gf_dashboard *d, const struct doc *list);
/* Fills in a target; fallback is the type of the panel's data source. */
void gf_read_target(struct gf_dashboard *d, const struct doc *m, struct sv fallback, struct gf_target *t);
/* The type of a data source as named in a panel or target: an object, a name, a variable. */
struct sv gf_source_type(struct gf_dashboard *d, const struct doc *source);

/* For which data source a target was made that names none; "" unknown. */
struct sv gf_source_by_shape(const struct doc *target);
/* The look of a graph, singlestat and table of before version 7. */
void gf_old_graph(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f);
void gf_old_single(struct gf_dashboard *d, const struct gf_panel *p, struct gf_field *f);
void gf_old_table(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f);

#endif
