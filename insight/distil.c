/* The embedded distiller: group, then render each group from the phrases that most of its members share. Hides how a
 * member's phrases become votes, and the taste: how many phrases of each list, how many votes, how much alike is too
 * much. */
#include "insight/distil.h"

#include <stdlib.h>

#include "insight/parts.h"

#define ALIKE 0.75 /* two phrases with this cosine or more say the same */

/* Of each list: how many phrases are proposed at most, and the part of the votes of its first that the others need.
 * "When" is strict: its phrases are read as "this and that". */
static const struct taste {
    size_t most, share;
} tastes[PHRASE_LISTS] = {[LIST_WHEN] = {3, 2}, [LIST_ACT] = {10, 5}, [LIST_AVOID] = {4, 5}, [LIST_WHY] = {2, 3}};

struct vote { /* a phrase in a list of one candidate */
    uint8_t key[16];
    uint32_t voter;
    uint32_t position;
    const char *phrase;
};
struct option {         /* a phrase that voters share */
    const uint8_t *key; /* of 16 bytes */
    const char *phrase; /* of its spellings the first in the alphabet */
    size_t votes;
    double position; /* mean place in the list */
    bool chosen;
};
struct ballot { /* a group with its voters */
    const struct candidate *candidates;
    const uint32_t *voters; /* of each candidate of the support; NULL: each is its own */
    struct proposal *group;
    size_t voter_count;
};

static uint32_t voter_of(const struct ballot *ballot, size_t member)
{
    return ballot->voters ? ballot->voters[member] : (uint32_t)member;
}

void proposals_free(struct proposals *proposals)
{
    for (size_t i = 0; i < proposals->count; i++) {
        candidate_free(&proposals->items[i].text);
        mem_free(proposals->items[i].support);
        mem_free(proposals->items[i].links);
    }
    mem_free(proposals->items);
    *proposals = (struct proposals){0};
}

static int compare_votes(const void *a, const void *b)
{
    const struct vote *x = a, *y = b;
    int order = memcmp(x->key, y->key, sizeof x->key);
    if (order)
        return order;
    if (x->voter != y->voter)
        return x->voter < y->voter ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

static int compare_options(const void *a, const void *b)
{
    const struct option *x = a, *y = b;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return memcmp(x->key, y->key, sizeof((struct vote *)0)->key);
}

static int compare_positions(const void *a, const void *b)
{
    const struct option *x = a, *y = b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return memcmp(x->key, y->key, sizeof((struct vote *)0)->key);
}

static size_t collect_votes(const struct ballot *ballot, size_t list, struct vote *votes)
{
    size_t count = 0;
    for (size_t m = 0; m < ballot->group->support_count; m++) {
        const struct phrases *phrases = candidate_phrases(&ballot->candidates[ballot->group->support[m]], list);
        for (size_t p = 0; p < phrases->count; p++) {
            struct vote *vote = &votes[count++];
            *vote = (struct vote){.voter = voter_of(ballot, m), .position = (uint32_t)p, .phrase = phrases->items[p]};
            phrase_key(vote->phrase, vote->key);
        }
    }
    qsort(votes, count, sizeof *votes, compare_votes);
    return count;
}

/* One vote a voter and phrase, from the first place where it has it. */
static size_t count_options(const struct vote *votes, size_t count, struct option *options)
{
    size_t made = 0;
    for (size_t i = 0, first; i < count;) {
        struct option option = {.key = votes[i].key, .phrase = votes[i].phrase};
        uint64_t positions = 0;
        for (first = i; i < count && memcmp(votes[i].key, option.key, sizeof votes->key) == 0; i++) {
            if (strcmp(votes[i].phrase, option.phrase) < 0)
                option.phrase = votes[i].phrase;
            if (i > first && votes[i].voter == votes[i - 1].voter)
                continue;
            option.votes++;
            positions += votes[i].position;
        }
        option.position = (double)positions / (double)option.votes;
        options[made++] = option;
    }
    qsort(options, made, sizeof *options, compare_options);
    return made;
}

/* Append *phrase's features to chosen unless one there is alike. */
static enum status is_new(const char *phrase, struct features *chosen, size_t *count, bool *result)
{
    struct features features;
    TRY(features_of_text(phrase, &features));
    *result = true;
    for (size_t i = 0; i < *count && *result; i++)
        *result = features_cosine(&features, &chosen[i]) < ALIKE;
    if (*result)
        chosen[(*count)++] = features;
    else
        features_free(&features);
    return OK;
}

/* Take the options with the most votes that say something new, then bring them into the order in which members have
 * them. */
static enum status choose(struct option *options, size_t count, size_t voters, struct taste taste, struct phrases *out)
{
    struct features chosen[PHRASES_MAX] = {{0}};
    size_t kept = 0;
    enum status status = OK;
    for (size_t i = 0; i < count && kept < taste.most && status == OK; i++) {
        if ((voters > 1 && options[i].votes < 2) || options[i].votes * taste.share < options[0].votes)
            break;
        status = is_new(options[i].phrase, chosen, &kept, &options[i].chosen);
    }
    for (size_t i = 0; i < kept; i++)
        features_free(&chosen[i]);
    qsort(options, count, sizeof *options, compare_positions);
    for (size_t i = 0; i < count && status == OK; i++)
        if (options[i].chosen)
            status = phrases_add(out, options[i].phrase);
    return status;
}

static enum status distil_phrases(const struct ballot *ballot)
{
    size_t most = ballot->group->support_count * PHRASES_MAX;
    SCOPED_MEM struct vote *votes = mem_new(most, sizeof *votes);
    SCOPED_MEM struct option *options = mem_new(most, sizeof *options);
    if (!votes || !options)
        return ERR_MEMORY;
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        size_t count = count_options(votes, collect_votes(ballot, list, votes), options);
        TRY(choose(options, count, ballot->voter_count, tastes[list],
                   candidate_phrases_of(&ballot->group->text, list)));
    }
    return OK;
}

