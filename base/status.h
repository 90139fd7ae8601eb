/* What a function that can fail returns, and how it says why.
 *
 * A status names whose fault it is, never the data at fault. `struct why` carries static text and numbers only,
 * so an error message cannot echo what a user or a stranger sent. The sentence is made once, at the edge
 * (why_print), never in the middle of the house. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))

enum status {
    OK = 0,
    ERR_USAGE,       /* caller: an argument, option or call that makes no sense */
    ERR_INPUT,       /* peer or file: malformed, truncated, wrong type, duplicate or unknown field */
    ERR_VERSION,     /* peer or file: a version that this program does not speak */
    ERR_TOO_LARGE,   /* peer or file: over a stated limit */
    ERR_NOT_FOUND,   /* caller: no such thing */
    ERR_EXISTS,      /* caller or peer: there already, with other content */
    ERR_DENIED,      /* peer: unknown, forbidden, undecryptable or badly signed; deliberately one code for all */
    ERR_POLICY,      /* policy: refused by a policy, a limit of privacy or the release gate */
    ERR_LIMIT,       /* peer: faster than its share allows, or as much as it may for now; try again later */
    ERR_UNAVAILABLE, /* environment: a peer is down or busy; try again */
    ERR_IO,          /* environment: a file, disk or socket failed */
    ERR_CORRUPT,     /* environment: stored data fails its own check */
    ERR_MEMORY,      /* environment: an allocation or a locked-memory limit */
    ERR_BUG,         /* ours: a case that cannot happen, reported where aborting would lose data */
};

/* Why something failed: all pointers are to static text of ours (or NULL). */
struct why {
    const char *what;  /* "unknown field", "certificate has expired" */
    const char *where; /* name of a field, section or file kind: ours, not the sender's */
    size_t at;         /* byte offset, line or index; 0 when it says nothing */
    const char *hint;  /* what to do about it, or NULL */
};

/* Fill *why (may be NULL) unless it is filled already, and return code, so that a failing check is one line:
 *     return why_set(why, ERR_INPUT, "unknown field", "candidate", offset); */
enum status why_set(struct why *why, enum status code, const char *what, const char *where, size_t at);
enum status why_hint(struct why *why, enum status code, const char *what, const char *where, const char *hint);

/* "refused by policy", "not authorised": two or three words for a status. Never NULL. */
const char *status_text(enum status code);

/* One line without newline into out (always terminated): "share: unknown field in candidate at 17: update the client".
 */
void why_print(const struct why *why, enum status code, const char *doing, char *out, size_t size);

/* The command line's exit code of a status: 0 done, 1 failed, 2 usage, 3 policy, 4 not authorised, 5 unavailable (try
 * again). */
int status_exit(enum status code);

/* Return early with the status of a call that failed. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        enum status try_status_ = (call);                                                                              \
        if (try_status_ != OK)                                                                                         \
            return try_status_;                                                                                        \
    } while (0)

/* A broken invariant: say where, wipe nothing, abort at once, in release builds too. */
#define INVARIANT(claim)                                                                                               \
    do {                                                                                                               \
        if (__builtin_expect(!(claim), 0))                                                                             \
            invariant_failed(#claim, __FILE__, __LINE__);                                                              \
    } while (0)
_Noreturn void invariant_failed(const char *claim, const char *file, int line);
