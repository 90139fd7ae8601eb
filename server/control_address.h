/* The address of S/control. A socket's name holds 107 bytes and a state folder's path may be longer, so the name goes
 * through a descriptor of the folder. */
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include "base/status.h"

#define CONTROL_NAME "control"

struct control_address {
    int folder; /* open while the name is in use */
    struct sockaddr_un name;
};
MUST_USE enum status control_address_open(const char *state, struct control_address *out, struct why *why);
void control_address_close(struct control_address *address);
