/* Erasing a tenant: the designed order, the receipt, what a crash leaves, and what an old copy is still good for. */
#include "server/erase.h"

#include <unistd.h>

#include "base/file.h"
#include "server/store_keys.h"
#include "tests/server/house_fixture.h"

#define ERASE "{\"command\":\"tenant.erase\",\"confirm\":\"acme\",\"tenant\":\"acme\"}"

static void start(struct house *house, enum house_place place)
{
    house_new(house, place);
    house_sharer(house, "acme");
    house_sharer(house, "globex");
    house_sharer(house, "initech");
}

static void take_receipt(struct house *house, const char *command, struct erasure *out)
{
    SCOPED_JSON struct json *reply = house_command(house, command);
    assert_int_equal(erasure_decode(json_string_bytes(json_get(reply, "receipt")), out, NULL), OK);
}

/* The others go on, the erased tenant doesn't, and nothing is left of an unfinished one. */
static void check_erased(struct house *house, const struct tenant *acme, uint8_t fresh)
{
    int64_t left = -1;
    SCOPED_BUF struct buf key = {0};
    struct tenant now;
    struct db *db = store_federation(house->vault->store);
    assert_int_equal(tenant_find(house->vault->store, acme->id, &now), OK);
    assert_int_equal(now.state, TENANT_ERASED);
    assert_int_equal(tenant_named(house->vault->store, "acme", &now), ERR_NOT_FOUND);
    assert_int_equal(db_row(db, "SELECT count(*) FROM rewrap", ":i", &left), OK);
    assert_int_equal(left, 0);
    assert_int_equal(db_row(db, "SELECT count(*) FROM erasure WHERE finished = 1", ":i", &left), OK);
    assert_int_equal(left, 1);
    assert_int_equal(db_row(db, "SELECT count(*) FROM receipt WHERE tenant = ? AND body <> x''", "b:i",
                            bytes_of(acme->id, ID_BYTES), &left),
                     OK);
    assert_int_equal(left, 0);
    assert_false(house_has_database(house, acme, 1));
    assert_int_equal(house_share(house, &house->members[0], fresh, "a page is empty", "load it again", 1), ERR_DENIED);
    assert_int_equal(house_share(house, &house->members[1], fresh, "a page is empty", "load it again", 1), OK);
    assert_int_equal(house_number(house, "{\"command\":\"round.preview\"}", "tenants"), 2);
}

static void it_is_gone_and_the_log_says_so(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt, again;
    struct checkpoint checkpoint;
    start(&house, HOUSE_FOLDER);
    struct tenant acme = house_tenant(&house, "acme");
    assert_true(house_has_database(&house, &acme, 1));
    take_receipt(&house, ERASE, &receipt);
    check_erased(&house, &acme, 11);
    assert_memory_equal(receipt.tenant, acme.id, ID_BYTES);
    assert_int_equal(erasure_check(&receipt, &house.vault->federation, &checkpoint, NULL), OK);
    assert_true(receipt.leaf < checkpoint.size);
    house_reopen(&house);
    check_erased(&house, &acme, 12);

    char command[128], hex[2 * ID_BYTES + 1];
    encode_hex_text(acme.id, ID_BYTES, hex);
    snprintf(command, sizeof command, "{\"command\":\"tenant.erase\",\"confirm\":\"\",\"tenant\":\"%s\"}", hex);
    take_receipt(&house, command, &again); /* the log has grown, the statement is the same */
    assert_memory_equal(again.signature, receipt.signature, SIGN_BYTES);
    assert_int_equal(erasure_check(&again, &house.vault->federation, &checkpoint, NULL), OK);
    house_free(&house);
}

static void a_tombstone_is_no_tenant(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt;
    char hex[2 * ID_BYTES + 1], command[128];
    static const char *const refused[] = {"token", "suspend", "resume", "rotate"};
    start(&house, HOUSE_FOLDER);
    struct tenant acme = house_tenant(&house, "acme");
    take_receipt(&house, ERASE, &receipt);
    encode_hex_text(acme.id, ID_BYTES, hex);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        snprintf(command, sizeof command, "{\"command\":\"tenant.%s\",\"tenant\":\"%s\"}", refused[i], hex);
        assert_int_equal(house_command_status(&house, command), ERR_POLICY);
    }
    struct member *fresh = house_member(&house, "acme"); /* the name is free; nothing else is */
    assert_memory_not_equal(fresh->tenant, acme.id, ID_BYTES);
    assert_int_equal(house_share(&house, fresh, 9, "a page is empty", "load it again", 1), OK);
    house_free(&house);
}

