/* Optimisation inversion over the vocabulary, for an attacker who has the device's half: the words whose features add
 * up to what was seen, found one by one by orthogonal matching pursuit (Pati, Rezaiifar, Krishnaprasad 1993; Tropp,
 * Gilbert 2007). For a layer whose activation can be undone the problem is linear; nothing is trained. */
#pragma once

#include "audits/split/half.h"

struct pursuit {
    size_t vocabulary, width;
    float *atoms; /* owned; vocabulary x width: what the half makes of a word alone, before its activation; length 1 */
    float *basis; /* owned; LESSON_WORDS_MAX x width */
    float *rest, *fits; /* owned; width, vocabulary */
};
MUST_USE enum status pursuit_new(const struct lessons *lessons, struct half *half, struct pursuit *out);
void pursuit_free(struct pursuit *pursuit);
/* The `count` words that explain a released vector best. */
void pursuit_guess(struct pursuit *pursuit, const struct half *half, const float *released, size_t count,
                   struct guess *out);
