/* What the intake remembers of a tenant's database: no id that is in it is ever said to be surely absent. */
#include "server/intake_known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct db *open_tenant(void)
{
    struct db *db = NULL;
    assert_int_equal(db_open(NULL, NULL, &store_tenant_schema, &db, NULL), OK);
    return db;
}

static void numbered(uint32_t number, uint8_t out[static ID_BYTES])
{
    memset(out, 0, ID_BYTES);
    memcpy(out, &number, sizeof number);
}

static void insert(struct db *db, uint32_t number, const char *epoch)
{
    struct admission row = {.kind = ENVELOPE_CONTRIBUTION};
    numbered(1, row.device);
    numbered(number, row.id);
    memcpy(row.epoch, epoch, EPOCH_TEXT);
    assert_int_equal(admit_insert(db, &row, bytes_str("{}"), bytes_str("{}")), OK);
}

static void what_is_there_may_be_there(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    struct db *db = open_tenant();
    struct known *known = NULL;
    uint8_t device[ID_BYTES], id[ID_BYTES];
    numbered(1, device);
    for (uint32_t i = 0; i < ROWS; i += 2)
        insert(db, i, "2026-11");
    assert_int_equal(known_load(db, &known), OK);
    assert_int_equal(known_count(known), ROWS / 2);
    for (uint32_t i = 0; i < ROWS; i++) {
        numbered(i, id);
        assert_int_equal(known_may_have(known, device, id), i % 2 == 0); /* two hashes of 64 bits alike: never seen */
        if (i % 2 == 0)
            continue;
        assert_int_equal(known_add(known, device, id), OK);
        assert_int_equal(known_add(known, device, id), OK); /* twice is once */
    }
    assert_int_equal(known_count(known), ROWS);
    for (uint32_t i = 0; i < ROWS; i++) {
        numbered(i, id);
        assert_true(known_may_have(known, device, id));
    }
    numbered(2, device); /* another device's */
    assert_false(known_may_have(known, device, id));
    known_free(known);
    db_close(db);
}

static void quotas_are_counted_by_epoch(void **state)
{
    (void)state;
    struct db *db = open_tenant();
    struct known *known = NULL;
    assert_int_equal(known_load(db, &known), OK);
    assert_int_equal(known_used(known, "2026-11"), 0);
    insert(db, 1, "2026-11");
    insert(db, 2, "2026-11");
    insert(db, 2, "2026-11"); /* there already */
    insert(db, 3, "2026-12");
    assert_int_equal(known_used(known, "2026-11"), 0);
    assert_int_equal(known_count_again(known, db), OK);
    assert_int_equal(known_used(known, "2026-11"), 2);
    assert_int_equal(known_used(known, "2026-12"), 1);
    for (uint32_t i = 1; i <= 9; i++) { /* old epochs don't crowd the present ones out */
        char epoch[EPOCH_TEXT] = "2025-01";
        epoch[6] = (char)('0' + i);
        insert(db, 10 + i, epoch);
    }
    assert_int_equal(known_count_again(known, db), OK);
    assert_int_equal(known_used(known, "2026-12"), 1);
    assert_int_equal(known_used(known, "2026-11"), 2);
    known_free(known);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_there_may_be_there),
        cmocka_unit_test(quotas_are_counted_by_epoch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
