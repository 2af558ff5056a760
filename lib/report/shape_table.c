#include "report/shape_table.h"

enum {
	STRING = SHAPE_STRING,
	NUMBER = SHAPE_NUMBER,
	BOOL = SHAPE_BOOL,
	MAP = SHAPE_MAP,
	LIST = SHAPE_LIST,
	NIL = SHAPE_NIL,
	ABSENT = SHAPE_ABSENT,
};

static const struct shape figure[] = {
	{"id", STRING, NULL},
	{"value", NUMBER | NIL, NULL},
	{"text", STRING, NULL},
	{"unit", STRING, NULL},
	{"query", STRING | ABSENT, NULL},
	{0},
};

static const struct shape rule_file[] = {
	{"name", STRING, NULL},
	{"sha256", STRING, NULL},
	{0},
};

static const struct shape profile[] = {
	{"name", STRING, NULL},
	{"title", STRING, NULL},
	{"sha256", STRING, NULL},
	{"rule_files", LIST | ABSENT, rule_file},
	{0},
};

static const struct shape run[] = {
	{"start", STRING | NIL, NULL},
	{"start_source", STRING, NULL},
	{"end", STRING | NIL, NULL},
	{"end_source", STRING, NULL},
	{"end_planned", BOOL, NULL},
	{"duration_seconds", NUMBER | NIL, NULL},
	{0},
};

static const struct shape coverage[] = {
	{"id", STRING, NULL},
	{"value", NUMBER | NIL, NULL},
	{"text", STRING, NULL},
	{"window_seconds", NUMBER, NULL},
	{"covered_seconds", NUMBER, NULL},
	{"first", STRING | NIL, NULL},
	{"last", STRING | NIL, NULL},
	{"samples", NUMBER, NULL},
	{"samples_expected", NUMBER | ABSENT, NULL},
	{"excluded_seconds", NUMBER | ABSENT, NULL},
	{"longest_gap_seconds", NUMBER, NULL},
	{"restarts", NUMBER, NULL},
	{"unseen_seconds_min", NUMBER | ABSENT, NULL},
	{"unseen_seconds_max", NUMBER | ABSENT, NULL},
	{0},
};

static const struct shape finding[] = {
	{"labels", STRING, NULL},
	{"text", STRING, NULL},
	{"waiver", STRING | ABSENT, NULL},
	{0},
};

static const struct shape slot[] = {
	{"number", NUMBER, NULL},
	{"scheduled", STRING, NULL},
	{"ran", STRING | NIL, NULL},
	{"status", STRING, NULL},
	{"text", STRING, NULL},
	{"source", STRING, NULL},
	{0},
};

static const struct shape criterion[] = {
	{"id", STRING, NULL},
	{"title", STRING, NULL},
	{"kind", STRING, NULL},
	{"section", STRING | ABSENT, NULL},
	{"over", STRING, NULL},
	{"verdict", STRING, NULL},
	{"key", BOOL, NULL},
	{"optional", BOOL, NULL},
	{"weight", NUMBER | ABSENT, NULL},
	{"observed", MAP | NIL, figure},
	{"required", MAP | NIL, figure},
	{"margin", MAP | NIL, figure},
	{"n", MAP | NIL, figure},
	{"coverage", MAP | NIL, coverage},
	{"mode", STRING | ABSENT, NULL},
	{"demonstrated", MAP | NIL | ABSENT, figure},
	{"confidence", STRING | ABSENT, NULL},
	{"at_least", BOOL, NULL},
	{"method", STRING, NULL},
	{"sentence", STRING, NULL},
	{"settle", STRING | ABSENT, NULL},
	{"action", STRING | ABSENT, NULL},
	{"manual", BOOL | ABSENT, NULL},
	{"waived_from", STRING | ABSENT, NULL},
	{"findings", LIST | ABSENT, finding},
	{"slots", LIST | ABSENT, slot},
	{"sources", LIST, NULL},
	{0},
};

