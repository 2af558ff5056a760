/*
 * data_sections - the criteria by what they are about, so that a template can print "Resources" or "WebSocket" without a list of ids.
 *
 * The profile's word ("section") decides, else the kind of the criterion.
 */
#include "report/data_parts.h"

#include "report/shape.h"

static const char *const section[] = {
	"service", "http", "websocket", "load", "slo", "resources", "events", "resilience", "incidents", "security", "tests", "comparison",
	"readiness"};
#define N_SECTIONS (sizeof(section) / sizeof(*section))

static const struct {
	const char *kind, *section;
} usual[] = {
	{"load", "load"}, {"capacity", "load"}, {"slo", "slo"}, {"apdex", "slo"}, {"trend", "resources"}, {"events", "events"},
	{"schedule", "events"}, {"restarts", "events"}, {"spike", "resilience"}, {"recovery", "resilience"}, {"alerts", "incidents"},
	{"availability", "incidents"}, {"escalation", "incidents"}, {"incidents", "incidents"}, {"tests", "tests"}, {"compare", "comparison"}, {"attest", "readiness"}};

static struct sv
section_of(const struct doc *criterion)
{
	struct sv own = shape_text(criterion, "section"), kind = shape_text(criterion, "kind");
	size_t i;

	for (i = 0; i < N_SECTIONS; i++)
		if (sv_is(own, section[i]))
			return own;
	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (sv_is(kind, usual[i].kind))
			return sv_of(usual[i].section);
	return SV("service");
}

static void
add_sections(struct arena *a, struct doc *data)
{
	struct doc *all = doc_add(a, data, "sections", doc_new(a, DOC_MAP));
	const struct doc *c;
	size_t i;

	for (i = 0; i < N_SECTIONS; i++) {
		struct doc *list = doc_new(a, DOC_LIST);

		for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next)
			if (sv_is(section_of(c), section[i]))
				doc_add(a, list, NULL, data_reference(a, c));
		doc_add(a, all, section[i], list);
		doc_add_bool(a, all, arena_fmt(a, "has_%s", section[i]), list->n > 0);
	}
}

static struct doc *
find(struct doc *list, const char *key, struct sv text)
{
	struct doc *c;

	for (c = list->child; c != NULL; c = c->next)
		if (sv_eq(shape_text(c, key), text))
			return c;
	return NULL;
}

/* Each way of computing once, with the criteria that use it. */
static void
add_methods(struct arena *a, struct doc *data)
{
	struct doc *list = doc_add(a, data, "methods", doc_new(a, DOC_LIST)), *m;
	const struct doc *c;

	for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next) {
		struct sv method = shape_text(c, "method"), id = shape_text(c, "id");

		if (method.n == 0)
			continue;
		m = find(list, "method", method);
		if (m == NULL) {
			m = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
			doc_add_str(a, m, "method", method);
			doc_add_str(a, m, "criteria", id);
		} else {
			doc_get(m, "criteria")->text =
			    sv_of(arena_fmt(a, "%" SV_FMT ", %" SV_FMT, SV_ARG(shape_text(m, "criteria")), SV_ARG(id)));
		}
	}
}

/* What to do now: of what failed the profile's own words, of what is open what would settle it. */
static void
add_next_steps(struct arena *a, struct doc *data)
{
	struct doc *list = doc_add(a, data, "next_steps", doc_new(a, DOC_LIST)), *d;
	const struct doc *c;
	int pass;

	for (pass = 0; pass < 2; pass++)
		for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next) {
			struct sv text = shape_text(c, pass == 0 ? "action" : "settle");

			if (text.n == 0)
				continue;
			d = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
			doc_add_str(a, d, "title", shape_text(c, "title"));
			doc_add_str(a, d, "class", shape_text(c, "class"));
			doc_add_bool(a, d, "is_action", pass == 0);
			doc_add_str(a, d, "text", text);
		}
}

/* Those that did not pass as they stand, the worst first, and the titles of those that did. */
static void
add_passed(struct arena *a, struct doc *data)
{
	static const char *const order[] = {"FAIL", "INCONCLUSIVE", "WAIVED", "WARN"};
	struct doc *list = doc_add(a, data, "not_passed", doc_new(a, DOC_LIST));
	const struct doc *c;
	struct sb titles = {0};
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next)
			if (sv_is(shape_text(c, "verdict"), order[i]))
				doc_add(a, list, NULL, data_reference(a, c));
	for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next)
		if (sv_is(shape_text(c, "verdict"), "PASS"))
			sb_addf(&titles, "%s%" SV_FMT, titles.n > 0 ? "; " : "", SV_ARG(shape_text(c, "title")));
	doc_add_str(a, data, "passed_text", sb_sv(&titles));
	sb_free(&titles);
}

void
data_sections(struct arena *a, struct doc *data)
{
	add_sections(a, data);
	add_passed(a, data);
	add_methods(a, data);
	add_next_steps(a, data);
}
