/* The commands of chathamd. A new one is a new row. */
#include "server/command.h"
#include "server/pages.h"

#define KEY DAEMON_OPTIONS_KEY

const struct daemon_command daemon_commands[] = {
    {"init", NULL, "found a federation in an empty state folder",
     KEY | DAEMON_PASSPHRASE | DAEMON_NAME | DAEMON_POLICY | DAEMON_HOST, NULL, NULL, daemon_init, pages_founded},
    {"serve", NULL, "serve the federation until told to stop",
     DAEMON_STATE | DAEMON_KEY_FILE | DAEMON_PASSPHRASE_FILE | DAEMON_LISTEN | DAEMON_METRICS | DAEMON_CONNECTIONS |
         DAEMON_READY_FD,
     NULL, NULL, daemon_serve, NULL},
    {"tenant add", "NAME", "add a member; prints a token for its first device", KEY | DAEMON_ROLE, "tenant.add", "name",
     NULL, pages_token},
    {"tenant list", NULL, "members, their state and counts", KEY, "tenant.list", NULL, NULL, pages_tenants},
    {"tenant suspend", "TENANT", "lock a member out until it is resumed", KEY, "tenant.suspend", "tenant", NULL, NULL},
    {"tenant resume", "TENANT", "let a suspended member in again", KEY, "tenant.resume", "tenant", NULL, NULL},
    {"tenant rotate", "TENANT", "a new key for a member's store", KEY, "tenant.rotate", "tenant", NULL, NULL},
    {"tenant erase", "TENANT", "erase a member (comes with a later version)", KEY, NULL, NULL, daemon_later, NULL},
    {"token", "TENANT", "a token for one more device of a member", KEY | DAEMON_ROLE, "tenant.token", "tenant", NULL,
     pages_token},
    {"token list", "[TENANT]", "tokens that have not expired", KEY, "token.list", "tenant", NULL, pages_tokens},
    {"token revoke", "ID", "make an unused token worthless", KEY, "token.revoke", "id", NULL, NULL},
    {"device list", "[TENANT]", "devices, their roles and state", KEY, "device.list", "tenant", NULL, pages_devices},
    {"device revoke", "DEVICE", "lock a device out for good", KEY, "device.revoke", "device", NULL, NULL},
    {"round", NULL, "aggregate, pass the release gate, publish the next library", KEY | DAEMON_PREVIEW, NULL, NULL,
     daemon_round, pages_round},
    {"library", NULL, "the library as published", KEY, "library", NULL, NULL, pages_library},
    {"log", NULL, "the transparency log and its checkpoint", KEY, "log", NULL, NULL, pages_log},
    {"log verify", NULL, "compute every hash of the log again; ends with 3 while releases are frozen", KEY, NULL, NULL,
     daemon_log_verify, NULL},
    {"log thaw", "REASON", "let releases go on after a freeze, saying why", KEY, "log.thaw", "reason", NULL, NULL},
    {"trail", NULL, "the audit trail: who did and read what, without contents", KEY | DAEMON_FROM | DAEMON_OUT, NULL,
     NULL, daemon_trail, pages_trail},
    {"trail verify", NULL, "compute the audit trail's chain again and compare it with the log", KEY, "trail.verify",
     NULL, NULL, NULL},
    {"guarantee", NULL, "what is promised: unit, adjacency, trust, mechanism, epsilon, exclusions", KEY, "guarantee",
     NULL, NULL, NULL},
    {"report", NULL, "write the signed evidence of a federation to a file", KEY | DAEMON_OUT | DAEMON_AUDIT, NULL, NULL,
     daemon_report, NULL},
    {"status", NULL, "counts and state of the federation", KEY, "status", NULL, NULL, NULL},
    {"policy", NULL, "the federation's policy, or the built-in one", KEY | DAEMON_DEFAULT, NULL, NULL, daemon_policy,
     NULL},
    {0},
};
