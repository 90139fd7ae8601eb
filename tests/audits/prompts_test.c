/* Stealing prompts: decoys, both ways to choose, and traits, on prompts made by hand; then the attack as a whole. */
#include "tests/audits/traces.h"

#include <math.h>

#include "audits/prompts/choice.h"
#include "audits/prompts/gains.h"
#include "audits/prompts/guess.h"
#include "audits/prompts/made.h"
#include "audits/prompts/traits.h"
#include "dp/proportion.h"

#define TASKS 24

/* All prompts are of one template; each has a name and a place of its own. Tenants take turns. */
static void ground_make(struct ground *ground)
{
    *ground = (struct ground){0};
    ground->sources.items = mem_new(TASKS, sizeof *ground->sources.items);
    ground->sources.count = ground->sources.room = TASKS;
    assert_non_null(ground->sources.items);
    for (int kind = 0; kind < REFERENCES; kind++) {
        ground->references[kind] = mem_new(TASKS, sizeof **ground->references);
        assert_non_null(ground->references[kind]);
    }
    for (size_t t = 0; t < TASKS; t++) {
        struct source *source = &ground->sources.items[t];
        source->tenant = t % 2;
        buf_addf(&source->prompt, "%s find the lamp number%zu in the store of town%zu and say what it costs",
                 t % 4 < 2 ? "You are a clerk." : "Please", t, t);
        assert_int_equal(comparable_make(&source->prompt, &ground->references[REFERENCE_PROMPT][t]), OK);
    }
}

static struct document *document_add(struct documents *documents, size_t task, const char *text)
{
    SCOPED_BUF struct buf said = {0};
    struct document *document = NULL;
    buf_add_str(&said, text);
    assert_int_equal(documents_add(documents, &said, task, TASKS, &document), OK);
    document->own[task] = true;
    return document;
}

static double guess(const struct ground *ground, size_t task, const char *text, enum choice_attack attack)
{
    struct documents documents = {0};
    struct choices choices;
    double right = -1;
    const struct document *document = document_add(&documents, task, text);
    assert_int_equal(choices_make(ground, document, task, &choices), OK);
    assert_int_equal(choices.count, CHOICES);
    assert_int_equal(choices.items[0], task);
    assert_int_equal(choice_guess(ground, document, &choices, attack, &right), OK);
    documents_free(&documents);
    return right;
}

static void choosing(void **state)
{
    (void)state;
    struct ground ground;
    ground_make(&ground);
    for (int attack = 0; attack < CHOICE_ATTACKS; attack++) {
        enum choice_attack how = (enum choice_attack)attack;
        assert_true(guess(&ground, 4, "the lamp number4 of town4", how) == 1);
        assert_true(guess(&ground, 4, "nothing of the kind", how) == 1. / CHOICES); /* by lot */
    }
    assert_true(guess(&ground, 4, "something about town4", CHOICE_SLOTS) == 1);
    assert_true(guess(&ground, 4, "find the lamp in the store", CHOICE_SLOTS) == 1. / CHOICES); /* the template */
    /* A document that speaks of a decoy misleads. */
    struct documents documents = {0};
    struct choices choices;
    assert_int_equal(choices_make(&ground, document_add(&documents, 4, "x"), 4, &choices), OK);
    char text[64];
    snprintf(text, sizeof text, "town%u and number%u", choices.items[3], choices.items[3]);
    assert_true(guess(&ground, 4, text, CHOICE_SLOTS) == 0);
    assert_true(guess(&ground, 4, text, CHOICE_RETRIEVAL) == 0);
    documents_free(&documents);
    ground_close(&ground);
}

