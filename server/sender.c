/* Opening an envelope and finding whose it is. To a stranger unknown, suspended, foreign and undecryptable look alike,
 * and take alike but for some tenths of a microsecond: what a stranger makes the server look up or open takes nearly as
 * many steps whether it succeeds or not. */
#include "server/sender.h"

#include "server/rate.h"
#include "server/roles.h"

void sender_free(struct sender *sender)
{
    buf_free(&sender->record);
    *sender = (struct sender){0};
}

/* *may: an active device of an active tenant, and the message is for this federation. */
static enum status find(struct vault *vault, const struct envelope_header *header, struct sender *out, bool *may)
{
    enum status device = device_find(vault->store, header->device, &out->device);
    enum status tenant = tenant_find(vault->store, header->tenant, &out->tenant);
    if (device != OK && device != ERR_NOT_FOUND)
        return device;
    if (tenant != OK && tenant != ERR_NOT_FOUND)
        return tenant;
    bool known = device == OK && tenant == OK;
    bool member = memcmp(out->device.tenant, out->tenant.id, ID_BYTES) == 0;
    bool ours = memcmp(header->federation, vault->federation.id, FEDERATION_ID_BYTES) == 0;
    bool active = out->device.state == DEVICE_ACTIVE && out->tenant.state == TENANT_ACTIVE;
    *may = known && member && ours && active;
    return OK;
}

/* A stranger's message is opened like a member's, under keys that are at hand, and then refused: how long the refusal
 * takes must not say who is known here. */
static enum status open_envelope(struct vault *vault, struct bytes envelope, const struct envelope_header *header,
                                 struct sender *out)
{
    bool may = false;
    TRY(find(vault, header, out, &may));
    const struct secret *key = server_sealing_key(vault, header->sealing_key_id);
    may = may && key;
    enum status status = envelope_open(envelope, key ? key : &vault->keys[SERVER_SEALING],
                                       may ? out->device.sign_key : vault->federation.receipt_key, &out->header,
                                       &out->record, out->digest);
    return status == OK && !may ? ERR_DENIED : status;
}

enum status sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out)
{
    struct envelope_header header;
    *out = (struct sender){0};
    buf_init_secret(&out->record);
    TRY(envelope_peek(envelope, &header));
    if (header.kind != kind)
        return ERR_INPUT;
    enum status status = open_envelope(vault, envelope, &header, out);
    if (status != OK) {
        sender_free(out);
        return status;
    }
    out->is_proved = true;
    return OK;
}

enum status sender_may(const struct sender *sender, const char *call)
{
    return role_may(caller_of(sender->device.role), call) ? OK : ERR_DENIED;
}

enum status sender_take_rate(struct vault *vault, const struct sender *sender, struct why *why)
{
    uint32_t per_minute = vault->federation.policy.rate_per_minute;
    enum status status =
        per_minute ? rates_take(&vault->rates, sender->tenant.number, per_minute, clock_ms(vault->clock)) : OK;
    return status == ERR_LIMIT ? why_set(why, status, "faster than the policy allows", NULL, 0) : status;
}
