/*
 * Whom a query asks, and why it cannot be asked here.
 */
#include "grafana/private.h"

static struct sv
lower(struct gf_dashboard *d, struct sv v)
{
	char *s = arena_str(&d->arena, v);
	size_t i;

	for (i = 0; i < v.n; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] - 'A' + 'a');
	return (struct sv){s, v.n};
}

/* What a name says about the type: "Loki", "${DS_PROMETHEUS}", "grafana-loki". */
static struct sv
type_by_name(struct gf_dashboard *d, struct sv name)
{
	static const char *const known[] = {"prometheus", "loki", "elasticsearch", "influxdb", "graphite", "mysql", "postgres", "clickhouse",
	    "cloudwatch", "tempo", "jaeger", "opentsdb", "testdata", "zabbix", "infinity", NULL};
	struct sv v = lower(d, name);
	size_t i;

	for (i = 0; known[i] != NULL; i++)
		if (sv_find(v, sv_of(known[i])) < v.n)
			return sv_of(known[i]);
	return SV("");
}

/* "${x}", "$x", "[[x]]": the x. */
static struct sv
var_name(struct sv v)
{
	if (sv_starts(v, "${") && sv_ends(v, "}"))
		return sv_head(sv_from(v, 2), v.n - 3);
	if (sv_starts(v, "[[") && sv_ends(v, "]]"))
		return sv_head(sv_from(v, 2), v.n - 4);
	return sv_starts(v, "$") ? sv_from(v, 1) : (struct sv){NULL, 0};
}

struct sv
gf_source_type(struct gf_dashboard *d, const struct doc *source)
{
	struct sv name, type = gf_str(source, "type");
	const struct doc *in;
	size_t i;

	if (source == NULL || source->kind == DOC_NULL)
		return SV("");
	if (source->kind == DOC_MAP && type.n > 0 && var_name(type).n == 0)
		return type;
	name = source->kind == DOC_STRING ? source->text : gf_str(source, "uid");
	if (sv_is(name, "-- Dashboard --") || sv_is(name, "-- Grafana --") || sv_is(name, "-- Mixed --") || sv_is(name, "__expr__"))
		return name;
	if (var_name(name).n > 0) {
		for (i = 0; i < d->n_vars; i++)
			if (sv_eq(d->var[i].name, var_name(name)) && sv_is(d->var[i].type, "datasource"))
				return d->var[i].query;
		for (in = doc_first(doc_get(d->root, "__inputs")); in != NULL; in = in->next)
			if (sv_eq(gf_str(in, "name"), var_name(name)))
				return gf_str(in, "pluginId");
	}
	return type_by_name(d, name);
}

/* A query that names no data source shows by its keys for which it was made. */
struct sv
gf_source_by_shape(const struct doc *target)
{
	static const struct {
		const char *key, *type;
	} shape[] = {{"rawSql", "SQL"}, {"rawQuery", "influxdb"}, {"measurement", "influxdb"}, {"bucketAggs", "elasticsearch"}, {"target", "graphite"},
	    {"targetFull", "graphite"}, {"metricName", "cloudwatch"}, {"dimensions", "cloudwatch"}, {"azureMonitor", "azure-monitor"}, {"timeSeriesQuery", "stackdriver"},
	    {"metricQuery", "stackdriver"}, {"scenarioId", "testdata"}, {"aggregator", "opentsdb"}, {"itemFilter", "zabbix"}, {"item", "zabbix"},
	    {"logGroupNames", "cloudwatch"}, {"url_options", "infinity"}};
	size_t i;

	for (i = 0; i < sizeof(shape) / sizeof(*shape); i++)
		if (doc_get(target, shape[i].key) != NULL)
			return sv_of(shape[i].type);
	return SV("");
}

static bool
speaks_promql(struct sv source)
{
	static const char *const known[] = {"", "prometheus", "victoriametrics-metrics-datasource", "victoriametrics-datasource",
	    "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource", "-- Dashboard --", "datasource", NULL};
	size_t i;

	for (i = 0; known[i] != NULL; i++)
		if (sv_is(source, known[i]))
			return true;
	return false;
}

const char *
gf_refused_target(const struct gf_target *t, struct arena *a)
{
	const char *ref = t->ref_id.n > 0 ? arena_str(a, t->ref_id) : "?";

	if (t->expression.n > 0)
		return NULL;
	if (!speaks_promql(t->source))
		return arena_fmt(a, "query %s is for %" SV_FMT ", not Prometheus", ref, SV_ARG(t->source));
	if (t->expr.n == 0)
		return arena_fmt(a, "query %s has no PromQL expression", ref);
	return NULL;
}

const char *
gf_other_language(struct sv expr)
{
	static const char *const log[] = {"|=", "|~", "| json", "|json", "| logfmt", "|logfmt", "| line_format", "| pattern", "| unwrap", "|unwrap", NULL};
	static const char *const metrics[] = {"WITH (", "WITH(", "keep_metric_names", " default ", " ifnot ", "rollup", "range_", "running_", "_over_time_", "label_set(",
	    "label_map(", "label_match(", "label_keep(", "label_del(", "label_copy(", "label_transform(", "union(", "topk_max(", "topk_avg(", "topk_last(", "bottomk_",
	    "share_", "median(", "histogram(", "buckets_limit(", "prometheus_buckets(", "remove_resets(", "interpolate(", "keep_last_value(", "sort_by_label(", "limit_offset(",
	    "limitk(", "increases_over_time(", "distinct(", "distinct_over_time(", "outliersk(", "any(", "now()", "alias(", "default_rollup(", "increase_pure(", "lag(", "zscore", NULL};
	size_t i;

	for (i = 0; log[i] != NULL; i++)
		if (sv_find(expr, sv_of(log[i])) < expr.n)
			return "LogQL";
	for (i = 0; metrics[i] != NULL; i++)
		if (sv_find(expr, sv_of(metrics[i])) < expr.n)
			return "MetricsQL";
	return NULL;
}

const char *
gf_refused_type(struct sv type)
{
	static const struct {
		const char *type, *why;
	} known[] = {{"", "it has no type"}, {"logs", "logs are not in Prometheus"}, {"traces", "traces are not in Prometheus"}, {"nodeGraph", "node graphs are not drawn"},
	    {"flamegraph", "profiles are not in Prometheus"}, {"alertlist", "the server's alerts are not in the dashboard (soak-alerts evaluates rules)"},
	    {"alertGroups", "the server's alerts are not in the dashboard (soak-alerts evaluates rules)"}, {"dashlist", "a list of the server's dashboards"},
	    {"news", "a feed from the network"}, {"annolist", "a list of the server's annotations"}, {"geomap", "maps are not drawn"},
	    {"grafana-worldmap-panel", "maps are not drawn"}, {"canvas", "canvases are not drawn"}, {"welcome", "a greeting of the server"},
	    {"pluginlist", "a list of the server's plugins"}, {"gettingstarted", "a greeting of the server"}, {"datagrid", "a grid that is edited on the server"}, {"live", "a stream of the server"},
	    {"debug", "a view into the server"}, {"grafana-clock-panel", "a clock"}, {"jdbranham-diagram-panel", "diagrams are not drawn"},
	    {"agenty-flowcharting-panel", "diagrams are not drawn"}, {"andrewbmchugh-flow-panel", "diagrams are not drawn"}, {"grafana-image-renderer", "a picture of the server"}};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_is(type, known[i].type))
			return known[i].why;
	return NULL;
}
