/* Memory for large tables, in huge pages where the system has them: a table of many megabytes otherwise costs thousands
 * of page faults. */
#ifndef SONDE_IO_MEMORY_H
#define SONDE_IO_MEMORY_H

#include <stddef.h>

/* size zeroed bytes, aligned for anything, for sonde_memory_free. NULL when there are none. */
void *sonde_memory_alloc(size_t size);
void sonde_memory_free(void *memory, size_t size); /* NULL is fine */

#endif
