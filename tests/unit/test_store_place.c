/* Files that carry no times are placed in time, taken back and placed again. */
#include "store_help.h"

#define HOUR INT64_C(3600000)

/* A snapshot whose series x{code} have the values given; NULL ends the list of codes. */
static int64_t
snapshot(struct store *s, const char *name, double v, const char *const *codes)
{
	int64_t c = content(s, name);

	for (; *codes != NULL; codes++)
		OK(sample(s, c, "x", *codes, TIME_NONE, v));
	artifact(s, c, name);
	return c;
}

static const char *const ok_only[] = {"200", NULL}, *const with_503[] = {"200", "503", NULL}, *const none[] = {NULL};

static void
place(struct store *s, int64_t id, int64_t hours)
{
	OK(store_place(s, id, NOW + hours * HOUR, "profile", SV("h{hour}"), &err));
}

static void
test_place(void **state)
{
	struct store *s = fresh_store("place.db");

	(void)state;
	snapshot(s, "h0", 1, ok_only);
	snapshot(s, "h1", 2, ok_only);
	snapshot(s, "h2", 3, none); /* an empty file is no scrape */
	place(s, 1, 1);
	place(s, 2, 2);
	place(s, 3, 3);
	is_text(dump(s), "x{\"code\":\"200\"} 3600000=1/0#1 7200000=2/0#2 | 3600000 7200000\n"
	                 "artifact h0 live untimed 3600000 profile h{hour} problems 0\n"
	                 "artifact h1 live untimed 7200000 profile h{hour} problems 0\n"
	                 "artifact h2 live 10800000 profile h{hour} problems 0\n");
	place(s, 1, 1); /* again: nothing new */
	/* Elsewhere, without taking it back first: refused. */
	assert_int_equal(store_place(s, 1, NOW, "name", SV(""), &err), -1);
	assert_int_equal(store_place(s, 99, NOW, "name", SV(""), &err), -1);
	OK(store_unplace(s, &err));
	/* No time, but a reason. */
	OK(store_place(s, 1, TIME_NONE, "unknown", SV("mtimes are all equal"), &err));
	is_text(dump(s), "x{\"code\":\"200\"} |\n"
	                 "artifact h0 live untimed -1 unknown mtimes are all equal problems 0\n"
	                 "artifact h1 live untimed -1 unknown  problems 0\n"
	                 "artifact h2 live -1 unknown  problems 0\n");
	assert_int_equal(store_place(s, 2, NOW, "guess", SV(""), &err), -1);
	finish(s);
}

/* The last hour's file and the final one may be equal byte for byte, and a folder stands beside its archive. */
static void
test_one_content_twice(void **state)
{
	struct store *s = fresh_store("twin.db");
	int64_t c = snapshot(s, "h23", 5, ok_only), d = snapshot(s, "h22", 4, ok_only);

	(void)state;
	artifact(s, c, "final");
	artifact(s, c, "a.tar.gz/h23");
	place(s, 2, 24); /* disagrees with what comes */
	place(s, 1, 24);
	place(s, 4, 24);
	place(s, 3, 25);
	is_text(dump(s), "x{\"code\":\"200\"} 86400000=4/0#2 90000000=5/0#1 | 86400000 90000000\n"
	                 "conflict x{\"code\":\"200\"} 86400000 4 h22 5 a.tar.gz/h23\n"
	                 "artifact a.tar.gz/h23 live untimed 86400000 profile h{hour} problems 0\n"
	                 "artifact final live untimed 90000000 profile h{hour} problems 0\n"
	                 "artifact h22 live untimed 86400000 profile h{hour} problems 0\n"
	                 "artifact h23 live untimed 86400000 profile h{hour} problems 0\n");
	(void)d;
	finish(s);
}

static void
test_equal_values_merge(void **state)
{
	struct store *s = fresh_store("equal.db");
	int64_t a = snapshot(s, "a", NAN, ok_only), b = snapshot(s, "b", NAN, with_503);

	(void)state;
	assert_true(a != b);
	place(s, 1, 0);
	place(s, 2, 0);
	is_text(dump(s), "x{\"code\":\"200\"} 0=NaN/1#1 | 0\nx{\"code\":\"503\"} 0=NaN/1#2 | 0\n"
	                 "artifact a live untimed 0 profile h{hour} problems 0\n"
	                 "artifact b live untimed 0 profile h{hour} problems 0\n");
	finish(s);
}

