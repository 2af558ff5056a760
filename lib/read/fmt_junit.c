/*
 * JUnit XML, as test runners write it (pytest, Surefire, GoogleTest, jest-junit, CTest ...): each <testcase> becomes a
 * result, each <testsuite> another one (kind "suite") that says how the runner counted. Must never believe the counts: they are claims.
 *
 * There is no standard; what is read is what the runners agree on (docs/formats.md, "JUnit XML"). A document
 * type with declarations of its own (entities, bombs) is refused.
 */
#include <expat.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "read/junit_words.h"
#include "read/odd.h"
#include "read/read.h"
#include "read/read_lines.h"

#define CHUNK (64 * 1024)
#define MAX_PENDING ((int64_t)8 << 20) /* of one tag or comment */
#define MAX_NAME ((size_t)1024)
#define MAX_TEXT ((size_t)4096)
#define MAX_SUITES 32 /* inside each other */
#define MAX_DEPTH 64  /* elements inside each other */

enum tally { TESTS, FAILURES, ERRORS, SKIPPED, NTALLY };
static const char *const tally_name[NTALLY] = {"tests", "failures", "errors", "skipped"};

enum odd_kind { ODD_TIME, ODD_DURATION, ODD_NAME, ODD_TEXT, ODD_OUTCOME, NODD };
static const char *const odd_text[NODD] = {
	[ODD_TIME] = "timestamp that cannot be read (no zone?): when these tests ran is not known from it",
	[ODD_DURATION] = "time that is no number of seconds, not used",
	[ODD_NAME] = "test case without a name",
	[ODD_TEXT] = "message or name longer than is kept (4096 and 1024 bytes)",
	[ODD_OUTCOME] = "outcome that is no word we know: it is not taken for a pass",
};

struct suite {
	struct sb path;          /* names of the suites from the outermost on, joined by '/' */
	int64_t line, t;
	double duration;         /* as stated, NaN */
	int64_t stated[NTALLY];  /* -1: not stated */
	int depth;
	int64_t direct, listed[NTALLY]; /* cases found in it alone; in it and the suites in it */
	int64_t again, notrun;   /* cases that repeat the one before; skipped by their status alone */
	enum junit_outcome own;  /* of what it says of itself, outside its cases: <error> in a suite is a setup that failed */
};

static const char *const outcome_text[] = {"pass", "skip", "unknown", "fail", "error"};

struct reading {
	const struct read_input *in;
	const struct read_sink *sink;
	struct err *e;
	XML_Parser p;
	bool failed;
	int depth;
	struct suite suite[MAX_SUITES];
	int nsuites;
	struct odd odd[NODD];
	/* The case under way. */
	bool in_case, flaky, notrun;
	int case_depth;
	enum junit_outcome outcome;
	struct sb class, name, text, last; /* last: class and name of the case before */
	int64_t line, t;
	double duration;
	/* Character data is kept of this element, when it is not 0. */
	int texting;
	struct sb chars, property;
};

static void
stop(struct reading *r)
{
	r->failed = true;
	XML_StopParser(r->p, XML_FALSE);
}

static int64_t
line_of(const struct reading *r)
{
	return (int64_t)XML_GetCurrentLineNumber(r->p);
}

static void
refuse(struct reading *r, const char *why)
{
	if (!r->failed)
		err_set(r->e, ERR_INPUT, "%s:%" PRId64 ":%" PRId64 ": %s", r->in->name, line_of(r),
		    (int64_t)XML_GetCurrentColumnNumber(r->p) + 1, why);
	stop(r);
}

static void
odd(struct reading *r, enum odd_kind kind)
{
	odd_count(&r->odd[kind], line_of(r));
}

/* Keeps up to max bytes, not half a character. */
static void
keep(struct reading *r, struct sb *out, const char *text, size_t n, size_t max)
{
	sb_add(out, text, n);
	if (out->n <= max)
		return;
	odd(r, ODD_TEXT);
	while (max > 0 && ((unsigned char)out->buf[max] & 0xc0) == 0x80)
		max--;
	out->n = max;
	out->buf[max] = '\0';
}

