/* What a federation says of itself in public, and enrolment into it.
 *
 * Federation document (canonical JSON): id, name, CA certificate, the sealing key with its id, the receipt, library,
 * evidence and checkpoint public keys, and the policy. keys_hash is SHA-256 of the canonical document without the
 * policy and the certification.
 *
 * Keys are rotated, the id and the authority are not. A document with a serial (which grows; absent in those of the
 * first version) carries the authority's certification over all but itself and the policy, and a device that knows the
 * authority follows from one to the next by it. earlier_receipt_keys are those under which receipts may still be on
 * their way.
 *
 * Token text: "chatham-token-2." base64url(id[16] ‖ secret[32] ‖ anchor[32] ‖ u32 serial): the anchor is SHA-256 of
 * "chatham/v1 anchor" ‖ 0 ‖ id ‖ authority's certificate; an earlier serial is refused, so that a key that was given up
 * cannot be handed out again. "chatham-token-1." (of a document without serial) has keys_hash and ends there.
 * Enrolment request (canonical JSON, sealed by HPKE with info "chatham/v1 enrol", aad = federation id ‖ token id):
 *   {"csr","mac":HMAC-SHA256(secret, SHA-256(csr) ‖ sign key),"proof":signature by the sign
 * key,"sign_key","token":id,"v"} The proof (SIGN_ENROLMENT) is over token id ‖ mac ‖ csr. Sent as: token id[16] |
 * enc[32] | ciphertext. Reply: {"certificate","device","policy","tenant","v"}. */
#pragma once

#include "crypto/ca.h"
#include "crypto/hpke.h"
#include "crypto/sign.h"
#include "protocol/contribution.h"
#include "protocol/policy.h"

#define FEDERATION_NAME_MAX 64
#define FEDERATION_EARLIER_MAX 16
#define PEM_MAX 8192 /* of one certificate or request */
#define ENROL_REQUEST_MAX (16u * 1024)

struct federation {
    uint8_t id[FEDERATION_ID_BYTES];
    char name[FEDERATION_NAME_MAX + 1];
    char *ca_pem;    /* owned */
    uint64_t serial; /* 0: none, and no certification */
    uint8_t certification[CA_SIGNATURE_BYTES];
    uint8_t sealing_key_id[KEY_ID_BYTES];
    uint8_t sealing_key[HPKE_PUBLIC_BYTES];
    uint8_t receipt_key[SIGN_PUBLIC_BYTES], library_key[SIGN_PUBLIC_BYTES], evidence_key[SIGN_PUBLIC_BYTES],
        checkpoint_key[SIGN_PUBLIC_BYTES];
    size_t earlier_count; /* receipt keys, the latest first */
    uint8_t earlier[FEDERATION_EARLIER_MAX][SIGN_PUBLIC_BYTES];
    struct policy policy;
};
void federation_free(struct federation *federation);
MUST_USE enum status federation_encode(const struct federation *federation, struct buf *out);
MUST_USE enum status federation_decode(struct bytes text, struct federation *out, struct why *why);
MUST_USE enum status federation_keys_hash(const struct federation *federation, uint8_t out[static HASH_BYTES]);
void federation_anchor(const struct federation *federation, uint8_t out[static HASH_BYTES]);
/* Certify what the document says now, under its serial. */
MUST_USE enum status federation_certify(struct federation *federation, const struct secret *ca_key);
/* Certified by this authority: OK or ERR_DENIED (also without a serial). */
MUST_USE enum status federation_check(const struct federation *federation, const char *ca_pem);
/* Whether who pinned a document may take another for it: the same keys, or later ones that the pinned authority
 * certified. ERR_DENIED with the reason. Policies are not looked at. */
MUST_USE enum status federation_follows(const struct federation *pinned, const struct federation *now, struct why *why);
/* "chatham/<hex id>": the log's origin, 40 characters. */
void federation_origin(const uint8_t id[static FEDERATION_ID_BYTES], char out[static 48]);

struct enrol_token {
    uint8_t id[ID_BYTES];
    uint8_t secret[32];
    uint8_t hash[HASH_BYTES]; /* keys_hash if serial is 0, else the anchor */
    uint32_t serial;
};
/* What a token says of the federation. ERR_TOO_LARGE for a serial beyond its field. */
MUST_USE enum status enrol_token_name(struct enrol_token *token, const struct federation *federation);
/* Whether the federation is the one that the token names. ERR_DENIED. */
MUST_USE enum status enrol_token_check(const struct enrol_token *token, const struct federation *federation);
MUST_USE enum status enrol_token_encode(const struct enrol_token *token, struct buf *out);
/* The caller wipes *out when done. ERR_VERSION for a later kind of token. */
MUST_USE enum status enrol_token_decode(struct bytes text, struct enrol_token *out);

struct enrol_request {
    uint8_t token[ID_BYTES];
    uint8_t mac[32];
    uint8_t sign_key[SIGN_PUBLIC_BYTES];
    char *csr_pem; /* owned */
};
void enrol_request_free(struct enrol_request *request);
/* Device side: build, prove and seal. The caller has checked the token against the federation. */
MUST_USE enum status enrol_request_seal(const struct federation *federation, const struct enrol_token *token,
                                        const struct secret *sign_seed, struct bytes csr_pem, struct buf *out);
/* Server side: open and check the proof of possession. The caller checks the MAC against its stored token. ERR_DENIED.
 */
MUST_USE enum status enrol_request_open(struct bytes sealed, const uint8_t federation[static FEDERATION_ID_BYTES],
                                        const struct secret *sealing_private, struct enrol_request *out);
/* The token id of a sealed request, for routing. */
MUST_USE enum status enrol_request_peek(struct bytes sealed, uint8_t token[static ID_BYTES]);
void enrol_mac(const uint8_t secret[static 32], struct bytes csr_pem, const uint8_t sign_key[static SIGN_PUBLIC_BYTES],
               uint8_t out[static 32]);

struct enrol_reply {
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    char *certificate_pem; /* owned */
    struct policy policy;
};
void enrol_reply_free(struct enrol_reply *reply);
MUST_USE enum status enrol_reply_encode(const struct enrol_reply *reply, struct buf *out);
MUST_USE enum status enrol_reply_decode(struct bytes text, struct enrol_reply *out, struct why *why);
