#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "tls: ClientHello",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=443 seq=1 ack=2 flags=PA / tls type=handshake "
	  "version=tls1.0 / clienthello random=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
	  "sid=0001020304050607 ciphers=TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,0x0a0a,"
	  "TLS_EMPTY_RENEGOTIATION_INFO_SCSV compression=null extensions=server_name:www.example.com,"
	  "supported_groups:x25519+secp256r1,ec_point_formats:uncompressed,signature_algorithms:ecdsa_secp256r1_sha256+"
	  "rsa_pss_rsae_sha256+rsa_pkcs1_sha256,alpn:h2+http/1.1,supported_versions:tls1.3+tls1.2,"
	  "psk_key_exchange_modes:psk_dhe_ke,"
	  "key_share:[x25519:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f],session_ticket:7469636b,"
	  "renegotiation_info,status_request:ocsp,extended_master_secret,encrypt_then_mac,record_size_limit:16385,"
	  "padding:7",
	  "4500011800010000400665dd0a0000010a0000029c4001bb00000001000000025018ffff9fb4000016030100eb010000e7030300"
	  "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f08000102030405060700081301c02f0a0a00ff0100"
	  "00ae00000014001200000f7777772e6578616d706c652e636f6d000a00060004001d0017000b00020100000d0008000604030804"
	  "04010010000e000c02683208687474702f312e31002b00050403040303002d00020101003300260024001d002000010203040506"
	  "0708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f002300047469636bff010001000005000501000000000017000000"
	  "160000001c000240010015000700000000000000" },
	{ "tls: several messages in a record, and a record behind it",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=443 dport=40000 seq=1 ack=2 flags=PA / tls type=handshake / "
	  "serverhello random=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f sid=0001020304050607 "
	  "cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 extensions=server_name,renegotiation_info,alpn:h2 / handshake "
	  "type=certificate / handshake type=server-hello-done / tls type=change-cipher-spec data=01",
	  "4500008400010000400666710a0000010a00000201bb9c4000000001000000025018ffff0ea00000160303005102000042030300"
	  "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f080001020304050607c02f00001200000000ff0100"
	  "01000010000500030268320b0000030000000e000000140303000101" },
	{ "tls: ServerHello of TLS 1.3",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=443 dport=40000 seq=1 ack=2 flags=PA / tls type=handshake / "
	  "serverhello random=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
	  "cipher=TLS_AES_128_GCM_SHA256 extensions=supported_versions:tls1.3,"
	  "key_share:x25519:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f / tls "
	  "type=change-cipher-spec data=01 / tls type=application-data data=a1a2a3a4a5",
	  "45000097000100004006665e0a0000010a00000201bb9c4000000001000000025018ffff37ee0000160303005a02000056030300"
	  "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00130100002e002b0002030400330024001d002000"
	  "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f1403030001011703030005a1a2a3a4a5" },
	{ "tls: alert",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=443 dport=40000 seq=1 ack=2 flags=PA / tls type=alert / alert "
	  "level=fatal description=handshake_failure",
	  "4500002f00010000400666c60a0000010a00000201bb9c4000000001000000025018ffffbbbf000015030300020228" },
};

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HELLO  "tls type=handshake / clienthello random=" RANDOM
#define SERVER "tls type=handshake / serverhello random=" RANDOM " cipher=TLS_AES_128_GCM_SHA256"

