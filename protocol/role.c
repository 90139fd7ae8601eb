/* The names of members' roles. */
#include "protocol/role.h"

static const char *const names[MEMBER_ROLES] = {
    [MEMBER_DEVICE] = "device",
    [MEMBER_ADMINISTRATOR] = "administrator",
    [MEMBER_AUDITOR] = "auditor",
    [MEMBER_READER] = "reader",
};

const char *member_role_name(enum member_role role)
{
    return (unsigned)role < MEMBER_ROLES ? names[role] : "unknown";
}

enum status member_role_parse(struct bytes name, enum member_role *out)
{
    *out = MEMBER_READER; /* the least of them */
    for (int role = 0; role < MEMBER_ROLES; role++) {
        if (!bytes_is(name, names[role]))
            continue;
        *out = (enum member_role)role;
        return OK;
    }
    return ERR_INPUT;
}

enum status member_role_of(int64_t number, enum member_role *out)
{
    *out = MEMBER_READER;
    if (number < 0 || number >= MEMBER_ROLES)
        return ERR_CORRUPT;
    *out = (enum member_role)number;
    return OK;
}

enum status member_role_of_unit(const char *unit, enum member_role *out)
{
    *out = MEMBER_DEVICE;
    return *unit ? member_role_parse(bytes_str(unit), out) : OK;
}
