/* Adapters that others trained, as `--adapters DIR` gives them: safetensors files, and adapters.json beside them, which
 * says what each was trained on:
 *
 *   {"adapters":[{"file":"a.safetensors","role":"shadow","round":1,"run":"r1","task":"t1"}, ..],"v":1}
 *
 * role: "shadow" (of the adversary's own making) or "target". A run is one training, which may have left a file after
 * each of several rounds; a task is the private thing that it was trained on. */
#pragma once

#include "audits/reconstruction/lora.h"

#define FOREIGN_MANIFEST "adapters.json"
#define FOREIGN_MANIFEST_MAX (4u << 20)
#define FOREIGN_ADAPTERS_MAX 16384
#define FOREIGN_TASKS_MAX 256
#define FOREIGN_FILE_MAX (1u << 30)
#define FOREIGN_WORD_MAX 255

struct foreign_adapter {
    bool target;
    const char *file;        /* of the manifest */
    size_t round, run, task; /* run and task: numbers from 0, in the order of the manifest */
};
struct foreign {
    size_t count, runs, tasks;
    struct foreign_adapter *items; /* owned */
    struct json *manifest;         /* owned */
};
/* ERR_TOO_LARGE: over the numbers above. ERR_INPUT: no such manifest, a file's name with a slash in it or hidden, a run
 * of two tasks or of both roles. */
MUST_USE enum status foreign_read(struct bytes manifest, struct foreign *out, struct why *why);
void foreign_free(struct foreign *foreign);
/* The sketch of adapter `number` (LORA_WIDTH). *why has the row of the manifest, from 1. */
MUST_USE enum status foreign_sketch(const char *folder, const struct foreign *foreign, size_t number, float *out,
                                    struct why *why);
