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
/* A raw release, for positive controls: the lessons of that tenant's tasks that are `in`, and with those of each task a
 * canary. */
MUST_USE enum status coins_raw(const struct worlds *worlds, const struct coins *coins, size_t tenant,
                               enum canary_of whose, struct lessons *out);

/* A server in mode dp refuses a round for which it has too few members or no budget left (ERR_POLICY): then what has no
 * result is not evaluated, and that is no failure. Any other status as worlds_refused. */
MUST_USE enum status coins_refused(enum status status, const struct audit_claim *claims, struct audit_results *out);

/* A world in which there is nothing to look at says nothing: its outcome is NAN, and it is not counted. The note of a
 * result, then: what it means, and in how many worlds there was something; of none, NOTHING_RELEASED. Lives as long as
 * the results; NULL: out of memory. */
#define NOTHING_RELEASED "nothing was released, or in too few worlds to say anything"
const char *coins_note(struct audit_results *results, const char *text, size_t seen, size_t worlds);

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
/* The positive control of a result, from so many: surely above `least`. None where none was tried. */
void tally_control(struct audit_result *result, struct tally control, double least);
/* Baseline, interval and p of so many right among those that were tried, and of the control. */
void choice_result(struct audit_result *result, struct tally tally, struct tally control);
