/* Room-internal: new versions of the server's own keys.
 *
 * All that changes with a rotation is one transaction: the new private keys, what is kept of the old ones, the
 * federation document with its next serial and certification, the server's certificate, the signature of the library in
 * force, and an entry of the log for each key. Old private keys are deleted in it, but for sealing keys: they open what
 * was sealed in time for KEY_OVERLAP_SECONDS more. Of every old key the public half stays, with the log's size when it
 * ended. The authority is not rotated: it is what devices know the federation by. */
#pragma once

#include "server/vault_state.h"

#define KEY_OVERLAP_SECONDS (30LL * 86400)
#define SERVER_SECONDS (2LL * 365 * 86400)         /* a server certificate's life */
#define SERVER_RENEW_SECONDS (SERVER_SECONDS / 12) /* before its end the clock rotates the TLS key: two months */

/* Bits: 1 << SERVER_TLS and so on; without SERVER_CA. */
#define KEYS_ALL ((1u << SERVER_KEYS) - 1 - (1u << SERVER_CA))

/* ERR_POLICY: as many earlier sealing keys are alive as there is room for. After a failure everything is as it was. */
MUST_USE enum status key_rotate(struct vault *vault, unsigned keys, struct why *why);
/* Destroy the sealing keys whose time had come at `now`. */
MUST_USE enum status key_expire(struct vault *vault, int64_t now);
/* What the clock brings: sealing keys to destroy, a certificate to renew (with a message for the gate). */
MUST_USE enum status key_tick(struct vault *vault, struct outbox *out);

/* Earlier public keys of a purpose, the latest first: start with below = UINT32_MAX. ERR_NOT_FOUND at the end. tree:
 * the log's size when it ended; what it signed since was not signed by us. */
struct key_earlier {
    uint32_t version;
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    int64_t created, retired;
    uint64_t tree;
};
MUST_USE enum status key_earlier(const struct vault *vault, enum server_key key, uint32_t below,
                                 struct key_earlier *out);
