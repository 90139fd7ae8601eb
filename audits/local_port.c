/* Hides the socket's address. */
#include "audits/local_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int local_port_listen(uint16_t *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0 || listen(fd, LOCAL_PORT_WAITING) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &size) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(name.sin_port);
    return fd;
}
