/*
 * OpenMetrics 1.0 (github.com/prometheus/OpenMetrics, specification/OpenMetrics.md):
 * "openmetrics". How it is told from text 0.0.4 stands in prom_probe.c.
 */
#include "read/prom_probe.h"
#include "read/prom_read.h"
#include "read/read.h"

static const char *
probe(const struct read_input *in)
{
	return prom_probe(in->head) == PROM_FORMAT_OPENMETRICS ? "openmetrics" : NULL;
}

static int
read_openmetrics(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	return prom_read(in, sink, true, e);
}

const struct reader reader_openmetrics = {probe, read_openmetrics, {{"openmetrics", "OpenMetrics 1.0, with its # EOF"}}};
