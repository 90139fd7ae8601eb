/* Hides how the disk is asked. A disk that does not answer is taken to be full. */
#include "server/reserve.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"

#define CHECK_MS 1000

enum status reserve_open(struct reserve *reserve, const char *folder, uint64_t (*free_bytes)(void *context),
                         void *context)
{
    *reserve = (struct reserve){.free_bytes = free_bytes, .context = context, .fd = -1};
    if (!folder || free_bytes)
        return OK;
    reserve->fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return reserve->fd >= 0 ? OK : ERR_IO;
}

void reserve_close(struct reserve *reserve)
{
    if (reserve->fd > 0)
        close(reserve->fd);
    *reserve = (struct reserve){.fd = -1};
}

static uint64_t disk_free(const struct reserve *reserve)
{
    struct statvfs info;
    if (reserve->free_bytes)
        return reserve->free_bytes(reserve->context);
    if (reserve->fd < 0)
        return UINT64_MAX;
    return fstatvfs(reserve->fd, &info) == 0 ? (uint64_t)info.f_bavail * info.f_frsize : 0;
}

static void look(struct reserve *reserve)
{
    uint64_t left = disk_free(reserve);
    bool is_short = left < RESERVE_BYTES;
    if (is_short != reserve->is_short)
        log_event(is_short ? LOG_DISK_SHORT : LOG_DISK_ENOUGH, (struct log_fields){.bytes = left});
    reserve->is_short = is_short;
}

enum status reserve_check(struct reserve *reserve, int64_t now_ms, struct why *why)
{
    int64_t passed = now_ms - reserve->checked_ms;
    if (!reserve->asked || passed >= CHECK_MS || passed < 0) {
        look(reserve);
        reserve->asked = true;
        reserve->checked_ms = now_ms;
    }
    return reserve->is_short ? why_set(why, ERR_UNAVAILABLE, "the disk is nearly full", NULL, 0) : OK;
}
