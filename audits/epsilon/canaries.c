/* Canaries of a private selection. Hides their words and how many colluders a place takes. */
#include "audits/epsilon/canaries.h"

#include <math.h>
#include <stdio.h>

#include "insight/common.h"

#define WORDS_EACH 4
#define NINE_OF_TEN 1.2815515655446004 /* normal quantile of .9 */

/* --- words --- */

struct deck { /* of word numbers, shuffled; each is dealt once */
    size_t *numbers;
    size_t at, count;
};

static enum status deck_new(struct random random, struct deck *out)
{
    *out = (struct deck){.numbers = mem_new(common_word_count(), sizeof *out->numbers)};
    if (!out->numbers)
        return ERR_MEMORY;
    for (size_t i = 0; i < common_word_count(); i++)
        if (!common_stop_word(bytes_str(common_word_at(i))))
            out->numbers[out->count++] = i;
    for (size_t i = out->count; i > 1; i--) {
        size_t other = (size_t)random_below(random, i), kept = out->numbers[i - 1];
        out->numbers[i - 1] = out->numbers[other];
        out->numbers[other] = kept;
    }
    return OK;
}

static enum status deal(struct deck *deck, struct candidate *out)
{
    char when[128], act[128];
    *out = (struct candidate){.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 1};
    if (deck->count - deck->at < WORDS_EACH)
        return ERR_TOO_LARGE;
    const size_t *number = &deck->numbers[deck->at];
    deck->at += WORDS_EACH;
    snprintf(when, sizeof when, "%s %s", common_word_at(number[0]), common_word_at(number[1]));
    snprintf(act, sizeof act, "%s %s", common_word_at(number[2]), common_word_at(number[3]));
    TRY(phrases_add(&out->when, when));
    return phrases_add(&out->act, act);
}

/* Of words that the gate would withhold for what they mean together, others are dealt. */
static enum status deal_passing(struct deck *deck, const struct redactor *redactor, struct candidate *out)
{
    for (;;) {
        enum withheld_reason reason;
        SCOPED_BUF struct buf text = {0};
        enum status status = deal(deck, out);
        if (status == OK)
            status = candidate_render(out, &text);
        if (status == OK)
            status = gate_check_text(buf_text(&text), redactor, NULL, &reason);
        if (status == OK)
            return OK;
        candidate_free(out);
        if (status != ERR_POLICY)
            return status;
    }
}

static enum status deal_all(struct canaries *canaries, const struct redactor *redactor, struct random random)
{
    struct deck deck;
    TRY(deck_new(random, &deck));
    enum status status = OK;
    for (size_t i = 0; i < canaries->count && status == OK; i++) {
        status = deal_passing(&deck, redactor, &canaries->items[i]);
        canaries->items[i].task[0] = (uint8_t)i;
        canaries->items[i].task[1] = (uint8_t)(i >> 8);
    }
    mem_free(deck.numbers);
    return status;
}

enum status canaries_new(const struct private_terms *terms, enum canary_place place, uint32_t group, size_t least,
                         const struct redactor *redactor, struct random random, struct canaries *out)
{
    group = terms->mechanism.keys < group ? terms->mechanism.keys : group;
    *out = (struct canaries){.terms = *terms, .place = place, .group = group};
    if (group == 0)
        return ERR_USAGE;
    out->groups = (least + group - 1) / group;
    out->count = out->groups * group;
    out->items = mem_new(out->count + 1, sizeof *out->items);
    enum status status = out->items ? deal_all(out, redactor, random) : ERR_MEMORY;
    if (status != OK)
        canaries_free(out);
    return status;
}

void canaries_free(struct canaries *canaries)
{
    for (size_t i = 0; canaries->items && i < canaries->count; i++)
        candidate_free(&canaries->items[i]);
    mem_free(canaries->items);
    *canaries = (struct canaries){0};
}

/* --- places --- */

static double wanted_of(const struct dp_union *mechanism, enum canary_place place)
{
    double threshold = (double)mechanism->threshold, deviation = sqrt((double)mechanism->variance);
    switch (place) {
    case CANARY_STEEPEST:
        return threshold - DP_UNION_ONE / 2.0;
    case CANARY_TAIL:
        return threshold - deviation / 2 - DP_UNION_ONE;
    case CANARY_LIKELY:
        return threshold + NINE_OF_TEN * deviation - DP_UNION_ONE;
    case CANARY_ALONE:
        break;
    }
    return 0;
}

size_t canaries_colluders(const struct canaries *canaries, enum canary_place place)
{
    double wanted = wanted_of(&canaries->terms.mechanism, place);
    return (size_t)fmax(round(wanted / dp_union_weight(canaries->group)), 0);
}

double canaries_chance(const struct canaries *canaries, bool in, double times)
{
    struct dp_union mechanism = canaries->terms.mechanism;
    int64_t sum = (int64_t)canaries_colluders(canaries, canaries->place) * dp_union_weight(canaries->group);
    mechanism.variance = (uint64_t)ceil((double)mechanism.variance / (times * times));
    return dp_union_probability(&mechanism, in ? sum + DP_UNION_ONE : sum);
}

double canaries_expected(const struct canaries *canaries, size_t count, double times)
{
    return (double)count / 2 * (canaries_chance(canaries, true, times) + canaries_chance(canaries, false, times));
}

/* --- what came of it --- */

static double shown(const struct candidate *canary, const struct library *library)
{
    for (size_t i = 0; i < library->insight_count; i++) {
        const struct insight *insight = &library->insights[i];
        const struct phrases *when = &insight->text.when, *act = &insight->text.act;
        if (when->count == 1 && strcmp(when->items[0], canary->when.items[0]) == 0 && act->count == 1 &&
            strcmp(act->items[0], canary->act.items[0]) == 0)
            return 1 + (double)insight->support;
    }
    return 0;
}

void canaries_shown(const struct canaries *canaries, const struct library *library, double *out)
{
    for (size_t i = 0; i < canaries->count; i++)
        out[i] = shown(&canaries->items[i], library);
}

void canaries_released(const struct canaries *canaries, const struct library *library, bool *out)
{
    for (size_t i = 0; i < canaries->count; i++)
        out[i] = shown(&canaries->items[i], library) > 0;
}
