/* The intake: what a batch is, what is found between journal and database, and that a crash anywhere there loses and
 * doubles nothing. */
#include "server/intake.h"

#include <ftw.h>

#include "protocol/receipt_leaf.h"
#include "tests/server/house_fixture.h"

#define WHEN "a booking is refused because payments do not add up"
#define ACT "recompute bags and insurance before charging more"

static int64_t live(struct house *house)
{
    return house_number(house, "{\"command\":\"round.preview\"}", "candidates");
}
static int64_t status_of(struct house *house, const char *key)
{
    return house_number(house, "{\"command\":\"status\"}", key);
}

/* --- messages that are not flushed --- */

static void deliver(struct house *house, const struct member *member, const struct envelope_header *header,
                    struct bytes record, uint64_t request, struct outbox *out)
{
    struct message in = {.peer = ROLE_GATE, .request = request};
    in.type = header->kind == ENVELOPE_WITHDRAWAL ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE;
    house_seal(house, member, header, record, &in.payload);
    assert_int_equal(vault_handle(house->vault, &in, out), OK);
    message_free(&in);
}

static void contribute(struct house *house, const struct member *member, uint8_t id, const char *act, uint64_t request,
                       struct outbox *out)
{
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0};
    house_record(WHEN, act, 1, &record);
    house_header(house, member, ENVELOPE_CONTRIBUTION, id, &header);
    deliver(house, member, &header, buf_bytes(&record), request, out);
}

static void withdraw(struct house *house, const struct member *member, uint8_t id, uint8_t target, uint64_t request,
                     struct outbox *out)
{
    struct envelope_header header;
    uint8_t target_id[ID_BYTES];
    SCOPED_BUF struct buf record = {0};
    memset(target_id, target, ID_BYTES);
    assert_int_equal(withdrawal_encode(target_id, &record), OK);
    house_header(house, member, ENVELOPE_WITHDRAWAL, id, &header);
    deliver(house, member, &header, buf_bytes(&record), request, out);
}

static void flush(struct house *house, struct outbox *out)
{
    assert_int_equal(vault_flush(house->vault, out), OK);
}

/* The answer to a request; ERR_NOT_FOUND: none yet. */
static enum status answer(const struct outbox *out, uint64_t request, struct buf *body)
{
    struct reply reply = {.status = ERR_NOT_FOUND};
    buf_clear(body);
    for (size_t i = 0; i < out->count; i++) {
        if (out->items[i].request != request)
            continue;
        assert_int_equal(reply.status, ERR_NOT_FOUND); /* never two */
        assert_int_equal(reply_read(buf_bytes(&out->items[i].payload), &reply), OK);
        buf_add(body, reply.body);
    }
    return reply.status;
}

static void take_receipt(const struct house *house, const struct outbox *out, uint64_t request, struct receipt *receipt)
{
    SCOPED_BUF struct buf body = {0};
    const struct federation *federation = &house->vault->federation;
    assert_int_equal(answer(out, request, &body), OK);
    assert_int_equal(receipt_decode(buf_bytes(&body), receipt, NULL), OK);
    assert_int_equal(receipt_check(receipt, federation->id, federation->receipt_key), OK);
}

/* What the log holds at the receipt's leaf is what the receipt promises. */
static void check_logged(const struct house *house, const struct receipt *receipt)
{
    uint8_t leaf[MERKLE_BYTES], root[MERKLE_BYTES];
    uint64_t size = 0;
    struct merkle_proof proof;
    struct merkle_source source = log_source(house->vault->store);
    assert_int_equal(receipt_log_leaf(receipt, LOGGED_CONTRIBUTION, NULL, leaf), OK);
    assert_int_equal(log_size(house->vault->store, &size), OK);
    assert_int_equal(merkle_prove_inclusion(source, receipt->leaf, size, &proof), OK);
    assert_int_equal(merkle_root(source, size, root), OK);
    assert_int_equal(merkle_check_inclusion(leaf, receipt->leaf, size, &proof, root), OK);
}

