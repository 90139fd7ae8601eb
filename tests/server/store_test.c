/* The stores: many tenants over few handles, files and keys that were moved, and the log's rows. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/server/house_fixture.h"

static struct tenant tenant_by_name(struct house *house, const char *name)
{
    struct tenant tenant;
    assert_int_equal(tenant_named(house->vault->store, name, &tenant), OK);
    return tenant;
}

static void tenant_path(const struct house *house, const struct tenant *tenant, char out[static 400])
{
    char hex[2 * ID_BYTES + 1];
    encode_hex_text(tenant->id, ID_BYTES, hex);
    snprintf(out, 400, "%s/tenants/%s.%u.db", house->folder, hex, (unsigned)tenant->key_version);
}

static size_t open_files(const char *needle)
{
    size_t count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        char link[64], target[512];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t size = readlink(link, target, sizeof target - 1);
        if (size <= 0)
            continue;
        target[size] = 0;
        count += strstr(target, needle) != NULL && strstr(target, "-wal") == NULL && strstr(target, "-shm") == NULL;
    }
    return count;
}

/* A mark that lasts as long as the handle. */
static void mark(struct db *db)
{
    assert_int_equal(db_exec(db, "CREATE TEMP TABLE IF NOT EXISTS mark (one)", ""), OK);
}
static bool is_marked(struct db *db)
{
    int64_t count = 0;
    assert_int_equal(db_row(db, "SELECT count(*) FROM temp.sqlite_master", ":i", &count), OK);
    return count > 0;
}

static void few_handles_serve_many_tenants(void **state)
{
    (void)state;
    enum { TENANTS = STORE_OPEN_TENANTS + 9 };
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    struct store *store = house.vault->store;
    struct random random = {house.fill, &house.seeded};
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < TENANTS; i++) {
            char name[32];
            struct tenant tenant;
            struct db *db = NULL;
            snprintf(name, sizeof name, "tenant-%d", i);
            if (round == 0)
                assert_int_equal(tenant_add(store, random, name, 0, &tenant), OK);
            assert_int_equal(tenant_named(store, name, &tenant), OK);
            assert_int_equal(store_tenant(store, &tenant, &db), OK);
            assert_false(is_marked(db));
            mark(db);
            int64_t used = 0;
            if (round == 0)
                assert_int_equal(db_exec(db, "INSERT INTO quota (epoch, used) VALUES ('x', ?)", "i", (int64_t)i), OK);
            assert_int_equal(db_row(db, "SELECT used FROM quota WHERE epoch = 'x'", ":i", &used), OK);
            assert_int_equal(used, i);
            assert_int_equal(store_tenant(store, &tenant, &db), OK);
            assert_true(is_marked(db)); /* the same handle */
        }
    }
    assert_int_equal(open_files("/tenants/"), STORE_OPEN_TENANTS);
    house_free(&house);
}

static void the_least_recently_used_handle_goes(void **state)
{
    (void)state;
    struct house house;
    struct tenant tenant;
    struct db *db = NULL;
    char name[32];
    house_new(&house, HOUSE_FOLDER);
    struct store *store = house.vault->store;
    for (int i = 0; i <= STORE_OPEN_TENANTS; i++) {
        snprintf(name, sizeof name, "tenant-%d", i);
        assert_int_equal(tenant_add(store, (struct random){house.fill, &house.seeded}, name, 0, &tenant), OK);
        assert_int_equal(store_tenant(store, &tenant, &db), OK);
        mark(db);
        struct tenant first = tenant_by_name(&house, "tenant-0");
        assert_int_equal(store_tenant(store, &first, &db), OK);
        assert_true(is_marked(db)); /* used all the time, so it stays */
    }
    tenant = tenant_by_name(&house, "tenant-1");
    assert_int_equal(store_tenant(store, &tenant, &db), OK);
    assert_false(is_marked(db));
    house_free(&house);
}

/* --- moved things --- */

static void swapped_files_and_keys_do_not_open(void **state)
{
    (void)state;
    struct house house;
    struct db *db = NULL;
    char acme_path[400], globex_path[400];
    house_new(&house, HOUSE_FOLDER);
    house_member(&house, "acme");
    house_member(&house, "globex");
    struct tenant acme = tenant_by_name(&house, "acme"), globex = tenant_by_name(&house, "globex");
    assert_int_equal(store_tenant(house.vault->store, &acme, &db), OK);
    assert_int_equal(store_tenant(house.vault->store, &globex, &db), OK);
    house_reopen(&house);
    tenant_path(&house, &acme, acme_path);
    tenant_path(&house, &globex, globex_path);
    assert_int_equal(rename(acme_path, globex_path), 0);
    assert_int_equal(store_tenant(house.vault->store, &globex, &db), ERR_DENIED);

    struct tenant moved = globex; /* acme's wrapped key in globex' row */
    memcpy(moved.wrapped, acme.wrapped, KEY_WRAPPED_BYTES);
    assert_int_equal(store_tenant(house.vault->store, &moved, &db), ERR_DENIED);
    moved = acme; /* and under another version */
    moved.key_version = 2;
    assert_int_equal(store_tenant(house.vault->store, &moved, &db), ERR_DENIED);
    house_free(&house);
}