static const struct shape waiver[] = {
	{"id", STRING, NULL},
	{"criterion", STRING, NULL},
	{"match", STRING, NULL},
	{"observed", STRING, NULL},
	{"reason", STRING, NULL},
	{"owner", STRING, NULL},
	{"approver", STRING, NULL},
	{"created", STRING | NIL, NULL},
	{"expires", STRING | NIL, NULL},
	{"ticket", STRING, NULL},
	{"used", BOOL, NULL},
	{"why", STRING, NULL},
	{0},
};

static const struct shape attestation[] = {
	{"criterion", STRING, NULL},
	{"statement", STRING, NULL},
	{"holds", BOOL, NULL},
	{"by", STRING, NULL},
	{"role", STRING, NULL},
	{"stated", STRING | NIL, NULL},
	{"ticket", STRING, NULL},
	{"manual", BOOL, NULL},
	{"used", BOOL, NULL},
	{"why", STRING, NULL},
	{0},
};

static const struct shape score[] = {
	{"verdict", STRING, NULL},
	{"observed", MAP | NIL, figure},
	{"possible", MAP | NIL, figure},
	{"required", MAP | NIL, figure},
	{"warn", MAP | NIL, figure},
	{"sentence", STRING, NULL},
	{0},
};

static const struct shape span[] = {
	{"from", STRING | NIL, NULL},
	{"to", STRING | NIL, NULL},
	{0},
};

static const struct shape box[] = {
	{"text", STRING, NULL},
	{"state", STRING, NULL},
	{"why", STRING, NULL},
	{"rests_on", LIST, NULL},
	{0},
};

static const struct shape checklist[] = {
	{"id", STRING, NULL},
	{"title", STRING, NULL},
	{"note", STRING, NULL},
	{"items", LIST, box},
	{0},
};

static const struct shape named[] = {
	{"name", STRING, NULL},
	{"value", STRING, NULL},
	{0},
};

static const struct shape observation[] = {
	{"text", STRING, NULL},
	{"by", STRING, NULL},
	{0},
};

static const struct shape risk[] = {
	{"id", STRING, NULL},
	{"text", STRING, NULL},
	{"owner", STRING, NULL},
	{"due", STRING | NIL, NULL},
	{"mitigation", STRING, NULL},
	{"ticket", STRING, NULL},
	{0},
};

static const struct shape question[] = {
	{"id", STRING, NULL},
	{"question", STRING, NULL},
	{"optional", BOOL, NULL},
	{"state", STRING, NULL},
	{"answer", STRING, NULL},
	{"detail", STRING, NULL},
	{"by", STRING, NULL},
	{0},
};

static const struct shape signer[] = {
	{"role", STRING, NULL},
	{"name", STRING, NULL},
	{0},
};

static const struct shape notes[] = {
	{"given", BOOL, NULL},
	{"by", STRING, NULL},
	{"role", STRING, NULL},
	{"stated", STRING | NIL, NULL},
	{"sha256", STRING, NULL},
	{"why", STRING, NULL},
	{"identity", LIST, named},
	{"observations", LIST, observation},
	{"risks", LIST, risk},
	{"no_risks", BOOL, NULL},
	{"readiness", LIST, question},
	{"sign_off", LIST, signer},
	{"missing", LIST, NULL},
	{0},
};

static const struct shape burn_window[] = {
	{"window", STRING, NULL},
	{"evaluable", BOOL, NULL},
	{"why", STRING, NULL},
	{"burn", MAP | NIL, figure},
	{"at", STRING | NIL, NULL},
	{0},
};

static const struct shape burn_alert[] = {
	{"severity", STRING, NULL},
	{"rule", STRING, NULL},
	{"evaluable", BOOL, NULL},
	{"why", STRING, NULL},
	{"fired", LIST, span},
	{0},
};

