/*
 * http_none - in place of http.c when built with WITH_CURL=0: no server can be asked, which is said and not guessed.
 */
#include "promql/http.h"

struct http *
http_new(const struct http_config *c, struct err *e)
{
	(void)c;
	err_set(e, ERR_USAGE, "this program was built without libcurl (WITH_CURL=0): it cannot ask a server");
	return NULL;
}

void
http_free(struct http *h)
{
	(void)h;
}

int
http_call(struct http *h, const char *where, const char *url, const char *form, struct http_answer *out, struct err *e)
{
	(void)h;
	(void)form;
	*out = (struct http_answer){0};
	return err_set(e, ERR_USAGE, "%s: %s: built without libcurl", where, url);
}

void
http_answer_free(struct http_answer *a)
{
	sb_free(&a->body);
	sb_free(&a->redirect);
}
