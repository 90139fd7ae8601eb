/* Hides the listener. Its thread starts before the filter is there and so is not under it; it learns the descriptor
 * when there is one. */
#include "server/process_filter_log.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int fd;
} listener = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, -1};

static int wait_for_listener(void)
{
    pthread_mutex_lock(&listener.lock);
    while (listener.fd < 0)
        pthread_cond_wait(&listener.changed, &listener.lock);
    int fd = listener.fd;
    pthread_mutex_unlock(&listener.lock);
    return fd;
}

static void *listen_and_log(void *unused)
{
    int fd = wait_for_listener();
    for (;;) {
        struct seccomp_notif asked = {0};
        if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
            if (errno == EINTR || errno == ENOENT)
                continue;
            return unused;
        }
        struct seccomp_notif_resp answer = {.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        log_event(LOG_CALL_OUTSIDE, (struct log_fields){.count = (uint64_t)asked.data.nr});
        ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

enum status process_filter_log(const struct sock_fprog *filter, struct why *why)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, listen_and_log, NULL) != 0)
        return why_set(why, ERR_MEMORY, "the thread that logs calls cannot be started", "--sandbox=log", 0);
    pthread_detach(thread);
    long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, filter);
    if (fd < 0)
        return why_set(why, ERR_IO, "this kernel cannot log calls", "--sandbox=log", 0);
    pthread_mutex_lock(&listener.lock);
    listener.fd = (int)fd;
    pthread_cond_signal(&listener.changed);
    pthread_mutex_unlock(&listener.lock);
    return OK;
}
