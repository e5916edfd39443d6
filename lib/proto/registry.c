#include "proto/protocols.h"

const struct sonde_proto *const sonde_protos[] = {
#include "protocols.inc" /* from the lines of protocols.h */
	NULL,
};

/* --- Looking up -------------------------------------------------------------------------------------------------- */

/* Hash tables over the list, with open addressing, made once when the program starts and never changed: a look-up takes
 * the same time for any number of protocols. At most half of the slots are used, which keeps probe sequences short. */
#define SLOT_BITS 11
#define N_SLOTS   (1u << SLOT_BITS)

/* A protocol and one of its numbers. */
struct id_slot {
	uint32_t number;
	uint8_t space;    /* SONDE_NO_SPACE: free */
	bool needs_bytes; /* the number is not enough: .heuristic and .claims look at the bytes behind it, too */
	const struct sonde_proto *proto;
};

static struct {
	struct id_slot by_id[N_SLOTS];
	struct {
		const char *name; /* ends in a blank or in 0; NULL: free */
		const struct sonde_proto *proto;
	} by_name[N_SLOTS];
} tables;

static inline uint32_t mix(uint64_t key)
{
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SLOT_BITS));
}

/* Where the search for a number begins. */
static inline uint32_t id_start(uint8_t space, uint32_t number)
{
	return mix((uint64_t)space << 32 | number);
}

static uint64_t name_key(const char *name, size_t len)
{
	uint64_t key = len;
	for (size_t i = 0; i < len; i++)
		key = key * 31 + (uint8_t)name[i];
	return key;
}

static bool is_claimed(const struct sonde_proto *proto, uint8_t space)
{
	return proto->claims && (!proto->claims_in || proto->claims_in >> space & 1);
}

/* Protocols with the same number lie behind each other, in the order of the list. */
static void enter_id(const struct sonde_proto *proto, struct sonde_id id)
{
	uint32_t at = id_start(id.space, id.number);
	while (tables.by_id[at].space)
		at = (at + 1) % N_SLOTS;
	tables.by_id[at] = (struct id_slot){
		.number = id.number, .space = id.space, .proto = proto,
		.needs_bytes = proto->heuristic || is_claimed(proto, id.space),
	};
}

static void enter_names(const struct sonde_proto *proto, const char *names)
{
	for (size_t len; names && *names; names += len + (names[len] == ' ')) {
		len = strcspn(names, " ");
		uint32_t at = mix(name_key(names, len));
		while (tables.by_name[at].name)
			at = (at + 1) % N_SLOTS;
		tables.by_name[at].name = names;
		tables.by_name[at].proto = proto;
	}
}

static __attribute__((constructor)) void make_index(void)
{
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++) {
		for (const struct sonde_id *id = (*p)->ids; id < (*p)->ids + SONDE_MAX_IDS && id->space; id++)
			enter_id(*p, *id);
		enter_names(*p, (*p)->name);
		enter_names(*p, (*p)->alias);
	}
}

/* The slot with that number at `at` or behind it, or the free slot where the search ends. */
static inline uint32_t find_id(uint32_t at, uint8_t space, uint32_t number)
{
	while (tables.by_id[at].space && (tables.by_id[at].number != number || tables.by_id[at].space != space))
		at = (at + 1) % N_SLOTS;
	return at;
}

const struct sonde_proto *sonde_proto_by_id(uint8_t space, uint32_t number)
{
	return tables.by_id[find_id(id_start(space, number), space, number)].proto;
}

static bool may_be(const struct sonde_proto *proto, struct sonde_id id, struct sonde_view bytes)
{
	return (!proto->heuristic || proto->heuristic(bytes)) &&
	       (!is_claimed(proto, id.space) || proto->claims(id, bytes));
}

/* The first protocol from slot `at` on that the bytes may be. */
static __attribute__((noinline)) const struct sonde_proto *choose(uint32_t at, struct sonde_id id,
								  struct sonde_view bytes)
{
	const struct id_slot *slot = &tables.by_id[at];
	while (slot->space && slot->needs_bytes && !may_be(slot->proto, id, bytes)) {
		at = find_id((at + 1) % N_SLOTS, id.space, id.number);
		slot = &tables.by_id[at];
	}
	return slot->proto;
}

const struct sonde_proto *sonde_proto_by_bytes(uint8_t space, uint32_t number, struct sonde_view bytes)
{
	uint32_t at = find_id(id_start(space, number), space, number);
	if (tables.by_id[at].needs_bytes)
		return choose(at, (struct sonde_id){ space, number }, bytes);
	return tables.by_id[at].proto;
}

const struct sonde_proto *sonde_proto_by_name(const char *name, size_t len)
{
	for (uint32_t at = mix(name_key(name, len)); tables.by_name[at].name; at = (at + 1) % N_SLOTS) {
		const char *known = tables.by_name[at].name;
		if (strncmp(known, name, len) == 0 && (known[len] == 0 || known[len] == ' '))
			return tables.by_name[at].proto;
	}
	return NULL;
}
