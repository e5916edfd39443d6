#include "probe/payloads.h"

#include "base/error.h"
#include "base/text.h"
#include "packet/field.h"
#include "packet/match.h"
#include "packet/notation.h"
#include "packet/spec.h"

/* 0x534f4e44 is "SOND": a number that answers carry back. The last bytes of numbers are replaced by a token: like our
 * port they follow from the seed, so that nobody else can guess them. */
static const struct sonde_payload_row rows[] = {
	{ 7, "text:sonde", "RFC 862" },
	/* Servers of names answer this even when they refuse it; what some filters drop is followed by a usual one. */
	{ 53, "dns id=0x534f flags=rd qname=version.bind qclass=CH qtype=TXT", "RFC 4892" },
	{ 53, "dns id=0x534f flags=rd qname=. qtype=NS", "RFC 1035, 4.1" },
	/* Servers answer at port 68 what comes from elsewhere: it shows at least whether the port is closed. */
	{ 67, "dhcp xid=0x534f4e44 chaddr=02:00:00:00:00:01 "
	      "options=message-type:inform,parameter-request-list:subnet-mask+routers,end", "RFC 2131, 3.4" },
	/* The error about a missing file comes from another port (RFC 1350, 4). */
	{ 69, "tftp opcode=rrq file=sonde mode=octet", "RFC 1350, 5" },
	/* A call of procedure 0 of the port mapper, version 2, which takes and returns nothing. */
	{ 111, "rpc xid=0x534f4e44 program=portmapper version=2 procedure=0", "RFC 5531, RFC 1833" },
	{ 123, "ntp mode=client transmit=0x534f4e4445000001", "RFC 5905, 7.3" },
	/* The status of the node that has the name "*", each half of a byte written as a letter. */
	{ 137, "nbns id=0x534f flags=0 qname=CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA qtype=NBSTAT", "RFC 1002, 4.2.17" },
	/* Version 3 tells who it is without a secret; agents of versions 2c and 1 answer who knows the community. */
	{ 161, "snmp version=v3 / snmpv3 id=1397706308 size=65507 model=3 / "
	       "hex:0410300e0400020100020100040004000400 hex:301404000400a00e0204534f4e440201000201003000",
	  "RFC 3414, 4" },
	{ 161, "snmp version=v2c community=public / snmppdu pdu=get id=1397706308 / "
	       "snmpvars / snmpvar oid=1.3.6.1.2.1.1.1.0", "RFC 3416, 4.2.1" },
	{ 161, "snmp version=v1 community=public / snmppdu pdu=get id=1397706308 / "
	       "snmpvars / snmpvar oid=1.3.6.1.2.1.1.1.0", "RFC 1157, 4.1.2" },
	/* Query, without names of authentication. */
	{ 177, "hex:00010002000100", "XDMCP 1.1" },
	/* A search of the root entry for whatever has an object class. */
	{ 389, "hex:3025020101 hex:632004000a01000a0100020100020100010100 hex:870b text:objectClass hex:3000",
	  "RFC 4511, 4.5.1" },
	/* Which types of services are there, of any authority. */
	{ 427, "hex:020900001d0000000000534f0002 text:en hex:0000ffff0007 text:default", "RFC 2608, 10.1" },
	/* A version that no server has: it answers with those that it has, if the datagram has 1200 bytes. */
	{ 443, "quic version=0x1a2a3a4a dcid=534f4e4445000001 scid=534f4e4445000002 / hex:004496 zero:1174",
	  "RFC 9000, 6" },
	/* A major version that no responder has: it names the one that it has. */
	{ 500, "isakmp ispi=0x534f4e4445000001 major=3 exchange=ike-sa-init flags=I", "RFC 7296, 2.5" },
	/* The whole table, asked from another port than 520: the answer comes there. */
	{ 520, "rip command=request entries=none:0.0.0.0:0.0.0.0:16", "RFC 2453, 3.9.1" },
	{ 521, "ripng command=request entries=[::]:0:16", "RFC 2080, 2.4.1" },
	/* A presence ping of ASF in RMCP, then the session-less request that IPMI answers. */
	{ 623, "hex:0600ff06 hex:000011be80000000", "ASF 2.0, 3.2.4.2" },
	{ 623, "hex:0600ff07 hex:000000000000000000 hex:092018c88100388e04b5", "IPMI 2.0, 22.13" },
	{ 853, "quic version=0x1a2a3a4a dcid=534f4e4445000001 scid=534f4e4445000002 / hex:004496 zero:1174",
	  "RFC 9000, 6" },
	/* Openvpn's first packet of a client, with keys of the second kind. */
	{ 1194, "hex:38534f4e444500000100 zero:4", "openvpn.net, ssl_pkt.h" },
	{ 1434, "hex:03", "MS-SQLR, 2.2.2" },
	{ 1645, "radius code=access-request id=83 authenticator=534f4e44450000010000000000000000 "
		"attributes=user-name:sonde,user-password:00000000000000000000000000000000,nas-identifier:sonde",
	  "RFC 2865, 4.1" },
	{ 1701, "l2tp flags=T+L+S avps=message:sccrq,version:256,host:sonde,framing:3,tunnel:21327", "RFC 2661, 6.1" },
	{ 1812, "radius code=access-request id=83 authenticator=534f4e44450000010000000000000000 "
		"attributes=user-name:sonde,user-password:00000000000000000000000000000000,nas-identifier:sonde",
	  "RFC 2865, 4.1" },
	{ 1900, "text:\"M-SEARCH * HTTP/1.1\\r\\nHOST: 239.255.255.250:1900\\r\\nMAN: \\\"ssdp:discover\\\"\\r\\n"
		"ST: ssdp:all\\r\\nMX: 1\\r\\n\\r\\n\"", "UPnP Device Architecture 1.1, 1.3.2" },
	/* A call of procedure 0 of NFS, version 3. */
	{ 2049, "rpc xid=0x534f4e44 program=nfs version=3 procedure=0", "RFC 5531, RFC 1813" },
	{ 2152, "gtpu type=echo flags=S", "TS 29.281, 7.2.1" },
	{ 3478, "stun type=binding id=534f4e444500000000000001", "RFC 8489, 6.1" },
	/* The same as to 500, behind the mark that it is no ESP. */
	{ 4500, "nonesp / isakmp ispi=0x534f4e4445000001 major=3 exchange=ike-sa-init flags=I", "RFC 3948, 2.2" },
	/* The answer comes to the port that it is asked from, as rport says (RFC 3581). */
	{ 5060, "sip method=OPTIONS target=sip:sonde.invalid version=SIP/2.0 "
		"headers=Via:\"SIP/2.0/UDP sonde.invalid;rport;branch=z9hG4bK534f4e44\",Max-Forwards:70,"
		"To:\"<sip:sonde.invalid>\",From:\"<sip:sonde@sonde.invalid>;tag=534f\",Call-ID:534f4e44@sonde.invalid,"
		"CSeq:\"1 OPTIONS\",Content-Length:0 end=\"\"", "RFC 3261, 11.1" },
	{ 5351, "hex:0000", "RFC 6886, 3.2" },
	/* Not from port 5353: a responder answers as a server of names does (RFC 6762, 6.7). */
	{ 5353, "dns id=0x534f flags=0 qname=_services._dns-sd._udp.local qtype=PTR", "RFC 6763, 9" },
	/* GET /.well-known/core, to be confirmed. */
	{ 5683, "coap type=con code=get id=0x534f options=uri-path:.well-known+uri-path:core", "RFC 7252, RFC 6690" },
	{ 11211, "hex:534f000000010000 text:\"version\\r\\n\"", "memcached, protocol.txt" },
	{ 19302, "stun type=binding id=534f4e444500000000000001", "RFC 8489, 6.1" },
	{ 27015, "hex:ffffffff text:\"TSource Engine Query\\0\"", "Valve, Server queries" },
	/* Reads the name of the device, whichever number it has. */
	{ 47808, "hex:810a0011 hex:0104 hex:0005010c hex:0c023fffff hex:194b", "ANSI/ASHRAE 135, annex J" },
};

