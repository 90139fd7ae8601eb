/* What an adversary who holds a target's candidates reads off a library: a few numbers a target, the signals from which
 * membership is scored. Room-internal. */
#pragma once

#include "protocol/library.h"

enum signal {
    SIGNAL_NEAR,    /* how near the library comes to each candidate, on average: cosine, 0..1 */
    SIGNAL_SAID,    /* share of the target's phrases that the library has */
    SIGNAL_SUPPORT, /* band of support of what comes nearest, from 1, times its cosine */
    SIGNAL_RATE,    /* its rate of success, 0..1, times its cosine; .5 where unknown */
    SIGNAL_ECHO,    /* mean log probability of the target's word pairs under the library's (Meeus et al. 2025) */
    SIGNALS
};

struct target {
    size_t tenant;
    size_t count;
    struct features *features; /* owned: of each candidate */
    size_t key_count;
    uint8_t (*keys)[16]; /* owned: phrase keys, ascending, each once */
    size_t pair_count;
    uint64_t (*pairs)[2]; /* owned: first word, both words */
};
/* From an adversary's copy of the candidates, borrowed for the call. */
MUST_USE enum status target_init(const struct candidate *const *candidates, size_t count, size_t tenant,
                                 struct target *out);
void target_free(struct target *target);
bool target_has(const struct target *target, const uint8_t key[static 16]); /* whether it has that phrase */

/* A library as the adversary reads it, once for all targets. */
struct reading;
/* The library is borrowed until reading_free. */
MUST_USE enum status reading_new(const struct library *library, struct reading **out);
void reading_free(struct reading *reading);
void reading_signals(const struct reading *reading, const struct target *target, double out[static SIGNALS]);
/* Whether the library has that phrase. */
bool reading_has(const struct reading *reading, const uint8_t key[static 16]);