/* No decoy says what the true prompt says, or another decoy, or is of the same document. */
static void decoys(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    struct choices choices;
    ground_make(&ground);
    buf_clear(&ground.sources.items[5].prompt);
    buf_add(&ground.sources.items[5].prompt, buf_bytes(&ground.sources.items[4].prompt));
    struct document *document = document_add(&documents, 4, "x");
    document->own[6] = true;
    assert_int_equal(choices_make(&ground, document, 4, &choices), OK);
    assert_int_equal(choices.count, CHOICES);
    for (size_t i = 1; i < CHOICES; i++) {
        assert_true(choices.items[i] != 4 && choices.items[i] != 5 && choices.items[i] != 6);
        for (size_t k = 1; k < i; k++)
            assert_true(choices.items[i] != choices.items[k]);
    }
    for (size_t t = 10; t < TASKS; t++) { /* all the rest say the same: one of them is enough */
        buf_clear(&ground.sources.items[t].prompt);
        buf_add_str(&ground.sources.items[t].prompt, "all the same");
    }
    assert_int_equal(choices_make(&ground, document, 4, &choices), OK);
    assert_int_equal(choices.count, 1 + 7 + 1); /* tasks 0-3 and 7-9, and one of the same */
    documents_free(&documents);
    ground_close(&ground);
}

static void types(void **state)
{
    (void)state;
    assert_int_equal(prompt_type_of(bytes_str("Find the lamp.")), PROMPT_DIRECT);
    assert_int_equal(prompt_type_of(bytes_str("You are a clerk. Find the lamp.")), PROMPT_ROLE);
    assert_int_equal(prompt_type_of(bytes_str("Find it. act as a clerk")), PROMPT_ROLE);
    assert_int_equal(prompt_type_of(bytes_str("Bayou are we")), PROMPT_DIRECT);
    assert_int_equal(prompt_type_of(bytes_str("Q: 1+1 A: 2\nQ: 2+2 A: 4\nQ: 3+3 A:")), PROMPT_IN_CONTEXT);
    assert_int_equal(prompt_type_of(bytes_str("One example is enough")), PROMPT_DIRECT);
    assert_int_equal(prompt_type_of(BYTES_NONE), PROMPT_DIRECT);
}

static bool has_role(const char *prompt, const char *role)
{
    return bytes_equal(prompt_role_of(bytes_str(prompt)), bytes_str(role));
}

static void parameters(void **state)
{
    (void)state;
    assert_true(has_role("You are a travel agent. Help.", "travel agent"));
    assert_true(has_role("Please act as an Archivist, and sort", "Archivist"));
    assert_true(has_role("\"You are the clerk", "clerk"));
    assert_true(has_role("You are a one two three four five six seven", "one two three four five six "));
    assert_true(has_role("Bayou are a joke", "") && has_role("Find the lamp.", "") && has_role("", ""));
    assert_int_equal(prompt_examples_of(bytes_str("Q: 1+1 A: 2\nQ: 2+2 A: 4\nQ: 3+3 A:")), 2);
    assert_int_equal(prompt_examples_of(bytes_str("Input: x\nOutput: y\nInput: z\nOutput:\n")), 1);
    assert_int_equal(prompt_examples_of(bytes_str("Find the lamp.")), 0);
    assert_int_equal(prompt_examples_of(BYTES_NONE), 0);
}

/* Roles are numbered without case, and those of one tenant alone are not enough to guess at. */
static void roles_are_numbered(void **state)
{
    static const char *const roles[] = {"clerk", "Clerk", "cook"};
    (void)state;
    struct ground ground;
    size_t values[TASKS + 1];
    ground_make(&ground);
    assert_int_equal(traits_of(&ground, TRAIT_EXAMPLES, values), OK);
    for (size_t t = 0; t < TASKS; t++)
        assert_true(values[t] == SIZE_MAX);
    assert_false(traits_are_enough(&ground, values));
    for (size_t t = 0; t < TASKS; t++) {
        buf_clear(&ground.sources.items[t].prompt);
        buf_addf(&ground.sources.items[t].prompt, "You are a %s. Find it.", roles[t / 2 % 3]);
    }
    assert_int_equal(traits_of(&ground, TRAIT_ROLE, values), OK);
    for (size_t t = 0; t < TASKS; t++)
        assert_int_equal(values[t], t / 2 % 3 == 2);
    assert_true(traits_are_enough(&ground, values));
    for (size_t t = 0; t < TASKS; t++)
        values[t] = t % 2; /* a tenant, a role */
    assert_false(traits_are_enough(&ground, values));
    ground_close(&ground);
}

