/*
 * prom_probe - is this head Prometheus text 0.0.4, OpenMetrics, or neither?
 *
 * Neither says so inside the file: the content type that told them apart was lost with
 * the HTTP answer. prom_probe.c states the rule.
 */
#ifndef SOAK_READ_PROM_PROBE_H
#define SOAK_READ_PROM_PROBE_H

#include "base/str.h"

enum prom_format { PROM_FORMAT_NONE, PROM_FORMAT_TEXT, PROM_FORMAT_OPENMETRICS };

enum prom_format prom_probe(struct sv head);

#endif
