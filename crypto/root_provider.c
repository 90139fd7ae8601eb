/* Which provider does it, and the provider whose root key is in our memory. */
#include "crypto/keys.h"
#include "crypto/root_provider_internal.h"

/* A stranger's module may have made it: what root_unwrap would not take must not be stored. */
enum status root_wrap(struct root_provider *provider, const char *label, uint32_t version, const struct secret *key,
                      struct buf *out)
{
    size_t before = out->size;
    enum status status = key->size == KEY_BYTES ? provider->kind->wrap(provider, label, version, key, out) : ERR_USAGE;
    if (status == OK && (out->size == before || out->size - before > ROOT_WRAPPED_MAX))
        status = ERR_UNAVAILABLE;
    if (status != OK)
        out->size = before;
    return status;
}

enum status root_unwrap(struct root_provider *provider, const char *label, uint32_t version, struct bytes wrapped,
                        struct secret *key)
{
    *key = (struct secret){0};
    if (wrapped.size > ROOT_WRAPPED_MAX)
        return ERR_DENIED;
    return provider->kind->unwrap(provider, label, version, wrapped, key);
}

void root_provider_close(struct root_provider *provider)
{
    if (provider)
        provider->kind->close(provider);
}

void root_provider_close_scoped(struct root_provider **provider)
{
    root_provider_close(*provider);
}

/* --- a root key in memory --- */

struct memory_provider {
    struct root_provider provider;
    struct secret root;
};

static enum status memory_wrap(struct root_provider *provider, const char *label, uint32_t version,
                               const struct secret *key, struct buf *out)
{
    const struct memory_provider *memory = (struct memory_provider *)provider;
    uint8_t wrapped[KEY_WRAPPED_BYTES];
    TRY(key_wrap(&memory->root, label, version, key, wrapped));
    buf_add(out, bytes_of(wrapped, sizeof wrapped));
    return buf_status(out);
}

static enum status memory_unwrap(struct root_provider *provider, const char *label, uint32_t version,
                                 struct bytes wrapped, struct secret *key)
{
    return key_unwrap(&((struct memory_provider *)provider)->root, label, version, wrapped, key);
}

static void memory_close(struct root_provider *provider)
{
    struct memory_provider *memory = (struct memory_provider *)provider;
    secret_free(&memory->root);
    mem_free(memory);
}

enum status root_provider_of_secret(const struct secret *root, struct root_provider **out)
{
    static const struct root_provider_kind kind = {memory_wrap, memory_unwrap, memory_close};
    *out = NULL;
    if (root->size != KEY_BYTES)
        return ERR_USAGE;
    struct memory_provider *memory = mem_new(1, sizeof *memory);
    if (!memory)
        return ERR_MEMORY;
    memory->provider.kind = &kind;
    enum status status = secret_copy(&memory->root, secret_bytes(root));
    if (status != OK) {
        mem_free(memory);
        return status;
    }
    *out = &memory->provider;
    return OK;
}

enum status root_provider_of_chance(struct root_provider **out)
{
    SCOPED_SECRET struct secret root = {0};
    *out = NULL;
    TRY(secret_random(&root, KEY_BYTES));
    return root_provider_of_secret(&root, out);
}
