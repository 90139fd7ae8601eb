/* A simulated disk under all that a test program writes below one folder: our files and SQLite's alike, because the C
 * library's own calls are caught (calls.c), so that the product needs no hook and nothing can go past it.
 *
 * It knows for every file what is durable (as of its last successful fsync) and what was written since, and for every
 * folder which creations, renames and removals an fsync of the folder has made durable. Files whose name ends with
 * "-shm" are SQLite's shared memory: they can fail, but no power cut keeps them. An fsync never reaches the real disk.
 *
 * Operations are counted: creating, writing, sizing, syncing, renaming, linking, removing. After a failed fsync what
 * had been written before it is never durable, whatever a later fsync says: that is how Linux behaves. One thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum disk_fault {
    DISK_SOUND, /* nothing fails */
    DISK_FAILS, /* operation `at` fails with EIO, once */
    DISK_TEARS, /* likewise, after half of what it was to write was written */
    DISK_FULL,  /* from operation `at` on, whatever wants room fails with ENOSPC, until disk_mend */
    DISK_SHORT, /* from operation `at` on, each write takes half of what it is given and says so: no fault */
    DISK_LIES,  /* no fsync does anything, and each says OK: the case that a checker must find */
};
/* What a power cut leaves of what was not durable. */
enum disk_cut {
    CUT_DROPPED, /* nothing */
    CUT_KEPT,    /* all of it: as kill -9 leaves it */
    CUT_TORN,    /* some sectors of 512 bytes; of the folders' changes the first few */
};
struct disk_plan {
    enum disk_fault fault;
    size_t at;         /* from 1; 0: never */
    const char *image; /* a folder to be made from the disk when operation `at` is about to happen; NULL: none */
    enum disk_cut cut;
    uint64_t seed; /* of CUT_TORN */
};

/* Watch a folder; what is in it is durable. NULL: nothing. Forgets what was watched before. */
void disk_watch(const char *folder);
/* Begin to count from 1, and to fail by plan. */
void disk_arm(const struct disk_plan *plan);
/* Nothing fails any more. How many operations were counted. */
size_t disk_mend(void);
/* A copy of the watched folder in `to`, which is replaced, as a power cut at this moment would leave it. */
void disk_image(const char *to, enum disk_cut cut, uint64_t seed);

/* Copies the files of a folder, without sockets and "-shm", into `to`, which is replaced; not watched, not counted. */
void disk_copy(const char *from, const char *to);
void disk_remove(const char *folder); /* with all that is in it; OK if it is not there */
