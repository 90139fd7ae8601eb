/* Reads the files that the reference implementation of Federation over Text leaves (arXiv 2604.16778): problem_*.json
 * with a problem and its behaviour book, and encyclopedia.txt, the library made of the books. */
#pragma once

#include "base/bytes.h"

#define FOT_FILE_MAX (4u << 20)
#define FOT_TASKS_MAX 4096
#define FOT_BYTES_MAX (256u << 20) /* of all files together */

struct fot_task {
    char *name;               /* owned: the file's, without its folder */
    struct buf file;          /* as it stands */
    struct buf problem, book; /* as FoT's checker compares them: the problem's text; "behavior_book:", then a line
                                 "name: text" a skill */
};
struct fot {
    size_t count, room;
    struct fot_task *tasks; /* owned; by name */
    struct buf library;     /* of encyclopedia.txt; empty: there is none */
    size_t damaged;         /* files of a problem's name that are none of FoT's: passed over */
};
/* ERR_NOT_FOUND: no such folder, or no problem in it; ERR_IO: something in it cannot be read; ERR_TOO_LARGE: over the
 * sizes above. */
MUST_USE enum status fot_read(const char *folder, struct fot *out);
void fot_free(struct fot *fot);
/* The parts of one file; ERR_INPUT: it is none of FoT's. */
MUST_USE enum status fot_parse(struct bytes file, struct buf *problem, struct buf *book);
