/* The log's witnesses as this device knows them: the server's list, pinned on first use. A device that comes later is
 * taken and told of; one that comes back with another key or member is an alarm, and its first key stays. Whoever is no
 * longer on the list doesn't count. */
#pragma once

#include "client/home.h"
#include "protocol/witness.h"

struct http;

struct witness_counts {
    size_t devices, members; /* that count now */
    size_t fresh;            /* devices that came since the first list and were not there at the pull before */
};
/* Fetch the list and pin what is new. ERR_CORRUPT: an alarm was stored. */
MUST_USE enum status witnesses_follow(struct home *home, struct http *http, struct why *why);
/* The same for a list that is at hand. */
MUST_USE enum status witnesses_pin(struct home *home, const struct witnesses *list, struct why *why);
MUST_USE enum status witnesses_count(struct home *home, struct witness_counts *out);
/* How many distinct members cosigned this note, by the keys that are pinned. */
MUST_USE enum status witnesses_quorum(struct home *home, struct bytes note, size_t *members);
