/* Tables of records with numbers and categories, and what an attacker does with two of them: Anonymeter's neighbours
 * and queries (Giomi et al. 2023, section 4), on any table.
 *
 * A distance is Gower's (1971) as Anonymeter has it: for each column of numbers the difference over the column's range
 * in both tables, for each of categories 1 where they differ. */
#pragma once

#include "base/bytes.h"
#include "base/random.h"

#define TABLE_COLUMNS_MAX 32

enum column_kind { COLUMN_NUMBER, COLUMN_CATEGORY };
struct table {
    size_t columns, rows, room;
    enum column_kind kinds[TABLE_COLUMNS_MAX];
    double *cells; /* owned; row by row. A category is any number, the same for the same value */
    size_t *owner; /* owned; of each row: whose record it is. Several rows may be one individual's */
};
void table_init(struct table *table, const enum column_kind *kinds, size_t columns);
void table_free(struct table *table);
MUST_USE enum status table_add(struct table *table, size_t owner, const double *cells);

/* What an attacker can compare rows of two tables by: the columns that it knows, scaled. */
struct table_view {
    size_t count;
    size_t columns[TABLE_COLUMNS_MAX];
    double range[TABLE_COLUMNS_MAX]; /* of columns[i] over both tables; 1 where it is none */
};
void table_view_init(struct table_view *view, const struct table *a, const struct table *b, uint32_t columns);
/* The row of `in` that is nearest to `row` of `of`; of several the first from `start` on, round the end. in->rows > 0.
 */
size_t table_nearest(const struct table_view *view, const struct table *of, size_t row, const struct table *in,
                     size_t start);
/* The k nearest, k <= in->rows, nearest first; of equal ones the first first. */
void table_nearest_many(const struct table_view *view, const struct table *of, size_t row, const struct table *in,
                        size_t k, size_t *out, double *distances);

/* A predicate: every term must hold. Made from a row that is in the attacker's hands. */
struct term {
    size_t column;
    enum { TERM_EQUAL, TERM_AT_LEAST, TERM_AT_MOST } is;
    double value;
};
struct predicate {
    size_t count;
    struct term terms[TABLE_COLUMNS_MAX];
};
/* Of `terms` columns drawn from those in `columns`; a number is asked for on the side away from the column's median. */
void predicate_draw(const struct table *from, size_t row, uint32_t columns, size_t terms, struct random random,
                    struct predicate *out);
/* How many individuals have a row for which it holds. */
size_t predicate_owners(const struct predicate *predicate, const struct table *table);
