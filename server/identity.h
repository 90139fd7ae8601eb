/* Who the server is to its members, as the vault gives it to the gate (MESSAGE_IDENTITY): its TLS key, its certificate
 * and the federation's authority, each with its length before it. */
#pragma once

#include "crypto/tls.h"

struct identity {
    struct bytes key, certificate_pem, ca_pem; /* key: secret */
};
/* Into a buf that holds secrets. ERR_MEMORY. */
MUST_USE enum status identity_encode(const struct identity *identity, struct buf *out);
/* A server with that identity. ERR_INPUT, ERR_MEMORY. */
MUST_USE enum status identity_decode(struct bytes text, struct tls_server **out);
