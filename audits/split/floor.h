/* Attacks on features at the noise floor: a table of attacks, each run against every tenant at the floor and, as its
 * positive control, without noise; results are what is found in a lesson's own release less what is found in those of
 * other tasks. */
#pragma once

#include "audits/split/inverse.h"
#include "audits/split/pursuit.h"
#include "audits/split/study.h"
#include "audits/split/surrogates.h"

#define FLOOR_LIMIT 0.05 /* an excess of one word in twenty */

enum floor_setting { FLOOR_NOISE, FLOOR_BARE, FLOOR_SETTINGS };
struct floor_bench { /* one attack on one tenant in one setting */
    const struct audit_scope *scope;
    const struct lessons *lessons;
    size_t tenant;
    enum floor_setting setting;
    struct half half, own; /* the device's, and the attacker's where he has to make one */
    struct shadows shadows;
    struct inverse inverse;
    struct pursuit pursuit;
    struct unsplit unsplit;
};
struct floor_attack {
    enum half_kind kind;
    bool labels;
    size_t releases, releases_full; /* of each lesson */
    enum status (*train)(struct floor_bench *bench, struct random random);
    enum status (*guess)(void *bench, const float *released, size_t count, struct guess *out);
};
struct floor_row { /* a result */
    const struct audit_claim *claim;
    size_t attack; /* number of the attack */
    enum measure measure;
    const char *note;
};
struct floor_table {
    const char *name; /* of its trials */
    size_t attacks, rows;
    const struct floor_attack *attack;
    const struct floor_row *row;
    const struct audit_claim *claims; /* from the first that is measured; ends with a row without a name */
};
MUST_USE enum status floor_run(const struct floor_table *table, const struct audit_scope *scope,
                               struct audit_results *out, struct why *why);

/* Epochs of an inverse network in the suite at hand. */
size_t floor_epochs(const struct floor_bench *bench);
/* The guess of bench->inverse. */
MUST_USE enum status floor_guess_inverse(void *bench, const float *released, size_t count, struct guess *out);

#define FLOOR_CLAIM(id, what, knowing, controlled, is_expected)                                                        \
    {                                                                                                                  \
        .name = "split.floor." id, .surface = SURFACE_FEATURES,                                                        \
        .target = "features of lessons at the noise floor (none leave a device)", .threat = THREAT_CURIOUS_SERVER,     \
        .knows = knowing, .metric = what " of the lesson's own features less that of another task's", .unit = "task",  \
        .baseline = "features of another task of the tenant", .control = controlled, .needed = 72,                     \
        .limit = FLOOR_LIMIT, .tolerated = FLOOR_LIMIT, .expected = is_expected                                        \
    }
