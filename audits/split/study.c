/* Hides which releases a guess is compared on. */
#include "audits/split/study.h"

#include <math.h>

#include "audits/statistics/statistics.h"

#define OTHERS 2 /* comparisons for each release */
#define ROUNDS 2000

/* --- scores --- */

static enum status score_guess(const struct study *study, const float *released, const struct lesson *lesson,
                               double out[static MEASURES])
{
    const struct guesser *guesser = study->guesser;
    struct guess guess;
    TRY(guesser->guess(guesser->state, released, guesser->labels ? 1 : lesson->distinct, &guess));
    out[MEASURE_ORDER] = 0;
    if (guesser->labels) {
        out[MEASURE_WORDS] = guess.count == 1 && guess.words[0] == lesson->kind;
        return OK;
    }
    out[MEASURE_WORDS] = guess_accuracy(&guess, lesson);
    if (guesser->places)
        guess_order(&guess, guesser->places);
    return guess_rouge(&guess, lesson, &out[MEASURE_ORDER]);
}

/* Another task's lesson, of the same tenant if it has one. */
static const struct lesson *draw_other(const struct study *study, const struct lesson *lesson, struct random random)
{
    for (int of_tenant = 1; of_tenant >= 0; of_tenant--) {
        const struct lesson *drawn = NULL;
        size_t seen = 0;
        for (size_t i = 0; i < study->lessons->count; i++) {
            const struct lesson *other = &study->lessons->items[i];
            if (other->task != lesson->task && (other->tenant == study->tenant || !of_tenant) &&
                random_below(random, ++seen) == 0)
                drawn = other;
        }
        if (drawn)
            return drawn;
    }
    return NULL;
}

static void add_scores(double to[static MEASURES], const double from[static MEASURES], double parts)
{
    for (size_t i = 0; i < MEASURES; i++)
        to[i] += from[i] / parts;
}

static enum status score_release(const struct study *study, const struct lesson *lesson, struct dp_stream *stream,
                                 struct random random, struct score *score)
{
    float released[HALF_BUCKETS];
    double got[MEASURES];
    TRY(half_release(study->half, lesson->candidate, stream, released));
    TRY(score_guess(study, released, lesson, got));
    add_scores(score->own, got, (double)study->releases);
    for (size_t i = 0; i < OTHERS; i++) {
        const struct lesson *other = draw_other(study, lesson, random);
        if (!other)
            return ERR_NOT_FOUND;
        TRY(half_release(study->half, other->candidate, stream, released));
        TRY(score_guess(study, released, lesson, got));
        add_scores(score->other, got, (double)(study->releases * OTHERS));
    }
    return OK;
}

static enum status score_lesson(const struct study *study, const struct lesson *lesson, struct dp_stream *stream,
                                struct random random, struct score *score)
{
    *score = (struct score){0};
    for (size_t i = 0; i < study->releases; i++)
        TRY(score_release(study, lesson, stream, random, score));
    return OK;
}

enum status study_run(const struct study *study, struct random random, struct score *scores)
{
    struct dp_stream *stream = NULL;
    enum status status = dp_stream_new(random, &stream);
    for (size_t i = 0; i < study->lessons->count && status == OK; i++)
        if (study->lessons->items[i].tenant == study->tenant)
            status = score_lesson(study, &study->lessons->items[i], stream, random, &scores[i]);
    dp_stream_free(stream);
    return status;
}

/* --- what there is to find --- */

static size_t words_in_common(const struct lesson *a, const struct lesson *b)
{
    size_t common = 0;
    for (size_t i = 0, k = 0; i < a->distinct && k < b->distinct;) {
        uint32_t left = a->set[i], right = b->set[k];
        common += left == right;
        i += left <= right;
        k += right <= left;
    }
    return common;
}

double study_room(const struct lessons *lessons)
{
    double sum = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < lessons->count; i++)
        for (size_t k = 0; k < lessons->count; k++) {
            const struct lesson *one = &lessons->items[i], *other = &lessons->items[k];
            if (one->task == other->task || one->distinct == 0)
                continue;
            sum += 1 - (double)words_in_common(one, other) / (double)one->distinct;
            pairs++;
        }
    return pairs ? sum / (double)pairs : 0;
}

bool study_has_kinds(const struct lessons *lessons)
{
    size_t pairs = 0, apart = 0;
    bool several = false;
    for (size_t i = 0; i < lessons->count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct lesson *one = &lessons->items[i], *other = &lessons->items[k];
            several |= one->tenant != other->tenant;
            pairs += one->task != other->task;
            apart += one->task != other->task && one->kind != other->kind;
        }
    return several && (double)apart > STUDY_ROOM * (double)pairs;
}

/* --- inference --- */

/* differences and weights: sums over the lessons of each task. */
static void add_up(const struct lessons *lessons, const struct score *scores, enum measure measure, double *differences,
                   double *weights, struct finding *out)
{
    for (size_t i = 0; i < lessons->count; i++) {
        size_t task = lessons->items[i].task;
        differences[task] += scores[i].own[measure] - scores[i].other[measure];
        weights[task]++;
        out->own += scores[i].own[measure] / (double)lessons->count;
        out->other += scores[i].other[measure] / (double)lessons->count;
    }
}

enum status study_infer(const struct lessons *lessons, const struct score *scores, enum measure measure,
                        struct random random, struct finding *out)
{
    SCOPED_MEM double *differences = mem_new(lessons->tasks + 1, sizeof *differences);
    SCOPED_MEM double *weights = mem_new(lessons->tasks + 1, sizeof *weights);
    struct interval interval;
    *out = (struct finding){.tasks = lessons->tasks};
    if (!differences || !weights)
        return ERR_MEMORY;
    add_up(lessons, scores, measure, differences, weights, out);
    out->value = out->own - out->other;
    TRY(stat_cluster_interval(differences, weights, lessons->tasks, ROUNDS, random, &interval));
    out->low = interval.low;
    out->high = interval.high;
    out->p = stat_sign_flip(differences, lessons->tasks, ROUNDS, random);
    return OK;
}

void study_result(const struct finding *found, const struct finding *control, double least, struct audit_result *result)
{
    result->kind = INTERVAL_RESAMPLED;
    result->samples = found->tasks;
    result->value = found->value;
    result->low = found->low;
    result->high = found->high;
    result->baseline = 0;
    result->p = found->p;
    audit_result_control(result, control->value, control->low, control->high, least);
}
