/* Dashboards: panels of all generations, fields and their overrides, variables in texts, tables transformed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/time.h"
#include "grafana/frame.h"

static void
read_board(const char *json, struct gf_dashboard *d)
{
	struct err e = {0};

	if (gf_read("x", sv_of(json), d, &e) != 0)
		fail_msg("%s", e.msg);
}

static void
test_generations(void **state)
{
	struct gf_dashboard d;
	struct err e = {0};

	(void)state;
	read_board("{\"title\":\"a\",\"schemaVersion\":39,\"panels\":[{\"id\":1,\"type\":\"row\",\"panels\":[{\"id\":2,\"type\":\"stat\"}]},{\"id\":3,\"type\":\"text\",\"options\":{\"content\":\"hi\"}}]}", &d);
	assert_int_equal(d.n_panels, 3); /* what a collapsed row hides is there, too */
	assert_true(sv_is(d.panel[2].text, "hi"));
	gf_free(&d);
	read_board("{\"rows\":[{\"height\":\"100px\",\"panels\":[{\"id\":1,\"type\":\"graph\",\"span\":6},{\"id\":2,\"type\":\"graph\",\"span\":6},{\"id\":3,\"type\":\"graph\",\"span\":12}]}]}", &d);
	assert_int_equal(d.n_panels, 3);
	assert_true(d.panel[1].x == 12 && d.panel[2].x == 0 && d.panel[2].y > d.panel[0].y);
	gf_free(&d);
	read_board("{\"dashboard\":{\"title\":\"wrapped\",\"panels\":[]},\"meta\":{}}", &d);
	assert_true(sv_is(d.title, "wrapped"));
	gf_free(&d);
	assert_int_equal(gf_read("x", SV("{\"title\":\"no\"}"), &d, &e), -1);
	assert_int_equal(e.code, ERR_INPUT);
	gf_free(&d);
	assert_int_equal(gf_read("x", SV("[1,2"), &d, &e), -1);
	gf_free(&d);
}

static void
test_fields(void **state)
{
	struct gf_name n = {.name = SV("errors 503"), .ref_id = SV("B"), .number = true, .last = 5};
	struct gf_dashboard d;
	struct gf_field f;

	(void)state;
	read_board("{\"panels\":[{\"id\":1,\"type\":\"timeseries\",\"fieldConfig\":{\"defaults\":{\"unit\":\"s\",\"min\":0,\"custom\":{\"stacking\":{\"mode\":\"percent\"},\"drawStyle\":\"bars\"},"
	      "\"thresholds\":{\"steps\":[{\"color\":\"green\",\"value\":null},{\"color\":\"red\",\"value\":4}]}},"
	      "\"overrides\":[{\"matcher\":{\"id\":\"byName\",\"options\":\"other\"},\"properties\":[{\"id\":\"unit\",\"value\":\"bytes\"}]},"
	      "{\"matcher\":{\"id\":\"byRegexp\",\"options\":\"errors.*\"},\"properties\":[{\"id\":\"color\",\"value\":{\"mode\":\"fixed\",\"fixedColor\":\"red\"}}]},"
	      "{\"matcher\":{\"id\":\"byFrameRefID\",\"options\":\"B\"},\"properties\":[{\"id\":\"custom.axisPlacement\",\"value\":\"right\"},{\"id\":\"decimals\",\"value\":3}]}]}}]}", &d);
	gf_field(&d, &d.panel[0], &n, &f);
	assert_true(sv_is(f.unit, "s") && f.min == 0 && isnan(f.max));
	assert_true(sv_is(f.color, "red") && f.right_axis && f.decimals == 3);
	assert_true(f.percent && sv_is(f.stack, "A") && f.draw == GF_BARS);
	assert_true(sv_is(gf_threshold(&f, 3), "green") && sv_is(gf_threshold(&f, 4), "red"));
	gf_free(&d);
	read_board("{\"panels\":[{\"id\":1,\"type\":\"graph\",\"fill\":0,\"stack\":true,\"yaxes\":[{\"format\":\"bytes\",\"logBase\":10},{\"format\":\"s\"}],"
	      "\"seriesOverrides\":[{\"alias\":\"/503/\",\"yaxis\":2,\"transform\":\"negative-Y\",\"stack\":false}]}]}", &d);
	gf_field(&d, &d.panel[0], &n, &f);
	assert_true(sv_is(f.unit, "s") && f.right_axis && f.negative && f.stack.n == 0 && !f.fill);
	gf_free(&d);
}

