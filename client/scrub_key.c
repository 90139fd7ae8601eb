/* Hides which keys are derived for what. */
#include "client/scrub_key.h"

#include "base/hash.h"
#include "crypto/keys.h"

static enum status derive(const struct secret *root, struct scrub_key *out)
{
    enum status status = key_derive(root, KEY_PSEUDONYM, &out->pseudonym);
    if (status == OK)
        status = key_derive(root, KEY_RESTORE, &out->restore);
    if (status != OK)
        scrub_key_wipe(out);
    return status;
}

enum status scrub_key_open(const char *path, struct scrub_key *out, struct why *why)
{
    SCOPED_SECRET struct secret root = {0};
    *out = (struct scrub_key){0};
    TRY(root_key_load_file(path, &root, why));
    return derive(&root, out);
}

enum status scrub_key_make(const char *path, struct scrub_key *out, struct why *why)
{
    SCOPED_SECRET struct secret root = {0};
    struct why missing = {0};
    *out = (struct scrub_key){0};
    enum status status = root_key_load_file(path, &root, &missing);
    if (status == ERR_NOT_FOUND)
        status = root_key_create_file(path, &root, why);
    else if (status != OK && why)
        *why = missing;
    return status == OK ? derive(&root, out) : status;
}

void scrub_key_wipe(struct scrub_key *key)
{
    secret_free(&key->pseudonym);
    secret_free(&key->restore);
}

static void make(void *state, struct bytes value, uint8_t *out, size_t size)
{
    const struct scrub_key *key = state;
    uint8_t digest[HASH_BYTES];
    hash_keyed(secret_bytes(&key->pseudonym), value, digest, sizeof digest);
    memcpy(out, digest, size < sizeof digest ? size : sizeof digest);
}

static enum status seal(void *state, struct bytes type, struct bytes value, struct buf *out)
{
    const struct scrub_key *key = state;
    return box_seal(&key->restore, type, value, out);
}

static enum status open_sealed(void *state, struct bytes type, struct bytes sealed, struct buf *out)
{
    const struct scrub_key *key = state;
    return box_open(&key->restore, type, sealed, out);
}

struct redact_pseudonyms scrub_key_pseudonyms(struct scrub_key *key)
{
    return (struct redact_pseudonyms){make, key, seal};
}

struct redact_opener scrub_key_opener(struct scrub_key *key)
{
    return (struct redact_opener){open_sealed, key};
}
