/* Hides the terminal: its settings come back on every path. */
#include "server/process_secret.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"

#define LINE_MOST 1024

/* The first line is what counts. */
static void keep_first_line(struct buf *text)
{
    size_t end = bytes_find(buf_bytes(text), bytes_str("\n"));
    if (end < text->size)
        text->size = end;
    if (text->size > 0 && text->data[text->size - 1] == '\r')
        text->size--;
}

static void wake(int signal)
{
    (void)signal;
}

/* A ^C ends the question, not the process: the terminal must get its settings back. It is held until the question
 * waits, so that none is lost before. */
struct interrupt {
    struct sigaction action;
    sigset_t mask;
};

static void interrupt_hold(struct interrupt *old)
{
    const struct sigaction waking = {.sa_handler = wake};
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigprocmask(SIG_BLOCK, &held, &old->mask);
    sigaction(SIGINT, &waking, &old->action);
}

static ssize_t read_or_interrupt(int fd, uint8_t *out, size_t size, const struct interrupt *old)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return ppoll(&ready, 1, NULL, &old->mask) == 1 ? read(fd, out, size) : -1;
}

static void interrupt_release(const struct interrupt *old)
{
    sigaction(SIGINT, &old->action, NULL); /* before the mask: one that still waits meets what it would have met */
    sigprocmask(SIG_SETMASK, &old->mask, NULL);
}

/* A line from the terminal, unseen. The old settings come back on every path, and before the question the new ones are
 * there: what answers it at once must be neither seen nor lost. */
static enum status ask_terminal(const char *question, const char *hint, struct buf *out, struct why *why)
{
    struct termios old, silent;
    struct interrupt interrupt;
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || tcgetattr(fd, &old) != 0) {
        if (fd >= 0)
            close(fd);
        return why_hint(why, ERR_USAGE, "a secret is needed and there is no terminal to ask on", NULL, hint);
    }
    silent = old;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    buf_reserve(out, LINE_MOST);
    interrupt_hold(&interrupt);
    tcsetattr(fd, TCSAFLUSH, &silent);
    ssize_t size = -1;
    if (!out->failed && fd_write_all(fd, bytes_str(question)) == OK)
        size = read_or_interrupt(fd, out->data, LINE_MOST, &interrupt);
    tcsetattr(fd, TCSAFLUSH, &old);
    interrupt_release(&interrupt);
    enum status status = fd_write_all(fd, bytes_str("\n"));
    close(fd);
    if (size < 0 || status != OK)
        return why_set(why, ERR_IO, "the secret was not given", NULL, 0);
    out->size = (size_t)size;
    keep_first_line(out);
    return OK;
}

enum status secret_line(const char *file, const char *question, const char *hint, struct buf *out, struct why *why)
{
    if (!file)
        return ask_terminal(question, hint, out, why);
    enum status status = file_read(file, LINE_MOST, out);
    if (status != OK)
        return why_set(why, status, "cannot be read", "file with a secret", 0);
    keep_first_line(out);
    return OK;
}

enum status credential_path(const char *name, char *out, size_t size, struct why *why)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (!folder)
        return why_hint(why, ERR_NOT_FOUND, "no credentials were handed over", "credential",
                        "name it with LoadCredential= in the unit");
    return path_join(out, size, folder, name);
}
