/*
 * member - may a member of an archive be called what it is called?
 */
#ifndef SOAK_READ_MEMBER_H
#define SOAK_READ_MEMBER_H

#include "base/str.h"

#define MEMBER_NAME_MAX ((size_t)1024)

/*
 * NULL and the name, without "./" and doubled or closing slashes, appended to out; or why it is refused: it leads
 * out of the archive (absolute, ".."), is no UTF-8, holds characters that do not show, is empty or
 * longer than MEMBER_NAME_MAX. Then out gets what can be shown of it.
 */
const char *member_name(struct sv raw, struct sb *out);

#endif
