#include "judge/kind.h"

#include "base/near.h"

/* gen/kinds.h is made by the Makefile: KIND(name) for each kind_NAME.c beside this file. */
#define KIND(name) extern const struct kind kind_##name;
#include "kinds.h"
#undef KIND

const struct kind *
kind_find(struct sv name)
{
	static const struct kind *const all[] = {
#define KIND(name) &kind_##name,
#include "kinds.h"
#undef KIND
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (sv_is(name, all[i]->name))
			return all[i];
	return NULL;
}

const char *
kind_near(struct sv name)
{
	static const char *const names[] = {
#define KIND(name) #name,
#include "kinds.h"
#undef KIND
		NULL,
	};

	return near_word(name, names);
}
