/* Verbatim overlap of a document and a reference: exactly what the FoT privacy checker computes (dixiyao/FoT,
 * experiment/checker_privacy.py @ b02753c): 4-token shingles, their Jaccard index, and sliding windows with at most one
 * mismatching token, multiplied by occurrences.
 *
 * Tokens are the ASCII runs [A-Za-z0-9_]+, lower-cased; every other byte separates. */
#pragma once

#include "base/bytes.h"

#define OVERLAP_SHINGLE 4

/* Hashes of the tokens, in their order: equal tokens, equal hashes. Owned (mem_free). */
MUST_USE enum status overlap_tokenise(struct bytes text, uint64_t **tokens, size_t *count);

struct overlap_text; /* tokenised, hashed; immutable */
MUST_USE enum status overlap_text_new(struct bytes text, struct overlap_text **out);
void overlap_text_free(struct overlap_text *text);
size_t overlap_tokens(const struct overlap_text *text);

struct overlap {
    uint64_t exact;   /* distinct shingles that occur in both */
    double jaccard;   /* of the two sets of shingles; 0 when both are empty. Not rounded (FoT prints six places) */
    uint64_t windows; /* pairs (occurrence in the document, occurrence in the reference) with at most one mismatch */
};
MUST_USE enum status overlap_measure(const struct overlap_text *document, const struct overlap_text *reference,
                                     struct overlap *out);
/* All pairs of two lists, out[d * reference_count + r]. */
MUST_USE enum status overlap_matrix(const struct overlap_text *const *documents, size_t document_count,
                                    const struct overlap_text *const *references, size_t reference_count,
                                    struct overlap *out);
