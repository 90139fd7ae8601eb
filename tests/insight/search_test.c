/* Search: who is found and first, words that mean something to SQL, rebuilding, files. */
#include "tests/insight/candidates.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "insight/search.h"

enum { INSIGHTS = 6, HITS = 10 };

static struct library make_library(void)
{
    static const struct spec specs[INSIGHTS] = {
        {.when = "a booking is refused because payments do not add up",
         .act = "recompute bags and insurance before charging"},
        {.when = "changing a flight",
         .act = "check that the payment type is allowed",
         .why = "certificates are refused"},
        {.when = "an order is not found",
         .act = "ask whether the leading character is missing",
         .tool = "get_order_details"},
        {.when = "a migration is locked by a job", .act = "wait for the job before retrying the migration"},
        {.when = "a refund is asked for",
         .act = "verify the order before the refund",
         .avoid = "refunding to another card"},
        {.when = "an order is late", .act = "look at the order history", .why = "the order may be split"},
    };
    struct library library = {.insight_count = INSIGHTS, .insights = mem_new(INSIGHTS, sizeof(struct insight))};
    for (size_t i = 0; i < INSIGHTS; i++) {
        library.insights[i].text = make_candidate(specs[i]);
        library.insights[i].id[0] = (uint8_t)(INSIGHTS - i);
        library.insights[i].rate = INSIGHT_RATE_UNKNOWN;
    }
    return library;
}

static struct search_index *open_memory(void)
{
    struct search_index *index;
    struct why why = {0};
    assert_int_equal(search_open(NULL, NULL, &index, &why), OK);
    return index;
}

static uint32_t first(struct search_index *index, const char *words)
{
    struct search_hit hits[HITS];
    size_t found;
    assert_int_equal(search_query(index, words, hits, HITS, &found), OK);
    for (size_t i = 0; i < found; i++) {
        assert_true(hits[i].insight < INSIGHTS && hits[i].score >= 0 && hits[i].score <= 1);
        assert_true(i == 0 || hits[i].score <= hits[i - 1].score);
    }
    return found ? hits[0].insight : UINT32_MAX;
}

static void test_finds(void **state)
{
    (void)state;
    struct library library = make_library();
    struct search_index *index = open_memory();
    assert_int_equal(first(index, "order"), UINT32_MAX); /* nothing built yet */
    assert_int_equal(search_build(index, &library), OK);
    assert_int_equal(first(index, "payments don't add up when booking"), 0);
    assert_int_equal(first(index, "which payment type may change a flight"), 1);
    assert_int_equal(first(index, "ORDERS not found"), 2);
    assert_int_equal(first(index, "get_order_details"), 2); /* a slot */
    assert_int_equal(first(index, "migration zygote"), 3);  /* a word nobody has is passed over */
    assert_int_equal(first(index, "refund"), 4);
    assert_int_equal(first(index, "late history insurance"), 5); /* no insight has all: any of the rarest */
    assert_int_equal(first(index, "zygote"), UINT32_MAX);
    assert_int_equal(first(index, ""), UINT32_MAX);
    assert_int_equal(first(index, "what is the of and to"), UINT32_MAX);
    search_close(index);
    library_free(&library);
}

static void test_any_words(void **state)
{
    (void)state;
    struct library library = make_library();
    struct search_index *index = open_memory();
    assert_int_equal(search_build(index, &library), OK);
    static const char *const odd[] = {"\"",
                                      "'; DROP TABLE insight; --",
                                      "order*",
                                      "refund OR (",
                                      "NEAR(order refund)",
                                      "a:b ^order",
                                      "{order}",
                                      "\xff\xfe order",
                                      "order\" AND \"late",
                                      "-order",
                                      "%s%n",
                                      "\n\t"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        first(index, odd[i]);
    char many[6000] = "";
    for (int i = 0; i < 300; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "order refund word%d ", i);
    first(index, many);
    assert_int_equal(first(index, "order late"), 5);
    search_close(index);
    library_free(&library);
}

static void test_limits(void **state)
{
    (void)state;
    struct library library = make_library();
    struct search_index *index = open_memory();
    assert_int_equal(search_build(index, &library), OK);
    struct search_hit hits[2];
    size_t found = 7;
    assert_int_equal(search_query(index, "order", hits, 2, &found), OK);
    assert_int_equal(found, 2);
    assert_int_equal(search_query(index, "order", hits, 0, &found), OK);
    assert_int_equal(found, 0);
    search_close(index);
    library_free(&library);
}

static void test_rebuild_replaces(void **state)
{
    (void)state;
    struct library library = make_library(), empty = {0};
    struct search_index *index = open_memory();
    assert_int_equal(search_build(index, &library), OK);
    assert_int_equal(search_build(index, &library), OK);
    struct search_hit hits[HITS];
    size_t found;
    assert_int_equal(search_query(index, "migration", hits, HITS, &found), OK);
    assert_int_equal(found, 1);
    phrases_free(&library.insights[3].text.when); /* retracted words are gone */
    phrases_free(&library.insights[3].text.act);
    add_split(&library.insights[3].text.when, "the weather is bad");
    assert_int_equal(search_build(index, &library), OK);
    assert_int_equal(first(index, "migration"), UINT32_MAX);
    assert_int_equal(first(index, "weather"), 3);
    assert_int_equal(search_build(index, &empty), OK);
    assert_int_equal(first(index, "order"), UINT32_MAX);
    search_close(index);
    library_free(&library);
}

/* Of those that match alike the wider supported comes first. */
static void test_support_breaks_ties(void **state)
{
    (void)state;
    struct library library = make_library();
    candidate_free(&library.insights[1].text);
    assert_int_equal(candidate_copy(&library.insights[0].text, &library.insights[1].text), OK);
    struct search_index *index = open_memory();
    assert_int_equal(search_build(index, &library), OK);
    assert_int_equal(first(index, "recompute insurance"), 0);
    search_close(index);
    library_free(&library);
}

static void test_file(void **state)
{
    (void)state;
    char path[] = "/tmp/chatham-search-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
    struct why why = {0};
    assert_int_equal(secret_start(4096, &why), OK);
    SCOPED_SECRET struct secret key = {0};
    SCOPED_SECRET struct secret other = {0};
    assert_int_equal(secret_random(&key, 32), OK);
    assert_int_equal(secret_random(&other, 32), OK);
    struct library library = make_library();
    struct search_index *index;
    assert_int_equal(search_open(path, &key, &index, &why), OK);
    assert_int_equal(search_build(index, &library), OK);
    search_close(index);
    assert_int_equal(search_open(path, &key, &index, &why), OK);
    assert_int_equal(first(index, "migration"), 3);
    search_close(index);
    assert_int_equal(search_open(path, &other, &index, &why), ERR_DENIED);
    assert_null(index);
    SCOPED_BUF struct buf raw = {0};
    assert_int_equal(file_read(path, 1u << 24, &raw), OK);
    assert_int_equal(bytes_find(buf_bytes(&raw), bytes_str("migration")), SIZE_MAX);
    unlink(path);
    library_free(&library);
}

static enum status once(const struct library *library)
{
    struct search_index *index;
    struct search_hit hits[HITS];
    size_t found;
    TRY(search_open(NULL, NULL, &index, NULL));
    enum status status = search_build(index, library);
    if (status == OK)
        status = search_query(index, "order refund late", hits, HITS, &found);
    search_close(index);
    return status;
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct library library = make_library();
    EACH_ALLOCATION_FAILS(once(&library));
    library_free(&library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_any_words),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_rebuild_replaces),
        cmocka_unit_test(test_support_breaks_ties),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
