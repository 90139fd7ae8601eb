/* The tenants' intake keys. Hides that the last ones used are kept, so that not every contribution costs an unwrapping.
 * A key is found by tenant and version: a rotated one is simply never asked for again. */
#include "server/intake_inside.h"

static struct secret slot(const struct intake_keys *keys, size_t at)
{
    return (struct secret){keys->memory.data + at * KEY_BYTES, KEY_BYTES};
}

static bool is_of(const struct intake_key *key, const struct tenant *tenant)
{
    return key->version == tenant->key_version && memcmp(key->tenant, tenant->id, ID_BYTES) == 0;
}

/* Where the tenant's key is, or the place that was used longest ago. */
static size_t find_slot(const struct intake_keys *keys, const struct tenant *tenant)
{
    size_t oldest = 0;
    for (size_t i = 0; i < INTAKE_KEYS; i++) {
        if (is_of(&keys->items[i], tenant))
            return i;
        if (keys->items[i].used < keys->items[oldest].used)
            oldest = i;
    }
    return oldest;
}

static enum status load(const struct vault *vault, const struct tenant *tenant, uint8_t *out)
{
    SCOPED_SECRET struct secret key = {0};
    SCOPED_SECRET struct secret intake = {0};
    TRY(tenant_key_open(vault->store, tenant, &key));
    TRY(key_derive(&key, KEY_INTAKE, &intake));
    memcpy(out, intake.data, KEY_BYTES);
    return OK;
}

enum status intake_key_find(struct vault *vault, const struct tenant *tenant, struct secret *borrowed)
{
    struct intake_keys *keys = &vault->intake->keys;
    *borrowed = (struct secret){0};
    if (!keys->memory.data)
        TRY(secret_new(&keys->memory, (size_t)INTAKE_KEYS * KEY_BYTES));
    size_t at = find_slot(keys, tenant);
    struct intake_key *key = &keys->items[at];
    if (!is_of(key, tenant)) {
        *key = (struct intake_key){0};
        TRY(load(vault, tenant, slot(keys, at).data));
        key->version = tenant->key_version;
        memcpy(key->tenant, tenant->id, ID_BYTES);
    }
    key->used = ++keys->tick;
    *borrowed = slot(keys, at);
    return OK;
}

void intake_forget(struct vault *vault, const struct tenant *tenant)
{
    struct intake_keys *keys = &vault->intake->keys;
    for (size_t i = 0; i < INTAKE_KEYS; i++) {
        if (keys->items[i].version == 0 || memcmp(keys->items[i].tenant, tenant->id, ID_BYTES) != 0)
            continue;
        secret_wipe(slot(keys, i).data, KEY_BYTES);
        keys->items[i] = (struct intake_key){0};
    }
    size_t number = (size_t)tenant->number;
    if (number < vault->intake->tenant_count && vault->intake->tenants[number])
        known_forget(vault->intake, vault->intake->tenants[number]);
}
