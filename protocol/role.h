/* What a member's device may be. The role is given by the token, kept by the server and stands in the device's
 * certificate (organisational unit). Who may call what is the server's table (server/roles.h). */
#pragma once

#include "base/bytes.h"

/* Numbers are stored: append only. */
enum member_role {
    MEMBER_DEVICE,        /* contributes, withdraws its own, reads */
    MEMBER_ADMINISTRATOR, /* all that a device may, and its tenant's devices and tokens */
    MEMBER_AUDITOR,       /* reads: library, log, its tenant's trail, evidence */
    MEMBER_READER,        /* reads library and log */
    MEMBER_ROLES
};
const char *member_role_name(enum member_role role); /* "device" */
/* ERR_INPUT for another word. */
MUST_USE enum status member_role_parse(struct bytes name, enum member_role *out);
/* Of a stored number: ERR_CORRUPT. */
MUST_USE enum status member_role_of(int64_t number, enum member_role *out);
/* Of a certificate's unit: one without is a device's. ERR_INPUT. */
MUST_USE enum status member_role_of_unit(const char *unit, enum member_role *out);