/* The worst that the attributes of a case or suite say. */
static enum junit_outcome
stated_outcome(struct reading *r, const XML_Char **a)
{
	bool unknown;
	enum junit_outcome worst = junit_stated(a, &unknown);

	if (unknown)
		odd(r, ODD_OUTCOME);
	return worst;
}

static double
seconds(struct reading *r, struct sv text)
{
	double v;

	if (!junit_seconds(text, &v))
		odd(r, ODD_DURATION);
	return v;
}

static int64_t
timestamp(struct reading *r, struct sv text, int64_t otherwise)
{
	int64_t t;

	if (text.n == 0)
		return otherwise;
	if (time_parse_local(text, r->in->zone, &t))
		return t;
	odd(r, ODD_TIME);
	return TIME_NONE;
}

static void
give(struct reading *r, const struct read_result *res)
{
	if (!r->failed && r->sink->result(r->sink->ctx, res, r->e) < 0)
		stop(r);
}

/* --- suites ----------------------------------------------------------------------------- */

static void
state(struct reading *r, const struct suite *s, const char *what, struct sv text)
{
	struct read_fact f = {.text = text, .value = NAN, .line = s->line};
	struct sb path = {0};

	if (text.n == 0 || r->failed)
		return;
	if (!num_parse(text, &f.value))
		f.value = NAN;
	sb_addf(&path, "%" SV_FMT ".%s", SV_ARG(sb_sv(&s->path)), what);
	f.path = sb_sv(&path);
	if (r->sink->claim(r->sink->ctx, &f, r->e) < 0)
		stop(r);
	sb_free(&path);
}

static void
begin_suite(struct reading *r, bool whole, const XML_Char **a)
{
	struct suite *s;
	struct sv name = junit_attribute(a, "name"), text;
	const struct suite *outer = r->nsuites > 0 ? &r->suite[r->nsuites - 1] : NULL;
	int i;

	if (r->nsuites == MAX_SUITES) {
		refuse(r, "more than 32 test suites inside each other");
		return;
	}
	s = &r->suite[r->nsuites++];
	*s = (struct suite){.path = s->path, .depth = r->depth, .line = line_of(r), .t = outer != NULL ? outer->t : TIME_NONE};
	sb_reset(&s->path);
	/* The outermost <testsuites> is only a bracket: it has a path of its own, but gives none to what is in it. */
	if (outer != NULL && outer->path.n > 0 && !sv_is(sb_sv(&outer->path), "testsuites")) {
		sb_addv(&s->path, sb_sv(&outer->path));
		sb_addc(&s->path, '/');
	}
	if (whole || name.n == 0)
		name = whole ? SV("testsuites") : SV("testsuite");
	keep(r, &s->path, name.p, name.n, MAX_NAME);
	s->t = timestamp(r, junit_attribute(a, "timestamp"), s->t);
	s->duration = seconds(r, junit_attribute(a, "time"));
	for (i = 0; i < NTALLY; i++) {
		text = junit_attribute(a, tally_name[i]);
		if (i == SKIPPED && text.n == 0)
			text = junit_attribute(a, "skips");
		state(r, s, tally_name[i], text);
		if (!num_parse_int(text, &s->stated[i]))
			s->stated[i] = -1;
	}
	s->stated[FAILURES] = junit_more(a, "failed", s->stated[FAILURES]);
	s->stated[FAILURES] = junit_more(a, "failure", s->stated[FAILURES]);
	s->stated[ERRORS] = junit_more(a, "error", s->stated[ERRORS]);
	s->own = stated_outcome(r, a);
	state(r, s, "time", junit_attribute(a, "time"));
}

/* Does a stated count agree with what stands there? Runners count nested suites or not, and repeated cases or not. */
static bool
adds_up(const struct suite *s, enum tally i)
{
	int64_t n = s->stated[i];

	if (n < 0 || n == s->listed[i])
		return true;
	if (i == TESTS)
		return n == s->direct || (n < s->listed[i] && n >= s->listed[i] - s->again);
	return i == SKIPPED && n < s->listed[i] && n >= s->listed[i] - s->notrun;
}

