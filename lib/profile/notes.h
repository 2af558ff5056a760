/*
 * notes - what a profile asks people for before a GO, what they wrote, and the team's own checklists.
 *
 * The profile's "notes" asks, a file beside it (--notes) answers. Neither is evidence: docs/rules.md 22.
 */
#ifndef SOAK_PROFILE_NOTES_H
#define SOAK_PROFILE_NOTES_H

#include "profile/profile.h"

struct notes_question {
	struct sv id, text;
	bool optional; /* no answer, or a no, does not keep from a GO */
	const struct doc *at;
};

enum notes_word { NOTES_YES, NOTES_NO, NOTES_NOT_APPLICABLE };

struct notes_answer {
	const struct notes_question *question;
	enum notes_word word;
	struct sv detail, by;
};

struct notes_pair {
	struct sv name, value;
};

struct notes_risk {
	struct sv id, text, owner, mitigation, ticket;
	int64_t due; /* TIME_NONE: not stated */
};

struct notes {
	/* What the profile asks for. */
	struct sv *identity; /* names: version, commit */
	size_t n_identity;
	bool wants_observations, wants_risks, wants_sign_off;
	struct notes_question *question;
	size_t n_questions;
	/* What was written. */
	bool given;
	struct sv text; /* the file's bytes; p NULL none */
	struct sv by, role;
	int64_t stated;
	struct notes_pair *known; /* identity as stated */
	size_t n_known;
	struct notes_pair *observation; /* name: who */
	size_t n_observations;
	struct notes_risk *risk;
	size_t n_risks;
	bool no_risks; /* it is stated that there are none */
	struct notes_answer *answer;
	size_t n_answers;
	struct notes_pair *signer; /* name: the role, value: who */
	size_t n_signers;
};

struct checklist_box {
	struct sv text;
	struct sv *criteria, *evidence, *readiness; /* ids: all of them must hold */
	size_t n_criteria, n_evidence, n_readiness;
	struct sv undecided; /* nothing decides it, because; "" something does */
	const struct doc *at;
};

struct checklist {
	struct sv id, title, note;
	struct checklist_box *box;
	size_t n;
	const struct doc *at;
};

struct checklists {
	struct checklist *v;
	size_t n;
};

#endif
