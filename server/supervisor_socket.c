/* Hides addresses: "127.0.0.1:8443" or "[::1]:8443" into a listening socket, and the real port back into text. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/supervisor_inside.h"

#define BACKLOG 4096 /* the kernel takes what it allows */

/* getaddrinfo would take 99999 for 34463. */
static bool is_port(const char *text)
{
    char *end = NULL;
    return *text >= '0' && *text <= '9' && strtoul(text, &end, 10) <= UINT16_MAX && *end == 0;
}

/* Numeric addresses only: a server does not ask a resolver whom it is. */
static enum status parse_address(const char *text, struct addrinfo **out, struct why *why)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    size_t size = colon ? (size_t)(colon - text) : 0;
    bool is_bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
    if (!colon || size == 0 || size >= sizeof host || !is_port(colon + 1))
        return why_hint(why, ERR_USAGE, "not an address and port", "--listen",
                        "for example 127.0.0.1:8443 or [::1]:8443");
    snprintf(host, sizeof host, "%.*s", (int)(is_bracketed ? size - 2 : size), text + is_bracketed);
    const struct addrinfo want = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC};
    if (getaddrinfo(host, colon + 1, &want, out) != 0)
        return why_hint(why, ERR_USAGE, "not a numeric address and port", "--listen",
                        "for example 127.0.0.1:8443 or [::1]:8443");
    return OK;
}

bool address_is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 == 127;
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

static enum status listen_on(const struct addrinfo *info, int *fd, struct why *why)
{
    int yes = 1;
    INVARIANT(info != NULL); /* an address that was parsed */
    *fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd >= 0 && setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(*fd, info->ai_addr, info->ai_addrlen) == 0 && listen(*fd, BACKLOG) == 0)
        return OK;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return why_hint(why, ERR_UNAVAILABLE, "the address cannot be listened on", "--listen", "is it in use?");
}

static void address_text(int fd, char *out, size_t size)
{
    struct sockaddr_storage name = {0};
    socklen_t length = sizeof name;
    char host[48] = "", port[8] = "";
    getsockname(fd, (struct sockaddr *)&name, &length);
    getnameinfo((struct sockaddr *)&name, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, size, name.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static enum status open_listener(const char *address, int *fd, struct why *why)
{
    struct addrinfo *info = NULL;
    TRY(parse_address(address, &info, why));
    enum status status = listen_on(info, fd, why);
    freeaddrinfo(info);
    return status;
}

static enum status open_metrics(const char *address, int *fd, struct why *why)
{
    struct addrinfo *info = NULL;
    TRY(parse_address(address, &info, why));
    INVARIANT(info != NULL); /* an address that was parsed */
    enum status status = address_is_loopback(info->ai_addr)
                             ? listen_on(info, fd, why)
                             : why_set(why, ERR_USAGE, "must be a loopback address", "--metrics", 0);
    freeaddrinfo(info);
    return status;
}

enum status sockets_open(const struct supervisor_options *options, struct sockets *out, struct why *why)
{
    enum status status = OK;
    *out = (struct sockets){.listener = options->activation->listener, .metrics = options->activation->metrics};
    if (out->listener < 0)
        status = open_listener(options->listen, &out->listener, why);
    if (status == OK && out->metrics < 0 && options->metrics)
        status = open_metrics(options->metrics, &out->metrics, why);
    if (status == OK)
        address_text(out->listener, out->address, sizeof out->address);
    else
        sockets_close(out);
    return status;
}

void sockets_close(struct sockets *sockets)
{
    if (sockets->listener >= 0)
        close(sockets->listener);
    if (sockets->metrics >= 0)
        close(sockets->metrics);
    sockets->listener = sockets->metrics = -1;
}

/* Who may write in the folder may put another key or database there. */
static bool is_private(int folder)
{
    struct stat facts;
    return fstat(folder, &facts) == 0 && (facts.st_uid == geteuid() || facts.st_uid == 0) && !(facts.st_mode & 022);
}

enum status state_lock(const char *state, int *fd, struct why *why)
{
    int folder = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC);
    *fd = -1;
    if (folder < 0)
        return why_hint(why, ERR_NOT_FOUND, "no such state folder", NULL, "run chathamd init");
    if (!is_private(folder)) {
        close(folder);
        return why_hint(why, ERR_DENIED, "others may write in the state folder", NULL,
                        "chmod 700 it, and let the server's user own it");
    }
    *fd = openat(folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    close(folder);
    if (*fd < 0)
        return why_set(why, ERR_IO, "cannot be opened", "lock", 0);
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return OK;
    close(*fd);
    *fd = -1;
    return why_hint(why, ERR_UNAVAILABLE, "another server or command uses this state folder", NULL, "stop it first");
}
