/* Runs a fuzz target over the files of a corpus, where libFuzzer itself isn't there: program FILE-OR-FOLDER... */
#include <stdio.h>

#include "base/file.h"

#define LARGEST (64u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status replay(void *context, const char *path)
{
    size_t *count = context;
    SCOPED_BUF struct buf input = {0};
    TRY(file_read(path, LARGEST, &input));
    /* A copy of exactly this size, so that a sanitizer sees one byte too many. */
    SCOPED_MEM uint8_t *exact = mem_new(input.size, 1);
    if (!exact)
        return ERR_MEMORY;
    if (input.size)
        memcpy(exact, input.data, input.size);
    LLVMFuzzerTestOneInput(exact, input.size);
    ++*count;
    return OK;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        enum status status = folder_walk(argv[i], replay, &count);
        if (status == ERR_NOT_FOUND) {
            printf("replay: no such folder: %s\n", argv[i]);
            return 77;
        }
        if (status != OK) {
            printf("replay: %s: %s\n", argv[i], status_text(status));
            return 1;
        }
    }
    printf("replayed %zu inputs\n", count);
    return count ? 0 : 1;
}
