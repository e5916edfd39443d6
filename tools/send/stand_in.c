#include "tools/send/stand_in.h"

#include <errno.h>

#include "base/text.h"
#include "packet/notation.h"
#include "session/drive.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define FIRST_ID (UINT64_C(1) << 63)

struct sonde_session_options stand_in_session(const struct source *s)
{
	const struct sonde_addr *as = &s->so->as;
	return (struct sonde_session_options){
		.iface = s->o->iface,
		.source = as->family ? *as : s->o->source,
		.stands_in = as->family != SONDE_NO_ADDR,
		.via = s->so->via,
		.seed = s->o->seed,
		.broadcast = s->o->broadcast,
		.fragment = s->so->fragment,
	};
}

/* The question for the address, and the answer: ARP (RFC 826), neighbour discovery (RFC 4861, 7.2.4). */
static int write_specs(struct stand_in *st, const struct sonde_addr *as, const uint8_t *mac,
		       struct sonde_error *e)
{
	char addr[SONDE_ADDR_STRLEN], link[SONDE_MAC_STRLEN], ask[200], answer[400];
	struct sonde_text q = sonde_text(ask, sizeof ask), a = sonde_text(answer, sizeof answer);
	sonde_addr_format(addr, as);
	sonde_mac_format(link, mac);
	if (as->family == SONDE_IP4) {
		sonde_text_fmt(&q, "arp op=request tpa=%s", addr);
		sonde_text_fmt(&a, "ether dst=@.arp.sha / arp op=reply sha=%s spa=%s tha=@.sha tpa=@.spa", link, addr);
	} else {
		sonde_text_fmt(&q, "ip6 src!=:: / icmp6 type=neighbour-solicit target=%s", addr);
		sonde_text_fmt(&a, "ether dst=@.src / ip6 src=%s dst=@.src hlim=255 / icmp6 type=neighbour-advert "
				   "s=1 o=1 target=%s options=tlla:%s", addr, addr, link);
	}
	int err = sonde_notation_parse(&st->pattern, ask, q.len, NULL, e);
	return err ? err : sonde_notation_parse(&st->packet, answer, a.len, NULL, e);
}

int stand_in_open(struct stand_in *st, struct sonde_engine **engine, struct sonde_session *s,
		  const struct source *source)
{
	const struct sonde_addr *as = &source->so->as;
	struct sonde_error e = { 0 };
	uint8_t mac[SONDE_MAC_LEN];
	if (!as->family)
		return 0;
	int err = sonde_session_stand_in(mac, s, as, &e);
	if (!err)
		err = write_specs(st, as, mac, &e);
	if (err) {
		message_error(&e);
		return err == -EADDRINUSE || err <= SONDE_E_SYNTAX ? STATUS_USAGE : STATUS_SYSTEM;
	}
	const struct sonde_responder_options o = {
		.pattern = &st->pattern, .packet = &st->packet, .inner = *engine, .first_id = FIRST_ID,
		.seed = source->o->seed,
	};
	sonde_responder_init(&st->responder, &o);
	st->is_used = true;
	*engine = &st->responder.engine;
	sonde_drive_listen(s, NULL);
	return 0;
}

void stand_in_close(struct stand_in *st)
{
	if (st->is_used)
		sonde_responder_free(&st->responder);
	sonde_spec_free(&st->pattern);
	sonde_spec_free(&st->packet);
}
