/* The index behind candidate_check: what the prompts of some traces say, and which words belong to their cases. */
#pragma once

#include "insight/extract.h"

struct check_index;
MUST_USE enum status check_index_new(const struct trace *traces, size_t count, const struct extract_options *options,
                                     struct check_index **out);
void check_index_free(struct check_index *index);
/* One phrase by itself; OK, or ERR_POLICY with *reason. */
MUST_USE enum status check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason);
/* The whole candidate: every phrase and slot, and the joined text. */
MUST_USE enum status check_candidate(const struct check_index *index, const struct candidate *candidate,
                                     enum drop_reason *reason);
