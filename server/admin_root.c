/* The vault's part in a change of the root key. Who asks has opened the intermediate key under the old provider and
 * wrapped it under the new one (server/command_root.c); no secret comes here. Hides the order of the three files: the
 * record names both places, then the wrapped key is replaced, which is the moment of the change, then the record names
 * the new place alone. Wherever this is cut off, one of the two is in force and the record says which. */
#include "server/admin.h"

#include <limits.h>

#include "base/encode.h"
#include "base/file.h"
#include "server/root_change.h"

#define INTERMEDIATE_MAX 4096

enum status root_change_command(const struct root_place *from, const struct root_place *to, struct bytes before,
                                struct bytes content, struct buf *out)
{
    uint8_t hash[HASH_BYTES];
    SCOPED_JSON struct json *command = json_object();
    hash_sha256(before, hash);
    json_set(command, "before", json_hex(bytes_of(hash, sizeof hash)));
    json_set(command, "command", json_text("root.change"));
    json_set(command, "content", json_hex(content));
    json_set(command, "from", root_place_json(from));
    json_set(command, "to", root_place_json(to));
    return json_canonical(command, out);
}

struct change {
    struct root_place from, to;
    uint8_t before[HASH_BYTES]; /* of intermediate.key as the asker found it */
    struct buf content;         /* of intermediate.key to be */
};

static enum status take_content(struct json_fields *fields, struct buf *out)
{
    struct bytes hex = json_take_string(fields, "content", 2 * INTERMEDIATE_MAX);
    return fields->status == OK ? decode_hex(hex, out) : fields->status;
}

static enum status take_change(struct json_fields *fields, struct change *change, struct why *why)
{
    const struct json *from = json_take_object(fields, "from"), *to = json_take_object(fields, "to");
    json_take_hex(fields, "before", change->before, HASH_BYTES);
    TRY(take_content(fields, &change->content));
    TRY(json_fields_end(fields));
    TRY(root_place_take(from, &change->from, why));
    return root_place_take(to, &change->to, why);
}

/* An erasure in between has put another intermediate key there. */
static enum status check_unchanged(const char *path, const struct change *change, struct why *why)
{
    uint8_t hash[HASH_BYTES];
    SCOPED_BUF struct buf content = {0};
    enum status status = file_read(path, INTERMEDIATE_MAX, &content);
    if (status != OK)
        return why_set(why, status, "cannot be read", "intermediate.key", 0);
    hash_sha256(buf_bytes(&content), hash);
    if (memcmp(hash, change->before, HASH_BYTES) == 0)
        return OK;
    return why_set(why, ERR_UNAVAILABLE, "the intermediate key was changed meanwhile: try again", NULL, 0);
}

/* Before the change, so that none is without its entry; one that fails after it has one too many. */
static enum status note_change(struct vault *vault, const struct change *change)
{
    struct db *db = store_federation(vault->store);
    SCOPED_JSON struct json *content = json_object();
    SCOPED_BUF struct buf text = {0};
    json_set(content, "from", json_text(root_kind_name(change->from.kind)));
    json_set(content, "purpose", json_text("root"));
    json_set(content, "to", json_text(root_kind_name(change->to.kind)));
    TRY(json_canonical(content, &text));
    TRY(db_begin(db));
    enum status status = log_note(vault->store, vault->random, LOGGED_ROTATION, buf_bytes(&text), vault_now(vault));
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status replace(struct vault *vault, const char *path, const struct change *change, struct why *why)
{
    const char *folder = store_folder(vault->store);
    struct root_record record = {.now = change->from, .next = change->to, .has_next = true};
    hash_sha256(buf_bytes(&change->content), record.sealed);
    TRY(root_record_write(folder, &record, why));
    enum status status = file_write(path, buf_bytes(&change->content), 0600);
    if (status != OK)
        return why_set(why, status, "cannot be written", "intermediate.key", 0);
    vault->root = NULL;
    return root_record_write(folder, &(struct root_record){.now = change->to}, why);
}

static enum status change_root(struct vault *vault, const struct change *change, struct why *why)
{
    char path[PATH_MAX];
    const char *folder = store_folder(vault->store);
    if (!folder)
        return why_set(why, ERR_USAGE, "a store in memory has no root key", NULL, 0);
    TRY(path_join(path, sizeof path, folder, "intermediate.key"));
    TRY(check_unchanged(path, change, why));
    TRY(note_change(vault, change));
    return replace(vault, path, change, why);
}

enum status admin_root_change(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct change change = {0};
    enum status status = take_change(fields, &change, why);
    if (status == OK)
        status = change_root(vault, &change, why);
    buf_free(&change.content);
    TRY(status);
    json_set(reply, "from", json_text(root_kind_name(change.from.kind)));
    json_set(reply, "to", json_text(root_kind_name(change.to.kind)));
    return OK;
}
