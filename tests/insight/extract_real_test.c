/* On real traces: nothing of the customers and no run of any prompt is in any candidate; and what a reader of the
 * library would expect is. Skips when the data isn't there. */
#include "tests/insight/traces.h"

#include <string.h>

#include "base/file.h"
#include "base/inflate.h"
#include "insight/common.h"
#include "insight/read_json.h"
#include "insight/read_leaves.h"

#define TENANTS 3
#define TRACES_MOST 1500

struct tenant {
    struct trace *traces;
    size_t count;
};
static struct tenant tenants[TENANTS];
static struct redactor *redactor;
static struct buf told; /* all candidates of all tenants, one a line */

static void path_of(const char *name, char out[static 512])
{
    const char *shared = getenv("CHATHAM_SHARED");
    snprintf(out, 512, "%s/data/traces/%s", shared ? shared : "../shared", name);
}

static enum status keep(void *context, struct trace *trace)
{
    size_t *number = context, counts[REDACT_TYPES] = {0};
    size_t hash = 5381;
    for (const char *at = trace->task; *at; at++)
        hash = hash * 33 + (unsigned char)*at;
    struct tenant *tenant = &tenants[hash % TENANTS];
    assert_true(tenant->count < TRACES_MOST);
    (*number)++;
    return trace_scrub(trace, redactor, &tenant->traces[tenant->count++], counts);
}

static void read_all(const char *name, struct buf *content)
{
    char path[512];
    size_t number = 0;
    struct read_report report;
    path_of(name, path);
    assert_int_equal(file_read(path, TRACE_FILE_MAX, content), OK);
    assert_int_equal(traces_read(buf_bytes(content), name, keep, &number, &report, NULL), OK);
    assert_true(number > 0);
}

static void learn_all(void)
{
    struct extractor extractor = extractor_contrast();
    for (size_t t = 0; t < TENANTS; t++) {
        struct candidate_list list = {0};
        struct extract_report report;
        struct extract_options options = {.overlap_tokens = 3, .redactor = redactor};
        assert_int_equal(extractor.extract(NULL, tenants[t].traces, tenants[t].count, &options, &list, &report), OK);
        for (size_t i = 0; i < list.count; i++) {
            enum drop_reason reason;
            for (size_t k = 0; k < tenants[t].count; k += 7)
                assert_int_equal(candidate_check(&list.items[i], &tenants[t].traces[k], &options, &reason), OK);
            assert_int_equal(candidate_render(&list.items[i], &told), OK);
            buf_add_byte(&told, '\n');
            if (list.items[i].outcome == OUTCOME_FAILURE)
                assert_int_equal(list.items[i].act.count, 0);
        }
        candidate_list_free(&list);
    }
}

static int make(void **state)
{
    (void)state;
    static const char *const names[] = {
        "tau-bench/airline.chat.jsonl.gz",       "tau-bench/airline.transcripts.jsonl.gz",
        "tau-bench/retail.transcripts.jsonl.gz", "gsm8k/model_solutions.jsonl.gz",
        "fot-aime25/problem_0005.json",          "fot-aime25/problem_0013.json"};
    char path[512];
    path_of(names[0], path);
    if (!file_exists(path))
        return 0;
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    for (size_t t = 0; t < TENANTS; t++)
        assert_non_null(tenants[t].traces = mem_new(TRACES_MOST, sizeof(struct trace)));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        SCOPED_BUF struct buf content;
        buf_init(&content);
        read_all(names[i], &content);
    }
    buf_init(&told);
    learn_all();
    return 0;
}

static int drop(void **state)
{
    (void)state;
    for (size_t t = 0; t < TENANTS; t++) {
        for (size_t i = 0; i < tenants[t].count; i++)
            trace_free(&tenants[t].traces[i]);
        mem_free(tenants[t].traces);
    }
    redactor_free(redactor);
    buf_free(&told);
    return 0;
}

static void skip_without_data(void)
{
    if (!redactor)
        skip();
}

static bool is_told(const char *words)
{
    return bytes_find(buf_bytes(&told), bytes_str(words)) != SIZE_MAX;
}

