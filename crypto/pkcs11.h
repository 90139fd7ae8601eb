/* A root key in a PKCS#11 token (OASIS PKCS #11 v2.40): an AES-256 key that is sensitive and cannot be extracted. Keys
 * are wrapped and unwrapped inside the token with AES-GCM (CKM_AES_GCM, 5.14.14: 96-bit random nonce, 128-bit tag),
 * label and version as associated data.
 *
 * A module is a stranger's code: it runs in whatever process opens it. crypto/root_apart.h gives it one of its own. */
#pragma once

#include "crypto/root_provider.h"

#define PKCS11_TOKEN_MAX 32 /* bytes of a token's label: the standard's own limit */
#define PKCS11_KEY_MAX 64
#define PKCS11_PIN_MAX 256

struct pkcs11_place {
    const char *module; /* absolute path of the module; only root or we may be able to write it */
    const char *token;  /* label of the token; exactly one must have it */
    const char *key;    /* label of the key */
};
/* Log in and find the key. ERR_NOT_FOUND: no such module; ERR_INPUT: it is none; ERR_UNAVAILABLE: no such token, or it
 * does not work; ERR_DENIED: wrong PIN, no such key, or a key that could be taken out of its token. */
MUST_USE enum status pkcs11_open(const struct pkcs11_place *place, struct bytes pin, struct root_provider **out,
                                 struct why *why);
/* The same, and make the key if the token has none of that label. */
MUST_USE enum status pkcs11_create(const struct pkcs11_place *place, struct bytes pin, struct root_provider **out,
                                   struct why *why);
