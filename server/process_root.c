/* Hides which place a folder's files name, and what each kind of place needs before it is a provider. */
#include "server/process_root.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/random.h"
#include "crypto/root_apart.h"
#include "server/process_secret.h"

#define PASSPHRASE_LEAST 12
#define SALT_RECORD_MAX 1024
#define INTERMEDIATE_MAX 4096

/* --- which place --- */

static enum status state_path(const char *state, const char *name, char path[static PATH_MAX], struct why *why)
{
    enum status status =
        name[0] == '/' ? path_join(path, PATH_MAX, "/", name + 1) : path_join(path, PATH_MAX, state, name);
    return status == OK ? OK : why_set(why, status, "path is too long", "state folder", 0);
}

static enum status set_path(struct root_place *place, const char *path, struct why *why)
{
    if (strlen(path) >= sizeof place->path)
        return why_set(why, ERR_TOO_LARGE, "path is too long", "root key", 0);
    memcpy(place->path, path, strlen(path) + 1);
    return OK;
}

/* A folder without a record: a file that is named, else a passphrase if there is a salt, else S/root.key. */
static enum status place_of_old(const struct root_source *source, struct root_place *out, struct why *why)
{
    char path[PATH_MAX];
    SCOPED_BUF struct buf text = {0};
    *out = (struct root_place){.kind = ROOT_FILE};
    if (source->key_file)
        return set_path(out, source->key_file, why);
    TRY(state_path(source->state, "root.salt", path, why));
    if (!file_exists(path))
        return set_path(out, "root.key", why);
    enum status status = file_read(path, SALT_RECORD_MAX, &text);
    if (status != OK)
        return why_set(why, status, "cannot be read", "root.salt", 0);
    out->kind = ROOT_PASSPHRASE;
    return root_salt_decode(buf_bytes(&text), &out->passphrase, why);
}

/* Of two places in a record the next is in force once the wrapped intermediate key is the one that it was written for.
 */
static enum status next_is_in_force(const char *state, const struct root_record *record, bool *out, struct why *why)
{
    char path[PATH_MAX];
    uint8_t hash[HASH_BYTES];
    SCOPED_BUF struct buf content = {0};
    *out = false;
    if (!record->has_next)
        return OK;
    TRY(state_path(state, "intermediate.key", path, why));
    enum status status = file_read(path, INTERMEDIATE_MAX, &content);
    if (status != OK)
        return why_set(why, status, "cannot be read", "intermediate.key", 0);
    hash_sha256(buf_bytes(&content), hash);
    *out = memcmp(hash, record->sealed, HASH_BYTES) == 0;
    return OK;
}

enum status root_in_force(const struct root_source *source, struct root_place *out, struct why *why)
{
    struct root_record record;
    bool next = false;
    enum status status = root_record_read(source->state, &record, why);
    if (status == ERR_NOT_FOUND)
        return place_of_old(source, out, why);
    TRY(status);
    TRY(next_is_in_force(source->state, &record, &next, why));
    *out = next ? record.next : record.now;
    if (!source->key_file)
        return OK;
    if (out->kind != ROOT_FILE)
        return why_set(why, ERR_USAGE, "the root key of this state folder is not in a file", "--key-file", 0);
    return set_path(out, source->key_file, why);
}

enum status root_settle(const char *state, struct why *why)
{
    struct root_record record;
    bool next = false;
    enum status status = root_record_read(state, &record, why);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    if (!record.has_next)
        return OK;
    TRY(next_is_in_force(state, &record, &next, why));
    return root_record_write(state, &(struct root_record){.now = next ? record.next : record.now}, why);
}

/* --- providers --- */

