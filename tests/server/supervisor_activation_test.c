/* What a service manager may hand over, and what is refused: each case in a child process, whose environment and
 * descriptors are its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/process.h"
#include "server/supervisor_activation.h"

enum handed { NOTHING, LOOPBACK, LOOPBACK_6, EVERYWHERE, NOT_LISTENING, DATAGRAM, LOCAL, A_FILE };

static int open_socket(enum handed kind)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 address_6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    if (kind == A_FILE)
        return open("/dev/null", O_RDWR);
    int fd = socket(kind == LOOPBACK_6 ? AF_INET6
                    : kind == LOCAL    ? AF_UNIX
                                       : AF_INET,
                    kind == DATAGRAM ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (kind == EVERYWHERE)
        address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (kind == LOOPBACK_6 && bind(fd, (struct sockaddr *)&address_6, sizeof address_6) != 0)
        return -1;
    if (kind != LOOPBACK_6 && kind != LOCAL && bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return -1;
    if (kind != DATAGRAM && kind != NOT_LISTENING && listen(fd, 1) != 0 && kind != LOCAL)
        return -1;
    return fd;
}

struct start {
    enum handed sockets[2];
    const char *count, *names, *news; /* NULL: not set */
    const char *pid;                  /* NULL: the process's own */
    enum status status;
    int listener, metrics;
};

static void set(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static bool environment_is_clean(void)
{
    return !getenv("LISTEN_PID") && !getenv("LISTEN_FDS") && !getenv("LISTEN_FDNAMES") && !getenv("NOTIFY_SOCKET");
}

/* 0: as expected. */
static int run_start(const struct start *start)
{
    struct activation activation;
    char pid[16];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    for (int i = 0; i < 2; i++) {
        int fd = start->sockets[i] ? open_socket(start->sockets[i]) : -1;
        if (start->sockets[i] && (fd < 0 || fcntl(fd, F_DUPFD, 20 + i) != 20 + i))
            return 10;
    }
    for (int i = 0; i < 2; i++) {
        if (start->sockets[i] && dup2(20 + i, PROCESS_FD + i) < 0)
            return 11;
    }
    set("LISTEN_PID", start->pid ? start->pid : pid);
    set("LISTEN_FDS", start->count);
    set("LISTEN_FDNAMES", start->names);
    set("NOTIFY_SOCKET", start->news);
    enum status status = activation_take(&activation, NULL);
    if (!environment_is_clean())
        return 12;
    if (status != start->status)
        return 13;
    if (status != OK)
        return 0;
    if (activation.listener != start->listener || activation.metrics != start->metrics)
        return 14;
    return start->listener < 0 || (fcntl(start->listener, F_GETFD) & FD_CLOEXEC) ? 0 : 15;
}

static void sockets_are_taken_or_refused(void **state)
{
    (void)state;
    static const struct start starts[] = {
        {{LOOPBACK}, "1", "chathamd.socket", NULL, NULL, OK, 3, -1},
        {{EVERYWHERE}, "1", NULL, NULL, NULL, OK, 3, -1},
        {{LOOPBACK_6}, "1", "", NULL, NULL, OK, 3, -1},
        {{EVERYWHERE, LOOPBACK}, "2", "chathamd:metrics", NULL, NULL, OK, 3, 4},
        {{LOOPBACK_6, EVERYWHERE}, "2", "metrics:chathamd", NULL, NULL, OK, 4, 3},
        {{LOOPBACK}, "1", "metrics", NULL, NULL, OK, -1, 3},
        {{NOTHING}, "0", NULL, NULL, NULL, OK, -1, -1},
        {{NOTHING}, NULL, NULL, NULL, "1", OK, -1, -1},
        {{NOTHING}, "1", NULL, NULL, "1", OK, -1, -1}, /* for another process */
        {{LOOPBACK}, "1", NULL, NULL, "1x", OK, -1, -1},
        {{EVERYWHERE}, "1", "metrics", NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK, LOOPBACK}, "2", "a:b", NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK, LOOPBACK}, "2", "metrics:metrics", NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK, LOOPBACK}, "2", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{NOT_LISTENING}, "1", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{DATAGRAM}, "1", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{LOCAL}, "1", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{A_FILE}, "1", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK}, "2", "a:metrics", NULL, NULL, ERR_USAGE, 0, 0}, /* the second is not there */
        {{LOOPBACK}, "3", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK}, "-1", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK}, "1 ", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK}, "99999999999999999999", NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{LOOPBACK}, NULL, NULL, NULL, NULL, ERR_USAGE, 0, 0},
        {{NOTHING}, "0", NULL, "/run/news", NULL, OK, -1, -1},
        {{NOTHING}, "0", NULL, "@news", NULL, OK, -1, -1},
        {{NOTHING}, "0", NULL, "relative", NULL, ERR_USAGE, 0, 0},
        {{NOTHING}, "0", NULL, "", NULL, ERR_USAGE, 0, 0},
        {{NOTHING}, "0", NULL, "/", NULL, ERR_USAGE, 0, 0},
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        int how = 0;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close_range(PROCESS_FD, ~0u, 0);
            _exit(run_start(&starts[i]));
        }
        assert_int_equal(waitpid(child, &how, 0), child);
        if (how != 0)
            print_error("start %zu: %d\n", i, WEXITSTATUS(how));
        assert_int_equal(how, 0);
    }
}

static void news_reach_the_manager(void **state)
{
    (void)state;
    struct activation activation = {.listener = -1, .metrics = -1};
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    char got[16] = "";
    int fd = -1, manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    socklen_t size = sizeof name;
    assert_int_equal(news_open(&activation, &fd, NULL), OK);
    assert_int_equal(fd, -1);
    news_tell(fd, "READY=1");
    assert_int_equal(bind(manager, (struct sockaddr *)&name, sizeof name.sun_family), 0); /* the kernel names it */
    assert_int_equal(getsockname(manager, (struct sockaddr *)&name, &size), 0);
    activation.news = name;
    activation.news_size = size;
    assert_int_equal(news_open(&activation, &fd, NULL), OK);
    news_tell(fd, "READY=1");
    assert_int_equal(recv(manager, got, sizeof got, MSG_DONTWAIT), 7);
    assert_string_equal(got, "READY=1");
    close(fd);
    close(manager);
    assert_int_equal(news_open(&activation, &fd, NULL), ERR_UNAVAILABLE);
    assert_int_equal(fd, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sockets_are_taken_or_refused),
        cmocka_unit_test(news_reach_the_manager),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
