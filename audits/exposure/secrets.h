/* Secrets that an audit plants: drawn uniformly from forms of known size, put into runs beside a tenant's own traces,
 * and decoys of the same form to rank them among. Room-internal. */
#pragma once

#include "audits/audit.h"

#define SECRET_MAX 48 /* bytes, with its end */

enum secret_place {
    SECRET_VALUE, /* what a run is about: in the messages, the arguments, the error and the result */
    SECRET_NAME,  /* part of a tool's name */
    SECRET_PLACES
};
#define SECRET_TOOL "open_account_again" /* of the runs with a value, which all tenants have */
struct secret_word {
    char text[SECRET_MAX];
};
/* Any of the forms that may stand in that place, by `form` (reduced modulo their number). */
void secret_draw(enum secret_place place, size_t form, struct random random, struct secret_word *out);

/* A scope with the tenants of another, whose files are borrowed, each with a file of planted runs. */
struct planted {
    struct audit_scope scope;
    size_t count;                               /* of each place */
    struct secret_word *secrets[SECRET_PLACES]; /* owned; number i is tenant i modulo the tenants' and has form i */
};
MUST_USE enum status planted_new(const struct audit_scope *scope, size_t count, struct random random,
                                 struct planted *out);
void planted_free(struct planted *planted);
