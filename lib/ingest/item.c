#include "ingest/item.h"

#include <string.h>

#include "ingest/partial.h"
#include "read/formats.h"

/* The beginning of a source, looked at before, and then the rest. */
struct replay {
	struct io_src src;
	struct io_src *in;
	struct sv head;
	struct err err; /* the error that came after head */
};

static ptrdiff_t
replay_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct replay *r = (struct replay *)src;

	if (r->head.n > 0) {
		if (n > r->head.n)
			n = r->head.n;
		memcpy(buf, r->head.p, n);
		r->head = sv_from(r->head, n);
		return (ptrdiff_t)n;
	}
	if (r->err.code != ERR_NONE)
		return err_set(e, r->err.code, "%s", r->err.msg);
	return r->in->read(r->in, buf, n, e);
}

static void
replay_peek(struct replay *r, struct io_src *in, unsigned char *head, size_t max)
{
	ptrdiff_t got = 1;
	size_t n = 0;

	*r = (struct replay){.src = {.read = replay_read}, .in = in};
	while (n < max && got > 0) {
		got = in->read(in, head + n, max - n, &r->err);
		n += got > 0 ? (size_t)got : 0;
	}
	r->head = (struct sv){(const char *)head, n};
}

/* A store of ours that lies among the artifacts says nothing about the run. */
static bool
is_store(struct sv head)
{
	return head.n >= 100 && memcmp(head.p, "SQLite format 3", 16) == 0 &&
	    memcmp(head.p + 68, "SOAK", 4) == 0;
}

/* Labels and target by the profile: docs/rules.md 9. */
static void
set_target(struct ingest *i, struct sv name)
{
	const struct profile *p = i->opts->profile;
	struct records *r = &i->item.records;
	const struct profile_snapshots *rule;
	struct profile_captures c;
	struct sv target = {NULL, 0};
	size_t k;

	if (p == NULL)
		return;
	for (k = 0; k < p->n_inputs; k++)
		if (sv_glob(p->inputs[k].file, name)) {
			target = p->inputs[k].target;
			r->extra = p->inputs[k].labels.n > 0 ? &p->inputs[k].labels : NULL;
			break;
		}
	rule = profile_snapshot_rule(p, name, &c);
	if (rule != NULL && rule->target.n > 0)
		target = rule->target;
	r->target = arena_str(&r->arena, target);
}

static int64_t
on_prefix_size(void *ctx, const char *name)
{
	struct ingest *i = ctx;
	char sha[DIGEST_HEX];
	int64_t size, content;
	int rc = store_artifact_named(i->store, sv_of(name), &size, sha, &content, &i->failed);

	return rc > 0 ? size : 0;
}

void
item_note(const struct ingest *i, const struct ingest_note *n)
{
	if (i->opts->note != NULL)
		i->opts->note(i->opts->ctx, n);
}

/* The reader's part: 0, or -1 when the store failed. What is wrong with the artifact goes to item.broken. */
static int
run_reader(struct ingest *i, const struct read_input *in, struct err *e)
{
	struct item *it = &i->item;
	struct read_sink sink = records_sink(&it->records);
	struct err err = {0};

	if (store_begin(i->store, e) < 0)
		return -1;
	it->open = true;
	if (i->live) {
		it->records.batch = partial_batch;
		it->records.batch_ctx = i;
	}
	it->records.content = store_content_new(i->store, e);
	if (it->records.content < 0)
		return -1;
	if (it->reader->read(in, &sink, &err) < 0) {
		if (it->records.trouble.code != ERR_NONE)
			return err_set(e, it->records.trouble.code, "%s", it->records.trouble.msg);
		it->broken = err;
		/* Points stand for themselves (docs/rules.md 8). */
		if (it->records.batches > 0)
			return 0;
		/* Nothing of it is used; what was read so far is forgotten right away. */
		it->open = false;
		(void)store_end(i->store, -1, NULL);
	}
	return 0;
}

