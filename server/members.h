/* Room-internal: a tenant's devices and tokens, as the operator and the tenant's own administrators manage them.
 * tenant NULL: of all tenants. What belongs to another tenant is not found. */
#pragma once

#include "server/vault_state.h"

#define MEMBERS_PAGE 5000

/* A page of devices in the order of their ids, after one (NULL: from the start), pushed to `list`; *more: there are
 * others. */
MUST_USE enum status members_devices(struct vault *vault, const uint8_t *tenant, const uint8_t *after,
                                     struct json *list, bool *more);
/* Revoked and logged, in the caller's transaction; the gate is to be sent the list. Twice is once. ERR_NOT_FOUND. */
MUST_USE enum status members_revoke_device(struct vault *vault, const uint8_t *tenant,
                                           const uint8_t device[static ID_BYTES]);
/* Tokens that have not expired: the unused ones first, of them the latest. */
MUST_USE enum status members_tokens(struct vault *vault, const uint8_t *tenant, struct json *list);
/* ERR_NOT_FOUND unless it is unused. */
MUST_USE enum status members_revoke_token(struct vault *vault, const uint8_t *tenant,
                                          const uint8_t token[static ID_BYTES]);
