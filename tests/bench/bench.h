/* What the bench programs share: time, peak memory, medians, and the lines that bench.sh makes its table of.
 *
 *   result <tab> name <tab> value <tab> unit <tab> note
 *   peer   <tab> name <tab> value <tab> unit <tab> who it is: something else that did the work of the result so named
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"

static inline double bench_seconds(uint64_t since)
{
    return (double)(clock_ticks() - since) / 1e6;
}

/* Processor time of this process: for work on one core, where neighbours on the machine would distort the clock. */
static inline double bench_cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Peak resident memory of this process so far, MiB (Linux counts it in KiB). */
static inline double bench_peak(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1024 : 0;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the times; the value that `part` of them do not exceed. */
static inline double bench_quantile(double *times, size_t count, double part)
{
    qsort(times, count, sizeof *times, bench_compare);
    size_t at = (size_t)(part * (double)count);
    return times[at < count ? at : count - 1];
}

static inline void bench_line(const char *kind, const char *name, double value, const char *unit, const char *note)
{
    printf("%s\t%s\t%.6g\t%s\t%s\n", kind, name, value, unit, note);
    fflush(stdout);
}

__attribute__((format(printf, 4, 5))) static inline void bench_result(const char *name, double value, const char *unit,
                                                                      const char *format, ...)
{
    char note[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(note, sizeof note, format, arguments);
    va_end(arguments);
    bench_line("result", name, value, unit, note);
}

static inline void bench_peer(const char *name, double value, const char *unit, const char *who)
{
    bench_line("peer", name, value, unit, who);
}

/* A step of the set-up that has to go well. */
static inline void bench_must(enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "bench: %s\n", status_text(status));
    exit(1);
}
