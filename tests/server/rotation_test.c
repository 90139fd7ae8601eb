/* Rotation of the server's own keys: nothing that was sealed, signed or minted in time is refused, nothing old is taken
 * afterwards, and a rotation happens wholly or not at all. */
#include "server/key_rotation.h"

#include "tests/server/house_fixture.h"

#define DAY (86400 * 1000LL)

static void rotate(struct house *house, const char *key)
{
    char command[80];
    snprintf(command, sizeof command, "{\"command\":\"key.rotate\",\"key\":\"%s\"}", key);
    json_free(house_command(house, command));
}

static void tick(struct house *house, struct outbox *out)
{
    const struct message message = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    assert_int_equal(vault_handle(house->vault, &message, out), OK);
}

static void pass_days(struct house *house, int64_t days)
{
    for (int64_t left = days; left > 0; left -= 20) { /* no jump that the operator would have to accept */
        struct outbox out = {0};
        house->ms += (left < 20 ? left : 20) * DAY;
        tick(house, &out);
        outbox_free(&out);
    }
}

/* The document as a member gets it. */
static void ask_federation(struct house *house, struct federation *out)
{
    SCOPED_BUF struct buf text = {0};
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_FEDERATION, BYTES_NONE, &text), OK);
    assert_int_equal(federation_decode(buf_bytes(&text), out, NULL), OK);
}

static void seal(struct house *house, const struct member *member, uint8_t id, struct buf *envelope)
{
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0};
    house_record("an upload fails", "retry it once", id, &record);
    house_header(house, member, ENVELOPE_CONTRIBUTION, id, &header);
    house_seal(house, member, &header, buf_bytes(&record), envelope);
}

static enum status send(struct house *house, const struct buf *envelope, struct buf *body)
{
    return house_get(house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(envelope), body);
}

static int64_t count(struct house *house, const char *sql)
{
    int64_t value = -1;
    assert_int_equal(db_row(store_federation(house->vault->store), sql, ":i", &value), OK);
    return value;
}

static void what_was_sealed_in_time_is_taken_until_the_overlap_ends(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf soon = {0}, late = {0}, after = {0}, fresh = {0};
    house_new(&house, HOUSE_FOLDER);
    struct member *member = house_member(&house, "acme");
    seal(&house, member, 1, &soon);
    seal(&house, member, 2, &late);
    rotate(&house, "sealing");
    assert_int_equal(send(&house, &soon, NULL), OK);
    house_reopen(&house); /* the earlier key is there again */
    pass_days(&house, 29);
    struct envelope_header header; /* the month is another one now: only the key is old */
    SCOPED_BUF struct buf record = {0};
    house_record("an upload fails", "retry it once", 3, &record);
    house_header(&house, member, ENVELOPE_CONTRIBUTION, 3, &header);
    memcpy(header.sealing_key_id, house.vault->sealing[0].id, KEY_ID_BYTES);
    uint8_t public_key[HPKE_PUBLIC_BYTES];
    assert_int_equal(hpke_public(&house.vault->sealing[0].key, public_key), OK);
    assert_int_equal(envelope_seal(&header, public_key, &member->seed, buf_bytes(&record), &after), OK);
    assert_int_equal(send(&house, &after, NULL), OK);
    assert_int_equal(count(&house, "SELECT count(*) FROM server_key WHERE purpose = 'sealing'"), 2);
    pass_days(&house, 1);
    assert_int_equal(house.vault->sealing_count, 0);
    assert_int_equal(count(&house, "SELECT count(*) FROM server_key WHERE purpose = 'sealing'"), 1);
    assert_int_equal(count(&house, "SELECT count(*) FROM trail WHERE act = 'key.destroy'"), 1);
    assert_int_equal(send(&house, &late, NULL), ERR_DENIED);
    assert_int_equal(send(&house, &after, NULL), ERR_DENIED);
    seal(&house, member, 4, &fresh);
    assert_int_equal(send(&house, &fresh, NULL), OK);
    house_reopen(&house);
    assert_int_equal(house.vault->sealing_count, 0);
    house_free(&house);
}

/* Without a tick the time alone ends it. */
static void an_overlap_ends_by_the_clock_and_by_the_operator(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf one = {0}, two = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *member = house_member(&house, "acme");
    seal(&house, member, 1, &one);
    rotate(&house, "sealing");
    rotate(&house, "sealing");
    assert_int_equal(house.vault->sealing_count, 2);
    seal(&house, member, 2, &two);
    assert_int_equal(house_number(&house, "{\"command\":\"key.destroy\"}", "destroyed"), 2);
    assert_int_equal(send(&house, &one, NULL), ERR_DENIED);
    assert_int_equal(send(&house, &two, NULL), OK);
    rotate(&house, "sealing");
    uint8_t id[KEY_ID_BYTES];
    memcpy(id, house.vault->sealing[0].id, KEY_ID_BYTES);
    assert_non_null(server_sealing_key(house.vault, id));
    house.vault->time.now += KEY_OVERLAP_SECONDS;
    assert_null(server_sealing_key(house.vault, id));
    assert_null(server_sealing_nth(house.vault, 1));
    assert_non_null(server_sealing_nth(house.vault, 0));
    house_free(&house);
}

