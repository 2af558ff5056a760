#include "store_help.h"

#include "promql/store_source.h"

static struct arena a;

/* h{code=200,500} and h{} at NOW and a second later, g{code=200} once. */
static struct store *
filled(const char *name)
{
	struct store *s = opened(at(name), STORE_WRITE);
	int64_t c;

	OK(store_begin(s, &err));
	c = content(s, "one");
	artifact(s, c, "a.prom");
	OK(sample(s, c, "h", "500", NOW, 5));
	OK(sample(s, c, "h", "200", NOW, 1));
	OK(sample(s, c, "h", "200", NOW + 1000, 2));
	OK(sample(s, c, "h", NULL, NOW + 1000, NAN));
	OK(sample(s, c, "g", "200", NOW, 7));
	OK(store_end(s, 0, &err));
	return s;
}

/* The series a selector finds, as text: "h{code="200"} h{code="500"} ". */
static void
finds(struct pq_source *src, const char *text, const char *want)
{
	const struct pq_selector *sel = pq_parse_selector(&a, sv_of(text), &err);
	struct pq_series *v = NULL;
	struct sb out = {0};
	size_t n = 0, i;

	if (sel == NULL)
		fail_msg("%s", err.msg);
	OK(src->series(src, sel, &a, &v, &n, &err));
	for (i = 0; i < n; i++) {
		labels_show(v[i].name, &v[i].labels, &out);
		sb_addc(&out, ' ');
	}
	assert_string_equal(sb_str(&out), want);
	sb_free(&out);
}

static void
test_series(void **state)
{
	struct pq_store_source src;
	struct store *s = filled("series.db");

	(void)state;
	pq_store_source_init(&src, s);
	finds(&src.src, "h", "h h{code=\"200\"} h{code=\"500\"} ");
	finds(&src.src, "h{code=\"200\"}", "h{code=\"200\"} ");
	finds(&src.src, "h{code=\"\"}", "h ");
	finds(&src.src, "h{code!~\"5..\"}", "h h{code=\"200\"} ");
	finds(&src.src, "{code=\"200\"}", "g{code=\"200\"} h{code=\"200\"} ");
	finds(&src.src, "{__name__=\"g\"}", "g{code=\"200\"} ");
	finds(&src.src, "{__name__=~\"g|h\",code=~\".+\"}", "g{code=\"200\"} h{code=\"200\"} h{code=\"500\"} ");
	finds(&src.src, "{__name__=\"g\",__name__=\"h\"}", "");
	finds(&src.src, "{\"h\\x00\"}", "");
	finds(&src.src, "nothing", "");
	store_close(s);
	arena_free(&a);
}

static void
test_samples(void **state)
{
	struct pq_store_source src;
	struct store *s = filled("samples.db");
	struct pq_series *v = NULL;
	struct pq_sample *p = NULL;
	size_t n = 0;

	(void)state;
	pq_store_source_init(&src, s);
	OK(src.src.series(&src.src, pq_parse_selector(&a, SV("h"), NULL), &a, &v, &n, &err));
	assert_int_equal(n, 3);
	OK(src.src.samples(&src.src, &v[1], INT64_MIN, INT64_MAX, &a, &p, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(p[0].t, NOW);
	assert_true(p[0].v == 1);
	assert_false(p[0].stale);
	assert_int_equal(p[1].t, NOW + 1000);
	assert_true(p[1].v == 2);
	/* Both ends belong to the range. */
	OK(src.src.samples(&src.src, &v[1], NOW, NOW, &a, &p, &n, &err));
	assert_int_equal(n, 1);
	OK(src.src.samples(&src.src, &v[1], NOW + 1, NOW + 999, &a, &p, &n, &err));
	assert_int_equal(n, 0);
	/* NaN is data, not staleness. */
	OK(src.src.samples(&src.src, &v[0], INT64_MIN, INT64_MAX, &a, &p, &n, &err));
	assert_int_equal(n, 1);
	assert_true(isnan(p[0].v));
	assert_false(p[0].stale);
	store_close(s);
	arena_free(&a);
}

/* A series that the next snapshot of its target lacks ends in a stale marker. */
static void
test_stale(void **state)
{
	struct pq_store_source src;
	struct store *s = opened(at("stale.db"), STORE_WRITE);
	struct pq_series *v = NULL;
	struct pq_sample *p = NULL;
	int64_t one, two, art;
	size_t n = 0;

	(void)state;
	OK(store_begin(s, &err));
	one = content(s, "one");
	OK(sample(s, one, "h", "200", TIME_NONE, 1));
	OK(sample(s, one, "h", "500", TIME_NONE, 1));
	two = content(s, "two");
	OK(sample(s, two, "h", "200", TIME_NONE, 2));
	art = artifact(s, one, "h0.prom");
	OK(store_place(s, art, NOW, "name", SV("because"), &err));
	art = artifact(s, two, "h1.prom");
	OK(store_place(s, art, NOW + 1000, "name", SV("because"), &err));
	OK(store_mark_stale(s, &err));
	OK(store_end(s, 0, &err));
	pq_store_source_init(&src, s);
	OK(src.src.series(&src.src, pq_parse_selector(&a, SV("h{code=\"500\"}"), NULL), &a, &v, &n, &err));
	assert_int_equal(n, 1);
	OK(src.src.samples(&src.src, &v[0], INT64_MIN, INT64_MAX, &a, &p, &n, &err));
	assert_int_equal(n, 2);
	assert_false(p[0].stale);
	assert_true(p[1].stale);
	assert_true(isnan(p[1].v));
	assert_int_equal(p[1].t, NOW + 1000);
	store_close(s);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_stale),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
