/* Entries of the log. Hides how a commitment is made and that nothing but epochs and commitments has a field. */
#include "protocol/log_entry.h"

#include "protocol/record.h"

#define ENTRY_MAX 512

static const char *const kind_names[LOGGED_KINDS] = {
    [LOGGED_GENESIS] = "genesis",       [LOGGED_ENROLMENT] = "enrolment",   [LOGGED_CONTRIBUTION] = "contribution",
    [LOGGED_WITHDRAWAL] = "withdrawal", [LOGGED_POLICY] = "policy",         [LOGGED_RELEASE] = "release",
    [LOGGED_SUSPENSION] = "suspension", [LOGGED_RESUMPTION] = "resumption", [LOGGED_ROTATION] = "rotation",
    [LOGGED_ERASURE] = "erasure",       [LOGGED_AUDIT] = "audit",           [LOGGED_REVOCATION] = "revocation",
    [LOGGED_TRAIL] = "trail",           [LOGGED_INTAKE] = "intake",         [LOGGED_CHARGE] = "charge",
};

const char *log_kind_name(enum log_kind kind)
{
    return kind < LOGGED_KINDS ? kind_names[kind] : "unknown";
}

void log_commit(enum log_kind kind, const uint8_t salt[static 32], struct bytes content, uint8_t out[static HASH_BYTES])
{
    static const char domain[] = "chatham/v1 log";
    const char *name = log_kind_name(kind);
    const struct bytes parts[] = {bytes_of(domain, sizeof domain), bytes_of(name, strlen(name) + 1), bytes_of(salt, 32),
                                  content};
    hash_sha256_parts(parts, sizeof parts / sizeof *parts, out);
}

enum status log_entry_encode(const struct log_entry *entry, struct buf *out)
{
    if (entry->kind >= LOGGED_KINDS || !record_is_epoch(entry->epoch))
        return ERR_USAGE;
    struct json *object = record_new();
    json_set(object, "commitment", json_hex(bytes_of(entry->commitment, HASH_BYTES)));
    json_set(object, "epoch", json_text(entry->epoch));
    json_set(object, "kind", json_text(log_kind_name(entry->kind)));
    if (entry->kind == LOGGED_RELEASE)
        json_set(object, "version", record_count(entry->version));
    return record_close(object, out);
}

enum status log_entry_decode(struct bytes text, struct log_entry *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct log_entry){0};
    TRY(record_open(text, ENTRY_MAX, "log entry", &json, &fields, why));
    record_take_hex(&fields, "commitment", out->commitment, HASH_BYTES);
    record_take_epoch(&fields, "epoch", out->epoch);
    out->kind = (enum log_kind)json_take_choice(&fields, "kind", kind_names, LOGGED_KINDS);
    if (out->kind == LOGGED_RELEASE)
        out->version = record_take_count(&fields, "version");
    enum status status = json_fields_end(&fields);
    if (status != OK)
        *out = (struct log_entry){0};
    return status;
}
