#include "promql/http.h"

#include <curl/curl.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/time.h"

struct http {
	struct http_config c;
	CURL *curl;
	struct http_answer *out;
	bool stopped;
	char error[CURL_ERROR_SIZE];
};

/* A header line must not grow a second one. */
static bool
is_clean(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct http *h = ctx;

	if (size * n > h->c.max_bytes - h->out->body.n) {
		h->out->too_large = true;
		return 0;
	}
	sb_add(&h->out->body, p, size * n);
	return size * n;
}

static int
on_progress(void *ctx, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct http *h = ctx;

	(void)down_all, (void)down, (void)up_all, (void)up;
	if (h->c.stop != NULL && h->c.stop(h->c.stop_ctx))
		h->stopped = true;
	return h->stopped;
}

static bool
set_up(struct http *h)
{
	CURL *u = h->curl;
	bool ok = true;

	ok &= curl_easy_setopt(u, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_ERRORBUFFER, h->error) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_WRITEDATA, h) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_XFERINFODATA, h) == CURLE_OK;
	ok &= curl_easy_setopt(u, CURLOPT_USERAGENT, "soakproof/" SOAK_VERSION) == CURLE_OK;
	/* All that this libcurl can decode; the size is counted after that. */
	ok &= curl_easy_setopt(u, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK;
	if (h->c.timeout > 0)
		ok &= curl_easy_setopt(u, CURLOPT_TIMEOUT_MS, (long)h->c.timeout) == CURLE_OK;
	if (h->c.ca_file != NULL)
		ok &= curl_easy_setopt(u, CURLOPT_CAINFO, h->c.ca_file) == CURLE_OK &&
		    curl_easy_setopt(u, CURLOPT_CAPATH, NULL) == CURLE_OK;
	if (h->c.token != NULL)
		ok &= curl_easy_setopt(u, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) == CURLE_OK &&
		    curl_easy_setopt(u, CURLOPT_XOAUTH2_BEARER, h->c.token) == CURLE_OK;
	if (h->c.user != NULL)
		ok &= curl_easy_setopt(u, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK &&
		    curl_easy_setopt(u, CURLOPT_USERPWD, h->c.user) == CURLE_OK;
	return ok;
}

struct http *
http_new(const struct http_config *c, struct err *e)
{
	struct http *h;

	if (c->token != NULL && c->user != NULL) {
		err_set(e, ERR_USAGE, "a token and a user with password: only one of them can be sent");
		return NULL;
	}
	if ((c->token != NULL && !is_clean(c->token)) || (c->user != NULL && !is_clean(c->user))) {
		err_set(e, ERR_USAGE, "a token or password with control characters cannot be sent");
		return NULL;
	}
	h = mem_new(1, sizeof(*h));
	h->c = *c;
	if (h->c.max_bytes == 0)
		h->c.max_bytes = HTTP_MAX_BYTES;
	h->curl = curl_easy_init();
	if (h->curl == NULL || !set_up(h)) {
		err_set(e, ERR_SYS, "libcurl lacks something that is needed");
		http_free(h);
		return NULL;
	}
	return h;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->curl);
	mem_free(h);
}

void
http_answer_free(struct http_answer *a)
{
	sb_free(&a->body);
	sb_free(&a->redirect);
}

/* Why curl gave up, as "WHERE: what". -1. */
static int
failed(const struct http *h, const char *where, CURLcode rc, struct err *e)
{
	char length[TIME_TEXT];
	struct sb why = {0};

	if (h->out->too_large)
		return err_set(e, ERR_LIMIT, "%s: the answer is larger than %zu bytes", where, h->c.max_bytes);
	if (h->stopped)
		return err_set(e, ERR_LIMIT, "%s: query timed out", where);
	if (rc == CURLE_OPERATION_TIMEDOUT && h->c.timeout > 0)
		return err_set(e, ERR_LIMIT, "%s: no answer within %s", where,
		    time_duration_text(h->c.timeout, length));
	clean_add(&why, sv_of(h->error[0] != '\0' ? h->error : curl_easy_strerror(rc)));
	err_set(e, ERR_SYS, "%s: %s", where, sb_str(&why));
	sb_free(&why);
	return -1;
}

int
http_call(struct http *h, const char *where, const char *url, const char *form, struct http_answer *out,
    struct err *e)
{
	char *redirect = NULL;
	CURLcode rc;

	sb_reset(&out->body);
	sb_reset(&out->redirect);
	out->status = 0;
	out->too_large = false;
	h->out = out;
	h->stopped = false;
	h->error[0] = '\0';
	rc = curl_easy_setopt(h->curl, CURLOPT_URL, url);
	/* In this order: setting the one resets the method that the other had set. */
	if (rc == CURLE_OK && form == NULL)
		rc = curl_easy_setopt(h->curl, CURLOPT_HTTPGET, 1L);
	else if (rc == CURLE_OK)
		rc = curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, form);
	if (rc == CURLE_OK && form != NULL)
		rc = curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
	if (rc == CURLE_OK)
		rc = curl_easy_perform(h->curl);
	if (rc != CURLE_OK)
		return failed(h, where, rc, e);
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &out->status);
	if (curl_easy_getinfo(h->curl, CURLINFO_REDIRECT_URL, &redirect) == CURLE_OK && redirect != NULL)
		sb_adds(&out->redirect, redirect);
	return 0;
}
