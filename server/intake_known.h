/* Room-internal: what the intake knows of a tenant's database without opening it: that an id is surely not in it, and
 * how much of an epoch's quota is used. So a new contribution of a member whose database is not open costs no opening.
 */
#pragma once

#include "server/admit.h"

struct known;
/* Read a tenant's database, which is open. */
MUST_USE enum status known_load(struct db *db, struct known **out);
void known_free(struct known *known); /* takes NULL */
size_t known_count(const struct known *known);
/* false: no row has that device and id. */
bool known_may_have(const struct known *known, const uint8_t device[static ID_BYTES],
                    const uint8_t id[static ID_BYTES]);
/* A row was added. */
MUST_USE enum status known_add(struct known *known, const uint8_t device[static ID_BYTES],
                               const uint8_t id[static ID_BYTES]);
/* Contributions of an epoch that the database has counted. */
int64_t known_used(const struct known *known, const char *epoch);
/* Read the quotas again, after they changed. */
MUST_USE enum status known_count_again(struct known *known, struct db *db);
