/* What all records share: the version field, the canonical spelling, and fields that many of them have. Hides the order
 * in which a stranger's record is judged: syntax, version, spelling, then its fields. */
#include "protocol/record.h"

#include "base/encode.h"

#define COUNT_MAX ((INT64_C(1) << 53) - 1)

static enum status canonical_check(const struct json *value, struct bytes text, const char *record, struct why *why)
{
    SCOPED_BUF struct buf canonical;
    buf_init_secret(&canonical);
    TRY(json_canonical(value, &canonical));
    if (!bytes_equal(buf_bytes(&canonical), text))
        return why_set(why, ERR_INPUT, "not in canonical form", record, 0);
    return OK;
}

static uint32_t begin(const struct json *value, const char *record, uint32_t most, struct json_fields *fields,
                      struct why *why)
{
    json_fields(fields, value, record, why);
    if (json_integer_value(json_get(value, "v")) > most) {
        why_hint(why, ERR_VERSION, "made by a later version", record, "update this program");
        fields->status = ERR_VERSION;
        return 0;
    }
    return (uint32_t)json_take_integer(fields, "v", RECORD_VERSION, most);
}

enum status record_open_version(struct bytes text, size_t limit, const char *record, uint32_t most, struct json **out,
                                struct json_fields *fields, uint32_t *version, struct why *why)
{
    *version = 0;
    TRY(json_parse(text, limit, out, why));
    *version = begin(*out, record, most, fields, why);
    if (fields->status == ERR_VERSION)
        return ERR_VERSION;
    return canonical_check(*out, text, record, why);
}

enum status record_open(struct bytes text, size_t limit, const char *record, struct json **out,
                        struct json_fields *fields, struct why *why)
{
    uint32_t version = 0;
    return record_open_version(text, limit, record, RECORD_VERSION, out, fields, &version, why);
}

void record_begin(const struct json *value, const char *record, struct json_fields *fields, struct why *why)
{
    begin(value, record, RECORD_VERSION, fields, why);
}

struct json *record_new(void)
{
    struct json *object = json_object();
    json_set(object, "v", json_integer(RECORD_VERSION));
    return object;
}

enum status record_close(struct json *take, struct buf *out)
{
    SCOPED_JSON struct json *value = take;
    if (!value)
        return ERR_MEMORY;
    size_t before = out->size;
    enum status status = json_canonical(value, out);
    if (status != OK)
        out->size = before;
    return status;
}

void record_fail(struct json_fields *fields, enum status status, const char *what, const char *where)
{
    if (fields->status == OK)
        fields->status = why_set(fields->why, status, what, where, 0);
}

void *record_room(struct json_fields *fields, const char *key, size_t count, size_t size)
{
    if (fields->status != OK)
        return NULL;
    void *room = mem_new(count, size);
    if (!room)
        record_fail(fields, ERR_MEMORY, "out of memory", key);
    return room;
}

void record_take_line(struct json_fields *fields, const char *key, char *out, size_t size)
{
    memset(out, 0, size);
    struct bytes text = json_take_string(fields, key, size - 1);
    if (fields->status != OK)
        return;
    if (text.size == 0 || !record_is_line(text)) {
        record_fail(fields, ERR_INPUT, "empty or not one line of text", key);
        return;
    }
    memcpy(out, text.data, text.size);
}

void record_take_copy(struct json_fields *fields, const char *key, size_t most, char **out)
{
    *out = NULL;
    struct bytes text = json_take_string(fields, key, most);
    if (fields->status != OK)
        return;
    if (text.size == 0) {
        record_fail(fields, ERR_INPUT, "empty text", key);
        return;
    }
    *out = mem_copy(text);
    if (!*out)
        record_fail(fields, ERR_MEMORY, "out of memory", key);
}

enum status record_hex(struct bytes text, uint8_t *out, size_t size)
{
    memset(out, 0, size);
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 'A' && text.data[i] <= 'F')
            return ERR_INPUT;
    return decode_hex_fixed(text, out, size);
}

void record_take_hex(struct json_fields *fields, const char *key, uint8_t *out, size_t size)
{
    memset(out, 0, size);
    struct bytes text = json_take_string(fields, key, 2 * size);
    if (fields->status == OK && record_hex(text, out, size) != OK)
        record_fail(fields, ERR_INPUT, "not hex of the right length", key);
}

void record_take_epoch(struct json_fields *fields, const char *key, char out[static 8])
{
    memset(out, 0, 8);
    struct bytes text = json_take_string(fields, key, 7);
    if (fields->status != OK)
        return;
    memcpy(out, text.data, text.size);
    if (!record_is_epoch(out)) {
        memset(out, 0, 8);
        record_fail(fields, ERR_INPUT, "not a year and month", key);
    }
}

uint64_t record_take_count(struct json_fields *fields, const char *key)
{
    return (uint64_t)json_take_integer(fields, key, 0, COUNT_MAX);
}

struct json *record_count(uint64_t value)
{
    return value <= COUNT_MAX ? json_integer((int64_t)value) : NULL;
}

bool record_is_line(struct bytes text)
{
    if (!bytes_is_utf8(text))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bool c1 = byte == 0xc2 && text.data[i + 1] < 0xa0; /* U+0080 to U+009F: terminals obey them too */
        bool separator =
            byte == 0xe2 && text.data[i + 1] == 0x80 && (text.data[i + 2] & 0xfe) == 0xa8; /* U+2028, U+2029 */
        if (byte < 0x20 || byte == 0x7f || c1 || separator)
            return false;
    }
    return true;
}

bool record_is_epoch(const char epoch[static 8])
{
    static const char shape[] = "dddd-dd";
    for (size_t i = 0; i < 8; i++) {
        bool digit = epoch[i] >= '0' && epoch[i] <= '9';
        if (shape[i] == 'd' ? !digit : epoch[i] != shape[i])
            return false;
    }
    int month = (epoch[5] - '0') * 10 + epoch[6] - '0';
    return month >= 1 && month <= 12;
}
