/* The intermediate key: its file's formats, and its replacement, which may be cut off after every step. */
#include "server/store_keys.h"

#include "crypto/root_provider_internal.h"
#include "tests/server/house_fixture.h"

static void start(struct house *house, enum house_place place)
{
    house_new(house, place);
    house_sharer(house, "acme");
    house_sharer(house, "globex");
}

static void check_works(struct house *house)
{
    int64_t left = -1;
    assert_int_equal(house_number(house, "{\"command\":\"round.preview\"}", "released"), 1);
    assert_int_equal(db_row(store_federation(house->vault->store), "SELECT count(*) FROM rewrap", ":i", &left), OK);
    assert_int_equal(left, 0);
}

/* All that the intermediate key wraps. */
static void wrapped_of(struct house *house, struct buf *tenants, struct buf *keys)
{
    struct db *db = store_federation(house->vault->store);
    assert_int_equal(db_row(db, "SELECT group_concat(hex(wrapped)) FROM tenant", ":b", tenants), OK);
    assert_int_equal(db_row(db, "SELECT group_concat(hex(sealed)) FROM server_key", ":b", keys), OK);
}

static void next_committed(struct house *house, struct secret *next)
{
    struct db *db = store_federation(house->vault->store);
    assert_int_equal(db_begin(db), OK);
    assert_int_equal(keys_next(house->vault->store, next), OK);
    assert_int_equal(db_commit(db), OK);
}

static void everything_is_wrapped_anew(void **state)
{
    (void)state;
    struct house house;
    SCOPED_SECRET struct secret next = {0}, old = {0};
    SCOPED_BUF struct buf tenants = {0}, keys = {0}, tenants_after = {0}, keys_after = {0};
    start(&house, HOUSE_FOLDER);
    struct store *store = house.vault->store;
    assert_int_equal(secret_copy(&old, secret_bytes(store_intermediate(store))), OK);
    wrapped_of(&house, &tenants, &keys);
    next_committed(&house, &next);
    assert_int_equal(keys_replace(store, house.vault->root, &next), OK);
    assert_int_equal(keys_settle(store), OK);
    wrapped_of(&house, &tenants_after, &keys_after);
    assert_int_equal(tenants.size, tenants_after.size);
    assert_memory_not_equal(tenants.data, tenants_after.data, tenants.size);
    assert_memory_not_equal(keys.data, keys_after.data, keys.size);
    check_works(&house);
    house_reopen(&house);
    check_works(&house);

    struct tenant tenant;
    SCOPED_SECRET struct secret key = {0};
    char label[TENANT_LABEL];
    assert_int_equal(tenant_named(house.vault->store, "acme", &tenant), OK);
    tenant_key_label(&tenant, label);
    assert_int_equal(key_unwrap(&old, label, tenant.key_version, bytes_of(tenant.wrapped, KEY_WRAPPED_BYTES), &key),
                     ERR_DENIED);
    assert_int_equal(key_unwrap(store_intermediate(house.vault->store), label, tenant.key_version,
                                bytes_of(tenant.wrapped, KEY_WRAPPED_BYTES), &key),
                     OK);
    house_free(&house);
}

static void cut_off_before_the_file_it_is_forgotten(void **state)
{
    (void)state;
    struct house house;
    SCOPED_SECRET struct secret next = {0};
    start(&house, HOUSE_FOLDER);
    next_committed(&house, &next);
    house_reopen(&house);
    check_works(&house);
    house_free(&house);
}

static void cut_off_after_the_file_it_is_ended(void **state)
{
    (void)state;
    struct house house;
    SCOPED_SECRET struct secret next = {0};
    SCOPED_BUF struct buf tenants = {0}, keys = {0}, tenants_after = {0}, keys_after = {0};
    start(&house, HOUSE_FOLDER);
    wrapped_of(&house, &tenants, &keys);
    next_committed(&house, &next);
    assert_int_equal(keys_replace(house.vault->store, house.vault->root, &next), OK);
    house_reopen(&house);
    wrapped_of(&house, &tenants_after, &keys_after);
    assert_memory_not_equal(tenants.data, tenants_after.data, tenants.size);
    check_works(&house);
    house_free(&house);
}

static void in_memory_it_is_replaced_too(void **state)
{
    (void)state;
    struct house house;
    SCOPED_SECRET struct secret next = {0};
    start(&house, HOUSE_MEMORY);
    next_committed(&house, &next);
    assert_int_equal(keys_replace(house.vault->store, NULL, &next), OK);
    assert_int_equal(keys_settle(house.vault->store), OK);
    check_works(&house);
    house_free(&house);
}

/* --- the file --- */

static void path_of(const struct house *house, const char *name, char out[static 320])
{
    snprintf(out, 320, "%s/%s", house->folder, name);
}

