/* An attack on membership: scores of signals, fitted on shadow worlds, and for each goal the strongest of them, chosen
 * on worlds that nothing else is measured on. Room-internal. */
#pragma once

#include "audits/membership/target.h"
#include "audits/statistics/shadow.h"

enum score {
    SCORE_NEAR,        /* the signal itself, no shadow worlds */
    SCORE_FAR,         /* the same turned round: of what a member more makes a library say less */
    SCORE_ECHO,        /* likewise */
    SCORE_NO_ECHO,     /* turned round */
    SCORE_LIRA,        /* on SIGNAL_NEAR; these learn by themselves which way a member moves it */
    SCORE_RMIA,        /* on SIGNAL_NEAR */
    SCORE_RMIA_FAR,    /* turned round */
    SCORE_BAVARIA,     /* on SIGNAL_NEAR */
    SCORE_LIRA_ALL,    /* summed over all signals, as if they were independent */
    SCORE_BAVARIA_ALL, /* likewise */
    SCORES
};
/* What a score is chosen for: a score that is good on average need not be the one that names a few with certainty. */
enum goal {
    GOAL_AREA, /* the area under the ROC */
    GOAL_TAIL, /* small false-positive rates: the mean true-positive rate over those up to GOAL_TAIL_RATE */
    GOALS
};
#define GOAL_TAIL_RATE 0.05 /* fewer others than that, of some hundreds, would leave the choice to chance */
const char *score_note(enum score score); /* "the strongest score on worlds of its own was ..." */

/* The signals of all targets in one world, a target's side by side. */
struct attacker {
    size_t targets;
    struct shadow *shadows[SIGNALS]; /* owned: of each signal, a target each */
    struct shadow_pool pools[SIGNALS];
    enum score chosen[GOALS];
};
MUST_USE enum status attacker_new(size_t targets, struct attacker *out);
void attacker_free(struct attacker *attacker);
struct sightings;
void attacker_fit(struct attacker *attacker, const struct sightings *shadows);
/* all: the signals of every target in the world, [target][SIGNALS]. */
double attacker_score(const struct attacker *attacker, enum score score, size_t target, const double *all);

/* What one world tells about one target, and the truth. */
struct sighting {
    size_t target;
    bool member;
    const double *all; /* borrowed: the signals of every target in that world, [target][SIGNALS] */
};
struct sightings { /* growing */
    size_t count, room;
    struct sighting *items; /* owned */
};
MUST_USE enum status sightings_add(struct sightings *sightings, struct sighting sighting);
void sightings_free(struct sightings *sightings);

/* Scores of members and others. */
struct scored {
    size_t member_count, other_count;
    double *members, *others; /* owned */
};
void scored_free(struct scored *scored);
MUST_USE enum status attacker_judge(const struct attacker *attacker, enum score score, const struct sightings *on,
                                    struct scored *out);
/* For each goal the score that comes farthest on these. ERR_USAGE: a side is empty. */
MUST_USE enum status attacker_choose(struct attacker *attacker, const struct sightings *on);
