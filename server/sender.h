/* Room-internal: who sent a sealed envelope. */
#pragma once

#include "server/vault_state.h"

/* What is known of an envelope once its signature holds. */
struct sender {
    bool is_proved; /* the rest is only then filled */
    struct envelope_header header;
    struct tenant tenant;
    struct device device;
    struct buf record; /* secret */
    uint8_t digest[DIGEST_BYTES];
};
void sender_free(struct sender *sender);
/* Open an envelope of that kind from an active device of an active tenant; whether it may is sender_may's to say.
 * ERR_DENIED for all that a stranger could be told apart by; ERR_INPUT, ERR_VERSION, ERR_TOO_LARGE for what is no such
 * envelope. */
MUST_USE enum status sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope,
                                 struct sender *out);
MUST_USE enum status sender_may(const struct sender *sender, const char *call); /* ERR_DENIED */
/* The tenant's share of the policy's rate; counted once the signature holds, so that nobody can use up another's.
 * ERR_LIMIT. */
MUST_USE enum status sender_take_rate(struct vault *vault, const struct sender *sender, struct why *why);
