/* The whole terminal as a screen: text in places, colour where there is one, keys. One at a time.
 *
 * While it is open, messages are kept for its last line, and printed when it closes. */
#ifndef SONDE_TOOLS_COMMON_SCREEN_H
#define SONDE_TOOLS_COMMON_SCREEN_H

enum screen_style { SCREEN_NORMAL, SCREEN_BOLD, SCREEN_DIM, SCREEN_GOOD, SCREEN_FAIR, SCREEN_BAD };

/* Keys beside the characters themselves. */
enum { SCREEN_NO_KEY = 0, SCREEN_UP = 0x100, SCREEN_DOWN, SCREEN_PAGE_UP, SCREEN_PAGE_DOWN, SCREEN_OTHER };

/* Take the terminal. Returns 0, or STATUS_USAGE after a message: standard output is no terminal, a dumb one, or
 * one that is not known. */
int screen_open(void);
/* Give it back, and print the messages that were kept. Does nothing when no screen is open. */
void screen_close(void);

int screen_rows(void);
int screen_columns(void);
/* Call when the size may have changed (SIGWINCH); then draw all anew. */
void screen_resize(void);

/* Begin a new picture, put text of at most `width` columns into it (cut there), and show it: only what differs from the
 * last one is written. Text outside of the screen is cut. */
void screen_clear(void);
void screen_put(int row, int column, int width, enum screen_style style, const char *text);
void screen_show(void);

#define SCREEN_LEVELS 8
/* The text of a bar of level 0 to SCREEN_LEVELS - 1, one column wide: a block, or a character where there are none. */
const char *screen_bar(unsigned level);
/* One column that says "nothing yet". */
const char *screen_dot(void);

/* The last message that was kept, or NULL. */
const char *screen_message(void);

/* The next key that was pressed, without waiting. */
int screen_key(void);

#endif
