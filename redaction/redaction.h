/* The scrubber: finds what must not leave (personal data, secrets, identifiers) in bytes of text, and replaces it.
 *
 * A `struct redactor` is a compiled policy: immutable, shared by threads. A `struct redact_session` is the memory of
 * one document or trace: placeholders keep their index in it ("<EMAIL_1>" is the same address everywhere), and what was
 * found with certainty once is found in all later texts (names above all). Pure functions over bytes: no files, no
 * globals; keyed pseudonyms come through a callback. All offsets are bytes of the *input* as given, whatever was
 * normalised. */
#pragma once

#include "base/bytes.h"

enum redact_type {
    REDACT_NAME,
    REDACT_EMAIL,
    REDACT_PHONE,
    REDACT_ADDRESS,      /* street and postal addresses */
    REDACT_PLACE,        /* cities, regions, countries, landmarks, postal codes that stand alone */
    REDACT_ORGANISATION, /* companies, authorities, courts, schools */
    REDACT_DATE,         /* dates and times that say when something about a person happened */
    REDACT_BIRTH_DATE,
    REDACT_AGE,
    REDACT_DEMOGRAPHIC, /* nationality, religion, politics, health, sexuality (GDPR Art. 9), profession, title */
    REDACT_QUANTITY,    /* amounts that single a person out */
    REDACT_CASE,        /* case, docket and file numbers */
    REDACT_MISC,        /* whatever else tells who it is */
    REDACT_IP,
    REDACT_MAC,
    REDACT_HOST,        /* names of machines within an organisation */
    REDACT_COORDINATES, /* latitude and longitude */
    REDACT_DEVICE,      /* IMEI, serial and advertising ids */
    REDACT_VEHICLE,     /* VIN, plates */
    REDACT_URL_USER,    /* a URL that carries user info or a token */
    REDACT_CARD,        /* payment cards, with their CVV and expiry in context */
    REDACT_IBAN,
    REDACT_BANK,   /* BIC, routing and account numbers */
    REDACT_CRYPTO, /* addresses of crypto currencies */
    REDACT_SSN,
    REDACT_NATIONAL_ID,
    REDACT_TAX_ID,
    REDACT_PASSPORT,
    REDACT_LICENCE,    /* driving and professional licences */
    REDACT_MEDICAL,    /* medical record, provider and beneficiary numbers */
    REDACT_ACCOUNT,    /* payment, customer, employee, user, order, reservation ids in context */
    REDACT_USERNAME,   /* login names and handles */
    REDACT_PATH,       /* home folders */
    REDACT_KEY,        /* private key blocks */
    REDACT_TOKEN,      /* JWT and vendors' tokens */
    REDACT_PASSWORD,   /* NAME=value secrets, headers, values under telling keys */
    REDACT_CONNECTION, /* connection strings */
    REDACT_SEED,       /* OTP seeds, recovery phrases */
    REDACT_CUSTOM,
    REDACT_TYPES
};
/* "EMAIL", as in the placeholder. Never NULL. */
const char *redact_type_name(enum redact_type type);
/* Whether the type is a secret (credential) rather than personal data. */
bool redact_type_is_secret(enum redact_type type);

struct redact_finding {
    size_t start, end; /* bytes of the input, [start, end) */
    const char
        *rule; /* "email", "token.github"; "custom.NAME" of a policy's pattern, which lasts as long as the redactor */
    enum redact_type type : 8;
    bool withheld : 1; /* the policy's operator takes it; false: it is under the threshold and only flagged */
    float score;       /* 0..1 */
    const char *inner; /* of a hidden value ("hidden.escape"): the rule that knew it once it was plain; else NULL */
};

/* What stands behind the `rule` of a finding. All text is static; none of it is of the input. */
struct redact_rule {
    const char *name;
    enum redact_type type;
    float score;          /* how likely a find of it is right; 0: each find has its own */
    const char *evidence; /* what it goes by: "form alone", "a telling key" */
    const char *source;   /* standard or vendor's page */
};
/* False if there is no rule of that name. */
bool redact_rule_find(const char *name, struct redact_rule *out);
/* Its number among all; "custom.NAME" (a policy's pattern) has that of "custom". One behind the last if there is none.
 */
size_t redact_rule_index(const char *name);
/* All rules, from 0 on; false behind the last. */
bool redact_rule_at(size_t index, struct redact_rule *out);

struct redact_findings {
    struct redact_finding *items; /* sorted by start, not overlapping */
    size_t count, room;
};
void redact_findings_free(struct redact_findings *findings);

/* What operators do by the caller's key. Those that a policy does not use may be NULL. */
struct redact_pseudonyms {
    /* Keyed pseudonym of a value (operators `hash` and `shift`): writes `size` bytes, at most 32. */
    void (*make)(void *state, struct bytes value, uint8_t *out, size_t size);
    void *state; /* of both */
    /* Append a value sealed so that redact_opener opens it (operator `encrypt`); `type` is authenticated with it. */
    enum status (*seal)(void *state, struct bytes type, struct bytes value, struct buf *out);
};

struct redactor;
/* policy: JSON text of a policy file (docs/redaction.md), or BYTES_NONE for the default policy.
 * ERR_INPUT with the place, ERR_VERSION, ERR_MEMORY. */
MUST_USE enum status redactor_new(struct bytes policy, const struct redact_pseudonyms *pseudonyms,
                                  struct redactor **out, struct why *why);