/* A series that vanishes becomes stale at the next snapshot of its target, once. */
static void
test_stale(void **state)
{
	struct store *s = fresh_store("stale.db");
	int64_t other;

	(void)state;
	snapshot(s, "h0", 1, with_503);
	snapshot(s, "h1", 2, ok_only);
	snapshot(s, "h2", 3, ok_only);
	snapshot(s, "h3", 4, with_503);
	snapshot(s, "h4", 5, none); /* empty: its target did not answer, nothing vanished */
	other = content(s, "other");
	OK(sample_of(s, other, "db", "y", NULL, TIME_NONE, 1)); /* another target, seen only once */
	artifact(s, other, "other");
	for (int i = 0; i < 6; i++)
		place(s, 5 - i + 1, i == 0 ? 1 : 5 - i); /* in no good order */
	OK(store_mark_stale(s, &err));
	OK(store_mark_stale(s, &err)); /* again: nothing new */
	is_text(dump(s),
	    "x{\"code\":\"200\"} 0=1/0#1 3600000=2/0#2 7200000=3/0#3 10800000=4/0#4 | 0 3600000 7200000 10800000\n"
	    "x{\"code\":\"503\"} 0=1/0#1 3600000=NaN/2#2 10800000=4/0#4 | 0 3600000 7200000 10800000\n"
	    "y{} 3600000=1/0#6 | 3600000\n"
	    "artifact h0 live untimed 0 profile h{hour} problems 0\n"
	    "artifact h1 live untimed 3600000 profile h{hour} problems 0\n"
	    "artifact h2 live untimed 7200000 profile h{hour} problems 0\n"
	    "artifact h3 live untimed 10800000 profile h{hour} problems 0\n"
	    "artifact h4 live 14400000 profile h{hour} problems 0\n"
	    "artifact other live untimed 3600000 profile h{hour} problems 0\n");
	finish(s);
}

/* Series with times of their own, of the same target, are not snapshots: they do not vanish. */
static void
test_stale_is_for_snapshots(void **state)
{
	struct store *s = fresh_store("inside.db");
	int64_t log = content(s, "log");

	(void)state;
	artifact(s, log, "log");
	OK(sample(s, log, "events_total", NULL, NOW, 1));
	OK(sample(s, log, "events_total", NULL, NOW + 1, 2));
	OK(sample(s, log, "x", "503", NOW + HOUR, 9)); /* not in h1, but somebody saw it then */
	snapshot(s, "h0", 1, with_503);
	snapshot(s, "h1", 2, ok_only);
	snapshot(s, "h2", 3, ok_only);
	place(s, 2, 0); /* the log has an event at that very millisecond */
	place(s, 3, 1);
	place(s, 4, 2);
	OK(store_mark_stale(s, &err));
	is_text(dump(s), "events_total{} 0=1/0#1 1=2/0#1 | 0 1 3600000 7200000\n"
	                 "x{\"code\":\"200\"} 0=1/0#2 3600000=2/0#3 7200000=3/0#4 | 0 1 3600000 7200000\n"
	                 "x{\"code\":\"503\"} 0=1/0#2 3600000=9/0#1 | 0 1 3600000 7200000\n"
	                 "artifact h0 live untimed 0 profile h{hour} problems 0\n"
	                 "artifact h1 live untimed 3600000 profile h{hour} problems 0\n"
	                 "artifact h2 live untimed 7200000 profile h{hour} problems 0\n"
	                 "artifact log live -1 unknown  problems 0\n");
	OK(store_unplace(s, &err));
	is_text(dump(s), "events_total{} 0=1/0#1 1=2/0#1 | 0 1 3600000\n"
	                 "x{\"code\":\"200\"} | 0 1 3600000\n"
	                 "x{\"code\":\"503\"} 3600000=9/0#1 | 0 1 3600000\n"
	                 "artifact h0 live untimed -1 unknown  problems 0\n"
	                 "artifact h1 live untimed -1 unknown  problems 0\n"
	                 "artifact h2 live untimed -1 unknown  problems 0\n"
	                 "artifact log live -1 unknown  problems 0\n");
	finish(s);
}

