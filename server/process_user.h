/* Who a process is. Started as root, the server becomes the owner of its state folder, and the gate and distil become
 * users of their own, who can read nothing of it; all capabilities go, but for those that the supervisor needs to start
 * and end the others. Started as anybody else, all processes stay that user. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/status.h"

struct process_user {
    bool is_set; /* else: whoever we are */
    uid_t user;
    gid_t group;
};
/* A name, or a number (its group is then the same number). ERR_NOT_FOUND. */
MUST_USE enum status process_user_find(const char *name, struct process_user *out);
/* The owner of `folder`, when we are root; else, and when there is no such folder, nobody. */
void process_user_owning(const char *folder, struct process_user *out);
/* The supervisor as root: become `owner`, and keep the rights to change users, to end processes of other users and to
 * bind low ports. */
MUST_USE enum status process_user_take(const struct process_user *owner, struct why *why);
/* A command that root gives: while it works in `folder` it is the owner, so that no file there becomes root's; then it
 * is root again. Both do nothing when we aren't root. */
MUST_USE enum status process_user_enter(const char *folder, struct why *why);
void process_user_leave(void);
/* Between fork and exec: become the user, for good, with no supplementary group. Only calls that are safe there. */
bool process_user_become(const struct process_user *user);
/* Give up every capability, for good. */
MUST_USE enum status process_user_forget(struct why *why);