static void
end_suite(struct reading *r)
{
	struct suite *s = &r->suite[r->nsuites - 1], *outer = r->nsuites > 1 ? s - 1 : NULL;
	struct read_result res = {.kind = SV("suite"), .name = sb_sv(&s->path), .t = s->t, .duration = s->duration,
	    .line = s->line};
	struct sb text = {0}, odds = {0};
	int64_t bad[NTALLY];
	bool failed;
	int i;

	for (i = 0; i < NTALLY; i++) {
		bad[i] = s->stated[i] > s->listed[i] ? s->stated[i] : s->listed[i];
		if (!adds_up(s, i))
			sb_addf(&odds, "%s%" PRId64 " %s stated, %" PRId64 " listed", odds.n > 0 ? ", " : "", s->stated[i],
			    tally_name[i], s->listed[i]);
		if (outer != NULL)
			outer->listed[i] += s->listed[i];
	}
	if (outer != NULL) {
		outer->again += s->again;
		outer->notrun += s->notrun;
		outer->own = s->own > outer->own ? s->own : outer->own;
	}
	failed = bad[FAILURES] + bad[ERRORS] > 0 || s->own >= JUNIT_FAIL;
	res.status = failed ? SV("fail") : s->own == JUNIT_UNKNOWN ? SV("unknown") : SV("pass");
	if (odds.n > 0) {
		if (!failed)
			res.status = s->stated[TESTS] > s->listed[TESTS] ? SV("incomplete") : SV("unknown");
		sb_addf(&text, "suite %" SV_FMT ": its counts and its cases do not agree: %s", SV_ARG(res.name), sb_str(&odds));
		if (!r->failed && r->sink->problem(r->sink->ctx, s->line, READ_WARNING, sb_sv(&text), r->e) < 0)
			stop(r);
	} else if (bad[TESTS] == 0 && !failed) {
		res.status = SV("skip");
		sb_adds(&text, "no tests");
	}
	res.text = sb_sv(&text);
	if (res.text.n > MAX_TEXT)
		res.text = sb_sv(&odds);
	give(r, &res);
	r->nsuites--;
	sb_free(&text);
	sb_free(&odds);
}

/* --- cases ------------------------------------------------------------------------------ */

static void
begin_case(struct reading *r, const XML_Char **a)
{
	const struct suite *s = r->nsuites > 0 ? &r->suite[r->nsuites - 1] : NULL;
	struct sv v = junit_attribute(a, "classname");

	if (r->in_case) {
		refuse(r, "a test case inside a test case");
		return;
	}
	r->in_case = true;
	r->case_depth = r->depth;
	r->flaky = false;
	r->line = line_of(r);
	sb_reset(&r->class);
	sb_reset(&r->name);
	sb_reset(&r->text);
	if (v.n == 0 && s != NULL)
		v = sb_sv(&s->path);
	keep(r, &r->class, v.p, v.n, MAX_NAME);
	v = junit_attribute(a, "name");
	if (v.n == 0)
		odd(r, ODD_NAME);
	if (v.n == 0)
		v = SV("(no name)");
	keep(r, &r->name, v.p, v.n, MAX_NAME);
	/* GoogleTest, CTest, NUnit and Ginkgo say it in an attribute. */
	r->outcome = stated_outcome(r, a);
	r->notrun = r->outcome == JUNIT_SKIP;
	r->t = timestamp(r, junit_attribute(a, "timestamp"), s != NULL ? s->t : TIME_NONE);
	r->duration = seconds(r, junit_attribute(a, "time"));
}

static bool
repeats(struct reading *r)
{
	struct sb key = {0};
	bool same;

	sb_addv(&key, sb_sv(&r->class));
	sb_addc(&key, '\0');
	sb_addv(&key, sb_sv(&r->name));
	same = sv_eq(sb_sv(&key), sb_sv(&r->last));
	sb_free(&r->last);
	r->last = key;
	return same;
}

static void
end_case(struct reading *r)
{
	struct suite *s = r->nsuites > 0 ? &r->suite[r->nsuites - 1] : NULL;
	struct read_result res = {.kind = SV("test"), .suite = sb_sv(&r->class), .name = sb_sv(&r->name),
	    .status = sv_of(outcome_text[r->outcome]), .t = r->t, .duration = r->duration, .text = sb_sv(&r->text),
	    .line = r->line};
	bool again = repeats(r);

	r->in_case = false;
	if (s != NULL) {
		s->direct++;
		s->listed[TESTS]++;
		s->listed[FAILURES] += r->outcome == JUNIT_FAIL;
		s->listed[ERRORS] += r->outcome == JUNIT_ERROR;
		s->listed[SKIPPED] += r->outcome == JUNIT_SKIP;
		s->again += again;
		s->notrun += r->outcome == JUNIT_SKIP && r->notrun;
	}
	if (r->flaky && r->outcome == JUNIT_PASS && res.text.n == 0)
		res.text = SV("flaky: it failed before it passed");
	give(r, &res);
}

