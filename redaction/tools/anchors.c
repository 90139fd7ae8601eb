/* redaction-anchors FILE: packs the anchors' databases when the library is built. The file is only written when its
 * content changes, so that nothing behind it is built again without need. */
#include <stdio.h>

#include "base/file.h"
#include "redaction/anchors.h"

#define PACKED_MOST (64u << 20)

/* The library's own is what is being made. */
struct bytes anchors_packed(void)
{
    return BYTES_NONE;
}

static enum status pack(const char *path, struct why *why)
{
    struct anchors anchors;
    struct buf packed SCOPED_BUF = {0}, before SCOPED_BUF = {0};
    TRY(anchors_new(&anchors));
    enum status status = anchors_pack(&anchors, &packed, why);
    anchors_free(&anchors);
    TRY(status);
    if (file_read(path, PACKED_MOST, &before) == OK && bytes_equal(buf_bytes(&before), buf_bytes(&packed)))
        return OK;
    return file_write(path, buf_bytes(&packed), 0644);
}

int main(int argc, char **argv)
{
    struct why why = {0};
    if (argc != 2)
        return 2;
    enum status status = pack(argv[1], &why);
    if (status == OK)
        return 0;
    char line[256];
    why_print(&why, status, "anchors", line, sizeof line);
    fprintf(stderr, "redaction-%s\n", line);
    return status_exit(status);
}
