/* Hides the variables' forms. Everything is checked before a descriptor is believed: a wrong unit must fail at the
 * start with a line that says so, and not serve members on the metrics port. */
#include "server/supervisor_activation.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/supervisor_inside.h"

#define SOCKETS_MAX 2

static enum status refuse(struct why *why, const char *what)
{
    return why_hint(why, ERR_USAGE, what, "service manager", "see the units in deploy/");
}

static int option(int fd, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

static enum status check_socket(int fd, struct why *why)
{
    int domain = option(fd, SO_DOMAIN);
    if ((domain != AF_INET && domain != AF_INET6) || option(fd, SO_TYPE) != SOCK_STREAM ||
        option(fd, SO_ACCEPTCONN) != 1)
        return refuse(why, "hands over what is not a listening stream socket");
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return why_set(why, ERR_IO, "cannot be set up", "handed over socket", 0);
    return OK;
}

static bool is_on_loopback(int fd)
{
    struct sockaddr_storage name = {0};
    socklen_t size = sizeof name;
    return getsockname(fd, (struct sockaddr *)&name, &size) == 0 && address_is_loopback((struct sockaddr *)&name);
}

static enum status place_socket(struct activation *out, int fd, const char *name, struct why *why)
{
    bool is_metrics = strcmp(name, "metrics") == 0;
    int *place = is_metrics ? &out->metrics : &out->listener;
    if (*place >= 0)
        return refuse(why, "hands over two sockets for one purpose");
    TRY(check_socket(fd, why));
    if (is_metrics && !is_on_loopback(fd))
        return refuse(why, "hands over a metrics socket that is not on loopback");
    *place = fd;
    return OK;
}

/* A decimal number without sign, or -1. */
static long number(const char *text)
{
    char *end = NULL;
    if (!text || *text < '0' || *text > '9')
        return -1;
    long value = strtol(text, &end, 10);
    return *end == 0 ? value : -1;
}

static enum status take_sockets(struct activation *out, struct why *why)
{
    char names[256] = "", *rest = names;
    const char *given = getenv("LISTEN_FDNAMES");
    if (number(getenv("LISTEN_PID")) != getpid())
        return OK;
    long count = number(getenv("LISTEN_FDS"));
    if (count < 0 || count > SOCKETS_MAX)
        return refuse(why, "hands over more than two sockets, or an unclear number");
    if (given && strlen(given) >= sizeof names)
        return refuse(why, "names its sockets at too great length");
    snprintf(names, sizeof names, "%s", given ? given : "");
    for (out->count = 0; out->count < count; out->count++) {
        const char *name = strsep(&rest, ":");
        TRY(place_socket(out, PROCESS_FD + out->count, name ? name : "", why));
    }
    return OK;
}

/* A path, or an abstract name behind an @. */
static enum status take_news(struct activation *out, struct why *why)
{
    const char *address = getenv("NOTIFY_SOCKET");
    if (!address)
        return OK;
    size_t size = strlen(address);
    if ((address[0] != '/' && address[0] != '@') || size < 2 || size >= sizeof out->news.sun_path)
        return refuse(why, "waits for news at an address that makes no sense");
    out->news.sun_family = AF_UNIX;
    memcpy(out->news.sun_path, address, size);
    if (address[0] == '@')
        out->news.sun_path[0] = 0;
    out->news_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    return OK;
}

enum status activation_take(struct activation *out, struct why *why)
{
    static const char *const names[] = {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"};
    *out = (struct activation){.listener = -1, .metrics = -1};
    enum status status = take_sockets(out, why);
    if (status == OK)
        status = take_news(out, why);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    return status;
}

enum status news_open(const struct activation *activation, int *fd, struct why *why)
{
    *fd = -1;
    if (activation->news_size == 0)
        return OK;
    *fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (*fd >= 0 && connect(*fd, (const struct sockaddr *)&activation->news, activation->news_size) == 0)
        return OK;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return why_set(why, ERR_UNAVAILABLE, "cannot be told that the server is ready", "service manager", 0);
}

void news_tell(int fd, const char *state)
{
    if (fd >= 0)
        (void)!send(fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL);
}
