#include "proto/ah.h"
#include "proto/arp.h"
#include "proto/data.h"
#include "proto/dstopts.h"
#include "proto/ether.h"
#include "proto/fragment.h"
#include "proto/gre.h"
#include "proto/hopopts.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/igmp.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/lldp.h"
#include "proto/loop.h"
#include "proto/mpls.h"
#include "proto/names.h"
#include "proto/null.h"
#include "proto/objects.h"
#include "proto/pad.h"
#include "proto/pppoe.h"
#include "proto/routing.h"
#include "proto/sctp.h"
#include "proto/sll.h"
#include "proto/sll2.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "proto/vlan.h"
#include "proto/vxlan.h"

/* The most frequent first: look-ups walk the list. */
const struct sonde_proto *const sonde_protos[] = {
	&sonde_ether, &sonde_ip, &sonde_tcp, &sonde_udp, &sonde_ip6, &sonde_icmp, &sonde_icmp6, &sonde_arp,
	&sonde_vlan, &sonde_sll, &sonde_sll2, &sonde_igmp, &sonde_hopopts, &sonde_fragment, &sonde_routing,
	&sonde_dstopts, &sonde_ah, &sonde_sctp, &sonde_gre, &sonde_mpls, &sonde_vxlan, &sonde_pppoe, &sonde_lldp,
	&sonde_null, &sonde_loop, &sonde_objects, &sonde_pad, &sonde_data,
	NULL,
};

const struct sonde_proto *sonde_proto_by_id(uint8_t space, uint32_t number)
{
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		for (const struct sonde_id *id = (*p)->ids; id < (*p)->ids + SONDE_MAX_IDS && id->space; id++)
			if (id->space == space && id->number == number)
				return *p;
	return NULL;
}

const struct sonde_proto *sonde_proto_by_name(const char *name, size_t len)
{
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		if (sonde_word_in((*p)->name, name, len) || sonde_word_in((*p)->alias, name, len))
			return *p;
	return NULL;
}
