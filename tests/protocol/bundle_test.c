/* The bundle of a pull: a good one passes, and each altered part, another log, a shrunk and a forked one are refused
 * with their own reason. */
#include "protocol/library.h"

#include "tests/protocol/samples.h"

#define LEAF 5 /* the release's place in the log */
#define OLD 4  /* size that the member saw last */
#define NOW 8

struct tree {
    uint8_t nodes[8][NOW][MERKLE_BYTES];
};

struct world {
    struct secret library_seed, checkpoint_seed;
    struct federation federation;
    struct library_bundle bundle;
    struct checkpoint seen;
    struct tree tree;
};

static enum status node_read(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    struct tree *tree = state;
    memcpy(out, tree->nodes[level][index], MERKLE_BYTES);
    return OK;
}

static enum status node_store(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    struct tree *tree = state;
    memcpy(tree->nodes[level][index], hash, MERKLE_BYTES);
    return OK;
}

static void tree_fill(struct tree *tree, struct bytes entry, uint8_t filler)
{
    struct merkle_source source = {node_read, tree};
    for (uint64_t i = 0; i < NOW; i++) {
        uint8_t leaf[MERKLE_BYTES];
        merkle_leaf(i == LEAF ? entry : bytes_of(&filler, 1), leaf);
        ok(merkle_append(source, node_store, tree, i, leaf));
    }
}

/* Entry for the document, as a server would log it. */
static void make_entry(struct world *world, enum log_kind kind, uint64_t version)
{
    struct log_entry entry = {.kind = kind, .epoch = "2026-11", .version = version};
    log_commit(kind, world->bundle.salt, buf_bytes(&world->bundle.document), entry.commitment);
    buf_clear(&world->bundle.entry);
    ok(log_entry_encode(&entry, &world->bundle.entry));
}

static void make_log(struct world *world, uint64_t from, uint64_t size)
{
    char origin[48];
    struct merkle_source source = {node_read, &world->tree};
    struct checkpoint now = {.size = size};
    tree_fill(&world->tree, buf_bytes(&world->bundle.entry), 0);
    world->bundle.leaf = LEAF;
    world->bundle.old_size = from;
    ok(merkle_root(source, size, now.root));
    ok(merkle_prove_inclusion(source, LEAF, size, &world->bundle.inclusion));
    ok(merkle_prove_consistency(source, from, size, &world->bundle.consistency));
    world->seen.size = from;
    ok(merkle_root(source, from, world->seen.root));
    federation_origin(world->federation.id, origin);
    buf_clear(&world->bundle.checkpoint);
    ok(checkpoint_sign(&now, origin, &world->checkpoint_seed, &world->bundle.checkpoint));
}

static void sign_document(struct world *world)
{
    ok(sign_make(&world->library_seed, SIGN_LIBRARY, world->federation.id, buf_bytes(&world->bundle.document),
                 world->bundle.signature));
}

static int set_up(void **state)
{
    struct world *world = mem_new(1, sizeof *world);
    if (!world || secret_start(0, NULL) != OK)
        return -1;
    world->federation = sample_federation();
    ok(sign_keypair(&world->library_seed, world->federation.library_key));
    ok(sign_keypair(&world->checkpoint_seed, world->federation.checkpoint_key));
    fill(world->bundle.salt, sizeof world->bundle.salt, 0x77);
    struct library library = sample_library();
    ok(library_encode(&library, &world->bundle.document));
    library_free(&library);
    sign_document(world);
    make_entry(world, LOGGED_RELEASE, 2);
    make_log(world, OLD, NOW);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    federation_free(&world->federation);
    library_bundle_free(&world->bundle);
    secret_free(&world->library_seed);
    secret_free(&world->checkpoint_seed);
    mem_free(world);
    return 0;
}

static void check_passes(const struct world *world)
{
    struct checkpoint now;
    ok(library_bundle_check(&world->bundle, &world->federation, &world->seen, &now, NULL));
    assert_true(now.size > world->seen.size || now.size == NOW);
}

static void check_refused(const struct world *world, const char *reason)
{
    struct checkpoint now = {.size = 99};
    struct why why = {0};
    assert_int_equal(library_bundle_check(&world->bundle, &world->federation, &world->seen, &now, &why), ERR_DENIED);
    assert_string_equal(why.what, reason);
    assert_int_equal(now.size, 0);
}

static void test_good(void **state)
{
    struct world *world = *state;
    check_passes(world);
    make_log(world, 0, NOW); /* nothing seen before */
    check_passes(world);
    make_log(world, NOW, NOW); /* nothing new */
    check_passes(world);
    make_log(world, OLD, LEAF + 1);
    check_passes(world);
}