/* <failure>, <error>, <skipped> in a case: the worst counts, the first message is kept. */
static void
mark(struct reading *r, enum junit_outcome what, const XML_Char **a)
{
	struct sv message = junit_attribute(a, "message"), type = junit_attribute(a, "type");

	if (what > r->outcome || (what == JUNIT_SKIP && r->outcome == JUNIT_SKIP))
		r->notrun = false;
	if (what > r->outcome) {
		r->outcome = what;
		sb_reset(&r->text);
	}
	if (r->text.n > 0 || what != r->outcome)
		return;
	if (message.n == 0)
		message = type;
	if (message.n > 0) {
		keep(r, &r->text, message.p, message.n, MAX_TEXT);
	} else {
		r->texting = r->depth;
		sb_reset(&r->chars);
	}
}

static void
property(struct reading *r, struct sv value)
{
	struct read_fact f = {.text = value, .value = NAN, .line = line_of(r)};
	struct sb path = {0};

	if (r->property.n == 0 || r->failed)
		return;
	if (!num_parse(value, &f.value))
		f.value = NAN;
	sb_addf(&path, "%" SV_FMT ".properties.%" SV_FMT,
	    SV_ARG(r->nsuites > 0 ? sb_sv(&r->suite[r->nsuites - 1].path) : SV("testsuites")), SV_ARG(sb_sv(&r->property)));
	f.path = sb_sv(&path);
	if (r->sink->run(r->sink->ctx, &f, r->e) < 0)
		stop(r);
	sb_free(&path);
	sb_reset(&r->property);
}

static void
begin_property(struct reading *r, const XML_Char **a)
{
	struct sv name = junit_attribute(a, "name"), value = junit_attribute(a, "value");

	if (r->in_case || name.n == 0)
		return;
	sb_reset(&r->property);
	keep(r, &r->property, name.p, name.n, MAX_NAME);
	if (value.p != NULL) {
		property(r, sv_head(value, MAX_TEXT));
	} else {
		r->texting = r->depth;
		sb_reset(&r->chars);
	}
}

/* --- expat ------------------------------------------------------------------------------ */

/* <error> outside of a case, or of a suite even: something failed that is none of its cases. */
static void
fail_suite(struct reading *r, enum junit_outcome what)
{
	if (r->nsuites > 0 && what > r->suite[r->nsuites - 1].own)
		r->suite[r->nsuites - 1].own = what;
}

static void
begin_element(struct reading *r, enum junit_element is, const XML_Char **a)
{
	switch (is) {
	case JUNIT_SUITES:
	case JUNIT_SUITE:
		begin_suite(r, is == JUNIT_SUITES, a);
		break;
	case JUNIT_CASE:
		begin_case(r, a);
		break;
	case JUNIT_FAILURE:
	case JUNIT_ERRORED:
		if (r->in_case)
			mark(r, is == JUNIT_FAILURE ? JUNIT_FAIL : JUNIT_ERROR, a);
		else
			fail_suite(r, JUNIT_FAIL);
		break;
	case JUNIT_LIKE_FAILURE:
		/* Deeper it is part of a message. */
		if (r->in_case && r->depth == r->case_depth + 1)
			mark(r, JUNIT_FAIL, a);
		else if (!r->in_case && r->nsuites > 0 && r->depth == r->suite[r->nsuites - 1].depth + 1)
			fail_suite(r, JUNIT_FAIL);
		break;
	case JUNIT_SKIPPED:
		if (r->in_case)
			mark(r, JUNIT_SKIP, a);
		break;
	case JUNIT_FLAKY:
		r->flaky = true;
		break;
	case JUNIT_PROPERTY:
		begin_property(r, a);
		break;
	case JUNIT_OTHER:
		break;
	}
}