static int
on_begin(void *ctx, struct bundle_item *bi, struct err *e)
{
	struct ingest *i = ctx;
	struct item *it = &i->item;
	struct read_input in = {.name = bi->name, .formats = i->opts->formats};
	unsigned char *head = mem_new(READ_HEAD, 1);
	struct replay replay;
	int rc = 0;

	i->mtime = bi->depth == 0 ? i->top_mtime : bi->mtime;
	i->name = bi->name;
	memset(it, 0, sizeof(*it));
	records_init(&it->records, i->store, 0);
	it->format = "unrecognised";
	if (i->failed.code != ERR_NONE) {
		mem_free(head);
		return err_set(e, i->failed.code, "%s", i->failed.msg);
	}
	replay_peek(&replay, bi->src, head, READ_HEAD);
	in.src = &replay.src;
	in.head = replay.head;
	in.zone = i->opts->profile != NULL ? i->opts->profile->zone : NULL;
	it->skipped = is_store(replay.head);
	it->empty = replay.head.n == 0 && replay.err.code == ERR_NONE;
	if (it->empty)
		it->format = "empty";
	else if (!it->skipped)
		it->reader = read_recognise(&in);
	if (it->reader != NULL) {
		it->format = arena_str(&it->records.arena, sv_of(in.format));
		it->format_sha256 = formats_sha256(i->opts->formats, in.format);
		set_target(i, sv_of(bi->name));
		rc = run_reader(i, &in, e);
	}
	mem_free(head);
	return rc;
}

