/* What a recognizer is: a row. And what the frame gives it while it looks.
 *
 * Every row has an anchor, a cheap pattern without which nothing can match; one Vectorscan database holds all anchors.
 * At each hit the frame calls the row's `match` with the anchor's end. It looks at a bounded stretch around it, applies
 * checksum and context, and reports through scan_found.
 *
 * Anchors are literals or lists of literals wherever possible: those cost almost nothing, while patterns that begin
 * with a class run over every byte. Rows about numbers have no anchor but a `digits`: one walk over the runs of digits
 * asks them (redaction/numbers.c). */
#pragma once

#include "redaction/chars.h"
#include "redaction/redaction.h"

struct scan; /* the state of one pass over one text: redaction/detect.h */

enum recognizer_flags {
    ROW_STRICT = 1,   /* holds without context: redact_scan uses it */
    ROW_LEARN = 2,    /* a find is certain: all later mentions of the value go */
    ROW_INSIDE = 4,   /* the shape begins before the anchor: at the start of the word around it */
    ROW_LOOSE = 8,    /* what stands around the anchor does not matter */
    ROW_LIST = 16,    /* the anchor is a list of words, '|' between, in any case; they stand as words (a plural's s may
                         follow) unless ROW_LOOSE */
    ROW_WIDE = 64,    /* the row's match takes more forms */
    ROW_NEAR = 128,   /* the value stands right behind its label */
    ROW_JOINED = 256, /* a word of the list may be part of a name with underscores: "customer_cpf" */
    ROW_TAGGED = 512, /* of the tagger: gives way to what has a form of its own */
    ROW_CASED = 32,   /* ... in the case as written */
    ROW_RUN = 1024,   /* the anchor is marks and a number ("_-20"): so many letters and digits right behind a mark. They
                         may go on; `match` is given where so many end */
};

/* The runs of digits that a row about numbers wants to see: by length (bit n: n digits, bit 7: seven and more) and by
 * what stands before and behind (bits of enum beside; 0: anything). */
enum beside {
    BESIDE_ELSE = 1,
    BESIDE_PLUS = 2,
    BESIDE_UNDER = 4,
    BESIDE_UPPER_HEX = 8,
    BESIDE_LOWER_HEX = 16,
    BESIDE_BLANK = 32,
    BESIDE_DASH = 64,
    BESIDE_DOT = 128,
    BESIDE_COLON = 256,
    BESIDE_CLOSE = 512, /* ) */
    BESIDE_COMMA = 1024,
    BESIDE_SLASH = 2048,
    BESIDE_OPEN = 4096, /* ( */
    BESIDE_SIGN = 8192, /* = $ */
    BESIDE_UPPER_ELSE = 16384,
    BESIDE_LOWER_ELSE = 32768,
    BESIDE_UPPER = BESIDE_UPPER_HEX | BESIDE_UPPER_ELSE,
    BESIDE_LOWER = BESIDE_LOWER_HEX | BESIDE_LOWER_ELSE,
    BESIDE_OTHER = BESIDE_ELSE | BESIDE_COMMA | BESIDE_SLASH | BESIDE_OPEN | BESIDE_SIGN,
    /* What may stand before a number of its own. */
    BESIDE_APART = BESIDE_ELSE | BESIDE_COMMA | BESIDE_OPEN | BESIDE_BLANK | BESIDE_CLOSE,
};
#define DIGITS_OR_MORE(n) (uint8_t)(0xff << (n))
struct digits {
    uint8_t lengths;
    uint16_t before, behind;
};

struct recognizer {
    const char *rule;
    enum redact_type type;
    const char *anchor; /* Vectorscan pattern; NULL: the literal front of the shape */
    /* Returns the offset up to which this row needs no further call; at least `end` is understood. This is what keeps
     * overlapping hits linear: a run of digits is examined once, not once a digit. */
    size_t (*match)(struct scan *scan, const struct recognizer *row, size_t end);
    const char *shape; /* what `match` looks for, where it is a general one */
    float score;
    unsigned flags;
    const char *source;   /* standard or vendor's page behind the rule */
    struct digits digits; /* lengths 0: the row has an anchor; else `match` is given the end of the run of digits */
};

struct recognizers {
    const struct recognizer *rows;
    size_t count;
};

