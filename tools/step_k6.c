#include "step_k6.h"

#include <stdio.h>

#include "judge/k6_run.h"

int
step_k6_summary(const struct tool *t, struct store *s, struct err *e)
{
	struct arena a = {0};
	struct sb text = {0};
	struct k6_run run;
	struct sv *folder;
	size_t i, n = 0;
	int rc = k6_folders(s, &a, &folder, &n, e);

	for (i = 0; i < n && rc == 0; i++) {
		if ((rc = k6_run_open(s, folder[i], &a, &run, e)) == 0)
			k6_text(&run, &text);
		k6_run_close(&run);
		sb_addc(&text, '\n');
	}
	if (rc == 0)
		fwrite(sb_str(&text), 1, text.n, stdout);
	sb_free(&text);
	arena_free(&a);
	if (rc == 0 && n == 0)
		tool_say(t, "no k6 points in the store");
	return rc < 0 ? TOOL_TROUBLE : n == 0 ? TOOL_INCONCLUSIVE : TOOL_PASS;
}
