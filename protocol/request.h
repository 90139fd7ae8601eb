/* A request of a device: an envelope of kind 3 (protocol/contribution.h), and its sealed answer.
 *
 * Record (canonical JSON): {"command":"renew","csr":"..","reply_key":"<hex>","v":1}. Each command has its own fields:
 *   renew {csr}, device.list {}, device.revoke {device}, token.new {role}, token.list {}, token.revoke {id},
 *   trail {from: number of a row; 0: the last page}, budget {}.
 * reply_key is an X25519 key made for this request alone. Only who opened the request knows it, so that an answer which
 * opens comes from the vault, and whoever carried or repeats the request can't read it.
 *
 * Answer: enc[32] | ciphertext, HPKE in base mode to reply_key, info "chatham/v1 reply", associated data the request's
 * envelope header. Inside is canonical JSON with "v":1; what else depends on the command. */
#pragma once

#include "protocol/contribution.h"
#include "protocol/role.h"

#define REQUEST_MAX (16u * 1024)          /* a record */
#define REQUEST_ENVELOPE_MAX (24u * 1024) /* with its padding */
#define REPLY_TEXT_MAX (4u * 1024 * 1024) /* an answer's inside */

enum request_command {
    REQUEST_RENEW,
    REQUEST_DEVICE_LIST,
    REQUEST_DEVICE_REVOKE,
    REQUEST_TOKEN_NEW,
    REQUEST_TOKEN_LIST,
    REQUEST_TOKEN_REVOKE,
    REQUEST_TRAIL,
    REQUEST_BUDGET,
    REQUEST_COMMANDS
};
struct request {
    enum request_command command;
    uint8_t reply_key[HPKE_PUBLIC_BYTES];
    char *csr_pem;             /* owned; renew */
    uint8_t subject[ID_BYTES]; /* device.revoke: the device; token.revoke: the token's id */
    enum member_role role;     /* token.new */
    uint64_t from;             /* trail */
};
const char *request_command_name(enum request_command command); /* "device.list" */
void request_free(struct request *request);
MUST_USE enum status request_encode(const struct request *request, struct buf *out);
MUST_USE enum status request_decode(struct bytes record, struct request *out, struct why *why);

/* header: the request's envelope header, its first ENVELOPE_HEADER_BYTES. */
MUST_USE enum status request_reply_seal(const uint8_t reply_key[static HPKE_PUBLIC_BYTES], struct bytes header,
                                        struct bytes text, struct buf *out);
/* ERR_DENIED for anything wrong. The text is appended to a secret buf. */
MUST_USE enum status request_reply_open(const struct secret *reply_private, struct bytes header, struct bytes sealed,
                                        struct buf *text);