/* Every kind of rotation between the messages of two members, whose clients sealed and asked before it. */
static void nothing_in_time_is_refused_while_keys_are_rotated(void **state)
{
    (void)state;
    static const char *const keys[] = {"sealing", "receipt", "library", "evidence", "checkpoint", "tls", "all"};
    struct house house;
    struct checkpoint seen = {0};
    house_new(&house, HOUSE_FOLDER);
    struct member *members[] = {house_member(&house, "north"), house_member(&house, "south")};
    struct federation known;
    ask_federation(&house, &known);
    for (uint8_t round = 0; round < sizeof keys / sizeof *keys; round++) {
        SCOPED_BUF struct buf first = {0}, second = {0}, body = {0}, token = {0}, request = {0};
        struct federation now;
        struct library library;
        struct member late = {0};
        char add[80];
        seal(&house, members[0], (uint8_t)(2 * round + 1), &first);
        seal(&house, members[1], (uint8_t)(2 * round + 2), &second);
        snprintf(add, sizeof add, "{\"command\":\"tenant.add\",\"name\":\"late %u\"}", round);
        house_token(&house, add, &token);
        house_enrol_request(&house, buf_bytes(&token), &late, &request);
        rotate(&house, keys[round]);
        assert_int_equal(send(&house, &first, &body), OK);
        assert_int_equal(send(&house, &second, &body), OK);
        assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), OK);
        secret_free(&late.seed);
        ask_federation(&house, &now);
        assert_int_equal(federation_follows(&known, &now, NULL), OK);
        assert_true(strcmp(keys[round], "tls") == 0 || now.serial > known.serial);
        federation_free(&known);
        known = now;
        json_free(house_command(&house, "{\"command\":\"round\"}"));
        house_library(&house, &seen, &library); /* under the keys of the document */
        library_free(&library);
    }
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    assert_int_equal(count(&house, "SELECT count(*) FROM opening WHERE kind = 'rotation'"), 12);
    house_reopen(&house);
    struct federation again;
    ask_federation(&house, &again);
    assert_int_equal(again.serial, known.serial);
    assert_int_equal(federation_follows(&known, &again, NULL), OK);
    federation_free(&again);
    federation_free(&known);
    house_free(&house);
}

