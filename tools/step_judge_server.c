#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "step_judge_server.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "profile/slo.h"
#include "steps.h"

struct reads {
	struct arena *a;
	struct step_pull *pull;
	int64_t before; /* how far any of them reads back, ms */
	bool many;
};

/* The whole metric: whether there are others of it tells "none" from "unknown". */
static void
add_selector(struct reads *r, const struct pq_selector *sel)
{
	struct sb text = {0};
	size_t i;

	pq_format_selector(pq_selector_metric(r->a, sel)->n > 0 ? pq_selector_metric(r->a, sel) : sel, &text);
	for (i = 0; i < r->pull->n_matches && strcmp(r->pull->match[i], sb_str(&text)) != 0; i++)
		;
	if (i == STEP_PULL_MATCHES)
		r->many = true;
	else if (i == r->pull->n_matches)
		r->pull->match[r->pull->n_matches++] = arena_str(r->a, sb_sv(&text));
	sb_free(&text);
}

/* Recursion is bounded by PQ_MAX_DEPTH. back: what the ranges around it add. */
static void
walk(struct reads *r, const struct pq_expr *x, int64_t back)
{
	const struct pq_expr *part;
	size_t i;

	if (x->shift.offset > 0)
		back += x->shift.offset;
	if (x->kind == PQ_SELECT || x->kind == PQ_RANGE) {
		add_selector(r, x->kind == PQ_RANGE ? x->range.selector : x->selector);
		back += x->kind == PQ_RANGE ? x->range.range : PQ_LOOKBACK;
		r->before = back > r->before ? back : r->before;
	} else if (x->kind == PQ_SUBQUERY) {
		back += x->subquery.range;
	}
	for (i = 0; (part = pq_child(x, i)) != NULL; i++)
		walk(r, part, back);
}

/* What is PromQL is asked for; what is another text by chance (the name of an event) matches no series. */
static void
add_text(struct reads *r, struct sv text)
{
	struct err none = {0};
	const struct pq_expr *x = text.n > 0 ? pq_parse(r->a, text, &none) : NULL;

	if (x != NULL)
		walk(r, x, 0);
}

static void
add_doc(struct reads *r, const struct doc *d)
{
	const struct doc *c;

	if (d->kind == DOC_STRING)
		add_text(r, d->text);
	for (c = doc_first(d); c != NULL; c = c->next)
		add_doc(r, c);
}

/* sloth's {{.window}} stands for a duration. */
static struct sv
without_template(struct arena *a, struct sv text)
{
	struct sb out = {0};
	size_t open, close;

	while ((open = sv_find(text, SV("{{"))) < text.n && (close = sv_find(sv_from(text, open), SV("}}"))) < text.n - open) {
		sb_addv(&out, sv_head(text, open));
		sb_adds(&out, "5m");
		text = sv_from(text, open + close + 2);
	}
	sb_addv(&out, text);
	text = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return text;
}

/* Everything that can be judged there reads. 0 or -1. */
static int
collect(struct reads *r, const struct profile *p, struct err *e)
{
	struct doc *doc;
	size_t i;

	for (i = 0; i < p->n_criteria; i++)
		if (judge_on_server(p->criteria[i].kind))
			add_doc(r, p->criteria[i].spec);
	for (i = 0; p->slos != NULL && i < p->slos->n; i++) {
		add_text(r, without_template(r->a, p->slos->v[i].total));
		add_text(r, without_template(r->a, p->slos->v[i].good));
		add_text(r, without_template(r->a, p->slos->v[i].bad));
		add_text(r, without_template(r->a, p->slos->v[i].raw));
	}
	for (i = 0; i < p->n_rule_files; i++) {
		if (p->rule_files[i].text.p == NULL)
			continue;
		if ((doc = doc_yaml(r->a, arena_str(r->a, p->rule_files[i].name), p->rule_files[i].text, e)) == NULL)
			return -1;
		add_doc(r, doc);
	}
	if (r->pull->n_matches == 0)
		return err_set(e, ERR_USAGE, "%s: no criterion that a server can answer: sli, promql, alerts, slo, trend, spike and recovery are",
		    p->file);
	add_text(r, p->process_start.n > 0 ? p->process_start : SV("process_start_time_seconds"));
	if (r->many)
		return err_set(e, ERR_LIMIT, "%s: more than %d metrics are read: pull them with soak-ingest --from", p->file, STEP_PULL_MATCHES);
	return 0;
}

static int
times(const struct profile *p, int64_t start, struct step_pull *pull, struct err *e)
{
	pull->start = start != TIME_NONE ? start : p->start.kind == WHEN_TIME ? p->start.time : TIME_NONE;
	if (pull->start == TIME_NONE)
		return err_set(e, ERR_USAGE, "a server has no events: --start TIME says when the run began");
	pull->end = p->end.kind == WHEN_TIME ? p->end.time : p->duration != TIME_NONE ? pull->start + p->duration : TIME_NONE;
	if (pull->end == TIME_NONE || pull->end <= pull->start)
		return err_set(e, ERR_USAGE, "%s: a server has no events: run.duration, or run.end as a time, says when the run ended", p->file);
	return 0;
}

struct store *
step_judge_server_open(const struct tool *t, struct step_judge_server *s, const struct profile *p, int64_t start, struct err *e)
{
	struct step_pull pull = {.url = s->server.url, .token_file = s->server.token_file, .user_file = s->server.user_file,
	    .ca_file = s->server.ca_file, .timeout = s->server.timeout};
	struct reads r = {.a = &s->arena, .pull = &pull};
	struct step_ingest in = {.profile = p, .operand_time = TIME_NONE, .start = start, .n = 1};
	struct store *store;
	struct tool quiet = *t;
	const char *tmp = getenv("TMPDIR");
	char *operand;

	if (times(p, start, &pull, e) < 0 || collect(&r, p, e) < 0)
		return NULL;
	s->folder = arena_fmt(&s->arena, "%s/soak-judge.XXXXXX", tmp == NULL || *tmp == '\0' ? "/tmp" : tmp);
	if (mkdtemp(s->folder) == NULL) {
		err_set(e, ERR_SYS, "%s: cannot make a folder: %s", s->folder, strerror(errno));
		s->folder = NULL;
		return NULL;
	}
	operand = arena_fmt(&s->arena, "%s/pulled", s->folder);
	pull.into = operand;
	pull.start -= r.before;
	in.operand = &operand;
	quiet.quiet = true; /* names of files that nobody gave */
	if (step_pull(&quiet, &pull, e) < 0)
		return NULL;
	if (pull.files == 0) {
		err_set(e, ERR_INPUT, "%s: no series that the criteria read is there in that time", pull.url);
		return NULL;
	}
	store = store_open(arena_fmt(&s->arena, "%s/run.db", s->folder), STORE_WRITE, e);
	if (store != NULL && step_ingest(&quiet, store, &in, e) < 0) {
		store_close(store);
		return NULL;
	}
	return store;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void
step_judge_server_close(struct step_judge_server *s)
{
	if (s->folder != NULL)
		nftw(s->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(&s->arena);
}
