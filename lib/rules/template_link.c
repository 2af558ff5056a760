/* Functions of templates that make links, and take addresses apart. */
#include <string.h>

#include "rules/template_in.h"

/* url.QueryEscape */
static void
add_escaped(struct sv s, struct sb *out)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		    strchr("-_.~", s.p[i]) != NULL)
			sb_addc(out, s.p[i]);
		else if (s.p[i] == ' ')
			sb_addc(out, '+');
		else
			sb_addf(out, "%%%02X", (unsigned char)s.p[i]);
	}
}

static int
link_to(struct tmpl_run *r, const struct tmpl_value *arg, const char *fn, int tab, struct tmpl_value *out)
{
	struct sb s = {0};

	if (tmpl_want_text(r, arg, fn) < 0)
		return -1;
	sb_adds(&s, "/graph?g0.expr=");
	add_escaped(arg->s, &s);
	sb_addf(&s, "&g0.tab=%d", tab);
	*out = tmpl_taken(r, &s);
	return 0;
}

static int
call_graph_link(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return link_to(r, arg, "graphLink", 0, out);
}

static int
call_table_link(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return link_to(r, arg, "tableLink", 1, out);
}

static int
call_external_url(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)arg;
	(void)n;
	*out = tmpl_text(r->data->external_url);
	return 0;
}

static int
call_path_prefix(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sv url = r->data->external_url;
	size_t k = sv_find(url, SV("://"));

	(void)arg;
	(void)n;
	url = k < url.n ? sv_from(url, k + 3) : url;
	*out = tmpl_text(sv_from(url, sv_chr(url, '/')));
	return 0;
}

/* "host:port" in its two parts; false when there is no port. */
static bool
split_port(struct sv s, struct sv *host, struct sv *port)
{
	size_t k = s.n;

	while (k > 0 && s.p[k - 1] != ':')
		k--;
	if (k == 0)
		return false;
	*host = sv_head(s, k - 1);
	*port = sv_from(s, k);
	if (host->n > 1 && host->p[0] == '[' && host->p[host->n - 1] == ']')
		*host = sv_head(sv_from(*host, 1), host->n - 2);
	else if (sv_chr(*host, ':') < host->n)
		return false;
	return true;
}

static int
call_strip_port(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sv host, port;

	(void)n;
	if (tmpl_want_text(r, arg, "stripPort") < 0)
		return -1;
	*out = tmpl_text(split_port(arg->s, &host, &port) ? host : arg->s);
	return 0;
}

static bool
is_address(struct sv s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
			return sv_chr(s, ':') < s.n;
	return true;
}

static int
call_strip_domain(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sv host, port = SV("");
	struct sb s = {0};
	bool has_port;

	(void)n;
	if (tmpl_want_text(r, arg, "stripDomain") < 0)
		return -1;
	has_port = split_port(arg->s, &host, &port);
	if (!has_port)
		host = arg->s;
	if (is_address(host)) {
		*out = *arg;
		return 0;
	}
	sb_addv(&s, sv_head(host, sv_chr(host, '.')));
	if (has_port)
		sb_addf(&s, ":%" SV_FMT, SV_ARG(port));
	*out = tmpl_taken(r, &s);
	return 0;
}

const struct tmpl_function tmpl_link_functions[] = {
	{"graphLink", 1, 1, call_graph_link},
	{"tableLink", 1, 1, call_table_link},
	{"externalURL", 0, 0, call_external_url},
	{"pathPrefix", 0, 0, call_path_prefix},
	{"stripPort", 1, 1, call_strip_port},
	{"stripDomain", 1, 1, call_strip_domain},
	{0},
};
