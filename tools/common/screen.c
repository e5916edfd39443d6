#include "tools/common/screen.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/status.h"

#define MAX_MESSAGES 32 /* messages; of more, the first and the last ones */

static struct {
	SCREEN *terminal; /* NULL: none is open */
	bool colour, blocks;
	char *messages[MAX_MESSAGES];
	unsigned n_messages;
} screen;

static void add_message(const char *line)
{
	char *copy = strdup(line);
	unsigned at = screen.n_messages < MAX_MESSAGES ? screen.n_messages++ : MAX_MESSAGES - 1;
	free(screen.messages[at]);
	screen.messages[at] = copy;
}

static void choose_colours(void)
{
	screen.colour = output_has_colour(stdout) && has_colors();
	if (!screen.colour)
		return;
	start_color();
	use_default_colors();
	init_pair(SCREEN_GOOD, COLOR_GREEN, -1);
	init_pair(SCREEN_FAIR, COLOR_YELLOW, -1);
	init_pair(SCREEN_BAD, COLOR_RED, -1);
}

int screen_open(void)
{
	if (!isatty(STDOUT_FILENO)) {
		message("a screen needs a terminal, and standard output is none");
		return STATUS_USAGE;
	}
	const char *term = getenv("TERM");
	if (term && strcmp(term, "dumb") == 0) {
		message("a screen needs more than a dumb terminal (TERM): it has no places to write to");
		return STATUS_USAGE;
	}
	setlocale(LC_CTYPE, "");
	screen.blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	screen.terminal = newterm(NULL, stdout, stdin);
	if (!screen.terminal) {
		message("nothing is known of the terminal '%s' (TERM)", term ? term : "");
		return STATUS_USAGE;
	}
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	choose_colours();
	message_divert(add_message);
	return 0;
}

void screen_close(void)
{
	if (!screen.terminal)
		return;
	endwin();
	delscreen(screen.terminal);
	screen.terminal = NULL;
	message_divert(NULL);
	for (unsigned i = 0; i < screen.n_messages; i++) {
		if (screen.messages[i])
			message("%s", screen.messages[i]);
		free(screen.messages[i]);
		screen.messages[i] = NULL;
	}
	screen.n_messages = 0;
}

int screen_rows(void)
{
	return LINES;
}

int screen_columns(void)
{
	return COLS;
}

void screen_resize(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
}

void screen_clear(void)
{
	erase();
}

static attr_t attributes(enum screen_style style)
{
	if (style == SCREEN_BOLD)
		return A_BOLD;
	if (style == SCREEN_DIM)
		return screen.colour ? A_DIM : A_NORMAL;
	bool paints = screen.colour && style >= SCREEN_GOOD;
	return paints ? (attr_t)COLOR_PAIR((int)style) : A_NORMAL;
}

/* Bytes of text that fit a width; characters are taken for one column each. */
static int bytes_that_fit(const char *text, int width)
{
	int len = 0;
	for (int columns = 0; text[len] && columns < width; columns++) {
		len++;
		while (((unsigned char)text[len] & 0xc0) == 0x80)
			len++;
	}
	return len;
}

void screen_put(int row, int column, int width, enum screen_style style, const char *text)
{
	if (row < 0 || row >= LINES || column < 0 || column >= COLS)
		return;
	if (width > COLS - column)
		width = COLS - column;
	attrset((int)attributes(style));
	mvaddnstr(row, column, text, bytes_that_fit(text, width));
}

void screen_show(void)
{
	attrset((int)A_NORMAL);
	refresh();
}

const char *screen_bar(unsigned level)
{
	static const char *const blocks[SCREEN_LEVELS] = { "\u2581", "\u2582", "\u2583", "\u2584",
							   "\u2585", "\u2586", "\u2587", "\u2588" };
	static const char *const ascii[SCREEN_LEVELS] = { "_", ",", ".", "-", "=", "+", "*", "#" };
	return (screen.blocks ? blocks : ascii)[level < SCREEN_LEVELS ? level : SCREEN_LEVELS - 1];
}

const char *screen_dot(void)
{
	return screen.blocks ? "\u00b7" : " ";
}

const char *screen_message(void)
{
	return screen.n_messages ? screen.messages[screen.n_messages - 1] : NULL;
}

int screen_key(void)
{
	int key = getch();
	switch (key) {
	case ERR: return SCREEN_NO_KEY;
	case KEY_UP: return SCREEN_UP;
	case KEY_DOWN: return SCREEN_DOWN;
	case KEY_PPAGE: return SCREEN_PAGE_UP;
	case KEY_NPAGE: return SCREEN_PAGE_DOWN;
	default: return key > 0 && key < 0x100 ? key : SCREEN_OTHER;
	}
}