/* A placed value, or a stale marker, gives way to one whose time stands in its file, whichever came first. */
static void
test_inside_wins(void **state)
{
	static const char want[] =
	    "x{\"code\":\"200\"} 0=7/0#3 3600000=2/0#2 | 0 3600000\n"
	    "x{\"code\":\"503\"} 0=1/0#3 3600000=8/0#3 | 0 3600000\n"
	    "conflict x{\"code\":\"200\"} 0 7 log 1 h0\n"
	    "artifact h0 live untimed 0 profile h{hour} problems 0\n"
	    "artifact h1 live untimed 3600000 profile h{hour} problems 0\n"
	    "artifact log live -1 unknown  problems 0\n";

	(void)state;
	for (int late = 0; late < 2; late++) {
		struct store *s = fresh_store(late ? "wins1.db" : "wins0.db");
		int64_t log;

		snapshot(s, "h0", 1, with_503);
		snapshot(s, "h1", 2, ok_only);
		log = content(s, "log");
		artifact(s, log, "log");
		for (int step = 0; step < 2; step++) {
			if (step == late) {
				OK(sample(s, log, "x", "200", NOW, 7));
				OK(sample(s, log, "x", "503", NOW, 1));
				OK(sample(s, log, "x", "503", NOW + HOUR, 8));
			} else {
				place(s, 1, 0);
				place(s, 2, 1);
				OK(store_mark_stale(s, &err));
			}
		}
		is_text(dump(s), want);
		OK(store_unplace(s, &err));
		place(s, 1, 0);
		place(s, 2, 1);
		OK(store_mark_stale(s, &err));
		is_text(dump(s), want);
		finish(s);
	}
}

/* Placed wrongly, taken back, placed rightly: as if it had never been wrong. */
static void
test_replaced_is_as_fresh(void **state)
{
	struct store *again = fresh_store("again.db"), *fresh = fresh_store("fresh.db");
	struct store *both[2] = {again, fresh};
	struct store_problem p = {.artifact = 2, .severity = "warning", .stage = "place", .text = SV("too early")};
	char *text;

	(void)state;
	for (int i = 0; i < 2; i++) {
		int64_t log;

		snapshot(both[i], "h0", 1, with_503);
		snapshot(both[i], "h1", 2, ok_only);
		snapshot(both[i], "h2", 3, with_503);
		log = content(both[i], "log");
		artifact(both[i], log, "log");
		OK(sample(both[i], log, "x", "200", NOW + HOUR, 7));
	}
	/* All at one time, then crossed. */
	for (int i = 1; i <= 3; i++)
		place(again, i, 1);
	OK(store_add_problem(again, &p, &err));
	OK(store_mark_stale(again, &err));
	OK(store_unplace(again, &err));
	place(again, 1, 3);
	place(again, 2, 2);
	place(again, 3, 1);
	OK(store_mark_stale(again, &err));
	/* Over the border of a transaction, too. */
	OK(store_end(again, 0, &err));
	OK(store_begin(again, &err));
	OK(store_unplace(again, &err));
	for (int i = 0; i < 2; i++) {
		for (int k = 1; k <= 3; k++)
			place(both[i], k, k);
		OK(store_mark_stale(both[i], &err));
		OK(store_end(both[i], 0, &err));
	}
	text = dump(fresh);
	assert_non_null(strstr(text, "7200000=NaN/2#2"));
	is_text(dump(again), text);
	mem_free(text);
	/* Down to the bytes, since nothing else was stored between. */
	OK(store_copy(again, at("again-copy.db"), &err));
	OK(store_copy(fresh, at("fresh-copy.db"), &err));
	{
		char command[256];

		snprintf(command, sizeof(command), "cmp %s %s", at("again-copy.db"), at("fresh-copy.db"));
		assert_int_equal(system(command), 0);
	}
	store_close(again);
	store_close(fresh);
}

/* A version of a file that was replaced by a longer one says nothing any more. */
static void
test_superseded_is_not_placed(void **state)
{
	struct store *s = fresh_store("gone.db");
	int64_t c = snapshot(s, "final", 1, with_503), d;

	(void)state;
	place(s, 1, 0);
	OK(store_unplace(s, &err));
	OK(store_supersede(s, SV("final"), c, &err));
	d = snapshot(s, "grown", 2, ok_only);
	artifact(s, d, "final");
	place(s, 1, 0);
	place(s, 2, 1);
	place(s, 3, 1);
	OK(store_mark_stale(s, &err));
	is_text(dump(s), "x{\"code\":\"200\"} 3600000=2/0#2 | 3600000\nx{\"code\":\"503\"} | 3600000\n"
	                 "artifact final superseded 0 profile h{hour} problems 0\n"
	                 "artifact final live untimed 3600000 profile h{hour} problems 0\n"
	                 "artifact grown live untimed 3600000 profile h{hour} problems 0\n");
	finish(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_one_content_twice),
		cmocka_unit_test(test_equal_values_merge),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_stale_is_for_snapshots),
		cmocka_unit_test(test_inside_wins),
		cmocka_unit_test(test_replaced_is_as_fresh),
		cmocka_unit_test(test_superseded_is_not_placed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
