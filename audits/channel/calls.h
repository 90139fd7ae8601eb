/* How many system calls of the network a call makes, counted one by one in a process that is traced (ptrace,
 * PTRACE_SYSCALL): whether anything at all goes over a socket. */
#pragma once

#include "base/bytes.h"

#define CALLS_MAX 200000 /* system calls of all kinds */
/* Sockets made, connected, bound, sent to or listened at. ERR_UNAVAILABLE: this system lets no process be traced, the
 * call did not come back, or it made more than CALLS_MAX. */
MUST_USE enum status calls_count_network(void (*call)(const void *context), const void *context, size_t *out);
