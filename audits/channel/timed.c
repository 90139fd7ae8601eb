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

/* The farthest in *out and its class; the largest |t| of all in its t. */
static enum status find_worst(const struct timed_classes *classes, const size_t *others, size_t count,
                              struct timing_test *out, size_t *class)
{
    double most_t = 0;
    *out = (struct timing_test){0};
    *class = others[0];
    for (size_t i = 0; i < count; i++) {
        struct timing_test test = {0};
        TRY(compare(classes, others[i], &test));
        most_t = fmax(most_t, test.t);
        if (i > 0 && fabs(test.difference) <= fabs(out->difference))
            continue;
        *out = test;
        *class = others[i];
    }
    out->t = most_t;
    return OK;
}

enum status timed_result(const struct timed_classes *classes, const size_t *others, size_t count, const char *what,
                         struct audit_results *results, struct audit_result *out)
{
    struct timing_test worst, delayed;
    size_t class = 0;
    SCOPED_BUF struct buf note = {0};
    TRY(find_worst(classes, others, count, &worst, &class));
    TRY(compare(classes, classes->control, &delayed));
    double wider = stat_normal_quantile(1 - .025 / (double)count) / STAT_Z95;
    double around = STAT_Z95 * delayed.error;
    audit_result_normal(out, fabs(worst.difference), wider * worst.error, classes->each);
    out->low = fmax(out->low, 0);
    audit_result_control(out, delayed.difference, delayed.difference - around, delayed.difference + around, out->limit);
    buf_addf(
        &note,
        "%s; farthest: %s; %zu comparisons of %zu calls a class, largest |t| %.1f; a clock does not repeat from the "
        "seed",
        what, classes->names[class], count, classes->each, worst.t);
    TRY(buf_status(&note));
    out->note = audit_results_text(results, buf_text(&note));
    return out->note ? OK : ERR_MEMORY;
}
