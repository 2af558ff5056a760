/*
 * judge - a whole gate in one C program: reads a folder of artifacts, judges it, prints the verdict, exits as soak-judge does.
 *
 *	cc judge.c $(pkg-config --cflags --libs soakproof) -o judge
 *	./judge "$(pkg-config --variable=templates soakproof)" gateway-24h reports/ run.db
 */
#include <soakproof.h>
#include <stdio.h>

static int
complain(const struct soakproof *s, int status)
{
	fprintf(stderr, "judge: %s\n", soakproof_error(s));
	return status;
}

static int
judge(struct soakproof *s, const char *profile, const char *folder)
{
	enum soakproof_status status;
	char *text;

	if (soakproof_error(s) != NULL)
		return complain(s, SOAKPROOF_TROUBLE);
	status = soakproof_ingest(s, profile, folder);
	if (status != SOAKPROOF_PASS)
		return complain(s, status);
	status = soakproof_judge(s, profile, "text", &text);
	if (status == SOAKPROOF_TROUBLE)
		return complain(s, status);
	fputs(text, stdout);
	soakproof_free(text);
	return status;
}

int
main(int argc, char **argv)
{
	struct soakproof *s;
	int status;

	if (argc != 5) {
		fputs("usage: judge TEMPLATES PROFILE FOLDER STORE\n", stderr);
		return SOAKPROOF_TROUBLE;
	}
	s = soakproof_open(argv[4], SOAKPROOF_WRITE, argv[1]);
	status = judge(s, argv[2], argv[3]);
	soakproof_close(s);
	return status;
}
