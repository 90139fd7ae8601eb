/* Planting: whatever the format a file stays what it was, probes apart, and the search that looks for them finds them.
 */
#include "tests/audits/traces.h"

#include "audits/overlap/plant.h"
#include "base/inflate.h"
#include "insight/common.h"
#include "insight/overlap.h"
#include "insight/reader.h"
#include "insight/words.h"

static size_t places(struct bytes text, struct bytes what)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size;) {
        size_t found = bytes_find(bytes_part(text, at, text.size), what);
        if (found == SIZE_MAX)
            break;
        count++;
        at += found + 1;
    }
    return count;
}

static enum status count_trace(void *context, struct trace *trace)
{
    (void)trace;
    ++*(size_t *)context;
    return OK;
}

/* Without its probes a planted file is the old one, and readers see as many traces in it. */
static void files_stay(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct plants plants;
    struct random_seeded seeded;
    traces_scope(&scope);
    assert_int_equal(plants_make(&scope, PLANT_UNUSUAL, random_seeded_start(&seeded, 3), &plants), OK);
    assert_int_equal(plants.scope.tenant_count, scope.tenant_count);
    assert_true(plants.count >= 3);
    size_t more = 0, was = 0, is = 0;
    for (size_t t = 0; t < scope.tenant_count; t++) {
        struct read_report report;
        const struct buf *before = &scope.tenants[t].files[0], *after = &plants.scope.tenants[t].files[0];
        more += after->size - before->size;
        assert_int_equal(traces_read(buf_bytes(before), "f", count_trace, &was, &report, NULL), OK);
        assert_int_equal(traces_read(buf_bytes(after), "f", count_trace, &is, &report, NULL), OK);
        assert_int_equal(report.skipped, 0);
    }
    assert_int_equal(was, is);
    for (size_t i = 0; i < plants.count; i++) {
        size_t found = 0;
        more -= plants.probes[i].size + 1;
        for (size_t t = 0; t < scope.tenant_count; t++)
            found += places(buf_bytes(&plants.scope.tenants[t].files[0]), buf_bytes(&plants.probes[i]));
        assert_int_equal(found, 1);
    }
    assert_int_equal(more, 0);
    plants_free(&plants);
    audit_scope_free(&scope);
}

/* Numbers, names and short words: no prose, no probe, no change. */
static void no_prose(void **state)
{
    (void)state;
    struct audit_scope scope = {.k = 2};
    struct plants plants;
    struct random_seeded seeded;
    struct audit_results results = {0};
    static const char text[] = "{\"a\": [1, 2, \"Of It To\", \"X9 7b\"]} ab cd";
    assert_int_equal(audit_scope_tenant(&scope, "one"), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "f", bytes_str(text)), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "empty", BYTES_NONE), OK);
    assert_int_equal(plants_make(&scope, PLANT_UNUSUAL, random_seeded_start(&seeded, 3), &plants), OK);
    assert_int_equal(plants.count, 0);
    assert_true(bytes_is(buf_bytes(&plants.scope.tenants[0].files[0]), text));
    plants_free(&plants);
    assert_int_equal(attack_planted.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "planted.release")->samples, 0);
    assert_int_equal(traces_result(&results, "planted.release")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* What stood there before is not looked for; where nothing is shared nothing is searched. */
static void searching(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct plants plants;
    struct random_seeded seeded;
    struct plants_found found;
    SCOPED_BUF struct buf there = {0}, text = {0};
    traces_scope(&scope);
    assert_int_equal(plants_make(&scope, PLANT_UNUSUAL, random_seeded_start(&seeded, 3), &plants), OK);
    assert_true(plants.count >= 3);
    buf_addf(&text, "Somebody said: %s. And: %s!", buf_text(&plants.probes[0]), buf_text(&plants.probes[1]));
    assert_int_equal(plants_find(&plants, BYTES_NONE, buf_bytes(&text), &found), OK);
    assert_true(found.there == 0 && found.found == 2 && found.searched == plants.count);
    buf_addf(&there, "It was written that %s", buf_text(&plants.probes[0]));
    assert_int_equal(plants_find(&plants, buf_bytes(&there), buf_bytes(&text), &found), OK);
    assert_true(found.there == 1 && found.found == 1 && found.searched == plants.count - 1);
    assert_int_equal(plants_find(&plants, buf_bytes(&there), BYTES_NONE, &found), OK);
    assert_true(found.there == 0 && found.found == 0 && found.searched == 0);
    plants_free(&plants);
    audit_scope_free(&scope);
}

/* Prose that no agent left: nothing is learnt of it, nothing sent, and that is no pass. */
static void nothing_shared(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1, .k = 2};
    struct audit_results results = {0};
    SCOPED_BUF struct buf prose = {0};
    for (int i = 0; i < 1500; i++)
        buf_add_str(&prose, "some words that are long enough for one sentence ");
    assert_int_equal(audit_scope_tenant(&scope, "one"), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "f", buf_bytes(&prose)), OK);
    assert_int_equal(attack_planted.run(&scope, &results, NULL), OK);
    for (size_t i = 0; i < results.count; i++) {
        assert_int_equal(results.items[i].samples, 0);
        assert_int_equal(results.items[i].verdict, VERDICT_NOT_EVALUATED);
    }
    assert_true(results.count > 0 && strstr(traces_result(&results, "planted.release")->note, "nothing was released"));
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* A compressed file is planted uncompressed; a damaged one is left out, as readers leave it out. */
static void compressed(void **state)
{
    (void)state;
    struct audit_scope scope = {.k = 2};
    struct plants plants;
    struct random_seeded seeded;
    SCOPED_BUF struct buf packed = {0};
    static const char text[] = "some words that are long enough for one sentence to be planted between two of them";
    assert_int_equal(deflate_gzip(bytes_str(text), &packed), OK);
    assert_int_equal(audit_scope_tenant(&scope, "one"), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "f.gz", buf_bytes(&packed)), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "bad.gz", bytes_str("\x1f\x8b\x08 and so on to the end")), OK);
    assert_int_equal(plants_make(&scope, PLANT_UNUSUAL, random_seeded_start(&seeded, 3), &plants), OK);
    assert_int_equal(plants.count, 1);
    const struct buf *planted = &plants.scope.tenants[0].files[0];
    assert_int_equal(planted->size, strlen(text) + 1 + plants.probes[0].size);
    assert_true(bytes_find(buf_bytes(planted), buf_bytes(&plants.probes[0])) != SIZE_MAX);
    assert_int_equal(plants.scope.tenants[0].files[1].size, 0);
    plants_free(&plants);
    audit_scope_free(&scope);
}

