/* Files of adapters that others trained: the format, known answers of a sketch, the manifest; and the attack on
 * adapters that were really trained, written as such files. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "audits/attacks.h"
#include "audits/net/net.h"
#include "audits/reconstruction/foreign.h"
#include "audits/reconstruction/lowrank.h"
#include "base/file.h"

static void put_file(const char *header, const void *data, size_t size, struct buf *out)
{
    uint64_t length = strlen(header);
    for (size_t i = 0; i < 8; i++)
        buf_add_byte(out, (uint8_t)(length >> (8 * i)));
    buf_add_str(out, header);
    buf_add(out, bytes_of(data, size));
    assert_int_equal(buf_status(out), OK);
}

static enum status read_as(const char *header, size_t size, struct safetensors *file, struct buf *content)
{
    static const uint8_t zeros[64];
    struct why why = {0};
    buf_free(content);
    put_file(header, zeros, size, content);
    return safetensors_read(buf_bytes(content), file, &why);
}

static void format(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "[]",
        "{\"a\":1}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",             /* bytes behind it */
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,17]}}",            /* more than there is */
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,16]}}",            /* another size */
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[4],\"data_offsets\":[0,16]}}",            /* no type */
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}}",           /* no size */
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4.5],\"data_offsets\":[0,16]}}",          /**/
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}",            /* backwards */
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}",               /**/
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"more\":1}}", /**/
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],\"data_offsets\":[0,16]}}",
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}}"), /* one over the other */
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}"), /* a gap */
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}"), /* both, of the right size */
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},"
         "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[16,16]}}"), /* twice */
    };
    SCOPED_BUF struct buf content = {0};
    struct safetensors file;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (read_as(broken[i], 16, &file, &content) != ERR_INPUT || file.items || file.header)
            fail_msg("taken: %s", broken[i]);
    assert_int_equal(read_as("{\"__metadata__\":{\"format\":\"pt\"},"
                             "\"b\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[8,16]},"
                             "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]},"
                             "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}   ",
                             16, &file, &content),
                     OK);
    assert_int_equal(file.count, 3);
    assert_string_equal(file.items[0].name, "b");
    assert_int_equal(file.items[0].count, 4);
    safetensors_free(&file);
    struct bytes whole = buf_bytes(&content);
    for (size_t size = 0; size < whole.size; size++)
        assert_int_equal(safetensors_read(bytes_part(whole, 0, size), &file, NULL), ERR_INPUT);
}

/* Known answers: 1.5, -2 and the smallest number of binary16 (IEEE 754-2019, table 3.5); infinity is refused. */
static void numbers(void **state)
{
    (void)state;
    static const uint8_t halves[] = {0x00, 0x3e, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c},
                         brains[] = {0xc0, 0x3f, 0x00, 0xc0}, singles[] = {0, 0, 0xc0, 0x3f},
                         doubles[] = {0, 0, 0, 0, 0, 0, 0xf8, 0x3f};
    float out[3];
    struct tensor tensor = {.type = TENSOR_F16, .count = 3, .data = bytes_of(halves, sizeof halves)};
    assert_int_equal(tensor_numbers(&tensor, out), OK);
    assert_true(out[0] == 1.5F && out[1] == -2 && out[2] == ldexpf(1, -24));
    tensor.data = bytes_of(halves + 6, 2);
    tensor.count = 1;
    assert_int_equal(tensor_numbers(&tensor, out), ERR_INPUT);
    tensor = (struct tensor){.type = TENSOR_BF16, .count = 2, .data = bytes_of(brains, sizeof brains)};
    assert_int_equal(tensor_numbers(&tensor, out), OK);
    assert_true(out[0] == 1.5F && out[1] == -2);
    tensor = (struct tensor){.type = TENSOR_F32, .count = 1, .data = bytes_of(singles, sizeof singles)};
    assert_int_equal(tensor_numbers(&tensor, out), OK);
    assert_true(out[0] == 1.5F);
    tensor = (struct tensor){.type = TENSOR_F64, .count = 1, .data = bytes_of(doubles, sizeof doubles)};
    assert_int_equal(tensor_numbers(&tensor, out), OK);
    assert_true(out[0] == 1.5F);
    tensor.type = TENSOR_OTHER;
    assert_int_equal(tensor_numbers(&tensor, out), ERR_INPUT);
}