void redactor_free(struct redactor *redactor);
/* Text of the ready-made policy of this name: "default", "strict", "hipaa-safe-harbor", "gdpr", "tab", "secrets-only",
 * "off" (the positive control); else BYTES_NONE. */
struct bytes redact_policy_text(const char *name);
/* Their names, from 0 on; NULL behind the last. */
const char *redact_policy_name(size_t index);
/* SHA-256 of the compiled policy with the rules' version: two clients with the same hash scrub alike. */
void redactor_hash(const struct redactor *redactor, uint8_t out[static 32]);

/* The policy's thresholds: finds from `withhold` on are replaced, from `flag` on reported. */
void redactor_thresholds(const struct redactor *redactor, double *withhold, double *flag);

/* A session remembers up to 131,072 values and 16 MiB of them. Later ones are replaced as well, but each mention gets
 * an index of its own, and they are not looked for elsewhere. */
struct redact_session;
MUST_USE enum status redact_session_new(const struct redactor *redactor, struct redact_session **out);
void redact_session_free(struct redact_session *session);
/* Tell the session of a value known from elsewhere (a user's name from a profile record). */
MUST_USE enum status redact_session_learn(struct redact_session *session, enum redact_type type, struct bytes value);
/* Whose dates come from here on: operator `shift` moves the dates of one subject by the same number of weeks, drawn by
 * the caller's key. Without a call all sessions of a key share one. */
MUST_USE enum status redact_session_subject(struct redact_session *session, struct bytes subject);
/* How many findings of a type were operated on so far. */
size_t redact_session_count(const struct redact_session *session, enum redact_type type);

/* What is found in text (UTF-8 or not: ill-formed bytes are kept and never match letters). Appends nothing on failure.
 * The session learns: a caller with several texts of one trace detects in all of them first (out may be NULL), then
 * scrubs each, so that a value that only the last text gives away is gone from the first too. */
MUST_USE enum status redact_detect(struct redact_session *session, struct bytes text, struct redact_findings *out);
/* Detect and operate: the scrubbed text is appended to out. `found` may be NULL. Two passes within one text, so that a
 * name found at the end is also replaced at the beginning. Texts over 4 MiB go in overlapping windows; what one window
 * teaches holds from there on. */
MUST_USE enum status redact_text(struct redact_session *session, struct bytes text, struct buf *out,
                                 struct redact_findings *found);
/* The same for one JSON value: only strings that changed are re-encoded, every other byte is copied; a value under a
 * telling key ("password", "email", "first_name") goes whatever it looks like, a number too (it becomes a string). Keys
 * that hold a digit or an @ are scrubbed as well. Consistency holds over the whole value (over 1 MiB of strings: from
 * there on). ERR_INPUT if not JSON, and then nothing is appended. */
MUST_USE enum status redact_json(struct redact_session *session, struct bytes json, struct buf *out, struct why *why);
/* What redact_json would change: offsets are those of the JSON text, escapes and all. `out` as in redact_detect. */
MUST_USE enum status redact_json_detect(struct redact_session *session, struct bytes json, struct redact_findings *out,
                                        struct why *why);
/* Input that comes in parts and has any size: text, a JSON value, or a value a line, told by how it begins. Memory is
 * bounded whatever comes: a record (a line of JSON, a whole value) of up to 4 MiB is done as redact_json does it and is
 * text if it is not JSON; of longer ones a part at a time, their strings over 1 MiB in overlapping windows, and where
 * such a one turns out not to be JSON all that follows is text. Text goes in overlapping windows of 1 MiB. */
#define REDACT_STREAM_HELD ((size_t)5 << 20) /* what a stream holds back at most, in bytes of input */
struct redact_stream;
MUST_USE enum status redact_stream_new(struct redact_session *session, struct redact_stream **out);
/* The same for what is text, whatever it looks like. */
MUST_USE enum status redact_stream_new_text(struct redact_session *session, struct redact_stream **out);
void redact_stream_free(struct redact_stream *stream);
/* Take more input. What of the output is ready is appended to `out` (NULL: only detect, so that the session learns),
 * what was found to `found` (may be NULL) with offsets in the whole input; the caller empties both as it likes. After a
 * failure (ERR_MEMORY) the stream is only good for being freed. */
MUST_USE enum status redact_stream_add(struct redact_stream *stream, struct bytes part, struct buf *out,
                                       struct redact_findings *found);
/* No more input: the rest. */
MUST_USE enum status redact_stream_end(struct redact_stream *stream, struct buf *out, struct redact_findings *found);

/* Is there anything in text that must never arrive at the server or be published? Without context or consistency: for
 * admission, the release gate and the audits. Sets *found to the most certain finding; ERR_NOT_FOUND if none. */
MUST_USE enum status redact_scan(const struct redactor *redactor, struct bytes text, struct redact_finding *found);

/* --- putting back what operator `encrypt` sealed --- */
struct redact_opener {
    enum status (*open)(void *state, struct bytes type, struct bytes sealed, struct buf *out); /* ERR_DENIED */
    void *state;
};
struct redact_restored {
    size_t opened, closed; /* sealed placeholders that were opened; that were left as they are: altered, another key */
};
/* Append text with its sealed placeholders opened; *count is added to. Nothing is appended on failure. */
MUST_USE enum status redact_restore(struct bytes text, const struct redact_opener *opener, struct buf *out,
                                    struct redact_restored *count);
/* The same within the strings and keys of one JSON value; every other byte is copied. ERR_INPUT if not JSON. */
MUST_USE enum status redact_restore_json(struct bytes json, const struct redact_opener *opener, struct buf *out,
                                         struct redact_restored *count);
