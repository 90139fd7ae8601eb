/* What the bench programs share: time, peak memory and one aligned row a result. */
#pragma once

#include <stdio.h>
#include <sys/resource.h>

#include "base/clock.h"

static inline double bench_seconds(uint64_t since)
{
    return (double)(clock_ticks() - since) / 1e6;
}

/* Peak resident memory of this process so far, MiB (Linux counts it in KiB). */
static inline double bench_peak(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1024 : 0;
}

static inline void bench_row(const char *name, size_t n, double seconds, const char *note)
{
    printf("%-24s n %9zu  seconds %9.4f  per item us %10.3f  peak MiB %7.1f  %s\n", name, n, seconds,
           n ? seconds * 1e6 / (double)n : 0, bench_peak(), note);
}
