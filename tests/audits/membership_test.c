/* The parts of the attack on membership: signals that can be counted by hand, canaries that begin like others and end
 * alone, and an attacker who finds what was planted in worlds and nothing where nothing was. */
#include "tests/audits/membership.h"

/* --- signals --- */

static struct candidate candidate_of(const char *when, const char *act)
{
    struct candidate candidate = {.kind = CANDIDATE_RECOVERY};
    assert_int_equal(phrases_add(&candidate.when, when), OK);
    assert_int_equal(phrases_add(&candidate.act, act), OK);
    return candidate;
}

static void read_signals(struct insight *insights, size_t count, const struct target *target,
                         double out[static SIGNALS])
{
    const struct library library = {.insight_count = count, .insights = insights};
    struct reading *reading = NULL;
    assert_int_equal(reading_new(&library, &reading), OK);
    reading_signals(reading, target, out);
    reading_free(reading);
}

static void signals(void **state)
{
    (void)state;
    struct candidate mine = candidate_of("the lamp is dark", "turn the key twice");
    struct candidate other = candidate_of("the lamp is dark", "call a plumber about water");
    const struct candidate *only = &mine;
    struct insight same = {.text = mine, .support = SUPPORT_10, .rate = 8};
    struct insight half = {.text = other, .rate = INSIGHT_RATE_UNKNOWN};
    struct target target;
    double seen[SIGNALS];
    assert_int_equal(target_init(&only, 1, 0, &target), OK);
    assert_int_equal(target.key_count, 2);
    assert_int_equal(target.pair_count, 8);

    read_signals(NULL, 0, &target, seen);
    assert_true(seen[SIGNAL_NEAR] == 0 && seen[SIGNAL_SAID] == 0 && seen[SIGNAL_SUPPORT] == 0 &&
                seen[SIGNAL_RATE] == 0);
    near(seen[SIGNAL_ECHO], -log(4096), 1e-12);

    read_signals(&same, 1, &target, seen);
    near(seen[SIGNAL_NEAR], 1, 1e-6);
    assert_true(seen[SIGNAL_SAID] == 1);
    near(seen[SIGNAL_SUPPORT], 1 + SUPPORT_10, 1e-5);
    near(seen[SIGNAL_RATE], .8, 1e-6);
    /* before the eight words come twice nothing, twice "the" and four others once; every pair is seen once */
    near(seen[SIGNAL_ECHO], (4 * log(2. / 4098) + 4 * log(2. / 4097)) / 8, 1e-12);

    read_signals(&half, 1, &target, seen);
    assert_true(seen[SIGNAL_NEAR] > 0 && seen[SIGNAL_NEAR] < 1 && seen[SIGNAL_SAID] == .5);
    near(seen[SIGNAL_RATE], seen[SIGNAL_NEAR] / 2, 1e-12);
    near(seen[SIGNAL_SUPPORT], seen[SIGNAL_NEAR], 1e-12);
    target_free(&target);
    candidate_free(&mine);
    candidate_free(&other);
}

/* --- the cast --- */

static bool begins_alike(const struct worlds *worlds, const struct candidate *canary)
{
    for (size_t t = 0; t < worlds->task_count; t++) {
        const struct contribution *from = worlds_contribution(worlds, &worlds->tasks[t], 0);
        for (size_t c = 0; c < from->candidate_count; c++)
            if (strcmp(from->candidates[c].when.items[0], canary->when.items[0]) == 0)
                return true;
    }
    return false;
}