/* Values of at least six characters under keys that identify. */
static size_t search_users(const char *name)
{
    SCOPED_BUF struct buf packed, plain;
    char path[512];
    size_t searched = 0;
    struct view users = VIEW_NONE, user = VIEW_NONE;
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    buf_init(&packed);
    buf_init(&plain);
    path_of(name, path);
    assert_int_equal(file_read(path, TRACE_FILE_MAX, &packed), OK);
    assert_int_equal(inflate_gzip(buf_bytes(&packed), TRACE_FILE_MAX, &plain), OK);
    assert_int_equal(view_of(buf_bytes(&plain), &users, NULL), OK);
    view_walk_start(&walk, users);
    while (view_walk_next(&walk, &key, &user)) {
        struct leaf leaves[64];
        size_t count = json_leaves(user, leaves, 64);
        assert_true(key.size == 0 || bytes_find(buf_bytes(&told), key) == SIZE_MAX);
        for (size_t i = 0; i < count; i++) {
            static const char *const telling[] = {"email", "address1", "dob", "zip", ".id"};
            for (size_t k = 0; k < 5; k++)
                if (strstr(leaves[i].path, telling[k]) && leaves[i].value.raw.size >= 5) {
                    assert_true(bytes_find(buf_bytes(&told), leaves[i].value.raw) == SIZE_MAX);
                    searched++;
                }
        }
    }
    return searched;
}

static void no_value_of_a_customer_is_told(void **state)
{
    (void)state;
    skip_without_data();
    assert_true(search_users("tau-bench/airline.users.json.gz") > 1000);
    assert_true(search_users("tau-bench/retail.users.json.gz") > 500);
    assert_false(is_told("<"));
}

/* Content words of a text, each between spaces. */
static void add_content(struct buf *out, const char *text)
{
    struct text_words words = {bytes_str(text), 0};
    struct bytes raw = BYTES_NONE;
    char word[TEXT_WORD_MAX];
    while (text_word(&words, &raw, word))
        if (!common_stop_word(bytes_str(word)))
            buf_addf(out, " %s", word);
    buf_add_str(out, " . ");
}

static const char *skip_word(const char *at)
{
    return at + 1 + strcspn(at + 1, " ");
}

/* By plain search, without the index that the check uses. */
static void no_run_of_a_prompt_is_told(void **state)
{
    (void)state;
    skip_without_data();
    SCOPED_BUF struct buf prompts, lines;
    size_t runs = 0;
    buf_init(&prompts);
    buf_init(&lines);
    const char *last = "";
    for (size_t t = 0; t < TENANTS; t++)
        for (size_t i = 0; i < tenants[t].count; i++) {
            const struct trace *trace = &tenants[t].traces[i];
            if (trace->prompt && strcmp(trace->prompt, last) != 0)
                add_content(&prompts, trace->prompt);
            if (trace->system && prompts.size < (4u << 20))
                add_content(&prompts, trace->system);
            last = trace->prompt ? trace->prompt : last;
        }
    add_content(&lines, buf_text(&told));
    assert_int_equal(buf_status(&prompts), OK);
    for (const char *at = buf_text(&lines); *at == ' ' && at[1]; at = skip_word(at)) {
        const char *end = skip_word(skip_word(skip_word(skip_word(at))));
        struct bytes run = bytes_of(at, (size_t)(end - at) + 1);
        if (*end != ' ')
            break;
        SCOPED_MEM char *words = mem_copy(bytes_of(at + 1, run.size - 2));
        if (!common_phrase(words) && bytes_find(buf_bytes(&prompts), run) != SIZE_MAX)
            fail_msg("told from a prompt: %s", words);
        runs++;
    }
    assert_true(runs > 1000);
}

static void what_a_good_library_says_is_told(void **state)
{
    (void)state;
    skip_without_data();
    static const char *const expected[] = {
        "booking a reservation fails with: payment amount does not add up",
        "recheck the total baggages, nonfree baggages and insurance",
        "updating reservation flights fails with: certificate cannot be used",
        "using a certificate there",
        "order not found, ask whether the number lacks its leading character",
        "user not found and the user gave an e-mail address, ask for the name and postal code instead",
        "is given as half of another, halve the known quantity; then add the given amount to the result",
        "When a polynomial can be factored",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!is_told(expected[i]))
            fail_msg("not told: %s", expected[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_value_of_a_customer_is_told),
                                       cmocka_unit_test(no_run_of_a_prompt_is_told),
                                       cmocka_unit_test(what_a_good_library_says_is_told)};
    return cmocka_run_group_tests(tests, make, drop);
}
