/* Hides the search. */
#include "audits/linkage/nearest.h"

/* The nearest row of the release by these columns. */
static enum status find_nearest(const struct nearest *target, uint32_t columns, struct random random, size_t *out)
{
    struct table_index index;
    TRY(table_index_new(target->of, target->in, columns | RECORD_PSEUDONYM_ONLY, &index));
    *out = table_nearest(&index, target->of, target->row, (size_t)random_below(random, target->in->rows));
    table_index_free(&index);
    return OK;
}

enum status nearest_links(const struct nearest *target, struct random random, double *out)
{
    size_t one = 0, other = 0;
    TRY(find_nearest(target, RECORD_SITUATION, random, &one));
    TRY(find_nearest(target, RECORD_ACTION, random, &other));
    *out = target->in->owner[one] == target->in->owner[other];
    return OK;
}

double nearest_secret(const struct table *table, size_t row)
{
    return table->cells[row * table->columns + RECORD_ACT];
}

enum status nearest_infers(const struct nearest *target, struct random random, double *out)
{
    size_t nearest = 0;
    TRY(find_nearest(target, RECORD_SITUATION, random, &nearest));
    *out = nearest_secret(target->of, target->row) == nearest_secret(target->in, nearest);
    return OK;
}
