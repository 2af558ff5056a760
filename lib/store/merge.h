/*
 * merge - what another store of the same run holds, into this one: content by content, as if it had been read here.
 */
#ifndef SOAK_STORE_MERGE_H
#define SOAK_STORE_MERGE_H

#include "store/store.h"

struct store_merged {
	int64_t contents, known; /* taken over; there already, by their digest */
	int64_t unread;          /* left out: their reading was broken off (a pipe), so that nobody knows what they are */
};

/*
 * Inside a transaction of to. from is only read. A content that both have counts once; samples, events and facts meet by the rules of
 * adding them (a contradiction between the stores is one as if both files had been read here); superseded versions stay out. What was
 * placed must be placed anew; times that a person gave (--time) are kept. 0 or -1.
 */
int store_merge(struct store *to, struct store *from, struct store_merged *out, struct err *e);

#endif
