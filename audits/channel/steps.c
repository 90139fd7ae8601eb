/* Counting by single steps. */
#include "audits/channel/steps.h"

#include <sys/ptrace.h>

#include "audits/channel/traced.h"

static enum status count(pid_t child, size_t *out)
{
    int signal = 0;
    for (size_t steps = 0; steps < STEPS_MAX; steps++) {
        if (!traced_next(child, PTRACE_SINGLESTEP, &signal))
            return ERR_UNAVAILABLE;
        if (signal == TRACED_BACK) {
            *out = steps;
            return OK;
        }
    }
    return ERR_UNAVAILABLE;
}

enum status steps_count(void (*call)(const void *context), const void *context, size_t *out)
{
    pid_t child;
    *out = 0;
    TRY(traced_start(call, context, &child));
    enum status status = count(child, out);
    traced_end(child);
    return status;
}
