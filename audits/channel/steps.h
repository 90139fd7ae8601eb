/* How many instructions a call executes, counted one by one in a process that is traced (ptrace, PTRACE_SINGLESTEP): no
 * clock, no noise. Two inputs that take different counts are told apart by whoever can time often enough. */
#pragma once

#include "base/bytes.h"

#define STEPS_MAX 20000
/* ERR_UNAVAILABLE: this system lets no process be traced, or it took more than STEPS_MAX. */
MUST_USE enum status steps_count(void (*call)(const void *context), const void *context, size_t *out);
