/* Objects of JSON that name a value in a member beside it: {"name": "DB_PASSWORD", "value": "..."} of containers and
 * forms, and keys of JOSE, whose private members have names of one letter (RFC 7518, 6). */
#pragma once

#include "base/bytes.h"

#define PAIR_NAME_MOST 64

/* What the innermost object said so far. The name is a copy, and only one that claims a secret is kept. */
struct pairs {
    size_t depth;
    bool jose;
    uint8_t size;
    uint8_t name[PAIR_NAME_MOST];
};

/* An object opens at that depth. */
void pairs_open(struct pairs *pairs, size_t depth);
/* The key that tells of the string under `key`: `key` itself, or what stood beside it. */
struct bytes pairs_key(struct pairs *pairs, size_t depth, struct bytes key, struct bytes value);