/* A folder as the first version left it. */
static void write_first_format(struct house *house, const struct secret *intermediate)
{
    char path[320];
    struct db *db = NULL;
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf content = {0};
    path_of(house, "tenants", path);
    assert_int_equal(folder_create(path, 0700), OK);
    path_of(house, "federation.db", path);
    assert_int_equal(key_derive(intermediate, KEY_DATABASE, &key), OK);
    assert_int_equal(db_open(path, &key, &store_federation_schema, &db, NULL), OK);
    db_close(db);
    buf_add_u32(&content, 1);
    assert_int_equal(root_wrap(house->root, "intermediate", 1, intermediate, &content), OK);
    path_of(house, "intermediate.key", path);
    assert_int_equal(file_create(path, buf_bytes(&content), 0600), OK);
}

static void the_first_format_opens_and_moves_on(void **state)
{
    (void)state;
    struct house house;
    struct store *store = NULL;
    char path[320];
    SCOPED_SECRET struct secret intermediate = {0}, next = {0};
    SCOPED_BUF struct buf content = {0};
    house_prepare(&house, HOUSE_FOLDER);
    assert_int_equal(secret_random(&intermediate, KEY_BYTES), OK);
    write_first_format(&house, &intermediate);
    assert_int_equal(store_open(house.folder, house.root, &store, NULL), OK);
    assert_int_equal(db_exec(store_federation(store), "CREATE TABLE mark (x)", ""), OK);
    assert_int_equal(keys_next(store, &next), OK);
    assert_int_equal(keys_replace(store, house.root, &next), OK);
    store_close(store);
    path_of(&house, "intermediate.key", path);
    assert_int_equal(file_read(path, 1024, &content), OK);
    assert_int_equal(content.data[3], 2);
    assert_int_equal(store_open(house.folder, house.root, &store, NULL), OK); /* the same database */
    assert_int_equal(db_exec(store_federation(store), "INSERT INTO mark VALUES (1)", ""), OK);
    store_close(store);
    house_free(&house);
}

static void put(const char *path, struct bytes content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

static void a_damaged_file_is_refused(void **state)
{
    (void)state;
    struct house house;
    struct store *store = NULL;
    char path[320];
    SCOPED_BUF struct buf content = {0};
    house_new(&house, HOUSE_FOLDER);
    vault_close(house.vault);
    house.vault = NULL;
    path_of(&house, "intermediate.key", path);
    assert_int_equal(file_read(path, 1024, &content), OK);
    for (size_t size = 0; size < content.size; size++) {
        put(path, bytes_of(content.data, size));
        assert_int_not_equal(store_open(house.folder, house.root, &store, NULL), OK);
        assert_null(store);
    }
    for (size_t i = 0; i < content.size; i++) {
        content.data[i] ^= 1;
        put(path, buf_bytes(&content));
        assert_int_not_equal(store_open(house.folder, house.root, &store, NULL), OK);
        content.data[i] ^= 1;
    }
    content.data[3] = 9; /* of a later version */
    put(path, buf_bytes(&content));
    assert_int_equal(store_open(house.folder, house.root, &store, NULL), ERR_VERSION);
    content.data[3] = 2;
    put(path, buf_bytes(&content));
    assert_int_equal(store_open(house.folder, house.root, &store, NULL), OK);
    store_close(store);
    house_free(&house);
}

/* A token whose module says that all is well, and gives what it will not open. */
static enum status wrap_anything(struct root_provider *provider, const char *label, uint32_t version,
                                 const struct secret *key, struct buf *out)
{
    (void)provider, (void)label, (void)version, (void)key;
    buf_add_str(out, "nobody opens this");
    return buf_status(out);
}

static enum status unwrap_nothing(struct root_provider *provider, const char *label, uint32_t version,
                                  struct bytes wrapped, struct secret *key)
{
    (void)provider, (void)label, (void)version, (void)wrapped, (void)key;
    return ERR_DENIED;
}

static void what_the_token_does_not_open_does_not_replace_the_file(void **state)
{
    (void)state;
    const struct root_provider_kind kind = {.wrap = wrap_anything, .unwrap = unwrap_nothing};
    struct root_provider broken = {&kind};
    struct house house;
    SCOPED_SECRET struct secret next = {0};
    start(&house, HOUSE_FOLDER);
    next_committed(&house, &next);
    assert_int_equal(keys_replace(house.vault->store, &broken, &next), ERR_UNAVAILABLE);
    house_reopen(&house);
    check_works(&house);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_wrapped_anew),
        cmocka_unit_test(cut_off_before_the_file_it_is_forgotten),
        cmocka_unit_test(cut_off_after_the_file_it_is_ended),
        cmocka_unit_test(what_the_token_does_not_open_does_not_replace_the_file),
        cmocka_unit_test(in_memory_it_is_replaced_too),
        cmocka_unit_test(the_first_format_opens_and_moves_on),
        cmocka_unit_test(a_damaged_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
