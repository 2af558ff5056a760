/*
 * notes - what people were asked for and wrote, and the team's checklists, as part of the verdict.
 *
 * docs/rules.md 22: what a profile asks for and nobody answers keeps the verdict from PASS; a required question that is answered
 * with no fails it. A checklist decides nothing: its boxes show what criteria, evidence and answers decided.
 */
#ifndef SOAK_JUDGE_NOTES_H
#define SOAK_JUDGE_NOTES_H

#include "judge/kind.h"

/* After v->run and v->now are known. */
void notes_judge(struct judging *j);
/* After criteria, evidence, waivers and notes. */
void checklists_judge(struct judging *j);

/* "ready", "not ready", "not applicable", "missing" */
const char *question_state_text(enum question_state s);
/* "ticked", "unticked", "waived", "unknown" */
const char *box_state_text(enum box_state s);

struct json;
/* "notes" and "checklists" of verdict.json; nothing where the profile has none. */
void notes_json(const struct verdict *v, struct json *j);
void checklists_json(const struct verdict *v, struct json *j);

#endif
