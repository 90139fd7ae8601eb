/* Neighbours and predicates on tables that can be looked through by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audits/linkage/table.h"

static const enum column_kind kinds[] = {COLUMN_NUMBER, COLUMN_CATEGORY, COLUMN_NUMBER};

static void fill(struct table *table, size_t rows, const double cells[][3], const size_t *owners)
{
    table_init(table, kinds, 3);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(table_add(table, owners ? owners[i] : i, cells[i]), OK);
}

static void neighbours(void **state)
{
    (void)state;
    struct table of, in;
    struct table_view all, numbers;
    size_t nearest[3];
    double distances[3];
    fill(&of, 1, (const double[][3]){{5, 1, 0}}, NULL);
    fill(&in, 3, (const double[][3]){{10, 1, 0}, {5, 2, 0}, {0, 1, 0}}, NULL);
    table_view_init(&all, &of, &in, 7);
    table_view_init(&numbers, &of, &in, 1);
    /* The first column's range over both is 10: .5, another category 1, .5; a column without a range says nothing. */
    table_nearest_many(&all, &of, 0, &in, 3, nearest, distances);
    assert_int_equal(nearest[0], 0);
    assert_int_equal(nearest[1], 2);
    assert_int_equal(nearest[2], 1);
    assert_true(fabs(distances[0] - .5) < 1e-12 && fabs(distances[1] - .5) < 1e-12 && fabs(distances[2] - 1) < 1e-12);
    assert_int_equal(table_nearest(&all, &of, 0, &in, 0), 0); /* of equals the first from the start on */
    assert_int_equal(table_nearest(&all, &of, 0, &in, 1), 2);
    assert_int_equal(table_nearest(&numbers, &of, 0, &in, 2), 1);
    table_free(&of);
    table_free(&in);
}

static void predicates(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 1);
    struct table table;
    struct predicate predicate;
    fill(&table, 4, (const double[][3]){{1, 7, 0}, {2, 7, 0}, {3, 8, 0}, {9, 8, 0}}, (const size_t[]){0, 1, 1, 2});
    predicate_draw(&table, 3, 1, 1, random, &predicate); /* nine is above the median, 2.5 */
    assert_int_equal(predicate.count, 1);
    assert_int_equal(predicate.terms[0].is, TERM_AT_LEAST);
    assert_int_equal(predicate_owners(&predicate, &table), 1);
    predicate_draw(&table, 0, 2, 3, random, &predicate); /* there is one such column */
    assert_int_equal(predicate.count, 1);
    assert_int_equal(predicate_owners(&predicate, &table), 2);
    predicate_draw(&table, 1, 1, 1, random, &predicate); /* two or less: rows 0 and 1 */
    assert_int_equal(predicate_owners(&predicate, &table), 2);
    predicate = (struct predicate){1, {{0, TERM_AT_MOST, 3}}}; /* three rows of two individuals */
    assert_int_equal(predicate_owners(&predicate, &table), 2);
    predicate_draw(&table, 2, 7, 3, random, &predicate);
    assert_int_equal(predicate.count, 3);
    table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours),
        cmocka_unit_test(predicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
