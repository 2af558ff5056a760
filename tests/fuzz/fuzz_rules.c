/* A rule file, replayed over a few series: no text may crash it, nor make it run away. */
#include <stdint.h>
#include <stdlib.h>

#include "promql/memory_source.h"
#include "rules/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t work;

/* Bounds each evaluation, as a deadline would. */
static bool
stop(void *ctx)
{
	(void)ctx;
	return ++work > 20000;
}

static void
load(struct pq_memory *m)
{
	static const char *const series[] = {"up{job=\"a\",instance=\"x:1\"} 1x5 0x4 1x3", "up{job=\"b\"} 1 _ 1 stale 1x8",
	    "c_total{code=\"200\"} 0+10x12", "c_total{code=\"500\"} _x4 0+1x8", "b_bucket{le=\"1\"} 0+1x12", "b_bucket{le=\"+Inf\"} 0+2x12"};
	struct arena a = {0};
	size_t i;

	pq_memory_init(m);
	for (i = 0; i < sizeof(series) / sizeof(*series); i++) {
		struct pq_notation n = {0};

		if (pq_notation_parse(&a, sv_of(series[i]), &n, NULL) < 0 || pq_memory_load(m, &n, 0, 60000, NULL) < 0)
			abort();
	}
	arena_free(&a);
}

static void
replay(const struct rules *rules, struct arena *a)
{
	struct replay_opts o = {.end = 720000, .query = {.max_samples = 10000, .stop = stop}};
	struct doubt_opts d = {.first = 0};
	struct rule_doubts *doubts;
	struct pq_memory m;
	struct replay r;
	struct shown s;
	struct err e = {0};
	struct sb out = {0};
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (rules->group[i].interval > 0 && rules->group[i].interval < 30000)
			return; /* very many evaluations are what was asked for */
	load(&m);
	work = 0;
	replay_open(&r, rules, &m.src, &o);
	doubts = arena_new(a, r.n, sizeof(*doubts));
	if (replay_run(&r, &e) == 0 && doubt_rules(&r, &d, a, doubts, &e) == 0) {
		s = (struct shown){&r, doubts, arena_new(a, r.n, sizeof(bool))};
		show_text(&s, &out);
		show_tsv(&s, &out);
		show_json(&s, &out);
	}
	sb_free(&out);
	replay_close(&r);
	pq_memory_free(&m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size};
	struct arena a = {0};
	struct rules rules = {0};
	struct err e = {0};

	if (size <= 20000 && rules_parse(&a, "r.yml", text, &rules, &e) == 0 && rules.n < 20)
		replay(&rules, &a);
	arena_free(&a);
	return 0;
}
