/* The command by which a state folder comes under a new root key, made where both keys are and done by the vault:
 *   {"before":HEX,"command":"root.change","content":HEX,"from":PLACE,"to":PLACE}
 * before: SHA-256 of intermediate.key as it was; content: what it shall be; PLACE as in server/root_record.h. */
#pragma once

#include "server/root_record.h"

MUST_USE enum status root_change_command(const struct root_place *from, const struct root_place *to,
                                         struct bytes before, struct bytes content, struct buf *out);
