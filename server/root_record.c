/* Hides the record's form. The parameters of a passphrase are bounded when read: absurd ones must not fill the memory.
 */
#include "server/root_record.h"

#include <limits.h>

#include "base/file.h"
#include "base/json.h"

#define RECORD_MAX (8u * 1024)
#define SALT_RECORD_MAX 1024
#define MEMORY_KIB_MOST (4 * 1024 * 1024)
#define PASSES_MOST 64

static const char record_name[] = "root.provider";
static const char *const kinds[ROOT_KINDS] = {
    [ROOT_FILE] = "file", [ROOT_PASSPHRASE] = "passphrase", [ROOT_CREDENTIAL] = "credential", [ROOT_PKCS11] = "pkcs11"};

const char *root_kind_name(enum root_kind kind)
{
    return kinds[kind];
}

static bool is_line(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] == 0x7f)
            return false;
    return text.size > 0;
}

bool root_is_name(struct bytes text)
{
    return is_line(text) && text.size <= ROOT_NAME_MAX && text.data[0] != '.' &&
           bytes_find(text, bytes_str("/")) == SIZE_MAX;
}

/* --- writing --- */

struct json *root_place_json(const struct root_place *place)
{
    struct json *object = json_object();
    json_set(object, "kind", json_text(kinds[place->kind]));
    switch (place->kind) {
    case ROOT_FILE:
        json_set(object, "path", json_text(place->path));
        break;
    case ROOT_PASSPHRASE:
        json_set(object, "memory_kib", json_integer(place->passphrase.memory_kib));
        json_set(object, "passes", json_integer(place->passphrase.passes));
        json_set(object, "salt", json_hex(bytes_of(place->passphrase.salt, sizeof place->passphrase.salt)));
        break;
    case ROOT_CREDENTIAL:
        json_set(object, "name", json_text(place->name));
        break;
    case ROOT_PKCS11:
        json_set(object, "key", json_text(place->key));
        json_set(object, "module", json_text(place->path));
        json_set(object, "pin", json_text(place->name));
        json_set(object, "token", json_text(place->token));
        break;
    case ROOT_KINDS:
        INVARIANT(false);
    }
    return object;
}

enum status root_record_encode(const struct root_record *record, struct buf *out)
{
    SCOPED_JSON struct json *object = json_object();
    json_set(object, "now", root_place_json(&record->now));
    if (record->has_next) {
        json_set(object, "next", root_place_json(&record->next));
        json_set(object, "sealed", json_hex(bytes_of(record->sealed, HASH_BYTES)));
    }
    json_set(object, "v", json_integer(1));
    return json_canonical(object, out);
}

/* --- reading --- */

static void take_text(struct json_fields *fields, const char *key, char *out, size_t size, bool (*good)(struct bytes))
{
    struct bytes text = json_take_string(fields, key, size - 1);
    if (fields->status == OK && !good(text))
        fields->status = why_set(fields->why, ERR_INPUT, "not a name or path", key, 0);
    if (fields->status == OK && text.size)
        memcpy(out, text.data, text.size);
}

static bool is_name_or_nothing(struct bytes text)
{
    return text.size == 0 || root_is_name(text);
}

static void take_passphrase(struct json_fields *fields, struct key_passphrase_params *out)
{
    out->memory_kib = (uint32_t)json_take_integer(fields, "memory_kib", 8, MEMORY_KIB_MOST);
    out->passes = (uint32_t)json_take_integer(fields, "passes", 1, PASSES_MOST);
    json_take_hex(fields, "salt", out->salt, sizeof out->salt);
}

enum status root_place_take(const struct json *json, struct root_place *out, struct why *why)
{
    struct json_fields fields;
    *out = (struct root_place){0};
    json_fields(&fields, json, record_name, why);
    out->kind = (enum root_kind)json_take_choice(&fields, "kind", kinds, ROOT_KINDS);
    if (fields.status != OK)
        return fields.status;
    switch (out->kind) {
    case ROOT_FILE:
        take_text(&fields, "path", out->path, sizeof out->path, is_line);
        break;
    case ROOT_PASSPHRASE:
        take_passphrase(&fields, &out->passphrase);
        break;
    case ROOT_CREDENTIAL:
        take_text(&fields, "name", out->name, sizeof out->name, root_is_name);
        break;
    case ROOT_PKCS11:
        take_text(&fields, "key", out->key, sizeof out->key, is_line);
        take_text(&fields, "module", out->path, sizeof out->path, is_line);
        take_text(&fields, "pin", out->name, sizeof out->name, is_name_or_nothing);
        take_text(&fields, "token", out->token, sizeof out->token, is_line);
        break;
    case ROOT_KINDS:
        INVARIANT(false);
    }
    return json_fields_end(&fields);
}

static enum status take_record(struct json_fields *fields, struct root_record *out, struct why *why)
{
    const struct json *now = json_take_object(fields, "now"), *next = NULL;
    json_take_integer(fields, "v", 1, 1);
    out->has_next = json_has(fields, "next");
    if (out->has_next) {
        next = json_take_object(fields, "next");
        json_take_hex(fields, "sealed", out->sealed, HASH_BYTES);
    }
    TRY(json_fields_end(fields));
    TRY(root_place_take(now, &out->now, why));
    return next ? root_place_take(next, &out->next, why) : OK;
}

enum status root_record_decode(struct bytes text, struct root_record *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct root_record){0};
    TRY(json_parse(text, RECORD_MAX, &json, why));
    json_fields(&fields, json, record_name, why);
    enum status status = take_record(&fields, out, why);
    if (status != OK)
        *out = (struct root_record){0};
    return status;
}

enum status root_salt_decode(struct bytes text, struct key_passphrase_params *out, struct why *why)
{
    static const char *const kdfs[] = {"argon2id"};
    SCOPED_JSON struct json *record = NULL;
    struct json_fields fields;
    *out = (struct key_passphrase_params){0};
    TRY(json_parse(text, SALT_RECORD_MAX, &record, why));
    json_fields(&fields, record, "root.salt", why);
    json_take_choice(&fields, "kdf", kdfs, 1);
    take_passphrase(&fields, out);
    json_take_integer(&fields, "v", 1, 1);
    return json_fields_end(&fields);
}

/* --- the file --- */

enum status root_record_read(const char *state, struct root_record *out, struct why *why)
{
    char path[PATH_MAX];
    SCOPED_BUF struct buf text = {0};
    *out = (struct root_record){0};
    TRY(path_join(path, sizeof path, state, record_name));
    enum status status = file_read(path, RECORD_MAX, &text);
    if (status == ERR_NOT_FOUND)
        return status;
    if (status != OK)
        return why_set(why, status, "cannot be read", record_name, 0);
    return root_record_decode(buf_bytes(&text), out, why);
}

enum status root_record_write(const char *state, const struct root_record *record, struct why *why)
{
    char path[PATH_MAX];
    SCOPED_BUF struct buf text = {0};
    TRY(path_join(path, sizeof path, state, record_name));
    TRY(root_record_encode(record, &text));
    enum status status = file_write(path, buf_bytes(&text), 0600);
    return status == OK ? OK : why_set(why, status, "cannot be written", record_name, 0);
}