/* The answer to the first sending was lost, and the receipt key was rotated meanwhile. */
static void a_receipt_of_before_verifies_under_the_document_of_after(void **state)
{
    (void)state;
    struct house house;
    struct receipt receipt;
    struct federation now;
    SCOPED_BUF struct buf envelope = {0}, first = {0}, again = {0};
    house_new(&house, HOUSE_FOLDER);
    struct member *member = house_member(&house, "acme");
    seal(&house, member, 1, &envelope);
    assert_int_equal(send(&house, &envelope, &first), OK);
    rotate(&house, "receipt");
    rotate(&house, "receipt");
    assert_int_equal(send(&house, &envelope, &again), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
    ask_federation(&house, &now);
    assert_int_equal(receipt_decode(buf_bytes(&again), &receipt, NULL), OK);
    assert_int_equal(receipt_check(&receipt, now.id, now.receipt_key), ERR_DENIED);
    assert_int_equal(now.earlier_count, 2);
    assert_int_equal(receipt_check(&receipt, now.id, now.earlier[0]), ERR_DENIED);
    assert_int_equal(receipt_check(&receipt, now.id, now.earlier[1]), OK);
    federation_free(&now);
    house_free(&house);
}

static void sign_checkpoint(const struct secret *seed, const struct vault *vault, uint64_t size, struct buf *note)
{
    struct checkpoint checkpoint = {.size = size};
    assert_int_equal(checkpoint_sign(&checkpoint, vault->origin, seed, note), OK);
}

static void an_earlier_checkpoint_key_speaks_only_of_its_own_time(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint got;
    SCOPED_SECRET struct secret old = {0};
    SCOPED_BUF struct buf before = {0}, beyond = {0}, present = {0};
    uint64_t size = 0;
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(secret_copy(&old, secret_bytes(&house.vault->keys[SERVER_CHECKPOINT])), OK);
    assert_int_equal(log_size(house.vault->store, &size), OK);
    rotate(&house, "checkpoint");
    rotate(&house, "checkpoint");
    sign_checkpoint(&old, house.vault, size, &before);
    sign_checkpoint(&old, house.vault, size + 1, &beyond);
    sign_checkpoint(&house.vault->keys[SERVER_CHECKPOINT], house.vault, size + 100, &present);
    assert_int_equal(vault_checkpoint_open(house.vault, buf_bytes(&before), &got), OK);
    assert_int_equal(got.size, size);
    assert_int_equal(vault_checkpoint_open(house.vault, buf_bytes(&beyond), &got), ERR_DENIED);
    assert_int_equal(got.size, 0);
    assert_int_equal(vault_checkpoint_open(house.vault, buf_bytes(&present), &got), OK);
    house_free(&house);
}

/* Old private keys are in no row, and not in memory. */
static void old_signing_keys_are_gone(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    rotate(&house, "all");
    assert_int_equal(count(&house, "SELECT count(*) FROM server_key"), SERVER_KEYS + 1);
    assert_int_equal(count(&house, "SELECT count(*) FROM server_key WHERE version = 1"), 2); /* authority, sealing */
    assert_int_equal(count(&house, "SELECT count(*) FROM server_public"), 5);
    house_reopen(&house);
    SCOPED_JSON struct json *list = house_command(&house, "{\"command\":\"key.list\"}");
    assert_int_equal(json_count(json_get(list, "keys")), SERVER_KEYS + 5);
    assert_int_equal(house_command_status(&house, "{\"command\":\"key.rotate\",\"key\":\"ca\"}"), ERR_USAGE);
    assert_int_equal(house_command_status(&house, "{\"command\":\"key.rotate\",\"key\":\"\"}"), ERR_USAGE);
    assert_int_equal(house_command_status(&house, "{\"command\":\"key.rotate\"}"), ERR_INPUT);
    house_free(&house);
}

static void the_number_of_live_sealing_keys_is_bounded(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    for (int i = 0; i < SEALING_EARLIER_MAX; i++)
        rotate(&house, "sealing");
    assert_int_equal(house_command_status(&house, "{\"command\":\"key.rotate\",\"key\":\"all\"}"), ERR_POLICY);
    rotate(&house, "receipt");
    house_reopen(&house);
    assert_int_equal(house.vault->sealing_count, SEALING_EARLIER_MAX);
    pass_days(&house, 31);
    rotate(&house, "all");
    for (int i = 0; i < 2 * FEDERATION_EARLIER_MAX; i++)
        rotate(&house, "receipt");
    assert_int_equal(house.vault->federation.earlier_count, FEDERATION_EARLIER_MAX);
    house_reopen(&house);
    house_free(&house);
}

/* Every write of a rotation failing in turn: all of it, or nothing of it. */
static void a_rotation_is_whole_or_nothing(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    struct member *member = house_member(&house, "acme");
    enum status status = ERR_IO;
    size_t n = 1;
    for (; status != OK; n++) {
        SCOPED_BUF struct buf envelope = {0};
        uint64_t serial = house.vault->federation.serial;
        seal(&house, member, (uint8_t)n, &envelope);
        db_fail_after(store_federation(house.vault->store), n);
        status = key_rotate(house.vault, KEYS_ALL, NULL);
        db_fail_after(store_federation(house.vault->store), 0);
        assert_true(status == OK ? house.vault->federation.serial > serial : house.vault->federation.serial == serial);
        assert_int_equal(count(&house, "SELECT count(*) FROM server_public"), status == OK ? 5 : 0);
        assert_int_equal(send(&house, &envelope, NULL), OK);
        uint64_t now = house.vault->federation.serial;
        house_reopen(&house);
        assert_int_equal(house.vault->federation.serial, now);
    }
    assert_true(n > 20);
    house_free(&house);
}

static void a_rotation_survives_failing_allocations(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    enum status status = ERR_MEMORY;
    size_t n = 1;
    for (; status != OK; n += 3) {
        uint64_t serial = house.vault->federation.serial;
        mem_fail_after(n);
        status = key_rotate(house.vault, KEYS_ALL, NULL);
        mem_fail_after(0);
        assert_true(status == OK ? house.vault->federation.serial > serial : house.vault->federation.serial == serial);
    }
    assert_true(n > 50);
    house_free(&house);
}

/* --- the certificate --- */

/* The certificate that a message for the gate carries. */
static void read_identity(const struct outbox *out, struct cert_facts *facts)
{
    assert_int_equal(out->count, 1);
    assert_int_equal(out->items[0].type, MESSAGE_IDENTITY);
    struct cursor cursor = {buf_bytes(&out->items[0].payload)};
    struct bytes key, certificate;
    assert_int_equal(cursor_lp(&cursor, &key), OK);
    assert_int_equal(cursor_lp(&cursor, &certificate), OK);
    assert_int_equal(cert_read(certificate, facts), OK);
}

static void a_certificate_is_renewed_before_its_end(void **state)
{
    (void)state;
    struct house house;
    struct cert_facts before, after;
    struct outbox out = {0};
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(cert_read(buf_bytes(&house.vault->certificate), &before), OK);
    pass_days(&house, (SERVER_SECONDS - SERVER_RENEW_SECONDS) / 86400 - 1);
    tick(&house, &out);
    assert_int_equal(out.count, 0);
    house.ms += 3 * DAY;
    tick(&house, &out);
    read_identity(&out, &after);
    assert_int_equal(after.not_after, house.ms / 1000 + SERVER_SECONDS);
    assert_int_equal(cert_check(bytes_str(house.vault->federation.ca_pem), buf_bytes(&house.vault->certificate),
                                house.ms / 1000, NULL),
                     OK);
    assert_int_equal(house.vault->federation.serial, 1); /* members notice nothing */
    outbox_free(&out);
    tick(&house, &out);
    assert_int_equal(out.count, 0);
    outbox_free(&out);
    assert_int_equal(count(&house, "SELECT count(*) FROM trail WHERE act = 'key.rotate' AND actor = 'clock'"), 1);
    house_free(&house);
}

/* --- federations of before --- */

static void a_federation_without_a_serial_gets_one_with_its_first_rotation(void **state)
{
    (void)state;
    struct house house;
    struct federation before, after;
    SCOPED_BUF struct buf text = {0}, token = {0}, later = {0};
    house_new(&house, HOUSE_FOLDER);
    house.vault->federation.serial = 0;
    assert_int_equal(federation_encode(&house.vault->federation, &text), OK);
    assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("serial")), SIZE_MAX);
    assert_int_equal(
        db_exec(store_federation(house.vault->store), "UPDATE federation SET document = ?", "b", buf_bytes(&text)), OK);
    house_reopen(&house);
    ask_federation(&house, &before);
    assert_int_equal(before.serial, 0);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &token);
    assert_true(bytes_starts(buf_bytes(&token), "chatham-token-1."));
    rotate(&house, "all");
    ask_federation(&house, &after);
    assert_true(after.serial > 0);
    assert_int_equal(federation_follows(&before, &after, NULL), OK);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &later);
    assert_true(bytes_starts(buf_bytes(&later), "chatham-token-2."));
    federation_free(&before);
    federation_free(&after);
    house_free(&house);
}

