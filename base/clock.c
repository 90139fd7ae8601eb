/* Wall time and durations. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t system_now(void *state)
{
    (void)state;
    struct timespec now;
    INVARIANT(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct clock clock_system(void)
{
    return (struct clock){system_now, NULL};
}

static int64_t fixed_now(void *state)
{
    return *(const int64_t *)state;
}

struct clock clock_fixed(int64_t *ms)
{
    return (struct clock){fixed_now, ms};
}

void clock_text(int64_t seconds, char out[static CLOCK_TEXT])
{
    time_t when = (time_t)seconds;
    struct tm parts;
    if (!gmtime_r(&when, &parts) || strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        out[0] = 0;
}

void clock_epoch(int64_t seconds, char out[static CLOCK_EPOCH])
{
    time_t when = (time_t)seconds;
    struct tm parts;
    if (!gmtime_r(&when, &parts) || strftime(out, CLOCK_EPOCH, "%Y-%m", &parts) == 0)
        out[0] = 0;
}

uint64_t clock_ticks(void)
{
    struct timespec now;
    INVARIANT(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}
