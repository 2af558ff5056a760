/*
 * court_help - for the tests of what becomes of evidence: a real store filled by hand, and judge_run() over it.
 *
 *	court_open();
 *	log = court_file("events.log");
 *	court_event(log, 0, "BEGIN");
 *	...
 *	v = court_judge("profile: ...");
 *	court_close();
 *
 * Minutes count from NOW. Files are whole and have one item unless said otherwise.
 */
#ifndef SOAK_TESTS_COURT_HELP_H
#define SOAK_TESTS_COURT_HELP_H

#include "store_help.h"

#include "judge/judge.h"

#define MINUTE(m) (NOW + (int64_t)((m) * 60000.0))
#define NEVER TIME_NONE

static struct {
	struct store *store;
	struct profile *profile;
	struct verdict v;
	int files, stores;
	int64_t artifact, line;
} court;

UNUSED static void
court_open(void)
{
	char name[32];

	snprintf(name, sizeof(name), "%d.soak", ++court.stores);
	court.store = opened(at(name), STORE_WRITE);
	OK(store_begin(court.store, &err));
}

/* A file with everything stated. The digest tells contents apart. */
UNUSED static int64_t
court_file_as(const char *name, struct store_content c)
{
	int64_t id = OK(store_content_new(court.store, &err));
	bool fresh;

	snprintf(c.sha256, sizeof(c.sha256), "%064d", ++court.files);
	OK(store_content_done(court.store, id, &c, &err));
	court.artifact = OK(store_add_artifact(court.store, id, sv_of(name), &fresh, &err));
	return id;
}

UNUSED static int64_t
court_file(const char *name)
{
	return court_file_as(name, (struct store_content){.size = 10, .format = "some-format", .items = 1,
	    .complete = true, .first_ms = TIME_NONE, .last_ms = TIME_NONE});
}

/* A file with times inside. */
UNUSED static int64_t
court_span(const char *name, double from, double to)
{
	return court_file_as(name, (struct store_content){.size = 10, .format = "some-format", .items = 1,
	    .complete = true, .first_ms = MINUTE(from), .last_ms = MINUTE(to)});
}

/* A snapshot without times inside, placed at a minute (NEVER: not placed). */
UNUSED static int64_t
court_snapshot(const char *name, double minute, bool placed)
{
	int64_t id = court_file(name);

	OK(sample(court.store, id, "up", NULL, TIME_NONE, 1));
	if (placed)
		OK(store_place(court.store, court.artifact, MINUTE(minute), "profile", SV("pattern"), &err));
	return id;
}

/* The same bytes under one more name. */
UNUSED static void
court_again(int64_t content_id, const char *name)
{
	bool fresh;

	court.artifact = OK(store_add_artifact(court.store, content_id, sv_of(name), &fresh, &err));
}

UNUSED static void
court_event(int64_t file, double minute, const char *name)
{
	event(court.store, file, MINUTE(minute), name, ++court.line);
}

UNUSED static void
court_sample(int64_t file, const char *name, const char *code, double minute, double v)
{
	OK(sample(court.store, file, name, code, MINUTE(minute), v));
}

static struct store_fact
court_statement(const char *path, const char *text)
{
	struct store_fact f = {.path = sv_of(path), .text = sv_of(text), .line = ++court.line};

	if (!num_parse(f.text, &f.value))
		f.value = (double)NAN;
	return f;
}

UNUSED static void
court_claim(int64_t file, const char *path, const char *text)
{
	struct store_fact f = court_statement(path, text);

	OK(store_add_claim(court.store, file, &f, &err));
}

UNUSED static void
court_fact(int64_t file, const char *path, const char *text)
{
	struct store_fact f = court_statement(path, text);

	OK(store_add_run(court.store, file, &f, &err));
}

/* A log of BEGIN at minute 0 and END at the given one. */
UNUSED static int64_t
court_log(double end)
{
	int64_t log = court_span("events.log", 0, end);

	court_event(log, 0, "BEGIN");
	court_event(log, end, "END");
	return log;
}

/* judge_run()'s own answer. */
UNUSED static int
court_try(const char *profile)
{
	struct judge_opts o = {.start = TIME_NONE};

	OK(store_end(court.store, 0, &err));
	court.profile = profile_parse("p.yaml", sv_of(profile), &err);
	if (court.profile == NULL)
		fail_msg("%s", err.msg);
	return judge_run(court.store, court.profile, &o, &court.v, &err);
}

UNUSED static const struct verdict *
court_judge(const char *profile)
{
	OK(court_try(profile));
	return &court.v;
}

UNUSED static void
court_close(void)
{
	verdict_free(&court.v);
	profile_free(court.profile);
	store_close(court.store);
	court.profile = NULL;
	court.store = NULL;
}

/* Does the text hold the words? */
UNUSED static void
says(struct sv text, const char *words)
{
	if (sv_find(text, sv_of(words)) == text.n)
		fail_msg("'%s' is not in '%.*s'", words, (int)text.n, text.p);
}

#define RUN_PART "profile: t\nrun: {start: {event: BEGIN}, end: {event: END}}\n"
#define STARTED "criteria: [{id: started, events: {name: BEGIN}}]\n"

#endif
