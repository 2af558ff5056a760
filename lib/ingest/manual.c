#include "ingest/manual.h"

#include <string.h>

#include "base/json.h"
#include "base/time.h"

static int
one_line(struct sv text, const char *what, struct err *e)
{
	size_t i;

	if (sv_trim(text).n == 0)
		return err_set(e, ERR_USAGE, "this needs %s", what);
	for (i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return err_set(e, ERR_USAGE, "%s must be one line of text", what);
	return 0;
}

/* What is hashed and, in a way, the file: {"manual":"event","time":...}. */
static void
write_record(const struct manual_event *ev, struct sb *out)
{
	struct json j = {.out = out, .compact = true};

	json_map(&j, NULL);
	json_cstr(&j, "manual", "event");
	json_time(&j, "time", ev->t);
	json_str(&j, "kind", ev->name);
	json_str(&j, "text", ev->text);
	json_str(&j, "by", ev->by);
	json_end(&j);
	sb_addc(out, '\n');
}

/* "manual/Ada Lead/3f2a9c1b": whoever prints the source of a fact prints who said it. */
static void
write_name(const struct manual_event *ev, const char *sha256, struct sb *out)
{
	size_t i;

	sb_adds(out, "manual/");
	for (i = 0; i < ev->by.n; i++)
		sb_addc(out, ev->by.p[i] == '/' ? '-' : ev->by.p[i]);
	sb_addf(out, "/%.8s", sha256);
}

static int
add(struct store *s, const struct manual_event *ev, struct sv record, const char *sha256, struct err *e)
{
	struct store_content c = {.size = (int64_t)record.n, .format = "manual", .items = 1, .complete = true, .first_ms = ev->t,
	    .last_ms = ev->t};
	struct store_event row = {.t = ev->t, .t_end = TIME_NONE, .kind = SV("manual"), .name = ev->name, .text = ev->text, .line = 1};
	int64_t id = store_content_find(s, sha256, e);
	struct sb name = {0};
	bool fresh;

	if (id != 0)
		return id < 0 ? -1 : 0;
	memcpy(c.sha256, sha256, DIGEST_HEX);
	write_name(ev, sha256, &name);
	id = store_content_new(s, e);
	if (id >= 0 && (store_add_event(s, id, &row, e) < 0 || store_content_done(s, id, &c, e) < 0 ||
			   store_add_artifact(s, id, sb_sv(&name), &fresh, e) < 0))
		id = -1;
	sb_free(&name);
	return id < 0 ? -1 : 0;
}

int
manual_add(struct store *s, const struct manual_event *ev, struct err *e)
{
	struct sb record = {0};
	char sha256[DIGEST_HEX];
	int rc;

	if (one_line(ev->name, "a kind", e) < 0 || one_line(ev->text, "a text", e) < 0 || one_line(ev->by, "an author (--by)", e) < 0)
		return -1;
	write_record(ev, &record);
	digest_of(sb_sv(&record), sha256);
	rc = store_begin(s, e);
	if (rc == 0)
		rc = store_end(s, add(s, ev, sb_sv(&record), sha256, e), e);
	sb_free(&record);
	return rc;
}

static int
take_out(struct store *s, struct sv name, struct sv by, struct sv why, struct err *e)
{
	struct store_problem p = {.severity = "warning", .stage = "read"};
	char sha256[DIGEST_HEX];
	struct sb text = {0};
	int64_t n;
	int rc = store_remove(s, name, &n, sha256, e);

	if (rc == 0) {
		sb_addf(&text, "%" SV_FMT " (sha256 %.16s) was removed by %" SV_FMT, SV_ARG(name), sha256, SV_ARG(by));
		if (n > 1)
			sb_addf(&text, ", with %lld that lay in it or were earlier versions", (long long)n - 1);
		sb_addf(&text, ": %" SV_FMT, SV_ARG(why));
		p.text = sb_sv(&text);
		rc = store_add_problem(s, &p, e);
	}
	sb_free(&text);
	return rc;
}

int
manual_remove(struct store *s, struct sv name, struct sv by, struct sv why, struct err *e)
{
	if (one_line(by, "an author (--by)", e) < 0 || one_line(why, "a reason (--reason)", e) < 0 || store_begin(s, e) < 0)
		return -1;
	return store_end(s, take_out(s, name, by, why, e), e);
}
