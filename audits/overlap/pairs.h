/* How much more a document has of its own task's text than of other tasks' texts. */
#pragma once

#include "audits/overlap/ground.h"

enum pair_measure {
    PAIR_RUNS,        /* distinct runs of four tokens in both / the document's runs (FoT's checker) */
    PAIR_SUBSEQUENCE, /* longest common subsequence / the document's tokens (ROUGE-L's precision, Lin 2004) */
    PAIR_FEATURES,    /* cosine of features: words and pairs of words, rare ones more; in any order */
    PAIR_MEASURES
};
/* Fills value, interval, samples (clusters), baseline and p: own above mismatched, over documents that have both.
 * Pairs of one task depend on each other: the sign-flip test and the bootstrap draw clusters. Under five clusters
 * nothing is measured (samples 0). */
MUST_USE enum status pairs_measure(const struct ground *ground, enum pair_measure measure, enum reference kind,
                                   const struct documents *documents, struct random random,
                                   struct audit_result *result);
/* A document a task that gives its text away (its first 512 words), and that what comes before it in enum pair_measure
 * does not see: a copy for PAIR_RUNS, one with every fourth word left out for PAIR_SUBSEQUENCE, the words backwards for
 * PAIR_FEATURES. */
MUST_USE enum status pairs_quote(const struct ground *ground, enum pair_measure measure, enum reference kind,
                                 struct documents *out);
