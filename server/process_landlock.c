/* Hides the kernel's interface (Documentation/userspace-api/landlock.rst), which is asked for by its own numbers: the
 * headers of a build machine may be older than the kernel that runs. */
#include "server/process_landlock.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bytes.h"

struct ruleset {
    uint64_t files, network, scopes;
};
struct __attribute__((packed)) beneath {
    uint64_t allowed;
    int32_t folder;
};
#define ASK_VERSION 1u
#define RULE_BENEATH 1
#define FILES_ALL_V1 0x1fffu /* bits 0 to 12 */
#define FILES_REFER (1u << 13)
#define FILES_TRUNCATE (1u << 14)
#define FILES_DEVICES (1u << 15) /* ioctl on devices */
#define NETWORK_TCP 3u           /* bind, connect */
#define SCOPES 3u                /* abstract sockets, signals */

/* write, read, list, remove folder and file, make folder and regular file */
#define FILES_OF_A_STORE (1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 7 | 1u << 8)

static const struct {
    unsigned version;
    struct ruleset adds;
} versions[] = {
    {1, {FILES_ALL_V1, 0, 0}}, {2, {FILES_REFER, 0, 0}},   {3, {FILES_TRUNCATE, 0, 0}},
    {4, {0, NETWORK_TCP, 0}},  {5, {FILES_DEVICES, 0, 0}}, {6, {0, 0, SCOPES}},
};

static struct ruleset ruleset_of(unsigned version)
{
    struct ruleset all = {0};
    for (size_t i = 0; i < sizeof versions / sizeof *versions && versions[i].version <= version; i++) {
        all.files |= versions[i].adds.files;
        all.network |= versions[i].adds.network;
        all.scopes |= versions[i].adds.scopes;
    }
    return all;
}

static enum status allow_folder(int ruleset, const char *folder, uint64_t files)
{
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    const struct beneath rule = {files & (FILES_OF_A_STORE | FILES_TRUNCATE), fd};
    long failed = syscall(SYS_landlock_add_rule, ruleset, RULE_BENEATH, &rule, 0);
    close(fd);
    return failed ? ERR_IO : OK;
}

unsigned process_landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    return version > 0 ? (unsigned)version : 0;
}

enum status process_landlock(const char *folder, struct why *why)
{
    unsigned version = process_landlock_version();
    if (version == 0)
        return OK;
    /* The kernel takes a ruleset longer than it knows as long as the rest is zero. */
    const struct ruleset rules = ruleset_of(version);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (ruleset < 0)
        return why_set(why, ERR_IO, "Landlock takes no rules", "process", 0);
    enum status status = folder ? allow_folder(ruleset, folder, rules.files) : OK;
    if (status == OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        status = ERR_IO;
    close(ruleset);
    if (status != OK)
        return why_set(why, status, "Landlock refuses its rules", "process", 0);
    return OK;
}
