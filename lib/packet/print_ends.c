/* Hosts and sockets, for people. */
#include "packet/print_ends.h"

#include "proto/names.h"

void sonde_print_host(struct sonde_text *t, const struct sonde_addr *a, const struct sonde_line_style *style,
		       bool port)
{
	if (style && style->name && style->name(style->arg, t, a))
		return;
	bool brackets = port && a->family == SONDE_IP6;
	sonde_text_str(t, brackets ? "[" : "");
	sonde_addr_print(t, a);
	sonde_text_str(t, brackets ? "]" : "");
}

void sonde_print_endpoint(struct sonde_text *t, const struct sonde_addr *a, uint16_t port,
			  const struct sonde_line_style *style)
{
	sonde_print_host(t, a, style, true);
	sonde_text_char(t, ':');
	sonde_text_uint(t, port);
}

void sonde_print_pair(struct sonde_text *t, const struct sonde_pair *pair, const struct sonde_line_style *style)
{
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, pair->proto);
	if (proto && sonde_proto_has_ports(proto)) {
		sonde_print_endpoint(t, &pair->local.addr, pair->local.port, style);
		sonde_text_str(t, " <-> ");
		sonde_print_endpoint(t, &pair->remote.addr, pair->remote.port, style);
		sonde_text_char(t, '/');
		sonde_text_str(t, proto->name);
		return;
	}
	sonde_print_host(t, &pair->local.addr, style, false);
	sonde_text_str(t, " <-> ");
	sonde_print_host(t, &pair->remote.addr, style, false);
	const char *word = proto ? proto->name : sonde_name_of(sonde_ip_names, pair->proto);
	/* ARP has no IP protocol number. */
	if (word && pair->proto) {
		sonde_text_char(t, ' ');
		sonde_text_str(t, word);
	}
}
