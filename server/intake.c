/* What the intake holds in memory: a table to find admissions by, lists by tenant and file of the journal, and the
 * tallies beside them. */
#include "server/intake_inside.h"

#include "base/hash.h"
#include "protocol/receipt_leaf.h"

/* --- the table --- */

static size_t bucket(const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES], bool is_target)
{
    uint8_t key[2 * ID_BYTES];
    memcpy(key, device, ID_BYTES);
    memcpy(key + ID_BYTES, id, ID_BYTES);
    return (size_t)(hash_mix64(bytes_of(key, sizeof key), is_target) % INTAKE_BUCKETS);
}

static const uint8_t *link_id(const struct held_link *link)
{
    return link->is_target ? link->held->row.target : link->held->row.id;
}

static struct held *find(const struct intake *intake, const uint8_t device[static ID_BYTES],
                         const uint8_t id[static ID_BYTES], bool is_target)
{
    for (const struct held_link *link = intake->table[bucket(device, id, is_target)]; link; link = link->next)
        if (link->is_target == is_target && memcmp(link->held->row.device, device, ID_BYTES) == 0 &&
            memcmp(link_id(link), id, ID_BYTES) == 0)
            return link->held;
    return NULL;
}

static void link_in(struct intake *intake, struct held_link *link)
{
    struct held_link **place = &intake->table[bucket(link->held->row.device, link_id(link), link->is_target)];
    link->next = *place;
    *place = link;
}

static void link_out(struct intake *intake, const struct held_link *link)
{
    struct held_link **place = &intake->table[bucket(link->held->row.device, link_id(link), link->is_target)];
    while (*place != link)
        place = &(*place)->next;
    *place = link->next;
}

const struct held *intake_find(const struct vault *vault, const uint8_t device[static ID_BYTES],
                               const uint8_t id[static ID_BYTES])
{
    return find(vault->intake, device, id, false);
}

bool intake_withdraws(const struct vault *vault, const uint8_t device[static ID_BYTES],
                      const uint8_t target[static ID_BYTES])
{
    return find(vault->intake, device, target, true) != NULL;
}

const struct admission *held_row(const struct held *held)
{
    return &held->row;
}

bool held_is_queued(const struct held *held)
{
    return held->is_queued;
}

/* --- tenants and tallies --- */

static enum status tenants_grow(struct intake *intake, size_t number)
{
    if (number < intake->tenant_count)
        return OK;
    size_t count = 2 * number + 16;
    struct intake_tenant **grown = mem_grow(intake->tenants, intake->tenant_count, count, sizeof *grown);
    if (!grown)
        return ERR_MEMORY;
    intake->tenants = grown;
    intake->tenant_count = count;
    return OK;
}

enum status intake_tenant_of(struct intake *intake, const struct tenant *tenant, struct intake_tenant **out)
{
    size_t number = (size_t)tenant->number;
    *out = NULL;
    TRY(tenants_grow(intake, number));
    if (!intake->tenants[number]) {
        struct intake_tenant *fresh = mem_new(1, sizeof *fresh);
        if (!fresh)
            return ERR_MEMORY;
        memcpy(fresh->id, tenant->id, ID_BYTES);
        for (unsigned file = 0; file < JOURNAL_FILES; file++)
            fresh->lists[file].last = &fresh->lists[file].first;
        intake->tenants[number] = fresh;
    }
    *out = intake->tenants[number];
    return OK;
}

static struct intake_tally *tally_find(const struct intake_list *list, const char *epoch)
{
    for (size_t i = 0; i < list->tally_count; i++)
        if (strcmp(list->tallies[i].epoch, epoch) == 0)
            return &list->tallies[i];
    return NULL;
}

static enum status tally_make(struct intake_list *list, const char *epoch)
{
    if (tally_find(list, epoch))
        return OK;
    struct intake_tally *grown = mem_grow(list->tallies, list->tally_count, list->tally_count + 1, sizeof *grown);
    if (!grown)
        return ERR_MEMORY;
    list->tallies = grown;
    memcpy(grown[list->tally_count++].epoch, epoch, EPOCH_TEXT);
    return OK;
}

/* --- what the databases hold --- */

void known_forget(struct intake *intake, struct intake_tenant *of)
{
    if (of->known)
        intake->known -= known_count(of->known);
    known_free(of->known);
    of->known = NULL;
}

static struct intake_tenant *known_longest_ago(const struct intake *intake)
{
    struct intake_tenant *oldest = NULL;
    for (size_t i = 0; i < intake->tenant_count; i++) {
        struct intake_tenant *of = intake->tenants[i];
        if (of && of->known && (!oldest || of->known_used < oldest->known_used))
            oldest = of;
    }
    return oldest;
}

static enum status known_of(struct vault *vault, const struct tenant *tenant, struct intake_tenant **of)
{
    struct intake *intake = vault->intake;
    struct db *db = NULL;
    TRY(intake_tenant_of(intake, tenant, of));
    (*of)->known_used = ++intake->tick;
    if ((*of)->known)
        return OK;
    TRY(store_tenant(vault->store, tenant, &db));
    TRY(known_load(db, &(*of)->known));
    intake->known += known_count((*of)->known);
    while (intake->known > INTAKE_KNOWN && known_longest_ago(intake) != *of)
        known_forget(intake, known_longest_ago(intake));
    return OK;
}

