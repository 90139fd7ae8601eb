/* Admission: what is taken, what is refused and changes nothing, and that a receipt is never given for what is lost. */
#include <ftw.h>

#include "protocol/receipt_leaf.h"
#include "tests/server/noised.h"
#include "tests/server/house_fixture.h"

#define WHEN "a booking is refused because payments do not add up"
#define ACT "recompute bags and insurance before charging more"

static int64_t contributions(struct house *house)
{
    return house_number(house, "{\"command\":\"status\"}", "contributions");
}

/* Candidates that a round would see. */
static int64_t live(struct house *house)
{
    return house_number(house, "{\"command\":\"round.preview\"}", "candidates");
}

/* --- taken --- */

static void a_receipt_holds_and_is_in_the_log(void **state)
{
    (void)state;
    struct house house;
    struct receipt receipt;
    struct merkle_proof proof;
    struct checkpoint checkpoint;
    uint8_t leaf[MERKLE_BYTES], root[MERKLE_BYTES];
    SCOPED_BUF struct buf record = {0}, body = {0}, note = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    house_record(WHEN, ACT, 1, &record);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), &body), OK);
    assert_int_equal(receipt_decode(buf_bytes(&body), &receipt, NULL), OK);
    const struct federation *federation = &house.vault->federation;
    assert_int_equal(receipt_check(&receipt, federation->id, federation->receipt_key), OK);
    assert_int_equal(vault_settle(house.vault), OK);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, &note), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&note), house.vault->origin, federation->checkpoint_key, &checkpoint),
                     OK);
    assert_int_equal(receipt_log_leaf(&receipt, LOGGED_CONTRIBUTION, NULL, leaf), OK);
    assert_int_equal(merkle_prove_inclusion(log_source(house.vault->store), receipt.leaf, checkpoint.size, &proof), OK);
    assert_int_equal(merkle_check_inclusion(leaf, receipt.leaf, checkpoint.size, &proof, checkpoint.root), OK);
    assert_int_equal(merkle_root(log_source(house.vault->store), checkpoint.size, root), OK);
    assert_memory_equal(root, checkpoint.root, MERKLE_BYTES);
    house_free(&house);
}

static void the_same_digest_gets_the_same_receipt(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf record = {0}, other = {0}, first = {0}, second = {0};
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme");
    house_record(WHEN, ACT, 1, &record);
    house_record(WHEN, "do something else", 1, &other);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), &first), OK);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), &second), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    house_reopen(&house);
    house.ms += 29LL * 86400 * 1000; /* in another month too */
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), &second), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&other), NULL), ERR_EXISTS);
    assert_int_equal(contributions(&house), 1);
    house_free(&house);
}

static void a_withdrawal_leaves_a_tombstone(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf first = {0}, again = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(live(&house), 1);
    assert_int_equal(house_withdraw(&house, globex, 2, 1, NULL), ERR_NOT_FOUND);
    assert_int_equal(house_withdraw(&house, acme, 2, 9, NULL), ERR_NOT_FOUND);
    assert_int_equal(live(&house), 1);
    assert_int_equal(house_withdraw(&house, acme, 2, 1, &first), OK);
    assert_int_equal(live(&house), 0);
    assert_int_equal(house_withdraw(&house, acme, 2, 1, &again), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
    assert_int_equal(house_withdraw(&house, acme, 3, 1, NULL), ERR_EXISTS);
    assert_int_equal(house_withdraw(&house, acme, 4, 2, NULL), ERR_NOT_FOUND); /* a withdrawal is not withdrawn */
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), ERR_EXISTS);
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 1), ERR_EXISTS);
    assert_int_equal(live(&house), 0);
    house_free(&house);
}

/* --- refused --- */