/* The machine stops dead: what it had in memory is gone. */
static void crash(struct house *house)
{
    char command[1000];
    struct vault_options options = house_options(house);
    snprintf(command, sizeof command, "rm -rf '%s.kept' && cp -r '%s' '%s.kept'", house->folder, house->folder,
             house->folder);
    assert_int_equal(system(command), 0);
    vault_close(house->vault);
    house->vault = NULL;
    snprintf(command, sizeof command, "rm -rf '%s' && mv '%s.kept' '%s'", house->folder, house->folder, house->folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(vault_open(&options, &house->vault, NULL), OK);
}

/* --- batches --- */

static void a_batch_over_tenants_has_one_signature_and_one_leaf(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct receipt receipts[3];
    SCOPED_BUF struct buf body = {0};
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    int64_t tree = status_of(&house, "tree");
    contribute(&house, acme, 1, ACT, 11, &out);
    contribute(&house, globex, 2, ACT, 12, &out);
    contribute(&house, acme, 3, ACT, 13, &out);
    assert_int_equal(out.count, 0); /* nothing leaves before it is durable */
    flush(&house, &out);
    assert_int_equal(out.count, 3);
    for (size_t i = 0; i < 3; i++) {
        uint8_t id[ID_BYTES];
        memset(id, (int)i + 1, sizeof id);
        take_receipt(&house, &out, 11 + i, &receipts[i]);
        assert_memory_equal(receipts[i].contribution, id, sizeof id);
        assert_int_equal(receipts[i].batch_size, 3);
        assert_int_equal(receipts[i].leaf, tree);
        assert_memory_equal(receipts[i].signature, receipts[0].signature, SIGN_BYTES);
        assert_memory_equal(receipts[i].salt, receipts[0].salt, sizeof receipts[0].salt);
    }
    assert_int_equal(status_of(&house, "tree"), tree + 1);
    assert_int_equal(status_of(&house, "contributions"), 3);
    for (size_t i = 0; i < 3; i++)
        check_logged(&house, &receipts[i]);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    outbox_free(&out);
    house_free(&house);
}

static void a_full_batch_goes_by_itself(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    for (uint8_t id = 1; id < RECEIPT_BATCH_MAX; id++)
        contribute(&house, acme, id, ACT, id, &out);
    assert_int_equal(out.count, 0);
    contribute(&house, acme, RECEIPT_BATCH_MAX, ACT, RECEIPT_BATCH_MAX, &out);
    assert_int_equal(out.count, RECEIPT_BATCH_MAX);
    outbox_free(&out);
    flush(&house, &out);
    assert_int_equal(out.count, 0);
    assert_int_equal(live(&house), RECEIPT_BATCH_MAX);
    house_free(&house);
}

static void another_epoch_is_another_batch(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct receipt first, second;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    house.ms = INT64_C(1796083000) * 1000; /* the last half hour of November 2026 */
    contribute(&house, acme, 1, ACT, 1, &out);
    house.ms += INT64_C(3600) * 1000;
    contribute(&house, acme, 2, ACT, 2, &out);
    assert_int_equal(out.count, 1);
    flush(&house, &out);
    take_receipt(&house, &out, 1, &first);
    take_receipt(&house, &out, 2, &second);
    assert_string_equal(first.epoch, "2026-11");
    assert_string_equal(second.epoch, "2026-12");
    assert_int_equal(second.leaf, first.leaf + 1);
    assert_int_equal(vault_settle(house.vault), OK);
    check_logged(&house, &first);
    check_logged(&house, &second);
    outbox_free(&out);
    house_free(&house);
}

/* Whoever needs the databases whole gets them whole: the command comes after what was queued before it. */
static void a_command_settles_first(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = 9};
    SCOPED_BUF struct buf body = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    contribute(&house, acme, 1, ACT, 1, &out);
    buf_add_str(&in.payload, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}");
    assert_int_equal(vault_handle(house.vault, &in, &out), OK);
    assert_int_equal(answer(&out, 1, &body), OK);
    assert_int_equal(answer(&out, 9, &body), OK);
    assert_int_equal(status_of(&house, "contributions"), 1);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    message_free(&in);
    outbox_free(&out);
    house_free(&house);
}