static void
test_mappings(void **state)
{
	struct gf_dashboard d;
	struct gf_field f;
	struct gf_name n = {.number = true};
	struct arena a = {0};
	struct sv color;

	(void)state;
	read_board("{\"panels\":[{\"id\":1,\"type\":\"stat\",\"fieldConfig\":{\"defaults\":{\"mappings\":[{\"type\":\"value\",\"options\":{\"0\":{\"text\":\"down\",\"color\":\"red\"}}},"
	      "{\"type\":\"range\",\"options\":{\"from\":1,\"to\":5,\"result\":{\"text\":\"few\"}}},{\"type\":\"special\",\"options\":{\"match\":\"null\",\"result\":{\"text\":\"N/A\"}}}]}}},"
	      "{\"id\":2,\"type\":\"singlestat\",\"valueMaps\":[{\"value\":\"1\",\"op\":\"=\",\"text\":\"up\"}],\"thresholds\":\"1,2\",\"colors\":[\"a\",\"b\",\"c\"],\"colorValue\":true}]}", &d);
	gf_field(&d, &d.panel[0], &n, &f);
	assert_true(sv_is(gf_mapped(&f, 0, SV(""), &a, &color), "down") && sv_is(color, "red"));
	assert_true(sv_is(gf_mapped(&f, 3, SV(""), &a, &color), "few"));
	assert_true(sv_is(gf_mapped(&f, NAN, SV(""), &a, &color), "N/A"));
	assert_int_equal(gf_mapped(&f, 9, SV(""), &a, &color).n, 0);
	gf_field(&d, &d.panel[1], &n, &f);
	assert_true(sv_is(gf_mapped(&f, 1, SV(""), &a, &color), "up"));
	assert_true(sv_is(gf_threshold(&f, 0), "a") && sv_is(gf_threshold(&f, 1), "b") && sv_is(gf_threshold(&f, 7), "c"));
	arena_free(&a);
	gf_free(&d);
}

static void
expands(struct gf_dashboard *d, const char *text, const char *want)
{
	struct gf_scope s = {.d = d, .from = 0, .to = TIME_HOUR, .interval = 30000, .scrape = 15000};
	struct arena a = {0};
	struct sv missing = {NULL, 0}, got = gf_expand(&s, sv_of(text), true, &a, &missing);

	if (!sv_is(got, want))
		fail_msg("%s: %.*s, wanted %s", text, (int)got.n, got.p, want);
	arena_free(&a);
}

static void
test_variables(void **state)
{
	struct sv two[] = {SV("a.b"), SV("c")}, one[] = {SV("x")};
	struct gf_dashboard d;
	struct arena a = {0};
	struct sv v;

	(void)state;
	read_board("{\"templating\":{\"list\":[{\"name\":\"job\",\"type\":\"query\",\"multi\":true},{\"name\":\"one\",\"type\":\"custom\",\"query\":\"x, b : y\"},"
	      "{\"name\":\"all\",\"type\":\"query\",\"includeAll\":true,\"allValue\":\".+\"}]},\"panels\":[]}", &d);
	assert_int_equal(d.n_vars, 3);
	assert_true(d.var[1].n_options == 2 && sv_is(d.var[1].option[1], "y"));
	d.var[0].value = two;
	d.var[0].n_values = 2;
	d.var[1].value = one;
	d.var[1].n_values = 1;
	d.var[2].all = true;
	expands(&d, "up{job=~\"$job\"}", "up{job=~\"(a\\\\.b|c)\"}");
	expands(&d, "up{x=\"${one}\"} [[one]] ${job:pipe} ${job:csv}", "up{x=\"x\"} x a.b|c a.b,c");
	expands(&d, "$all $allx", ".+ $allx");
	d.var[0].n_values = 1; /* one value stands as it is in an equality */
	expands(&d, "up{job=\"$job\",job=~\"$job\"}", "up{job=\"a.b\",job=~\"a\\\\.b\"}");
	d.var[0].n_values = 0;
	expands(&d, "rate(x[$job]) [[[job]]]", "rate(x[30s]) [30s]");
	d.var[0].n_values = 2;
	expands(&d, "rate(x[$__rate_interval]) $__interval $__range ${__range_s} $__from", "rate(x[1m]) 30s 3600s 3600 0");
	expands(&d, "cost $5 and a $", "cost $5 and a $");
	assert_true(gf_var_regex(SV("/(.*):.*/"), SV("host:9100"), &a, &v) && sv_is(v, "host"));
	assert_false(gf_var_regex(SV("/^web/"), SV("db"), &a, &v));
	assert_int_equal(gf_interval(TIME_DAY, 720, 15000), 120000);
	assert_int_equal(gf_interval(TIME_HOUR, 720, 15000), 15000);
	arena_free(&a);
	gf_free(&d);
}

