/* A screen within an event loop: it is drawn again and again, and at once when its size changes or a key is pressed; q
 * ends the loop as Ctrl-C does. */
#ifndef SONDE_TOOLS_COMMON_SCREEN_LOOP_H
#define SONDE_TOOLS_COMMON_SCREEN_LOOP_H

#include "tools/common/loop.h"
#include "tools/common/screen.h"

struct screen_loop {
	/* The caller's. */
	sonde_time every_ns;                /* from one picture to the next */
	void (*draw)(void *arg);
	void (*on_key)(void *arg, int key); /* any but q; the picture is drawn behind it */
	void *arg;
	/* Its own. */
	struct loop *loop; /* NULL: no screen is open */
	struct loop_watch keys;
	struct loop_timer redraw;
	struct loop_signal resized;
};

/* Take the terminal, and draw while the loop runs. Returns 0 or an exit status after a message. */
int screen_loop_open(struct screen_loop *s, struct loop *loop);
/* Give the terminal back. Does nothing when no screen is open. */
void screen_loop_close(struct screen_loop *s);

#endif