struct entry { /* what a candidate has in a slot, or its order of steps */
    const char *value;
    const struct candidate *candidate;
    uint32_t voter;
};

static int compare_values(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->value, y->value);
    return order ? order : (x->voter > y->voter) - (x->voter < y->voter);
}

/* The value of most voters; the first in the alphabet of equals; NULL if no two of several agree. */
static const char *usual_value(const struct ballot *ballot, size_t slot, struct entry *entries)
{
    size_t count = 0, best = ballot->voter_count > 1 ? 1 : 0;
    for (size_t m = 0; m < ballot->group->support_count; m++) {
        const char *value = candidate_slot(&ballot->candidates[ballot->group->support[m]], slot);
        if (value)
            entries[count++] = (struct entry){.value = value, .voter = voter_of(ballot, m)};
    }
    qsort(entries, count, sizeof *entries, compare_values);
    const char *usual = NULL;
    for (size_t i = 0, voices = 0; i < count; i++) {
        bool same = i > 0 && strcmp(entries[i].value, entries[i - 1].value) == 0;
        voices = same ? voices + (entries[i].voter != entries[i - 1].voter) : 1;
        if (voices > best) {
            best = voices;
            usual = entries[i].value;
        }
    }
    return usual;
}

static int compare_steps(const struct candidate *x, const struct candidate *y)
{
    if (x->order_count != y->order_count)
        return x->order_count > y->order_count ? -1 : 1;
    for (size_t i = 0; i < x->order_count; i++) {
        int order = strcmp(x->order[i], y->order[i]);
        if (order)
            return order;
    }
    return 0;
}

static int compare_orders(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = compare_steps(x->candidate, y->candidate);
    return order ? order : (x->voter > y->voter) - (x->voter < y->voter);
}

static enum status copy_order(const struct candidate *from, struct candidate *out)
{
    for (size_t i = 0; i < from->order_count; i++) {
        out->order[i] = mem_copy(bytes_str(from->order[i]));
        if (!out->order[i])
            return ERR_MEMORY;
        out->order_count++;
    }
    return OK;
}

/* The order of steps of most voters; the longest of equals. */
static enum status usual_order(const struct ballot *ballot, struct entry *entries)
{
    size_t count = ballot->group->support_count, best = ballot->voter_count > 1 ? 1 : 0;
    for (size_t m = 0; m < count; m++)
        entries[m] =
            (struct entry){.candidate = &ballot->candidates[ballot->group->support[m]], .voter = voter_of(ballot, m)};
    qsort(entries, count, sizeof *entries, compare_orders);
    const struct candidate *usual = NULL;
    for (size_t i = 0, voices = 0; i < count; i++) {
        bool same = i > 0 && candidate_same_order(entries[i].candidate, entries[i - 1].candidate);
        voices = same ? voices + (entries[i].voter != entries[i - 1].voter) : 1;
        if (entries[i].candidate->order_count && voices > best) {
            best = voices;
            usual = entries[i].candidate;
        }
    }
    return usual ? copy_order(usual, &ballot->group->text) : OK;
}

