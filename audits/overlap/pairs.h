/* How much more a document has of its own task's text than of other tasks' texts. */
#pragma once

#include "audits/overlap/ground.h"

enum pair_measure {
    PAIR_RUNS,        /* distinct runs of four tokens in both / the document's runs (FoT's checker) */
    PAIR_SUBSEQUENCE, /* longest common subsequence / the document's tokens (ROUGE-L's precision, Lin 2004) */
    PAIR_FEATURES,    /* cosine of features: words and pairs of words, rare ones more; in any order */
    PAIR_MEASURES
};
/* Fills value, interval, samples (clusters), baseline and p: own above mismatched, over documents that have both. Of a
 * document with several tasks of its own the one counts of which it has most, against the one of as many of the
 * baseline's tasks of which it has most (on average over all ways to draw these; where the baseline has fewer, as few
 * of its own are drawn): a copy of one task's text is not thinned by the others.
 * Pairs of one task depend on each other: the sign-flip test and the bootstrap draw clusters. Under five clusters
 * nothing is measured (samples 0). */
MUST_USE enum status pairs_measure(const struct ground *ground, enum pair_measure measure, enum reference kind,
                                   const struct documents *documents, struct random random,
                                   struct audit_result *result);
/* The control of `result` by what was measured of the documents below: failed where not even these are found in their
 * own text; undecided where they are, and nearly as much in others', whose texts are then too alike. */
void pairs_control(const struct audit_result *control, struct audit_result *result);
/* A document a task that gives its text away (its first 512 words), and that what comes before it in enum pair_measure
 * does not see: a copy for PAIR_RUNS, one with every fourth word left out for PAIR_SUBSEQUENCE, the words backwards for
 * PAIR_FEATURES. */
MUST_USE enum status pairs_quote(const struct ground *ground, enum pair_measure measure, enum reference kind,
                                 struct documents *out);
