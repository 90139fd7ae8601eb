/* Hides the manifest's spelling, and that no name in it can lead out of the backup's folder. */
#include "protocol/backup.h"

#include "protocol/record.h"

static const char *const kind_names[BACKUP_KINDS] = {[BACKUP_FULL] = "full", [BACKUP_TAIL] = "tail"};

const char *backup_kind_name(enum backup_kind kind)
{
    return kind < BACKUP_KINDS ? kind_names[kind] : "unknown";
}

void backup_free(struct backup *backup)
{
    federation_free(&backup->federation);
    mem_free(backup->files);
    *backup = (struct backup){0};
}

struct backup_file *backup_add(struct backup *backup)
{
    if (backup->count == backup->room) {
        size_t room = backup->room ? 2 * backup->room : 16;
        struct backup_file *grown = mem_grow(backup->files, backup->room, room, sizeof *grown);
        if (!grown)
            return NULL;
        backup->files = grown;
        backup->room = room;
    }
    return &backup->files[backup->count++];
}

/* --- writing --- */

static struct json *files_json(const struct backup *backup)
{
    struct json *list = json_array();
    for (size_t i = 0; i < backup->count; i++) {
        struct json *file = json_object();
        json_set(file, "name", json_text(backup->files[i].name));
        json_set(file, "sha256", json_hex(bytes_of(backup->files[i].hash, HASH_BYTES)));
        json_set(file, "size", record_count(backup->files[i].size));
        json_push(list, file);
    }
    return list;
}

static enum status statement_json(const struct backup *backup, struct json *object)
{
    SCOPED_BUF struct buf text = {0};
    struct json *federation = NULL;
    TRY(federation_encode(&backup->federation, &text));
    TRY(json_parse(buf_bytes(&text), BACKUP_MANIFEST_MAX, &federation, NULL));
    json_set(object, "checkpoint", json_text(backup->checkpoint));
    json_set(object, "epoch", json_text(backup->epoch));
    json_set(object, "federation", federation);
    json_set(object, "files", files_json(backup));
    json_set(object, "key", json_hex(bytes_of(backup->key, HASH_BYTES)));
    json_set(object, "kind", json_text(backup_kind_name(backup->kind)));
    json_set(object, "log", record_count(backup->log));
    return OK;
}

static enum status statement(const struct backup *backup, struct buf *out)
{
    SCOPED_JSON struct json *object = record_new();
    TRY(statement_json(backup, object));
    return json_canonical(object, out);
}

enum status backup_sign(struct backup *backup, const struct secret *seed)
{
    SCOPED_BUF struct buf text = {0};
    TRY(statement(backup, &text));
    return sign_make(seed, SIGN_BACKUP, backup->federation.id, buf_bytes(&text), backup->signature);
}

enum status backup_encode(const struct backup *backup, struct buf *out)
{
    SCOPED_JSON struct json *object = record_new();
    if (!record_is_epoch(backup->epoch))
        return ERR_USAGE;
    TRY(statement_json(backup, object));
    json_set(object, "signature", json_hex(bytes_of(backup->signature, SIGN_BYTES)));
    return json_canonical(object, out);
}

/* --- reading --- */

/* "tenants/<32 hex>.<digits>.db" or "federation.db" */
static bool is_file_name(const char *name)
{
    static const char hex[] = "0123456789abcdef", digits[] = "0123456789", folder[] = "tenants/";
    if (strcmp(name, "federation.db") == 0)
        return true;
    if (strncmp(name, folder, strlen(folder)) != 0)
        return false;
    const char *id = name + strlen(folder);
    if (strspn(id, hex) != (size_t)2 * ID_BYTES || id[2 * ID_BYTES] != '.')
        return false;
    const char *version = id + 2 * ID_BYTES + 1;
    size_t length = strspn(version, digits);
    return length >= 1 && length <= 10 && version[0] != '0' && strcmp(version + length, ".db") == 0;
}

/* In the order of their names, so that none is there twice. */
static void take_file(struct json_fields *outer, const struct json *value, struct backup *out)
{
    struct json_fields fields;
    struct backup_file *file = backup_add(out);
    if (!file) {
        record_fail(outer, ERR_MEMORY, NULL, NULL);
        return;
    }
    json_fields(&fields, value, "files", outer->why);
    record_take_line(&fields, "name", file->name, sizeof file->name);
    record_take_hex(&fields, "sha256", file->hash, HASH_BYTES);
    file->size = record_take_count(&fields, "size");
    enum status status = json_fields_end(&fields);
    if (status == OK && (!is_file_name(file->name) || (out->count > 1 && strcmp(file[-1].name, file->name) >= 0)))
        status = ERR_INPUT;
    if (status != OK)
        record_fail(outer, status, "no file of a backup, or out of order", "files");
}

static void take_federation(struct json_fields *fields, struct federation *out)
{
    SCOPED_BUF struct buf text = {0};
    const struct json *value = json_take_object(fields, "federation");
    if (fields->status == OK)
        fields->status = json_canonical(value, &text);
    if (fields->status == OK)
        fields->status = federation_decode(buf_bytes(&text), out, fields->why);
}

static void take_all(struct json_fields *fields, struct backup *out)
{
    struct bytes note = json_take_string(fields, "checkpoint", CHECKPOINT_MAX);
    if (note.size)
        memcpy(out->checkpoint, note.data, note.size);
    record_take_epoch(fields, "epoch", out->epoch);
    take_federation(fields, &out->federation);
    const struct json *files = json_take_array(fields, "files", BACKUP_FILES_MAX);
    for (size_t i = 0; fields->status == OK && i < json_count(files); i++)
        take_file(fields, json_at(files, i), out);
    record_take_hex(fields, "key", out->key, HASH_BYTES);
    out->kind = (enum backup_kind)json_take_choice(fields, "kind", kind_names, BACKUP_KINDS);
    out->log = record_take_count(fields, "log");
    record_take_hex(fields, "signature", out->signature, SIGN_BYTES);
}

enum status backup_decode(struct bytes text, struct backup *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct backup){0};
    TRY(record_open(text, BACKUP_MANIFEST_MAX, "backup manifest", &json, &fields, why));
    take_all(&fields, out);
    enum status status = json_fields_end(&fields);
    if (status == OK && (out->count == 0 || strcmp(out->files[0].name, "federation.db") != 0 ||
                         (out->kind == BACKUP_TAIL && out->count != 1)))
        status = why_set(why, ERR_INPUT, "not the files of a backup", "files", 0);
    if (status != OK)
        backup_free(out);
    return status;
}

enum status backup_check(const struct backup *backup, struct checkpoint *checkpoint, struct why *why)
{
    char origin[48];
    struct checkpoint now = {0};
    SCOPED_BUF struct buf text = {0};
    *checkpoint = now;
    TRY(statement(backup, &text));
    const struct federation *federation = &backup->federation;
    enum status status =
        sign_check(federation->evidence_key, SIGN_BACKUP, federation->id, buf_bytes(&text), backup->signature);
    if (status != OK)
        return why_set(why, status, "its signature does not hold", "backup", 0);
    federation_origin(federation->id, origin);
    if (checkpoint_open(bytes_str(backup->checkpoint), origin, federation->checkpoint_key, &now) != OK ||
        now.size != backup->log)
        return why_set(why, ERR_DENIED, "its checkpoint does not hold", "backup", 0);
    *checkpoint = now;
    return OK;
}
