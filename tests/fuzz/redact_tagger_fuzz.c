/* The tagger: the input as a model's tables, put under a right hash, over a text; and as a text, under the built-in
 * model. Finds lie within the text, apart and in order. */
#include "base/hash.h"
#include "redaction/tag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void scan(struct tagger *tagger, struct bytes text, float withhold, float flag)
{
    struct finds finds SCOPED_FINDS = {0};
    struct scan state = {.text = text, .types = ~0ull, .finds = &finds};
    tagger_scan(tagger, &state, withhold, flag);
    INVARIANT(state.status == OK);
    for (size_t i = 0; i < finds.count; i++) {
        const struct find *find = &finds.items[i];
        INVARIANT(find->start < find->end && find->end <= text.size);
        INVARIANT(i == 0 || find->start >= finds.items[i - 1].end);
        INVARIANT(find->score >= 0 && find->score <= 1.001f);
    }
}

static void try_model(struct bytes body)
{
    struct buf model SCOPED_BUF = {0};
    struct tagger *tagger = NULL;
    uint8_t hash[HASH_BYTES];
    hash_sha256(body, hash);
    buf_add(&model, body);
    buf_add(&model, bytes_of(hash, sizeof hash));
    if (tagger_new(buf_bytes(&model), &tagger, NULL) != OK)
        return;
    scan(tagger,
         bytes_str("Mr Ottokar Vrbensky, born on 7 May 1993 in Bergamo, sued the Quendel Bank (no. 4711/22).\n"), 0.5f,
         0.1f);
    tagger_free(tagger);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tagger *built_in;
    if (!built_in && tagger_new(BYTES_NONE, &built_in, NULL) != OK)
        return 0;
    scan(built_in, bytes_of(data, size), 0.6f, 0.1f);
    try_model(bytes_of(data, size));
    return 0;
}
