/* What a service manager hands over when it starts the server: listening sockets that it has opened, and an address to
 * which it wants news. The protocols are systemd's, of sd_listen_fds(3) and sd_notify(3), read by our own few lines. */
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include "base/status.h"

struct activation {
    int count;             /* descriptors handed over, from PROCESS_FD on; 0: none */
    int listener, metrics; /* -1: not handed over */
    struct sockaddr_un news;
    socklen_t news_size; /* 0: nobody waits for news */
};
/* Takes it out of the environment, which then holds none of it; variables meant for another process count for nothing.
 * A descriptor named "metrics" (FileDescriptorName=) is the metrics listener and must be bound to loopback; any other
 * name is the members' listener. ERR_USAGE: not a listening internet stream socket, two for one purpose, or variables
 * that make no sense. */
MUST_USE enum status activation_take(struct activation *out, struct why *why);

/* The way of news to the service manager: *fd is -1 if none is wanted. ERR_UNAVAILABLE: it cannot be reached. */
MUST_USE enum status news_open(const struct activation *activation, int *fd, struct why *why);
/* "READY=1" or "STOPPING=1". Not waited for: whoever misses it finds out by its own clock. */
void news_tell(int fd, const char *state);
