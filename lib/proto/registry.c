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

static struct {
	struct {
		uint64_t key; /* 1 + space << 32 | number; 0: free */
		const struct sonde_proto *proto;
	} by_id[N_SLOTS];
	struct {
		const char *name; /* ends in a blank or in 0; NULL: free */
		const struct sonde_proto *proto;
	} by_name[N_SLOTS];
} tables;

static inline uint32_t mix(uint64_t key)
{
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SLOT_BITS));
}

static inline uint64_t id_key(uint8_t space, uint32_t number)
{
	return ((uint64_t)space << 32 | number) + 1;
}

static uint64_t name_key(const char *name, size_t len)
{
	uint64_t key = len;
	for (size_t i = 0; i < len; i++)
		key = key * 31 + (uint8_t)name[i];
	return key;
}

/* Protocols with the same number lie behind each other, in the order of the list. */
static void enter_id(const struct sonde_proto *proto, const struct sonde_id *id)
{
	uint64_t key = id_key(id->space, id->number);
	uint32_t at = mix(key);
	while (tables.by_id[at].key)
		at = (at + 1) % N_SLOTS;
	tables.by_id[at].key = key;
	tables.by_id[at].proto = proto;
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
			enter_id(*p, id);
		enter_names(*p, (*p)->name);
		enter_names(*p, (*p)->alias);
	}
}

const struct sonde_proto *sonde_proto_by_id(uint8_t space, uint32_t number)
{
	uint64_t key = id_key(space, number);
	uint32_t at = mix(key);
	while (tables.by_id[at].key && tables.by_id[at].key != key)
		at = (at + 1) % N_SLOTS;
	return tables.by_id[at].proto;
}

static bool may_be(const struct sonde_proto *proto, struct sonde_id id, struct sonde_view bytes)
{
	return (!proto->heuristic || proto->heuristic(bytes)) && (!proto->claims || proto->claims(id, bytes));
}

const struct sonde_proto *sonde_proto_by_bytes(uint8_t space, uint32_t number, struct sonde_view bytes)
{
	uint64_t key = id_key(space, number);
	for (uint32_t at = mix(key); tables.by_id[at].key; at = (at + 1) % N_SLOTS)
		if (tables.by_id[at].key == key &&
		    may_be(tables.by_id[at].proto, (struct sonde_id){ space, number }, bytes))
			return tables.by_id[at].proto;
	return NULL;
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
