/* A dashboard is read, its fields and variables are looked up, its transformations applied: no input may crash that. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/time.h"
#include "grafana/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_frames(struct gf_dashboard *d, const struct gf_panel *p, struct arena *a)
{
	struct gf_frame frame[3];
	struct gf_frames all = {frame, 3, a};
	struct label label = {SV("tool"), SV("search")};
	struct sv unknown;
	size_t i, k;

	for (i = 0; i < 3; i++) {
		struct gf_column *c = arena_new(a, 3, sizeof(*c));

		c[0].name = SV("Time");
		c[1].name = SV("tool");
		c[1].kind = GF_STRING;
		c[2].name = SV("Value");
		c[2].kind = GF_NUMBER;
		c[2].labels = (struct labels){&label, 1};
		for (k = 0; k < 3; k++)
			c[k].cell = arena_new(a, 4, sizeof(struct gf_cell));
		for (k = 0; k < 4; k++) {
			c[0].cell[k].v = (double)k;
			c[1].cell[k].text = k % 2 ? SV("search") : SV("fetch");
			c[2].cell[k].v = k == 2 ? NAN : (double)(k * i);
		}
		/* Two series of A, a table of B. */
		if (i < 2)
			c[1] = c[2];
		frame[i] = (struct gf_frame){.ref_id = i < 2 ? SV("A") : SV("B"), .column = c, .n_columns = i < 2 ? 2 : 3, .n_rows = 4, .step = i < 2 ? 1 : 0};
	}
	for (i = 0; i < p->n_targets && i < 10; i++) {
		gf_express_reads(&p->target[i], SV("A"));
		if (p->target[i].expression.n > 0)
			gf_express(&p->target[i], &all);
	}
	gf_transform(p, &all, &unknown);
	for (i = 0; i < all.n && i < 10; i++)
		for (k = 0; k < all.v[i].n_columns; k++) {
			struct gf_field f = {.decimals = -1};

			gf_configure(&all.v[i].column[k], &f, a);
		}
	(void)d;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gf_dashboard d;
	struct arena a = {0};
	struct gf_name name = {.name = SV("search"), .ref_id = SV("A"), .number = true, .last = 5};
	struct gf_scope scope = {.d = &d, .from = 0, .to = TIME_DAY, .interval = TIME_MINUTE, .scrape = 15 * TIME_SECOND};
	size_t i, k;
	struct sv two[] = {SV("a.b"), SV("c")};

	if (gf_read("fuzz", (struct sv){(const char *)data, size}, &d, NULL) == 0)
	{
		/* As if a store had given each variable two values; */
		for (i = 0; i < d.n_vars && i < 20; i++)
			if (i % 3 < 2) {
				d.var[i].value = two;
				d.var[i].n_values = 2 - i % 3;
				d.var[i].all = i % 2;
			}
		if (d.n_panels < 60)
			gf_place_all(&d, &k);
		for (i = 0; i < d.n_panels && i < 50; i++) {
			const struct gf_panel *p = &d.panel[i];
			struct gf_field f;
			struct sv color, missing = {NULL, 0};

			gf_field(&d, p, &name, &f);
			gf_mapped(&f, 1, SV(""), &a, &color);
			gf_mapped(&f, NAN, SV("text"), &a, &color);
			gf_threshold(&f, 3);
			gf_calc(p);
			scope.panel = p;
			gf_expand(&scope, p->title, false, &a, &missing);
			for (k = 0; k < p->n_targets && k < 20; k++)
				gf_expand(&scope, p->target[k].expr, true, &a, &missing);
			for (k = 0; k < p->n_targets && k < 20; k++) {
				gf_refused_target(&p->target[k], &a);
				gf_other_language(p->target[k].expr);
			}
			gf_plain_text(p->text, &a);
			try_frames(&d, p, &a);
		}
	}
	gf_free(&d);
	arena_free(&a);
	return 0;
}
