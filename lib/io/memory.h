/* Memory for large tables. Where the system has huge pages, it is made of them: who goes through a table of many
 * megabytes otherwise waits for thousands of page faults. */
#ifndef SONDE_IO_MEMORY_H
#define SONDE_IO_MEMORY_H

#include <stddef.h>

/* size zeroed bytes, aligned for anything, for sonde_memory_free. NULL when there are none. */
void *sonde_memory_alloc(size_t size);
void sonde_memory_free(void *memory, size_t size); /* NULL is fine */

#endif
