/* S/root.provider: where the root key of a state folder is, without any secret of it.
 *
 * {"now":PLACE,"v":1}, and while the provider is being changed also "next":PLACE and "sealed": the SHA-256 of
 * S/intermediate.key as it is once wrapped under the next one. That hash decides which of the two is in force, so that
 * a change that was cut off anywhere leaves a folder that opens. A PLACE is one of
 *   {"kind":"file","path":P}           P relative to the state folder, or absolute
 *   {"kind":"passphrase","memory_kib":N,"passes":N,"salt":HEX}      Argon2id
 *   {"kind":"credential","name":N}     of systemd: $CREDENTIALS_DIRECTORY/N, in the form of a key file
 *   {"kind":"pkcs11","key":K,"module":P,"pin":N,"token":T}   N: the credential with the PIN, or "" */
#pragma once

#include "base/hash.h"
#include "crypto/keys.h"
#include "crypto/pkcs11.h"

#define ROOT_PATH_MAX 1024
#define ROOT_NAME_MAX 64

enum root_kind { ROOT_FILE, ROOT_PASSPHRASE, ROOT_CREDENTIAL, ROOT_PKCS11, ROOT_KINDS };
struct root_place {
    enum root_kind kind;
    char path[ROOT_PATH_MAX]; /* of the key file or the module */
    struct key_passphrase_params passphrase;
    char name[ROOT_NAME_MAX + 1]; /* of the credential: with the key, or with the PIN */
    char token[PKCS11_TOKEN_MAX + 1];
    char key[PKCS11_KEY_MAX + 1];
};
struct root_record {
    struct root_place now, next;
    bool has_next;
    uint8_t sealed[HASH_BYTES]; /* of next */
};

const char *root_kind_name(enum root_kind kind); /* "file" */
/* The name of a file in a folder: no slash, no leading dot, no control characters. */
bool root_is_name(struct bytes text);
MUST_USE enum status root_record_encode(const struct root_record *record, struct buf *out);
MUST_USE enum status root_record_decode(struct bytes text, struct root_record *out, struct why *why);
/* ERR_NOT_FOUND: the state folder has none, as those of the first version. */
MUST_USE enum status root_record_read(const char *state, struct root_record *out, struct why *why);
MUST_USE enum status root_record_write(const char *state, const struct root_record *record, struct why *why);
/* A place by itself, as the command that changes the provider carries it. */
struct json;
struct json *root_place_json(const struct root_place *place);
MUST_USE enum status root_place_take(const struct json *json, struct root_place *out, struct why *why);

/* Argon2id's parameters as S/root.salt of the first version has them: {"kdf":"argon2id","memory_kib",..,"v":1} */
MUST_USE enum status root_salt_decode(struct bytes text, struct key_passphrase_params *out, struct why *why);
