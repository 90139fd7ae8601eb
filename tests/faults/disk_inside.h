/* Between the calls that are caught (calls.c) and the model of the disk (disk.c). */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "tests/faults/disk.h"

enum disk_step { STEP_CREATE, STEP_WRITE, STEP_SIZE, STEP_SYNC, STEP_NAME, STEP_REMOVE };

/* Whether a path is in the watched folder: its absolute form in out (of DISK_PATH bytes). */
#define DISK_PATH 400
bool disk_knows(int folder, const char *path, char *out);
bool disk_knows_fd(int fd);
/* Counts an operation. 0, or the errno with which it has to fail. *size: how much of a write is to be done first. */
int disk_step(enum disk_step step, size_t *size);

/* What has happened. */
void disk_created(const char *path, int fd);
void disk_folder_made(const char *path);
void disk_written(int fd, const void *data, size_t size, off_t at);
void disk_sized(int fd, off_t size);
void disk_synced(int fd);
void disk_not_synced(int fd);
void disk_moved(const char *from, const char *to);
void disk_linked(const char *from, const char *to);
void disk_removed(const char *path);

/* Real folders (disk_folder.c). */
_Noreturn void disk_broken(const char *what, const char *path); /* the model is of no use: say so and end the test */
bool disk_is_shared_memory(const char *path);
void disk_put_file(const char *path, struct bytes content);
/* Everything below a folder: of a folder, itself before what is in it. */
typedef void (*disk_visit)(const char *path, const struct stat *info, void *context);
void disk_walk(const char *folder, disk_visit visit, void *context);
