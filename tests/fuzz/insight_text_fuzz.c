/* Any text through what reads text in insight: words, features, overlap with itself, and the gate. Each must end, and a
 * text overlaps itself wholly. */
#include "insight/features.h"
#include "insight/overlap.h"
#include "insight/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_overlap(struct bytes bytes)
{
    struct overlap_text *text;
    struct overlap overlap;
    if (overlap_text_new(bytes, &text) != OK)
        return;
    INVARIANT(overlap_measure(text, text, &overlap) == OK);
    INVARIANT(overlap.jaccard == (overlap_tokens(text) < OVERLAP_SHINGLE ? 0 : 1));
    INVARIANT(overlap.windows >= overlap.exact);
    overlap_text_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct redactor *redactor; /* compiled once */
    static const char *const canaries[] = {"Zephyr-Quill 7741", NULL};
    if (!redactor && redactor_new(redact_policy_text("off"), NULL, &redactor, NULL) != OK)
        return 0;
    check_overlap(bytes_of(data, size));
    SCOPED_MEM char *text = mem_copy(bytes_of(data, size));
    struct features features;
    if (!text || features_of_text(text, &features) != OK)
        return 0;
    double self = features_cosine(&features, &features);
    INVARIANT(features.count == 0 || (self > 0.999 && self <= 1));
    features_free(&features);
    enum withheld_reason reason;
    enum status status = gate_check_text(text, redactor, canaries, &reason);
    INVARIANT(status == OK || status == ERR_POLICY || status == ERR_MEMORY);
    return 0;
}
