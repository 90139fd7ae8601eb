/* Hides a set of 64-bit hashes with open addressing, at most three quarters full, and a short list of epochs. Two ids
 * with one hash cost a look into the database, no more; a seed of this process keeps members from choosing such. */
#include "server/intake_known.h"

#include "base/hash.h"

#define EPOCHS_MAX 4 /* the present ones; of another all of the quota is taken to be free, and the epoch refused */

struct known {
    size_t count, room; /* room: a power of two */
    uint64_t *hashes;   /* 0: free */
    size_t epoch_count;
    struct {
        char epoch[EPOCH_TEXT];
        int64_t used;
    } epochs[EPOCHS_MAX];
};

static uint64_t hash_of(const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES])
{
    static uint64_t seed;
    uint8_t both[2 * ID_BYTES];
    if (seed == 0)
        seed = random_u64(random_system()) | 1;
    memcpy(both, device, ID_BYTES);
    memcpy(both + ID_BYTES, id, ID_BYTES);
    uint64_t hash = hash_mix64(bytes_of(both, sizeof both), seed);
    return hash ? hash : 1;
}

/* Where the hash is, or the free place where it would go. */
static size_t place_of(const struct known *known, uint64_t hash)
{
    size_t at = (size_t)hash & (known->room - 1);
    while (known->hashes[at] != 0 && known->hashes[at] != hash)
        at = (at + 1) & (known->room - 1);
    return at;
}

static enum status grow(struct known *known, size_t room)
{
    struct known larger = {.room = room, .hashes = mem_new(room, sizeof *larger.hashes)};
    if (!larger.hashes)
        return ERR_MEMORY;
    for (size_t i = 0; i < known->room; i++)
        if (known->hashes[i])
            larger.hashes[place_of(&larger, known->hashes[i])] = known->hashes[i];
    mem_free(known->hashes);
    known->hashes = larger.hashes;
    known->room = room;
    return OK;
}

static enum status add_hash(struct known *known, uint64_t hash)
{
    if (4 * (known->count + 1) > 3 * known->room)
        TRY(grow(known, 2 * known->room));
    size_t at = place_of(known, hash);
    known->count += known->hashes[at] == 0;
    known->hashes[at] = hash;
    return OK;
}

enum status known_add(struct known *known, const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES])
{
    return add_hash(known, hash_of(device, id));
}

bool known_may_have(const struct known *known, const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES])
{
    return known->hashes[place_of(known, hash_of(device, id))] != 0;
}

size_t known_count(const struct known *known)
{
    return known->count;
}

/* --- quotas --- */

int64_t known_used(const struct known *known, const char *epoch)
{
    for (size_t i = 0; i < known->epoch_count; i++)
        if (strcmp(known->epochs[i].epoch, epoch) == 0)
            return known->epochs[i].used;
    return 0;
}

static enum status take_quotas(struct known *known, struct db_rows *rows)
{
    enum status status = OK;
    known->epoch_count = 0;
    while (known->epoch_count < EPOCHS_MAX && (status = db_next(rows)) == OK) {
        TRY(store_text(db_bytes(rows, 0), known->epochs[known->epoch_count].epoch, EPOCH_TEXT));
        known->epochs[known->epoch_count++].used = db_integer(rows, 1);
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status known_count_again(struct known *known, struct db *db)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(db, &rows, "SELECT epoch, used FROM quota ORDER BY epoch DESC", "");
    if (status == OK)
        status = take_quotas(known, rows);
    db_done(rows);
    return status;
}

/* --- loading --- */

static enum status take_ids(struct known *known, struct db_rows *rows)
{
    enum status status;
    while ((status = db_next(rows)) == OK) {
        uint8_t device[ID_BYTES], id[ID_BYTES];
        TRY(store_fixed(db_bytes(rows, 0), device, ID_BYTES));
        TRY(store_fixed(db_bytes(rows, 1), id, ID_BYTES));
        TRY(known_add(known, device, id));
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status load(struct known *known, struct db *db)
{
    struct db_rows *rows = NULL;
    TRY(grow(known, 16));
    TRY(known_count_again(known, db));
    enum status status = db_query(db, &rows, "SELECT device, id FROM admission", "");
    if (status == OK)
        status = take_ids(known, rows);
    db_done(rows);
    return status;
}

enum status known_load(struct db *db, struct known **out)
{
    *out = NULL;
    struct known *known = mem_new(1, sizeof *known);
    enum status status = known ? load(known, db) : ERR_MEMORY;
    if (status == OK)
        *out = known;
    else
        known_free(known);
    return status;
}

void known_free(struct known *known)
{
    if (!known)
        return;
    mem_free(known->hashes);
    mem_free(known);
}
