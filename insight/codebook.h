/* The public codebook of class `noised`: topics, words of the public vocabulary that insight/train/codebook.py took
 * from public text. No member's data went into it. A version that was shipped is never changed. */
#pragma once

#include "protocol/candidate.h"

#define CODEBOOK_VERSION 1
#define CODEBOOK_TOPICS 256 /* topic 0: none of the words */

/* "order"; "other" for topic 0 and for what is none. */
const char *codebook_topic(uint32_t topic);
/* The most telling (rarest) of the words that the candidate's "when" and error have, else of those of its advice; 0. */
uint32_t codebook_topic_of(const struct candidate *candidate);
