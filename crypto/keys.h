/* The key hierarchy: root key (from a provider) → intermediate key → tenant keys and the server's own keys.
 *
 * A wrapped key is bytes that only its parent opens: ChaCha20-Poly1305 under a one-time key HKDF-SHA256(parent, random
 * 32-byte salt, "chatham/v1 wrap"), with a label and version as associated data, so that a wrapped key moved to another
 * row, tenant or version does not open. Subkeys are derived by HKDF with their purpose; one key, one purpose. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#define KEY_BYTES 32
#define KEY_WRAPPED_BYTES (1 + 32 + KEY_BYTES + 16)

/* --- root-key providers --- */
/* Make a new root key: writes 32 random bytes as hex to path (mode 0600, must not exist). */
MUST_USE enum status root_key_create_file(const char *path, struct secret *root, struct why *why);
/* ERR_NOT_FOUND, ERR_INPUT; refuses a file that others can read (ERR_DENIED with a hint). */
MUST_USE enum status root_key_load_file(const char *path, struct secret *root, struct why *why);
/* The same for a credential that systemd handed over (systemd.exec(5), CREDENTIALS): its file may belong to root with
 * an access list for the service's user, which shows as a readable group. */
MUST_USE enum status root_key_load_credential(const char *path, struct secret *root, struct why *why);
/* Argon2id (RFC 9106), salt 16 bytes; parameters travel in the salt record. */
struct key_passphrase_params {
    uint8_t salt[16];
    uint32_t memory_kib, passes; /* lanes: 1 */
};
void key_passphrase_params_new(struct key_passphrase_params *params);
MUST_USE enum status root_key_from_passphrase(struct bytes passphrase, const struct key_passphrase_params *params,
                                              struct secret *root);

/* --- wrapping. label: what the key is ("tenant:<id>"), version: its number --- */
MUST_USE enum status key_wrap(const struct secret *parent, const char *label, uint32_t version,
                              const struct secret *key, uint8_t out[static KEY_WRAPPED_BYTES]);
/* ERR_DENIED if anything is wrong. */
MUST_USE enum status key_unwrap(const struct secret *parent, const char *label, uint32_t version, struct bytes wrapped,
                                struct secret *key);

/* --- derivation --- */
enum key_purpose {
    KEY_DATABASE,  /* SQLCipher raw key */
    KEY_INTAKE,    /* intake journal */
    KEY_TASK_TAG,  /* client: keyed hash of a task's identity */
    KEY_PSEUDONYM, /* client: keyed pseudonyms of values */
    KEY_SPOOL,     /* client: the outbox */
    KEY_LOG_SALT,  /* server: salts of the log's commitments */
    KEY_TOKEN,     /* server: hash of enrolment tokens */
    KEY_NAME,      /* what tells a key from another */
    KEY_RESTORE,   /* client: values that chatham unscrub puts back */
    KEY_PURPOSES
};
MUST_USE enum status key_derive(const struct secret *key, enum key_purpose purpose, struct secret *out);
/* HKDF-SHA256 (RFC 5869) itself. out_size <= 8160. */
MUST_USE enum status hkdf_sha256(struct bytes salt, struct bytes ikm, struct bytes info, uint8_t *out, size_t out_size);

/* --- authenticated encryption of small records under one key: random 32-byte salt, as in key_wrap --- */
MUST_USE enum status box_seal(const struct secret *key, struct bytes aad, struct bytes plaintext, struct buf *out);
MUST_USE enum status box_open(const struct secret *key, struct bytes aad, struct bytes box,
                              struct buf *out); /* ERR_DENIED */
#define BOX_OVERHEAD (1 + 32 + 16)
