/* Room-internal: what is said between a provider's process and its caller. One packet a question, one an answer; all
 * are short.
 *   question: u8 operation | lp label | u32 version | lp key, or what was wrapped     answer: u8 status | bytes
 *   first packet, from the process: u8 status | lp what | lp where | lp hint
 * Each side reads what a stranger's code may have written. */
#pragma once

#include "crypto/root_apart.h"
#include "crypto/root_provider_internal.h"

enum apart_operation { APART_WRAP = 1, APART_UNWRAP };

/* --- the caller's side --- */

MUST_USE enum status apart_question(enum apart_operation operation, const char *label, uint32_t version,
                                    struct bytes data, struct buf *out);
/* The status of an answer, of which its bytes are left. */
enum status apart_hear_answer(struct bytes *answer);
/* The opener's status; its reason, valid until the next call. */
MUST_USE enum status apart_hear_opened(struct bytes packet, struct why *why);

/* --- the process's --- */

MUST_USE enum status apart_say_opened(enum status status, const struct why *why, struct buf *out);
/* Do what is asked; out, a secret buf, is the whole answer, of a refusal too. ERR_MEMORY: there is none. */
MUST_USE enum status apart_answer(struct root_provider *provider, struct bytes question, struct buf *out);
