/* A new root key for a state folder, served or not: this process opens the intermediate key under the old provider and
 * wraps it under the new one, the vault puts it in its place. The vault's process, which may open no files any more,
 * needs neither secret. */
#include <limits.h>
#include <stdio.h>

#include "base/file.h"
#include "crypto/selftest.h"
#include "server/command.h"
#include "server/process_root.h"
#include "server/process_user.h"
#include "server/root_change.h"
#include "server/store.h"

#define LOCKED_BYTES (256u * 1024)
#define INTERMEDIATE_MAX 4096
#define FILES_MAX 1000 /* key files beside each other in a state folder */

/* --- what is asked for --- */

/* Which options mean which kind. */
static const struct {
    enum root_kind kind;
    unsigned options;
} kinds[] = {
    {ROOT_FILE, DAEMON_KEY_FILE},
    {ROOT_PASSPHRASE, DAEMON_PASSPHRASE | DAEMON_PASSPHRASE_FILE},
    {ROOT_CREDENTIAL, DAEMON_CREDENTIAL},
    {ROOT_PKCS11, DAEMON_MODULE | DAEMON_TOKEN | DAEMON_TOKEN_KEY | DAEMON_PIN_FILE | DAEMON_PIN_CREDENTIAL},
};

static struct root_wish wish_of(const struct daemon_arguments *arguments, enum root_kind kind)
{
    return (struct root_wish){.kind = kind,
                              .key_file = arguments->key_file,
                              .passphrase_file = arguments->passphrase_file,
                              .credential = arguments->credential,
                              .module = arguments->module,
                              .token = arguments->token,
                              .key = arguments->token_key,
                              .pin_file = arguments->pin_file,
                              .pin_credential = arguments->pin_credential};
}

enum status daemon_root_wish(const struct daemon_arguments *arguments, struct root_wish *out, struct why *why)
{
    enum root_kind kind = ROOT_FILE;
    size_t asked = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!(arguments->given & kinds[i].options))
            continue;
        kind = kinds[i].kind;
        asked++;
    }
    *out = wish_of(arguments, kind);
    return asked <= 1 ? OK : why_set(why, ERR_USAGE, "one root key: the options ask for several kinds", NULL, 0);
}

/* --- the old one --- */

/* --old is whatever secret the present place needs. */
static enum status old_source(const struct daemon_arguments *arguments, struct root_source *out,
                              struct root_place *place, struct why *why)
{
    *out = (struct root_source){.state = arguments->state};
    TRY(root_in_force(out, place, why));
    out->key_file = place->kind == ROOT_FILE ? arguments->old : NULL;
    out->passphrase_file = arguments->old;
    out->pin_file = arguments->old;
    return OK;
}

static enum status read_intermediate(const char *state, struct buf *content, struct why *why)
{
    char path[PATH_MAX];
    TRY(path_join(path, sizeof path, state, "intermediate.key"));
    enum status status = file_read(path, INTERMEDIATE_MAX, content);
    if (status == ERR_NOT_FOUND)
        return why_hint(why, status, "there is no federation here", "state folder", "found one with chathamd init");
    return status == OK ? OK : why_set(why, status, "cannot be read", "intermediate.key", 0);
}

/* --- the change --- */

static enum status change(const struct daemon_arguments *arguments, const struct root_place *to,
                          struct root_provider *next, struct buf *result, struct why *why)
{
    SCOPED_ROOT struct root_provider *root = NULL;
    SCOPED_BUF struct buf before = {0}, content = {0}, command = {0};
    struct root_source source;
    struct root_place from;
    TRY(old_source(arguments, &source, &from, why));
    TRY(root_open(&source, &root, why));
    TRY(read_intermediate(arguments->state, &before, why));
    TRY(store_rewrap(buf_bytes(&before), root, next, &content, why));
    TRY(root_change_command(&from, to, buf_bytes(&before), buf_bytes(&content), &command));
    return daemon_ask_under(arguments, root, buf_bytes(&command), result, why);
}

/* Whether the new place is in force although the answer was lost. */
static bool is_in_force(const char *state, const struct root_place *place)
{
    struct root_place now;
    const struct root_source source = {.state = state};
    return root_in_force(&source, &now, NULL) != OK || (now.kind == place->kind && strcmp(now.path, place->path) == 0);
}

static enum status change_as_owner(const struct daemon_arguments *arguments, const struct root_wish *wish,
                                   struct buf *result, struct why *why)
{
    SCOPED_ROOT struct root_provider *next = NULL;
    struct root_place to;
    TRY(secret_start(LOCKED_BYTES, why));
    TRY(crypto_selftest(why));
    TRY(root_create(arguments->state, wish, &to, &next, why));
    enum status status = change(arguments, &to, next, result, why);
    if (status != OK && !is_in_force(arguments->state, &to))
        root_discard(arguments->state, &to);
    return status;
}

static enum status change_to(const struct daemon_arguments *arguments, const struct root_wish *wish, struct buf *result,
                             struct why *why)
{
    TRY(process_user_enter(arguments->state, why));
    enum status status = change_as_owner(arguments, wish, result, why);
    process_user_leave();
    return status;
}

enum status daemon_root_change(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct root_wish wish;
    TRY(daemon_root_wish(arguments, &wish, why));
    if (wish.kind == ROOT_FILE && !wish.key_file)
        return why_hint(why, ERR_USAGE, "what shall the new root key be", NULL,
                        "--key-file, --passphrase, --credential or --pkcs11-module");
    return change_to(arguments, &wish, result, why);
}

/* Beside the old one, under the next number: root.key, root.2.key, ... */
static enum status next_file(const char *state, char *out, size_t size, struct why *why)
{
    char name[32];
    for (int i = 2; i < FILES_MAX; i++) {
        snprintf(name, sizeof name, "root.%d.key", i);
        TRY(path_join(out, size, state, name));
        if (!file_exists(out))
            return OK;
    }
    return why_set(why, ERR_EXISTS, "too many old key files", "state folder", 0);
}

/* In the same module and token, if no other is named. */
static void same_token(const struct root_place *place, struct root_wish *wish)
{
    wish->module = wish->module ? wish->module : place->path;
    wish->token = wish->token ? wish->token : place->token;
    if (!wish->pin_file && !wish->pin_credential && place->name[0])
        wish->pin_credential = place->name;
}

enum status daemon_root_rotate(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    static char path[PATH_MAX];
    struct root_place place;
    const struct root_source source = {.state = arguments->state};
    TRY(root_in_force(&source, &place, why));
    struct root_wish wish = wish_of(arguments, place.kind);
    if (place.kind == ROOT_FILE && !wish.key_file) {
        TRY(next_file(arguments->state, path, sizeof path, why));
        wish.key_file = path;
    }
    if (place.kind == ROOT_PKCS11)
        same_token(&place, &wish);
    if (place.kind == ROOT_CREDENTIAL && !wish.credential)
        return why_set(why, ERR_USAGE, "name the new credential with --credential", NULL, 0);
    return change_to(arguments, &wish, result, why);
}
