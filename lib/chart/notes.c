/*
 * The row of labels above the plot. What does not fit becomes a number, and the key below the chart says what the
 * number stands for; nothing is ever put over something else.
 */
#include <math.h>

#include "chart/frame.h"
#include "chart/words.h"

/* More labels than this have no room on a chart of this width, numbered or not. */
#define MOST_NOTES 60
#define LABEL_WIDTH 240 /* no wider than this */
#define KEY_LABEL_WIDTH 240
#define KEY_REST_WIDTH 140 /* "12 more without a label" */
#define BETWEEN_KEYS "      "
#define SPACE 8         /* between two labels */
#define NUMBER_SPACE 2  /* and beside a number */
#define BESIDE 10       /* and what a label moves aside to make room for its neighbour */
#define INSIDE 16       /* a gap wider than its label by this much holds it */

static void
add_note(struct frame *f, struct notes *notes, struct note note, struct sv text)
{
	if (notes->note.n >= MOST_NOTES) {
		notes->unlabelled++;
		return;
	}
	note.text = words_fit(text, f->fonts, NOTE_SIZE, false, LABEL_WIDTH, &f->p->arena);
	if (note.text.n == 0)
		return;
	note.text_width = fonts_width(f->fonts, note.text, NOTE_SIZE, false);
	*vec_add(&notes->note) = note;
}

static bool
fits_inside(struct frame *f, const struct seen_gap *gap)
{
	/* Where several look like one there is a line between them. */
	return gap->count == 1 &&
	    fonts_width(f->fonts, frame_gap_text(f, gap), NOTE_SIZE, false) + INSIDE <=
	    gap->x1 - gap->x0;
}

/* In order of importance: who comes first gets the room. */
static void
collect(struct frame *f, struct notes *notes)
{
	const struct frame *c = f;
	struct seen_gap *gap;
	size_t i, n = frame_seen_gaps(f, &gap);

	for (i = 0; i < c->n_bands; i++) {
		const struct chart_band *b = &c->band[i];

		if (b->to >= b->from && b->from < c->to && b->to >= c->from)
			add_note(f, notes, (struct note){.x = frame_x(f, b->from), .x1 = frame_x(f, b->to),
			    .rgba = AMBER_TEXT}, b->label);
	}
	for (i = 0; i < c->n_flags; i++) {
		double x = frame_x(f, c->flag[i].t);

		if (c->flag[i].t >= c->from && c->flag[i].t <= c->to)
			add_note(f, notes, (struct note){.x = x, .x1 = x, .rgba = GREY}, c->flag[i].label);
	}
	for (i = 0; i < n; i++)
		if (!fits_inside(f, &gap[i]))
			add_note(f, notes, (struct note){.x = gap[i].x0, .x1 = gap[i].x1, .rgba = GREY,
			    .centred = true}, frame_gap_text(f, &gap[i]));
}

#define PLACES 5

/* Where the left end of a note's text may be, best first. */
static void
places_of(const struct frame *f, const struct note *note, double at[PLACES])
{
	double left = f->p->plot_x, right = f->p->width - EDGE - note->width;
	double middle = (note->x + note->x1 - note->width) / 2;
	int k;

	at[0] = note->centred ? middle : note->x;
	at[1] = note->x1 - note->width;
	at[2] = note->centred ? note->x : middle;
	at[3] = note->x1 - note->width - BESIDE;
	at[4] = note->x + BESIDE;
	for (k = 0; k < PLACES; k++)
		at[k] = fmax(left, fmin(at[k], right));
}

static bool
too_near(const struct note *a, const struct note *b, double space)
{
	return a->at < b->at + b->width + space && b->at < a->at + a->width + space;
}

/* How many placed notes are in the way of note i where it is now; the last of them in *which. */
static size_t
in_the_way(const struct notes *notes, size_t i, double space, size_t *which)
{
	size_t k, n = 0;

	for (k = 0; k < notes->note.n; k++)
		if (k != i && notes->note.v[k].placed && too_near(&notes->note.v[k], &notes->note.v[i], space)) {
			*which = k;
			n++;
		}
	return n;
}

/* Puts note i at its first place where nothing is in the way. */
static bool
place_freely(const struct frame *f, struct notes *notes, size_t i)
{
	struct note *note = &notes->note.v[i];
	double at[PLACES];
	size_t which;
	int k;

	places_of(f, note, at);
	for (k = 0; k < PLACES; k++) {
		note->at = at[k];
		if (in_the_way(notes, i, SPACE, &which) == 0) {
			note->placed = true;
			return true;
		}
	}
	return false;
}

/* The same, moving one other text to another of its places if that is what it takes. */
static bool
place_text(const struct frame *f, struct notes *notes, size_t i)
{
	struct note *note = &notes->note.v[i], *other;
	double at[PLACES], old;
	size_t which = 0;
	int k;

	if (place_freely(f, notes, i))
		return true;
	places_of(f, note, at);
	for (k = 0; k < PLACES; k++) {
		note->at = at[k];
		if (in_the_way(notes, i, SPACE, &which) != 1)
			continue;
		other = &notes->note.v[which];
		old = other->at;
		other->placed = false;
		note->placed = true;
		if (place_freely(f, notes, which))
			return true;
		other->at = old;
		other->placed = true;
		note->placed = false;
	}
	return false;
}

static struct sv
number_text(const struct frame *f, int number)
{
	return sv_of(arena_fmt(&f->p->arena, "%d", number));
}