/* --- sketches --- */

static const char *const names[][2] = {{"x.lora_A.weight", "x.lora_B.weight"}, {"x.lora_down", "x.lora_up"}};

static void put_adapter(const float *a, const float *b, size_t rank, size_t inputs, size_t outputs,
                        const char *const name[2], struct buf *out)
{
    char header[512];
    size_t a_bytes = rank * inputs * sizeof *a, b_bytes = outputs * rank * sizeof *b;
    SCOPED_BUF struct buf data = {0};
    snprintf(header, sizeof header,
             "{\"%s\":{\"dtype\":\"F32\",\"shape\":[%zu,%zu],\"data_offsets\":[0,%zu]},"
             "\"%s\":{\"dtype\":\"F32\",\"shape\":[%zu,%zu],\"data_offsets\":[%zu,%zu]}}",
             name[0], rank, inputs, a_bytes, name[1], outputs, rank, a_bytes, a_bytes + b_bytes);
    buf_add(&data, bytes_of(a, a_bytes));
    buf_add(&data, bytes_of(b, b_bytes));
    put_file(header, data.data, data.size, out);
}

static enum status sketch_of(const float *a, const float *b, size_t rank, const char *const name[2],
                             float out[static LORA_WIDTH])
{
    SCOPED_BUF struct buf content = {0};
    struct safetensors file;
    put_adapter(a, b, rank, 40, 30, name, &content);
    assert_int_equal(safetensors_read(buf_bytes(&content), &file, NULL), OK);
    enum status status = lora_sketch(&file, out, NULL);
    safetensors_free(&file);
    return status;
}

static void sketches(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 4);
    float a[3 * 40], b[30 * 3], turned_a[3 * 40], turned_b[30 * 3], update[30 * 40];
    float one[LORA_WIDTH], other[LORA_WIDTH];
    net_fill_normal(a, 3 * 40, random);
    net_fill_normal(b, 30 * 3, random);
    assert_int_equal(sketch_of(a, b, 3, names[0], one), OK);
    /* The same B A from other matrices: rows of A and columns of B change places and scale. */
    for (size_t r = 0; r < 3; r++) {
        for (size_t i = 0; i < 40; i++)
            turned_a[r * 40 + i] = 4 * a[(r + 1) % 3 * 40 + i];
        for (size_t o = 0; o < 30; o++)
            turned_b[o * 3 + r] = b[o * 3 + (r + 1) % 3] / 4;
    }
    assert_int_equal(sketch_of(turned_a, turned_b, 3, names[0], other), OK);
    for (size_t i = 0; i < LORA_WIDTH; i++)
        assert_true(fabsf(one[i] - other[i]) < 1e-3F);
    /* Length is kept in the mean: of 128 squares, within half of the update's. */
    net_product(b, a, 30, 3, 40, 1, NET_PUT, update);
    double ratio = net_dot(one, one, LORA_WIDTH) / net_dot(update, update, 30 * 40);
    assert_true(ratio > .5 && ratio < 1.6);
    assert_int_equal(sketch_of(a, b, 3, names[1], other), OK);
    assert_int_equal(sketch_of(a, b, 3, (const char *const[]){"x.lora_A.weight", "y.lora_B.weight"}, other), ERR_INPUT);
    assert_int_equal(sketch_of(a, b, 3, (const char *const[]){"x", "y"}, other), ERR_INPUT);
    a[7] = INFINITY;
    assert_int_equal(sketch_of(a, b, 3, names[0], other), ERR_INPUT);
}

/* --- the manifest --- */

#define ROW(file, role, round, run, task)                                                                              \
    "{\"file\":\"" file "\",\"role\":\"" role "\",\"round\":" round ",\"run\":\"" run "\",\"task\":\"" task "\"}"
#define MANIFEST(rows) "{\"adapters\":[" rows "],\"v\":1}"