static enum status open_file(const struct root_source *source, const struct root_place *place, struct secret *key,
                             struct why *why)
{
    char path[PATH_MAX];
    if (source->key_file)
        return root_key_load_file(source->key_file, key, why);
    TRY(state_path(source->state, place->path, path, why));
    if (!file_exists(path))
        return why_hint(why, ERR_NOT_FOUND, "no root key where the state folder says", NULL,
                        "name the key with --key-file, or found one with chathamd init");
    return root_key_load_file(path, key, why);
}

static enum status open_passphrase(const struct root_source *source, const struct root_place *place, struct secret *key,
                                   struct why *why)
{
    SCOPED_BUF struct buf passphrase;
    buf_init_secret(&passphrase);
    TRY(secret_line(source->passphrase_file, "Passphrase: ", "use --passphrase-file", &passphrase, why));
    return root_key_from_passphrase(buf_bytes(&passphrase), &place->passphrase, key);
}

static enum status open_credential(const char *name, struct secret *key, struct why *why)
{
    char path[PATH_MAX];
    TRY(credential_path(name, path, sizeof path, why));
    return root_key_load_credential(path, key, why);
}

/* What the process that runs a module needs. The PIN is read there and nowhere else. */
struct token_request {
    const struct root_place *place;
    const char *pin_file;
    enum status (*open)(const struct pkcs11_place *, struct bytes pin, struct root_provider **, struct why *);
};

static enum status open_token(const void *context, struct root_provider **out, struct why *why)
{
    const struct token_request *request = context;
    const struct root_place *place = request->place;
    const struct pkcs11_place where = {place->path, place->token, place->key};
    char path[PATH_MAX];
    const char *file = request->pin_file;
    SCOPED_BUF struct buf pin;
    buf_init_secret(&pin);
    if (!file && place->name[0]) {
        TRY(credential_path(place->name, path, sizeof path, why));
        file = path;
    }
    TRY(secret_line(file, "PIN: ", "use --pin-file", &pin, why));
    if (pin.size > PKCS11_PIN_MAX)
        return why_set(why, ERR_INPUT, "too long for a PIN", NULL, 0);
    return request->open(&where, buf_bytes(&pin), out, why);
}

static enum status open_key(const struct root_source *source, const struct root_place *place, struct secret *key,
                            struct why *why)
{
    switch (place->kind) {
    case ROOT_FILE:
        return open_file(source, place, key, why);
    case ROOT_PASSPHRASE:
        return open_passphrase(source, place, key, why);
    case ROOT_CREDENTIAL:
        return open_credential(place->name, key, why);
    case ROOT_PKCS11:
    case ROOT_KINDS:
        break;
    }
    INVARIANT(false);
}

enum status root_open(const struct root_source *source, struct root_provider **root, struct why *why)
{
    SCOPED_SECRET struct secret key = {0};
    struct root_place place;
    *root = NULL;
    TRY(root_in_force(source, &place, why));
    if (place.kind == ROOT_PKCS11)
        return root_provider_apart(open_token, &(struct token_request){&place, source->pin_file, pkcs11_open}, root,
                                   why);
    TRY(open_key(source, &place, &key, why));
    return root_provider_of_secret(&key, root);
}

/* --- new ones --- */

/* In the state folder by its name there, so that the folder may move; elsewhere by its whole path. */
static enum status name_file(const char *state, const char *file, struct root_place *place, struct why *why)
{
    char folder[PATH_MAX], whole[PATH_MAX];
    if (!realpath(state, folder) || !realpath(file, whole))
        return why_set(why, ERR_IO, "cannot be found again", "key file", 0);
    size_t size = strlen(folder);
    bool is_inside = strncmp(whole, folder, size) == 0 && whole[size] == '/';
    return set_path(place, is_inside ? whole + size + 1 : whole, why);
}

static enum status create_file(const char *state, const char *wished, struct root_place *place, struct secret *key,
                               struct why *why)
{
    char path[PATH_MAX];
    TRY(state_path(state, "root.key", path, why));
    const char *file = wished ? wished : path;
    TRY(root_key_create_file(file, key, why));
    enum status status = name_file(state, file, place, why);
    if (status != OK)
        unlink(file);
    return status;
}

