/* Do inputs of two classes take different times? Calls of all classes are timed in turns, in each of which every class
 * has one call, in an order drawn at random: whatever slows the machine for a while slows all of them alike. The clock
 * is the time that this thread had the processor.
 *
 * Two statistics. Welch's t, on all times and on those below some percentiles of both classes together, since what
 * interrupts a call only ever lengthens it (Reparaz, Balasch & Verbauwhede 2017, section III; |t| above 4.5 is their
 * sign of a leak, and grows with the number of calls). And how large the difference is: of the differences within a
 * turn a fifth is trimmed on either side; the mean of what is left moves with a shift by as much, and no outlier moves
 * it; its error is from the winsorized variance (Tukey & McLaughlin 1963; Wilcox 2012, section 4.3.2). */
#pragma once

#include "base/random.h"

struct timing_test {
    double t;          /* the largest |t| over the crops */
    double difference; /* trimmed mean of b - a, in nanoseconds */
    double error;      /* its standard error */
};
/* Times of two classes by turn, in nanoseconds. ERR_USAGE: fewer than TIMING_LEAST. */
#define TIMING_LEAST 10
MUST_USE enum status timing_compare(const double *a, const double *b, size_t turns, struct timing_test *out);

struct timing {
    size_t classes, each; /* calls of each class */
    /* One call of a class; *nanos is how long the part took that is asked about. */
    enum status (*call)(void *context, size_t class, double *nanos);
    void *context;
};
/* *out: classes * each times, a class's side by side; owned (mem_free). */
MUST_USE enum status timing_measure(const struct timing *timing, struct random random, double **out);
uint64_t timing_now(void); /* nanoseconds */
