/* Loads the known answers of the FoT privacy checker (CHATHAM_SHARED/vectors/fot-overlap.json.gz) for a test and a
 * bench. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/inflate.h"
#include "base/json.h"

static inline const char *shared_folder(void)
{
    const char *folder = getenv("CHATHAM_SHARED");
    return folder ? folder : "../shared";
}

/* NULL when the file is not there. */
static inline struct json *fot_overlap_load(void)
{
    char path[4096];
    SCOPED_BUF struct buf packed = {0};
    SCOPED_BUF struct buf text = {0};
    struct json *vectors = NULL;
    if (path_join(path, sizeof path, shared_folder(), "vectors/fot-overlap.json.gz") != OK ||
        file_read(path, 16u << 20, &packed) != OK || inflate_gzip(buf_bytes(&packed), 64u << 20, &text) != OK ||
        json_parse(buf_bytes(&text), 64u << 20, &vectors, NULL) != OK)
        return NULL;
    return vectors;
}
