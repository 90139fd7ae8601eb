/* init, enroll, status. */
#include <inttypes.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "client/command.h"
#include "client/print.h"
#include "client/remote.h"

enum status command_init(const struct arguments *arguments, struct why *why)
{
    char folder[HOME_PATH_MAX];
    SCOPED_BUF struct buf passphrase = {.secret = true};
    TRY(home_path(arguments->home, folder, why));
    TRY(arguments_passphrase(arguments, "Passphrase", false, &passphrase, why));
    TRY(home_create(folder, buf_bytes(&passphrase), why));
    if (arguments_have(arguments, OPTION_JSON))
        printf("{\"created\":true}\n");
    else
        printf("A home was made in %s. Next: chatham enroll --server URL --token-file FILE\n", folder);
    return OK;
}

/* The token's word alone: chathamd prints it among others, and whoever keeps the whole page has kept the token. */
static void token_cut_out(struct buf *token)
{
    static const char start[] = "chatham-token-";
    const uint8_t *found = token->size ? memmem(token->data, token->size, start, strlen(start)) : NULL;
    size_t at = found ? (size_t)(found - token->data) : 0, end = at;
    while (end < token->size && token->data[end] > ' ')
        end++;
    memmove(token->data, token->data + at, end - at);
    token->size = end - at;
}

static enum status token_read(const char *path, struct buf *token, struct why *why)
{
    if (!path)
        return why_hint(why, ERR_USAGE, "a token is needed", NULL, "give --token-file FILE (- for standard input)");
    enum status status = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, 4096, token);
    if (status != OK)
        return why_set(why, status, "cannot be read", "--token-file", 0);
    token_cut_out(token);
    return OK;
}

enum status command_enroll(const struct arguments *arguments, struct why *why)
{
    struct home home;
    SCOPED_BUF struct buf token = {.secret = true};
    if (!arguments->server)
        return why_hint(why, ERR_USAGE, "an address is needed", NULL, "give --server https://host:port");
    TRY(token_read(arguments->token_file, &token, why));
    TRY(arguments_home(arguments, &home, why));
    enum status status =
        remote_enrol(&home, arguments->server, buf_bytes(&token), arguments_have(arguments, OPTION_ACCEPT_POLICY), why);
    if (status == OK && arguments_have(arguments, OPTION_JSON)) {
        char device[2 * ID_BYTES + 1];
        encode_hex_text(home.device, ID_BYTES, device);
        printf("{\"device\":\"%s\",\"enrolled\":true}\n", device);
    } else if (status == OK) {
        print_policy(&home.federation.policy, home.federation.name);
    }
    home_close(&home);
    return status;
}

/* --- status --- */

static const char *const state_names[OUTBOX_STATES] = {"queued", "sent", "covered", "refused"};

static struct json *items_json(struct home *home, enum outbox_state state)
{
    struct json *list = json_array();
    struct outbox_item item;
    uint8_t after[ID_BYTES] = {0};
    while (outbox_next(home, state, after, &item) == OK) {
        memcpy(after, item.id, ID_BYTES);
        struct json *row = json_object();
        json_set(row, "id", json_hex(bytes_of(item.id, ID_BYTES)));
        json_set(row, "kind", json_text(item.kind == ENVELOPE_WITHDRAWAL ? "withdrawal" : "contribution"));
        json_set(row, "state", json_text(state_names[state]));
        json_push(list, row);
        outbox_item_free(&item);
    }
    return list;
}

static enum status status_json(struct home *home, const size_t counts[static OUTBOX_STATES], int64_t version,
                               int64_t tree, const char *keys)
{
    SCOPED_JSON struct json *out = json_object();
    struct json *outbox = json_object();
    for (size_t i = 0; i < OUTBOX_STATES; i++)
        json_set(outbox, state_names[i], json_integer((int64_t)counts[i]));
    json_set(out, "enrolled", json_bool(home->enrolled));
    if (home->enrolled)
        json_set(out, "keys", json_text(keys));
    json_set(out, "outbox", outbox);
    json_set(out, "library", json_integer(version));
    json_set(out, "log", json_integer(tree));
    json_set(out, "queued", items_json(home, OUTBOX_QUEUED));
    json_set(out, "sent", items_json(home, OUTBOX_SENT));
    json_set(out, "covered", items_json(home, OUTBOX_COVERED));
    json_set(out, "refused", items_json(home, OUTBOX_REFUSED));
    return print_json(out);
}

/* The hash of the federation's pinned keys in hex: what `chatham-audit verify --keys` takes. */
static enum status keys_text(const struct home *home, char out[static 2 * HASH_BYTES + 1])
{
    uint8_t hash[HASH_BYTES];
    out[0] = 0;
    if (!home->enrolled)
        return OK;
    TRY(federation_keys_hash(&home->federation, hash));
    encode_hex_text(hash, HASH_BYTES, out);
    return OK;
}

static enum status zero_if_absent(enum status status)
{
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status command_status(const struct arguments *arguments, struct why *why)
{
    struct home home;
    size_t counts[OUTBOX_STATES] = {0};
    int64_t version = 0, tree = 0;
    char keys[2 * HASH_BYTES + 1];
    TRY(arguments_home(arguments, &home, why));
    enum status status = keys_text(&home, keys);
    if (status == OK)
        status = outbox_count(&home, counts);
    if (status == OK)
        status = zero_if_absent(db_row(home.db, "SELECT version FROM library", ":i", &version));
    if (status == OK)
        status = zero_if_absent(db_row(home.db, "SELECT tree FROM seen", ":i", &tree));
    if (status == OK && arguments_have(arguments, OPTION_JSON)) {
        status = status_json(&home, counts, version, tree, keys);
    } else if (status == OK) {
        printf("federation    %s\n", home.enrolled ? home.federation.name : "not enrolled: chatham enroll");
        if (home.enrolled)
            printf("server        %s\nkeys          %s\n", home.server, keys);
        printf("outbox        %zu queued, %zu sent and waiting for the log, %zu covered by the log, %zu refused\n",
               counts[OUTBOX_QUEUED], counts[OUTBOX_SENT], counts[OUTBOX_COVERED], counts[OUTBOX_REFUSED]);
        printf("library       %s%" PRId64 "\n", version ? "version " : "none pulled yet, version ", version);
        printf("log           verified up to %" PRId64 " entries\n", tree);
    }
    home_close(&home);
    return status;
}