static void
on_start(void *ctx, const XML_Char *name, const XML_Char **a)
{
	struct reading *r = ctx;
	enum junit_element is = junit_element(name);

	if (r->failed)
		return;
	if (++r->depth > MAX_DEPTH)
		refuse(r, "more than 64 elements inside each other");
	else if (r->depth == 1 && is != JUNIT_SUITES && is != JUNIT_SUITE)
		refuse(r, "the document is no <testsuites>");
	else
		begin_element(r, is, a);
}

static void
end_text(struct reading *r, enum junit_element is)
{
	struct sv text = sv_trim(sb_sv(&r->chars));

	r->texting = 0;
	if (is == JUNIT_PROPERTY)
		property(r, text);
	else
		sb_addv(&r->text, text);
}

static void
on_end(void *ctx, const XML_Char *name)
{
	struct reading *r = ctx;
	enum junit_element is = junit_element(name);

	if (r->failed)
		return;
	if (r->texting == r->depth)
		end_text(r, is);
	r->depth--;
	if (is == JUNIT_CASE)
		end_case(r);
	else if (is == JUNIT_SUITES || is == JUNIT_SUITE)
		end_suite(r);
}

static void
on_chars(void *ctx, const XML_Char *text, int n)
{
	struct reading *r = ctx;

	/* Once full it stays so: a long text comes in many pieces and is odd once. */
	if (!r->failed && r->texting == r->depth && r->texting > 0 && r->chars.n < MAX_TEXT)
		keep(r, &r->chars, text, (size_t)n, MAX_TEXT);
}

static void
on_doctype(void *ctx, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal)
{
	(void)name;
	(void)sysid;
	(void)pubid;
	if (internal)
		refuse(ctx, "a document type with declarations of its own is not read");
}

static int
parse(struct reading *r)
{
	int64_t fed = 0, at;
	ptrdiff_t n = 1;
	void *buf;

	while (n > 0) {
		if ((buf = XML_GetBuffer(r->p, CHUNK)) == NULL)
			mem_out();
		if ((n = r->in->src->read(r->in->src, buf, CHUNK, r->e)) < 0)
			return -1;
		fed += n;
		if (XML_ParseBuffer(r->p, (int)n, n == 0) != XML_STATUS_OK) {
			if (!r->failed)
				refuse(r, XML_ErrorString(XML_GetErrorCode(r->p)));
			return -1;
		}
		if (r->failed)
			return -1;
		at = (int64_t)XML_GetCurrentByteIndex(r->p);
		if (fed - at > MAX_PENDING)
			return err_set(r->e, ERR_LIMIT, "%s:%" PRId64 ": more than 8 MiB in one tag", r->in->name, line_of(r));
	}
	return 0;
}

static int
read_junit(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct reading *r = mem_new(1, sizeof(*r));
	struct err why = {0};
	int i, rc;

	r->in = in;
	r->sink = sink;
	r->e = &why; /* a callback may see no error struct otherwise */
	if ((r->p = XML_ParserCreate(NULL)) == NULL)
		mem_out();
	XML_SetUserData(r->p, r);
	XML_SetElementHandler(r->p, on_start, on_end);
	XML_SetCharacterDataHandler(r->p, on_chars);
	XML_SetStartDoctypeDeclHandler(r->p, on_doctype);
	rc = parse(r);
	for (i = 0; i < NODD && rc == 0; i++)
		rc = odd_tell(&r->odd[i], odd_text[i], READ_WARNING, sink, &why);
	if (rc < 0)
		err_set(e, why.code, "%s", why.msg);
	XML_ParserFree(r->p);
	for (i = 0; i < MAX_SUITES; i++)
		sb_free(&r->suite[i].path);
	sb_free(&r->class);
	sb_free(&r->name);
	sb_free(&r->text);
	sb_free(&r->last);
	sb_free(&r->chars);
	sb_free(&r->property);
	mem_free(r);
	return rc;
}

static const char *
probe(const struct read_input *in)
{
	return junit_begins(read_no_bom(in->head)) ? "junit-xml" : NULL;
}

const struct reader reader_junit = {probe, read_junit, {{"junit-xml", "JUnit XML: results of tests"}}};
