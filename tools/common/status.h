/* Exit statuses. The same number means the same thing in every command. */
#ifndef SONDE_TOOLS_COMMON_STATUS_H
#define SONDE_TOOLS_COMMON_STATUS_H

enum status {
	STATUS_DONE = 0,          /* what was asked was done, and answered as expected */
	STATUS_NOT = 1,           /* it was not */
	STATUS_USAGE = 2,         /* usage or bad input: nothing was sent */
	STATUS_SYSTEM = 3,        /* the system refused: permission, device, disk */
	STATUS_OWN_FAILURE = 125, /* of a command that runs another: it could not */
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_INTERRUPTED = 130, /* Ctrl-C before anything could be judged */
};

#endif
