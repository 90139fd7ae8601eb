/* A contribution: what leaves a device. Plain record and sealed envelope, encoder and strict decoder side by side.
 *
 * Record: canonical JSON. Class `text`: scrubbed candidates; makes no DP claim. Class `noised`: features and votes over
 * a public codebook with their declared parameters; its decoder has no field for text or free bytes at all.
 *   {"candidates":[..],"class":"text","extractor":"contrast/1","redaction":hex,"v":1}
 *   {"class":"noised","codebook":1,"epsilon_micro":500000,"features":[..],"scale":64,"v":1,"votes":[[code,bit],..]}
 *
 * Envelope, all integers big endian:
 *   header   "CHTM" | u16 version 1 | u8 kind | u16 kem | u16 kdf | u16 aead | federation[16] | sealing key id[8] |
 *            tenant[16] | device[16] | policy hash[32] | contribution id[16] | epoch[8]
 *   enc[32] | ciphertext
 * HPKE info: "chatham/v1 envelope"; associated data: the header. Plaintext: signature[64] | u32 record size | record |
 * zeros up to the Padmé size. The signature (sign.h, by kind) is over header | enc | SHA-256(u32 size | record |
 * zeros), with the device's key, so that an envelope cannot be opened and sealed again to another federation. */
#pragma once

#include "base/random.h"
#include "crypto/hpke.h"
#include "crypto/sign.h"
#include "protocol/candidate.h"

#define PROTOCOL_VERSION 1
#define ID_BYTES 16
#define KEY_ID_BYTES 8
#define DIGEST_BYTES 32
#define EPOCH_TEXT 8 /* "2026-11" and a zero */
#define ENVELOPE_HEADER_BYTES (4 + 2 + 1 + 6 + 16 + 8 + 16 + 16 + 32 + 16 + 8)
#define ENVELOPE_MAX (256u * 1024)
#define ENVELOPE_LEAST (ENVELOPE_HEADER_BYTES + HPKE_ENC_BYTES + SIGN_BYTES + 4 + HPKE_TAG_BYTES)
#define CONTRIBUTION_CANDIDATES_MAX 64
#define NOISED_VOTES_MAX 4096
#define NOISED_FEATURES_MAX 4096

enum contribution_class { CLASS_TEXT, CLASS_NOISED, CONTRIBUTION_CLASSES };

/* Votes and features of class `noised`: numbers only. */
struct noised_record {
    uint32_t codebook;      /* version of the public codebook */
    uint64_t epsilon_micro; /* declared local ε of the record, millionths */
    size_t vote_count;      /* (code, bit) pairs after randomised response, codes ascending */
    struct noised_vote {
        uint32_t code;
        uint8_t bit;
    } * votes; /* owned */
    size_t feature_count;
    int32_t *features; /* owned; clipped, quantised, noised */
    uint32_t scale;    /* quantisation steps per unit; at least 1 */
};

struct contribution {
    enum contribution_class class;
    char extractor[32];           /* class text: "contrast/1", of a-z 0-9 . - / only */
    uint8_t redaction[32];        /* class text: redactor_hash of the client's scrubber */
    size_t candidate_count;       /* class text */
    struct candidate *candidates; /* owned */
    struct noised_record noised;  /* class noised */
};
void contribution_free(struct contribution *contribution);
MUST_USE enum status contribution_encode(const struct contribution *contribution, struct buf *out);
MUST_USE enum status contribution_decode(struct bytes record, struct contribution *out, struct why *why);

/* A withdrawal: asks that an earlier contribution be tombstoned. Record: {"v":1,"contribution":"<hex>"} */
MUST_USE enum status withdrawal_encode(const uint8_t contribution[static ID_BYTES], struct buf *out);
MUST_USE enum status withdrawal_decode(struct bytes record, uint8_t contribution[static ID_BYTES], struct why *why);

enum envelope_kind { ENVELOPE_CONTRIBUTION = 1, ENVELOPE_WITHDRAWAL = 2, ENVELOPE_REQUEST = 3 };
struct envelope_header {
    enum envelope_kind kind;
    uint8_t federation[FEDERATION_ID_BYTES];
    uint8_t sealing_key_id[KEY_ID_BYTES];
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    uint8_t policy[32];
    uint8_t id[ID_BYTES];
    char epoch[EPOCH_TEXT];
};
/* Seal a record: ERR_TOO_LARGE when the envelope would be over ENVELOPE_MAX. sealing_key: the federation's public key
 * with that id; device_seed: the device's signing key. */
MUST_USE enum status envelope_seal(const struct envelope_header *header,
                                   const uint8_t sealing_key[static HPKE_PUBLIC_BYTES],
                                   const struct secret *device_seed, struct bytes record, struct buf *out);
/* The header alone, for routing: nothing in it is believed yet. ERR_INPUT, ERR_VERSION, ERR_TOO_LARGE. */
MUST_USE enum status envelope_peek(struct bytes envelope, struct envelope_header *header);
/* Open, check the signature with the device's public key, unpad. The record is appended to a secret buf; digest is
 * SHA-256 of the record. ERR_DENIED for anything wrong: then nothing is appended, header and digest are zero. */
MUST_USE enum status envelope_open(struct bytes envelope, const struct secret *sealing_private,
                                   const uint8_t device_key[static SIGN_PUBLIC_BYTES], struct envelope_header *header,
                                   struct buf *record, uint8_t digest[static DIGEST_BYTES]);
/* Padmé (Nikitin et al. 2019, algorithm 1): the padded size of a plaintext of `size` bytes. */
size_t padme(size_t size);
