/* All of libsonde. A program includes this and links -lsonde. */
#ifndef SONDE_H
#define SONDE_H

#include "base/addr.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"

#include "proto/arp.h"
#include "proto/data.h"
#include "proto/ether.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/igmp.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/names.h"
#include "proto/objects.h"
#include "proto/pad.h"
#include "proto/proto.h"
#include "proto/routing.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "proto/vlan.h"

#include "packet/layout.h"
#include "packet/list.h"
#include "packet/list_text.h"
#include "packet/match.h"
#include "packet/notation.h"
#include "packet/packet.h"
#include "packet/path.h"
#include "packet/print.h"
#include "packet/rules.h"
#include "packet/spec.h"
#include "packet/template.h"
#include "packet/value.h"

#include "capture/pcapng_write.h"
#include "capture/record.h"

#include "io/clock.h"
#include "io/file_read.h"
#include "io/file_write.h"
#include "io/link.h"
#include "io/live.h"
#include "io/neigh.h"
#include "io/netlink.h"
#include "io/privilege.h"
#include "io/route.h"
#include "io/sender.h"

#include "session/session.h"

#endif