static void it_wants_the_name(void **state)
{
    (void)state;
    struct house house;
    start(&house, HOUSE_FOLDER);
    assert_int_equal(
        house_command_status(&house, "{\"command\":\"tenant.erase\",\"confirm\":\"acm\",\"tenant\":\"acme\"}"),
        ERR_POLICY);
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.erase\",\"tenant\":\"acme\"}"), ERR_INPUT);
    assert_int_equal(house_tenant(&house, "acme").state, TENANT_ACTIVE);
    house_free(&house);
}

static enum status count_file(void *context, const char *path)
{
    (void)path;
    *(size_t *)context += 1;
    return OK;
}

static void a_backup_that_was_cut_off_goes_too(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt;
    char folder[300];
    size_t files = 0;
    start(&house, HOUSE_FOLDER);
    json_free(house_command(&house, "{\"command\":\"backup\",\"tail\":false}")); /* and nobody carries it away */
    snprintf(folder, sizeof folder, "%s/backup", house.folder);
    assert_int_equal(folder_walk(folder, count_file, &files), OK);
    assert_int_equal(files, 6); /* four stores, the key, the manifest */
    take_receipt(&house, ERASE, &receipt);
    files = 0;
    assert_int_equal(folder_walk(folder, count_file, &files), OK);
    assert_int_equal(files, 0);
    house_free(&house);
}

static void unused_tokens_die_with_the_key(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt;
    struct member member = {0};
    SCOPED_BUF struct buf token = {0}, request = {0};
    start(&house, HOUSE_FOLDER);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"globex\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &request);
    take_receipt(&house, ERASE, &receipt);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), ERR_DENIED);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"globex\"}", &token);
    buf_clear(&request);
    house_enrol_request(&house, buf_bytes(&token), &member, &request);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), OK);
    secret_free(&member.seed);
    house_free(&house);
}

static void in_memory_too(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt;
    struct checkpoint checkpoint;
    start(&house, HOUSE_MEMORY);
    take_receipt(&house, ERASE, &receipt);
    assert_int_equal(erasure_check(&receipt, &house.vault->federation, &checkpoint, NULL), OK);
    assert_int_equal(house_number(&house, "{\"command\":\"round.preview\"}", "tenants"), 2);
    house_free(&house);
}

/* --- crashes --- */

/* Until the n-th write; then the process is gone. Whatever it left either holds the tenant whole, or ends the erasure
 * by itself when it is opened. */
static void cut_off_anywhere_it_ends(void **state)
{
    (void)state;
    size_t erased = 0, kept = 0;
    for (size_t n = 1; n < 200; n++) {
        struct house house;
        start(&house, HOUSE_FOLDER);
        struct tenant acme = house_tenant(&house, "acme");
        db_fail_after(store_federation(house.vault->store), n);
        enum status status = house_command_status(&house, ERASE);
        db_fail_after(store_federation(house.vault->store), 0);
        if (status != OK)
            house_reopen(&house);
        struct tenant now;
        assert_int_equal(tenant_find(house.vault->store, acme.id, &now), OK);
        if (now.state == TENANT_ERASED)
            check_erased(&house, &acme, 21);
        else
            assert_int_equal(house_number(&house, "{\"command\":\"round.preview\"}", "tenants"), 3);
        *(now.state == TENANT_ERASED ? &erased : &kept) += 1;
        house_free(&house);
        if (status == OK)
            break;
    }
    assert_true(kept > 5);
    assert_true(erased > 5);
}

/* The tombstone is there, but the key file could not be replaced: nothing goes on until the folder is opened anew, and
 * then the old key goes. */
static void a_key_file_that_cannot_be_written_stops_the_vault(void **state)
{
    (void)state;
    struct house house;
    char path[320], kept[320];
    uint8_t before[KEY_NAME_BYTES], after[KEY_NAME_BYTES];
    start(&house, HOUSE_FOLDER);
    struct tenant acme = house_tenant(&house, "acme");
    assert_int_equal(keys_name(store_intermediate(house.vault->store), before), OK);
    snprintf(path, sizeof path, "%s/intermediate.key", house.folder);
    snprintf(kept, sizeof kept, "%s/kept.key", house.folder);
    assert_int_equal(rename(path, kept), 0);
    assert_int_equal(folder_create(path, 0700), OK); /* no file can take its place */
    SCOPED_BUF struct buf reply = {0};
    assert_int_equal(house_ask(house.vault, &house.distiller, ROLE_SUPERVISOR, MESSAGE_ADMIN, bytes_str(ERASE), &reply),
                     ERR_IO);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rename(kept, path), 0);
    house_reopen(&house);
    check_erased(&house, &acme, 31);
    assert_int_equal(keys_name(store_intermediate(house.vault->store), after), OK);
    assert_memory_not_equal(before, after, sizeof before);
    house_free(&house);
}

