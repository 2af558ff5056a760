/*
 * log_help - event logs written down as text: "A 0 15 30.5 | B 600", names and minutes, from which to which minute.
 */
#ifndef SOAK_TESTS_LOG_HELP_H
#define SOAK_TESTS_LOG_HELP_H

#include "kind_help.h"

/* A log with these events; its times span the first to the last. complete false: it broke off. */
UNUSED static void
add_log(struct store *s, const char *name, const char *events, bool complete)
{
	struct store_content c = {.size = 10, .format = "gateway-events", .items = 1, .complete = complete,
	    .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	int64_t id = OK(store_content_new(s, &err)), line = 1;
	struct sv rest = sv_of(events), part, word;
	char who[64] = "";

	while (sv_split(&rest, '|', &part)) {
		who[0] = '\0';
		while (sv_split(&part, ' ', &word)) {
			int64_t t;

			if (word.n == 0)
				continue;
			if (who[0] == '\0') {
				snprintf(who, sizeof(who), "%.*s", (int)word.n, word.p);
				continue;
			}
			t = MINUTES(number(word));
			event(s, id, t, who, line++);
			if (c.first_ms == TIME_NONE || t < c.first_ms)
				c.first_ms = t;
			if (c.last_ms == TIME_NONE || t > c.last_ms)
				c.last_ms = t;
		}
	}
	snprintf(c.sha256, sizeof(c.sha256), "%s", name);
	OK(store_content_done(s, id, &c, &err));
	artifact(s, id, name);
}

/* A store of its own with up to two logs; a log whose name begins with '!' broke off. */
UNUSED static struct store *
log_store(const char *name, const char *first, const char *first_events, const char *second, const char *second_events)
{
	struct store *s;

	remove(at(name));
	s = opened(at(name), STORE_WRITE);
	OK(store_begin(s, &err));
	if (first != NULL)
		add_log(s, first, first_events, first[0] != '!');
	if (second != NULL)
		add_log(s, second, second_events, second[0] != '!');
	OK(store_end(s, 0, &err));
	return s;
}

struct log_case {
	const char *what, *spec;
	const char *name, *log, *second_name, *second_log;
	enum outcome outcome;
	const char *observed, *sentence;
	int sources; /* names listed */
};

UNUSED static void
log_cases(const struct kind *kind, const struct log_case *c, size_t n)
{
	const struct criterion_result *r;
	struct store *s;
	struct bench b;
	size_t i;

	for (i = 0; i < n; i++) {
		s = log_store("log.db", c[i].name, c[i].log, c[i].second_name, c[i].second_log);
		r = bench_judge(&b, kind, c[i].spec, "", -1, s);
		if (r->outcome != c[i].outcome)
			fail_msg("%s: outcome %d: %.*s", c[i].what, r->outcome, (int)r->sentence.n, r->sentence.p);
		if (!sv_is(r->observed.text, c[i].observed))
			fail_msg("%s: observed %.*s", c[i].what, (int)r->observed.text.n, r->observed.text.p);
		says(c[i].what, r->sentence, c[i].sentence);
		if (r->n_sources != (size_t)c[i].sources)
			fail_msg("%s: %zu sources", c[i].what, r->n_sources);
		if ((r->settle.n > 0) != (r->outcome == OUTCOME_INCONCLUSIVE))
			fail_msg("%s: settle '%.*s'", c[i].what, (int)r->settle.n, r->settle.p);
		bench_close(&b);
		store_close(s);
	}
}

#endif
