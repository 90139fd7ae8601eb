/* Room-internal: what a kind of provider is. Each kind's own state begins with a struct root_provider. */
#pragma once

#include "crypto/root_provider.h"

struct root_provider_kind {
    enum status (*wrap)(struct root_provider *provider, const char *label, uint32_t version, const struct secret *key,
                        struct buf *out);
    enum status (*unwrap)(struct root_provider *provider, const char *label, uint32_t version, struct bytes wrapped,
                          struct secret *key);
    void (*close)(struct root_provider *provider);
};
struct root_provider {
    const struct root_provider_kind *kind;
};