/* Two instant tables, as two queries by tool give them. */
static struct gf_frame
table(struct arena *a, const char *ref, const char *value, const char *const *tool, const double *v, size_t n)
{
	struct gf_column *c = arena_new(a, 2, sizeof(*c));
	size_t i;

	c[0] = (struct gf_column){.name = SV("tool"), .kind = GF_STRING, .cell = arena_new(a, n, sizeof(struct gf_cell))};
	c[1] = (struct gf_column){.name = sv_of(value), .kind = GF_NUMBER, .cell = arena_new(a, n, sizeof(struct gf_cell))};
	for (i = 0; i < n; i++) {
		c[0].cell[i].text = sv_of(tool[i]);
		c[1].cell[i].v = v[i];
	}
	return (struct gf_frame){.ref_id = sv_of(ref), .column = c, .n_columns = 2, .n_rows = n};
}

static void
transform(const char *json, struct arena *a, struct gf_frames *f, const char *unknown)
{
	static const char *const tool[] = {"search", "fetch", "exec"}, *const fewer[] = {"fetch", "search"};
	static const double calls[] = {10, 30, 20}, errors[] = {3, 1};
	struct gf_dashboard d;
	struct sb text = {0};
	struct sv said;

	sb_addf(&text, "{\"panels\":[{\"id\":1,\"type\":\"table\",\"transformations\":%s}]}", json);
	read_board(sb_str(&text), &d);
	sb_free(&text);
	*f = (struct gf_frames){.v = arena_new(a, 2, sizeof(*f->v)), .n = 2, .arena = a};
	f->v[0] = table(a, "A", "Value #A", tool, calls, 3);
	f->v[1] = table(a, "B", "Value #B", fewer, errors, 2);
	gf_transform(&d.panel[0], f, &said);
	if (!sv_is(said, unknown))
		fail_msg("%s: '%.*s' is not understood", json, (int)said.n, said.p);
	/* What organize took from the dashboard must live as long as the frames. */
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->v[i].n_columns; k++)
			f->v[i].column[k].shown = arena_sv(a, f->v[i].column[k].shown);
	gf_free(&d);
}

static void
test_transformations(void **state)
{
	struct arena a = {0};
	struct gf_frames f;

	(void)state;
	transform("[{\"id\":\"merge\"},{\"id\":\"organize\",\"options\":{\"renameByName\":{\"Value #A\":\"Calls\"},\"indexByName\":{\"Value #B\":0}}},"
		  "{\"id\":\"sortBy\",\"options\":{\"sort\":[{\"field\":\"Calls\",\"desc\":true}]}}]", &a, &f, "");
	assert_true(f.n == 1 && f.v[0].n_rows == 3 && f.v[0].n_columns == 3);
	assert_true(sv_is(f.v[0].column[0].name, "Value #B"));
	assert_true(sv_is(f.v[0].column[2].shown, "Calls") && f.v[0].column[2].cell[0].v == 30);
	assert_true(f.v[0].column[0].cell[0].v == 3); /* fetch has three errors, exec none known */
	assert_true(isnan(f.v[0].column[0].cell[1].v));
	transform("[{\"id\":\"joinByField\",\"options\":{\"byField\":\"tool\",\"mode\":\"inner\"}},{\"id\":\"calculateField\",\"options\":{\"mode\":\"binary\",\"alias\":\"share\","
		  "\"binary\":{\"left\":\"Value #B\",\"operator\":\"/\",\"right\":\"Value #A\"}}}]", &a, &f, "");
	assert_true(f.v[0].n_rows == 2 && f.v[0].n_columns == 4);
	assert_true(fabs(f.v[0].column[3].cell[0].v - 0.1) < 1e-12);
	/* What both have beside the key is told apart by numbers, as dashboards name it afterwards. */
	transform("[{\"id\":\"renameByRegex\",\"options\":{\"regex\":\"^none$\",\"renamePattern\":\"x\"}},{\"id\":\"joinByField\",\"options\":{\"byField\":\"tool\"}},"
		  "{\"id\":\"organize\",\"options\":{\"includeByName\":{\"tool\":true,\"Value #B\":true,\"Value #A\":false}}}]", &a, &f, "");
	assert_true(f.v[0].n_columns == 2 && sv_is(f.v[0].column[1].name, "Value #B"));
	transform("[{\"id\":\"filterByRefId\",\"options\":{\"include\":\"A\"}},{\"id\":\"filterByValue\",\"options\":{\"type\":\"include\",\"match\":\"all\","
		  "\"filters\":[{\"fieldName\":\"Value #A\",\"config\":{\"id\":\"greater\",\"options\":{\"value\":15}}}]}},{\"id\":\"limit\",\"options\":{\"limitField\":1}}]", &a, &f, "");
	assert_true(f.n == 1 && f.v[0].n_rows == 1 && f.v[0].column[1].cell[0].v == 30);
	transform("[{\"id\":\"reduce\",\"options\":{\"reducers\":[\"sum\",\"max\"]}}]", &a, &f, "");
	assert_true(f.v[0].n_rows == 2 && f.v[0].column[1].cell[0].v == 60 && f.v[0].column[2].cell[1].v == 3);
	transform("[{\"id\":\"spatial\"},{\"id\":\"concatenate\"}]", &a, &f, "spatial");
	assert_int_equal(f.v[0].n_columns, 4);
	arena_free(&a);
}

