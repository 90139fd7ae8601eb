/* Time, injected. Seconds and milliseconds since 1970-01-01T00:00:00Z. */
#pragma once

#include "base/bytes.h"

struct clock {
    int64_t (*now_ms)(void *state);
    void *state;
};

struct clock clock_system(void);
/* A clock that stands at *ms until its owner moves it. */
struct clock clock_fixed(int64_t *ms);
static inline int64_t clock_ms(struct clock clock)
{
    return clock.now_ms(clock.state);
}
static inline int64_t clock_seconds(struct clock clock)
{
    return clock_ms(clock) / 1000;
}
/* "2026-11-23T20:29:04Z" (RFC 3339, UTC); out: CLOCK_TEXT chars. */
#define CLOCK_TEXT 21
void clock_text(int64_t seconds, char out[static CLOCK_TEXT]);
/* "2026-11": the epoch that contributions and the log carry instead of exact times. */
#define CLOCK_EPOCH 8
void clock_epoch(int64_t seconds, char out[static CLOCK_EPOCH]);
/* Monotonic microseconds, for durations only. */
uint64_t clock_ticks(void);