/* Nothing takes a leaf that a receipt has named. */
static void a_promised_leaf_is_kept_free(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    uint64_t leaf = 0;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    assert_int_equal(log_append(house.vault->store, bytes_str("one"), &leaf), OK);
    contribute(&house, acme, 1, ACT, 1, &out);
    flush(&house, &out);
    assert_int_equal(log_append(house.vault->store, bytes_str("two"), &leaf), ERR_BUG);
    assert_int_equal(vault_settle(house.vault), OK);
    assert_int_equal(log_append(house.vault->store, bytes_str("two"), &leaf), OK);
    outbox_free(&out);
    house_free(&house);
}

/* --- in flight --- */

enum point { QUEUED, WRITTEN, DRAINED, CRASHED, POINTS };

/* Bring what was sent to a point on its way. */
static void advance(struct house *house, enum point point, struct outbox *out)
{
    if (point != QUEUED)
        flush(house, out);
    if (point == DRAINED)
        assert_int_equal(vault_settle(house->vault), OK);
    if (point == CRASHED)
        crash(house);
}

static void the_same_digest_gets_the_same_receipt_anywhere(void **state)
{
    (void)state;
    for (int point = QUEUED; point < POINTS; point++) {
        struct house house;
        struct outbox out = {0};
        SCOPED_BUF struct buf first = {0}, second = {0}, third = {0};
        house_new(&house, HOUSE_FOLDER);
        struct member *acme = house_member(&house, "acme");
        contribute(&house, acme, 1, ACT, 1, &out);
        advance(&house, (enum point)point, &out);
        contribute(&house, acme, 1, ACT, 2, &out);
        contribute(&house, acme, 1, "do something else", 3, &out);
        flush(&house, &out);
        assert_int_equal(answer(&out, 1, &first), OK);
        assert_int_equal(answer(&out, 2, &second), OK);
        assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
        assert_int_equal(answer(&out, 3, &third), ERR_EXISTS);
        assert_int_equal(status_of(&house, "contributions"), 1);
        assert_int_equal(live(&house), 1);
        outbox_free(&out);
        house_free(&house);
    }
}

static void a_withdrawal_meets_what_is_in_flight(void **state)
{
    (void)state;
    for (int point = QUEUED; point < POINTS; point++) {
        struct house house;
        struct outbox out = {0};
        SCOPED_BUF struct buf body = {0};
        house_new(&house, HOUSE_FOLDER);
        struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
        contribute(&house, acme, 1, ACT, 1, &out);
        contribute(&house, acme, 2, ACT, 2, &out);
        advance(&house, (enum point)point, &out);
        withdraw(&house, globex, 8, 1, 3, &out); /* another's */
        withdraw(&house, acme, 9, 1, 4, &out);
        advance(&house, (enum point)point, &out);
        withdraw(&house, acme, 10, 1, 5, &out); /* twice */
        withdraw(&house, acme, 11, 9, 6, &out); /* a withdrawal */
        contribute(&house, acme, 1, ACT, 7, &out);
        flush(&house, &out);
        static const enum status expected[] = {OK, OK, ERR_NOT_FOUND, OK, ERR_EXISTS, ERR_NOT_FOUND, ERR_EXISTS};
        for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
            assert_int_equal(answer(&out, i + 1, &body), expected[i]);
        assert_int_equal(live(&house), 1);
        assert_int_equal(status_of(&house, "withdrawals"), 1);
        json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
        outbox_free(&out);
        house_free(&house);
    }
}

static void a_quota_counts_what_is_in_flight(void **state)
{
    (void)state;
    for (int point = QUEUED; point < POINTS; point++) {
        struct house house;
        struct outbox out = {0};
        SCOPED_BUF struct buf body = {0};
        house_prepare(&house, HOUSE_FOLDER);
        house.policy.max_contributions = 2;
        assert_int_equal(house_found(&house, NULL), OK);
        struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
        contribute(&house, acme, 1, ACT, 1, &out);
        advance(&house, (enum point)point, &out);
        contribute(&house, acme, 2, ACT, 2, &out);
        advance(&house, (enum point)point, &out);
        contribute(&house, acme, 3, ACT, 3, &out);
        contribute(&house, globex, 1, ACT, 4, &out);
        flush(&house, &out);
        assert_int_equal(answer(&out, 2, &body), OK);
        assert_int_equal(answer(&out, 3, &body), ERR_LIMIT);
        assert_int_equal(answer(&out, 4, &body), OK);
        outbox_free(&out);
        house_free(&house);
    }
}

