/* Grouping. Hides the order in which candidates are taken (equal ones as one, the most frequent first), so that leaders
 * do not depend on the order of the input, and the choice of a group among those that are near. */
#include "insight/group.h"

#include <stdlib.h>

#include "base/hash.h"
#include "insight/parts.h"
#include "insight/postings.h"

#define CONTENT_BYTES 16

struct member { /* a candidate on its way to its like */
    uint8_t content[CONTENT_BYTES];
    uint32_t candidate;
};
struct unique { /* candidates of equal content: a run of members */
    const struct member *members;
    uint32_t count;
};
struct work {
    struct member *members;
    struct unique *uniques;
    size_t unique_count;
    struct features *vectors; /* of the uniques */
    struct features *leaders; /* borrowed from vectors */
};

void grouping_free(struct grouping *grouping)
{
    mem_free(grouping->group);
    mem_free(grouping->leader);
    mem_free(grouping->links);
    *grouping = (struct grouping){0};
}

static void work_free(struct work *work)
{
    for (size_t i = 0; work->vectors && i < work->unique_count; i++)
        features_free(&work->vectors[i]);
    mem_free(work->vectors);
    mem_free(work->leaders);
    mem_free(work->uniques);
    mem_free(work->members);
}
#define SCOPED_WORK __attribute__((cleanup(work_free)))

static void put_texts(struct buf *out, char *const *texts, size_t count)
{
    buf_add_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        buf_add_lp(out, bytes_str(texts[i]));
}

static enum status content_of(const struct candidate *candidate, struct buf *scratch, uint8_t out[static CONTENT_BYTES])
{
    buf_clear(scratch);
    buf_add_byte(scratch, (uint8_t)candidate->kind);
    for (size_t i = 0; i < PHRASE_LISTS; i++) {
        const struct phrases *list = candidate_phrases(candidate, i);
        put_texts(scratch, list->items, list->count);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        const char *slot = candidate_slot(candidate, i);
        buf_add_byte(scratch, slot != NULL);
        buf_add_lp(scratch, bytes_str(slot));
    }
    put_texts(scratch, candidate->order, candidate->order_count);
    TRY(buf_status(scratch));
    uint8_t hash[HASH_BYTES];
    hash_sha256(buf_bytes(scratch), hash);
    memcpy(out, hash, CONTENT_BYTES);
    return OK;
}

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = memcmp(x->content, y->content, CONTENT_BYTES);
    return order ? order : (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

static int compare_uniques(const void *a, const void *b)
{
    const struct unique *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return memcmp(x->members->content, y->members->content, CONTENT_BYTES);
}

static enum status collapse(const struct candidate *candidates, size_t count, struct work *work)
{
    SCOPED_BUF struct buf scratch = {0};
    work->members = mem_new(count, sizeof *work->members);
    work->uniques = mem_new(count, sizeof *work->uniques);
    if (!work->members || !work->uniques)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        work->members[i].candidate = (uint32_t)i;
        TRY(content_of(&candidates[i], &scratch, work->members[i].content));
    }
    qsort(work->members, count, sizeof *work->members, compare_members);
    for (size_t i = 0; i < count; i++) {
        struct member *member = &work->members[i];
        if (i == 0 || memcmp(member->content, member[-1].content, CONTENT_BYTES) != 0)
            work->uniques[work->unique_count++].members = member;
        work->uniques[work->unique_count - 1].count++;
    }
    qsort(work->uniques, work->unique_count, sizeof *work->uniques, compare_uniques);
    return OK;
}

static enum status extract_features(const struct candidate *candidates, struct work *work)
{
    work->vectors = mem_new(work->unique_count, sizeof *work->vectors);
    work->leaders = mem_new(work->unique_count, sizeof *work->leaders);
    if (!work->vectors || !work->leaders)
        return ERR_MEMORY;
    for (size_t i = 0; i < work->unique_count; i++)
        TRY(features_of_candidate(&candidates[work->uniques[i].members->candidate], &work->vectors[i]));
    return OK;
}

static bool only_avoids(const struct candidate *candidate)
{
    return candidate->act.count == 0 && candidate->avoid.count > 0;
}

/* The group whose leader is most similar among those that say do, or avoid, as this one does; the earliest of equals.
 */
