/* Requests and their answers. Hides which command has which fields: a row each, so that the writer and the strict
 * reader can't disagree. */
#include "protocol/request.h"

#include "protocol/federation.h"
#include "protocol/record.h"

#define REPLY_INFO "chatham/v1 reply"

enum field { FIELD_NONE, FIELD_CSR, FIELD_DEVICE, FIELD_ID, FIELD_ROLE, FIELD_FROM };

static const struct {
    const char *name;
    enum field field;
} commands[REQUEST_COMMANDS] = {
    [REQUEST_RENEW] = {"renew", FIELD_CSR},
    [REQUEST_DEVICE_LIST] = {"device.list", FIELD_NONE},
    [REQUEST_DEVICE_REVOKE] = {"device.revoke", FIELD_DEVICE},
    [REQUEST_TOKEN_NEW] = {"token.new", FIELD_ROLE},
    [REQUEST_TOKEN_LIST] = {"token.list", FIELD_NONE},
    [REQUEST_TOKEN_REVOKE] = {"token.revoke", FIELD_ID},
    [REQUEST_TRAIL] = {"trail", FIELD_FROM},
    [REQUEST_BUDGET] = {"budget", FIELD_NONE},
};

const char *request_command_name(enum request_command command)
{
    return (unsigned)command < REQUEST_COMMANDS ? commands[command].name : "unknown";
}

void request_free(struct request *request)
{
    mem_free(request->csr_pem);
    *request = (struct request){0};
}

/* --- writing --- */

static void put_field(const struct request *request, struct json *object)
{
    switch (commands[request->command].field) {
    case FIELD_NONE:
        return;
    case FIELD_CSR:
        json_set(object, "csr", json_text(request->csr_pem ? request->csr_pem : ""));
        return;
    case FIELD_DEVICE:
        json_set(object, "device", json_hex(bytes_of(request->subject, ID_BYTES)));
        return;
    case FIELD_ID:
        json_set(object, "id", json_hex(bytes_of(request->subject, ID_BYTES)));
        return;
    case FIELD_ROLE:
        json_set(object, "role", json_text(member_role_name(request->role)));
        return;
    case FIELD_FROM:
        json_set(object, "from", record_count(request->from));
        return;
    }
}

enum status request_encode(const struct request *request, struct buf *out)
{
    if ((unsigned)request->command >= REQUEST_COMMANDS || (unsigned)request->role >= MEMBER_ROLES)
        return ERR_USAGE;
    struct json *object = record_new();
    json_set(object, "command", json_text(commands[request->command].name));
    json_set(object, "reply_key", json_hex(bytes_of(request->reply_key, sizeof request->reply_key)));
    put_field(request, object);
    return record_close(object, out);
}

/* --- reading --- */

static void take_role(struct json_fields *fields, enum member_role *role)
{
    struct bytes name = json_take_string(fields, "role", 32);
    if (fields->status == OK && member_role_parse(name, role) != OK)
        record_fail(fields, ERR_INPUT, "no role", "role");
}

static void take_field(struct json_fields *fields, struct request *out)
{
    switch (commands[out->command].field) {
    case FIELD_NONE:
        return;
    case FIELD_CSR:
        record_take_copy(fields, "csr", PEM_MAX, &out->csr_pem);
        return;
    case FIELD_DEVICE:
        record_take_hex(fields, "device", out->subject, ID_BYTES);
        return;
    case FIELD_ID:
        record_take_hex(fields, "id", out->subject, ID_BYTES);
        return;
    case FIELD_ROLE:
        take_role(fields, &out->role);
        return;
    case FIELD_FROM:
        out->from = record_take_count(fields, "from");
        return;
    }
}

static void take_command(struct json_fields *fields, struct request *out)
{
    const char *names[REQUEST_COMMANDS];
    for (size_t i = 0; i < REQUEST_COMMANDS; i++)
        names[i] = commands[i].name;
    out->command = (enum request_command)json_take_choice(fields, "command", names, REQUEST_COMMANDS);
}

enum status request_decode(struct bytes record, struct request *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct request){0};
    TRY(record_open(record, REQUEST_MAX, "request", &json, &fields, why));
    take_command(&fields, out);
    record_take_hex(&fields, "reply_key", out->reply_key, sizeof out->reply_key);
    if (fields.status == OK)
        take_field(&fields, out);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        request_free(out);
    return status;
}

/* --- answers --- */

enum status request_reply_seal(const uint8_t reply_key[static HPKE_PUBLIC_BYTES], struct bytes header,
                               struct bytes text, struct buf *out)
{
    uint8_t enc[HPKE_ENC_BYTES];
    SCOPED_BUF struct buf sealed = {0};
    TRY(hpke_seal(reply_key, bytes_str(REPLY_INFO), header, text, enc, &sealed));
    buf_reserve(out, sizeof enc + sealed.size);
    TRY(buf_status(out));
    buf_add(out, bytes_of(enc, sizeof enc));
    buf_add(out, buf_bytes(&sealed));
    return buf_status(out);
}

enum status request_reply_open(const struct secret *reply_private, struct bytes header, struct bytes sealed,
                               struct buf *text)
{
    if (sealed.size < HPKE_ENC_BYTES + HPKE_TAG_BYTES || sealed.size > REPLY_TEXT_MAX)
        return ERR_DENIED;
    return hpke_open(reply_private, sealed.data, bytes_str(REPLY_INFO), header,
                     bytes_part(sealed, HPKE_ENC_BYTES, sealed.size), text);
}
