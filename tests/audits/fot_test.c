/* FoT's files: the known answer on the real ones, what a file of others' making can be, and a book that quotes. */
#include "tests/audits/traces.h"

#include <math.h>
#include <unistd.h>

#include "audits/overlap/fot_read.h"
#include "base/file.h"
#include "tests/insight/fot_overlap.h"

static const struct audit_result *run(const char *folder, struct audit_results *results, const char *name)
{
    struct audit_scope scope = {.seed = 1, .k = 2, .reference = folder};
    *results = (struct audit_results){0};
    assert_int_equal(attack_fot.run(&scope, results, NULL), OK);
    return traces_result(results, name);
}

/* 10 of 2,269 runs of four in the own book, 32 of 58,994 = 26 * 2,269 in the others'. */
static void known_answer(void **state)
{
    (void)state;
    char folder[4096];
    struct audit_results results;
    assert_int_equal(path_join(folder, sizeof folder, shared_folder(), "data/traces/fot-aime25"), OK);
    if (!file_exists(folder)) {
        print_message("fot-aime25 is not there: skipped\n");
        skip();
    }
    const struct audit_result *books = run(folder, &results, "fot.books");
    assert_int_equal(books->samples, 2269);
    assert_true(books->value == 10. / 2269);
    assert_true(fabs(books->baseline - 32. / 58994) < 1e-15);
    assert_int_equal(books->control, CONTROL_PASSED);
    const struct audit_result *ours = traces_result(&results, "fot.ours.contribution");
    assert_int_equal(ours->samples, 2269);
    assert_true(ours->value <= books->value);
    assert_int_equal(ours->verdict, VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
}

static void write_task(const char *folder, int number, bool quotes)
{
    char problem[128], path[256];
    SCOPED_BUF struct buf text = {0};
    snprintf(problem, sizeof problem, "find case%d alpha%d beta%d gamma%d delta%d", number, number, number, number,
             number);
    snprintf(path, sizeof path, "%s/problem_%04d.json", folder, number);
    buf_addf(&text,
             "{\"problem\":\"%s\",\"behavior_book\":{\"skill_a\":\"When to use: %s. Step-by-step: 1) look at it "
             "2) and again. Key insights: none.\"}}",
             problem, quotes ? problem : "When it is needed");
    assert_int_equal(file_write(path, buf_bytes(&text), 0600), OK);
}

static void forget(const char *folder, int count)
{
    char path[256];
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/problem_%04d.json", folder, i);
        unlink(path);
    }
    rmdir(folder);
}

/* Books that quote their problems are a leak; others are none; without a folder, or with too little in it, nothing is
 * said. */
static void verdicts(void **state)
{
    (void)state;
    char folder[] = "/tmp/chatham-fot-XXXXXX";
    struct audit_results results;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(run(NULL, &results, "fot.books")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    assert_int_equal(run(folder, &results, "fot.books")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    for (int i = 0; i < 6; i++)
        write_task(folder, i, false);
    assert_int_equal(run(folder, &results, "fot.books")->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(traces_result(&results, "fot.library")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    for (int i = 0; i < 6; i++)
        write_task(folder, i, true);
    const struct audit_result *books = run(folder, &results, "fot.books");
    assert_int_equal(books->verdict, VERDICT_LEAK);
    assert_true(books->value == 1 && books->baseline == 0);
    assert_true(traces_result(&results, "fot.ours.contribution")->value == 0); /* ours of the same don't */
    audit_results_free(&results);
    forget(folder, 6);
}

/* Empty books: nothing is learnt of them and nothing sent, and that is no pass. */
static void nothing_sent(void **state)
{
    (void)state;
    char folder[] = "/tmp/chatham-fot-XXXXXX", path[256];
    struct audit_results results;
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 6; i++) {
        SCOPED_BUF struct buf text = {0};
        snprintf(path, sizeof path, "%s/problem_%04d.json", folder, i);
        buf_addf(&text, "{\"problem\":\"find case%d alpha%d beta%d gamma%d\",\"behavior_book\":{}}", i, i, i, i);
        assert_int_equal(file_write(path, buf_bytes(&text), 0600), OK);
    }
    const struct audit_result *ours = run(folder, &results, "fot.ours.contribution");
    assert_int_equal(ours->verdict, VERDICT_NOT_EVALUATED);
    assert_non_null(strstr(ours->note, "nothing was sent"));
    assert_int_equal(traces_result(&results, "fot.ours.release")->verdict, VERDICT_NOT_EVALUATED);
    audit_results_free(&results);
    forget(folder, 6);
}

/* What is damaged is counted, and what cannot be read is told from what is not there. */
static void what_is_left_out_is_said(void **state)
{
    (void)state;
    char folder[] = "/tmp/chatham-fot-XXXXXX", path[64];
    struct audit_results results;
    assert_non_null(mkdtemp(folder));
    assert_string_equal(run(folder, &results, "fot.books")->note,
                        "the folder given by --reference has no problem_*.json of FoT's");
    audit_results_free(&results);
    for (int i = 0; i < 6; i++)
        write_task(folder, i, false);
    snprintf(path, sizeof path, "%s/problem_0005.json", folder);
    assert_int_equal(file_write(path, bytes_str("{\"problem\":"), 0600), OK);
    assert_string_equal(run(folder, &results, "fot.books")->note,
                        "not all of it: 1 files named problem_*.json are none of FoT's and were left out");
    audit_results_free(&results);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("nowhere", path), 0);
    assert_string_equal(run(folder, &results, "fot.books")->note,
                        "a file in the folder given by --reference cannot be read");
    audit_results_free(&results);
    forget(folder, 6);
}

static void parsing(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       "{",
                                       "[]",
                                       "{\"problem\":\"x\"}",
                                       "{\"problem\":1,\"behavior_book\":{}}",
                                       "{\"problem\":\"x\",\"behavior_book\":[]}",
                                       "\"x\"",
                                       "{\"behavior_book\":{}}"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        SCOPED_BUF struct buf problem = {0};
        SCOPED_BUF struct buf book = {0};
        assert_int_equal(fot_parse(bytes_str(none[i]), &problem, &book), ERR_INPUT);
    }
    SCOPED_BUF struct buf problem = {0};
    SCOPED_BUF struct buf book = {0};
    assert_int_equal(fot_parse(bytes_str("{\"problem\":\"a\\nb\",\"behavior_book\":{\"skill_x\":\"c\",\"skill_y\":3}}"),
                               &problem, &book),
                     OK);
    assert_true(bytes_is(buf_bytes(&problem), "a\nb"));
    assert_true(bytes_is(buf_bytes(&book), "behavior_book:\nskill_x: c\nskill_y: 3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answer), cmocka_unit_test(verdicts),
        cmocka_unit_test(nothing_sent), cmocka_unit_test(what_is_left_out_is_said),
        cmocka_unit_test(parsing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
