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

/* --- the database for processors without AVX2, which hardly any machine that tests is --- */

struct seen {
    size_t hits;
    uint64_t sum; /* of what was hit where, in any order */
};

static int note(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)from, (void)flags;
    struct seen *seen = context;
    seen->hits++;
    seen->sum += (id + 1) * 0x9e3779b97f4a7c15u ^ to * 0xd6e8feb86659fd93u;
    return 0;
}

static struct seen hits_of(struct bytes packed, struct bytes text)
{
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    struct seen seen = {0};
    assert_int_equal(anchors_load(&anchors, packed, &database), OK);
    assert_int_equal(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
    assert_int_equal(hs_scan(database, (const char *)text.data, (unsigned)text.size, 0, scratch, note, &seen),
                     HS_SUCCESS);
    hs_free_scratch(scratch);
    hs_free_database(database);
    return seen;
}

/* Every anchor that Vectorscan seeks, each as it stands and among others. */
static void add_all_anchors(struct buf *out)
{
    for (size_t i = 0; i < anchors.scanned; i++) {
        struct bytes literal = anchor_literal(&anchors.items[i]);
        buf_add(out, literal.size ? literal : bytes_str("x@y.zz https://u:p@h de:ad:be:ef:ca:fe A1b.a2B3c4.0123456"));
        buf_add_str(out, i % 3 ? " " : "");
    }
}

static void the_generic_database_finds_the_same(void **state)
{
    (void)state;
    struct cursor from = {anchors_packed()};
    struct bytes hash, first, generic;
    struct buf alone SCOPED_BUF = {0}, text SCOPED_BUF = {0};
    assert_int_equal(cursor_bytes(&from, 32, &hash), OK);
    assert_int_equal(cursor_lp(&from, &first), OK);
    if (cursor_lp(&from, &generic) != OK)
        skip(); /* not packed for this kind of processor */
    assert_int_equal(from.left.size, 0);
    buf_add(&alone, hash);
    buf_add_lp(&alone, generic);
    add_all_anchors(&text);
    assert_int_equal(buf_status(&alone), OK);
    assert_int_equal(buf_status(&text), OK);
    struct seen fast = hits_of(anchors_packed(), buf_bytes(&text)), slow = hits_of(buf_bytes(&alone), buf_bytes(&text));
    assert_true(fast.hits > anchors.scanned);
    assert_int_equal(slow.hits, fast.hits);
    assert_true(slow.sum == fast.sum);
}

int main(void)
{
    if (anchors_new(&anchors) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_built_in_fits),
        cmocka_unit_test(the_same_anchors_give_the_same_bytes),
        cmocka_unit_test(other_anchors_and_damage_are_refused),
        cmocka_unit_test(the_generic_database_finds_the_same),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    anchors_free(&anchors);
    return failed;
}
