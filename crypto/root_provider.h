/* Who holds the root key: something that wraps and unwraps the intermediate key, and nothing else. Where the root key
 * is a secret of ours (a key file, a passphrase, a credential) this happens here, as key_wrap does it; where it lives
 * in a token it never leaves it. */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

struct root_provider;

/* Bytes of a wrapped key, whoever wrapped it. */
#define ROOT_WRAPPED_MAX 512

/* A provider over a root key in memory; keeps a copy of it. What it wraps, key_unwrap opens, and the other way round.
 */
MUST_USE enum status root_provider_of_secret(const struct secret *root, struct root_provider **out);
/* The same over a new key that nothing keeps: for stores that live no longer than the provider. */
MUST_USE enum status root_provider_of_chance(struct root_provider **out);
void root_provider_close(struct root_provider *provider); /* wipes; takes NULL */

void root_provider_close_scoped(struct root_provider **provider);
#define SCOPED_ROOT __attribute__((cleanup(root_provider_close_scoped)))

/* label and version are bound in as in key_wrap: what was wrapped as one does not open as another. Appends to out, at
 * most ROOT_WRAPPED_MAX bytes. ERR_UNAVAILABLE: the token is gone, or gives what no token of ours does. */
MUST_USE enum status root_wrap(struct root_provider *provider, const char *label, uint32_t version,
                               const struct secret *key, struct buf *out);
/* ERR_DENIED if anything is wrong with what was wrapped; ERR_UNAVAILABLE. */
MUST_USE enum status root_unwrap(struct root_provider *provider, const char *label, uint32_t version,
                                 struct bytes wrapped, struct secret *key);