static enum status distil_slots(const struct ballot *ballot)
{
    SCOPED_MEM struct entry *entries = mem_new(ballot->group->support_count, sizeof *entries);
    if (!entries)
        return ERR_MEMORY;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        const char *value = usual_value(ballot, slot, entries);
        if (value && !(*candidate_slot_of(&ballot->group->text, slot) = mem_copy(bytes_str(value))))
            return ERR_MEMORY;
    }
    return usual_order(ballot, entries);
}

static void distil_kind(const struct candidate *candidates, struct proposal *group)
{
    size_t kinds[CANDIDATE_KINDS] = {0}, outcomes[OUTCOMES] = {0};
    for (size_t m = 0; m < group->support_count; m++) {
        kinds[candidates[group->support[m]].kind]++;
        outcomes[candidates[group->support[m]].outcome]++;
    }
    for (size_t i = 1; i < CANDIDATE_KINDS; i++)
        if (kinds[i] > kinds[group->text.kind])
            group->text.kind = (enum candidate_kind)i;
    for (size_t i = 1; i < OUTCOMES; i++)
        if (outcomes[i] > outcomes[group->text.outcome])
            group->text.outcome = (enum outcome)i;
}

enum status distil_group(const struct candidate *candidates, const uint32_t *voters, struct proposal *group)
{
    struct ballot ballot = {candidates, voters, group, 0};
    for (size_t m = 0; m < group->support_count; m++)
        ballot.voter_count += m == 0 || voter_of(&ballot, m) != voter_of(&ballot, m - 1);
    distil_kind(candidates, group);
    TRY(distil_phrases(&ballot));
    return distil_slots(&ballot);
}

/* Room for every proposal's support and links, then both filled in ascending order. */
static enum status fill_members(const struct grouping *grouping, struct proposals *out)
{
    for (size_t i = 0; i < grouping->count; i++)
        out->items[grouping->group[i]].support_count++;
    for (size_t i = 0; i < grouping->link_count; i++) {
        out->items[grouping->links[i].a].link_count++;
        out->items[grouping->links[i].b].link_count++;
    }
    for (size_t g = 0; g < out->count; g++) {
        struct proposal *proposal = &out->items[g];
        proposal->support = mem_new(proposal->support_count, sizeof *proposal->support);
        proposal->links = mem_new(proposal->link_count, sizeof *proposal->links);
        if (!proposal->support || !proposal->links)
            return ERR_MEMORY;
        proposal->support_count = proposal->link_count = 0;
    }
    for (size_t i = 0; i < grouping->count; i++) {
        struct proposal *proposal = &out->items[grouping->group[i]];
        proposal->support[proposal->support_count++] = (uint32_t)i;
    }
    for (size_t i = 0; i < grouping->link_count; i++) {
        struct proposal *a = &out->items[grouping->links[i].a], *b = &out->items[grouping->links[i].b];
        a->links[a->link_count++] = grouping->links[i].b;
        b->links[b->link_count++] = grouping->links[i].a;
    }
    return OK;
}

static enum status propose(const struct candidate *candidates, const struct grouping *grouping, struct proposals *out)
{
    out->items = mem_new(grouping->groups, sizeof *out->items);
    if (!out->items)
        return ERR_MEMORY;
    out->count = grouping->groups;
    TRY(fill_members(grouping, out));
    for (size_t g = 0; g < out->count; g++)
        TRY(distil_group(candidates, NULL, &out->items[g]));
    return OK;
}

static enum status distil_embedded(void *state, const struct candidate *candidates, size_t count,
                                   const struct distil_options *options, struct proposals *out)
{
    (void)state;
    *out = (struct proposals){0};
    struct grouping grouping;
    TRY(group_candidates(candidates, count, options->near, options->related, &grouping));
    enum status status = propose(candidates, &grouping, out);
    grouping_free(&grouping);
    if (status != OK)
        proposals_free(out);
    return status;
}

struct distiller distiller_embedded(void)
{
    return (struct distiller){.name = "embedded/1", .distil = distil_embedded};
}
