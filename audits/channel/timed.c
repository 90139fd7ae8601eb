/* Hides how the worst of several comparisons becomes one interval. */
#include "audits/channel/timed.h"

#include <math.h>

#include "audits/statistics/statistics.h"

double timed_since(uint64_t started, double delay)
{
    if (delay > 0)
        for (uint64_t until = timing_now() + (uint64_t)delay; timing_now() < until;)
            ;
    return (double)(timing_now() - started);
}

static enum status compare(const struct timed_classes *classes, size_t other, struct timing_test *out)
{
    return timing_compare(classes->nanos, classes->nanos + other * classes->each, classes->each, out);
}

struct farthest {
    size_t class;           /* the one whose estimate is */
    double away, low, high; /* the largest of all classes: estimate, lower end and upper end */
    double most_t;
};

/* Every class has an interval of its own, `wide` errors on either side: one that is known badly may reach farther than
 * the one whose estimate is the largest. */
static enum status find_farthest(const struct timed_classes *classes, const size_t *others, size_t count, double wide,
                                 struct farthest *out)
{
    *out = (struct farthest){.class = others[0]};
    for (size_t i = 0; i < count; i++) {
        struct timing_test test = {0};
        TRY(compare(classes, others[i], &test));
        double away = fabs(test.difference), around = wide * test.error;
        if (away > out->away)
            out->class = others[i];
        out->away = fmax(out->away, away);
        out->low = fmax(out->low, away - around);
        out->high = fmax(out->high, away + around);
        out->most_t = fmax(out->most_t, test.t);
    }
    return OK;
}

enum status timed_result(const struct timed_classes *classes, const size_t *others, size_t count, const char *what,
                         struct audit_results *results, struct audit_result *out)
{
    struct timing_test delayed;
    struct farthest farthest;
    SCOPED_BUF struct buf note = {0};
    double wide = stat_normal_quantile(1 - STAT_ONE_SIDE / (double)count);
    TRY(find_farthest(classes, others, count, wide, &farthest));
    TRY(compare(classes, classes->control, &delayed));
    double around = STAT_Z95 * delayed.error;
    audit_result_normal(out, farthest.away, 0, classes->each);
    out->low = farthest.low;
    out->high = farthest.high;
    audit_result_control(out, delayed.difference, delayed.difference - around, delayed.difference + around, out->limit);
    buf_addf(
        &note,
        "%s; farthest: %s; %zu comparisons of %zu calls a class, largest |t| %.1f; a clock does not repeat from the "
        "seed",
        what, classes->names[farthest.class], count, classes->each, farthest.most_t);
    TRY(buf_status(&note));
    out->note = audit_results_text(results, buf_text(&note));
    return out->note ? OK : ERR_MEMORY;
}