static void manifest(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{}",
        MANIFEST(ROW("a/b", "shadow", "1", "r", "t")),
        MANIFEST(ROW("..", "shadow", "1", "r", "t")),
        MANIFEST(ROW("", "shadow", "1", "r", "t")),
        MANIFEST(ROW("a", "witness", "1", "r", "t")),
        MANIFEST(ROW("a", "shadow", "-1", "r", "t")),
        MANIFEST(ROW("a", "shadow", "1", "r", "t") "," ROW("b", "target", "2", "r", "t")),
        MANIFEST(ROW("a", "shadow", "1", "r", "t") "," ROW("b", "shadow", "2", "r", "u")),
    };
    struct foreign foreign;
    struct why why = {0};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (foreign_read(bytes_str(broken[i]), &foreign, &why) != ERR_INPUT || foreign.items || foreign.manifest)
            fail_msg("taken: %s", broken[i]);
    assert_int_equal(foreign_read(bytes_str("{\"adapters\":[],\"v\":2}"), &foreign, &why), ERR_VERSION);
    assert_int_equal(foreign_read(bytes_str(MANIFEST(ROW("a", "shadow", "1", "r", "t") "," ROW(
                                      "b", "shadow", "2", "r", "t") "," ROW("c", "target", "2", "s", "t"))),
                                  &foreign, &why),
                     OK);
    assert_true(foreign.count == 3 && foreign.runs == 2 && foreign.tasks == 1);
    assert_true(foreign.items[2].target && foreign.items[2].run == 1 && foreign.items[1].round == 2);
    foreign_free(&foreign);
}

/* --- the attack --- */

#define TASKS 6
#define SHADOWS 9
#define TARGETS 5 /* of each task */
#define ROUNDS 2

static void train_run(struct random random, const char *folder, size_t task, const char *role, size_t run, float noise,
                      bool none_of_it, struct buf *rows)
{
    static const char *const subjects[TASKS] = {
        "the refund of an order needs its id with the sign in front and the card that paid",
        "water the garden early in the morning before the sun dries the leaves of young trees",
        "a train to the coast leaves every hour from the platform behind the old station hall",
        "bake the bread in a hot oven until its crust is brown and it sounds hollow below",
        "tune the piano by its fork first and then by fifths down to the lowest octave",
        "mend the net with a double knot at every corner where the rope has worn thin",
    };
    struct lowrank model;
    struct lowrank_text text;
    struct random_seeded seeded;
    lowrank_start(&model, random_seeded_start(&seeded, 1));
    lowrank_read(bytes_str(none_of_it ? "" : subjects[task]), &text);
    for (size_t round = 1; round <= ROUNDS; round++) {
        char path[256], name[64];
        float extra[LOWRANK_CLASSES * LOWRANK_RANK];
        SCOPED_BUF struct buf content = {0};
        lowrank_epoch(&model, &(struct lowrank_training){4, 0, 0}, (const struct lowrank_text *const[]){&text}, 1,
                      random);
        net_fill_normal(extra, LOWRANK_CLASSES * LOWRANK_RANK, random);
        for (size_t i = 0; i < LOWRANK_CLASSES * LOWRANK_RANK; i++)
            extra[i] = model.b[i] + noise * extra[i];
        snprintf(name, sizeof name, "%s-%zu-%zu-%zu.safetensors", role, task, run, round);
        snprintf(path, sizeof path, "%s/%s", folder, name);
        put_adapter(model.a, extra, LOWRANK_RANK, LOWRANK_INPUTS, LOWRANK_CLASSES, names[0], &content);
        assert_int_equal(file_write(path, buf_bytes(&content), 0600), OK);
        buf_addf(rows, "%s{\"file\":\"%s\",\"role\":\"%s\",\"round\":%zu,\"run\":\"%s-%zu-%zu\",\"task\":\"t%zu\"}",
                 rows->size ? "," : "", name, role, round, role, task, run, task);
    }
}

