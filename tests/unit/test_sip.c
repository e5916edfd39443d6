#include "tests/unit/wire.h"

/* RFC 3261, 7.1 and 7.2, shortened, in hex. */
static const struct wire_row rows[] = {
	{ "sip: a request",
	  "sip method=INVITE target=sip\\x3abob@biloxi.com headers=Max-Forwards:70,Call-ID:a84b4c76e66710@pc"
	  "33,CSeq:314159\\x20INVITE",
	  "494e56495445207369703a626f624062696c6f78692e636f6d205349502f322e300d0a 4d61782d466f7277617264733a2037300"
	  "d0a 43616c6c2d49443a20613834623463373665363637313040706333330d0a 435365713a2033313431353920494e564954450"
	  "d0a 0d0a" },
	{ "sipresponse: ringing",
	  "sipresponse code=180 reason=Ringing headers=Call-ID:1",
	  "5349502f322e30203138302052696e67696e670d0a 43616c6c2d49443a20310d0a 0d0a" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "sip");
}
