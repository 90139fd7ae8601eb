/* Detection: one pass of all anchors, names and known values over one normalised text. */
#pragma once

#include "redaction/normalise.h"
#include "redaction/placeholder.h"
#include "redaction/recognizer.h"

struct find {
    size_t start, end; /* in the normalised text */
    const struct recognizer *row;
    enum redact_type type : 8; /* small: a text of nothing but finds has one every seven bytes */
    bool flagged : 1;          /* reported, but left as it is */
    float score;
    const struct recognizer *inner; /* of a hidden value: the row that knew it once it was plain; else NULL */
};
struct finds {
    struct find *items;
    size_t count, room;
};
void finds_free(struct finds *finds);
MUST_USE enum status finds_add(struct finds *finds, struct find find);
void finds_drop_flagged(struct finds *finds);
#define SCOPED_FINDS __attribute__((cleanup(finds_free)))

struct detector; /* compiled anchors; immutable, shared by threads */
struct names;
struct keys;

struct scan {
    const struct keys *keys;
    const struct names *names; /* NULL: names are not looked for */
    struct bytes text;
    unsigned want;  /* rows that have all these flags */
    uint64_t types; /* bit per redact_type that is looked for */
    struct finds *finds;
    enum status status;
    size_t *seen;              /* per anchored row: hits up to here are understood */
    size_t bare_from, bare_to; /* no digit stands there */
};

/* The walk over runs of digits (redaction/numbers.c). */
struct numbers;
MUST_USE enum status numbers_new(struct numbers **out);
void numbers_free(struct numbers *numbers);
void numbers_run(const struct numbers *numbers, struct scan *scan);

MUST_USE enum status detector_new(struct detector **out, struct why *why);
void detector_free(struct detector *detector);
/* Run all anchors over scan->text. */
MUST_USE enum status detector_run(struct detector *detector, struct scan *scan);
/* Hash over all rows' rules, anchors and shapes. */
void detector_hash(uint8_t out[static 32]);
