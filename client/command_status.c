/* status: the outbox, the library at home, and what is known of the log. */
#include <inttypes.h>

#include "base/encode.h"
#include "client/ask.h"
#include "client/command.h"
#include "client/follow.h"
#include "client/outbox.h"
#include "client/print.h"
#include "client/witnesses.h"

struct log_state {
    uint64_t tree;
    int64_t at; /* when it was verified; 0: never */
    size_t cosigners, wanted;
    struct witness_counts witnesses;
    int64_t alarms[ALARMS]; /* since when; 0: none */
    bool alarmed;
};

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

static struct json *alarms_json(const struct log_state *log)
{
    struct json *list = json_array();
    for (int kind = 0; kind < ALARMS; kind++) {
        char at[CLOCK_TEXT];
        if (!log->alarms[kind])
            continue;
        struct json *row = json_object();
        clock_text(log->alarms[kind], at);
        json_set(row, "what", json_text(alarm_text((enum alarm_kind)kind)));
        json_set(row, "at", json_text(at));
        json_push(list, row);
    }
    return list;
}

static struct json *witnesses_json(const struct witness_counts *witnesses)
{
    struct json *object = json_object();
    json_set(object, "devices", json_integer((int64_t)witnesses->devices));
    json_set(object, "members", json_integer((int64_t)witnesses->members));
    json_set(object, "new", json_integer((int64_t)witnesses->fresh));
    return object;
}

static void log_json(const struct log_state *log, struct json *out)
{
    char at[CLOCK_TEXT];
    clock_text(log->at, at);
    json_set(out, "log", json_integer((int64_t)log->tree));
    json_set(out, "verified", log->at ? json_text(at) : json_null());
    json_set(out, "cosigners", json_integer((int64_t)log->cosigners));
    json_set(out, "cosigners_wanted", json_integer((int64_t)log->wanted));
    json_set(out, "witnesses", witnesses_json(&log->witnesses));
    json_set(out, "alarms", alarms_json(log));
}

static void device_json(const struct home *home, struct json *out)
{
    struct cert_facts facts;
    enum member_role role;
    char end[CLOCK_TEXT];
    if (remote_certificate(home, &facts) != OK || member_role_of_unit(facts.unit, &role) != OK)
        return;
    clock_text(facts.not_after, end);
    json_set(out, "role", json_text(member_role_name(role)));
    json_set(out, "certificate_until", json_text(end));
}

static enum status status_json(struct home *home, const size_t counts[static OUTBOX_STATES], int64_t version,
                               const struct log_state *log, const char *keys)
{
    SCOPED_JSON struct json *out = json_object();
    struct json *outbox = json_object();
    for (size_t i = 0; i < OUTBOX_STATES; i++)
        json_set(outbox, state_names[i], json_integer((int64_t)counts[i]));
    json_set(out, "enrolled", json_bool(home->enrolled));
    if (home->enrolled)
        json_set(out, "keys", json_text(keys));
    if (home->enrolled)
        device_json(home, out);
    json_set(out, "outbox", outbox);
    json_set(out, "library", json_integer(version));
    log_json(log, out);
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

static void age_print(int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "days"}, {3600, "hours"}, {60, "minutes"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds < 2 * units[i].seconds)
            continue;
        printf(", %" PRId64 " %s ago", seconds / units[i].seconds, units[i].unit);
        return;
    }
    printf(", just now");
}

static void log_print(const struct home *home, const struct log_state *log)
{
    printf("log           verified up to %" PRIu64 " entries", log->tree);
    if (log->at)
        age_print(clock_seconds(home->clock) - log->at);
    printf("\ncosigners     %zu members cosigned it", log->cosigners);
    if (log->wanted)
        printf(", a library needs %zu", log->wanted);
    printf("\nwitnesses     %zu devices of %zu members", log->witnesses.devices, log->witnesses.members);
    if (log->witnesses.fresh)
        printf(", %zu of them new", log->witnesses.fresh);
    printf("\n");
    for (int kind = 0; kind < ALARMS; kind++) {
        char at[CLOCK_TEXT];
        clock_text(log->alarms[kind], at);
        if (log->alarms[kind])
            printf("ALARM         %s, %s\n", alarm_text((enum alarm_kind)kind), at);
    }
}

static enum status alarms_load(struct home *home, struct log_state *log)
{
    for (int kind = 0; kind < ALARMS; kind++) {
        TRY(zero_if_absent(alarm_at(home, (enum alarm_kind)kind, &log->alarms[kind])));
        log->alarmed |= log->alarms[kind] != 0;
    }
    return OK;
}

static enum status log_load(struct home *home, struct log_state *log)
{
    struct seen seen;
    *log = (struct log_state){0};
    TRY(seen_load(home, &seen));
    log->tree = seen.checkpoint.size;
    log->at = seen.at;
    log->wanted = home->enrolled ? home->federation.policy.cosigners : 0;
    enum status status = seen.note.size ? witnesses_quorum(home, buf_bytes(&seen.note), &log->cosigners) : OK;
    seen_free(&seen);
    TRY(status);
    TRY(witnesses_count(home, &log->witnesses));
    return alarms_load(home, log);
}

/* What this device may do, and until when. */
static void device_print(const struct home *home)
{
    struct cert_facts facts;
    enum member_role role;
    char end[CLOCK_TEXT];
    if (remote_certificate(home, &facts) != OK || member_role_of_unit(facts.unit, &role) != OK)
        return;
    clock_text(facts.not_after, end);
    printf("role          %s, certificate until %s\n", member_role_name(role), end);
}

static void status_print(const struct home *home, const size_t counts[static OUTBOX_STATES], int64_t version,
                         const struct log_state *log, const char *keys)
{
    printf("federation    %s\n", home->enrolled ? home->federation.name : "not enrolled: chatham enroll");
    if (home->enrolled)
        printf("server        %s\nkeys          %s\n", home->server, keys);
    if (home->enrolled)
        device_print(home);
    printf("outbox        %zu queued, %zu sent and waiting for the log, %zu covered by the log, %zu refused\n",
           counts[OUTBOX_QUEUED], counts[OUTBOX_SENT], counts[OUTBOX_COVERED], counts[OUTBOX_REFUSED]);
    printf("library       %s%" PRId64 "\n", version ? "version " : "none pulled yet, version ", version);
    log_print(home, log);
}

static enum status status_show(const struct arguments *arguments, struct home *home, struct log_state *log)
{
    size_t counts[OUTBOX_STATES] = {0};
    int64_t version = 0;
    char keys[2 * HASH_BYTES + 1];
    TRY(keys_text(home, keys));
    TRY(outbox_count(home, counts));
    TRY(zero_if_absent(db_row(home->db, "SELECT version FROM library", ":i", &version)));
    TRY(log_load(home, log));
    if (arguments_have(arguments, OPTION_JSON))
        return status_json(home, counts, version, log, keys);
    status_print(home, counts, version, log, keys);
    return OK;
}

enum status command_status(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct log_state log;
    TRY(arguments_home(arguments, &home, why));
    enum status status = status_show(arguments, &home, &log);
    home_close(&home);
    if (status == OK && log.alarmed)
        return why_hint(why, ERR_CORRUPT, "the server contradicts what this device has seen of its log", NULL,
                        "ask the operator; when that explains it: chatham pull --accept-log");
    return status;
}