static void strangers_are_refused_alike(void **state)
{
    (void)state;
    struct house house;
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    house_record(WHEN, ACT, 1, &record);
    house_header(&house, acme, ENVELOPE_CONTRIBUTION, 1, &header);
    struct envelope_header unknown = header, swapped = header, foreign = header, key = header;
    memset(unknown.device, 0xee, ID_BYTES);
    memcpy(swapped.tenant, globex->tenant, ID_BYTES);
    foreign.federation[0] ^= 1;
    key.sealing_key_id[0] ^= 1;
    const struct envelope_header *headers[] = {&unknown, &swapped, &foreign, &key};
    for (size_t i = 0; i < 4; i++) {
        house_seal(&house, acme, headers[i], buf_bytes(&record), &envelope);
        assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), ERR_DENIED);
    }
    house_seal(&house, globex, &header, buf_bytes(&record), &envelope); /* acme's name, another hand */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), ERR_DENIED);
    assert_int_equal(contributions(&house), 0);
    house_free(&house);
}

static void a_suspended_tenant_is_refused_until_it_is_back(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    json_free(house_command(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}"));
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 1), ERR_DENIED);
    assert_int_equal(live(&house), 0);
    json_free(house_command(&house, "{\"command\":\"tenant.resume\",\"tenant\":\"acme\"}"));
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 1), OK);
    assert_int_equal(live(&house), 2);
    house_free(&house);
}

static void no_altered_byte_and_no_length_passes(void **state)
{
    (void)state;
    struct house house;
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    house_record(WHEN, ACT, 1, &record);
    house_header(&house, acme, ENVELOPE_CONTRIBUTION, 1, &header);
    house_seal(&house, acme, &header, buf_bytes(&record), &envelope);
    for (size_t i = 0; i < envelope.size; i++) {
        envelope.data[i] ^= 0x10;
        assert_int_not_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), OK);
        envelope.data[i] ^= 0x10;
    }
    for (size_t size = 0; size < envelope.size; size++)
        assert_int_not_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, bytes_of(envelope.data, size), NULL), OK);
    assert_int_not_equal(house_get(&house, ROLE_GATE, MESSAGE_WITHDRAW, buf_bytes(&envelope), NULL), OK);
    envelope.data[5] = 2; /* a later version of the envelope */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), ERR_VERSION);
    envelope.data[5] = 1;
    assert_int_equal(contributions(&house), 0);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), OK);
    house_free(&house);
}

static void another_policy_and_another_time_are_refused(void **state)
{
    (void)state;
    struct house house;
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    house_record(WHEN, ACT, 1, &record);
    house_header(&house, acme, ENVELOPE_CONTRIBUTION, 1, &header);
    header.policy[0] ^= 1;
    house_seal(&house, acme, &header, buf_bytes(&record), &envelope);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), ERR_POLICY);
    house_header(&house, acme, ENVELOPE_CONTRIBUTION, 1, &header);
    memcpy(header.epoch, "2026-07", EPOCH_TEXT);
    house_seal(&house, acme, &header, buf_bytes(&record), &envelope);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), ERR_POLICY);
    assert_int_equal(contributions(&house), 0);
    house_free(&house);
}

/* A federation with a policy changed by the test, and one member. */
static struct member *strict_house(struct house *house, void (*change)(struct policy *policy))
{
    house_prepare(house, HOUSE_MEMORY);
    change(&house->policy);
    assert_int_equal(house_found(house, NULL), OK);
    return house_member(house, "acme");
}

static void text_contribution(size_t candidates, struct buf *record)
{
    struct contribution contribution = {.class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = candidates};
    contribution.candidates = mem_new(candidates, sizeof *contribution.candidates);
    assert_non_null(contribution.candidates);
    for (size_t i = 0; i < candidates; i++)
        house_candidate(&contribution.candidates[i], WHEN, ACT, (uint8_t)i);
    buf_clear(record);
    assert_int_equal(contribution_encode(&contribution, record), OK);
    contribution_free(&contribution);
}

