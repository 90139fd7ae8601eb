/* Hides what is removed when a signal ends the program. A handler may call little but the system, so the open folders
 * stand in a table, and a folder is emptied by system calls alone. */
#include "audits/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OPEN_AT_ONCE 16
#define ENTRIES_BYTES 4096

/* A forked process has the table too, but what its parent opened is not its own. */
static struct {
    atomic_int owner; /* pid; the path is written before it. 0: free */
    char path[SCRATCH_MAX];
} opened[OPEN_AT_ONCE];
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler reads the table");

/* --- removing --- */

static void remove_at(int parent, const char *name);

static void empty_folder(int folder)
{
    _Alignas(struct dirent64) char entries[ENTRIES_BYTES];
    for (ssize_t got; (got = getdents64(folder, entries, sizeof entries)) > 0;)
        for (ssize_t at = 0; at < got;) {
            const struct dirent64 *entry = (const void *)(entries + at);
            at += entry->d_reclen;
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                remove_at(folder, entry->d_name);
        }
}

static void remove_at(int parent, const char *name)
{
    if (unlinkat(parent, name, 0) == 0)
        return;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    empty_folder(folder);
    close(folder);
    unlinkat(parent, name, AT_REMOVEDIR);
}

/* --- signals --- */

/* Then it ends as it would have: the handler is taken off before it runs. */
static void remove_and_end(int signal)
{
    for (size_t i = 0; i < OPEN_AT_ONCE; i++)
        if (atomic_load(&opened[i].owner) == getpid())
            remove_at(AT_FDCWD, opened[i].path);
    raise(signal);
}

/* What is ignored stays ignored, as under nohup. */
static void watch_signals(void)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction now, ours = {.sa_handler = remove_and_end, .sa_flags = SA_RESETHAND};
        sigfillset(&ours.sa_mask);
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            sigaction(signals[i], &ours, NULL);
    }
}

/* --- folders --- */

static size_t free_place(void)
{
    size_t place = 0;
    while (place < OPEN_AT_ONCE && atomic_load(&opened[place].owner) == getpid())
        place++;
    return place;
}

enum status scratch_open(char folder[static SCRATCH_MAX], struct why *why)
{
    size_t place = free_place();
    snprintf(folder, SCRATCH_MAX, "/tmp/chatham-audit-XXXXXX");
    watch_signals();
    if (place == OPEN_AT_ONCE || !mkdtemp(folder)) {
        folder[0] = 0;
        return why_set(why, ERR_IO, "no temporary folder", NULL, 0);
    }
    memcpy(opened[place].path, folder, SCRATCH_MAX);
    atomic_store(&opened[place].owner, getpid());
    return OK;
}

void scratch_remove(const char *folder)
{
    if (!folder[0])
        return;
    remove_at(AT_FDCWD, folder);
    for (size_t i = 0; i < OPEN_AT_ONCE; i++)
        if (atomic_load(&opened[i].owner) == getpid() && strcmp(opened[i].path, folder) == 0)
            atomic_store(&opened[i].owner, 0);
}