#define N_ROWS (sizeof rows / sizeof *rows)

const struct sonde_payload_row *sonde_payload_row(unsigned index)
{
	return index < N_ROWS ? &rows[index] : NULL;
}

/* Answers carry one of these back. Its last bytes take a token; the first keep a number of BER as long as it is. */
static void find_number(struct sonde_payload *out, const struct sonde_packet *p)
{
	static const char *const numbers[] = { "dns.id",     "nbns.id", "ntp.transmit", "snmpv3.id",  "snmppdu.id",
					       "stun.id",    "rpc.xid", "radius.id",    "isakmp.ispi" };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct sonde_view bytes;
		if (sonde_field_bytes(&bytes, p, sonde_field(numbers[i])))
			continue;
		out->number_len = (uint8_t)(bytes.len < SONDE_PAYLOAD_NUMBER ? bytes.len : SONDE_PAYLOAD_NUMBER);
		out->number_at = (uint16_t)(bytes.data + bytes.len - out->number_len - out->bytes.data);
		return;
	}
}

int sonde_payload_build(struct sonde_payload *out, const struct sonde_payload_row *row, uint8_t *room, size_t size)
{
	char packet[1024];
	struct sonde_text text = sonde_text(packet, sizeof packet);
	struct sonde_spec spec = { 0 };
	struct sonde_packet p;
	struct sonde_error e;
	*out = (struct sonde_payload){ 0 };
	if (size < SONDE_PAYLOAD_ROOM)
		return SONDE_E_SPACE;
	sonde_text_fmt(&text, "ip / udp dport=%u / %s", row->port, row->text);
	sonde_packet_init(&p, room, (uint32_t)size);
	int err = sonde_notation_parse(&spec, text.data, text.len, NULL, &e);
	if (!err)
		err = sonde_spec_packet(&p, &spec, 0, 0, false, &e);
	sonde_spec_free(&spec);
	if (!err)
		err = sonde_finish(&p);
	if (!err)
		err = sonde_question_of(&out->asks, &p);
	if (err)
		return err;
	const struct sonde_layer *udp = &p.layers[1];
	uint32_t from = udp->offset + udp->header_len;
	out->bytes = sonde_view(p.data + from, p.len - from);
	find_number(out, &p);
	return 0;
}