static const struct shape slo[] = {
	{"id", STRING, NULL},
	{"title", STRING, NULL},
	{"outcome", STRING, NULL},
	{"sentence", STRING, NULL},
	{"period", STRING, NULL},
	{"budget_seconds", NUMBER | ABSENT, NULL},
	{"required", MAP | NIL, figure},
	{"observed", MAP | NIL, figure},
	{"n", MAP | NIL, figure},
	{"bad", MAP | NIL, figure},
	{"burn", MAP | NIL, figure},
	{"demonstrated", MAP | NIL, figure},
	{"windows", LIST, burn_window},
	{"alerts", LIST, burn_alert},
	{0},
};

static const struct shape evidence[] = {
	{"id", STRING, NULL},
	{"title", STRING, NULL},
	{"present", BOOL, NULL},
	{"optional", BOOL, NULL},
	{"expected", NUMBER, NULL},
	{"found", NUMBER, NULL},
	{"sentence", STRING, NULL},
	{"missing", LIST, NULL},
	{"missing_brief", LIST | ABSENT, NULL},
	{0},
};

static const struct shape contradiction[] = {
	{"id", STRING, NULL},
	{"source", STRING, NULL},
	{"sentence", STRING, NULL},
	{0},
};

static const struct shape claim[] = {
	{"id", STRING, NULL},
	{"path", STRING, NULL},
	{"source", STRING, NULL},
	{"claimed", STRING, NULL},
	{"recomputed", MAP | NIL, figure},
	{"state", STRING, NULL},
	{"definition", STRING, NULL},
	{"because", STRING, NULL},
	{"sentence", STRING, NULL},
	{0},
};

static const struct shape rate[] = {
	{"title", STRING, NULL},
	{"matcher", STRING, NULL},
	{"rate", MAP | NIL, figure},
	{"good", MAP | NIL, figure},
	{"total", MAP | NIL, figure},
	{0},
};

static const struct shape window[] = {
	{"name", STRING, NULL},
	{"source", STRING, NULL},
	{"spans", LIST, span},
	{0},
};

static const struct shape event[] = {
	{"manual", BOOL | ABSENT, NULL},
	{"time", STRING | NIL, NULL},
	{"name", STRING, NULL},
	{"source", STRING, NULL},
	{0},
};

static const struct shape problem[] = {
	{"source", STRING, NULL},
	{"line", NUMBER | NIL, NULL},
	{"severity", STRING, NULL},
	{"text", STRING, NULL},
	{0},
};

static const struct shape input[] = {
	{"name", STRING, NULL},
	{"sha256", STRING, NULL},
	{"size", NUMBER, NULL},
	{"format", STRING, NULL},
	{"items", NUMBER, NULL},
	{"complete", BOOL, NULL},
	{"superseded", BOOL, NULL},
	{"time", STRING | NIL, NULL},
	{"time_source", STRING, NULL},
	{"time_why", STRING, NULL},
	{"first", STRING | NIL, NULL},
	{"last", STRING | NIL, NULL},
	{0},
};

const struct shape shape_top[] = {
	{"schema", NUMBER, NULL},
	{"profile", MAP, profile},
	{"verdict", STRING, NULL},
	{"decision", STRING, NULL},
	{"headline", STRING, NULL},
	{"reasons", LIST, NULL},
	{"run", MAP, run},
	{"criteria", LIST, criterion},
	{"score", MAP | NIL | ABSENT, score},
	{"now", STRING | NIL | ABSENT, NULL},
	{"now_source", STRING | ABSENT, NULL},
	{"waivers", LIST | ABSENT, waiver},
	{"waivers_sha256", STRING | ABSENT, NULL},
	{"attestations", LIST | ABSENT, attestation},
	{"attestations_sha256", STRING | ABSENT, NULL},
	{"notes", MAP | NIL | ABSENT, notes},
	{"checklists", LIST | ABSENT, checklist},
	{"slos", LIST | ABSENT, slo},
	{"evidence", LIST, evidence},
	{"contradictions", LIST, contradiction},
	{"claims", LIST, claim},
	{"rates", LIST, rate},
	{"windows", LIST, window},
	{"events", LIST, event},
	{"problems", LIST, problem},
	{"inputs", LIST, input},
	{0},
};
