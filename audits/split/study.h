/* How every attack on features is measured. It is run against each tenant by itself, with what other tenants' lessons
 * teach; each of the tenant's lessons is released anew a few times, and the guess is scored twice: the guess from the
 * lesson's own release, and that from releases of the tenant's other tasks. The second is what knowledge of the domain
 * gives without the release, since lessons are alike; what leaks is the difference. */
#pragma once

#include "audits/split/shadows.h"

enum measure {
    MEASURE_WORDS, /* token accuracy; of labels: whether the kind is right */
    MEASURE_ORDER, /* ROUGE-L */
    MEASURES
};
struct score { /* of a lesson: means over its releases */
    double own[MEASURES], other[MEASURES];
};
#define SCORE_NUMBERS (2 * MEASURES)

struct guesser {
    void *state;
    /* The `count` likeliest outputs for a release. */
    enum status (*guess)(void *state, const float *released, size_t count, struct guess *out);
    bool labels;         /* the outputs are kinds of lessons, not words */
    const float *places; /* the order in which words stand (struct shadows), or NULL */
};
struct study {
    const struct lessons *lessons;
    size_t tenant, releases;
    struct half *half; /* the device's */
    const struct guesser *guesser;
};
/* Scores of the tenant's lessons: scores[i] for lessons->items[i]; those of other tenants are left as they are. A
 * tenant of one task is compared with the other tenants' lessons. random: of noise and comparisons. */
MUST_USE enum status study_run(const struct study *study, struct random random, struct score *scores);

/* How far apart lessons are: the share of a lesson's words that another task's does not have, on average over all.
 * Under STUDY_ROOM nothing that is found in one could be told from what is found in any. */
#define STUDY_ROOM 0.15
#define STUDY_TOO_ALIKE "the tasks' lessons are too few or too alike: what is found in one is in the others"
double study_room(const struct lessons *lessons);
/* Whether kinds can be learned and told: several tenants have lessons, and of all pairs of two tasks' lessons more than
 * STUDY_ROOM are of two kinds. */
#define STUDY_ONE_KIND "no other tenant's lessons to learn kinds from, or hardly any but of one kind: nothing to tell"
bool study_has_kinds(const struct lessons *lessons);

/* What the scores of all lessons say: the mean difference by tasks, resampled. baseline: the others' mean. */
struct finding {
    double value, low, high, own, other, p;
    size_t tasks;
};
MUST_USE enum status study_infer(const struct lessons *lessons, const struct score *scores, enum measure measure,
                                 struct random random, struct finding *out);
/* Into a result: value, interval, samples and p; and what the same attack finds where there is something to find. */
void study_result(const struct finding *found, const struct finding *control, double least,
                  struct audit_result *result);