static void
test_turns(void **state)
{
	struct arena a = {0};
	struct gf_frames f;

	(void)state;
	transform("[{\"id\":\"merge\"},{\"id\":\"groupingToMatrix\",\"options\":{\"columnField\":\"tool\",\"rowField\":\"Value #B\",\"valueField\":\"Value #A\"}}]", &a, &f, "");
	assert_true(f.n == 1 && f.v[0].n_columns == 4 && f.v[0].n_rows == 3);
	assert_true(sv_is(f.v[0].column[2].name, "fetch") && f.v[0].column[2].cell[1].v == 30);
	assert_true(isnan(f.v[0].column[2].cell[0].v));
	transform("[{\"id\":\"transpose\"}]", &a, &f, "");
	assert_true(f.n == 2 && f.v[0].n_columns == 4 && f.v[0].n_rows == 1);
	assert_true(sv_is(f.v[0].column[3].name, "exec") && f.v[0].column[3].cell[0].v == 20);
	transform("[{\"id\":\"partitionByValues\",\"options\":{\"fields\":[\"tool\"]}}]", &a, &f, "");
	assert_true(f.n == 5 && f.v[1].n_columns == 1 && f.v[1].n_rows == 1 && f.v[1].column[0].cell[0].v == 30);
	transform("[{\"id\":\"filterByRefId\",\"options\":{\"include\":\"A\"}},{\"id\":\"histogram\",\"options\":{\"bucketSize\":15}}]", &a, &f, "");
	assert_true(f.n == 1 && f.v[0].n_rows == 3); /* 10 | 20 | 30 */
	assert_true(f.v[0].column[1].cell[0].v == 1 && f.v[0].column[1].cell[1].v == 1 && f.v[0].column[1].cell[2].v == 1);
	transform("[{\"id\":\"calculateField\",\"options\":{\"mode\":\"cumulativeFunctions\",\"alias\":\"sum\",\"cumulative\":{\"reducer\":\"sum\",\"field\":\"Value #A\"}}}]", &a, &f, "");
	assert_true(f.v[0].column[2].cell[2].v == 60);
	transform("[{\"id\":\"calculateField\",\"options\":{\"mode\":\"template\"}}]", &a, &f, "calculateField");
	transform("[{\"id\":\"joinByLabels\",\"options\":{}}]", &a, &f, "joinByLabels");
	arena_free(&a);
}

