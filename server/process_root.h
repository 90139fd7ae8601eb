/* Where the root key of a state folder comes from, and the way to a new one. S/root.provider says where (see
 * server/root_record.h); a folder of the first version has none and means S/root.salt or S/root.key. A secret never
 * comes by argument or environment. */
#pragma once

#include "crypto/root_provider.h"
#include "server/root_record.h"

/* The secrets of a place, and where they are; all may be NULL. */
struct root_source {
    const char *state;
    const char *key_file;        /* instead of where the record says that the file is */
    const char *passphrase_file; /* NULL: asked for on the terminal */
    const char *pin_file;        /* NULL: the credential that the place names, or asked for on the terminal */
};
/* The provider that is in force. ERR_NOT_FOUND: no federation here, or no key; ERR_DENIED: a key file that others can
 * read, a wrong PIN. A wrong passphrase or key shows only when the federation is opened. */
MUST_USE enum status root_open(const struct root_source *source, struct root_provider **root, struct why *why);
/* The place that is in force. ERR_NOT_FOUND as above. */
MUST_USE enum status root_in_force(const struct root_source *source, struct root_place *out, struct why *why);
/* After a change that was cut off: let the record name the one in force alone. The caller holds S/lock. */
MUST_USE enum status root_settle(const char *state, struct why *why);

/* What an operator wants a new root key to be. */
struct root_wish {
    enum root_kind kind;
    const char *key_file;                  /* ROOT_FILE: NULL: root.key in the state folder. Must not be there */
    const char *passphrase_file;           /* ROOT_PASSPHRASE: NULL: the terminal */
    const char *credential;                /* ROOT_CREDENTIAL: must be there */
    const char *module, *token, *key;      /* ROOT_PKCS11; key NULL: a label of our own making */
    const char *pin_file, *pin_credential; /* ROOT_PKCS11: NULL: the terminal */
};
/* Make it; *place is what the record will say. Nothing in the state folder changes but for a new key file. ERR_EXISTS.
 */
MUST_USE enum status root_create(const char *state, const struct root_wish *wish, struct root_place *place,
                                 struct root_provider **root, struct why *why);
/* Undo root_create: a key file that it made goes. A key in a token stays. */
void root_discard(const char *state, const struct root_place *place);