static enum status create_passphrase(const char *file, struct root_place *place, struct secret *key, struct why *why)
{
    static const char hint[] = "use --passphrase-file";
    SCOPED_BUF struct buf first, again;
    buf_init_secret(&first);
    buf_init_secret(&again);
    TRY(secret_line(file, "New passphrase: ", hint, &first, why));
    TRY(secret_line(file, "Again: ", hint, &again, why));
    if (!secret_equal(buf_bytes(&first), buf_bytes(&again)))
        return why_set(why, ERR_USAGE, "the two passphrases differ", NULL, 0);
    if (first.size < PASSPHRASE_LEAST)
        return why_hint(why, ERR_USAGE, "the passphrase is too short", NULL, "use twelve characters or more");
    key_passphrase_params_new(&place->passphrase);
    return root_key_from_passphrase(buf_bytes(&first), &place->passphrase, key);
}

static enum status set_name(char *out, size_t size, const char *name, const char *option, struct why *why)
{
    bool good = root_is_name(bytes_str(name)) && strlen(name) < size;
    if (!good)
        return why_set(why, ERR_USAGE, "not a name that can be used", option, 0);
    memcpy(out, name, strlen(name) + 1);
    return OK;
}

static enum status create_token(const struct root_wish *wish, struct root_place *place, struct root_provider **root,
                                struct why *why)
{
    uint8_t number[8];
    char hex[2 * sizeof number + 1], label[PKCS11_KEY_MAX + 1];
    random_fill(random_system(), number, sizeof number);
    encode_hex_text(number, sizeof number, hex);
    snprintf(label, sizeof label, "chatham-%s", hex);
    if (!wish->module || !wish->token)
        return why_set(why, ERR_USAGE, "--pkcs11-module and --pkcs11-token belong together", NULL, 0);
    TRY(set_path(place, wish->module, why));
    TRY(set_name(place->token, sizeof place->token, wish->token, "--pkcs11-token", why));
    TRY(set_name(place->key, sizeof place->key, wish->key ? wish->key : label, "--pkcs11-key", why));
    if (wish->pin_credential)
        TRY(set_name(place->name, sizeof place->name, wish->pin_credential, "--pin-credential", why));
    return root_provider_apart(open_token, &(struct token_request){place, wish->pin_file, pkcs11_create}, root, why);
}

static enum status create_credential(const char *name, struct root_place *place, struct secret *key, struct why *why)
{
    TRY(set_name(place->name, sizeof place->name, name, "--credential", why));
    return open_credential(name, key, why);
}

static enum status create_key(const char *state, const struct root_wish *wish, struct root_place *place,
                              struct secret *key, struct why *why)
{
    switch (wish->kind) {
    case ROOT_FILE:
        return create_file(state, wish->key_file, place, key, why);
    case ROOT_PASSPHRASE:
        return create_passphrase(wish->passphrase_file, place, key, why);
    case ROOT_CREDENTIAL:
        return create_credential(wish->credential, place, key, why);
    case ROOT_PKCS11:
    case ROOT_KINDS:
        break;
    }
    INVARIANT(false);
}

enum status root_create(const char *state, const struct root_wish *wish, struct root_place *place,
                        struct root_provider **root, struct why *why)
{
    SCOPED_SECRET struct secret key = {0};
    *root = NULL;
    *place = (struct root_place){.kind = wish->kind};
    if (wish->kind == ROOT_PKCS11)
        return create_token(wish, place, root, why);
    TRY(create_key(state, wish, place, &key, why));
    return root_provider_of_secret(&key, root);
}

void root_discard(const char *state, const struct root_place *place)
{
    char path[PATH_MAX];
    if (place->kind == ROOT_FILE && state_path(state, place->path, path, NULL) == OK)
        unlink(path);
}
