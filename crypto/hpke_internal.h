/* Room-internal: HPKE's inner steps, so that the vectors of RFC 9180 can be run against them and selftest.c can too.
 * Nothing else may choose an ephemeral key or a sequence number. */
#pragma once

#include "crypto/aead.h"
#include "crypto/hpke.h"

#define HPKE_MODE_BASE 0x00

/* The schedule's key and base nonce (RFC 9180, 5.1). No exporter: nothing here exports. */
struct hpke_context {
    struct aead base;
};
void hpke_context_wipe(struct hpke_context *context);
#define SCOPED_HPKE __attribute__((cleanup(hpke_context_wipe)))

/* OK for the one suite and mode that this program speaks, else ERR_VERSION. */
MUST_USE enum status hpke_suite_check(unsigned mode, unsigned kem, unsigned kdf, unsigned aead);
MUST_USE enum status hpke_setup_sender(const struct secret *ephemeral,
                                       const uint8_t recipient[static HPKE_PUBLIC_BYTES], struct bytes info,
                                       uint8_t enc[static HPKE_ENC_BYTES], struct hpke_context *context);
MUST_USE enum status hpke_setup_recipient(const struct secret *private_key, const uint8_t enc[static HPKE_ENC_BYTES],
                                          struct bytes info, struct hpke_context *context);
/* The key with the nonce of message `sequence` (5.2): base_nonce XOR the sequence number. */
void hpke_message_key(const struct hpke_context *context, uint64_t sequence, struct aead *out);