static void canaries(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds;
    struct cast cast;
    struct random_seeded seeded;
    uint8_t key[16];
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    assert_int_equal(cast_new(&worlds, random_seeded_start(&seeded, 1), &cast), OK);
    assert_int_equal(cast.task_count, TRACES_TENANTS * TRACES_TASKS);
    assert_int_equal(cast.canary_count, CAST_CANARIES);
    for (size_t i = 0; i < cast.canary_count; i++) {
        const struct prepared_item *items = cast.canaries[i].items;
        const struct candidate *canary = &items[0].contribution.candidates[0];
        assert_true(begins_alike(&worlds, canary));
        phrase_key(canary->when.items[0], key);
        assert_false(cast_is_lone(&cast, cast.canaries[i].tenant, key));
        phrase_key(canary->act.items[canary->act.count - 1], key);
        assert_true(cast_is_lone(&cast, TRACES_TENANTS, key)); /* no tenant has it */
        assert_true(target_has(&cast.of_canaries[i], key));
        for (size_t t = 1; t < CANARY_TASKS; t++)
            assert_memory_not_equal(items[0].id, items[t].id, ID_BYTES);
    }
    for (size_t i = 0; i < cast.task_count; i++) {
        assert_int_equal(cast.copied_tasks[i].count, cast.of_tasks[i].count + 1);
        phrase_key(cast.extras[i].when.items[0], key);
        assert_true(target_has(&cast.copied_tasks[i], key) && !target_has(&cast.of_tasks[i], key));
    }
    cast_free(&cast);
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

/* --- the attacker --- */

/* Canary worlds in which a member's `signal` is `shift` standard deviations higher; targets have levels of their own,
 * so that without shadow worlds little can be seen. */
static double *worlds_of(const struct cast *cast, enum signal signal, double shift, struct random random)
{
    const struct series series = {.cast = cast, .kind = SERIES_CANARY};
    size_t stride = series_numbers(&series);
    double *numbers = mem_new(WORLDS * stride, sizeof *numbers);
    assert_non_null(numbers);
    for (size_t w = 0; w < WORLDS; w++)
        for (size_t t = 0; t < TARGETS; t++) {
            double *row = &numbers[w * stride];
            row[t] = random_below(random, 2);
            for (size_t s = 0; s < SIGNALS; s++)
                row[TARGETS + t * SIGNALS + s] = 10. * (double)t + normal(random) + (s == signal ? shift * row[t] : 0);
        }
    return numbers;
}

static double rate_of(const struct scored *scored, double rate)
{
    struct tpr tpr = {0};
    assert_int_equal(
        stat_tpr_at(scored->members, scored->member_count, scored->others, scored->other_count, rate, rate, &tpr), OK);
    return tpr.value;
}

static struct auc attacked(enum signal signal, double shift, enum score *chosen)
{
    static const struct split split = {400, 200, 1400};
    const struct cast cast = {.canary_count = TARGETS};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 9);
    SCOPED_MEM double *numbers = worlds_of(&cast, signal, shift, random);
    struct measured measured;
    assert_int_equal(measure_canaries(&cast, &split, numbers, random, &measured), OK);
    const struct scored *scored = &measured.by[GOAL_AREA].scored;
    assert_int_equal(scored->member_count + scored->other_count, split.judge);
    struct auc auc = area_of(scored);
    *chosen = measured.by[GOAL_AREA].chosen;
    measured_free(&measured);
    return auc;
}

/* Two deviations are an area of Phi(2 / sqrt 2) = .921 for whoever knows each target's level, and nearly nothing for
 * whoever does not. */
static void attacker_finds(void **state)
{
    (void)state;
    enum score chosen;
    struct auc near_found = attacked(SIGNAL_NEAR, 2, &chosen);
    assert_true(near_found.interval.low < .921 && .921 < near_found.interval.high && near_found.value > .9);
    assert_true(chosen == SCORE_LIRA || chosen == SCORE_BAVARIA || chosen == SCORE_LIRA_ALL ||
                chosen == SCORE_BAVARIA_ALL);
    struct auc support_found = attacked(SIGNAL_SUPPORT, 2, &chosen);
    assert_true(support_found.value > .85);
    assert_true(chosen == SCORE_LIRA_ALL || chosen == SCORE_BAVARIA_ALL);
}

/* The choice among scores must not make a leak of chance. */
static void attacker_does_not_imagine(void **state)
{
    (void)state;
    enum score chosen;
    struct auc auc = attacked(SIGNAL_NEAR, 0, &chosen);
    assert_true(auc.interval.low < .5 && .5 < auc.interval.high);
}

/* --- what a score is chosen for --- */