/* Common words are known to the public vocabulary, unusual ones are not. */
static void vocabularies(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 8);
    traces_scope(&scope);
    double unknown = word_weight("xyzzyplugh");
    for (int kind = 0; kind < PLANT_KINDS; kind++)
        for (int round = 0; round < 20; round++) {
            struct plants plants;
            assert_int_equal(plants_make(&scope, (enum plant_words)kind, random, &plants), OK);
            for (size_t i = 0; i < plants.count; i++) {
                struct words words;
                words_start(&words, buf_bytes(&plants.probes[i]));
                while (words_next(&words)) {
                    bool known = word_weight(words.word) < unknown || common_word(bytes_str(words.word));
                    if (known != (kind != PLANT_UNUSUAL))
                        fail_msg("%s", words.word);
                }
            }
            plants_free(&plants);
        }
    audit_scope_free(&scope);
}

/* Probes land behind errors about every other time. */
static void behind_errors(void **state)
{
    (void)state;
    struct audit_scope scope = {.k = 2};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    static const char text[] =
        "some words that come before and are many more than those which are behind it, for there "
        "are a good many of them here and there. Error: this order was not found";
    size_t behind = 0, after = bytes_find(bytes_str(text), bytes_str("Error"));
    assert_int_equal(audit_scope_tenant(&scope, "one"), OK);
    assert_int_equal(audit_scope_file(&scope, 0, "f", bytes_str(text)), OK);
    for (int i = 0; i < 200; i++) {
        struct plants plants;
        assert_int_equal(plants_make(&scope, PLANT_UNUSUAL, random, &plants), OK);
        assert_int_equal(plants.count, 1);
        struct overlap_text *probe = NULL;
        assert_int_equal(overlap_text_new(buf_bytes(&plants.probes[0]), &probe), OK);
        assert_int_equal(overlap_tokens(probe), PLANT_WORDS);
        overlap_text_free(probe);
        behind += bytes_find(buf_bytes(&plants.scope.tenants[0].files[0]), buf_bytes(&plants.probes[0])) > after;
        plants_free(&plants);
    }
    assert_true(behind > 90 && behind < 150); /* half, and a share of the other half */
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searching),     cmocka_unit_test(nothing_shared), cmocka_unit_test(files_stay),
        cmocka_unit_test(no_prose),      cmocka_unit_test(compressed),     cmocka_unit_test(vocabularies),
        cmocka_unit_test(behind_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
