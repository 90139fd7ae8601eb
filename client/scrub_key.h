/* The key file of scrub and unscrub: what keyed operators of a policy (hash, shift, surrogate, encrypt) and putting
 * back are done with. 32 random bytes as hex, mode 0600, at home only. */
#pragma once

#include "base/secret.h"
#include "redaction/redaction.h"

struct scrub_key {
    struct secret pseudonym, restore;
};
/* Read the file; scrub_key_make makes it if there is none. ERR_NOT_FOUND, ERR_INPUT, ERR_DENIED (others can read it),
 * ERR_IO, ERR_MEMORY. */
MUST_USE enum status scrub_key_open(const char *path, struct scrub_key *out, struct why *why);
MUST_USE enum status scrub_key_make(const char *path, struct scrub_key *out, struct why *why);
void scrub_key_wipe(struct scrub_key *key);
/* Callbacks that hold while the key does. */
struct redact_pseudonyms scrub_key_pseudonyms(struct scrub_key *key);
struct redact_opener scrub_key_opener(struct scrub_key *key);
#define SCOPED_SCRUB_KEY __attribute__((cleanup(scrub_key_wipe)))
