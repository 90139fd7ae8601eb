/* Verbatim overlap of a document and a reference: exactly what the FoT privacy checker computes (4-token shingles, Jaccard,
 * sliding windows with at most one mismatch, multiplied by occurrences), and longest common token runs for the checks. */
#pragma once

#include "base/bytes.h"

struct overlap_text; /* tokenised, hashed; immutable */
MUST_USE enum status overlap_text_new(struct bytes text, struct overlap_text **out);
void overlap_text_free(struct overlap_text *text);
size_t overlap_tokens(const struct overlap_text *text);

struct overlap {
    uint64_t exact;   /* shingle hits */
    double jaccard;
    uint64_t windows; /* sliding-window matches with at most one mismatching token */
};
MUST_USE enum status overlap_measure(const struct overlap_text *document, const struct overlap_text *reference,
                                     struct overlap *out);
/* All pairs of two lists, out[d * references + r]. */
MUST_USE enum status overlap_matrix(const struct overlap_text *const *documents, size_t document_count,
                                    const struct overlap_text *const *references, size_t reference_count,
                                    struct overlap *out);
