/* Rates: a bucket of tokens for each tenant, which holds a minute's share and fills steadily. In memory, on the vault's
 * clock: a restart fills it. */
#pragma once

#include "base/bytes.h"

struct rates;
void rates_free(struct rates *rates); /* takes NULL */
/* Take one token of a tenant's (by the number of its row). ERR_LIMIT: there is none now. per_minute > 0. *rates is
 * made at the first call. A clock that goes backwards fills nothing. */
MUST_USE enum status rates_take(struct rates **rates, int64_t tenant, uint32_t per_minute, int64_t now_ms);
