/* Files: bounded reading, atomic durable writing, folders, streams of lines. Errors name the kind, never content. */
#pragma once

#include "base/bytes.h"
#include "base/hash.h"

/* Whole file into out (appended). ERR_NOT_FOUND, ERR_TOO_LARGE over `most` bytes, ERR_IO, ERR_MEMORY. Regular files and
 * pipes; not folders (ERR_INPUT). */
MUST_USE enum status file_read(const char *path, size_t most, struct buf *out);
/* Write to a temporary beside it, fsync, rename, fsync the folder: afterwards the old or the new content, never half.
 */
MUST_USE enum status file_write(const char *path, struct bytes content, unsigned mode);
/* Like file_write but ERR_EXISTS if the path is there already. */
MUST_USE enum status file_create(const char *path, struct bytes content, unsigned mode);
bool file_exists(const char *path);
MUST_USE enum status file_remove(const char *path);                  /* OK if it is not there */
MUST_USE enum status folder_sync_of(const char *path);               /* makes what happened to path's name durable */
MUST_USE enum status folder_create(const char *path, unsigned mode); /* durably, with parents; OK if there */
/* Paths of all regular files below path (or path itself, which may also be a pipe or a device), sorted within each
 * folder, hidden ones left out, links to files followed, links to folders not. The callback may return a status other
 * than OK to stop. What can't be read is passed over, and ERR_IO comes at the end. ERR_NOT_FOUND if path is not there.
 */
typedef enum status (*file_visit)(void *context, const char *path);
MUST_USE enum status folder_walk(const char *path, file_visit visit, void *context);
/* The same with hidden ones, but for the folders of version control (.git, .hg, .svn). */
MUST_USE enum status folder_walk_all(const char *path, file_visit visit, void *context);
/* The same without exceptions: for who must have seen every byte. */
MUST_USE enum status folder_walk_whole(const char *path, file_visit visit, void *context);
/* path/name into out, terminated. ERR_TOO_LARGE if it does not fit. */
MUST_USE enum status path_join(char *out, size_t size, const char *folder, const char *name);

/* SHA-256 and size of a file of any size. */
MUST_USE enum status file_hash(const char *path, uint8_t hash[static HASH_BYTES], uint64_t *size);
/* The same, while it is copied into a new file (mode 0600), durable but for the folder's entry. ERR_EXISTS. */
MUST_USE enum status file_copy(const char *path, const char *copy, uint8_t hash[static HASH_BYTES], uint64_t *size);

/* Lines of a stream with bounded memory. A line longer than `most` gives ERR_TOO_LARGE once and is skipped;
 * its number counts. A last line needs no newline. */
struct line_reader {
    int fd;
    size_t most;
    struct buf buf;
    size_t start;
    size_t searched; /* bytes from start that hold no newline */
    bool end, skipping;
    bool newline;  /* stands behind the last line returned */
    size_t number; /* of the last line returned, from 1 */
};
void line_reader_start(struct line_reader *reader, int fd, size_t most);
/* OK with *line (valid until the next call, without its newline); ERR_NOT_FOUND at the end; ERR_TOO_LARGE; ERR_IO. */
MUST_USE enum status line_reader_next(struct line_reader *reader, struct bytes *line);
void line_reader_free(struct line_reader *reader);
MUST_USE enum status fd_write_all(int fd, struct bytes content); /* ERR_IO */
/* The status of an errno. */
enum status file_status(int error);
