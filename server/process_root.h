/* Where the root key comes from: a key file, or a passphrase (from a file or the terminal) with the parameters in
 * S/root.salt. A secret never comes by argument or environment. */
#pragma once

#include "crypto/root_provider.h"

struct root_source {
    const char *state;
    const char *key_file;        /* NULL: S/root.key, unless S/root.salt says passphrase */
    const char *passphrase_file; /* NULL: asked for on the terminal */
    bool wants_passphrase;       /* founding: a passphrase instead of a key file */
};
/* ERR_NOT_FOUND: no federation here, or no key; ERR_DENIED: a key file that others can read. A wrong passphrase shows
 * only when the federation is opened. */
MUST_USE enum status root_open(const struct root_source *source, struct root_provider **root, struct why *why);
/* A new root key for a new federation: writes the key file or S/root.salt. ERR_EXISTS. */
MUST_USE enum status root_create(const struct root_source *source, struct root_provider **root, struct why *why);
/* Undo root_create after a founding that failed. */
void root_discard(const struct root_source *source);
/* Parser of S/root.salt, for its fuzz target. */
struct key_passphrase_params;
MUST_USE enum status root_salt_decode(struct bytes text, struct key_passphrase_params *out, struct why *why);
