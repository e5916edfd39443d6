/* Error codes, and messages about mistakes in texts. */
#ifndef SONDE_BASE_ERROR_H
#define SONDE_BASE_ERROR_H

/* Functions return 0, a negated errno (-1 to -4095), or one of these. */
#define SONDE_ERRORS(X)                                                                                                \
	X(SONDE_E_SYNTAX, -5000, "not in the notation")                                                               \
	X(SONDE_E_UNKNOWN, -5001, "no such name")                                                                     \
	X(SONDE_E_RANGE, -5002, "value out of range")                                                                 \
	X(SONDE_E_KIND, -5003, "value of the wrong kind")                                                             \
	X(SONDE_E_TWICE, -5004, "given twice")                                                                        \
	X(SONDE_E_UNSUPPORTED, -5005, "not supported here")                                                           \
	X(SONDE_E_LAYERS, -5006, "too many layers")                                                                   \
	X(SONDE_E_SPACE, -5007, "no room left")                                                                       \
	X(SONDE_E_TRUNCATED, -5008, "cut short")                                                                      \
	X(SONDE_E_MALFORMED, -5009, "malformed")                                                                      \
	X(SONDE_E_ABSENT, -5010, "not there")                                                                         \
	X(SONDE_E_OPEN, -5011, "a field still has to be filled in")                                                   \
	X(SONDE_E_ORDER, -5012, "not the last layer")                                                                 \
	X(SONDE_E_TOO_MANY, -5013, "too many packets")                                                                \
	X(SONDE_E_PATH, -5014, "no way of sending carries this packet unchanged")                                     \
	X(SONDE_E_NO_ROUTE, -5015, "no route")                                                                        \
	X(SONDE_E_NO_NEIGHBOUR, -5016, "the next hop does not answer")                                                \
	X(SONDE_E_FORMAT, -5017, "not a capture file")                                                                \
	X(SONDE_E_LIBRARY, -5018, "a library call failed")

enum sonde_error_code {
#define SONDE_ERROR_ENUM(name, code, text) name = code,
	SONDE_ERRORS(SONDE_ERROR_ENUM)
#undef SONDE_ERROR_ENUM
};

#define SONDE_ERROR_WHAT 200
#define SONDE_ERROR_HINT 120

/* A mistake in a text, or an error of the system. The strings may be empty. */
struct sonde_error {
	int code;                    /* as functions return it */
	int layer;                   /* which layer of the packet, from 1; 0: none */
	int column;                  /* where the mistake is in the text, bytes from 0; -1: nowhere */
	int length;                  /* its bytes */
	char what[SONDE_ERROR_WHAT]; /* what is wrong, with a quote of the text */
	char hint[SONDE_ERROR_HINT]; /* what to do about it */
};

/* The text of a code, never NULL. That of a negated errno is strerror(3)'s, and lives as long. */
const char *sonde_strerror(int code);

/* Fill e (which may be NULL) with code and a formatted text, clear the rest, and return code. */
int sonde_fail(struct sonde_error *e, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Set the hint of e (which may be NULL) and return e->code, or 0 without e. */
int sonde_hint(struct sonde_error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
