/* How many system calls of a call may reach the network, counted one by one in a process that is traced (ptrace,
 * PTRACE_SYSCALL): whether anything at all goes out. */
#pragma once

#include "base/bytes.h"

#define CALLS_MAX 200000 /* system calls of all kinds */
/* Sockets made, and what connects, listens or writes with one, also with one that was open before. Sockets that end in
 * this machine (AF_UNIX) do not count. What hands the work to somebody who is not traced (a thread, a child, another
 * program, io_uring) counts, and the count ends there. ERR_UNAVAILABLE: this system lets no process be traced or has no
 * /proc, the call did not come back, or it made more than CALLS_MAX. */
MUST_USE enum status calls_count_network(void (*call)(const void *context), const void *context, size_t *out);