static int
write_item(struct ingest *i, const char *name, const struct bundle_done *d, const struct standing *st,
    int64_t *problems, bool *fresh, struct err *e)
{
	struct item *it = &i->item;
	struct store_content c = {.size = d->size, .format = it->format, .format_sha256 = it->format_sha256, .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	int64_t content = st->known;

	*problems = 0;
	if (content == 0) {
		content = it->open && it->records.content != 0 ? it->records.content : store_content_new(i->store, e);
		memcpy(c.sha256, d->sha256, sizeof(c.sha256));
		c.complete = it->broken.code == ERR_NONE;
		if (c.complete || it->records.batches > 0) {
			c.items = it->records.items;
			c.first_ms = it->records.first_ms;
			c.last_ms = it->records.last_ms;
		}
		if (content < 0 || store_content_done(i->store, content, &c, e) < 0 ||
		    records_write_problems(&it->records, content, problems, e) < 0)
			return -1;
	}
	return occurrence_add(i, content, name, st, &it->broken, problems, fresh, e);
}

static void
count(struct ingest *i, enum ingest_status status)
{
	switch (status) {
	case INGEST_STORED:
	case INGEST_GREW:
		i->totals.stored++;
		break;
	case INGEST_KNOWN:
	case INGEST_SAME:
		i->totals.known++;
		break;
	case INGEST_BROKEN:
		i->totals.broken++;
		break;
	case INGEST_EMPTY:
		i->totals.empty++;
		break;
	case INGEST_UNRECOGNISED:
		i->totals.unrecognised++;
		break;
	}
}

static enum ingest_status
status_of(const struct item *it, const struct standing *st, bool fresh)
{
	if (!fresh)
		return INGEST_KNOWN;
	if (it->empty)
		return INGEST_EMPTY;
	if (it->broken.code != ERR_NONE)
		return INGEST_BROKEN;
	if (it->reader == NULL)
		return INGEST_UNRECOGNISED;
	if (st->known != 0)
		return INGEST_SAME;
	return st->grew ? INGEST_GREW : INGEST_STORED;
}

/* What the item's bytes turned out to be, before it is written. */
static struct sv
judge(struct item *it, const char *name, const struct bundle_done *d, const struct err *read_error)
{
	struct sv why = {NULL, 0};

	/* The source's own word counts more than what a reader made of its early end. */
	if (read_error != NULL)
		it->broken = *read_error;
	if (it->broken.code != ERR_NONE) {
		it->empty = false;
		why = records_broken(&it->records, name, it->broken.msg);
	} else if (it->empty) {
		why = d->size == 0 ? SV("empty file: 0 bytes") : SV("empty file: 0 bytes when decompressed");
		err_set(&it->broken, ERR_INPUT, "%" SV_FMT, SV_ARG(why));
		records_problem(&it->records, 0, READ_ERROR, why);
	}
	return why;
}

/* Is the operand itself, as named on the command line, of no use? */
static void
judge_operand(struct ingest *i, int depth, const char *name, struct sv why)
{
	const struct item *it = &i->item;

	if (it->broken.code == ERR_NONE && !it->empty && it->reader != NULL)
		i->usable++;
	else if (depth == 0)
		err_set(&i->wrong, ERR_INPUT, "%s: %" SV_FMT, name,
		    SV_ARG(why.n > 0 ? why : SV("not recognised")));
}

/*
 * Did these bytes, which are known, tell more than when they were read before? A profile's zone makes local times readable;
 * then this reading takes the other's place. 1, 0 or -1.
 */
static int
read_better(struct ingest *i, const struct standing *st, struct err *e)
{
	const struct item *it = &i->item;
	int64_t before;

	if (!it->open || st->known == 0 || it->broken.code != ERR_NONE)
		return 0;
	before = store_content_items(i->store, st->known, e);
	return before < 0 ? -1 : it->records.items > before;
}

static int
finish_item(struct ingest *i, const struct bundle_item *bi, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	struct item *it = &i->item;
	struct sv why = judge(it, bi->name, d, read_error);
	struct ingest_note n = {.name = bi->name, .format = it->format};
	struct standing st = {0};
	bool fresh = false;
	int rc;

	if (partial_settle(i, e) < 0 || occurrence_find(i, bi->name, d, &st, e) < 0 || (rc = read_better(i, &st, e)) < 0)
		return -1;
	if (rc > 0) {
		if (store_reread(i->store, st.known, it->records.content, e) < 0)
			return -1;
		st.known = 0;
	}
	if (it->open && (st.known != 0 || (it->broken.code != ERR_NONE && (it->records.batches == 0 || d->damaged))) &&
	    partial_forget(i, e) < 0)
		return -1;
	if (!it->open && store_begin(i->store, e) < 0)
		return -1;
	rc = write_item(i, bi->name, d, &st, &n.problems, &fresh, e);
	it->open = false;
	if (store_end(i->store, rc, e) < 0)
		return -1;
	n.status = status_of(it, &st, fresh);
	n.items = it->broken.code == ERR_NONE || it->records.batches > 0 ? it->records.items : 0;
	n.reason = n.status == INGEST_BROKEN ? it->broken.msg : NULL;
	count(i, n.status);
	judge_operand(i, bi->depth, bi->name, why);
	item_note(i, &n);
	return 0;
}

static int
on_end(void *ctx, const struct bundle_item *bi, const struct bundle_done *d, const struct err *read_error,
    struct err *e)
{
	struct ingest *i = ctx;
	struct ingest_note n = {.status = INGEST_UNRECOGNISED, .name = bi->name, .format = "soakproof-store",
	    .reason = "a store of ours, not an artifact"};
	int rc = 0;

	if (i->item.skipped) {
		item_note(i, &n);
		if (bi->depth == 0)
			err_set(&i->wrong, ERR_INPUT, "%s: %s", bi->name, n.reason);
	} else {
		rc = finish_item(i, bi, d, read_error, e);
	}
	records_free(&i->item.records);
	memset(&i->item, 0, sizeof(i->item));
	return rc;
}

void
item_abandon(struct ingest *i)
{
	if (i->item.open)
		(void)store_end(i->store, -1, NULL);
	records_free(&i->item.records);
	memset(&i->item, 0, sizeof(i->item));
	container_forget(i);
}

int
item_walk(struct ingest *i, struct io_src *src, const char *name, int64_t mtime, struct err *e)
{
	const struct bundle_sink sink = {i, on_prefix_size, on_begin, on_end, container_end, container_refused};
	int rc;

	i->top = name;
	i->top_mtime = mtime;
	i->wrong = (struct err){0};
	rc = bundle_walk(src, name, &sink, e);
	item_abandon(i);
	return rc;
}

/* A problem of something that has no content and no artifact. */
static int
add_problem(struct ingest *i, const char *severity, struct sv text, struct err *e)
{
	const struct store_problem p = {.severity = severity, .stage = "read", .text = text};
	int rc = store_begin(i->store, e);

	return rc < 0 ? rc : store_end(i->store, store_add_problem(i->store, &p, e), e);
}

int
item_unreadable(struct ingest *i, const char *name, const char *why, struct err *e)
{
	struct ingest_note n = {.status = INGEST_BROKEN, .name = name, .format = "", .problems = 1, .reason = why};
	struct sb text = {0};
	int rc;

	sb_addf(&text, "%s: %s", name, why);
	rc = add_problem(i, "error", sb_sv(&text), e);
	sb_free(&text);
	i->totals.broken++;
	item_note(i, &n);
	return rc;
}

int
item_left_out(struct ingest *i, const char *name, const char *why, struct err *e)
{
	struct ingest_note n = {.status = INGEST_UNRECOGNISED, .name = name, .format = "refused", .problems = 1,
	    .reason = why};
	struct sb text = {0};
	int rc;

	sb_addf(&text, "%s: not read: %s", name, why);
	rc = add_problem(i, "warning", sb_sv(&text), e);
	sb_free(&text);
	i->totals.left_out++;
	item_note(i, &n);
	return rc;
}
