/*
 * item - one content after another from a bundle into the store: the middle of ingest.
 */
#ifndef SOAK_INGEST_ITEM_H
#define SOAK_INGEST_ITEM_H

#include "ingest/ingest.h"
#include "ingest/records.h"
#include "read/bundle.h"
#include "read/prom_set.h"

/* An occurrence that this session came across. */
struct seen {
	int64_t artifact;
	bool fresh; /* it was not in the store before */
	int64_t mtime; /* of the file or archive member; TIME_NONE unknown */
};

struct refusal { /* a member that is not read; waits for its archive to be through */
	char *name, *why; /* owned */
};

/* The plain item under way, from bundle's begin() to its end(). */
struct item {
	struct records records;
	const struct reader *reader; /* NULL: not recognised */
	const char *format, *format_sha256; /* of the format's own text; NULL or "": it is read by code */
	bool open;                   /* a transaction is open for it */
	bool kept;                   /* batches of it are committed already, see partial.h */
	bool empty, skipped;
	struct err broken;           /* why it cannot be used; code ERR_NONE: it can */
};

struct ingest {
	struct store *store;
	const struct ingest_opts *opts;
	struct ingest_totals totals;
	struct item item;
	VEC(struct seen) seen;
	VEC(struct refusal) refused;
	struct prom_set folded; /* fresh names in small letters, and which one had them first */
	bool live;         /* the file under way is a pipe */
	const char *name;  /* of the item under way */
	const char *top;   /* the name of the file under way, outermost */
	int64_t top_mtime; /* and when it was changed last; TIME_NONE unknown */
	int64_t mtime;     /* of the item under way: that, or its archive's word */
	int64_t usable;    /* of the operand under way */
	struct err wrong;  /* what is wrong with that file itself; code ERR_NONE: nothing */
	struct err failed; /* a store error in a callback that cannot return it */
};

/* How a content and its name stand to what the store has. */
struct standing {
	int64_t known;      /* the content's id, 0: new */
	int64_t named;      /* the content that bears the name so far, 0: none */
	bool other, grew;   /* the name's bytes are others; and the beginning of these */
};
/* 0 or -1. */
int occurrence_find(struct ingest *i, const char *name, const struct bundle_done *d, struct standing *st,
    struct err *e);
/*
 * Inside a transaction: adds the occurrence, and settles what it means for the one that had its name. broken: why
 * the bytes end too early (NULL or code ERR_NONE: they do not). *problems counts those added. 0 or -1.
 */
int occurrence_add(struct ingest *i, int64_t content, const char *name, const struct standing *st,
    const struct err *broken, int64_t *problems, bool *fresh, struct err *e);

/*
 * The bundle's callbacks for archives. Members count in the totals, their containers do not, unless they
 * are broken.
 */
int container_refused(void *ctx, const char *name, const char *why, struct err *e);
int container_end(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e);
/* Refusals whose archive did not come to its end. */
void container_forget(struct ingest *i);

/* Tells the caller of ingest about one artifact. */
void item_note(const struct ingest *i, const struct ingest_note *n);
/* Reads src, called name, last changed at mtime (TIME_NONE: unknown), with all that is in it. 0 or -1. */
int item_walk(struct ingest *i, struct io_src *src, const char *name, int64_t mtime, struct err *e);
/* A file that cannot be opened: a problem of the run. 0 or -1. */
int item_unreadable(struct ingest *i, const char *name, const char *why, struct err *e);
/* An entry of a folder that is not looked at: the same, as a warning. 0 or -1. */
int item_left_out(struct ingest *i, const char *name, const char *why, struct err *e);
/* Ends what a failed walk has left open. */
void item_abandon(struct ingest *i);

#endif
