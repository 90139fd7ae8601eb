/* Scores and the choice among them. */
#include "audits/membership/scores.h"

#include "audits/statistics/statistics.h"
#include "base/bytes.h"

static const char *const notes[SCORES] = {
    [SCORE_NEAR] = "the strongest score on worlds of its own was nearness itself, without shadow worlds",
    [SCORE_ECHO] = "the strongest score on worlds of its own was the echo of word pairs, without shadow worlds",
    [SCORE_LIRA] = "the strongest score on worlds of its own was LiRA on nearness",
    [SCORE_RMIA] = "the strongest score on worlds of its own was RMIA on nearness",
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

double attacker_score(const struct attacker *attacker, enum score score, size_t target, const double *all)
{
    switch (score) {
    case SCORE_NEAR:
        return all[target * SIGNALS + SIGNAL_NEAR];
    case SCORE_ECHO:
        return all[target * SIGNALS + SIGNAL_ECHO];
    case SCORE_LIRA:
        return ratio_of(attacker, shadow_lira, SIGNAL_NEAR, target, all);
    case SCORE_RMIA:
        return shadow_rmia(attacker->shadows[SIGNAL_NEAR], &all[SIGNAL_NEAR], SIGNALS, attacker->targets, target);
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

enum status attacker_choose(struct attacker *attacker, const struct sightings *on)
{
    double best = -1;
    for (int i = 0; i < SCORES; i++) {
        struct scored scored;
        struct auc auc = {0};
        TRY(attacker_judge(attacker, (enum score)i, on, &scored));
        enum status status = stat_auc(scored.members, scored.member_count, scored.others, scored.other_count, &auc);
        scored_free(&scored);
        TRY(status);
        if (auc.value > best) {
            best = auc.value;
            attacker->chosen = (enum score)i;
        }
    }
    return OK;
}