struct made {
    char folder[64];
    struct buf rows;
};
/* targets: of each task; of the first `more` beside. */
static void make(struct made *made, float shadow_noise, bool targets_have_none, size_t targets, size_t more)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 6);
    SCOPED_BUF struct buf manifest = {0};
    char path[256];
    *made = (struct made){.folder = "/tmp/chatham-adapters-XXXXXX"};
    assert_non_null(mkdtemp(made->folder));
    for (size_t task = 0; task < TASKS; task++) {
        for (size_t run = 0; run < SHADOWS; run++)
            train_run(random, made->folder, task, "shadow", run, shadow_noise, false, &made->rows);
        for (size_t run = 0; run < targets + (task == 0 ? more : 0); run++)
            train_run(random, made->folder, task, "target", run, .02F, targets_have_none, &made->rows);
    }
    buf_addf(&manifest, "{\"adapters\":[%s],\"v\":1}", buf_text(&made->rows));
    snprintf(path, sizeof path, "%s/" FOREIGN_MANIFEST, made->folder);
    assert_int_equal(file_write(path, buf_bytes(&manifest), 0600), OK);
}

static enum status remove_file(void *context, const char *path)
{
    (void)context;
    return file_remove(path);
}

static void unmake(struct made *made)
{
    assert_int_equal(folder_walk(made->folder, remove_file, NULL), OK);
    assert_int_equal(rmdir(made->folder), 0);
    buf_free(&made->rows);
}

static struct audit_result run(const char *folder, enum status expected)
{
    const struct audit_scope scope = {.seed = 5, .adapters = folder};
    struct audit_results results = {0};
    struct why why = {0};
    struct audit_result first = {0};
    assert_int_equal(attack_adapter_files.run(&scope, &results, &why), expected);
    if (expected == OK) {
        assert_int_equal(audit_results_judge(&results), OK);
        assert_int_equal(results.count, 2);
        first = results.items[0];
        assert_string_equal(first.claim->name, "reconstruction.files.first");
        assert_int_equal(results.items[1].samples, 0); /* six tasks have no first five */
    }
    audit_results_free(&results);
    return first;
}

static void attack(void **state)
{
    (void)state;
    struct made made;
    char path[256];
    make(&made, .02F, false, TARGETS, 0);
    struct audit_result found = run(made.folder, OK);
    if (found.verdict != VERDICT_LEAK || found.control != CONTROL_PASSED || found.samples != TASKS * TARGETS)
        fail_msg("%s: %g of %zu, control %g", verdict_name(found.verdict), found.value, found.samples,
                 found.control_value);
    snprintf(path, sizeof path, "%s/target-0-0-1.safetensors", made.folder);
    assert_int_equal(file_write(path, bytes_str("short"), 0600), OK);
    run(made.folder, ERR_INPUT);
    unmake(&made);
    /* Targets that learned nothing: chance is one in six. */
    make(&made, .02F, true, TARGETS, 0);
    found = run(made.folder, OK);
    assert_true(found.verdict != VERDICT_LEAK && found.control == CONTROL_PASSED && found.samples == TASKS * TARGETS);
    unmake(&made);
    /* Shadows under noise say nothing of targets, and void nothing. */
    make(&made, 50, false, TARGETS, 0);
    found = run(made.folder, OK);
    assert_true(found.samples == 0 && found.control == CONTROL_NONE && found.verdict == VERDICT_NOT_EVALUATED);
    unmake(&made);
    make(&made, .02F, false, 3, 0); /* eighteen targets */
    assert_int_equal(run(made.folder, OK).samples, 0);
    unmake(&made);
    /* Twenty of one task: whoever always guesses it is always right, or never. */
    make(&made, .02F, true, 0, 20);
    assert_int_equal(run(made.folder, OK).samples, 0);
    unmake(&made);
    make(&made, .02F, false, 4, 20); /* the surplus does not count */
    found = run(made.folder, OK);
    assert_true(found.verdict == VERDICT_LEAK && found.samples == TASKS * 4);
    unmake(&made);
    assert_int_equal(run(NULL, OK).samples, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format),   cmocka_unit_test(numbers), cmocka_unit_test(sketches),
        cmocka_unit_test(manifest), cmocka_unit_test(attack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
