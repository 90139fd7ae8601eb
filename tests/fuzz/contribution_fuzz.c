/* Records of contributions: decoded, rendered, counted, written again. */
#include "protocol/contribution.h"

#include "tests/fuzz/record_fuzz.h"

static void use(const struct candidate *candidate)
{
    SCOPED_BUF struct buf text = {0};
    uint8_t key[16];
    INVARIANT(candidate_render(candidate, &text) == OK);
    INVARIANT(bytes_is_utf8(buf_bytes(&text)));
    for (size_t i = 0; i < candidate->act.count; i++)
        phrase_key(candidate->act.items[i], key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0}, withdrawal = {0};
    struct why why = {0};
    struct contribution contribution;
    uint8_t id[ID_BYTES];
    if (withdrawal_decode(input, id, NULL) == OK)
        must_be_same(input, withdrawal_encode(id, &withdrawal), &withdrawal);
    if (contribution_decode(input, &contribution, &why) != OK)
        return 0;
    INVARIANT(contribution.class == CLASS_TEXT || contribution.candidate_count == 0);
    for (size_t i = 0; i < contribution.candidate_count; i++)
        use(&contribution.candidates[i]);
    must_be_same(input, contribution_encode(&contribution, &again), &again);
    contribution_free(&contribution);
    return 0;
}
