/* Results of a clock. What every timed claim shares: the limits, the control, and how classes become one result.
 *
 * Over the Internet differences of 20 microseconds have been told apart, over a local network a tenth of a microsecond,
 * both by a thousand calls or more (Crosby, Wallach & Riedi 2009). So the limit is a microsecond where a call can be
 * repeated as often as one likes, and 20 where it cannot: a pass says that nobody far away sees it, not that nobody
 * can.
 */
#pragma once

#include "audits/audit.h"
#include "audits/channel/timing.h"

#define TIMED_LIMIT 1000.       /* nanoseconds */
#define TIMED_LIMIT_ONCE 20000. /* of a call that leaves something behind */
#define TIMED_CONTROL "the same calls with a delay of twice the limit are told apart"
#define TIMED_METRIC "largest difference of a class's time to the first class's (trimmed mean), in nanoseconds"

/* Nanoseconds since `started` (timing_now), after a delay of so many. */
double timed_since(uint64_t started, double delay);

struct timed_classes {
    const char *const *names; /* of each class, for the note */
    const double *nanos;      /* classes * each, as timing_measure gives them */
    size_t classes, each;
    size_t control; /* which class is the first one, delayed */
};
/* How far the farthest class among `others` (numbers, `count` of them) is from the first. Value, low and high are each
 * the largest over the classes, whose intervals hold for all of them at once (Bonferroni): so the farthest lies between
 * low and high, whichever it is. On a machine too busy for its clock the delay of the control neither shows nor does
 * not: undecided. The note says which class it is, the largest |t|, and that a clock's result does not repeat from a
 * seed; `what` begins it. */
MUST_USE enum status timed_result(const struct timed_classes *classes, const size_t *others, size_t count,
                                  const char *what, struct audit_results *results, struct audit_result *out);
