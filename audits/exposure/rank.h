/* How strongly a text points to a secret, and the secret's rank among decoys (Carlini et al. 2019, arXiv 1802.08232).
 *
 * exposure = log2 of how many candidates there are - log2 of the secret's rank among them. Where the text has nothing
 * to do with the secret, the rank is uniform. Room-internal. */
#pragma once

#include "audits/exposure/secrets.h"

#define RANK_CANDIDATES 1024u /* the secret and its decoys: at most ten bits of exposure */
#define RANK_BITS 10

/* The runs of three to eight characters that a text has, letters folded. Runs are kept by a hash in a field of bits, of
 * which at most a sixteenth is set below 64 MiB of text: a decoy is found by mistake as often as a secret. */
struct text_runs;
MUST_USE enum status text_runs_new(struct bytes text, struct text_runs **out);
void text_runs_free(struct text_runs *runs);
/* Share of the secret's own runs that the text has, summed over lengths: 0..6. */
double text_runs_score(const struct text_runs *runs, const char *secret);

/* From 1. Decoys are drawn of the same form; ties are broken at random. */
size_t secret_rank(const struct text_runs *runs, enum secret_place place, size_t form, const struct secret_word *secret,
                   struct random random);

/* The median exposure in bits, and its exact interval by order statistics: whatever the distribution, between the j-th
 * and the (n + 1 - j)-th rank with 95 % (David & Nagaraja 2003, section 7.1). */
struct rank_median {
    double bits, low, high;
};
/* counts[r]: how many secrets have rank r; n > 0: how many there are. */
struct rank_median rank_median_of(const size_t counts[static RANK_CANDIDATES + 1], size_t n);
