/* Room-internal: what the vault asks distil and what distil answers, encoder and strict decoder side by side.
 *   question: u16 1 | nonce[16] | u32 near | u32 related (thousandths) | u32 count | count × lp candidate JSON
 *   answer:   u16 1 | nonce[16] | u32 count | count × (lp candidate JSON | u32 n | n × u32 | u32 m | m × u32 link) */
#pragma once

#include "insight/distil.h"

#define ROUND_NONCE_BYTES 16

struct distil_question {
    uint8_t nonce[ROUND_NONCE_BYTES];
    uint32_t near_milli, related_milli;
    size_t count;
    struct candidate *candidates;
};
/* Task tags stay behind: the encoder writes zeros. */
MUST_USE enum status distil_question_encode(const struct distil_question *question, struct buf *out);
MUST_USE enum status distil_question_decode(struct bytes text, struct distil_question *out); /* owns its candidates */
void distil_question_free(struct distil_question *question);

struct distil_answer {
    uint8_t nonce[ROUND_NONCE_BYTES];
    struct proposals proposals;
};
MUST_USE enum status distil_answer_encode(const struct distil_answer *answer, struct buf *out);
/* Support must be below `candidates`, links below the number of proposals. */
MUST_USE enum status distil_answer_decode(struct bytes text, size_t candidates, struct distil_answer *out);
void distil_answer_free(struct distil_answer *answer);
