/* The table of who may call what. A new call is a new row. */
#include "server/roles.h"

#define MEMBER(role) (1u << (CALLER_MEMBER + (role)))

enum {
    OPERATOR = 1u << CALLER_OPERATOR,
    ADMINISTRATOR = MEMBER(MEMBER_ADMINISTRATOR),
    DEVICE = MEMBER(MEMBER_DEVICE),
    AUDITOR = MEMBER(MEMBER_AUDITOR),
    READER = MEMBER(MEMBER_READER),
    MEMBERS = ADMINISTRATOR | DEVICE | AUDITOR | READER,
    ANYBODY = MEMBERS | OPERATOR | 1u << CALLER_STRANGER,
};

const struct role_row role_rows[] = {
    /* what the gate answers to anybody, and the way in */
    {"alive", ANYBODY},
    {"ready", ANYBODY},
    {"metrics", ANYBODY},
    {"federation", ANYBODY},
    {"enrol", ANYBODY},
    {"request", ANYBODY}, /* its signature proves the sender, and its certificate may have expired */
    /* plain reads */
    {"library.pull", MEMBERS},
    {"log.read", MEMBERS},
    {"log.seen", MEMBERS},
    /* sealed and signed */
    {"contribute", ADMINISTRATOR | DEVICE},
    {"withdraw", ADMINISTRATOR | DEVICE},
    {"renew", MEMBERS},
    {"token.new", ADMINISTRATOR},
    /* commands, some also as requests about one's own tenant */
    {"tenant.add", OPERATOR},
    {"tenant.token", OPERATOR},
    {"tenant.list", OPERATOR},
    {"tenant.suspend", OPERATOR},
    {"tenant.resume", OPERATOR},
    {"tenant.rotate", OPERATOR},
    {"tenant.erase", OPERATOR},
    {"device.list", OPERATOR | ADMINISTRATOR},
    {"device.revoke", OPERATOR | ADMINISTRATOR},
    {"token.list", OPERATOR | ADMINISTRATOR},
    {"token.revoke", OPERATOR | ADMINISTRATOR},
    {"backup", OPERATOR},
    {"backup.end", OPERATOR},
    {"round", OPERATOR},
    {"round.preview", OPERATOR},
    {"library", OPERATOR},
    {"policy", OPERATOR},
    {"status", OPERATOR},
    {"log", OPERATOR},
    {"log.verify", OPERATOR},
    {"log.tiles", OPERATOR},
    {"log.thaw", OPERATOR},
    {"key.list", OPERATOR},
    {"key.rotate", OPERATOR},
    {"key.destroy", OPERATOR},
    {"root.change", OPERATOR},
    {"trail", OPERATOR | ADMINISTRATOR | AUDITOR},
    {"trail.verify", OPERATOR},
    {"time.accept", OPERATOR},
    {"ledger", OPERATOR},
    {"budget", OPERATOR | ADMINISTRATOR | DEVICE | AUDITOR},
    {"budget.replay", OPERATOR},
    {"survey", OPERATOR},
    {"guarantee", OPERATOR},
    {"evidence", OPERATOR},
    {0},
};

bool role_may(enum caller caller, const char *call)
{
    for (const struct role_row *row = role_rows; row->call; row++)
        if (strcmp(row->call, call) == 0)
            return (row->callers & 1u << caller) != 0;
    return false;
}