/* A backup of before a rotation knows neither its keys nor its serial: the next rotation gets ahead of it all the same.
 */
static void members_follow_a_restored_server_that_rotates_again(void **state)
{
    (void)state;
    struct house house;
    struct federation lost, restored;
    char kept[sizeof house.folder + 8], command[900];
    house_new(&house, HOUSE_FOLDER);
    rotate(&house, "all");
    snprintf(kept, sizeof kept, "%s.kept", house.folder);
    vault_close(house.vault);
    house.vault = NULL;
    snprintf(command, sizeof command, "cp -r '%s' '%s'", house.folder, kept);
    assert_int_equal(system(command), 0);
    house_reopen(&house);
    house.ms += 5000;
    rotate(&house, "all");
    rotate(&house, "all");
    ask_federation(&house, &lost);
    vault_close(house.vault);
    house.vault = NULL;
    snprintf(command, sizeof command, "rm -rf '%s' && mv '%s' '%s'", house.folder, kept, house.folder);
    assert_int_equal(system(command), 0);
    house_reopen(&house);
    ask_federation(&house, &restored);
    assert_int_equal(federation_follows(&lost, &restored, NULL), ERR_DENIED);
    federation_free(&restored);
    house.ms += 60000;
    rotate(&house, "all");
    ask_federation(&house, &restored);
    assert_int_equal(federation_follows(&lost, &restored, NULL), OK);
    federation_free(&restored);
    federation_free(&lost);
    house_free(&house);
}

int main(void)
{
    if (secret_start(0, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_in_time_is_taken_until_the_overlap_ends),
        cmocka_unit_test(an_overlap_ends_by_the_clock_and_by_the_operator),
        cmocka_unit_test(nothing_in_time_is_refused_while_keys_are_rotated),
        cmocka_unit_test(a_receipt_of_before_verifies_under_the_document_of_after),
        cmocka_unit_test(an_earlier_checkpoint_key_speaks_only_of_its_own_time),
        cmocka_unit_test(old_signing_keys_are_gone),
        cmocka_unit_test(the_number_of_live_sealing_keys_is_bounded),
        cmocka_unit_test(a_rotation_is_whole_or_nothing),
        cmocka_unit_test(a_rotation_survives_failing_allocations),
        cmocka_unit_test(a_certificate_is_renewed_before_its_end),
        cmocka_unit_test(a_federation_without_a_serial_gets_one_with_its_first_rotation),
        cmocka_unit_test(members_follow_a_restored_server_that_rotates_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
