/* Room-internal: the inside of the intake. intake.c holds, intake_flush.c makes batches, intake_drain.c drains,
 * intake_replay.c opens, intake_key.c has the tenants' keys. */
#pragma once

#include "server/intake.h"
#include "server/intake_known.h"
#include "server/journal.h"

#define INTAKE_BUCKETS 4096
#define INTAKE_KEYS 256
#define INTAKE_KNOWN 4000000 /* ids of stored rows that are remembered, of all tenants: about 50 MiB */

/* A place in the table: by (device, id) and, for a withdrawal, by (device, target). */
struct held_link {
    struct held_link *next;
    struct held *held;
    bool is_target;
};
struct held {
    struct admission row;
    struct intake_tenant *tenant;
    bool is_queued;
    struct journal_place place;
    struct buf record; /* while queued; secret */
    struct held *next; /* in the queue, then in the tenant's list */
    struct held_link by_id, by_target;
};

/* By epoch: what the batches of a file hold of a tenant, and what of it is not in the tenant's database. */
struct intake_tally {
    char epoch[EPOCH_TEXT];
    uint64_t contributions, withdrawals, waiting;
};
/* What a file of the journal holds of a tenant, in order. */
struct intake_list {
    struct held *first, **last;
    struct intake_tally *tallies;
    size_t tally_count;
};
struct intake_tenant {
    uint8_t id[ID_BYTES];
    struct intake_list lists[JOURNAL_FILES];
    struct known *known; /* NULL: not read yet, or forgotten */
    uint64_t known_used; /* the intake's tick */
};

struct intake_batch {
    uint64_t number, leaf;
    struct buf entry; /* of the log */
};
struct intake_batches {
    size_t count, room;
    struct intake_batch *items;
};

/* Who waits for an answer. */
struct waiting {
    const struct held *held;
    enum role peer;
    uint64_t request, start_ticks;
    size_t bytes;
};

/* The keys used last; all in one piece of secret memory. */
struct intake_keys {
    struct secret memory;
    struct intake_key {
        uint8_t tenant[ID_BYTES];
        uint32_t version; /* 0: free */
        uint64_t used;
    } items[INTAKE_KEYS];
    uint64_t tick;
};

struct intake {
    struct journal *journal;
    struct held_link *table[INTAKE_BUCKETS];
    struct intake_tenant **tenants; /* by the number of the tenant's row; NULL: nothing yet */
    size_t tenant_count;
    struct intake_batches batches[JOURNAL_FILES];
    struct held *queue, **queue_last;
    size_t queued;
    struct waiting *waiting;
    size_t waiting_count, waiting_room;
    struct intake_keys keys;
    size_t known; /* ids, of all tenants */
    uint64_t tick;
    size_t cursor;       /* of draining: the tenant that is next */
    uint64_t rest_until; /* ticks: no draining by itself before */
    bool is_broken;      /* the journal may not be believed any more */
};

/* --- intake.c --- */
void known_forget(struct intake *intake, struct intake_tenant *of);
/* Rows were added to a tenant's database, which is open. */
void known_follow(struct intake *intake, struct intake_tenant *of, struct db *db, const struct held *held,
                  size_t count);
MUST_USE enum status intake_tenant_of(struct intake *intake, const struct tenant *tenant, struct intake_tenant **out);
/* Enter one into the table, and into the tally of the file that it is in or will be in. */
MUST_USE enum status held_new(struct intake *intake, struct intake_tenant *tenant, const struct admission *row,
                              unsigned file, struct held **out);
/* Take it out of both and free it. */
void held_free(struct intake *intake, struct held *held);
/* It is in the journal now: onto its tenant's list, counted. */
void held_append(struct held *held, const struct journal_place *place);
MUST_USE enum status batch_enter(struct intake *intake, unsigned file, uint64_t number, const struct receipt *receipt);
void batches_free(struct intake_batches *batches);

/* --- intake_flush.c: what is sealed in a frame --- */
MUST_USE enum status held_encode(const struct admission *row, struct bytes record, struct bytes receipt,
                                 struct buf *out);
/* record and receipt point into text. */
MUST_USE enum status held_decode(struct bytes text, struct admission *row, struct bytes *record, struct bytes *receipt);

/* --- intake_key.c --- */
/* Borrowed, valid until the next call. */
MUST_USE enum status intake_key_find(struct vault *vault, const struct tenant *tenant, struct secret *borrowed);
/* What is sealed of it in the journal. */
MUST_USE enum status held_read(struct vault *vault, const struct tenant *tenant, const struct held *held,
                               struct buf *plaintext);
