/* The operations that are tried, one row each. */
#include "server/backup_folder.h"
#include "server/budget.h"
#include "tests/server/noised.h"
#include "tests/faults/trial.h"

#define WHEN "an order is not found by its number"
#define ACT "add the leading character and ask again"
#define NEW_ID 77

enum { ACME, GLOBEX, INITECH, HOOLI };

/* --- contributions --- */

static void seal(struct trial *trial, size_t member, enum envelope_kind kind, struct bytes record)
{
    struct envelope_header header;
    house_header(&trial->house, &trial->house.members[member], kind, NEW_ID, &header);
    house_seal(&trial->house, &trial->house.members[member], &header, record, &trial->message);
    trial->book.rows_in_flight = 1;
}

static void prepare_text(struct trial *trial, size_t member)
{
    SCOPED_BUF struct buf record = {0};
    house_record(WHEN, ACT, NEW_ID, &record);
    seal(trial, member, ENVELOPE_CONTRIBUTION, buf_bytes(&record));
}

static void text_of_acme(struct trial *trial)
{
    prepare_text(trial, ACME);
}

/* Whose database is made by it. */
static void text_of_hooli(struct trial *trial)
{
    house_member(&trial->house, "hooli");
    prepare_text(trial, HOOLI);
}

static void noised_of_acme(struct trial *trial)
{
    struct contribution noised = {.class = CLASS_NOISED, .noised = NOISED(500)};
    SCOPED_BUF struct buf record = {0};
    assert_int_equal(contribution_encode(&noised, &record), OK);
    seal(trial, ACME, ENVELOPE_CONTRIBUTION, buf_bytes(&record));
    trial->book.micro_in_flight = noised.noised.epsilon_micro;
}

static void withdrawal_of_acme(struct trial *trial)
{
    uint8_t target[ID_BYTES];
    SCOPED_BUF struct buf record = {0};
    memset(target, 1, sizeof target);
    assert_int_equal(withdrawal_encode(target, &record), OK);
    seal(trial, ACME, ENVELOPE_WITHDRAWAL, buf_bytes(&record));
    book_find(&trial->book, ACME, 1)->may_be_gone = true;
}

static enum status contribute(struct trial *trial, struct house *house)
{
    return trial_ask(trial, house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&trial->message));
}

static enum status withdraw(struct trial *trial, struct house *house)
{
    return trial_ask(trial, house, ROLE_GATE, MESSAGE_WITHDRAW, buf_bytes(&trial->message));
}

static void enter(struct trial *trial, struct book *book, size_t member, enum envelope_kind kind)
{
    book_enter(book, &trial->house, member, NEW_ID, kind, buf_bytes(&trial->answer));
    book->rows_in_flight = 0;
}

static void acme_has_a_receipt(struct trial *trial, struct book *book)
{
    enter(trial, book, ACME, ENVELOPE_CONTRIBUTION);
}

static void hooli_has_a_receipt(struct trial *trial, struct book *book)
{
    enter(trial, book, HOOLI, ENVELOPE_CONTRIBUTION);
}

static void acme_is_charged(struct trial *trial, struct book *book)
{
    enter(trial, book, ACME, ENVELOPE_CONTRIBUTION);
    book->charged_micro[ACME] += trial->book.micro_in_flight;
    book->micro_in_flight = 0;
}

static void acme_has_withdrawn(struct trial *trial, struct book *book)
{
    enter(trial, book, ACME, ENVELOPE_WITHDRAWAL);
    book_find(book, ACME, 1)->is_gone = true;
}

/* --- members --- */

static void ask_to_enrol(struct trial *trial)
{
    struct member second = {0};
    SCOPED_BUF struct buf token = {0};
    house_token(&trial->house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    house_enrol_request(&trial->house, buf_bytes(&token), &second, &trial->message);
    secret_free(&second.seed);
}

static enum status enrol(struct trial *trial, struct house *house)
{
    return trial_ask(trial, house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&trial->message));
}

