/* The model behind the caught calls: contents and names, each as they are seen and as they are durable. */
#include "tests/faults/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/random.h"
#include "tests/faults/disk_inside.h"

#define SECTOR 512
#define NAMES_MAX 256

/* What was done to a file since it was last synced. */
struct change {
    bool is_size; /* at: the new size; else data was written there */
    bool is_lost; /* before an fsync that failed */
    size_t at;
    struct buf data;
};
struct file {
    uint64_t inode;
    struct buf seen, durable;
    size_t change_count;
    struct change *changes;
};
struct name {
    char path[DISK_PATH];
    struct file *file; /* NULL: a folder */
};
struct names {
    size_t count;
    struct name items[NAMES_MAX];
};
/* A name given or taken that its folder's fsync has not made durable. */
enum naming_kind { NAMING_ADDED, NAMING_MOVED, NAMING_REMOVED };
struct naming {
    enum naming_kind kind;
    char path[DISK_PATH], to[DISK_PATH];
    struct file *file;
};

static struct disk {
    char folder[DISK_PATH]; /* "": nothing is watched */
    dev_t device;
    size_t file_count, naming_count;
    struct file *files[4 * NAMES_MAX];
    struct names seen, durable;
    struct naming namings[4 * NAMES_MAX];
    struct disk_plan plan;
    size_t operations;
} disk;

/* --- contents --- */

static void content_write(struct buf *content, size_t at, struct bytes data)
{
    if (content->size < at + data.size) {
        buf_reserve(content, at + data.size - content->size);
        if (buf_status(content) != OK)
            disk_broken("out of memory", disk.folder);
        memset(content->data + content->size, 0, at + data.size - content->size);
        content->size = at + data.size;
    }
    if (data.size)
        memcpy(content->data + at, data.data, data.size);
}

static void content_size(struct buf *content, size_t size)
{
    if (size > content->size)
        content_write(content, size, BYTES_NONE);
    content->size = size;
}

static void content_change(struct buf *content, const struct change *change)
{
    if (change->is_size)
        content_size(content, change->at);
    else
        content_write(content, change->at, buf_bytes(&change->data));
}

static void file_change(struct file *file, struct change change)
{
    content_change(&file->seen, &change);
    struct change *grown = realloc(file->changes, (file->change_count + 1) * sizeof *grown);
    if (!grown)
        disk_broken("out of memory", disk.folder);
    file->changes = grown;
    file->changes[file->change_count++] = change;
}

/* What is durable now is newer than what was lost at the same place. */
static void supersede(struct change *lost, const struct change *by)
{
    size_t from = lost->at > by->at ? lost->at : by->at;
    size_t lost_end = lost->at + lost->data.size, by_end = by->at + by->data.size;
    size_t end = lost_end < by_end ? lost_end : by_end;
    if (!lost->is_size && !by->is_size && from < end)
        memcpy(lost->data.data + (from - lost->at), by->data.data + (from - by->at), end - from);
    if (by->is_size)
        buf_clear(&lost->data);
    if (by->is_size && lost->is_size)
        lost->at = by->at;
}

static void file_sync(struct file *file)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->change_count; i++) {
        struct change *change = &file->changes[i];
        if (change->is_lost) {
            file->changes[kept++] = *change;
            continue;
        }
        content_change(&file->durable, change);
        for (size_t j = 0; j < kept; j++)
            supersede(&file->changes[j], change);
        buf_free(&change->data);
    }
    file->change_count = kept;
}

static void file_free(struct file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        buf_free(&file->changes[i].data);
    free(file->changes);
    buf_free(&file->seen);
    buf_free(&file->durable);
    free(file);
}

static struct file *file_new(uint64_t inode)
{
    struct file *file = calloc(1, sizeof *file);
    if (!file || disk.file_count == sizeof disk.files / sizeof *disk.files)
        disk_broken("too many files", disk.folder);
    file->inode = inode;
    disk.files[disk.file_count++] = file;
    return file;
}

/* The youngest of an inode: the number is used again after a removal. */
static struct file *file_of_inode(uint64_t inode)
{
    for (size_t i = disk.file_count; i-- > 0;)
        if (disk.files[i]->inode == inode)
            return disk.files[i];
    return NULL;
}

