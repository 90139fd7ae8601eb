/* A backup's manifest: strictly read, signed, and without a name that could lead elsewhere. */
#include "protocol/backup.h"

#include "tests/protocol/samples.h"

static const char *const good_names[] = {"federation.db", "tenants/000102030405060708090a0b0c0d0e0f.1.db"};

struct world {
    struct backup backup;
    struct secret evidence_seed, checkpoint_seed;
};

static void make(struct world *world)
{
    char origin[48];
    struct checkpoint checkpoint = {.size = 17};
    SCOPED_BUF struct buf note = {0};
    *world = (struct world){.backup = {.kind = BACKUP_FULL, .epoch = "2026-11", .log = 17}};
    struct federation *federation = &world->backup.federation;
    *federation = sample_federation();
    ok(sign_keypair(&world->evidence_seed, federation->evidence_key));
    ok(sign_keypair(&world->checkpoint_seed, federation->checkpoint_key));
    for (size_t i = 0; i < 2; i++) {
        struct backup_file *file = backup_add(&world->backup);
        assert_non_null(file);
        *file = (struct backup_file){.size = 4096};
        snprintf(file->name, sizeof file->name, "%s", good_names[i]);
        fill(file->hash, HASH_BYTES, 3);
    }
    federation_origin(federation->id, origin);
    ok(checkpoint_sign(&checkpoint, origin, &world->checkpoint_seed, &note));
    memcpy(world->backup.checkpoint, note.data, note.size);
    ok(backup_sign(&world->backup, &world->evidence_seed));
}

static void unmake(struct world *world)
{
    backup_free(&world->backup);
    secret_free(&world->evidence_seed);
    secret_free(&world->checkpoint_seed);
}

static enum status check(const struct world *world)
{
    struct checkpoint checkpoint;
    return backup_check(&world->backup, &checkpoint, NULL);
}

static enum status decode(struct bytes text, struct why *why)
{
    struct backup record;
    enum status status = backup_decode(text, &record, why);
    if (status != OK)
        assert_null(record.files);
    backup_free(&record);
    return status;
}

static void test_record(void **state)
{
    (void)state;
    static const struct spoil spoils[] = {
        {"\"kind\":\"full\"", "\"kind\":\"half\"", ERR_INPUT},
        {"\"kind\":\"full\"", "\"kind\":\"tail\"", ERR_INPUT}, /* which has no tenants */
        {"\"federation.db\"", "\"federation.dc\"", ERR_INPUT},
        {"tenants/00", "tenants/..", ERR_INPUT},
        {"tenants/00", "tenants/0A", ERR_INPUT},
        {"tenants/00", "../../etc/00", ERR_INPUT},
        {"0e0f.1.db", "0e0f.1.db/x", ERR_INPUT},
        {"0e0f.1.db", "0e0f.01.db", ERR_INPUT},
        {"0e0f.1.db", "0e0f..db", ERR_INPUT},
        {"0e0f.1.db", "0e0f.12.db", OK},
        {"\"log\":17", "\"log\":-1", ERR_INPUT},
    };
    struct world world;
    SCOPED_BUF struct buf text = {0};
    make(&world);
    ok(check(&world));
    ok(backup_encode(&world.backup, &text));
    check_record(&text, decode);
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    unmake(&world);
}

static void test_no_file_twice(void **state)
{
    (void)state;
    struct world world;
    SCOPED_BUF struct buf text = {0};
    make(&world);
    snprintf(world.backup.files[1].name, BACKUP_NAME_MAX, "%s", good_names[0]);
    ok(backup_encode(&world.backup, &text));
    assert_int_equal(decode(buf_bytes(&text), NULL), ERR_INPUT);
    unmake(&world);
}

static void test_altered(void **state)
{
    (void)state;
    struct world world;
    make(&world);
    struct backup *backup = &world.backup;
    uint8_t *const spots[] = {backup->files[0].hash,
                              backup->files[1].hash + 31,
                              (uint8_t *)&backup->files[1].size,
                              (uint8_t *)backup->files[1].name + 9,
                              (uint8_t *)backup->epoch + 6,
                              (uint8_t *)&backup->log,
                              backup->key,
                              backup->signature,
                              (uint8_t *)backup->checkpoint + 50,
                              backup->federation.id,
                              backup->federation.evidence_key};
    for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
        *spots[i] ^= 1;
        assert_int_not_equal(check(&world), OK);
        *spots[i] ^= 1;
        ok(check(&world));
    }
    backup->log = 16; /* signed again, but not by its checkpoint */
    ok(backup_sign(backup, &world.evidence_seed));
    assert_int_equal(check(&world), ERR_DENIED);
    unmake(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_record), cmocka_unit_test(test_no_file_twice),
                                       cmocka_unit_test(test_altered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