/* What is made has the parameters that it is made for, of every value with every tenant. */
static void made_prompts_have_parameters(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 3, .k = 2}, made;
    struct sources sources;
    size_t counts[PROMPT_TYPES] = {0}, examples[MADE_EXAMPLES_MOST + 1] = {0};
    assert_int_equal(made_prompts(&scope, &made), OK);
    assert_int_equal(made.tenant_count, MADE_TENANTS);
    assert_int_equal(sources_read(&made, &sources), OK);
    assert_int_equal(sources.count, MADE_TENANTS * MADE_TASKS_QUICK);
    for (size_t i = 0; i < sources.count; i++) {
        struct bytes prompt = buf_bytes(&sources.items[i].prompt);
        enum prompt_type type = prompt_type_of(prompt);
        size_t given = prompt_examples_of(prompt);
        counts[type]++;
        assert_int_equal(prompt_role_of(prompt).size > 0, type == PROMPT_ROLE);
        assert_true(given == 0 || (given >= MADE_EXAMPLES_LEAST && given <= MADE_EXAMPLES_MOST));
        assert_int_equal(given > 0, type == PROMPT_IN_CONTEXT);
        examples[given]++;
    }
    assert_int_equal(counts[PROMPT_ROLE], sources.count / 2);
    assert_int_equal(counts[PROMPT_IN_CONTEXT], sources.count / 2);
    for (size_t i = MADE_EXAMPLES_LEAST; i <= MADE_EXAMPLES_MOST; i++)
        assert_int_equal(examples[i], sources.count / 12);
    sources_free(&sources);
    audit_scope_free(&made);
}

/* Documents that speak as their prompts' type does: the nearest of the other tenant tell it. */
static void traits(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    size_t values[TASKS + 1], right = 0;
    ground_make(&ground);
    assert_int_equal(traits_of(&ground, TRAIT_TYPE, values), OK);
    for (size_t t = 0; t < TASKS; t++) {
        assert_int_equal(values[t], t % 4 < 2 ? PROMPT_ROLE : PROMPT_DIRECT);
        document_add(&documents, t, t % 4 < 2 ? "clerk counter customer" : "engine wheel road");
    }
    for (size_t t = 0; t < TASKS; t++) {
        size_t guessed = 9;
        assert_true(trait_guess(&ground, &documents, t, TRAIT_TYPE, values, &guessed));
        right += guessed == values[t];
    }
    assert_int_equal(right, TASKS);
    assert_int_equal(trait_commonest(&documents, values), PROMPT_DIRECT); /* as many of both: the first */
    values[2] = PROMPT_ROLE;
    assert_int_equal(trait_commonest(&documents, values), PROMPT_ROLE);
    for (size_t t = 0; t < TASKS; t++)
        ground.sources.items[t].tenant = 0;
    size_t guessed = 9;
    assert_false(trait_guess(&ground, &documents, 0, TRAIT_TYPE, values, &guessed)); /* nobody to learn from */
    assert_int_equal(traits_of(&ground, TRAIT_LENGTH, values), OK);
    assert_true(values[0] == 1 && values[2] == 0); /* the role's words are longer than the median's */
    documents_free(&documents);
    ground_close(&ground);
}

/* A prompt in the midst of its decoys is chosen for whatever others say: that is its chance, not one in ten. */
static void chance(void **state)
{
    (void)state;
    struct ground ground;
    struct documents documents = {0};
    struct choices choices;
    double by_lot = -1;
    ground_make(&ground);
    buf_clear(&ground.sources.items[4].prompt);
    buf_add_str(&ground.sources.items[4].prompt, "please find the lamp in the store and say what it costs");
    comparable_free(&ground.references[REFERENCE_PROMPT][4]);
    assert_int_equal(comparable_make(&ground.sources.items[4].prompt, &ground.references[REFERENCE_PROMPT][4]), OK);
    document_add(&documents, 4, "x");
    assert_int_equal(choices_make(&ground, &documents.items[0], 4, &choices), OK);
    assert_int_equal(choices.count, CHOICES);
    assert_int_equal(choice_chance(&ground, &documents, &choices, CHOICE_RETRIEVAL, &by_lot), OK);
    assert_true(by_lot == 1. / CHOICES); /* its own document is no stranger */
    document_add(&documents, choices.items[1], "find the lamp in the store");
    document_add(&documents, 20, "find the lamp in the store"); /* of the same tenant */
    assert_int_equal(choice_chance(&ground, &documents, &choices, CHOICE_RETRIEVAL, &by_lot), OK);
    assert_true(by_lot == 1. / CHOICES);
    document_add(&documents, 21, "find the lamp in the store");
    document_add(&documents, 23, "engine wheel road");
    assert_int_equal(choice_chance(&ground, &documents, &choices, CHOICE_RETRIEVAL, &by_lot), OK);
    assert_true(by_lot == (1 + 1. / CHOICES) / 2);
    documents_free(&documents);
    ground_close(&ground);
}

