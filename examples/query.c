/*
 * query - a PromQL expression over a store, as the JSON of the Prometheus API.
 *
 *	cc query.c $(pkg-config --cflags --libs soakproof) -o query
 *	./query run.db 'sum by (code) (increase(gateway_requests_total[24h]))' | jq .
 */
#include <soakproof.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	enum soakproof_status status;
	struct soakproof *s;
	char *json = NULL;

	if (argc != 3) {
		fputs("usage: query STORE EXPRESSION\n", stderr);
		return SOAKPROOF_TROUBLE;
	}
	s = soakproof_open(argv[1], SOAKPROOF_READ, NULL);
	status = soakproof_query(s, argv[2], -1, &json);
	if (status == SOAKPROOF_TROUBLE)
		fprintf(stderr, "query: %s\n", soakproof_error(s));
	else
		fputs(json, stdout);
	soakproof_free(json);
	soakproof_close(s);
	return status;
}
