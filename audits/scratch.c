/* Hides the walk that empties a folder from below. */
#include "audits/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info, (void)kind, (void)place;
    return remove(path);
}

enum status scratch_open(char folder[static SCRATCH_MAX], struct why *why)
{
    snprintf(folder, SCRATCH_MAX, "/tmp/chatham-audit-XXXXXX");
    if (mkdtemp(folder))
        return OK;
    folder[0] = 0;
    return why_set(why, ERR_IO, "no temporary folder", NULL, 0);
}

void scratch_remove(const char *folder)
{
    if (folder[0])
        nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