/* --- names --- */

static struct name *name_find(struct names *names, const char *path)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].path, path) == 0)
            return &names->items[i];
    return NULL;
}

static void name_set(struct names *names, const char *path, struct file *file)
{
    struct name *name = name_find(names, path);
    if (!name) {
        if (names->count == NAMES_MAX)
            disk_broken("too many names", path);
        name = &names->items[names->count++];
        snprintf(name->path, sizeof name->path, "%s", path);
    }
    name->file = file;
}

static void name_remove(struct names *names, const char *path)
{
    struct name *name = name_find(names, path);
    if (!name)
        return;
    memmove(name, name + 1, (size_t)(&names->items[names->count] - (name + 1)) * sizeof *name);
    names->count--;
}

/* A folder takes with it what is in it; the places stay, for a folder stands before its content. */
static void names_move_folder(struct names *names, const char *from, const char *to)
{
    size_t size = strlen(from);
    for (size_t i = 0; i < names->count; i++) {
        char *path = names->items[i].path, moved[2 * DISK_PATH];
        if (strncmp(path, from, size) != 0 || (path[size] != 0 && path[size] != '/'))
            continue;
        snprintf(moved, sizeof moved, "%s%s", to, path + size);
        if (strlen(moved) >= DISK_PATH)
            disk_broken("too long a name", to);
        memcpy(path, moved, strlen(moved) + 1);
    }
}

static void names_change(struct names *names, const struct naming *naming)
{
    if (naming->kind == NAMING_MOVED && !naming->file) {
        names_move_folder(names, naming->path, naming->to);
        return;
    }
    if (naming->kind != NAMING_ADDED)
        name_remove(names, naming->path);
    if (naming->kind == NAMING_ADDED)
        name_set(names, naming->path, naming->file);
    if (naming->kind == NAMING_MOVED)
        name_set(names, naming->to, naming->file);
}

static void disk_name(struct naming naming)
{
    if (disk.naming_count == sizeof disk.namings / sizeof *disk.namings)
        disk_broken("too many changes of names", naming.path);
    names_change(&disk.seen, &naming);
    disk.namings[disk.naming_count++] = naming;
}

static bool is_in(const char *path, const char *folder)
{
    size_t size = strlen(folder);
    return strncmp(path, folder, size) == 0 && path[size] == '/' && !strchr(path + size + 1, '/');
}

static void folder_sync(const char *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < disk.naming_count; i++) {
        if (is_in(disk.namings[i].path, folder))
            names_change(&disk.durable, &disk.namings[i]);
        else
            disk.namings[kept++] = disk.namings[i];
    }
    disk.naming_count = kept;
}

/* --- what the calls report --- */

static bool is_below(const char *path)
{
    size_t size = strlen(disk.folder);
    return size > 0 && strncmp(path, disk.folder, size) == 0 && (path[size] == '/' || path[size] == 0);
}

static void path_of_fd(int fd, char out[static DISK_PATH])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, out, DISK_PATH - 1);
    out[size > 0 ? size : 0] = 0;
}

bool disk_knows(int folder, const char *path, char *out)
{
    char base[DISK_PATH] = "";
    if (!disk.folder[0])
        return false;
    if (path[0] != '/' && folder != AT_FDCWD)
        path_of_fd(folder, base);
    int size = snprintf(out, DISK_PATH, "%s%s%s", base, base[0] ? "/" : "", path);
    return size > 0 && size < DISK_PATH && is_below(out);
}

/* By its path too, because a file elsewhere may have got the inode of one that was removed here. */
bool disk_knows_fd(int fd)
{
    struct stat info;
    char path[DISK_PATH];
    if (!disk.folder[0] || fstat(fd, &info) != 0 || info.st_dev != disk.device)
        return false;
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        return false;
    path_of_fd(fd, path);
    return is_below(path);
}

