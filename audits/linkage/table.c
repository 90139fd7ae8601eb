/* Hides the layout of a table and the order in which neighbours are searched. */
#include "audits/linkage/table.h"

#include <math.h>
#include <stdlib.h>

#define BLOCK 64 /* rows */

/* --- rows --- */

void table_init(struct table *table, const enum column_kind *kinds, size_t columns)
{
    INVARIANT(columns <= TABLE_COLUMNS_MAX);
    *table = (struct table){.columns = columns};
    memcpy(table->kinds, kinds, columns * sizeof *kinds);
}

void table_free(struct table *table)
{
    mem_free(table->cells);
    mem_free(table->owner);
    table->cells = NULL;
    table->owner = NULL;
    table->rows = table->room = 0;
}

static enum status make_room(struct table *table)
{
    size_t room = table->room ? 2 * table->room : 64;
    if (table->rows < table->room)
        return OK;
    double *cells = mem_grow(table->cells, table->room * table->columns, room * table->columns, sizeof *cells);
    if (!cells)
        return ERR_MEMORY;
    table->cells = cells;
    size_t *owner = mem_grow(table->owner, table->room, room, sizeof *owner);
    if (!owner)
        return ERR_MEMORY;
    table->owner = owner;
    table->room = room;
    return OK;
}

enum status table_add(struct table *table, size_t owner, const double *cells)
{
    TRY(make_room(table));
    memcpy(&table->cells[table->rows * table->columns], cells, table->columns * sizeof *cells);
    table->owner[table->rows++] = owner;
    return OK;
}

static double cell(const struct table *table, size_t row, size_t column)
{
    return table->cells[row * table->columns + column];
}

/* --- neighbours --- */

static double scale_of(const struct table *a, const struct table *b, size_t column)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < a->rows + b->rows; i++) {
        double value = i < a->rows ? cell(a, i, column) : cell(b, i - a->rows, column);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    return high > low ? 1 / (high - low) : 1;
}

static void choose_columns(struct table_index *index, const struct table *of, const struct table *in, uint32_t columns)
{
    for (int numbers = 0; numbers < 2; numbers++) {
        for (size_t c = 0; c < of->columns; c++) {
            if (!(columns >> c & 1) || (of->kinds[c] == COLUMN_NUMBER) != numbers)
                continue;
            index->scale[index->count] = numbers ? scale_of(of, in, c) : 1;
            index->columns[index->count++] = c;
        }
        if (!numbers)
            index->categories = index->count;
    }
}

enum status table_index_new(const struct table *of, const struct table *in, uint32_t columns, struct table_index *out)
{
    *out = (struct table_index){.rows = in->rows, .blocks = (in->rows + BLOCK - 1) / BLOCK};
    choose_columns(out, of, in, columns);
    out->cells = mem_new(out->blocks * out->count * BLOCK + 1, sizeof *out->cells);
    if (!out->cells)
        return ERR_MEMORY;
    for (size_t row = 0; row < in->rows; row++)
        for (size_t c = 0; c < out->count; c++)
            out->cells[(row / BLOCK * out->count + c) * BLOCK + row % BLOCK] =
                cell(in, row, out->columns[c]) * out->scale[c];
    return OK;
}

void table_index_free(struct table_index *index)
{
    mem_free(index->cells);
    *index = (struct table_index){0};
}

/* Loops of a fixed length over one column each: the compiler makes vectors of them. */
static void block_distances(const struct table_index *index, size_t block, const double *query,
                            double away[static BLOCK])
{
    const double *cells = &index->cells[block * index->count * BLOCK];
    memset(away, 0, BLOCK * sizeof *away);
    for (size_t c = 0; c < index->categories; c++, cells += BLOCK)
        for (size_t i = 0; i < BLOCK; i++)
            away[i] += cells[i] != query[c] ? 1 : 0;
    for (size_t c = index->categories; c < index->count; c++, cells += BLOCK)
        for (size_t i = 0; i < BLOCK; i++)
            away[i] += fabs(cells[i] - query[c]);
}

size_t table_nearest(const struct table_index *index, const struct table *of, size_t row, size_t start)
{
    double query[TABLE_COLUMNS_MAX] = {0}, away[BLOCK], least = INFINITY;
    size_t best = 0;
    start %= index->rows;
    for (size_t c = 0; c < index->count; c++)
        query[c] = cell(of, row, index->columns[c]) * index->scale[c];
    for (size_t first = 0; first < index->rows; first += BLOCK) {
        block_distances(index, first / BLOCK, query, away);
        for (size_t i = 0; i < BLOCK && first + i < index->rows; i++) {
            if (away[i] > least || (away[i] == least && (best >= start || first + i < start)))
                continue;
            least = away[i];
            best = first + i;
        }
    }
    return best;
}

/* --- predicates --- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of an even number the middle of the two; NAN without memory, which then asks for "at most". */
static double median(const struct table *table, size_t column)
{
    SCOPED_MEM double *values = mem_new(table->rows + 1, sizeof *values);
    if (!values || table->rows == 0)
        return NAN;
    for (size_t i = 0; i < table->rows; i++)
        values[i] = cell(table, i, column);
    qsort(values, table->rows, sizeof *values, by_value);
    return (values[(table->rows - 1) / 2] + values[table->rows / 2]) / 2;
}

static struct term term_of(const struct table *from, size_t row, size_t column)
{
    struct term term = {column, TERM_EQUAL, cell(from, row, column)};
    if (from->kinds[column] == COLUMN_NUMBER)
        term.is = term.value > median(from, column) ? TERM_AT_LEAST : TERM_AT_MOST;
    return term;
}

void predicate_draw(const struct table *from, size_t row, uint32_t columns, size_t terms, struct random random,
                    struct predicate *out)
{
    size_t left[TABLE_COLUMNS_MAX] = {0}, count = 0;
    for (size_t c = 0; c < from->columns; c++)
        if (columns >> c & 1)
            left[count++] = c;
    *out = (struct predicate){0};
    while (out->count < terms && count > 0) {
        size_t drawn = (size_t)random_below(random, count);
        out->terms[out->count++] = term_of(from, row, left[drawn]);
        left[drawn] = left[--count];
    }
}

static bool holds(const struct predicate *predicate, const struct table *table, size_t row)
{
    for (size_t i = 0; i < predicate->count; i++) {
        const struct term *term = &predicate->terms[i];
        double value = cell(table, row, term->column);
        bool is = term->is == TERM_EQUAL      ? value == term->value
                  : term->is == TERM_AT_LEAST ? value >= term->value
                                              : value <= term->value;
        if (!is)
            return false;
    }
    return true;
}

static size_t group_of(const struct table *table, size_t row, const size_t *group)
{
    return group ? group[table->owner[row]] : table->owner[row];
}

static bool was_before(const struct predicate *predicate, const struct table *table, size_t row, const size_t *group)
{
    for (size_t i = 0; i < row; i++)
        if (group_of(table, i, group) == group_of(table, row, group) && holds(predicate, table, i))
            return true;
    return false;
}

size_t predicate_owners(const struct predicate *predicate, const struct table *table, const size_t *group)
{
    size_t owners = 0;
    for (size_t row = 0; row < table->rows; row++)
        owners += holds(predicate, table, row) && !was_before(predicate, table, row, group);
    return owners;
}
