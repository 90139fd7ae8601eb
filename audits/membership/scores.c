/* Scores and the choice among them. */
#include "audits/membership/scores.h"

#include <math.h>
#include <stdlib.h>

#include "audits/statistics/statistics.h"
#include "base/bytes.h"

static const char *const notes[SCORES] = {
    [SCORE_NEAR] = "the strongest score on worlds of its own was nearness itself, without shadow worlds",
    [SCORE_FAR] = "the strongest score on worlds of its own was distance, without shadow worlds",
    [SCORE_ECHO] = "the strongest score on worlds of its own was the echo of word pairs, without shadow worlds",
    [SCORE_NO_ECHO] = "the strongest score on worlds of its own was the lack of an echo, without shadow worlds",
    [SCORE_LIRA] = "the strongest score on worlds of its own was LiRA on nearness",
    [SCORE_RMIA] = "the strongest score on worlds of its own was RMIA on nearness",
    [SCORE_RMIA_FAR] = "the strongest score on worlds of its own was RMIA on distance",
    [SCORE_BAVARIA] = "the strongest score on worlds of its own was BaVarIA on nearness",
    [SCORE_LIRA_ALL] = "the strongest score on worlds of its own was LiRA over all signals",
    [SCORE_BAVARIA_ALL] = "the strongest score on worlds of its own was BaVarIA over all signals",
};

const char *score_note(enum score score)
{
    return notes[score];
}

enum status attacker_new(size_t targets, struct attacker *out)
{
    *out = (struct attacker){.targets = targets};
    for (int i = 0; i < SIGNALS; i++)
        if (!(out->shadows[i] = mem_new(targets + 1, sizeof *out->shadows[i]))) {
            attacker_free(out);
            return ERR_MEMORY;
        }
    return OK;
}

void attacker_free(struct attacker *attacker)
{
    for (int i = 0; i < SIGNALS; i++)
        mem_free(attacker->shadows[i]);
    *attacker = (struct attacker){0};
}

void attacker_fit(struct attacker *attacker, const struct sightings *shadows)
{
    for (size_t s = 0; s < shadows->count; s++) {
        const struct sighting *sighting = &shadows->items[s];
        for (int i = 0; i < SIGNALS; i++)
            shadow_add(&attacker->shadows[i][sighting->target].sides[sighting->member],
                       sighting->all[sighting->target * SIGNALS + (size_t)i]);
    }
    for (int i = 0; i < SIGNALS; i++)
        shadow_pool(attacker->shadows[i], attacker->targets, &attacker->pools[i]);
}

/* --- scores --- */

typedef double (*ratio_fn)(const struct shadow *shadow, const struct shadow_pool *pool, double x);

static double ratio_of(const struct attacker *attacker, ratio_fn ratio, enum signal signal, size_t target,
                       const double *all)
{
    return ratio(&attacker->shadows[signal][target], &attacker->pools[signal], all[target * SIGNALS + signal]);
}

static double ratio_of_all(const struct attacker *attacker, ratio_fn ratio, size_t target, const double *all)
{
    double sum = 0;
    for (int i = 0; i < SIGNALS; i++)
        sum += ratio_of(attacker, ratio, (enum signal)i, target, all);
    return sum;
}

static double rmia_of(const struct attacker *attacker, size_t target, const double *all)
{
    return shadow_rmia(attacker->shadows[SIGNAL_NEAR], &all[SIGNAL_NEAR], SIGNALS, attacker->targets, target);
}

double attacker_score(const struct attacker *attacker, enum score score, size_t target, const double *all)
{
    switch (score) {
    case SCORE_NEAR:
        return all[target * SIGNALS + SIGNAL_NEAR];
    case SCORE_FAR:
        return -all[target * SIGNALS + SIGNAL_NEAR];
    case SCORE_ECHO:
        return all[target * SIGNALS + SIGNAL_ECHO];
    case SCORE_NO_ECHO:
        return -all[target * SIGNALS + SIGNAL_ECHO];
    case SCORE_LIRA:
        return ratio_of(attacker, shadow_lira, SIGNAL_NEAR, target, all);
    case SCORE_RMIA:
        return rmia_of(attacker, target, all);
    case SCORE_RMIA_FAR:
        return -rmia_of(attacker, target, all);
    case SCORE_BAVARIA:
        return ratio_of(attacker, shadow_bavaria, SIGNAL_NEAR, target, all);
    case SCORE_LIRA_ALL:
        return ratio_of_all(attacker, shadow_lira, target, all);
    case SCORE_BAVARIA_ALL:
        return ratio_of_all(attacker, shadow_bavaria, target, all);
    case SCORES:
        break;
    }
    return 0;
}

/* --- judging --- */

void scored_free(struct scored *scored)
{
    mem_free(scored->members);
    mem_free(scored->others);
    *scored = (struct scored){0};
}

enum status sightings_add(struct sightings *sightings, struct sighting sighting)
{
    if (sightings->count == sightings->room) {
        size_t room = sightings->room ? sightings->room * 2 : 256;
        struct sighting *grown = mem_grow(sightings->items, sightings->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        sightings->items = grown;
        sightings->room = room;
    }
    sightings->items[sightings->count++] = sighting;
    return OK;
}

void sightings_free(struct sightings *sightings)
{
    mem_free(sightings->items);
    *sightings = (struct sightings){0};
}

enum status attacker_judge(const struct attacker *attacker, enum score score, const struct sightings *on,
                           struct scored *out)
{
    size_t count = on->count;
    *out = (struct scored){.members = mem_new(count + 1, sizeof(double)), .others = mem_new(count + 1, sizeof(double))};
    if (!out->members || !out->others) {
        scored_free(out);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        double value = attacker_score(attacker, score, on->items[i].target, on->items[i].all);
        if (on->items[i].member)
            out->members[out->member_count++] = value;
        else
            out->others[out->other_count++] = value;
    }
    return OK;
}

/* --- the choice --- */

static int descending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* The members above each of the highest others, on average: at a threshold there, those before it are let through. */
static double tail_of(struct scored *scored)
{
    size_t highest = (size_t)ceil(GOAL_TAIL_RATE * (double)scored->other_count), above = 0;
    qsort(scored->others, scored->other_count, sizeof *scored->others, descending);
    for (size_t i = 0; i < highest; i++)
        for (size_t m = 0; m < scored->member_count; m++)
            above += scored->members[m] > scored->others[i];
    return (double)above / (double)highest / (double)scored->member_count;
}

static enum status strength(struct scored *scored, double out[static GOALS])
{
    struct auc auc;
    TRY(stat_auc(scored->members, scored->member_count, scored->others, scored->other_count, &auc));
    out[GOAL_AREA] = auc.value;
    out[GOAL_TAIL] = tail_of(scored);
    return OK;
}

enum status attacker_choose(struct attacker *attacker, const struct sightings *on)
{
    double best[GOALS] = {-1, -1};
    for (int i = 0; i < SCORES; i++) {
        struct scored scored;
        double found[GOALS];
        TRY(attacker_judge(attacker, (enum score)i, on, &scored));
        enum status status = strength(&scored, found);
        scored_free(&scored);
        TRY(status);
        for (int goal = 0; goal < GOALS; goal++)
            if (found[goal] > best[goal]) {
                best[goal] = found[goal];
                attacker->chosen[goal] = (enum score)i;
            }
    }
    return OK;
}