/* Numbers count texts, from left to right: the same text has the same number everywhere. */
static void
number_notes(struct notes *notes)
{
	int number = 0;

	for (;;) {
		struct note *next = NULL;
		size_t i;

		for (i = 0; i < notes->note.n; i++) {
			struct note *n = &notes->note.v[i];

			if (n->how == NOTE_NUMBER && n->number == 0 && (next == NULL || n->x < next->x))
				next = n;
		}
		if (next == NULL)
			return;
		number++;
		for (i = 0; i < notes->note.n; i++)
			if (notes->note.v[i].how == NOTE_NUMBER && sv_eq(notes->note.v[i].text, next->text))
				notes->note.v[i].number = number;
	}
}

static bool
is_first_of_number(const struct notes *notes, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (notes->note.v[k].how == NOTE_NUMBER && notes->note.v[k].number == notes->note.v[i].number)
			return false;
	return true;
}

/*
 * Places what is numbered: first one of each number, so that as many as possible are seen. False when a text stands
 * in the way of such a first one: the text is then to be a number too, and all is to be placed again. Terminates,
 * since no number becomes a text again.
 */
static bool
place_numbers(struct frame *f, struct notes *notes)
{
	struct note *v = notes->note.v;
	size_t i, k = 0;
	int pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < notes->note.n; i++) {
			if (v[i].how != NOTE_NUMBER || v[i].placed || (pass == 0 && !is_first_of_number(notes, i)))
				continue;
			v[i].width = fonts_width(f->fonts, number_text(f, v[i].number), NOTE_SIZE, true);
			v[i].at = fmin((v[i].x + v[i].x1 - v[i].width) / 2, f->p->width - EDGE - v[i].width);
			v[i].placed = in_the_way(notes, i, NUMBER_SPACE, &k) == 0;
			if (!v[i].placed && pass == 0 && v[k].how == NOTE_TEXT) {
				v[k].how = NOTE_NUMBER;
				return false;
			}
		}
	for (i = 0; i < notes->note.n; i++) {
		if (v[i].placed)
			continue;
		v[i].how = NOTE_DROPPED;
		/* Beside its like it needs no label of its own. */
		notes->unlabelled += in_the_way(notes, i, NUMBER_SPACE, &k) > 0 && v[k].number != v[i].number;
	}
	return true;
}

/* One attempt: texts where they fit, numbers for the rest. */
static bool
place_all(struct frame *f, struct notes *notes)
{
	struct note *v = notes->note.v;
	size_t i;

	for (i = 0; i < notes->note.n; i++) {
		v[i].number = 0;
		v[i].width = v[i].text_width;
		v[i].placed = false;
		if (v[i].how == NOTE_DROPPED)
			v[i].how = NOTE_NUMBER;
	}
	for (i = 0; i < notes->note.n; i++)
		if (v[i].how == NOTE_TEXT && !place_text(f, notes, i))
			v[i].how = NOTE_NUMBER;
	number_notes(notes);
	return place_numbers(f, notes);
}

static struct sv
key_of(struct frame *f, const struct notes *notes)
{
	struct arena *a = &f->p->arena;
	struct sb out = {0}, longer = {0};
	struct sv key;
	size_t left_out = notes->unlabelled;
	int number;
	size_t i;

	for (number = 1; number <= MOST_NOTES; number++)
		for (i = 0; i < notes->note.n; i++)
			if (notes->note.v[i].how == NOTE_NUMBER && notes->note.v[i].number == number) {
				struct sv text = words_fit(notes->note.v[i].text, f->fonts, NOTE_SIZE, false,
				    KEY_LABEL_WIDTH, a);

				/* A label that would be cut is one of those without. */
				sb_reset(&longer);
				sb_addf(&longer, "%s%d  %" SV_FMT, out.n > 0 ? BETWEEN_KEYS : "", number, SV_ARG(text));
				if (left_out == notes->unlabelled && fonts_width(f->fonts, sb_sv(&out), NOTE_SIZE, false) +
				    fonts_width(f->fonts, sb_sv(&longer), NOTE_SIZE, false) + KEY_REST_WIDTH < f->p->width - 2 * EDGE)
					sb_addv(&out, sb_sv(&longer));
				else
					left_out++;
				break;
			}
	if (left_out > 0)
		sb_addf(&out, "%s%zu more without a label", out.n > 0 ? BETWEEN_KEYS : "", left_out);
	key = words_fit(sb_sv(&out), f->fonts, NOTE_SIZE, false, f->p->width - 2 * EDGE, a);
	sb_free(&longer);
	sb_free(&out);
	return key;
}

void
frame_place_notes(struct frame *f, struct notes *notes)
{
	size_t beyond;

	collect(f, notes);
	beyond = notes->unlabelled;
	while (!place_all(f, notes))
		notes->unlabelled = beyond;
	notes->key = key_of(f, notes);
}

void
frame_draw_notes(struct frame *f, const struct notes *notes, double baseline, double inside)
{
	struct seen_gap *gap;
	size_t i, n = frame_seen_gaps(f, &gap);

	for (i = 0; i < n; i++) {
		if (!fits_inside(f, &gap[i]))
			continue;
		frame_text(f, (gap[i].x0 + gap[i].x1) / 2, inside, NOTE_SIZE, false, ANCHOR_MIDDLE, GREY,
		    frame_gap_text(f, &gap[i]));
		f->p->prim[f->p->n - 1].halo = true;
	}
	for (i = 0; i < notes->note.n; i++) {
		const struct note *note = &notes->note.v[i];

		if (note->how == NOTE_TEXT)
			frame_text(f, note->at, baseline, NOTE_SIZE, false, ANCHOR_START, note->rgba, note->text);
		else if (note->how == NOTE_NUMBER)
			frame_text(f, note->at, baseline, NOTE_SIZE, true, ANCHOR_START, note->rgba,
			    number_text(f, note->number));
	}
}
