/* Hides capabilities, which the C library has no calls for. */
#include "server/process_user.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(capability) (1u << (capability))
#define KEPT (BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_KILL) | BIT(CAP_NET_BIND_SERVICE))

static bool set_capabilities(uint32_t low)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{.effective = low, .permitted = low}};
    return syscall(SYS_capset, &header, data) == 0;
}

enum status process_user_find(const char *name, struct process_user *out)
{
    char *end = NULL;
    *out = (struct process_user){0};
    const struct passwd *found = getpwnam(name);
    if (found) {
        *out = (struct process_user){true, found->pw_uid, found->pw_gid};
        return OK;
    }
    unsigned long number = strtoul(name, &end, 10);
    if (*name < '0' || *name > '9' || *end != 0 || number >= UINT32_MAX)
        return ERR_NOT_FOUND;
    *out = (struct process_user){true, (uid_t)number, (gid_t)number};
    return OK;
}

bool process_user_become(const struct process_user *user)
{
    if (!user->is_set)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(user->group, user->group, user->group) == 0 &&
           setresuid(user->user, user->user, user->user) == 0;
}

void process_user_owning(const char *folder, struct process_user *out)
{
    struct stat facts;
    *out = (struct process_user){0};
    if (geteuid() == 0 && stat(folder, &facts) == 0)
        *out = (struct process_user){true, facts.st_uid, facts.st_gid};
}

enum status process_user_take(const struct process_user *owner, struct why *why)
{
    if (!owner->is_set ||
        (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && process_user_become(owner) && set_capabilities(KEPT)))
        return OK;
    return why_set(why, ERR_DENIED, "its owner's rights cannot be taken", "state folder", 0);
}

enum status process_user_enter(const char *folder, struct why *why)
{
    struct process_user owner;
    process_user_owning(folder, &owner);
    if (!owner.is_set || (setegid(owner.group) == 0 && seteuid(owner.user) == 0))
        return OK;
    return why_set(why, ERR_DENIED, "its owner's rights cannot be taken", "state folder", 0);
}

void process_user_leave(void)
{
    if (getuid() == 0)
        INVARIANT(seteuid(0) == 0 && setegid(getgid()) == 0);
}

enum status process_user_forget(struct why *why)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 && set_capabilities(0))
        return OK;
    return why_set(why, ERR_IO, "capabilities cannot be given up", "process", 0);
}
