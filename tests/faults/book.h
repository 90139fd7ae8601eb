/* What a federation has promised so far, and the check that a vault, wherever it was opened, keeps all of it:
 * receipts, checkpoints, charges and the library. */
#pragma once

#include "tests/server/house_fixture.h"

#define BOOK_RECEIPTS 32
#define BOOK_CHECKPOINTS 32

struct book_receipt {
    size_t member; /* of the house */
    uint8_t id;    /* as house_send repeats it */
    enum envelope_kind kind;
    bool may_be_gone; /* its withdrawal was sent */
    bool is_gone;     /* and acknowledged */
    struct receipt receipt;
};
struct book {
    size_t receipt_count, checkpoint_count;
    struct book_receipt receipts[BOOK_RECEIPTS];
    struct checkpoint checkpoints[BOOK_CHECKPOINTS];
    uint64_t charged_micro[HOUSE_MEMBERS];
    uint64_t library;       /* least version */
    struct checkpoint seen; /* by the member who pulled it */
    /* The member that may have been erased, and whether that was acknowledged; HOUSE_MEMBERS: none. */
    size_t leaving;
    bool has_left;
    /* An operation that was begun and not acknowledged: it may have happened, once. */
    size_t rows_in_flight;
    uint64_t micro_in_flight;
};

/* The receipt that a member was given. */
void book_enter(struct book *book, const struct house *house, size_t member, uint8_t id, enum envelope_kind kind,
                struct bytes receipt);
struct book_receipt *book_find(struct book *book, size_t member, uint8_t id);
/* The checkpoint that the log has now. */
void book_checkpoint(struct book *book, struct house *house);
/* The library that a member pulls now. */
void book_library(struct book *book, struct house *house);

/* Whether what a receipt is for is stored, exactly once, and live unless it was withdrawn. */
bool book_is_stored(const struct book_receipt *entry, struct house *house);

/* The house keeps what the book says: each receipt is signed, names its leaf, and its contribution is stored exactly
 * once, or its member was erased and no file of it is left; nothing else is stored; the log verifies and extends every
 * checkpoint; no charge is missing or doubled; the library verifies and is no older. */
void book_check(const struct book *book, struct house *house);
