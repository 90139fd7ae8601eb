/* Names beside their values. Hides which members name and which hold. */
#include "redaction/pairs.h"

#include "redaction/claim.h"

#define MEMBER_MOST 8 /* all of the members below are short */

static bool is_one_of(struct bytes key, const char *words)
{
    return key.size && chars_word_of(key, 0, words) == key.size;
}

void pairs_open(struct pairs *pairs, size_t depth)
{
    pairs->depth = depth;
    pairs->jose = false;
    pairs->size = 0;
}

static void keep_name(struct pairs *pairs, struct bytes name)
{
    pairs->size = 0;
    if (name.size > PAIR_NAME_MOST || !claim_possible(name) || claim_of(name) == CLAIM_NONE)
        return;
    memcpy(pairs->name, name.data, name.size);
    pairs->size = (uint8_t)name.size;
}

struct bytes pairs_key(struct pairs *pairs, size_t depth, struct bytes key, struct bytes value)
{
    if (key.size > MEMBER_MOST || depth != pairs->depth)
        return key;
    if (is_one_of(key, "name|key|variable|var|field|header")) {
        keep_name(pairs, value);
        return key;
    }
    pairs->jose |= is_one_of(key, "kty");
    if (pairs->jose && is_one_of(key, "d|p|q|dp|dq|qi|k"))
        return bytes_str("private_key");
    if (pairs->size && is_one_of(key, "value|val|default"))
        return bytes_of(pairs->name, pairs->size);
    return key;
}
