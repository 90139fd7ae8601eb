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

/* The rows of a table by the columns that an attacker knows of somebody, ready to be searched: a query is a scan of
 * blocks, column by column. */
struct table_index {
    size_t rows, blocks, count, categories;
    size_t columns[TABLE_COLUMNS_MAX]; /* those of categories first */
    double scale[TABLE_COLUMNS_MAX];   /* of columns[i] of numbers: 1 / range over both tables; 1 where it has none */
    double *cells;                     /* owned */
};
/* of: the table of those who are looked for; columns: a set of bits. */
MUST_USE enum status table_index_new(const struct table *of, const struct table *in, uint32_t columns,
                                     struct table_index *out);
void table_index_free(struct table_index *index);
/* The row of `in`, which has some, that is nearest to `row` of `of`; of several the first from `start` on, round the
 * end. */
size_t table_nearest(const struct table_index *index, const struct table *of, size_t row, size_t start);

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
/* How many individuals have a row for which it holds. group: of each owner, who counts as one with it; NULL: itself
 * alone.
 */
size_t predicate_owners(const struct predicate *predicate, const struct table *table, const size_t *group);
