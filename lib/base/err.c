#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut message must not end in half a character: drop its lead byte too. */
static void
drop_half_character(char *s)
{
	size_t n = strlen(s), tail = 0, want;
	unsigned char lead;

	while (tail < n && tail < 3 && ((unsigned char)s[n - 1 - tail] & 0xc0) == 0x80)
		tail++;
	if (tail == n)
		return;
	lead = (unsigned char)s[n - 1 - tail];
	want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
	if (want > tail)
		s[n - 1 - tail] = '\0';
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL)
		return -1;
	e->code = code;
	va_start(ap, fmt);
	if ((size_t)vsnprintf(e->msg, sizeof(e->msg), fmt, ap) >= sizeof(e->msg))
		drop_half_character(e->msg);
	va_end(ap);
	return -1;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	va_list ap;
	int n;

	if (e == NULL)
		return -1;
	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(e->msg))
		n = (int)sizeof(e->msg) - 1;
	if ((size_t)snprintf(e->msg + n, sizeof(e->msg) - (size_t)n, ": %s", old) >=
	    sizeof(e->msg) - (size_t)n)
		drop_half_character(e->msg);
	return -1;
}