static void the_device_is_known(struct trial *trial, struct house *house)
{
    struct enrol_reply reply;
    struct device device;
    assert_int_equal(enrol_reply_decode(buf_bytes(&trial->answer), &reply, NULL), OK);
    assert_int_equal(device_find(house->vault->store, reply.device, &device), OK);
    assert_memory_equal(device.tenant, trial->house.members[ACME].tenant, ID_BYTES);
    enrol_reply_free(&reply);
}

static enum status add_tenant(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"tenant.add\",\"name\":\"umbrella\"}");
}

static void umbrella_is_a_member(struct trial *trial, struct house *house)
{
    struct tenant tenant;
    (void)trial;
    assert_int_equal(tenant_named(house->vault->store, "umbrella", &tenant), OK);
}

static enum status suspend(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}");
}

static void acme_is_suspended(struct trial *trial, struct house *house)
{
    struct tenant tenant;
    (void)trial;
    assert_int_equal(tenant_named(house->vault->store, "acme", &tenant), OK);
    assert_int_equal(tenant.state, TENANT_SUSPENDED);
}

static void key_of_globex(struct trial *trial, struct house *house)
{
    (void)trial;
    struct tenant tenant;
    assert_int_equal(tenant_named(house->vault->store, "globex", &tenant), OK);
    assert_true(tenant.key_version > 1);
}

static enum status rotate(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"tenant.rotate\",\"tenant\":\"globex\"}");
}

static void globex_leaves(struct trial *trial)
{
    char hex[2 * ID_BYTES + 1];
    encode_hex_text(trial->house.members[GLOBEX].tenant, ID_BYTES, hex);
    buf_addf(&trial->message, "{\"command\":\"tenant.erase\",\"confirm\":\"globex\",\"tenant\":\"%s\"}", hex);
    trial->book.leaving = GLOBEX;
}

static enum status erase(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, buf_text(&trial->message));
}

static void globex_has_left(struct trial *trial, struct book *book)
{
    (void)trial;
    book->has_left = true;
}

/* Under one key again, and nothing is left to be done. */
static void the_erasure_is_finished(struct trial *trial, struct house *house)
{
    (void)trial;
    int64_t unfinished = -1, left = -1;
    struct db *db = store_federation(house->vault->store);
    assert_int_equal(db_row(db, "SELECT count(*) FROM erasure WHERE finished = 0", ":i", &unfinished), OK);
    assert_int_equal(db_row(db, "SELECT count(*) FROM rewrap", ":i", &left), OK);
    assert_int_equal(unfinished, 0);
    assert_int_equal(left, 0);
}

/* --- the server's own keys --- */

static enum status rotate_keys(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"key.rotate\",\"key\":\"all\"}");
}

/* The document names the public halves of the keys that are there. */
static void the_keys_are_the_documents(struct trial *trial, struct house *house)
{
    (void)trial;
    const struct vault *vault = house->vault;
    const struct federation *federation = &vault->federation;
    const struct {
        enum server_key key;
        const uint8_t *named;
    } pairs[] = {{SERVER_RECEIPT, federation->receipt_key},
                 {SERVER_LIBRARY, federation->library_key},
                 {SERVER_EVIDENCE, federation->evidence_key},
                 {SERVER_CHECKPOINT, federation->checkpoint_key}};
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_int_equal(sign_public(&vault->keys[pairs[i].key], public_key), OK);
        assert_memory_equal(public_key, pairs[i].named, SIGN_PUBLIC_BYTES);
    }
    assert_non_null(server_sealing_key(vault, federation->sealing_key_id));
    assert_int_equal(hpke_public(server_sealing_key(vault, federation->sealing_key_id), public_key), OK);
    assert_memory_equal(public_key, federation->sealing_key, HPKE_PUBLIC_BYTES);
}

/* --- backups --- */

static enum status back_up(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"backup\",\"tail\":false}");
}

/* Where it was made: after a power cut nobody carries it away, and the next one begins anew. */
static void the_backup_is_whole(struct trial *trial, struct house *house)
{
    struct backup backup;
    char folder[300];
    if (house != &trial->house)
        return;
    snprintf(folder, sizeof folder, "%s/backup", house->folder);
    assert_int_equal(backup_folder_verify(folder, &backup, NULL), OK);
    assert_int_equal(backup.count, 1 + house->member_count);
    backup_free(&backup);
}

