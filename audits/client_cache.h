/* Client halves that a run has prepared already. Attacks ask for the same tenant's again and again; what a half turns
 * on (the traces' bytes, the policy's hash, the scrubber, the extractor, the tenant's keys) is its key here. */
#pragma once

#include "base/hash.h"
#include "client/prepare.h"

#define CLIENT_CACHE_MAX 64 /* kept at one time: the one longest unused goes first */

struct client_cache; /* opaque */
MUST_USE enum status client_cache_new(struct client_cache **out);
void client_cache_free(struct client_cache *cache);
/* A copy of its own, of what was put under this key. ERR_NOT_FOUND. */
MUST_USE enum status client_cache_get(struct client_cache *cache, const uint8_t key[static HASH_BYTES],
                                      struct prepared *out);
/* Counts what took so long to prepare, and keeps a copy if there is memory for one. */
void client_cache_put(struct client_cache *cache, const uint8_t key[static HASH_BYTES], const struct prepared *prepared,
                      double seconds);
/* What was put in so far: both rates of a run are reported, worlds and clients. cache may be NULL. */
void client_cache_count(const struct client_cache *cache, size_t *clients, double *seconds);
