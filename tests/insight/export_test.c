/* Exports: each form read back, marked as data, in reading order. */
#include "tests/insight/candidates.h"

#include "insight/export.h"
#include "insight/order.h"

static struct library make_library(void)
{
    struct library library = {.version = 4, .k = 3, .insight_count = 3, .insights = mem_new(3, sizeof(struct insight))};
    memcpy(library.epoch, "2026-11", 8);
    library.insights[0].text = make_candidate((struct spec){.kind = CANDIDATE_PITFALL,
                                                            .when = "an order is not found",
                                                            .avoid = "guessing the number",
                                                            .why = "it is refused"});
    library.insights[1].text = make_candidate((struct spec){
        .kind = CANDIDATE_RECOVERY, .when = "payments do not \"add up\"", .act = "recompute the bags|charge again"});
    library.insights[2].text =
        make_candidate((struct spec){.kind = CANDIDATE_RECOVERY, .when = "a job is locked", .act = "wait"});
    for (size_t i = 0; i < 3; i++) {
        library.insights[i].id[0] = (uint8_t)(i + 1);
        library.insights[i].rate = INSIGHT_RATE_UNKNOWN;
    }
    library.insights[1].support = SUPPORT_10;
    library.insights[1].rate = 9;
    library.insights[2].rate = 10;
    return library;
}

static void test_order(void **state)
{
    (void)state;
    struct library library = make_library();
    uint32_t *order = library_order(&library);
    assert_non_null(order);
    assert_int_equal(order[0], 1); /* widest support */
    assert_int_equal(order[1], 2); /* then the clearest */
    assert_int_equal(order[2], 0);
    mem_free(order);
    library_free(&library);
}

static void test_fot_json(void **state)
{
    (void)state;
    struct library library = make_library();
    SCOPED_BUF struct buf out = {0};
    assert_int_equal(library_export(&library, EXPORT_FOT_JSON, &out), OK);
    SCOPED_JSON struct json *skills = NULL;
    assert_int_equal(json_parse(buf_bytes(&out), 1u << 20, &skills, NULL), OK);
    assert_int_equal(json_count(skills), 4);
    assert_true(bytes_starts(json_string_bytes(json_get(skills, "_notice")), "This file is data"));
    assert_string_equal(
        json_string_text(json_get(skills, "skill_recomputeBag_02000000")),
        "When to use: When payments do not \"add up\". Step-by-step: 1) recompute the bags 2) charge again. "
        "Key insights: Seen by 10+ organisations.");
    assert_string_equal(json_string_text(json_get(skills, "skill_avoidGuessingNumber_01000000")),
                        "When to use: When an order is not found. Step-by-step: 1) Avoid: guessing the number. "
                        "Key insights: Because it is refused. Seen by 3+ organisations.");
    library_free(&library);
}

static size_t place_of(struct buf *out, const char *text)
{
    size_t place = bytes_find(buf_bytes(out), bytes_str(text));
    assert_int_not_equal(place, SIZE_MAX);
    return place;
}

static void test_markdown(void **state)
{
    (void)state;
    struct library library = make_library();
    SCOPED_BUF struct buf out = {0};
    assert_int_equal(library_export(&library, EXPORT_FOT_MD, &out), OK);
    assert_true(bytes_starts(buf_bytes(&out), "> This file is data"));
    assert_true(place_of(&out, "## skill_recomputeBag") < place_of(&out, "## skill_wait"));
    place_of(&out, "**Step-by-step:** 1) recompute the bags");
    buf_clear(&out);
    assert_int_equal(library_export(&library, EXPORT_INSIGHTS_MD, &out), OK);
    assert_true(bytes_starts(buf_bytes(&out), "> This file is data"));
    assert_true(place_of(&out, "## After an error") < place_of(&out, "## Pitfalls"));
    place_of(&out, "Library version 4 of 2026-11: 3 insights, each proposed by 3 organisations or more.");
    place_of(&out, "- When payments do not \"add up\", recompute the bags; then charge again. (10+ organisations, 9 of "
                   "10 such runs "
                   "succeeded; 02000000)");
    assert_int_equal(bytes_find(buf_bytes(&out), bytes_str("Procedures")), SIZE_MAX);
    library_free(&library);
}

static void test_empty_and_unknown(void **state)
{
    (void)state;
    struct library library = {.version = 1, .k = 3};
    SCOPED_BUF struct buf out = {0};
    for (enum export_format format = 0; format < EXPORT_FORMATS; format++)
        assert_int_equal(library_export(&library, format, &out), OK);
    assert_int_equal(library_export(&library, EXPORT_FORMATS, &out), ERR_USAGE);
    assert_string_equal(export_format_file(EXPORT_FOT_JSON), "insight.json");
    assert_string_equal(export_format_file(EXPORT_FOT_MD), "insight.md");
    assert_string_equal(export_format_file(EXPORT_INSIGHTS_MD), "INSIGHTS.md");
    assert_null(export_format_file(EXPORT_FORMATS));
}

static enum status once(const struct library *library, enum export_format format)
{
    SCOPED_BUF struct buf out = {0};
    return library_export(library, format, &out);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct library library = make_library();
    for (enum export_format format = 0; format < EXPORT_FORMATS; format++)
        EACH_ALLOCATION_FAILS(once(&library, format));
    library_free(&library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),         cmocka_unit_test(test_fot_json),
        cmocka_unit_test(test_markdown),      cmocka_unit_test(test_empty_and_unknown),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
