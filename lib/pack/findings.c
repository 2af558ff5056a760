#include "pack/inspect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"

void
findings_add(struct findings *f, bool error, const char *reason, const char *fmt, ...)
{
	struct sb shown = {0};
	struct bag_fault *one;
	char text[2048];
	va_list ap;

	f->errors += error ? 1 : 0;
	if (f->item.n >= FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	clean_add(&shown, sv_of(text));
	one = vec_add(&f->item);
	one->error = error;
	one->reason = arena_str(&f->arena, sv_of(reason));
	one->text = arena_str(&f->arena, sb_sv(&shown));
	sb_free(&shown);
}

void
findings_err(struct findings *f, const struct err *e)
{
	struct sv msg = sv_of(e->msg);
	size_t n = sv_find(msg, SV(": "));
	char reason[40];

	snprintf(reason, sizeof(reason), "%.*s", (int)sv_head(msg, n).n, e->msg);
	if (n < msg.n && sv_chr(sv_head(msg, n), ' ') == n && n < sizeof(reason))
		findings_add(f, true, reason, "%s", e->msg + n + 2);
	else
		findings_add(f, true, "unreadable", "%s", e->msg);
}

void
findings_free(struct findings *f)
{
	vec_free(&f->item);
	arena_free(&f->arena);
}
