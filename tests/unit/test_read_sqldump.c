/* Dumps of databases: whole or not, tables and rows; a dump that was cut off is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "record.h"

extern const struct reader reader_sqldump;

static struct record rec;
static struct err err;

static int
read_text(const char *text)
{
	struct read_input in = {.name = "d.sql", .head = sv_head(sv_of(text), READ_HEAD)};
	struct read_sink sink;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, sv_of(text));
	in.src = &m.src;
	in.format = reader_sqldump.probe(&in);
	if (in.format == NULL)
		fail_msg("not recognised: %s", text);
	return reader_sqldump.read(&in, &sink, &err);
}

static void
gives(const char *text, const char *want)
{
	if (read_text(text) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(sb_str(&rec.all), want);
}

static void
refused(const char *text, const char *want)
{
	if (read_text(text) != -1)
		fail_msg("accepted: %s", text);
	assert_string_equal(err.msg, want);
	assert_int_equal(rec.all.n, 0);
}

#define PG "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.4\nSET client_encoding = 'UTF8';\n"
#define PG_END "--\n-- PostgreSQL database dump complete\n--\n\n"

static void
test_postgres(void **state)
{
	(void)state;
	gives(PG "CREATE TABLE public.agents (\n    id uuid,\n    name text\n);\n"
	      "COPY public.agents (id, name) FROM stdin;\n1\tone\n2\tCOMMIT; -- PostgreSQL database dump complete\n\\N\t\\\\.\n\\.\n\n"
	      "CREATE TABLE IF NOT EXISTS public.\"odd name\" (a int);\n" PG_END,
	    "run 7 dump.rows.public.agents=3 (3)\nrun 17 dump.rows.public.\"odd name\"=0 (0)\nrun 1 dump.tables=2 (2)\n");
	/* --inserts: a string over lines, with a bracket, a semicolon and a backslash that escapes nothing */
	gives(PG "CREATE TABLE t (a text);\nINSERT INTO t VALUES ('a;(\n-- PostgreSQL database dump complete\n)\\');\n"
	         "INSERT INTO t (a) VALUES ('it''s'), ('(');\n" PG_END,
	    "run 7 dump.rows.t=3 (3)\nrun 1 dump.tables=1 (1)\n");
	gives("--\n-- PostgreSQL database cluster dump\n--\nCREATE ROLE x;\n-- PostgreSQL database cluster dump complete\n",
	    "run 1 dump.tables=0 (0)\n");
}

static void
test_others(void **state)
{
	(void)state;
	gives("-- MySQL dump 10.13  Distrib 8.0.32\n--\nCREATE TABLE `orders` (\n  `id` int\n);\n"
	      "INSERT INTO `orders` VALUES (1,'a\\'),(b'),(2,'x'),(3,NULL);\n-- Dump completed on 2026-01-13  6:00:00\n",
	    "run 3 dump.rows.`orders`=3 (3)\nrun 1 dump.tables=1 (1)\n");
	gives("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a);\nINSERT INTO t VALUES(1);\nINSERT INTO t VALUES('\\');\nCOMMIT;\n",
	    "run 3 dump.rows.t=2 (2)\nrun 1 dump.tables=1 (1)\n");
	gives("-- MariaDB dump 10.19\r\nCREATE TABLE `t` (\r\n);\r\n-- Dump completed\r\n",
	    "run 2 dump.rows.`t`=0 (0)\nrun 1 dump.tables=1 (1)\n");
}

static void
test_cut_off(void **state)
{
	(void)state;
	refused(PG "CREATE TABLE agents (id uuid, name text);\n",
	    "d.sql:8: cut off: a dump ends with \"-- PostgreSQL database dump complete\", and this one does not");
	refused(PG "COPY t (a) FROM stdin;\n1\n2\n" PG_END,
	    "d.sql:14: cut off: a dump ends with \"-- PostgreSQL database dump complete\", and this one does not");
	refused("-- MySQL dump 10\nINSERT INTO `t` VALUES (1,'x\n-- Dump completed\n",
	    "d.sql:4: cut off: a dump ends with \"-- Dump completed\", and this one does not");
	/* an end in the middle is none */
	refused(PG PG_END "CREATE TABLE t (a int);\n",
	    "d.sql:12: cut off: a dump ends with \"-- PostgreSQL database dump complete\", and this one does not");
}

static void
test_not_a_dump(void **state)
{
	static const char *const no[] = {"", "CREATE TABLE t (a int);\n", "-- hello\n-- MySQL dump\n", "{\"a\":1}"};

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		struct read_input in = {.name = "x", .head = sv_of(no[i])};

		assert_null(reader_sqldump.probe(&in));
	}
}

/* Rows and statements larger than any buffer. */
static void
test_large(void **state)
{
	struct sb text = {0};

	(void)state;
	sb_adds(&text, "-- MySQL dump 10\nCREATE TABLE `t` (\n);\nINSERT INTO `t` VALUES ");
	for (int i = 0; i < 50000; i++)
		sb_addf(&text, "%s(%d,'some text that is (not) very; long')", i > 0 ? "," : "", i);
	sb_adds(&text, ";\n-- Dump completed\n");
	gives(sb_str(&text), "run 2 dump.rows.`t`=50000 (50000)\nrun 1 dump.tables=1 (1)\n");
	sb_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_postgres),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_not_a_dump),
		cmocka_unit_test(test_large),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
