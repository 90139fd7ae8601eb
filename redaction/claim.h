/* What a name says about the value behind it: "DB_PASSWORD", "apiKey", "x-auth-token" against "cache_key",
 * "max_tokens", "token_type". */
#pragma once

#include "redaction/chars.h"

enum claim {
    CLAIM_NONE,
    CLAIM_BARE,     /* nothing but the word "key", "pat" or "license": other things are called so too */
    CLAIM_KEY,      /* some key: what it holds must look made by a machine */
    CLAIM_SECRET,   /* a secret: what it holds must not be a word */
    CLAIM_PASSWORD, /* a password: it may look like anything */
};
/* The name's case, its blanks, dots, dashes and underscores do not matter. Only its end is looked at. */
enum claim claim_of(struct bytes name);
/* Cheaper: false for most names that claim nothing. */
bool claim_possible(struct bytes name);
/* Whether `value`, under a name with that claim, is to be taken for its secret. `bare`: nothing marks the value but the
 * blank before it, neither quotes nor a sign close by. */
bool claim_holds(enum claim claim, struct bytes value, bool bare);

/* Where a value ends: at its closing quote, else at white space or a delimiter. *at is led behind an opening quote. */
struct bytes claim_value(struct bytes text, size_t *at);
/* Words that stand where a value would, in code, schemas and documentation; references to variables. */
bool claim_is_no_value(struct bytes value);
/* Letters and digits mixed, or signs: not a word of prose. */
bool claim_looks_secret(struct bytes value);
