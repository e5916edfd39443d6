/* All protocols: a line each makes them known. The table of the registry is made of these lines, in this order: common
 * ones first, and of two with one number the first has it. */
#ifndef SONDE_PROTO_PROTOCOLS_H
#define SONDE_PROTO_PROTOCOLS_H

#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "proto/ip6.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/arp.h"
#include "proto/vlan.h"
#include "proto/sll.h"
#include "proto/sll2.h"
#include "proto/igmp.h"
#include "proto/hopopts.h"
#include "proto/fragment.h"
#include "proto/routing.h"
#include "proto/dstopts.h"
#include "proto/ah.h"
#include "proto/sctp.h"
#include "proto/gre.h"
#include "proto/mpls.h"
#include "proto/vxlan.h"
#include "proto/pppoe.h"
#include "proto/lldp.h"
#include "proto/dns.h"
#include "proto/dnstcp.h"
#include "proto/dhcp.h"
#include "proto/null.h"
#include "proto/loop.h"
#include "proto/objects.h"
#include "proto/pad.h"
#include "proto/data.h"

#endif