/* By hand, from the drawings of RFC 8446, RFC 8701 and RFC 5246. */
static const struct wire_row drawn[] = {
	{ "tls: GREASE wherever it may stand",
	  HELLO " sid=aa ciphers=0x3a3a,TLS_AES_128_GCM_SHA256 compression=null extensions=10794:,"
		"supported_groups:0xcaca+x25519,supported_versions:0x2a2a+tls1.3,key_share:[0xcaca:00,x25519:0102],"
		"alpn:zz+h2,signature_algorithms:0xeaea+ed25519,19018:00",
	  "16 0303 0075 01 000071 0303" RANDOM "01aa 0004 3a3a1301 0100 0043 2a2a0000 000a0006 0004 caca001d"
	  "002b0005 04 2a2a0304 0033000d 000b caca000100 001d00020102 00100008 0006 027a7a 026832"
	  "000d0006 0004 eaea0807 4a4a0001 00" },
	{ "tls: a session that goes on",
	  HELLO " ciphers=TLS_AES_128_GCM_SHA256 compression=null extensions=early_data,cookie:0102,"
		"pre_shared_key:[aabb:7,cc:8]:[0101,02]",
	  "16 0303 0057 01 000053 0303" RANDOM "00 0002 1301 0100 0028 002a0000 002c0004 0002 0102"
	  "00290018 000f 0002aabb 00000007 0001cc 00000008 0005 020101 0102" },
	{ "tls: and the server's word", SERVER " extensions=pre_shared_key:1,supported_versions:tls1.3",
	  "16 0303 0038 02 000034 0303" RANDOM "00 1301 00 000c 00290002 0001 002b0002 0304" },
	{ "tls: another group is asked for", SERVER " extensions=key_share:secp384r1",
	  "16 0303 0032 02 00002e 0303" RANDOM "00 1301 00 0006 00330002 0018" },
	{ "tls: no extensions, and none in a list of them",
	  HELLO " ciphers=0x0001 compression=null,deflate / clienthello random=" RANDOM
		" ciphers=TLS_RSA_WITH_RC4_128_MD5 compression=null extensionslen=0",
	  "16 0303 005d 01 00002a 0303" RANDOM "00 0002 0001 020001 01 00002b 0303" RANDOM "00 0002 0004 0100 0000" },
	{ "tls: other messages",
	  "tls type=handshake / handshake type=certificate certs=010203,04 / handshake type=new-session-ticket "
	  "lifetime=300 ticket=0506 / handshake type=finished data=000102030405060708090a0b",
	  "16 0303 002d 0b00000d 00000a 000003010203 00000104 04000008 0000012c 0002 0506 "
	  "1400000c000102030405060708090a0b" },
	{ "tls: an alert that is encrypted", "tls type=alert data=0102030405060708", "15 0303 0008 0102030405060708" },
	{ "tls: a message that is encrypted, and one that looks so",
	  "tls type=handshake data=e1000003010203 / tls type=handshake data=0e / tls type=alert data=02",
	  "16 0303 0007 e1000003010203 16 0303 0001 0e 15 0303 0001 02" },
};

/* Records and messages that end elsewhere than they say. */
static const struct wire_row odd[] = {
	{ "tls: a record that goes on in the next segment", "tls type=application-data length=1024 data=0102030405",
	  "17 0303 0400 0102030405" },
	{ "tls: a message that goes on in the next record",
	  "tls type=handshake / handshake type=certificate length=20000 certslen=19997 certs=3082,hex:00004e2030 / "
	  "tls type=handshake data=8203",
	  "16 0303 0011 0b004e20 004e1d 0000023082 00004e2030 16 0303 0002 8203" },
	{ "tls: a hello that is cut in its extensions",
	  "tls type=handshake length=512 / clienthello length=508 random=" RANDOM
	  " ciphers=TLS_AES_128_GCM_SHA256 compression=null extensionslen=400 "
	  "extensions=encrypt_then_mac,server_name.20:0012",
	  "16 0303 0200 01 0001fc 0303" RANDOM "00 0002 1301 0100 0190 00160000 00000014 0012" },
	{ "tls: a hello that is cut before them",
	  "tls type=handshake length=512 / clienthello length=508 random=" RANDOM " sidlen=8 sid=0102 have=41",
	  "16 0303 0200 01 0001fc 0303" RANDOM "08 0102" },
	{ "tls: what follows a record is none", "tls type=change-cipher-spec length=1 data=01 / hex:aabb",
	  "14 0303 0001 01 aabb" },
	{ "tls: an empty list of names, and one that ends in a name",
	  HELLO " ciphers=TLS_AES_128_GCM_SHA256 compression=null extensions=0:0000,server_name:[hex:000005]",
	  "16 0303 003e 01 00003a 0303" RANDOM "00 0002 1301 0100 000f 000000020000 000000050003000005" },
	{ "tls: half a cipher", HELLO " ciphers=hex:13 compression=null",
	  "16 0303 002c 01 000028 0303" RANDOM "00 0001 13 0100" },
};

/* What comes to the port and begins with another kind of record is no TLS. */
static void what_does_not_look_like_it_is_data(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip dst=10.0.0.2 / tcp dport=443 / text:in-the-middle-of-something");
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_layers, 2);
	wire_build(&p, packet, "ip dst=10.0.0.2 / tcp dport=443 / hex:1602030000");
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_layers, 2);
}

/* Each record and message is as long as what is in it, whatever follows. */
static void lengths_end_where_the_next_begins(void **state)
{
	uint8_t packet[WIRE_MAX], want[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "tls / handshake type=finished data=01 / handshake type=0 / tls / alert description=0 / "
			       "tls data=0203");
	size_t len = wire_hex(want, "16 0303 0009 14000001 01 00000000 15 0303 0002 0200 17 0303 0002 0203");
	wire_equal(packet, p.len, want, len);
	assert_int_equal(p.layers[0].total_len, 14);
	assert_int_equal(p.layers[1].total_len, 5);
	assert_int_equal(p.layers[5].total_len, 7);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, odd);
	UNIT_TEST(&u, what_does_not_look_like_it_is_data);
	UNIT_TEST(&u, lengths_end_where_the_next_begins);
	return unit_run(&u, "tls");
}
