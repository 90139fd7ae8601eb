/* The parts of release_select, one file each: recounting (release_recount.c), who says what (release_holdings.c), the
 * overlap of joints (release_overlap.c), what no proposal brought (release_complete.c), merging and linking what passed
 * (release_merge.c). */
#pragma once

#include "insight/parts.h"
#include "insight/release.h"

struct selected { /* a proposal that passed the recount */
    struct insight insight;
    uint32_t tenants; /* exact; never published */
    bool gone;        /* withheld by the gate or merged into another */
};
void selected_free(struct selected *selected, size_t count);
struct selection {
    struct selected *items; /* owned */
    size_t count, room;
};
/* Room for one more; *next, zeroed, is behind the last and not counted yet. */
MUST_USE enum status selection_grow(struct selection *selection, struct selected **next);

/* Keys of all phrases of the round, computed once. */
struct phrase_table {
    size_t *start; /* of candidate i in keys; one more behind the last */
    struct phrase_entry {
        uint8_t list;
        uint8_t key[16];
        const char *text;
    } * entries;
};
MUST_USE enum status phrase_table_new(const struct candidate *candidates, size_t count, struct phrase_table *out);
void phrase_table_free(struct phrase_table *table);

/* Which candidates, and whose, propose a phrase in a list: sorted by list, key, tenant and candidate. */
struct holdings {
    size_t count;
    struct holding {
        uint8_t list;
        uint8_t key[16];
        uint32_t tenant, candidate;
    } * items; /* owned */
};
MUST_USE enum status holdings_new(const struct release_input *input, const struct phrase_table *table,
                                  struct holdings *out);
void holdings_free(struct holdings *holdings);
void holding_set(const struct phrase_table *table, size_t entry, uint32_t tenant, uint32_t candidate,
                 struct holding *out);
void holdings_sort(struct holdings *holdings);
/* The holdings of one phrase: the first, and how many stand from there. */
const struct holding *holdings_find(const struct holdings *holdings, size_t list, const uint8_t key[static 16],
                                    size_t *count);
/* How many from `first` on, before `end`, are of first's phrase. */
size_t holdings_run(const struct holding *first, const struct holding *end);
/* Distinct tenants among one phrase's holdings. */
uint32_t holdings_tenants(const struct holding *first, size_t count);

/* --- one proposal's recount: release_recount.c counts, release_write.c writes what is left --- */

#define CLAIMS_MAX (PHRASE_LISTS * PHRASES_MAX) /* bits of a mask */
_Static_assert(CLAIMS_MAX <= 64, "a proposal's phrases are the bits of one mask");

struct claim { /* a phrase of the proposal */
    uint8_t list;
    uint8_t key[16];
};
struct supporter {
    uint32_t candidate;
    const struct release_row *row;
    uint64_t holds; /* bit c: it proposed claim c */
};
struct recount {
    const struct release_input *input;
    const struct phrase_table *table;
    const struct proposal *proposal;
    struct claim claims[CLAIMS_MAX];
    size_t claim_count;
    uint64_t of_list[PHRASE_LISTS];
    uint64_t left;                /* claims that are still in */
    struct supporter *supporters; /* owned; sorted by tenant and task */
    size_t supporter_count;
};
bool claim_matches(const struct claim *claim, const struct phrase_entry *entry);
/* Distinct tenants among the supporters for which `counts` holds (NULL: all). */
typedef bool (*counts_when)(const struct recount *recount, const struct supporter *supporter, const void *what);
uint32_t count_tenants(const struct recount *recount, counts_when counts, const void *what);
/* Claims that are left and of which no spelling may be shown. */
MUST_USE enum status claims_unspelled(const struct recount *recount, uint64_t *unspelled);
/* The insight as it is left: phrases, slots, kind, outcome, support, rate, id. */
MUST_USE enum status recount_write(const struct recount *recount, struct insight *out);

/* Recount one proposal. ERR_POLICY with *reason if nothing of it may be released. */
MUST_USE enum status release_recount(const struct release_input *input, const struct phrase_table *table,
                                     const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                     enum withheld_reason *reason);
/* Mark as gone, and count, what spells out by joining phrases what fewer than k tenants wrote in one, unless each of
 * the joined phrases has k tenants besides those. */
MUST_USE enum status release_overlap(const struct release_input *input, const struct phrase_table *table,
                                     const struct holdings *holdings, struct selected *selected, size_t count,
                                     size_t *withheld);
/* Append what k tenants share and nothing in the selection says: for every "when" and "do" or "avoid" that k tenants
 * propose in one candidate each, an insight from these candidates, if it passes the recount and the gate. Whatever
 * fewer than k tenants, or the distiller, send or leave out, an insight with such a pair stands. */
MUST_USE enum status release_complete(const struct release_input *input, const struct phrase_table *table,
                                      const struct holdings *holdings, struct selection *selection);
/* Of near-duplicates keep the best supported; link related ones. */
MUST_USE enum status release_merge(const struct policy *policy, struct selected *selected, size_t count);
/* Moves what is not gone to the end of the library and sorts it. */
MUST_USE enum status release_append(struct library *library, struct selected *selected, size_t count,
                                    struct release_report *report);
