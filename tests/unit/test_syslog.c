#include "tests/unit/wire.h"

/* RFC 5424, 6.5, and RFC 3164, 5.4, in hex. */
static const struct wire_row rows[] = {
	{ "syslog: example 1",
	  "syslog pri=34 time=2003-10-11T22\\x3a14\\x3a15.003Z host=mymachine.example.com app=su msgid=ID47 m"
	  "essage=-\\x20failed",
	  "3c33343e3120323030332d31302d31315432323a31343a31352e3030335a206d796d616368696e652e6578616d706c652e636f6d"
	  "207375202d2049443437202d206661696c6564" },
	{ "syslogbsd: example 1",
	  "syslogbsd pri=34 message=Oct\\x2011\\x2022\\x3a14\\x3a15\\x20mymachine\\x20su\\x3a\\x20failed",
	  "3c33343e4f63742031312032323a31343a3135206d796d616368696e652073753a206661696c6564" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "syslog");
}