/* --- what an old copy is good for --- */

static void copy_of(const char *from, const char *to)
{
    SCOPED_BUF struct buf content = {0};
    assert_int_equal(file_read(from, 1u << 24, &content), OK);
    assert_int_equal(file_write(to, buf_bytes(&content), 0600), OK);
}

static void path_of(const struct house *house, const char *name, char out[static 320])
{
    snprintf(out, 320, "%s/%s", house->folder, name);
}

/* Someone kept the key file and the federation's database, and the root key: with what the folder holds later they open
 * no tenant's data. Not the erased one's, whose file is gone; and no other's, whose keys are wrapped anew. */
static void an_old_key_opens_nothing_later(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt;
    SCOPED_SECRET struct secret old = {0}, key = {0};
    char path[320], kept[320];
    start(&house, HOUSE_FOLDER);
    struct tenant acme = house_tenant(&house, "acme");
    assert_int_equal(secret_copy(&old, secret_bytes(store_intermediate(house.vault->store))), OK);
    path_of(&house, "intermediate.key", path);
    path_of(&house, "kept.key", kept);
    copy_of(path, kept);
    take_receipt(&house, ERASE, &receipt);

    struct tenant later = {0};
    while (tenant_after(house.vault->store, later.number, &later) == OK) {
        char label[TENANT_LABEL];
        tenant_key_label(&later, label);
        assert_int_equal(key_unwrap(&old, label, later.key_version, bytes_of(later.wrapped, KEY_WRAPPED_BYTES), &key),
                         ERR_DENIED);
    }
    vault_close(house.vault);
    house.vault = NULL;
    copy_of(kept, path); /* the old file in the new folder */
    struct vault_options options = house_options(&house);
    assert_int_not_equal(vault_open(&options, &house.vault, NULL), OK);
    assert_null(house.vault);
    assert_false(house_has_database(&house, &acme, 1));
    house_free(&house);
}

static size_t times_in_folder(const struct house *house, struct bytes needle)
{
    static const char *const names[] = {"federation.db", "federation.db-wal"};
    size_t found = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[320];
        SCOPED_BUF struct buf content = {0};
        path_of(house, names[i], path);
        if (file_read(path, 1u << 26, &content) == OK)
            found += bytes_find(buf_bytes(&content), needle) != SIZE_MAX;
    }
    return found;
}

/* Pages of before, encrypted as they are, are no longer in the write-ahead log. */
static void the_log_of_writes_is_emptied(void **state)
{
    (void)state;
    struct house house;
    struct erasure receipt;
    char path[320];
    SCOPED_BUF struct buf wal = {0};
    start(&house, HOUSE_FOLDER);
    path_of(&house, "federation.db-wal", path);
    assert_int_equal(file_read(path, 1u << 26, &wal), OK);
    assert_true(wal.size > 8192);
    struct bytes needle = bytes_part(buf_bytes(&wal), wal.size - 2048, 64);
    assert_int_equal(times_in_folder(&house, needle), 1); /* positive control */
    take_receipt(&house, ERASE, &receipt);
    SCOPED_BUF struct buf after = {0};
    assert_int_equal(file_read(path, 1u << 26, &after), OK);
    assert_int_equal(bytes_find(buf_bytes(&after), needle), SIZE_MAX);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_gone_and_the_log_says_so),
        cmocka_unit_test(a_tombstone_is_no_tenant),
        cmocka_unit_test(it_wants_the_name),
        cmocka_unit_test(a_backup_that_was_cut_off_goes_too),
        cmocka_unit_test(unused_tokens_die_with_the_key),
        cmocka_unit_test(in_memory_too),
        cmocka_unit_test(cut_off_anywhere_it_ends),
        cmocka_unit_test(a_key_file_that_cannot_be_written_stops_the_vault),
        cmocka_unit_test(an_old_key_opens_nothing_later),
        cmocka_unit_test(the_log_of_writes_is_emptied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
