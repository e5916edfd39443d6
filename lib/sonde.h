/* All of libsonde: the one header that programs in C and C++ include. They link -lsonde. */
#ifndef SONDE_H
#define SONDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "base/addr.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"

#include "proto/names.h"
#include "proto/options6.h"
#include "proto/proto.h"
#include "proto/protocols.h"

#include "packet/ends.h"
#include "packet/field.h"
#include "packet/fragment.h"
#include "packet/match.h"
#include "packet/notation.h"
#include "packet/overlay.h"
#include "packet/packet.h"
#include "packet/path.h"
#include "packet/print.h"
#include "packet/reassemble.h"
#include "packet/rules.h"
#include "packet/spec.h"
#include "packet/template.h"

#include "capture/pcap_read.h"
#include "capture/pcapng_read.h"
#include "capture/pcapng_write.h"
#include "capture/record.h"

#include "flow/flows.h"
#include "flow/key.h"
#include "flow/originator.h"
#include "flow/report.h"
#include "flow/tuple.h"

#include "io/clock.h"
#include "io/file_read.h"
#include "io/file_write.h"
#include "io/live.h"
#include "io/privilege.h"
#include "io/refusal.h"
#include "io/sender.h"

#include "probe/asker.h"
#include "probe/engine.h"
#include "probe/hosts.h"
#include "probe/order.h"
#include "probe/pace.h"
#include "probe/payloads.h"
#include "probe/ping.h"
#include "probe/scan.h"
#include "probe/scan_resume.h"
#include "probe/stats.h"
#include "probe/tempo.h"

#include "session/drive.h"
#include "session/session.h"

#ifdef __cplusplus
}
#endif

#endif