enum status intake_may_be_stored(struct vault *vault, const struct tenant *tenant,
                                 const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES], bool *may)
{
    struct intake_tenant *of;
    *may = true;
    TRY(known_of(vault, tenant, &of));
    *may = known_may_have(of->known, device, id);
    return OK;
}

enum status intake_used(struct vault *vault, const struct tenant *tenant, const char *epoch, uint64_t *used)
{
    struct intake_tenant *of;
    *used = 0;
    TRY(known_of(vault, tenant, &of));
    *used = (uint64_t)known_used(of->known, epoch);
    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        const struct intake_tally *tally = tally_find(&of->lists[file], epoch);
        *used += tally ? tally->waiting : 0;
    }
    return OK;
}

void known_follow(struct intake *intake, struct intake_tenant *of, struct db *db, const struct held *held, size_t count)
{
    if (!of->known)
        return;
    enum status status = known_count_again(of->known, db);
    intake->known -= known_count(of->known);
    for (; count > 0 && status == OK; count--, held = held->next)
        status = known_add(of->known, held->row.device, held->row.id);
    intake->known += known_count(of->known);
    if (status != OK) /* what is not known can be read again, what is known wrongly can't be told */
        known_forget(intake, of);
}

/* --- held --- */

static struct intake_tally *tally_of(const struct held *held)
{
    struct intake_tally *tally = tally_find(&held->tenant->lists[held->place.file], held->row.epoch);
    INVARIANT(tally);
    return tally;
}

enum status held_new(struct intake *intake, struct intake_tenant *tenant, const struct admission *row, unsigned file,
                     struct held **out)
{
    *out = NULL;
    TRY(tally_make(&tenant->lists[file], row->epoch));
    struct held *held = mem_new(1, sizeof *held);
    if (!held)
        return ERR_MEMORY;
    *held = (struct held){.row = *row, .tenant = tenant, .place = {.file = file}};
    held->by_id.held = held->by_target.held = held;
    held->by_target.is_target = true;
    buf_init_secret(&held->record);
    link_in(intake, &held->by_id);
    if (row->kind == ENVELOPE_WITHDRAWAL)
        link_in(intake, &held->by_target);
    else
        tally_of(held)->waiting++;
    *out = held;
    return OK;
}

void held_free(struct intake *intake, struct held *held)
{
    link_out(intake, &held->by_id);
    if (held->row.kind == ENVELOPE_WITHDRAWAL)
        link_out(intake, &held->by_target);
    else
        tally_of(held)->waiting--;
    buf_free(&held->record);
    mem_free(held);
}

void held_append(struct held *held, const struct journal_place *place)
{
    struct intake_list *list = &held->tenant->lists[place->file];
    held->place = *place;
    held->is_queued = false;
    held->next = NULL;
    buf_free(&held->record);
    *list->last = held;
    list->last = &held->next;
    *(held->row.kind == ENVELOPE_WITHDRAWAL ? &tally_of(held)->withdrawals : &tally_of(held)->contributions) += 1;
}

enum status held_read(struct vault *vault, const struct tenant *tenant, const struct held *held, struct buf *plaintext)
{
    struct secret key;
    TRY(intake_key_find(vault, tenant, &key));
    return journal_read(vault->intake->journal, &held->place, &key, plaintext);
}

enum status intake_receipt(struct vault *vault, const struct tenant *tenant, const struct held *held,
                           struct buf *receipt)
{
    struct admission row;
    struct bytes record, stored;
    SCOPED_BUF struct buf plaintext;
    buf_init_secret(&plaintext);
    TRY(held_read(vault, tenant, held, &plaintext));
    TRY(held_decode(buf_bytes(&plaintext), &row, &record, &stored));
    buf_add(receipt, stored);
    return buf_status(receipt);
}

/* --- batches --- */

enum status batch_enter(struct intake *intake, unsigned file, uint64_t number, const struct receipt *receipt)
{
    struct intake_batches *batches = &intake->batches[file];
    uint8_t leaf[MERKLE_BYTES];
    if (batches->count == batches->room) {
        size_t room = 2 * batches->room + 16;
        struct intake_batch *grown = mem_grow(batches->items, batches->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        batches->items = grown;
        batches->room = room;
    }
    struct intake_batch *batch = &batches->items[batches->count];
    *batch = (struct intake_batch){.number = number, .leaf = receipt->leaf};
    enum status status = receipt_log_leaf(receipt, LOGGED_CONTRIBUTION, &batch->entry, leaf);
    if (status == OK)
        batches->count++;
    else
        buf_free(&batch->entry);
    return status;
}

void batches_free(struct intake_batches *batches)
{
    for (size_t i = 0; i < batches->count; i++)
        buf_free(&batches->items[i].entry);
    mem_free(batches->items);
    *batches = (struct intake_batches){0};
}
