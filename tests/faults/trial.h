/* One operation of the house under every fault: on a fresh copy of a prepared state folder the n-th write, fsync,
 * rename or allocation fails, the disk is full from the n-th on, or the power is cut before the n-th; for each n until
 * nothing is hit any more. After each: the answer was a status; the folder opens; the book is kept; the operation,
 * repeated, succeeds, and then what it acknowledged holds too, even after a power cut right behind the answer. */
#pragma once

#include "tests/faults/book.h"
#include "tests/faults/disk.h"

struct trial {
    struct house house;
    struct book book;
    char prepared[300], image[300], kept[300];
    size_t n;           /* of the present try */
    struct buf message; /* what the operation sends, made once by prepare */
    struct buf answer;  /* of the last try that succeeded */
    struct db *kept_open;
    bool must_stop; /* the vault cannot go on after what it met */
};
struct scenario {
    const char *name;
    /* On the common house: what the operation needs. NULL: nothing. */
    void (*prepare)(struct trial *trial);
    /* The operation on house, which is the trial's or an image of it. */
    enum status (*act)(struct trial *trial, struct house *house);
    /* Enter what it acknowledged: into the book, which is checked then. NULL: nothing. */
    void (*acknowledged)(struct trial *trial, struct book *book);
    /* And what must hold beyond the book. NULL: nothing. */
    void (*holds)(struct trial *trial, struct house *house);
    /* What a repetition may be told where the first try took effect without being acknowledged; OK: nothing else. */
    enum status repeated;
};
extern const struct scenario scenarios[]; /* ends with a row without name */

/* Ask the vault; if it says that it must stop, so is trial->must_stop, and that is the status. */
enum status trial_ask(struct trial *trial, struct house *house, enum role from, enum message_type type,
                      struct bytes payload);
enum status trial_command(struct trial *trial, struct house *house, const char *command);

enum trial_depth {
    TRIAL_SAMPLE, /* a few n of each fault */
    TRIAL_ALL,    /* every n */
};
/* How often a fault was met. Failures are cmocka's. */
size_t trial_run(const struct scenario *scenario, enum trial_depth depth);
/* The case that the check must find: on a disk whose fsync does nothing an acknowledged contribution is gone after a
 * power cut. */
bool trial_finds_a_loss(void);
/* The teardown of a test that runs trials: after a failure, which n of what it was. */
int trial_end(void **state);
