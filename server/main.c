/* chathamd: the server. Started by hand it runs a command; started by its own supervisor (--role) it is one of the
 * server's processes, with internal arguments that nobody else gives. */
#include <stdlib.h>
#include <string.h>

#include "server/command.h"
#include "server/process.h"

/* What supervisor_children.c writes. */
static int child_main(int argc, char **argv)
{
    struct child_options options = {0};
    struct why why = {0};
    enum status status = OK;
    for (int i = 1; i < argc && status == OK; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--metrics-handed") == 0) {
            options.has_metrics = true;
            continue;
        }
        if (strcmp(argv[i], "--role") == 0)
            status = role_parse(value, &options.role);
        else if (strcmp(argv[i], "--fd") == 0)
            options.fd = atoi(value);
        else if (strcmp(argv[i], "--connections") == 0)
            options.connections = (unsigned)atoi(value);
        else if (strcmp(argv[i], "--state") == 0)
            options.state = value;
        else if (strcmp(argv[i], "--key-file") == 0)
            options.key_file = value;
        else if (strcmp(argv[i], "--passphrase-file") == 0)
            options.passphrase_file = value;
        else if (strcmp(argv[i], "--pin-file") == 0)
            options.pin_file = value;
        else if (strcmp(argv[i], "--sandbox") == 0)
            status = sandbox_parse(value, &options.sandbox);
        else
            status = ERR_USAGE;
        i++;
    }
    int (*const mains[ROLES])(const struct child_options *) = {
        [ROLE_GATE] = gate_main, [ROLE_VAULT] = vault_main, [ROLE_DISTIL] = distil_main};
    if (status != OK || options.fd < PROCESS_FD || !mains[options.role])
        return process_fail("--role", why_set(&why, ERR_USAGE, "is for the supervisor alone", NULL, 0), &why);
    return mains[options.role](&options);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--role") == 0)
        return child_main(argc, argv);
    return daemon_main(argc, argv);
}
