#include "step_chart_opts.h"
int chart_set(struct chart_opts *o) { tool_usage(o->tool, "chart sets are not built yet"); }
