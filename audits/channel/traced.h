/* A call in a process that is traced (ptrace), between two stops: steps.h and calls.h count what is between them. */
#pragma once

#include <sys/types.h>

#include "base/bytes.h"

/* A process that waits at its first stop, before the call, and that ends when this one does. ERR_UNAVAILABLE: this
 * system lets no process be traced. */
MUST_USE enum status traced_start(void (*call)(const void *context), const void *context, pid_t *out);
/* On to its next stop, by `request` (PTRACE_SINGLESTEP, PTRACE_SYSCALL): the signal that it stopped with, TRACED_BACK
 * behind the call. False: it ended instead. */
#define TRACED_BACK 19 /* SIGSTOP */
bool traced_next(pid_t child, int request, int *signal);
void traced_end(pid_t child); /* once for each that was started, also for one that ended */