static struct file *file_of(int fd)
{
    struct stat info;
    if (!disk_knows_fd(fd) || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return NULL;
    return file_of_inode(info.st_ino);
}

static bool wants_room(enum disk_step step)
{
    return step == STEP_CREATE || step == STEP_WRITE || step == STEP_SIZE || step == STEP_NAME;
}

int disk_step(enum disk_step step, size_t *size)
{
    const struct disk_plan *plan = &disk.plan;
    size_t whole = size ? *size : 0;
    disk.operations++;
    if (plan->image && disk.operations == plan->at)
        disk_image(plan->image, plan->cut, plan->seed);
    bool hit = plan->at != 0 && disk.operations == plan->at, after = plan->at != 0 && disk.operations >= plan->at;
    if (plan->fault == DISK_SHORT && after && whole > 1)
        *size = whole / 2;
    bool fails = (hit && (plan->fault == DISK_FAILS || plan->fault == DISK_TEARS)) ||
                 (after && plan->fault == DISK_FULL && wants_room(step));
    if (!fails)
        return 0;
    if (size)
        *size = plan->fault == DISK_TEARS ? whole / 2 : 0;
    return plan->fault == DISK_FULL ? ENOSPC : EIO;
}

void disk_created(const char *path, int fd)
{
    struct stat info;
    if (disk_is_shared_memory(path) || fstat(fd, &info) != 0)
        return;
    struct naming naming = {.kind = NAMING_ADDED, .file = file_new(info.st_ino)};
    snprintf(naming.path, sizeof naming.path, "%s", path);
    disk_name(naming);
}

void disk_folder_made(const char *path)
{
    struct naming naming = {.kind = NAMING_ADDED};
    snprintf(naming.path, sizeof naming.path, "%s", path);
    disk_name(naming);
}

void disk_written(int fd, const void *data, size_t size, off_t at)
{
    struct file *file = file_of(fd);
    if (!file)
        return;
    struct change change = {.at = (size_t)at};
    buf_add(&change.data, bytes_of(data, size));
    file_change(file, change);
}

void disk_sized(int fd, off_t size)
{
    struct file *file = file_of(fd);
    if (file)
        file_change(file, (struct change){.is_size = true, .at = (size_t)size});
}

void disk_synced(int fd)
{
    char path[DISK_PATH];
    if (disk.plan.fault == DISK_LIES)
        return;
    struct file *file = file_of(fd);
    if (file) {
        file_sync(file);
        return;
    }
    path_of_fd(fd, path);
    folder_sync(path);
}

void disk_not_synced(int fd)
{
    struct file *file = file_of(fd);
    for (size_t i = 0; file && i < file->change_count; i++)
        file->changes[i].is_lost = true;
}

void disk_moved(const char *from, const char *to)
{
    struct name *name = name_find(&disk.seen, from);
    struct naming naming = {.kind = NAMING_MOVED, .file = name ? name->file : NULL};
    if (!name)
        return;
    snprintf(naming.path, sizeof naming.path, "%s", from);
    snprintf(naming.to, sizeof naming.to, "%s", to);
    disk_name(naming);
}

void disk_linked(const char *from, const char *to)
{
    struct name *name = name_find(&disk.seen, from);
    struct naming naming = {.kind = NAMING_ADDED, .file = name ? name->file : NULL};
    if (!name)
        return;
    snprintf(naming.path, sizeof naming.path, "%s", to);
    disk_name(naming);
}

void disk_removed(const char *path)
{
    struct naming naming = {.kind = NAMING_REMOVED};
    snprintf(naming.path, sizeof naming.path, "%s", path);
    if (name_find(&disk.seen, path))
        disk_name(naming);
}

/* --- watching --- */

static void take_durable(const char *path, const struct stat *info, void *context)
{
    (void)context;
    struct file *file = NULL;
    if ((!S_ISREG(info->st_mode) && !S_ISDIR(info->st_mode)) || disk_is_shared_memory(path))
        return;
    if (S_ISREG(info->st_mode)) {
        file = file_new(info->st_ino);
        if (file_read(path, SIZE_MAX / 2, &file->seen) != OK)
            disk_broken("cannot be read", path);
        buf_add(&file->durable, buf_bytes(&file->seen));
    }
    name_set(&disk.seen, path, file);
    name_set(&disk.durable, path, file);
}

void disk_watch(const char *folder)
{
    struct stat info;
    for (size_t i = 0; i < disk.file_count; i++)
        file_free(disk.files[i]);
    disk.file_count = disk.naming_count = disk.seen.count = disk.durable.count = 0;
    disk.folder[0] = 0;
    disk.plan = (struct disk_plan){0};
    if (!folder)
        return;
    if (stat(folder, &info) != 0)
        disk_broken("no such folder", folder);
    disk_walk(folder, take_durable, NULL);
    disk.device = info.st_dev;
    snprintf(disk.folder, sizeof disk.folder, "%s", folder);
}

void disk_arm(const struct disk_plan *plan)
{
    disk.plan = *plan;
    disk.operations = 0;
}

size_t disk_mend(void)
{
    disk.plan = (struct disk_plan){0};
    return disk.operations;
}

/* --- after a power cut --- */

/* A write that went past the model would make every image of it worthless. */
static void check_seen(void)
{
    for (size_t i = 0; i < disk.seen.count; i++) {
        const struct name *name = &disk.seen.items[i];
        SCOPED_BUF struct buf content = {0};
        if (!name->file)
            continue;
        if (file_read(name->path, SIZE_MAX / 2, &content) != OK)
            disk_broken("is gone without the model's knowledge", name->path);
        if (!bytes_equal(buf_bytes(&content), buf_bytes(&name->file->seen)))
            disk_broken("was written past the model", name->path);
    }
}

static void keep_sectors(struct buf *content, const struct change *change, struct random random)
{
    struct bytes left = buf_bytes(&change->data);
    for (size_t at = change->at; left.size > 0;) {
        size_t size = SECTOR - at % SECTOR;
        if (random_below(random, 2))
            content_write(content, at, bytes_part(left, 0, size));
        at += size;
        left = bytes_part(left, size, left.size);
    }
}

static void content_after(const struct file *file, enum disk_cut cut, struct random random, struct buf *out)
{
    buf_add(out, buf_bytes(cut == CUT_KEPT ? &file->seen : &file->durable));
    for (size_t i = 0; cut == CUT_TORN && i < file->change_count; i++) {
        const struct change *change = &file->changes[i];
        if (!change->is_size)
            keep_sectors(out, change, random);
        else if (random_below(random, 2))
            content_size(out, change->at);
    }
}

static const struct names *names_after(enum disk_cut cut, struct random random)
{
    static struct names names;
    if (cut == CUT_KEPT)
        return &disk.seen;
    names = disk.durable;
    size_t kept = cut == CUT_TORN ? (size_t)random_below(random, disk.naming_count + 1) : 0;
    for (size_t i = 0; i < kept; i++)
        names_change(&names, &disk.namings[i]);
    return &names;
}

/* What is in a folder whose own name is lost is lost with it. */
static bool is_reachable(const struct names *names, const char *path)
{
    if (is_in(path, disk.folder))
        return true;
    for (size_t i = 0; i < names->count; i++)
        if (!names->items[i].file && is_in(path, names->items[i].path))
            return is_reachable(names, names->items[i].path);
    return false;
}

static void put_name(const struct name *name, const char *to, enum disk_cut cut, struct random random)
{
    char path[DISK_PATH];
    SCOPED_BUF struct buf content = {0};
    snprintf(path, sizeof path, "%s%s", to, name->path + strlen(disk.folder));
    if (!name->file) {
        if (folder_create(path, 0700) != OK)
            disk_broken("cannot be made", path);
        return;
    }
    content_after(name->file, cut, random, &content);
    disk_put_file(path, buf_bytes(&content));
}

void disk_image(const char *to, enum disk_cut cut, uint64_t seed)
{
    struct random_seeded state;
    struct random random = random_seeded_start(&state, seed);
    check_seen();
    disk_remove(to);
    mkdir(to, 0700);
    const struct names *names = names_after(cut, random);
    for (int files = 0; files < 2; files++) { /* the folders first */
        for (size_t i = 0; i < names->count; i++)
            if ((names->items[i].file != NULL) == files && is_reachable(names, names->items[i].path))
                put_name(&names->items[i], to, cut, random);
    }
}