/* Worlds of one target that teach nothing, and then, in pairs, one with it and one without, at every quantile. */
typedef void (*signals_fn)(bool member, double quantile, double out[static SIGNALS]);
static void measure_made(signals_fn fn, struct measured *out)
{
    static const struct split split = {400, 400, 4000};
    const size_t stride = 1 + SIGNALS;
    SCOPED_MEM double *numbers = mem_new(split_all(&split) * stride, sizeof *numbers);
    assert_non_null(numbers);
    for (size_t w = 0; w < split_all(&split); w++) {
        size_t before = w < split.fit + split.choose ? split.fit : split.fit + split.choose;
        size_t pairs = (before == split.fit ? split.choose : split.judge) / 2, pair = (w - before) / 2;
        numbers[w * stride] = (double)(w % 2);
        if (w >= split.fit)
            fn(w % 2, ((double)pair + .5) / (double)pairs, &numbers[w * stride + 1]);
    }
    assert_int_equal(measure_private(&split, numbers, out), OK);
}

/* Nearness ranks members a little higher throughout: an area of 1.5 / 2.5 = .6, and 1 - .99^1.5 = 1.5 % at 1 %. The
 * echo gives every eleventh away, and says nothing of the others: an area of .545. */
static void few_but_certain(bool member, double quantile, double out[static SIGNALS])
{
    out[SIGNAL_NEAR] = member ? pow(quantile, 1 / 1.5) : quantile;
    out[SIGNAL_ECHO] = quantile * 11 > 10 && member ? 2 : quantile - floor(quantile * 11) / 11;
}

static void each_rate_has_its_score(void **state)
{
    (void)state;
    struct measured measured;
    measure_made(few_but_certain, &measured);
    assert_int_equal(measured.by[GOAL_AREA].chosen, SCORE_NEAR);
    near(area_of(&measured.by[GOAL_AREA].scored).value, .6, 1e-3);
    near(rate_of(&measured.by[GOAL_AREA].scored, .01), .015, 1e-3);
    assert_int_equal(measured.by[GOAL_TAIL].chosen, SCORE_ECHO);
    near(rate_of(&measured.by[GOAL_TAIL].scored, .01), (1 + .01 * 10) / 11, 1e-3);
    measured_free(&measured);
}

/* A library may say less of what a member brought. */
static void farther(bool member, double quantile, double out[static SIGNALS])
{
    out[SIGNAL_NEAR] = quantile - (member ? .5 : 0);
}

static void fainter(bool member, double quantile, double out[static SIGNALS])
{
    out[SIGNAL_ECHO] = quantile - (member ? .5 : 0);
}

static void either_sign(void **state)
{
    static const struct {
        signals_fn fn;
        enum score score;
    } cases[] = {{farther, SCORE_FAR}, {fainter, SCORE_NO_ECHO}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct measured measured;
        measure_made(cases[i].fn, &measured);
        for (int goal = 0; goal < GOALS; goal++)
            assert_int_equal(measured.by[goal].chosen, cases[i].score);
        near(area_of(&measured.by[GOAL_AREA].scored).value, .875, 1e-3);
        measured_free(&measured);
    }
}

/* --- no choice --- */

/* A canary that the server does not take is in no library: it is no member that could not be found. */
static void refused_is_not_shared(void **state)
{
    static const struct membership_sizes sizes = {.canary = {4, 4, 4}, .canary_copied = {4, 4, 4}};
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    struct membership run;
    traces_scope(&scope);
    assert_int_equal(membership_open(&scope, &sizes, &run, NULL), OK);
    run.out = &results;
    run.cast.canaries[0].items[0].record.size /= 2;
    assert_int_equal(membership_canary(&run), ERR_DENIED);
    assert_int_equal(results.count, 0);
    membership_close(&run);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void one_side_only(void **state)
{
    (void)state;
    struct attacker attacker;
    const double all[SIGNALS] = {0};
    struct sightings sightings = {0};
    assert_int_equal(attacker_new(1, &attacker), OK);
    assert_int_equal(sightings_add(&sightings, (struct sighting){0, true, all}), OK);
    attacker_fit(&attacker, &sightings);
    assert_int_equal(attacker_choose(&attacker, &sightings), ERR_USAGE);
    sightings_free(&sightings);
    attacker_free(&attacker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals),
        cmocka_unit_test(canaries),
        cmocka_unit_test(attacker_finds),
        cmocka_unit_test(attacker_does_not_imagine),
        cmocka_unit_test(each_rate_has_its_score),
        cmocka_unit_test(either_sign),
        cmocka_unit_test(refused_is_not_shared),
        cmocka_unit_test(one_side_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
