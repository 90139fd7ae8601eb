/* A world in which every task takes part by a coin: who did is what an attacker wants to know, the others are the
 * held-out. And what an attacker says who must name one of two. */
#pragma once

#include "audits/linkage/lessons.h"

struct coins {
    size_t count; /* of tasks */
    bool *in;     /* owned; by task */
};
void coins_free(struct coins *coins);
/* Coins for all tasks. */
MUST_USE enum status coins_draw(const struct worlds *worlds, struct random random, struct coins *out);
/* The tasks of `tenant` (SIZE_MAX: of all) that are `in`, shared by their tenants. */
MUST_USE enum status coins_share(struct worlds *worlds, const struct coins *coins, size_t tenant);
/* One of the tasks that are `in`, or are not, of that tenant (SIZE_MAX: of all); SIZE_MAX if there is none. */
size_t coins_pick(const struct worlds *worlds, const struct coins *coins, bool in, size_t tenant, struct random random);
/* The lessons of the tasks that are `in`, or are not, of that tenant. */
MUST_USE enum status coins_lessons(const struct worlds *worlds, const struct coins *coins, bool in, size_t tenant,
                                   struct lessons *out);

/* A server in mode dp refuses a round for which it has too few members or no budget left (ERR_POLICY): then what has no
 * result is not evaluated, and that is no failure. Any other status as worlds_refused. */
MUST_USE enum status coins_refused(enum status status, const struct audit_claim *claims, struct audit_results *out);

/* --- one of two --- */

#define CHOICE_LIMIT .55
#define CHOICE_NEEDED 1000 /* of which half are right: then the interval ends under .55 in nine runs of ten */
/* 1 if `right` scores more than `wrong`, 0 if less; a tie is decided by a coin. */
double choice_is_right(double right, double wrong, struct random random);
/* Of outcomes that are 0, 1 or NAN (not tried), every `stride`-th from `first` on. */
struct tally {
    size_t hits, tried;
};
struct tally tally_of(const double *outcomes, size_t first, size_t stride, size_t count);
/* Baseline, interval and p of so many right among those that were tried, and of the control. */
void choice_result(struct audit_result *result, struct tally tally, struct tally control);
