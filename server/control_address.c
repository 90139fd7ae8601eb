/* Hides how a long path fits into a short name: /proc/self/fd/N is the folder. */
#include "server/control_address.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum status control_address_open(const char *state, struct control_address *out, struct why *why)
{
    *out = (struct control_address){.folder = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC),
                                    .name = {.sun_family = AF_UNIX}};
    if (out->folder < 0)
        return why_hint(why, ERR_NOT_FOUND, "no such state folder", NULL, "run chathamd init");
    snprintf(out->name.sun_path, sizeof out->name.sun_path, "/proc/self/fd/%d/" CONTROL_NAME, out->folder);
    return OK;
}

void control_address_close(struct control_address *address)
{
    if (address->folder >= 0)
        close(address->folder);
    address->folder = -1;
}