/* All tables, by theme. */
extern const struct recognizers *const recognizer_tables[];
extern const size_t recognizer_table_count;

extern const struct recognizers recognizers_contact;        /* e-mail, phone, postal address, birth dates */
extern const struct recognizers recognizers_finance;        /* cards, IBAN, SSN */
extern const struct recognizers recognizers_account;        /* payment, order, reservation, user ids in context */
extern const struct recognizers recognizers_technical;      /* IP, MAC, URLs, home folders */
extern const struct recognizers recognizers_crypto;         /* addresses of crypto currencies */
extern const struct recognizers recognizers_device;         /* devices, vehicles */
extern const struct recognizers recognizers_document;       /* passports, licences, health insurance, banks */
extern const struct recognizers recognizers_host;           /* machines, logins, profile pages */
extern const struct recognizers recognizers_position;       /* coordinates */
extern const struct recognizers recognizers_secret;         /* keys, JWT, headers, connection strings */
extern const struct recognizers recognizers_assign;         /* values behind a name that claims a secret */
extern const struct recognizers recognizers_vendor;         /* keys behind the name of a service alone */
extern const struct recognizers recognizers_command;        /* passwords on command lines */
extern const struct recognizers recognizers_call;           /* secrets as arguments */
extern const struct recognizers recognizers_setting;        /* secrets in settings of databases, devices, clusters */
extern const struct recognizers recognizers_capability;     /* webhooks, keys that say so by a prefix */
extern const struct recognizers recognizers_file;           /* key material and credentials as files hold them */
extern const struct recognizers recognizers_seed;           /* one-time passwords' seeds, recovery phrases */
extern const struct recognizers recognizers_phrase;         /* recovery phrases */
extern const struct recognizers recognizers_token;          /* vendors' tokens */
extern const struct recognizers recognizers_name;           /* persons */
extern const struct recognizers recognizers_place;          /* places and peoples by list */
extern const struct recognizers recognizers_address;        /* postal addresses */
extern const struct recognizers recognizers_street;         /* ... by the street's word */
extern const struct recognizers recognizers_letter;         /* lines with a name */
extern const struct recognizers recognizers_date;           /* dates, birth dates, ages */
extern const struct recognizers recognizers_demographic;    /* what somebody is */
extern const struct recognizers recognizers_organisation;   /* companies, authorities, schools */
extern const struct recognizers recognizers_quantity;       /* sums, shares, durations */
extern const struct recognizers recognizers_key;            /* values under telling keys */
extern const struct recognizers recognizers_hidden;         /* forms in which values hide */
extern const struct recognizers recognizers_national;       /* national and tax ids of Europe */
extern const struct recognizers recognizers_national_world; /* ... and of other countries */

/* --- for match functions --- */
struct names;
struct bytes scan_text(const struct scan *scan);
const struct names *scan_names(const struct scan *scan);
/* Report [start, end) of the text. */
void scan_found(struct scan *scan, const struct recognizer *row, size_t start, size_t end);
/* How many finds were reported. */
size_t scan_count(const struct scan *scan);
/* Whether only what holds without context is looked for: redact_scan. */
bool scan_is_strict(const struct scan *scan);
/* Whether `least` digits or more stand in the `within` bytes of the text from `at` on. Where there are none this is
 * remembered, so that a row may ask at every hit. */
bool scan_has_digits(struct scan *scan, size_t at, size_t within, size_t least);
/* The general match: row->shape, at the anchor or (ROW_INSIDE) at the start of the word around it. */
size_t match_shape(struct scan *scan, const struct recognizer *row, size_t end);
/* The general match behind a label ("order number is #1234"): walks over filler words and punctuation from `end` to
 * the next value, which must have row->shape ('|' between several). A list ("A, B and C") is taken whole. */
size_t match_labelled(struct scan *scan, const struct recognizer *row, size_t end);
/* End of the value of one of the shapes ('|' between) at `at`, or 0. */
size_t match_one_of(const char *shapes, struct bytes text, size_t at);
/* From the end of a label to where its value may begin; SIZE_MAX when too much else is said. Stops before the byte
 * `keep`. *strong: the label names a value ("number", "id", "#", ":") and is not merely mentioned. */
size_t skip_label(const struct scan *scan, size_t at, uint8_t keep, bool *strong);
