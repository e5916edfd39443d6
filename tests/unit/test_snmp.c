#include "tests/unit/wire.h"

/* Read by tshark 4.0.17 with the same fields. */
static const struct wire_row rows[] = {
	{ "snmp: a request",
	  "snmp version=v2c community=public / snmppdu pdu=get id=700 / snmpvars / snmpvar oid=1.3.6.1.2.1.1.5."
	  "0",
	  "302702010104067075626c6963a01a020202bc020100020100300e300c06082b060102010105000500" },
	{ "snmp: a response with long lengths and values of all types",
	  "snmp long=1 lenlen=2 version=v2c community=public / snmppdu pdu=response long=1 lenlen=2 id=700 / sn"
	  "mpvars long=1 lenlen=2 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=text:sonde / snmpvar oid=1.3.6.1.2.1.1."
	  "5.0 value=counter:4294967295 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=ticks:123456 / snmpvar oid=1.3.6."
	  "1.2.1.1.5.0 value=ip:10.0.0.1 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=oid:1.3.6.1.4.1.8072 / snmpvar o"
	  "id=1.3.6.1.2.1.1.5.0 value=int:-129 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=gauge:128 / snmpvar oid=1."
	  "3.6.1.2.1.1.5.0 value=counter64:18446744073709551615 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=hex:00ff8"
	  "0 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=opaque:9f7804 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=nosuchob"
	  "ject / snmpvar oid=1.3.6.1.2.1.1.5.0 value=nosuchinstance / snmpvar oid=1.3.6.1.2.1.1.5.0 value=endo"
	  "fmibview",
	  "308200fe02010104067075626c6963a28200ef020202bc020100020100308200e1301106082b060102010105000405736f6e"
	  "6465301106082b06010201010500410500ffffffff300f06082b06010201010500430301e240301006082b06010201010500"
	  "40040a000001301306082b0601020101050006072b06010401bf08300e06082b060102010105000202ff7f300e06082b0601"
	  "020101050042020080301506082b06010201010500460900ffffffffffffffff300f06082b06010201010500040300ff8030"
	  "0f06082b0601020101050044039f7804300c06082b060102010105008000300c06082b060102010105008100300c06082b06"
	  "0102010105008200" },
	{ "snmp: the two first arcs of an object identifier in one number",
	  "snmp version=v2c community=public / snmppdu pdu=get id=7 / snmpvars / snmpvar oid=2.999.3",
	  "302102010104067075626c6963a0140201070201000201003009300706038837030500" },
	{ "snmp: a trap of version 1",
	  "snmp version=v1 community=public / snmppdu pdu=trap enterprise=1.3.6.1.4.1.8072 agent=ip:192.168.0.1"
	  " generic=6 specific=17 uptime=ticks:1000 / snmpvars / snmpvar oid=1.3.6.1.2.1.1.5.0 value=text:sonde",
	  "303b02010004067075626c6963a42e06072b06010401bf084004c0a80001020106020111430203e83013301106082b060102"
	  "010105000405736f6e6465" },
	/* By hand, from RFC 3412, 6, and RFC 3414, 2.4: what discovers an engine. */
	{ "snmp: version 3",
	  "snmp version=v3 / snmpv3 id=700 size=65507 flags=report / hex:0410300e0400020100020100040004000400",
	  "3026020103 300f020202bc020300ffe3 040104 020103 0410300e0400020100020100040004000400" },
	/* By hand, from X.690, 8.1.3, 8.3.2 and 8.19.2: heads, numbers and arcs in more bytes than they need. */
	{ "snmp: values that are read as bytes, and long ones",
	  "snmp long=1 lenlen=2 version=v2c community=public / snmppdu pdu=response long=1 lenlen=2 id=700 / sn"
	  "mpvars long=1 lenlen=2 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=0x048103616263 / snmpvar oid=1.3.6.1.2."
	  "1.1.5.0 value=0x02020001 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=0x0603558001 / snmpvar oid=1.3.6.1.2."
	  "1.1.5.0 value=int:-9223372036854775808 / snmpvar oid=1.3.6.1.2.1.1.5.0 value=0x020900800000000000000"
	  "0 / snmpvar long=1 lenlen=1 oid=1.3.6.1.2.1.1.5.0 value=text:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "3082010f02010104067075626c6963a2820100020202bc020100020100308200f2301006082b060102010105000481036162"
	  "63300e06082b0601020101050002020001300f06082b060102010105000603558001301406082b0601020101050002088000"
	  "000000000000301506082b06010201010500020900800000000000000030818f06082b060102010105000481826161616161"
	  "6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
	  "6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
	  "61616161616161616161616161616161616161616161616161" },
	{ "snmp: a length that leaves a byte behind",
	  "snmp length=39 version=v2c community=public / snmppdu pdu=get id=700 / snmpvars / "
	  "snmpvar oid=1.3.6.1.2.1.1.1.0 / hex:00",
	  "302702010104067075626c6963a01a020202bc020100020100300e300c06082b06010201010100050000" },
	{ "snmp: a long length that leaves a byte behind",
	  "snmp long=1 lenlen=2 length=39 version=v2c community=public / snmppdu pdu=get id=700 / snmpvars / "
	  "snmpvar oid=1.3.6.1.2.1.1.1.0 / hex:00",
	  "3082002702010104067075626c6963a01a020202bc020100020100300e300c06082b06010201010100050000" },
	{ "snmp: a trap of version 1 without variables",
	  "snmp version=v1 community=trap\\x20me / snmppdu pdu=trap enterprise=1.3.6.1.4.1.0 agent=ip:192.168.0.1 gen"
	  "eric=1 uptime=ticks:10 / snmpvars",
	  "3027020100040774726170206d65a41906062b06010401004004c0a8000102010102010043010a3000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "snmp");
}
