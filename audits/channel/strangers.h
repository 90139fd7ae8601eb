/* Messages that a server refuses, wrong in different ways, and a federation in memory to send them to: a member,
 * another one who has sent a contribution, and one who was suspended. */
#pragma once

#include "audits/world.h"

enum wrong {
    UNKNOWN_DEVICE, /* what the others are compared with */
    KNOWN_DEVICE,   /* a stranger's key under a member's ids */
    UNKNOWN_TENANT,
    OTHERS_DEVICE,
    SUSPENDED,     /* a member who was, with its own key */
    FOREIGN,       /* for another federation */
    OTHER_KEY,     /* a sealing key that is not there */
    UNDECRYPTABLE, /* sealed to somebody else */
    ALTERED,
    WRONGS
};

struct strangers {
    struct world *world;
    struct random random; /* borrowed state */
    size_t member, other, suspended;
    struct secret stranger;
    uint8_t elsewhere[HPKE_PUBLIC_BYTES];
    uint8_t target[ID_BYTES]; /* a contribution of the other's */
    struct buf record, withdrawal;
};
/* On failure *out is empty. */
MUST_USE enum status strangers_open(uint64_t seed, struct random random, struct strangers *out, struct why *why);
void strangers_close(struct strangers *strangers);
/* A contribution of the other's, under that id. */
MUST_USE enum status strangers_contribute(const struct strangers *strangers, const uint8_t id[static ID_BYTES]);
/* A new envelope that is wrong in that way. */
MUST_USE enum status strangers_seal(const struct strangers *strangers, enum envelope_kind kind, enum wrong wrong,
                                    struct buf *envelope);
/* A member's withdrawal of a contribution, in order but for whose that is. */
MUST_USE enum status strangers_withdrawal(const struct strangers *strangers, const uint8_t target[static ID_BYTES],
                                          struct buf *envelope);