/* --- crashes --- */

/* A crash before the n-th step of draining; whether there was one left. */
static bool drain_with_crash(size_t n)
{
    struct house house;
    struct outbox out = {0};
    struct receipt receipts[5];
    bool more = true;
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    int64_t tree = status_of(&house, "tree");
    contribute(&house, acme, 1, ACT, 1, &out);
    contribute(&house, globex, 1, ACT, 2, &out);
    flush(&house, &out);
    contribute(&house, acme, 2, ACT, 3, &out);
    withdraw(&house, acme, 9, 1, 4, &out);
    flush(&house, &out);
    for (size_t i = 1; i < n && more; i++)
        assert_int_equal(intake_step(house.vault, &more), OK);
    contribute(&house, globex, 2, ACT, 5, &out);
    flush(&house, &out);
    crash(&house);
    assert_int_equal(live(&house), 3);
    assert_int_equal(status_of(&house, "contributions"), 4);
    assert_int_equal(status_of(&house, "withdrawals"), 1);
    assert_int_equal(status_of(&house, "tree"), tree + 3);
    for (size_t i = 0; i < 5; i++) {
        take_receipt(&house, &out, i + 1, &receipts[i]);
        check_logged(&house, &receipts[i]);
    }
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    house_reopen(&house);
    assert_int_equal(live(&house), 3);
    outbox_free(&out);
    house_free(&house);
    return more;
}

static void a_crash_between_any_two_steps_of_draining_changes_nothing(void **state)
{
    (void)state;
    size_t n = 1;
    while (drain_with_crash(n))
        n++;
    assert_true(n > 4); /* swap, two tenants, the federation, and none left */
}

/* The commit of a file may have happened although it reported a failure: the number of its last batch says so, and
 * nothing is entered a second time. */
static void a_commit_that_happened_is_not_repeated(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    bool more = true;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    contribute(&house, acme, 1, ACT, 1, &out);
    flush(&house, &out);
    assert_int_equal(intake_step(house.vault, &more), OK); /* the files change places */
    assert_int_equal(intake_step(house.vault, &more), OK); /* the tenant's part */
    struct db *db = store_federation(house.vault->store);
    int64_t count = 0;
    assert_int_equal(db_exec(db, "INSERT INTO intake (one, batch) VALUES (1, 1)", ""), OK); /* as its commit would */
    while (more)
        assert_int_equal(intake_step(house.vault, &more), OK);
    assert_int_equal(db_row(db, "SELECT count(*) FROM intake_count", ":i", &count), OK);
    assert_int_equal(count, 0); /* the commit that is made out to have happened would have counted */
    outbox_free(&out);
    house_free(&house);
}

/* Batches may come faster than a file is drained. */
static void batches_come_while_a_file_is_drained(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    bool more;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    for (uint8_t id = 1; id <= 40; id++) {
        contribute(&house, id % 3 ? acme : globex, id, ACT, id, &out);
        flush(&house, &out);
        assert_int_equal(intake_step(house.vault, &more), OK);
        if (id % 7 == 0) {
            withdraw(&house, id % 3 ? acme : globex, (uint8_t)(100 + id), id, 100 + id, &out);
            flush(&house, &out);
        }
    }
    assert_int_equal(live(&house), 35);
    assert_int_equal(status_of(&house, "contributions"), 40);
    assert_int_equal(status_of(&house, "withdrawals"), 5);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    outbox_free(&out);
    house_free(&house);
}