/* --- rounds, and opening --- */

static void something_new(struct trial *trial)
{
    static const size_t members[] = {ACME, INITECH};
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUF struct buf record = {0}, receipt = {0};
        house_record(WHEN, ACT, (uint8_t)(60 + i), &record);
        assert_int_equal(house_send(&trial->house, &trial->house.members[members[i]], 60, buf_bytes(&record), &receipt),
                         OK);
        book_enter(&trial->book, &trial->house, members[i], 60, ENVELOPE_CONTRIBUTION, buf_bytes(&receipt));
    }
}

static enum status run_round(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"round\",\"with_erasures\":true}");
}

static void a_library_is_out(struct trial *trial, struct book *book)
{
    book->library = trial->book.library + 1;
}

/* What a release does before it draws any noise. */
#define CHARGED_ROUND 50
#define CHARGED_MICRO 700

static void every_member_will_be_charged(struct trial *trial)
{
    assert_int_equal(vault_settle(trial->house.vault), OK); /* "drain" tries that */
    trial->book.micro_in_flight = CHARGED_MICRO;
}

static enum status charge_round(struct trial *trial, struct house *house)
{
    struct ledger_round out;
    struct vault *vault = house->vault;
    enum status settled = vault_settle(vault);
    trial->must_stop = settled != OK;
    TRY(settled);
    return ledger_charge_round(vault->ledger, CHARGED_ROUND, ledger_loss_of_pure((struct dp_epsilon){CHARGED_MICRO}),
                               vault_now(vault), &out, NULL);
}

static void every_member_is_charged(struct trial *trial, struct book *book)
{
    for (size_t i = 0; i < trial->house.member_count; i++)
        book->charged_micro[i] += CHARGED_MICRO;
    book->micro_in_flight = 0;
}

static void the_log_knows_it(struct trial *trial, struct house *house)
{
    (void)trial;
    uint64_t last = 0;
    assert_int_equal(ledger_last_round(house->vault->ledger, &last), OK);
    assert_int_equal(last, CHARGED_ROUND);
    assert_int_equal(budget_compare(house->vault, NULL), OK);
}

/* Any command drains the journal first. */
static enum status drain(struct trial *trial, struct house *house)
{
    return trial_command(trial, house, "{\"command\":\"status\"}");
}

/* Closed and opened again: recovery itself, and what closing writes. */
static enum status reopen(struct trial *trial, struct house *house)
{
    struct vault_options options = house_options(house);
    vault_close(house->vault);
    house->vault = NULL;
    enum status status = vault_open(&options, &house->vault, NULL);
    trial->must_stop = status != OK;
    return status;
}

const struct scenario scenarios[] = {
    {"contribute", text_of_acme, contribute, acme_has_a_receipt, NULL, OK},
    {"contribute first", text_of_hooli, contribute, hooli_has_a_receipt, NULL, OK},
    {"contribute noised", noised_of_acme, contribute, acme_is_charged, NULL, OK},
    {"withdraw", withdrawal_of_acme, withdraw, acme_has_withdrawn, NULL, OK},
    {"drain", something_new, drain, NULL, NULL, OK},
    {"enrol", ask_to_enrol, enrol, NULL, the_device_is_known, ERR_DENIED},
    {"tenant.add", NULL, add_tenant, NULL, umbrella_is_a_member, ERR_EXISTS},
    {"tenant.suspend", NULL, suspend, NULL, acme_is_suspended, OK},
    {"tenant.rotate", NULL, rotate, NULL, key_of_globex, OK},
    {"tenant.erase", globex_leaves, erase, globex_has_left, the_erasure_is_finished, OK},
    {"key.rotate", NULL, rotate_keys, NULL, the_keys_are_the_documents, OK},
    {"backup", something_new, back_up, NULL, the_backup_is_whole, OK},
    {"round", something_new, run_round, a_library_is_out, NULL, OK},
    {"charge", every_member_will_be_charged, charge_round, every_member_is_charged, the_log_knows_it, ERR_EXISTS},
    {"open", NULL, reopen, NULL, NULL, OK},
    {0},
};
