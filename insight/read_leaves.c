/* Hides the recursion over a JSON value: bounded in depth, number and path length. */
#include "insight/read_leaves.h"

struct gather {
    struct leaf *out;
    size_t room, count;
};

static void gather(struct gather *state, struct view value, const char *path, size_t size, unsigned depth)
{
    bool object = value.kind == JSON_OBJECT_START, array = value.kind == JSON_ARRAY_START;
    if ((object || array) && value.raw.size > 2 && depth < 16) {
        struct view_walk walk;
        struct bytes key = BYTES_NONE;
        struct view item = VIEW_NONE;
        view_walk_start(&walk, value);
        while (view_walk_next(&walk, &key, &item)) {
            char longer[LEAF_PATH_MAX];
            struct bytes more = object ? key : bytes_str("[]");
            size_t dot = object && size > 0 ? 1 : 0;
            if (size + dot + more.size >= sizeof longer)
                continue;
            memcpy(longer, path, size);
            longer[size] = '.';
            memcpy(longer + size + dot, more.data, more.size);
            longer[size + dot + more.size] = 0;
            gather(state, item, longer, size + dot + more.size, depth + 1);
        }
        return;
    }
    if (state->count == state->room)
        return;
    struct leaf *leaf = &state->out[state->count++];
    memcpy(leaf->path, path, size);
    leaf->path[size] = 0;
    leaf->value = value;
}

size_t json_leaves(struct view json, struct leaf *out, size_t room)
{
    struct gather state = {out, room, 0};
    if (json.kind != JSON_END)
        gather(&state, json, "", 0, 0);
    return state.count;
}
