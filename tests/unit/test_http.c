#include "tests/unit/wire.h"

/* RFC 9112, 2 to 5: the lines, in hex. */
static const struct wire_row rows[] = {
	{ "http: a request",
	  "http method=GET target=/a headers=Host:a.example,Accept:\\x2a/\\x2a",
	  "474554202f6120485454502f312e310d0a 486f73743a20612e6578616d706c650d0a 4163636570743a202a2f2a0d0a 0d0a" },
	{ "http: without headers",
	  "http method=GET target=/",
	  "474554202f20485454502f312e310d0a0d0a" },
	{ "http: lines and names that end otherwise",
	  "http method=GET target=/ version=HTTP/1.0\\x0a headers=A\\x3a:b end=\\x0a",
	  "474554202f20485454502f312e300a 413a620d0a 0a" },
	{ "http: a header that continues",
	  "http method=GET target=/ headers=A:b\\x0d\\x0a\\x20c",
	  "474554202f20485454502f312e310d0a 413a20620d0a20630d0a 0d0a" },
	{ "http: the empty line is in another segment",
	  "http method=GET target=/ headers=A:b end=0x",
	  "474554202f20485454502f312e310d0a 413a20620d0a" },
	{ "http: a line that is no header ends them",
	  "http method=GET target=/ headers=A:b end=c / hex:443a20650d0a",
	  "474554202f20485454502f312e310d0a 413a20620d0a 630d0a 443a20650d0a" },
	{ "httpresponse: with a body",
	  "httpresponse code=404 reason=Not\\x20Found headers=Content-Length:2 / text:no",
	  "485454502f312e3120343034204e6f7420466f756e640d0a 436f6e74656e742d4c656e6774683a20320d0a 0d0a 6e6f" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "http");
}
