/* Files and folders. Hides where a file's scrubbed twin goes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "client/scrub.h"

#define LOOK_BYTES 8192

static void complain(struct scrub_tree *tree, const char *path, enum status status, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    tree->status = tree->status == OK ? status : tree->status;
}

static const char *text_of(enum status status)
{
    return status == ERR_EXISTS  ? "is there already"
           : status == ERR_IO    ? "cannot be read or written"
           : status == ERR_USAGE ? "is no regular file: nothing can be put in its place"
                                 : status_text(status);
}

/* A file that holds a NUL near its beginning is no text: replacing in it would only break it. */
static bool is_binary(int fd)
{
    char look[LOOK_BYTES];
    ssize_t got = pread(fd, look, sizeof look, 0);
    return got > 0 && memchr(look, 0, (size_t)got);
}

/* The part of the path below the word that was walked; a file that is the word itself goes by its name. */
static const char *relative(const struct scrub_tree *tree, const char *path)
{
    size_t size = strlen(tree->root);
    if (strcmp(path, tree->root) == 0) {
        const char *slash = strrchr(path, '/');
        return slash ? slash + 1 : path;
    }
    path += size;
    while (*path == '/')
        path++;
    return path;
}

static enum status open_sink(const struct scrub_tree *tree, const char *path, const struct stat *facts,
                             struct scrub_sink *sink)
{
    char target[PATH_MAX];
    scrub_sink_standard(sink);
    if (tree->in_place) /* a link stays one: what it leads to is replaced */
        return realpath(path, target) ? scrub_sink_open(sink, target, facts->st_mode & 07777, true) : ERR_IO;
    if (!tree->out)
        return OK;
    TRY(path_join(target, sizeof target, tree->out, relative(tree, path)));
    return scrub_sink_open(sink, target, facts->st_mode & 0777, false);
}

static enum status do_file(struct scrub_tree *tree, int fd, const char *path, const struct stat *facts)
{
    struct scrub_sink sink;
    size_t withheld = 0;
    if (tree->in_place && !S_ISREG(facts->st_mode))
        return ERR_USAGE;
    if (tree->learning)
        return scrub_learn(tree->scrub, fd);
    if (tree->scrub->report) {
        enum status status = scrub_stream(tree->scrub, fd, path, NULL, &withheld);
        tree->found += withheld;
        return status;
    }
    TRY(open_sink(tree, path, facts, &sink));
    enum status status = scrub_stream(tree->scrub, fd, path, &sink, &withheld);
    tree->found += withheld;
    if (status == OK && !(tree->in_place && withheld == 0))
        status = scrub_sink_keep(&sink);
    scrub_sink_drop(&sink);
    return status;
}

static enum status visit(void *context, const char *path)
{
    struct scrub_tree *tree = context;
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &facts) != 0) {
        complain(tree, path, ERR_IO, "cannot be opened");
        if (fd >= 0)
            close(fd);
        return OK;
    }
    enum status status = OK;
    bool named = strcmp(path, tree->root) == 0;
    if (!named && is_binary(fd)) {
        if (!tree->learning)
            fprintf(stderr, "%s: is no text, passed over\n", path);
    } else {
        status = do_file(tree, fd, path, &facts);
    }
    close(fd);
    if (status != OK && status != ERR_MEMORY)
        complain(tree, path, status, text_of(status));
    return status == ERR_MEMORY ? status : OK;
}

void scrub_tree_walk(struct scrub_tree *tree, const char *path)
{
    tree->root = path;
    enum status status = folder_walk_all(path, visit, tree);
    if (status != OK)
        complain(tree, path, status, status == ERR_NOT_FOUND ? "no such file or folder" : text_of(status));
}
