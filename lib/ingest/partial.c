#include "ingest/partial.h"

#include "store/observation.h"

int
partial_batch(void *ctx, struct err *e)
{
	struct ingest *i = ctx;
	struct item *it = &i->item;
	const struct records *r = &it->records;
	const struct store_problem p = {.content = r->content, .severity = "error", .stage = "read",
	    .text = SV("reading it did not come to an end: what had come through the pipe until then is kept")};
	bool fresh;

	if (store_observation_kept(i->store, r->content, it->format, r->items, r->first_ms, r->last_ms, e) < 0)
		return -1;
	if (!it->kept && (store_add_artifact(i->store, r->content, sv_of(i->name), &fresh, e) < 0 ||
			     store_add_problem(i->store, &p, e) < 0))
		return -1;
	it->kept = true;
	return store_end(i->store, 0, e) < 0 ? -1 : store_begin(i->store, e);
}

int
partial_settle(struct ingest *i, struct err *e)
{
	struct item *it = &i->item;
	int64_t other, after = 0;
	int begins;

	if (!it->open || it->records.batches == 0)
		return 0;
	if (it->kept && store_observation_unkeep(i->store, it->records.content, e) < 0)
		return -1;
	while ((other = store_observation_unread(i->store, sv_of(i->name), after, e)) > 0) {
		after = other;
		if (other == it->records.content)
			continue;
		if ((begins = store_observation_begins(i->store, it->records.content, other, e)) < 0 ||
		    (begins > 0 && store_forget(i->store, other, e) < 0))
			return -1;
	}
	return other < 0 ? -1 : 0;
}

int
partial_forget(struct ingest *i, struct err *e)
{
	struct item *it = &i->item;
	int64_t content = it->records.content;

	it->records.content = 0;
	it->records.batches = 0;
	if (it->kept)
		return store_forget(i->store, content, e);
	it->open = false;
	(void)store_end(i->store, -1, NULL);
	if (store_begin(i->store, e) < 0)
		return -1;
	it->open = true;
	return 0;
}