static void two_candidates(struct policy *policy)
{
    policy->max_candidates = 2;
}
static void candidates_are_counted(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf record = {0};
    struct member *acme = strict_house(&house, two_candidates);
    text_contribution(3, &record);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), NULL), ERR_POLICY);
    text_contribution(2, &record);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), NULL), OK);
    house_free(&house);
}

static void one_kibibyte(struct policy *policy)
{
    policy->max_record_bytes = 1024;
}
static void records_are_weighed(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf record = {0};
    struct member *acme = strict_house(&house, one_kibibyte);
    text_contribution(4, &record);
    assert_true(record.size > 1024);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), NULL), ERR_POLICY);
    text_contribution(1, &record);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), NULL), OK);
    house_free(&house);
}

static void text_alone(struct policy *policy)
{
    policy->allow_noised = false;
}
static void noise_alone(struct policy *policy)
{
    policy->allow_text = false;
    policy->allow_noised = true;
}
static void classes_are_the_policys(void **state)
{
    (void)state;
    struct house house;
    struct contribution noised = {.class = CLASS_NOISED, .noised = NOISED(500000)};
    SCOPED_BUF struct buf numbers = {0}, text = {0};
    assert_int_equal(contribution_encode(&noised, &numbers), OK);
    text_contribution(1, &text);
    struct member *acme = strict_house(&house, text_alone);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&numbers), NULL), ERR_POLICY);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&text), NULL), OK);
    house_free(&house);
    acme = strict_house(&house, noise_alone);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&text), NULL), ERR_POLICY);
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&numbers), NULL), OK);
    house_free(&house);
}

static void two_a_month(struct policy *policy)
{
    policy->max_contributions = 2;
}
static void each_epoch_has_its_quota(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf record = {0};
    struct member *acme = strict_house(&house, two_a_month);
    text_contribution(1, &record);
    for (uint8_t id = 1; id <= 3; id++)
        assert_int_equal(house_send(&house, acme, id, buf_bytes(&record), NULL), id <= 2 ? OK : ERR_LIMIT);
    assert_int_equal(house_withdraw(&house, acme, 9, 1, NULL), OK); /* gives nothing back */
    assert_int_equal(house_send(&house, acme, 3, buf_bytes(&record), NULL), ERR_LIMIT);
    assert_int_equal(house_share(&house, house_member(&house, "globex"), 1, WHEN, ACT, 1), OK);
    house.ms += 29LL * 86400 * 1000;
    assert_int_equal(house_send(&house, acme, 3, buf_bytes(&record), NULL), OK);
    house_free(&house);
}

static void three_a_minute(struct policy *policy)
{
    policy->rate_per_minute = 3;
}
static void each_tenant_has_its_rate(void **state)
{
    (void)state;
    struct house house;
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    struct member *acme = strict_house(&house, three_a_minute), *globex = house_member(&house, "globex");
    text_contribution(1, &record);
    house_header(&house, acme, ENVELOPE_CONTRIBUTION, 1, &header);
    house_seal(&house, globex, &header, buf_bytes(&record), &envelope);
    for (int i = 0; i < 9; i++) /* in acme's name by another hand: costs acme nothing */
        assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), NULL), ERR_DENIED);
    for (uint8_t id = 1; id <= 3; id++)
        assert_int_equal(house_send(&house, acme, id, buf_bytes(&record), NULL), OK);
    assert_int_equal(house_send(&house, acme, 4, buf_bytes(&record), NULL), ERR_LIMIT);
    assert_int_equal(house_withdraw(&house, acme, 9, 1, NULL), ERR_LIMIT);
    assert_int_equal(contributions(&house), 3);
    assert_int_equal(house_send(&house, globex, 1, buf_bytes(&record), NULL), OK);
    house.ms += 20000;
    assert_int_equal(house_send(&house, acme, 4, buf_bytes(&record), NULL), OK);
    house_free(&house);
}

