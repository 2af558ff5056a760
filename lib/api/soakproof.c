#include "api/soakproof.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "ingest/ingest.h"
#include "judge/judge.h"
#include "promql/answer.h"
#include "promql/explain.h"
#include "promql/store_source.h"
#include "promql/store_times.h"

struct soakproof {
	struct store *store; /* NULL: it did not open */
	char *templates;     /* or NULL */
	struct err err;
	bool failed; /* err is of the last call */
	bool dead;   /* err is of soakproof_open() and stays */
};

const char *
soakproof_version(void)
{
	return SOAK_VERSION;
}

struct soakproof *
soakproof_open(const char *path, enum soakproof_mode mode, const char *templates)
{
	struct soakproof *s = mem_new(1, sizeof(*s));

	if (templates != NULL)
		s->templates = mem_dup(templates, strlen(templates));
	s->store = store_open(path, mode == SOAKPROOF_WRITE ? STORE_WRITE : STORE_READ, &s->err);
	s->dead = s->failed = s->store == NULL;
	return s;
}

void
soakproof_close(struct soakproof *s)
{
	if (s == NULL)
		return;
	store_close(s->store);
	mem_free(s->templates);
	mem_free(s);
}

const char *
soakproof_error(const struct soakproof *s)
{
	return s->failed ? s->err.msg : NULL;
}

void
soakproof_free(char *text)
{
	mem_free(text);
}

/* Each call begins so: false when the session never opened. */
static bool
begin(struct soakproof *s)
{
	if (s->dead)
		return false;
	s->failed = false;
	s->err = (struct err){0};
	return true;
}

static enum soakproof_status
trouble(struct soakproof *s)
{
	s->failed = true;
	return SOAKPROOF_TROUBLE;
}

static struct profile *
find_profile(struct soakproof *s, const char *name)
{
	const char *dir[] = {s->templates};

	return profile_find(name, dir, s->templates != NULL, &s->err);
}

static struct read_formats *
load_formats(struct soakproof *s)
{
	struct sb path = {0};
	const char *dir[1];
	struct read_formats *f;

	if (s->templates != NULL)
		sb_addf(&path, "%s/formats", s->templates);
	dir[0] = sb_str(&path);
	f = formats_load(dir, s->templates != NULL, &s->err);
	sb_free(&path);
	return f;
}

/* 0, 1 (nothing of it could be used) or -1 as ingest_operand(). */
static int
ingest(struct soakproof *s, const struct profile *profile, const struct read_formats *formats, const char *path)
{
	const struct ingest_opts opts = {.profile = profile, .formats = formats, .operand_time = TIME_NONE, .start = TIME_NONE};
	struct ingest *i = ingest_open(s->store, &opts);
	int rc = ingest_operand(i, path, &s->err);

	if (rc == 0)
		rc = ingest_finish(i, &s->err);
	ingest_close(i);
	return rc;
}

enum soakproof_status
soakproof_ingest(struct soakproof *s, const char *profile, const char *path)
{
	struct read_formats *formats = NULL;
	struct profile *p = NULL;
	int rc = -1;

	if (!begin(s))
		return SOAKPROOF_TROUBLE;
	if ((profile == NULL || (p = find_profile(s, profile)) != NULL) && (formats = load_formats(s)) != NULL)
		rc = ingest(s, p, formats, path);
	formats_free(formats);
	profile_free(p);
	if (rc < 0)
		return trouble(s);
	s->failed = rc > 0;
	return rc > 0 ? SOAKPROOF_INCONCLUSIVE : SOAKPROOF_PASS;
}

static const struct writer {
	const char *format;
	void (*write)(const struct verdict *v, bool strict, struct sb *out);
} writers[] = {{"json", NULL}, {"text", NULL}, {"junit", verdict_junit}, {"md", verdict_md}, {"tsv", verdict_tsv}};
#define TEXT_COLUMNS 80

static const struct writer *
find_writer(const char *format)
{
	size_t i;

	for (i = 0; i < sizeof(writers) / sizeof(*writers); i++)
		if (strcmp(format, writers[i].format) == 0)
			return &writers[i];
	return NULL;
}

enum soakproof_status
soakproof_judge(struct soakproof *s, const char *profile, const char *format, char **out)
{
	const struct judge_opts opts = {.start = TIME_NONE};
	const struct writer *w = find_writer(format);
	enum soakproof_status status;
	struct sb text = {0};
	struct profile *p;
	struct verdict v;

	*out = NULL;
	if (!begin(s))
		return SOAKPROOF_TROUBLE;
	if (w == NULL)
		err_set(&s->err, ERR_USAGE, "format %s: json, text, junit, md or tsv", format);
	if (w == NULL || (p = find_profile(s, profile)) == NULL)
		return trouble(s);
	if (judge_run(s->store, p, &opts, &v, &s->err) < 0) {
		status = trouble(s);
	} else {
		if (w->write != NULL)
			w->write(&v, false, &text);
		else if (strcmp(format, "json") == 0)
			verdict_json(&v, &text);
		else
			verdict_text(&v, TEXT_COLUMNS, false, &text);
		status = (enum soakproof_status)verdict_exit(&v);
		*out = sb_take(&text);
	}
	verdict_free(&v);
	profile_free(p);
	return status;
}

/* 0 with an answer in json, 1 when it says nothing about anything that was seen, -1. */
static int
query(struct soakproof *s, const char *promql, const struct pq_times *times, struct arena *a, struct sb *json)
{
	struct pq_extent extent = {TIME_NONE, TIME_NONE};
	struct pq_expr *x = pq_parse(a, sv_of(promql), &s->err);
	struct pq_explanation ex = {0};
	struct pq_result r = {0};
	struct pq_query q = {0};
	struct pq_store_source src;
	int rc;

	if (x == NULL || (pq_times_open(times) && pq_store_extent(s->store, &extent, &s->err) < 0))
		return -1;
	rc = pq_times_fill(times, &extent, &q, &s->err);
	if (rc <= 0)
		return rc < 0 ? -1 : err_set(&s->err, ERR_INPUT, "the store holds no sample that has a time");
	pq_store_source_init(&src, s->store);
	if (pq_eval(&src.src, x, &q, a, &r, &s->err) < 0 || pq_explain(&src.src, x, &q, a, &ex, &s->err) < 0)
		return -1;
	pq_answer_json(&r, &q, json);
	return pq_no_answer(&r, &ex, pq_reads_extended(x));
}

enum soakproof_status
soakproof_query(struct soakproof *s, const char *promql, long long time_ms, char **json)
{
	const struct pq_times times = {time_ms < 0 ? TIME_NONE : time_ms, TIME_NONE, TIME_NONE, 0};
	struct arena a = {0};
	struct sb text = {0};
	int rc;

	*json = NULL;
	if (!begin(s))
		return SOAKPROOF_TROUBLE;
	rc = query(s, promql, &times, &a, &text);
	if (rc >= 0)
		*json = sb_take(&text);
	sb_free(&text);
	arena_free(&a);
	return rc < 0 ? trouble(s) : rc > 0 ? SOAKPROOF_INCONCLUSIVE : SOAKPROOF_PASS;
}
