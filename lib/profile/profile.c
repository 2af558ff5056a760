#include "profile/profile.h"

#include "profile/parts.h"

#include "base/mem.h"

/* Part of the language, but of a later version of this program. */
static const char *const later[] = {"approvals", NULL};

/*
 * In the order in which they are read: windows need the zone, criteria the windows, charts the criteria.
 * "profile", "title", "on_contradiction", "criteria" and "baselines" are read by hand.
 */
static const struct {
	const char *key;
	int (*read)(struct loader *l, const struct doc *d);
} sections[] = {
	{"run", part_run},
	{"windows", part_windows},
	{"process_start", part_process_start},
	{"inputs", part_inputs},
	{"evidence", part_evidence},
	{"outcomes", part_outcomes},
	{"quantities", part_quantities},
	{"claims", part_claims},
	{"crosscheck", part_crosscheck},
	{"score", part_score},
	{"rule_files", part_rule_files},
	{"slos", part_slos},
	{"notes", part_notes},
	{"collect", part_collect},
};
#define N_SECTIONS (sizeof(sections) / sizeof(sections[0]))

static int
refuse_keys(struct loader *l, const struct doc *root)
{
	static const char *const known[] = {"profile", "title", "run", "windows", "process_start", "inputs",
	    "evidence", "outcomes", "on_contradiction", "score", "quantities", "claims", "crosscheck", "criteria", "baselines",
	    "charts", "report", "slos", "notes", "checklists", "approvals", "waivers", "attestations", "rule_files", "collect", NULL};
	const struct doc *d;
	size_t i;

	if (root->kind != DOC_MAP)
		return doc_err(root, l->e, "not a profile: keys and values expected");
	if (profile_keys(root, known, l->e) < 0)
		return -1;
	for (i = 0; later[i] != NULL; i++)
		if ((d = doc_get(root, later[i])) != NULL)
			return doc_err_key(d, l->e, "'%s' is not supported yet by this version", later[i]);
	return 0;
}

static bool
is_profile_name(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!part_is_name((struct sv){v.p + i, 1}) && !part_is_id((struct sv){v.p + i, 1}) && v.p[i] != '.')
			return false;
	return v.n > 0 && v.p[0] != '.';
}

static int
head(struct loader *l, const struct doc *root)
{
	struct profile *p = l->p;
	struct sv contradiction;

	if (part_need(l, root, "a profile", "profile", &p->name) < 0 ||
	    profile_text(root, "title", &p->title, l->e) < 0 ||
	    profile_text(root, "on_contradiction", &contradiction, l->e) < 0)
		return -1;
	if (!is_profile_name(p->name))
		return doc_err(doc_get(root, "profile"), l->e, "a profile's name has letters, digits, '.', '_' and '-' "
		    "only");
	if (p->title.n == 0)
		p->title = p->name;
	p->contradiction_fails = !sv_is(contradiction, "warn");
	if (doc_get(root, "on_contradiction") != NULL && p->contradiction_fails && !sv_is(contradiction, "fail"))
		return doc_err(doc_get(root, "on_contradiction"), l->e, "'on_contradiction' must be fail or warn");
	return 0;
}

static int
load(struct loader *l, const struct doc *root)
{
	const struct doc *d;
	size_t i;

	if (refuse_keys(l, root) < 0 || head(l, root) < 0)
		return -1;
	for (i = 0; i < N_SECTIONS; i++)
		if ((d = doc_get(root, sections[i].key)) != NULL && sections[i].read(l, d) < 0)
			return -1;
	if (part_criteria(l, root) < 0)
		return -1;
	if ((d = doc_get(root, "waivers")) != NULL && part_waivers(l, d) < 0)
		return -1;
	if ((d = doc_get(root, "attestations")) != NULL && part_attestations(l, d) < 0)
		return -1;
	if ((d = doc_get(root, "checklists")) != NULL && part_checklists(l, d) < 0)
		return -1;
	if ((d = doc_get(root, "charts")) != NULL && part_charts(l, d) < 0)
		return -1;
	if ((d = doc_get(root, "report")) != NULL && part_report(l, d) < 0)
		return -1;
	return 0;
}

struct profile *
profile_parse(const char *file, struct sv text, struct err *e)
{
	struct profile *p = mem_new(1, sizeof(*p));
	struct loader l = {p, e};
	const struct doc *root;

	p->file = arena_str(&p->arena, sv_of(file));
	p->text = arena_sv(&p->arena, text);
	p->duration = TIME_NONE;
	p->process_slack = 10 * TIME_MINUTE;
	p->zone = time_zone_open("UTC", e);
	root = p->zone == NULL ? NULL : doc_yaml(&p->arena, p->file, p->text, e);
	if (root != NULL && part_is_uptime(root))
		root = part_uptime(&l, root);
	if (root == NULL || load(&l, root) < 0) {
		profile_free(p);
		return NULL;
	}
	return p;
}

void
profile_free(struct profile *p)
{
	if (p == NULL)
		return;
	time_zone_free(p->zone);
	arena_free(&p->arena);
	mem_free(p);
}