static void records_are_read_strictly(void **state)
{
    (void)state;
    static const char *const records[] = {"", "{}", "null", "{\"v\":2}", "{\"v\":1,\"class\":\"text\"}"};
    struct house house;
    SCOPED_BUF struct buf record = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        assert_int_not_equal(house_send(&house, acme, 1, bytes_str(records[i]), NULL), OK);
    house_record(WHEN, ACT, 1, &record);
    buf_add_str(&record, " ");
    assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), NULL), ERR_INPUT);
    assert_int_equal(contributions(&house), 0);
    house_free(&house);
}

static void noise_is_charged_to_the_budget_once(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf record = {0};
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.allow_noised = true;
    house.policy.noise_epsilon_max_micro = 600000;
    house.policy.budget_epsilon_micro = 1000000;
    assert_int_equal(house_found(&house, NULL), OK);
    struct member *acme = house_member(&house, "acme");
    struct contribution noised = {.class = CLASS_NOISED, .noised = NOISED(500000)};
    assert_int_equal(contribution_encode(&noised, &record), OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(house_send(&house, acme, 1, buf_bytes(&record), NULL), OK);
    SCOPED_JSON struct json *ledger = house_command(&house, "{\"command\":\"ledger\"}");
    assert_string_equal(json_string_text(json_get(ledger, "lifetime_spent_most")), "0.500000");
    assert_int_equal(house_send(&house, acme, 2, buf_bytes(&record), NULL), OK);
    assert_int_equal(house_send(&house, acme, 3, buf_bytes(&record), NULL), ERR_POLICY); /* over the cap */
    noised.noised.epsilon_micro = 600001;                                                /* under the floor of noise */
    buf_clear(&record);
    assert_int_equal(contribution_encode(&noised, &record), OK);
    assert_int_equal(house_send(&house, house_member(&house, "globex"), 1, buf_bytes(&record), NULL), ERR_POLICY);
    assert_int_equal(live(&house), 0); /* threshold rounds read text alone */
    house_free(&house);
}

/* --- what must never arrive, and what must never be readable --- */

static struct bytes sought;
static size_t hits, files_seen;

static int search_file(const char *path, const struct stat *info, int kind)
{
    (void)info;
    SCOPED_BUF struct buf content = {0};
    if (kind != FTW_F)
        return 0;
    files_seen++;
    assert_int_equal(file_read(path, 64u * 1024 * 1024, &content), OK);
    hits += bytes_find(buf_bytes(&content), sought) != SIZE_MAX;
    return 0;
}

static size_t search_folder(const char *folder, const char *text)
{
    hits = files_seen = 0;
    sought = bytes_str(text);
    assert_int_equal(ftw(folder, search_file, 16), 0);
    assert_true(files_seen > 0);
    return hits;
}

static void personal_data_is_refused_and_not_kept(void **state)
{
    (void)state;
    static const char *const phrases[] = {"write to maria.keller@example.com before charging",
                                          "use the key ghp_16C7e42F292c6912E7710c838347Ae178B4a for the call",
                                          "charge the card 4111 1111 1111 1111 again"};
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme");
    for (uint8_t i = 0; i < 3; i++) {
        assert_int_equal(house_share(&house, acme, (uint8_t)(i + 1), WHEN, phrases[i], 1), ERR_POLICY);
        assert_int_equal(house_share(&house, acme, (uint8_t)(i + 1), phrases[i], ACT, 1), ERR_POLICY);
    }
    assert_int_equal(contributions(&house), 0);
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK); /* a refusal does not use an id up */
    struct candidate slot;
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &slot};
    SCOPED_BUF struct buf record = {0};
    house_candidate(&slot, WHEN, ACT, 1);
    slot.error = mem_copy(bytes_str("no account for maria.keller@example.com"));
    assert_int_equal(contribution_encode(&contribution, &record), OK);
    candidate_free(&slot);
    assert_int_equal(house_send(&house, acme, 9, buf_bytes(&record), NULL), ERR_POLICY);
    assert_int_equal(search_folder(house.folder, "maria.keller"), 0);
    house_free(&house);
}