static void
test_fields_of_texts(void **state)
{
	struct arena a = {0};
	struct gf_frames f;
	struct gf_field field = {.decimals = -1, .min = NAN, .max = NAN};

	(void)state;
	transform("[{\"id\":\"filterByRefId\",\"options\":{\"include\":\"A\"}},"
		  "{\"id\":\"extractFields\",\"options\":{\"source\":\"tool\",\"format\":\"regexp\",\"regExp\":\"/^(?<head>.)(?<rest>.*)$/\",\"replace\":true}}]", &a, &f, "");
	assert_true(f.v[0].n_columns == 2 && sv_is(f.v[0].column[0].name, "head") && sv_is(f.v[0].column[1].cell[1].text, "etch"));
	/* Texts without a pair in them are no fields: it is said, not an empty table. */
	transform("[{\"id\":\"extractFields\",\"options\":{\"source\":\"tool\",\"format\":\"kvp\",\"replace\":true}}]", &a, &f, "extractFields");
	assert_int_equal(f.v[0].n_columns, 2);
	transform("[{\"id\":\"configFromData\",\"options\":{\"configRefId\":\"B\",\"mappings\":[{\"fieldName\":\"Value #B\",\"handlerKey\":\"threshold1\",\"reducerId\":\"max\"},"
		  "{\"fieldName\":\"tool\",\"handlerKey\":\"__ignore\"}]}}]", &a, &f, "");
	assert_true(f.n == 1 && sv_is(f.v[0].ref_id, "A"));
	gf_configure(&f.v[0].column[1], &field, &a);
	assert_true(field.n_steps == 2 && field.step[1].value == 3 && sv_is(field.step[0].color, "green") && sv_is(field.step[1].color, "red"));
	transform("[{\"id\":\"configFromData\",\"options\":{\"configRefId\":\"B\",\"mappings\":[{\"fieldName\":\"Value #B\",\"handlerKey\":\"mappings.value\"}]}}]", &a, &f, "configFromData");
	assert_int_equal(f.n, 2);
	transform("[{\"id\":\"reduce\",\"options\":{\"mode\":\"reduceFields\",\"reducers\":[\"max\"]}}]", &a, &f, "");
	assert_true(f.n == 2 && f.v[0].n_rows == 1 && f.v[0].column[1].cell[0].v == 30 && sv_is(f.v[0].column[0].cell[0].text, "exec"));
	transform("[{\"id\":\"reduce\",\"options\":{\"reducers\":[\"nonsense\"]}}]", &a, &f, "reduce");
	transform("[{\"id\":\"groupBy\",\"options\":{\"fields\":{\"Value #A\":{\"operation\":\"groupby\"},\"tool\":{\"operation\":\"aggregate\",\"aggregations\":[\"last\"]}}}}]", &a, &f, "");
	assert_true(f.v[0].n_rows == 3 && f.v[0].column[0].kind == GF_STRING && sv_is(f.v[0].column[0].cell[2].text, "exec"));
	transform("[{\"id\":\"groupBy\",\"options\":{\"fields\":{\"tool\":{\"operation\":\"aggregate\",\"aggregations\":[\"mean\"]}}}}]", &a, &f, "groupBy");
	arena_free(&a);
}

/* A collapsed row hides what is in it; where the others stand their positions say. */
static void
test_places(void **state)
{
	static struct sv two[] = {{"a", 1}, {"b", 1}};
	struct gf_dashboard d;
	struct gf_place *at;
	size_t n;

	(void)state;
	read_board("{\"templating\":{\"list\":[{\"name\":\"v\",\"type\":\"custom\"}]},\"panels\":["
		   "{\"id\":9,\"type\":\"stat\",\"gridPos\":{\"x\":0,\"y\":9,\"w\":24,\"h\":4}},"
		   "{\"id\":1,\"type\":\"row\",\"gridPos\":{\"y\":0},\"panels\":[{\"id\":2,\"type\":\"stat\",\"gridPos\":{\"x\":0,\"y\":7,\"w\":6,\"h\":4}}]},"
		   "{\"id\":3,\"type\":\"stat\",\"repeat\":\"v\",\"gridPos\":{\"x\":0,\"y\":1,\"w\":6,\"h\":4}}]}", &d);
	d.var[0].value = two;
	d.var[0].n_values = 2;
	at = gf_place_all(&d, &n);
	assert_int_equal(n, 5);
	assert_true(at[0].panel->id == 1 && at[1].panel->id == 2 && at[2].panel->id == 3 && at[3].panel->id == 3 && at[4].panel->id == 9);
	assert_true(at[1].y == 1 && at[2].y == 5 && at[3].y == 5 && at[3].x == 12 && at[4].y > at[3].y);
	assert_true(sv_is(at[3].panel->scope_value, "b"));
	gf_free(&d);
}

static void
test_reductions(void **state)
{
	static const double x[] = {1, 2, 3, 4}, v[] = {5, NAN, 2, 7};
	bool known;

	(void)state;
	assert_true(gf_reduce(SV("lastNotNull"), x, v, 4, &known) == 7 && known);
	assert_true(fabs(gf_reduce(SV("mean"), x, v, 4, &known) - 14.0 / 3) < 1e-12);
	assert_true(gf_reduce(SV("min"), x, v, 4, &known) == 2);
	assert_true(gf_reduce(SV("delta"), x, v, 4, &known) == 7); /* 2 after a reset, then 5 more */
	assert_true(isnan(gf_reduce(SV("max"), x, v, 0, &known)));
	assert_true(gf_reduce(SV("median"), x, v, 4, &known) == 5 && gf_reduce(SV("p100"), x, v, 4, &known) == 7 && known);
	assert_true(gf_reduce(SV("distinctCount"), x, v, 4, &known) == 3);
	gf_reduce(SV("nonsense"), x, v, 4, &known);
	assert_false(known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_generations),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_mappings),
	    cmocka_unit_test(test_variables),
	    cmocka_unit_test(test_transformations),
	    cmocka_unit_test(test_turns),
	    cmocka_unit_test(test_fields_of_texts),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_reductions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