static void the_folder_is_private(void **state)
{
    (void)state;
    struct house house;
    struct stat info;
    char path[300];
    house_new(&house, HOUSE_FOLDER);
    snprintf(path, sizeof path, "%s/intermediate.key", house.folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/tenants", house.folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    house_free(&house);
}

/* --- the log --- */

static void an_entry_is_appended_once(void **state)
{
    (void)state;
    struct house house;
    uint64_t first, second, third, size;
    SCOPED_BUF struct buf entry = {0};
    house_new(&house, HOUSE_MEMORY);
    struct store *store = house.vault->store;
    assert_int_equal(log_append(store, bytes_str("one"), &first), OK);
    assert_int_equal(log_append(store, bytes_str("two"), &second), OK);
    assert_int_equal(log_append(store, bytes_str("one"), &third), OK);
    assert_int_equal(first, third);
    assert_int_equal(second, first + 1);
    assert_int_equal(log_size(store, &size), OK);
    assert_int_equal(size, second + 1);
    assert_int_equal(log_entry_at(store, second, &entry), OK);
    assert_true(bytes_is(buf_bytes(&entry), "two"));
    assert_int_equal(log_entry_at(store, size, &entry), ERR_NOT_FOUND);
    house_free(&house);
}

static void the_log_grows_consistently(void **state)
{
    (void)state;
    struct house house;
    uint8_t roots[41][MERKLE_BYTES];
    house_new(&house, HOUSE_MEMORY);
    struct merkle_source source = log_source(house.vault->store);
    for (uint64_t size = 1; size <= 40; size++) {
        char text[16];
        uint64_t leaf;
        assert_int_equal(merkle_root(source, size, roots[size]), OK);
        snprintf(text, sizeof text, "entry %d", (int)size);
        assert_int_equal(log_append(house.vault->store, bytes_str(text), &leaf), OK);
    }
    for (uint64_t from = 1; from <= 40; from++) {
        struct merkle_proof proof;
        assert_int_equal(merkle_prove_consistency(source, from, 40, &proof), OK);
        assert_int_equal(merkle_check_consistency(from, roots[from], 40, roots[40], &proof), OK);
    }
    house_free(&house);
}

/* The check that the operator has against a changed store. */
static void verification_sees_a_changed_entry(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    house_member(&house, "globex");
    struct db *db = store_federation(house.vault->store);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.verify\"}"), OK);
    assert_int_equal(db_exec(db, "UPDATE log SET entry = entry || x'20' WHERE leaf = 1", ""), OK);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.verify\"}"), ERR_CORRUPT);
    house_free(&house);
}

static void proofs_are_served(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf payload = {0}, body = {0};
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    buf_add_u64(&payload, 0);
    buf_add_u64(&payload, 2);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_INCLUSION, buf_bytes(&payload), &body), OK);
    assert_true(bytes_starts(buf_bytes(&body), "{\"proof\":[\""));
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONSISTENCY, buf_bytes(&payload), &body), OK);
    payload.data[15] = 3; /* a size that the log has not reached */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_INCLUSION, buf_bytes(&payload), &body), ERR_NOT_FOUND);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONSISTENCY, buf_bytes(&payload), &body), ERR_NOT_FOUND);
    payload.data[7] = 3, payload.data[15] = 2;
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_INCLUSION, buf_bytes(&payload), &body), ERR_NOT_FOUND);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONSISTENCY, buf_bytes(&payload), &body), ERR_NOT_FOUND);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_handles_serve_many_tenants),     cmocka_unit_test(the_least_recently_used_handle_goes),
        cmocka_unit_test(swapped_files_and_keys_do_not_open), cmocka_unit_test(the_folder_is_private),
        cmocka_unit_test(an_entry_is_appended_once),          cmocka_unit_test(the_log_grows_consistently),
        cmocka_unit_test(verification_sees_a_changed_entry),  cmocka_unit_test(proofs_are_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