static void test_altered(void **state)
{
    struct world *world = *state;
    struct library_bundle *bundle = &world->bundle;
    const struct {
        uint8_t *spot;
        const char *reason;
    } cases[] = {
        {bundle->document.data + 40, "signature does not hold"},
        {bundle->signature, "signature does not hold"},
        {world->federation.id, "signature does not hold"},
        {world->federation.library_key + 1, "signature does not hold"},
        {bundle->salt, "the log commits to another document"},
        {bundle->entry.data, "its log entry is not a release"},
        {bundle->checkpoint.data + 45, "checkpoint of the log does not hold"},
        {world->federation.checkpoint_key + 1, "checkpoint of the log does not hold"},
        {(uint8_t *)&bundle->leaf, "not in the log"},
        {bundle->inclusion.hashes[1], "not in the log"},
        {(uint8_t *)&bundle->inclusion.count, "not in the log"},
        {(uint8_t *)&bundle->old_size, "consistency is proved from another tree size"},
        {bundle->consistency.hashes[0], "the log was forked: it does not contain what was seen before"},
        {world->seen.root, "the log was forked: it does not contain what was seen before"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *cases[i].spot ^= 1;
        check_refused(world, cases[i].reason);
        *cases[i].spot ^= 1;
        check_passes(world);
    }
}

static void test_other_log(void **state)
{
    struct world *world = *state;
    make_log(world, OLD, LEAF + 1);
    struct checkpoint before = world->seen;
    world->seen = (struct checkpoint){.size = NOW}; /* the member saw more than there is now */
    check_refused(world, "the log shrank: a rolled-back server or another one");
    world->seen = before;
    tree_fill(&world->tree, buf_bytes(&world->bundle.entry), 1); /* the same release in another history */
    struct checkpoint fork = {.size = OLD};
    ok(merkle_root((struct merkle_source){node_read, &world->tree}, OLD, fork.root));
    world->seen = fork;
    check_refused(world, "the log was forked: it does not contain what was seen before");
}

static void test_log_and_document_agree(void **state)
{
    struct world *world = *state;
    make_entry(world, LOGGED_AUDIT, 0);
    make_log(world, OLD, NOW);
    check_refused(world, "its log entry is not a release");
    make_entry(world, LOGGED_RELEASE, 3);
    make_log(world, OLD, NOW);
    check_refused(world, "document and log entry disagree");

    struct library library = sample_library();
    library.federation[0] ^= 1; /* signed by our key, about another federation */
    buf_clear(&world->bundle.document);
    ok(library_encode(&library, &world->bundle.document));
    library_free(&library);
    sign_document(world);
    make_entry(world, LOGGED_RELEASE, 2);
    make_log(world, OLD, NOW);
    check_refused(world, "document and log entry disagree");
}

static enum status decode(struct bytes text, struct why *why)
{
    struct library_bundle bundle;
    enum status status = library_bundle_decode(text, &bundle, why);
    if (status != OK)
        assert_null(bundle.document.data);
    library_bundle_free(&bundle);
    return status;
}

static void test_record(void **state)
{
    static const struct spoil spoils[] = {
        {"\"leaf\":5", "\"leaf\":\"5\"", ERR_INPUT},
        {"\"leaf\":5", "\"leaf\":5,\"leaf\":5", ERR_INPUT},
        {"\"leaf\":5", "\"leaf\":5,\"more\":1", ERR_INPUT},
        {"\"leaf\":5", "\"leaf\":  5", OK}, /* the bundle's own spelling is free */
        {"\"document\":{", "\"document\":[],\"documents\":{", ERR_INPUT},
        {"\"checkpoint\":\"", "\"checkpoint\":7,\"check\":\"", ERR_INPUT},
        {"\"inclusion\":[\"", "\"inclusion\":[\"A", ERR_INPUT},
    };
    struct world *world = *state;
    SCOPED_BUF struct buf text, canonical;
    buf_init(&text);
    buf_init(&canonical);
    ok(library_bundle_encode(&world->bundle, &text));
    ok(json_canonicalise(buf_bytes(&text), &canonical, NULL));
    assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&canonical)));
    check_spoils(&text, decode, spoils, sizeof spoils / sizeof *spoils);
    for (size_t size = 0; size < text.size; size++)
        assert_int_equal(decode(bytes_part(buf_bytes(&text), 0, size), NULL), ERR_INPUT);

    struct library_bundle back;
    struct checkpoint now;
    ok(library_bundle_decode(buf_bytes(&text), &back, NULL));
    assert_true(bytes_equal(buf_bytes(&back.document), buf_bytes(&world->bundle.document)));
    ok(library_bundle_check(&back, &world->federation, &world->seen, &now, NULL));
    assert_int_equal(now.size, NOW);
    library_bundle_free(&back);
}

static void test_later_version(void **state)
{
    struct world *world = *state;
    SCOPED_BUF struct buf text, tail;
    buf_init(&text);
    buf_init(&tail);
    ok(library_bundle_encode(&world->bundle, &text));
    text.data[text.size - 2] = '2'; /* "v" is the last member */
    assert_int_equal(decode(buf_bytes(&text), NULL), ERR_VERSION);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {WITH_WORLD(test_good),      WITH_WORLD(test_altered),
                                       WITH_WORLD(test_other_log), WITH_WORLD(test_log_and_document_agree),
                                       WITH_WORLD(test_record),    WITH_WORLD(test_later_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