/* A tenant whose database cannot be written holds up nobody else, and loses nothing. */
static void one_tenants_failure_is_its_own(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct tenant tenant;
    struct db *db = NULL;
    bool more = true;
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    contribute(&house, acme, 1, ACT, 1, &out);
    contribute(&house, globex, 1, ACT, 2, &out);
    flush(&house, &out);
    assert_int_equal(tenant_find(house.vault->store, acme->tenant, &tenant), OK);
    assert_int_equal(store_tenant(house.vault->store, &tenant, &db), OK);
    assert_int_equal(intake_step(house.vault, &more), OK); /* the files change places */
    db_fail_after(db, 1);
    assert_int_equal(intake_step(house.vault, &more), ERR_IO);
    assert_int_equal(intake_step(house.vault, &more), OK);
    assert_non_null(intake_find(house.vault, acme->device,
                                (const uint8_t[ID_BYTES]){1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
    db_fail_after(db, 0);
    assert_int_equal(live(&house), 2);
    outbox_free(&out);
    house_free(&house);
}

/* --- what lies on the disk --- */

static struct bytes sought;
static size_t hits, bytes_seen;

static int search_file(const char *path, const struct stat *info, int kind)
{
    (void)info;
    SCOPED_BUF struct buf content = {0};
    if (kind != FTW_F)
        return 0;
    assert_int_equal(file_read(path, 64u << 20, &content), OK);
    if (strstr(path, ".journal"))
        bytes_seen += content.size;
    hits += bytes_find(buf_bytes(&content), sought) != SIZE_MAX;
    return 0;
}

static void the_journal_shows_nothing(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct stat info;
    char path[300];
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme");
    contribute(&house, acme, 1, ACT, 1, &out);
    withdraw(&house, acme, 2, 1, 2, &out);
    flush(&house, &out);
    uint8_t id[ID_BYTES];
    memset(id, 1, sizeof id);
    const struct bytes secrets[] = {bytes_str("payments do not add up"),
                                    bytes_str("recompute bags"),
                                    bytes_str("contrast/1"),
                                    bytes_str("signature"),
                                    bytes_str("2026-11"),
                                    bytes_of(acme->device, ID_BYTES),
                                    bytes_of(id, sizeof id)};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        sought = secrets[i];
        hits = bytes_seen = 0;
        assert_int_equal(ftw(house.folder, search_file, 16), 0);
        assert_true(bytes_seen > 1000); /* the journal was there to be searched */
        assert_int_equal(hits, 0);
    }
    sought = bytes_of(acme->tenant, ID_BYTES); /* its name in the file system is this id, too */
    hits = 0;
    assert_int_equal(ftw(house.folder, search_file, 16), 0);
    assert_true(hits > 0);
    snprintf(path, sizeof path, "%s/intake-0.journal", house.folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    outbox_free(&out);
    house_free(&house);
}

static void a_journal_played_twice_is_played_once(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct vault *vault = NULL;
    char command[1000];
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme");
    contribute(&house, acme, 1, ACT, 1, &out);
    flush(&house, &out);
    snprintf(command, sizeof command, "cat '%s'/intake-?.journal > '%s/kept'", house.folder, house.folder);
    assert_int_equal(system(command), 0);
    json_free(house_command(&house, "{\"command\":\"status\"}")); /* drains it */
    vault_close(house.vault);
    house.vault = NULL;
    struct vault_options options = house_options(&house);
    snprintf(command, sizeof command, "cp '%s/kept' '%s/intake-0.journal'", house.folder, house.folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(vault_open(&options, &vault, NULL), OK); /* played again: all of it is in the databases */
    house.vault = vault;
    assert_int_equal(status_of(&house, "contributions"), 1);
    assert_int_equal(live(&house), 1);
    outbox_free(&out);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_over_tenants_has_one_signature_and_one_leaf),
        cmocka_unit_test(a_full_batch_goes_by_itself),
        cmocka_unit_test(another_epoch_is_another_batch),
        cmocka_unit_test(a_command_settles_first),
        cmocka_unit_test(a_promised_leaf_is_kept_free),
        cmocka_unit_test(the_same_digest_gets_the_same_receipt_anywhere),
        cmocka_unit_test(a_withdrawal_meets_what_is_in_flight),
        cmocka_unit_test(a_quota_counts_what_is_in_flight),
        cmocka_unit_test(a_crash_between_any_two_steps_of_draining_changes_nothing),
        cmocka_unit_test(a_commit_that_happened_is_not_repeated),
        cmocka_unit_test(batches_come_while_a_file_is_drained),
        cmocka_unit_test(one_tenants_failure_is_its_own),
        cmocka_unit_test(the_journal_shows_nothing),
        cmocka_unit_test(a_journal_played_twice_is_played_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
