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
    struct table_index all, numbers;
    fill(&of, 1, (const double[][3]){{5, 1, 0}}, NULL);
    fill(&in, 3, (const double[][3]){{10, 1, 0}, {5, 2, 0}, {0, 1, 0}}, NULL);
    assert_int_equal(table_index_new(&of, &in, 7, &all), OK);
    assert_int_equal(table_index_new(&of, &in, 1, &numbers), OK);
    /* The first column's range over both is 10: .5, another category 1, .5; a column without a range says nothing. */
    assert_int_equal(table_nearest(&all, &of, 0, 0), 0); /* of equals the first from the start on */
    assert_int_equal(table_nearest(&all, &of, 0, 1), 2);
    assert_int_equal(table_nearest(&all, &of, 0, 3), 0); /* round the end */
    assert_int_equal(table_nearest(&numbers, &of, 0, 2), 1);
    table_index_free(&all);
    table_index_free(&numbers);
    table_free(&of);
    table_free(&in);
}

/* Over more rows than a block has, against a plain search. */
static void as_a_plain_search(void **state)
{
    (void)state;
    enum { ROWS = 150 };
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 2);
    struct table of, in;
    struct table_index index;
    table_init(&of, kinds, 3);
    table_init(&in, kinds, 3);
    for (size_t i = 0; i < 2 * ROWS; i++) {
        double cells[] = {(double)random_below(random, 11), (double)random_below(random, 3), random_unit(random)};
        assert_int_equal(table_add(i < ROWS ? &of : &in, i, cells), OK);
    }
    of.cells[0] = in.cells[0] = 0; /* so that ranges are known */
    of.cells[3] = in.cells[3] = 10;
    assert_int_equal(table_index_new(&of, &in, 3, &index), OK);
    for (size_t row = 0; row < ROWS; row++) {
        size_t best = 0;
        double least = INFINITY;
        for (size_t i = 0; i < ROWS; i++) {
            const double *a = &of.cells[row * 3], *b = &in.cells[i * 3];
            double away = (a[1] != b[1]) + fabs(a[0] - b[0]) / 10;
            best = away < least - 1e-9 ? i : best;
            least = fmin(least, away);
        }
        const double *got = &in.cells[table_nearest(&index, &of, row, 0) * 3], *wanted = &in.cells[best * 3];
        assert_true(got[1] == wanted[1] &&
                    fabs(fabs(got[0] - of.cells[row * 3]) - fabs(wanted[0] - of.cells[row * 3])) < 1e-9);
    }
    table_index_free(&index);
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
    assert_int_equal(predicate_owners(&predicate, &table, NULL), 1);
    predicate_draw(&table, 0, 2, 3, random, &predicate); /* there is one such column */
    assert_int_equal(predicate.count, 1);
    assert_int_equal(predicate_owners(&predicate, &table, NULL), 2);
    predicate_draw(&table, 1, 1, 1, random, &predicate); /* two or less: rows 0 and 1 */
    assert_int_equal(predicate_owners(&predicate, &table, NULL), 2);
    predicate = (struct predicate){1, {{0, TERM_AT_MOST, 3}}}; /* three rows of two individuals */
    assert_int_equal(predicate_owners(&predicate, &table, NULL), 2);
    assert_int_equal(predicate_owners(&predicate, &table, (const size_t[]){5, 5, 5}), 1); /* and they of one group */
    predicate_draw(&table, 2, 7, 3, random, &predicate);
    assert_int_equal(predicate.count, 3);
    table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours),
        cmocka_unit_test(as_a_plain_search),
        cmocka_unit_test(predicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
