/* A candidate as one paragraph for people: "When W, A; then B. Avoid C because D." Hides how phrases are joined. */
#include "protocol/candidate.h"

static void add_list(struct buf *out, const char *before, const struct phrases *phrases, const char *between)
{
    for (size_t i = 0; i < phrases->count; i++) {
        buf_add_str(out, i ? between : before);
        buf_add_str(out, phrases->items[i]);
    }
}

static const char *before_avoid(const struct candidate *candidate)
{
    if (candidate->act.count)
        return ". Avoid ";
    return candidate->when.count ? ", avoid " : "Avoid ";
}

enum status candidate_render(const struct candidate *candidate, struct buf *out)
{
    size_t start = out->size;
    add_list(out, "When ", &candidate->when, " and ");
    add_list(out, candidate->when.count ? ", " : "", &candidate->act, "; then ");
    add_list(out, before_avoid(candidate), &candidate->avoid, " and ");
    add_list(out, " because ", &candidate->why, " and ");
    TRY(buf_status(out));
    if (out->size == start)
        return OK;
    uint8_t *first = out->data + start;
    if (*first >= 'a' && *first <= 'z')
        *first = (uint8_t)(*first - ('a' - 'A'));
    if (!strchr(".!?", out->data[out->size - 1]))
        buf_add_byte(out, '.');
    return buf_status(out);
}
