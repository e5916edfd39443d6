#include "proto/names.h"

const struct sonde_name sonde_ip_names[] = {
	{ 8, "egp" }, { 9, "igp" }, { 12, "pup" }, { 27, "rdp" }, { 33, "dccp" }, { 46, "rsvp" }, { 50, "esp" },
	{ 55, "mobile" }, { 59, "nonext" }, { 88, "eigrp" }, { 89, "ospf" }, { 94, "ipip" }, { 103, "pim" },
	{ 108, "ipcomp" }, { 115, "l2tp" }, { 124, "isis" }, { 135, "mobility" }, { 136, "udplite" },
	{ 139, "hip" }, { 140, "shim6" }, { 253, "experiment1" }, { 254, "experiment2" },
	/* Names in /etc/protocols and in other tools. */
	{ 0, "hopopt" }, { 4, "ipencap" }, { 43, "ipv6-route" }, { 44, "ipv6-frag" }, { 58, "ipv6-icmp" },
	{ 58, "icmpv6" }, { 59, "ipv6-nonxt" }, { 60, "ipv6-opts" }, { 89, "ospfigp" }, { 137, "mpls-in-ip" }, { 0 },
};

const struct sonde_name sonde_ether_names[] = {
	{ 0x0842, "wol" }, { 0x8137, "ipx" }, { 0x880b, "ppp" }, { 0x8808, "pause" }, { 0x8809, "slow" },
	{ 0x8863, "pppoe-discovery" }, { 0x888e, "eapol" }, { 0x88a2, "aoe" }, { 0x88b5, "experiment1" },
	{ 0x88b6, "experiment2" }, { 0x88e5, "macsec" }, { 0x88e7, "pbb" }, { 0x88f7, "ptp" },
	{ 0x8906, "fcoe" }, { 0x894f, "nsh" }, { 0x9000, "loopback" },
	/* Names in other tools. */
	{ 0x8035, "rarp" }, { 0x8100, "802.1q" }, { 0x8100, "8021q" }, { 0x88a8, "dot1ad" }, { 0x88a8, "802.1ad" },
	{ 0x88a8, "qinq" }, { 0x8847, "mpls-uc" },
	{ 0x8848, "mpls-mc" }, { 0x8864, "pppoe-session" }, { 0 },
};

const struct sonde_name sonde_port_names[] = {
	{ 7, "echo" }, { 9, "discard" }, { 13, "daytime" }, { 19, "chargen" }, { 20, "ftp-data" }, { 21, "ftp" },
	{ 22, "ssh" }, { 23, "telnet" }, { 25, "smtp" }, { 37, "time" }, { 49, "tacacs" }, { 53, "domain" },
	{ 53, "dns" },
	{ 67, "bootps" }, { 68, "bootpc" }, { 69, "tftp" }, { 70, "gopher" }, { 79, "finger" }, { 80, "http" },
	{ 88, "kerberos" }, { 110, "pop3" }, { 111, "sunrpc" }, { 113, "ident" }, { 119, "nntp" }, { 123, "ntp" },
	{ 135, "msrpc" }, { 137, "netbios-ns" }, { 138, "netbios-dgm" }, { 139, "netbios-ssn" }, { 143, "imap" },
	{ 161, "snmp" }, { 162, "snmptrap" }, { 179, "bgp" }, { 194, "irc" }, { 389, "ldap" }, { 443, "https" },
	{ 445, "microsoft-ds" }, { 465, "submissions" }, { 500, "isakmp" }, { 514, "syslog" }, { 515, "printer" },
	{ 520, "rip" }, { 546, "dhcpv6-client" }, { 547, "dhcpv6-server" }, { 554, "rtsp" }, { 587, "submission" },
	{ 631, "ipp" }, { 636, "ldaps" }, { 646, "ldp" }, { 853, "domain-s" }, { 873, "rsync" }, { 989, "ftps-data" },
	{ 990, "ftps" }, { 993, "imaps" }, { 995, "pop3s" }, { 1080, "socks" }, { 1194, "openvpn" }, { 1433, "ms-sql" },
	{ 1521, "oracle" }, { 1701, "l2tp" }, { 1723, "pptp" }, { 1812, "radius" }, { 1813, "radius-acct" },
	{ 1883, "mqtt" }, { 1900, "ssdp" }, { 2049, "nfs" }, { 2152, "gtpu" }, { 3128, "squid" }, { 3268, "globalcat" },
	{ 3306, "mysql" }, { 3389, "rdp" }, { 3478, "stun" }, { 4500, "ipsec-nat-t" }, { 4789, "vxlan" },
	{ 5060, "sip" },
	{ 5061, "sips" }, { 5222, "xmpp-client" }, { 5353, "mdns" }, { 5355, "llmnr" }, { 5432, "postgresql" },
	{ 5672, "amqp" }, { 5900, "vnc" }, { 5938, "teamviewer" }, { 6379, "redis" }, { 6667, "ircd" },
	{ 6881, "bittorrent" },
	{ 8080, "http-alt" }, { 8443, "https-alt" }, { 9100, "jetdirect" }, { 11211, "memcached" },
	{ 27017, "mongodb" }, { 0 },
};

const struct sonde_name sonde_ppp_names[] = {
	{ 0x0021, "ip" }, { 0x0057, "ip6" }, { 0x0281, "mpls" }, { 0x8021, "ipcp" }, { 0x8057, "ip6cp" },
	{ 0x80fd, "ccp" },
	{ 0xc021, "lcp" }, { 0xc023, "pap" }, { 0xc025, "lqr" }, { 0xc223, "chap" }, { 0xc227, "eap" }, { 0 },
};

const struct sonde_name sonde_nlpid_names[] = {
	{ 0x08, "q933" }, { 0x80, "snap" }, { 0x81, "clnp" }, { 0x82, "esis" }, { 0x83, "isis" }, { 0xb0, "frf12" },
	{ 0 },
};

const struct sonde_name sonde_group_modes[] = {
	{ 1, "is_in" }, { 2, "is_ex" }, { 3, "to_in" }, { 4, "to_ex" }, { 5, "allow" }, { 6, "block" }, { 0 },
};

const struct sonde_name sonde_sll_pkttypes[] = {
	{ 0, "host" }, { 1, "broadcast" }, { 2, "multicast" }, { 3, "other" }, { 4, "outgoing" }, { 0 },
};

bool sonde_name_value(uint32_t *out, const struct sonde_name *table, const char *name, size_t len)
{
	for (; table && table->name; table++)
		if (strlen(table->name) == len && memcmp(table->name, name, len) == 0) {
			*out = table->value;
			return true;
		}
	return false;
}

const char *sonde_name_of(const struct sonde_name *table, uint32_t value)
{
	for (; table && table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

bool sonde_word_in(const char *words, const char *name, size_t len)
{
	while (words && *words) {
		size_t n = strcspn(words, " ");
		if (n == len && memcmp(words, name, len) == 0)
			return true;
		words += n + (words[n] == ' ');
	}
	return false;
}
