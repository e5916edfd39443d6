/* The two clocks of the machine. */
#ifndef SONDE_IO_CLOCK_H
#define SONDE_IO_CLOCK_H

#include "base/time.h"

/* Never set back: for deadlines and pace. Its zero means nothing. */
sonde_time sonde_clock_monotonic(void);

/* Since 1970 UTC, as the kernel stamps captured frames; whoever administers the machine may set it. */
sonde_time sonde_clock_real(void);

#endif