/* One right guess of twenty is no pass at a tenth, and twenty of twenty are not sure to be always right, whatever a
 * bootstrap says. */
static void few_guesses(void **state)
{
    static const size_t right[] = {1, 10, 20};
    (void)state;
    for (size_t row = 0; row < 3; row++) {
        struct random_seeded seeded;
        struct gains gains;
        struct audit_result result = {0};
        const struct interval exact = dp_proportion_interval(right[row], 20);
        assert_int_equal(gains_new(20, &gains), OK);
        for (size_t i = 0; i < 20; i++)
            gains_add(&gains, i, i < right[row], .1);
        assert_int_equal(gains_infer(&gains, random_seeded_start(&seeded, 1), &result), OK);
        assert_true(fabs(result.value - ((double)right[row] / 20 - .1)) < 1e-12 && result.samples == 20);
        assert_true(result.high >= exact.high - .1 - 1e-12 && result.low <= exact.low - .1 + 1e-12);
        gains_free(&gains);
    }
}

/* What is found stays found where the control says nothing. */
static void a_weak_control(void **state)
{
    (void)state;
    static const struct audit_claim claim = {.name = "x", .limit = .1, .tolerated = .1};
    struct random_seeded seeded;
    struct ground ground;
    struct documents quotes = {0};
    struct audit_results results = {0};
    ground_make(&ground);
    for (size_t t = 0; t < TASKS; t++) {
        document_add(&ground.contributions, t, t % 4 < 2 ? "clerk counter customer" : "engine wheel road");
        document_add(&quotes, t, "nothing of the kind");
    }
    assert_int_equal(guess_trait(&ground, &quotes, TRAIT_TYPE, &claim, "", random_seeded_start(&seeded, 1), &results),
                     OK);
    assert_int_equal(results.items[0].control, CONTROL_UNDECIDED);
    assert_int_equal(results.items[0].verdict, VERDICT_LEAK);
    audit_results_free(&results);
    documents_free(&quotes);
    ground_close(&ground);
}

static void attack(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_prompts.run(&scope, &results, NULL), OK);
    const struct audit_result *sent = traces_result(&results, "prompts.contribution.slots");
    assert_int_equal(sent->control, CONTROL_PASSED);
    assert_true(sent->samples >= 5 && sent->value < .1); /* order numbers have gone */
    assert_false(audit_is_void(&results));
    assert_int_equal(traces_result(&results, "prompts.contribution.type")->verdict, VERDICT_NOT_EVALUATED);
    const struct audit_result *role = traces_result(&results, "prompts.contribution.role");
    assert_int_equal(role->control, CONTROL_PASSED);
    assert_true(role->control_value > .5 && role->samples >= 100 && strstr(role->note, "made for it"));
    assert_int_equal(traces_result(&results, "prompts.contribution.examples")->control, CONTROL_PASSED);
    audit_results_free(&results);
    scope.tenant_count = 1; /* six prompts: no nine others */
    assert_int_equal(attack_prompts.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "prompts.contribution.slots")->samples, 0);
    scope.tenant_count = TRACES_TENANTS;
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choosing),
        cmocka_unit_test(decoys),
        cmocka_unit_test(types),
        cmocka_unit_test(parameters),
        cmocka_unit_test(roles_are_numbered),
        cmocka_unit_test(made_prompts_have_parameters),
        cmocka_unit_test(traits),
        cmocka_unit_test(chance),
        cmocka_unit_test(few_guesses),
        cmocka_unit_test(a_weak_control),
        cmocka_unit_test(attack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
