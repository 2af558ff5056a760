/*
 * err - why something did not work, in a form that can be printed as it is.
 *
 * The caller owns the struct; a callee fills it in when it fails and leaves
 * it alone when it succeeds. A message names the place first ("file:line:
 * what"), is lower case and has no full stop; the tool adds its own name.
 */
#ifndef SOAK_BASE_ERR_H
#define SOAK_BASE_ERR_H

enum err_code {
	ERR_NONE,  /* nothing happened */
	ERR_SYS,   /* the operating system said no: disk, permission, open */
	ERR_INPUT, /* the bytes are not what they should be */
	ERR_LIMIT, /* a stated bound was reached: size, depth, count */
	ERR_DB,    /* the store: full, locked, damaged, of another version */
	ERR_USAGE, /* the caller asked for something that cannot be */
};

struct err {
	enum err_code code;
	char msg[512];
};

/*
 * Records code and the formatted message in e (cut to fit, never on half a
 * UTF-8 character) and returns -1, so that "return err_set(...)" is the whole
 * failure path. e may be NULL: then only the -1 remains.
 */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Puts "prefix: " before the message already in e; keeps its code.
 * Returns -1.
 */
int err_prefix(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