static uint32_t nearest(const struct candidate *candidates, const struct work *work, const struct grouping *grouping,
                        uint32_t unique, const struct posting_hit *hits, size_t count)
{
    const struct posting_hit *best = NULL;
    bool avoids = only_avoids(&candidates[work->uniques[unique].members->candidate]);
    for (size_t i = 0; i < count; i++) {
        const struct posting_hit *hit = &hits[i];
        if (only_avoids(&candidates[work->uniques[hit->number].members->candidate]) != avoids)
            continue;
        if (!best || hit->similarity > best->similarity ||
            (hit->similarity == best->similarity && hit->number < best->number))
            best = hit;
    }
    return best ? grouping->group[work->uniques[best->number].members->candidate] : UINT32_MAX;
}

static enum status assign(const struct candidate *candidates, struct work *work, double near, struct grouping *out)
{
    struct postings *postings;
    TRY(postings_new(work->vectors, work->unique_count, near, &postings));
    for (uint32_t u = 0; u < work->unique_count; u++) {
        const struct unique *unique = &work->uniques[u];
        const struct posting_hit *hits;
        size_t found = postings_find(postings, u, SIZE_MAX, &hits);
        uint32_t group = nearest(candidates, work, out, u, hits, found);
        if (group == UINT32_MAX) {
            group = (uint32_t)out->groups++;
            out->leader[group] = unique->members->candidate;
            work->leaders[group] = work->vectors[u];
            postings_add(postings, u);
        }
        for (size_t i = 0; i < unique->count; i++)
            out->group[unique->members[i].candidate] = group;
    }
    postings_free(postings);
    return OK;
}

static int compare_hits(const void *a, const void *b)
{
    const struct posting_hit *x = a, *y = b;
    if (x->similarity != y->similarity)
        return x->similarity > y->similarity ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int compare_links(const void *a, const void *b)
{
    const struct group_link *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Keep the strongest of the hits of group b. */
static enum status add_links(struct grouping *out, size_t *room, uint32_t b, const struct posting_hit *hits,
                             size_t count)
{
    size_t kept = count < GROUP_LINKS_MAX ? count : GROUP_LINKS_MAX;
    if (out->link_count + kept > *room) {
        size_t wider = *room * 2 + GROUP_LINKS_MAX;
        struct group_link *grown = mem_grow(out->links, *room, wider, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        out->links = grown;
        *room = wider;
    }
    struct posting_hit best[GROUP_LINKS_MAX];
    for (size_t i = 0, size = 0; i < count; i++) {
        if (size == GROUP_LINKS_MAX && compare_hits(&hits[i], &best[size - 1]) > 0)
            continue;
        size_t place = size < GROUP_LINKS_MAX ? size++ : size - 1;
        for (; place > 0 && compare_hits(&hits[i], &best[place - 1]) < 0; place--)
            best[place] = best[place - 1];
        best[place] = hits[i];
    }
    for (size_t i = 0; i < kept; i++)
        out->links[out->link_count++] = (struct group_link){best[i].number, b, best[i].similarity};
    return OK;
}

static enum status link_groups(const struct work *work, double related, struct grouping *out)
{
    struct postings *postings;
    TRY(postings_new(work->leaders, out->groups, related, &postings));
    enum status status = OK;
    size_t room = 0;
    for (uint32_t g = 0; g < out->groups && status == OK; g++) {
        const struct posting_hit *hits;
        size_t found = postings_find(postings, g, GROUP_LINK_SHARED_MAX, &hits);
        status = add_links(out, &room, g, hits, found);
        postings_add(postings, g);
    }
    postings_free(postings);
    if (status == OK && out->link_count)
        qsort(out->links, out->link_count, sizeof *out->links, compare_links);
    return status;
}

static enum status group(const struct candidate *candidates, size_t count, double near, double related,
                         struct grouping *out)
{
    SCOPED_WORK struct work work = {0};
    out->count = count;
    out->group = mem_new(count, sizeof *out->group);
    out->leader = mem_new(count, sizeof *out->leader);
    if (!out->group || !out->leader)
        return ERR_MEMORY;
    TRY(collapse(candidates, count, &work));
    TRY(extract_features(candidates, &work));
    TRY(assign(candidates, &work, near, out));
    return link_groups(&work, related, out);
}

enum status group_candidates(const struct candidate *candidates, size_t count, double near, double related,
                             struct grouping *out)
{
    *out = (struct grouping){0};
    if (!(related > 0 && related <= near && near <= 1))
        return ERR_USAGE;
    if (count > INT32_MAX)
        return ERR_TOO_LARGE;
    enum status status = group(candidates, count, near, related, out);
    if (status != OK)
        grouping_free(out);
    return status;
}
