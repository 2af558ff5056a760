#include "step_ahead.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"

#define MAX_THREADS 4
#define LOOK_BACK 64 /* findings among which the same is looked for again */

/* A finding, or (hit.rule NULL) what could not be looked into. */
struct record {
	struct search_hit h;
	struct secret_hit hit;
	const char *why;
	int64_t more; /* the same once more, of what is only counted */
};

struct job {
	const char *name, *path;
	bool trusted, done;
	int rc;
	struct err err;
	struct arena arena;
	VEC(struct record) record;
};

struct ahead {
	const struct secret_rules *rules;
	VEC(struct job) job;
	size_t next, taken; /* to be begun; given out */
	pthread_t thread[MAX_THREADS];
	size_t n_threads;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool stop;
};

struct worker {
	struct job *job;
};

struct ahead *
ahead_new(const struct secret_rules *rules)
{
	struct ahead *a = mem_new(1, sizeof(*a));

	a->rules = rules;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->done, NULL);
	return a;
}

void
ahead_add(struct ahead *a, const char *name, const char *path, bool trusted)
{
	struct job *j = vec_add(&a->job);

	*j = (struct job){.name = name, .path = path, .trusted = trusted};
}

static int
on_hit(void *ctx, const struct search_hit *h, struct err *e)
{
	struct job *j = ((struct worker *)ctx)->job;
	struct record *r;
	size_t i, back = 0;

	(void)e;
	for (i = j->record.n; h->hit->rule->review && i > 0 && back < LOOK_BACK; i--, back++) {
		r = &j->record.v[i - 1];
		if (r->hit.rule == h->hit->rule && strcmp(r->h.name, h->name) == 0) {
			r->more++;
			return 0;
		}
	}
	r = vec_add(&j->record);
	*r = (struct record){.h = *h, .hit = *h->hit};
	r->h.name = arena_str(&j->arena, sv_of(h->name));
	r->hit.value = SV("");
	return 0;
}

static void
on_unseen(void *ctx, const char *name, const char *why)
{
	struct job *j = ((struct worker *)ctx)->job;
	struct record *r = vec_add(&j->record);

	*r = (struct record){.why = arena_str(&j->arena, sv_of(why))};
	r->h.name = arena_str(&j->arena, sv_of(name));
}

static void *
work(void *ctx)
{
	struct ahead *a = ctx;
	struct worker w = {NULL};
	const struct search_sink sink = {&w, on_hit, on_unseen};
	struct search *s = search_new(a->rules, &sink);

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->next < a->job.n) {
		struct job *j = w.job = &a->job.v[a->next++];

		pthread_mutex_unlock(&a->lock);
		j->rc = search_path(s, j->name, j->path, j->trusted, &j->err);
		pthread_mutex_lock(&a->lock);
		j->done = true;
		pthread_cond_broadcast(&a->done);
	}
	pthread_mutex_unlock(&a->lock);
	search_free(s);
	return NULL;
}

static int
begin(struct ahead *a, struct err *e)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	size_t want = n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (size_t)n;

	want = want > a->job.n ? a->job.n : want;
	while (a->n_threads < want && pthread_create(&a->thread[a->n_threads], NULL, work, a) == 0)
		a->n_threads++;
	return a->n_threads > 0 ? 0 : err_set(e, ERR_SYS, "cannot start a thread");
}

static int
tell(const struct job *j, const struct search_sink *sink, struct err *e)
{
	size_t i;
	int64_t k;

	for (i = 0; i < j->record.n; i++) {
		const struct record *r = &j->record.v[i];
		struct search_hit h = r->h;

		if (r->hit.rule == NULL) {
			sink->unseen(sink->ctx, r->h.name, r->why);
			continue;
		}
		h.hit = &r->hit;
		for (k = 0; k <= r->more; k++)
			if (sink->hit(sink->ctx, &h, e) < 0)
				return -1;
	}
	return 0;
}

int
ahead_take(struct ahead *a, const struct search_sink *sink, struct err *e)
{
	struct job *j = &a->job.v[a->taken];
	int rc;

	if (a->n_threads == 0 && begin(a, e) < 0)
		return -1;
	pthread_mutex_lock(&a->lock);
	while (!j->done)
		pthread_cond_wait(&a->done, &a->lock);
	pthread_mutex_unlock(&a->lock);
	a->taken++;
	if (j->rc < 0) {
		*e = j->err;
		return -1;
	}
	rc = tell(j, sink, e);
	vec_free(&j->record);
	arena_free(&j->arena);
	return rc;
}

void
ahead_free(struct ahead *a)
{
	size_t i;

	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_mutex_unlock(&a->lock);
	for (i = 0; i < a->n_threads; i++)
		pthread_join(a->thread[i], NULL);
	for (i = 0; i < a->job.n; i++) {
		vec_free(&a->job.v[i].record);
		arena_free(&a->job.v[i].arena);
	}
	vec_free(&a->job);
	pthread_cond_destroy(&a->done);
	pthread_mutex_destroy(&a->lock);
	mem_free(a);
}
