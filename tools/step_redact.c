#include "step_redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

void
redact_free(struct redact *r)
{
	arena_free(&r->arena);
	vec_free(&r->secret);
	sb_free(&r->table);
}

size_t
redact_number(struct redact *r, const char *digest)
{
	size_t i;

	for (i = 0; i < r->secret.n; i++)
		if (sv_is(r->secret.v[i], digest))
			return i + 1;
	*vec_add(&r->secret) = arena_sv(&r->arena, sv_of(digest));
	return r->secret.n;
}

static int
by_place(const void *a, const void *b)
{
	const struct redact_span *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->to < y->to) - (x->to > y->to);
}

/* How far a secret goes that was found in what is written otherwise: up to where no such text goes on. */
static size_t
end_of(struct sv text, size_t i)
{
	while (i < text.n && text.p[i] != '\0' && strchr(" \t\r\n\"'<>,;|()[]{}&", text.p[i]) == NULL)
		i++;
	return i;
}

void
redact_text(struct redact *r, const char *file, struct sv text, struct redact_span *span, size_t n, struct sb *out)
{
	char before[DIGEST_HEX];
	size_t i, at = 0;

	digest_of(text, before);
	qsort(span, n, sizeof(*span), by_place);
	for (i = 0; i < n; i++) {
		const struct redact_span *p = &span[i];

		if ((size_t)p->from < at) { /* inside the one before, or longer than it */
			if ((size_t)p->to > at)
				at = end_of(text, (size_t)p->to);
			continue;
		}
		sb_addv(out, sv_from(sv_head(text, (size_t)p->from), at));
		sb_addf(out, "[REDACTED:%s:%zu]", p->rule, p->number);
		at = end_of(text, (size_t)p->to);
		sb_addf(&r->table, "%s\t%s\t%lld\t%lld\t%s\n", file, p->rule, (long long)p->from, (long long)((int64_t)at - p->from),
		    before);
	}
	sb_addv(out, sv_from(text, at));
}
