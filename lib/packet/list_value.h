/* One value of a list: an argument of an item, which may itself be a list. */
#ifndef SONDE_PACKET_LIST_VALUE_H
#define SONDE_PACKET_LIST_VALUE_H

#include "base/bytes.h"
#include "proto/proto.h"

struct sonde_list_value {
	const struct sonde_field *row; /* of the argument */
	uint64_t number;               /* where its shape is SONDE_SCALAR, */
	struct sonde_view bytes;       /* and where it is not; within the list */
};

/* Whether a path can lead to a value in a list: ITEM.ARGUMENT, and the same again in an argument that is a list. The
 * argument may be left out at the end where the item has no other. */
bool sonde_list_has_path(const struct sonde_list *list, struct sonde_view path);

/* The value at a path, in the first item of that name each. Returns 0, or SONDE_E_ABSENT: there is none. */
int sonde_list_value(struct sonde_list_value *out, const struct sonde_list *list, struct sonde_view bytes,
		     struct sonde_view path);

#endif
