/* The database that is built in: it fits here, and none is taken that was made of other anchors or was damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hs/hs.h>

#include "redaction/anchors.h"

static struct anchors anchors;

static enum status load(struct bytes packed)
{
    hs_database_t *database = NULL;
    enum status status = anchors_load(&anchors, packed, &database);
    assert_true((status == OK) == (database != NULL));
    hs_free_database(database);
    return status;
}

static void what_is_built_in_fits(void **state)
{
    (void)state;
    assert_int_equal(load(anchors_packed()), OK);
}

static void the_same_anchors_give_the_same_bytes(void **state)
{
    (void)state;
    struct buf again SCOPED_BUF = {0};
    assert_int_equal(anchors_pack(&anchors, &again, NULL), OK);
    assert_true(bytes_equal(buf_bytes(&again), anchors_packed()));
}

static void other_anchors_and_damage_are_refused(void **state)
{
    (void)state;
    struct bytes packed = anchors_packed();
    struct buf changed SCOPED_BUF = {0};
    buf_add(&changed, packed);
    assert_int_equal(buf_status(&changed), OK);
    changed.data[0] ^= 1; /* the hash of the patterns */
    assert_int_equal(load(buf_bytes(&changed)), ERR_NOT_FOUND);
    changed.data[0] ^= 1;
    anchors.scanned--;
    assert_int_equal(load(packed), ERR_NOT_FOUND);
    anchors.scanned++;
    for (size_t at = 1000; at < changed.size; at += 20000) /* the databases: each carries a sum of its own */
        changed.data[at] ^= 1;
    assert_int_equal(load(buf_bytes(&changed)), ERR_NOT_FOUND);
    assert_int_equal(load(bytes_part(packed, 0, 31)), ERR_NOT_FOUND);
    assert_int_equal(load(bytes_part(packed, 0, 40)), ERR_NOT_FOUND);
    assert_int_equal(load(BYTES_NONE), ERR_NOT_FOUND);
}

int main(void)
{
    if (anchors_new(&anchors) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_built_in_fits),
        cmocka_unit_test(the_same_anchors_give_the_same_bytes),
        cmocka_unit_test(other_anchors_and_damage_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    anchors_free(&anchors);
    return failed;
}