/* The disk shows nothing: while the server runs, and after it stopped. */
static void the_state_folder_shows_no_phrase(void **state)
{
    (void)state;
    static const char *const texts[] = {"payments do not add up", "recompute bags", "contrast/1", "acme",
                                        "chatham-token",          "CREATE TABLE"};
    struct house house;
    char path[300];
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    assert_int_equal(house_number(&house, "{\"command\":\"round\"}", "version"), 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(search_folder(house.folder, texts[i]), 0);
    vault_close(house.vault);
    house.vault = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(search_folder(house.folder, texts[i]), 0);
    snprintf(path, sizeof path, "%s/plain", house.folder); /* the search can find what is there */
    assert_int_equal(file_write(path, bytes_str("so payments do not add up here"), 0600), OK);
    assert_int_equal(search_folder(house.folder, texts[0]), 1);
    house_free(&house);
}

/* --- failing --- */

static void no_failing_allocation_loses_or_doubles(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    struct envelope_header header;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    house_record(WHEN, ACT, 1, &record);
    enum status status = ERR_MEMORY;
    size_t n = 0;
    for (; status != OK; n++) {
        SCOPED_BUF struct buf reply = {0};
        struct reply read = {.status = ERR_MEMORY};
        house_header(&house, acme, ENVELOPE_CONTRIBUTION, 1, &header);
        house_seal(&house, acme, &header, buf_bytes(&record), &envelope);
        mem_fail_after(n + 1);
        status = house_ask(house.vault, &house.distiller, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), &reply);
        mem_fail_after(0);
        if (status != OK) /* the process would stop: as if it had not been asked */
            continue;
        assert_int_equal(reply_read(buf_bytes(&reply), &read), OK);
        status = read.status;
        assert_true(status == OK || status == ERR_MEMORY || status == ERR_UNAVAILABLE);
    }
    assert_true(n > 5);
    assert_int_equal(live(&house), 1);
    assert_int_equal(contributions(&house), 1);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    house_free(&house);
}

/* --- speed: printed, not asserted --- */

static void admissions_a_second(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct house house;
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0};
    struct buf envelopes[COUNT] = {{0}};
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme");
    house_record(WHEN, ACT, 1, &record);
    for (size_t i = 0; i < COUNT; i++) {
        house_header(&house, acme, ENVELOPE_CONTRIBUTION, (uint8_t)i, &header);
        house_seal(&house, acme, &header, buf_bytes(&record), &envelopes[i]);
    }
    uint64_t start = clock_ticks();
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&envelopes[i]), NULL), OK);
    uint64_t micros = clock_ticks() - start;
    print_message("%d durable admissions in process: %.0f a second\n", COUNT, COUNT * 1e6 / (double)micros);
    for (size_t i = 0; i < COUNT; i++)
        buf_free(&envelopes[i]);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_holds_and_is_in_the_log),
        cmocka_unit_test(the_same_digest_gets_the_same_receipt),
        cmocka_unit_test(a_withdrawal_leaves_a_tombstone),
        cmocka_unit_test(strangers_are_refused_alike),
        cmocka_unit_test(a_suspended_tenant_is_refused_until_it_is_back),
        cmocka_unit_test(no_altered_byte_and_no_length_passes),
        cmocka_unit_test(another_policy_and_another_time_are_refused),
        cmocka_unit_test(candidates_are_counted),
        cmocka_unit_test(records_are_weighed),
        cmocka_unit_test(classes_are_the_policys),
        cmocka_unit_test(each_epoch_has_its_quota),
        cmocka_unit_test(each_tenant_has_its_rate),
        cmocka_unit_test(records_are_read_strictly),
        cmocka_unit_test(noise_is_charged_to_the_budget_once),
        cmocka_unit_test(personal_data_is_refused_and_not_kept),
        cmocka_unit_test(the_state_folder_shows_no_phrase),
        cmocka_unit_test(no_failing_allocation_loses_or_doubles),
        cmocka_unit_test(admissions_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
