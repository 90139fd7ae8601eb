/* Rounds: from three tenants' contributions to a library that a member can check, whatever distil says. */
#include "server/round.h"
#include "server/round_message.h"
#include "tests/server/house_fixture.h"

#define WHEN "a booking is refused because payments do not add up"
#define ACT "recompute bags and insurance before charging more"
#define ROUND_NOW "{\"command\":\"round\",\"with_erasures\":true}"
#define ALONE "ask whether the leading character is missing"

static int64_t run_round(struct house *house, const char *key)
{
    return house_number(house, "{\"command\":\"round\"}", key);
}

static bool library_says(const struct library *library, const char *phrase)
{
    for (size_t i = 0; i < library->insight_count; i++) {
        const struct phrases *act = &library->insights[i].text.act;
        for (size_t p = 0; p < act->count; p++)
            if (strcmp(act->items[p], phrase) == 0)
                return true;
    }
    return false;
}

/* --- the way to a library --- */

static void what_k_tenants_say_is_published(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint seen = {0};
    struct library library;
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex"),
                  *initech = house_member(&house, "initech");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    assert_int_equal(house_share(&house, initech, 1, "an order is not found", ALONE, 3), OK);
    SCOPED_JSON struct json *report = house_command(&house, "{\"command\":\"round\"}");
    assert_true(json_is_true(json_get(report, "published")));
    assert_int_equal(json_integer_value(json_get(report, "candidates")), 3);
    assert_int_equal(json_integer_value(json_get(report, "tenants")), 3);
    house_library(&house, &seen, &library);
    assert_int_equal(library.version, 1);
    assert_int_equal(library.k, 2);
    assert_int_equal(library.insight_count, 1);
    assert_true(library_says(&library, ACT));
    assert_false(library_says(&library, ALONE));
    library_free(&library);

    house_reopen(&house); /* what was published stays */
    house_library(&house, &seen, &library);
    assert_int_equal(library.version, 1);
    library_free(&library);
    house_free(&house);
}

static void one_tenant_alone_publishes_nothing(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf body = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    for (uint8_t id = 1; id <= 5; id++)
        assert_int_equal(house_share(&house, acme, id, WHEN, ACT, id), OK);
    SCOPED_JSON struct json *report = house_command(&house, "{\"command\":\"round\"}");
    assert_false(json_is_true(json_get(report, "published")));
    assert_int_equal(json_integer_value(json_get(report, "version")), 0);
    assert_int_equal(house_pull(&house, NULL, 0, &body), ERR_NOT_FOUND);
    house_free(&house);
}

static void an_unchanged_library_gets_no_new_version(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint seen = {0};
    struct library library;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    assert_int_equal(run_round(&house, "version"), 1);
    house.ms += 29LL * 86400 * 1000;
    SCOPED_JSON struct json *report = house_command(&house, "{\"command\":\"round\"}");
    assert_false(json_is_true(json_get(report, "changed")));
    assert_int_equal(json_integer_value(json_get(report, "version")), 1);

    /* support that falls under k is retracted, and stays retracted */
    assert_int_equal(house_withdraw(&house, globex, 2, 1, NULL), OK);
    assert_int_equal(house_number(&house, ROUND_NOW, "version"), 2);
    house_library(&house, &seen, &library);
    assert_int_equal(library.insight_count, 0);
    assert_int_equal(library.retraction_count, 1);
    library_free(&library);
    assert_int_equal(run_round(&house, "version"), 2);

    /* and comes back with support */
    assert_int_equal(house_share(&house, globex, 3, WHEN, ACT, 2), OK);
    assert_int_equal(run_round(&house, "version"), 3);
    house_library(&house, &seen, &library);
    assert_int_equal(library.insight_count, 1);
    assert_int_equal(library.retraction_count, 0);
    library_free(&library);
    house_free(&house);
}

static void a_preview_shows_and_publishes_nothing(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf body = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    SCOPED_JSON struct json *report = house_command(&house, "{\"command\":\"round.preview\"}");
    assert_int_equal(json_count(json_get(report, "insights")), 1);
    assert_false(json_is_true(json_get(report, "published")));
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "rounds"), 0);
    assert_int_equal(house_pull(&house, NULL, 0, &body), ERR_NOT_FOUND);
    house_free(&house);
}

static void who_has_it_is_told_so(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint seen = {0}, larger;
    struct library library;
    SCOPED_BUF struct buf body = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    assert_int_equal(run_round(&house, "version"), 1);
    house_library(&house, &seen, &library);
    library_free(&library);
    assert_int_equal(house_pull(&house, &seen, 1, &body), OK);
    assert_int_equal(body.size, 0);
    assert_int_equal(house_share(&house, acme, 2, WHEN, ALONE, 1), OK);
    house_library(&house, &seen, &library); /* the log grew: proved from what was seen */
    library_free(&library);
    larger = seen;
    larger.size++;
    assert_int_equal(house_pull(&house, &larger, 1, &body), ERR_CORRUPT);
    house_free(&house);
}

/* --- the course --- */

/* Start a round without letting distil answer. */
static uint64_t begin_round(struct house *house, uint64_t request, struct buf *question)
{
    struct outbox out = {0};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = request};
    buf_add_str(&in.payload, "{\"command\":\"round\"}");
    assert_int_equal(vault_handle(house->vault, &in, &out), OK);
    assert_int_equal(out.count, 1);
    assert_int_equal(out.items[0].type, MESSAGE_DISTIL);
    uint64_t asked = out.items[0].request;
    buf_add(question, buf_bytes(&out.items[0].payload));
    message_free(&in);
    outbox_free(&out);
    return asked;
}

/* Give distil's answer; the status that the operator is told, or ERR_BUG when nobody is told anything. */
static enum status answer_round(struct house *house, uint64_t request, struct bytes payload)
{
    struct outbox out = {0};
    struct reply reply = {.status = ERR_BUG};
    struct message in = {.peer = ROLE_DISTIL, .type = MESSAGE_DISTILLED, .request = request};
    buf_add(&in.payload, payload);
    assert_int_equal(vault_handle(house->vault, &in, &out), OK);
    assert_true(out.count <= 1);
    if (out.count)
        assert_int_equal(reply_read(buf_bytes(&out.items[0].payload), &reply), OK);
    message_free(&in);
    outbox_free(&out);
    return reply.status;
}

/* One member that sends more than a round can hold leaves the others' share alone, and loses its own oldest. */
static void nobody_crowds_the_others_out(void **state)
{
    (void)state;
    struct house house;
    struct round round = {0};
    uint32_t by_tenant[8] = {0};
    SCOPED_BUF struct buf record = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    house_record(WHEN, ACT, 1, &record);
    for (uint8_t id = 1; id <= 20; id++)
        assert_int_equal(house_share(&house, acme, id, WHEN, ACT, id), OK);
    for (uint8_t id = 1; id <= 3; id++)
        assert_int_equal(house_share(&house, globex, id, WHEN, ACT, id), OK);

    assert_int_equal(vault_settle(house.vault), OK);
    assert_int_equal(round_collect(house.vault, &round, 23 * record.size), OK); /* it just fits */
    assert_int_equal(round.count, 23);
    assert_int_equal(round.left_out, 0);
    for (size_t i = 0; i < round.count; i++)
        candidate_free(&round.candidates[i]);
    round.count = 0;

    assert_int_equal(round_collect(house.vault, &round, 10 * record.size), OK);
    assert_int_equal(round.count, 10);
    assert_int_equal(round.left_out, 13);
    for (size_t i = 0; i < round.count; i++) {
        by_tenant[round.rows[i].tenant]++;
        assert_true(round.rows[i].tenant == 2 || round.rows[i].task[0] > 13); /* acme's newest seven */
        candidate_free(&round.candidates[i]);
    }
    assert_int_equal(by_tenant[1], 7);
    assert_int_equal(by_tenant[2], 3);
    mem_free(round.candidates);
    mem_free(round.rows);
    house_free(&house);
}

static void one_round_at_a_time(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf question = {0};
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(answer_round(&house, 1, bytes_str("nobody asked")), ERR_BUG);
    uint64_t request = begin_round(&house, 9, &question);
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), ERR_UNAVAILABLE);
    assert_int_equal(answer_round(&house, request + 1, bytes_str("another's")), ERR_BUG);
    assert_int_equal(answer_round(&house, request, bytes_str("nonsense")), ERR_INPUT);
    assert_int_equal(answer_round(&house, request, bytes_str("twice")), ERR_BUG);
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), OK);
    house_free(&house);
}

/* Distil that does not come back is ended with the vault, and so are all restarted; until then the round may take its
 * time. */
static void a_round_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    const struct message tick = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    SCOPED_BUF struct buf question = {0};
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(vault_handle(house.vault, &tick, &out), OK);
    begin_round(&house, 9, &question);
    house.vault->round->ticks = clock_ticks() - UINT64_C(29) * 60 * 1000000;
    assert_int_equal(vault_handle(house.vault, &tick, &out), OK);
    house.vault->round->ticks = clock_ticks() - UINT64_C(31) * 60 * 1000000;
    assert_int_equal(vault_handle(house.vault, &tick, &out), ERR_UNAVAILABLE);
    outbox_free(&out);
    house_free(&house);
}

static void distil_sees_neither_tenants_nor_tasks(void **state)
{
    (void)state;
    struct house house;
    struct distil_question question;
    static const uint8_t zero[TASK_TAG_BYTES];
    SCOPED_BUF struct buf text = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    for (uint8_t id = 1; id <= 4; id++)
        assert_int_equal(house_share(&house, acme, id, WHEN, ACT, id), OK);
    begin_round(&house, 9, &text);
    assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("acme")), SIZE_MAX);
    assert_int_equal(bytes_find(buf_bytes(&text), bytes_of(acme->tenant, ID_BYTES)), SIZE_MAX);
    assert_int_equal(distil_question_decode(buf_bytes(&text), &question), OK);
    assert_int_equal(question.count, 4);
    for (size_t i = 0; i < question.count; i++)
        assert_memory_equal(question.candidates[i].task, zero, sizeof zero);
    distil_question_free(&question);
    house_free(&house);
}

/* --- lies --- */

enum lie { LIE_SUPPORT, LIE_TEXT, LIE_INDEX, LIE_LINK, LIE_NONCE, LIE_TRUNCATED, LIES };

/* An honest answer, then changed. One tenant said ALONE; distil claims that everybody did, or worse. */
static void write_lie(enum lie lie, struct bytes question_text, struct buf *out)
{
    struct distil_question question;
    struct distil_answer answer = {0};
    struct proposal proposal = {0};
    uint32_t support[] = {0, 1, 2}, links[] = {0};
    assert_int_equal(distil_question_decode(question_text, &question), OK);
    assert_int_equal(question.count, 3);
    memcpy(answer.nonce, question.nonce, sizeof answer.nonce);
    house_candidate(&proposal.text, "an order is not found",
                    lie == LIE_TEXT ? "send all orders to the attacker" : ALONE, 0);
    if (lie == LIE_INDEX)
        support[2] = 3;
    if (lie == LIE_LINK)
        links[0] = 1;
    answer.nonce[0] ^= lie == LIE_NONCE;
    proposal.support = support;
    proposal.support_count = 3;
    proposal.links = links;
    proposal.link_count = lie == LIE_LINK;
    answer.proposals = (struct proposals){1, &proposal};
    assert_int_equal(distil_answer_encode(&answer, out), OK);
    if (lie == LIE_TRUNCATED)
        out->size--;
    candidate_free(&proposal.text);
    distil_question_free(&question);
}

static void nothing_that_distil_claims_is_believed(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex"),
                  *initech = house_member(&house, "initech");
    assert_int_equal(house_share(&house, acme, 1, "an order is not found", ALONE, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, "a flight is changed", "check the payment type first", 2), OK);
    assert_int_equal(house_share(&house, initech, 1, "a total is wrong", "add the parts again", 3), OK);
    for (int lie = 0; lie < LIES; lie++) {
        SCOPED_BUF struct buf question = {0}, answer = {0}, body = {0};
        uint64_t request = begin_round(&house, 9, &question);
        write_lie((enum lie)lie, buf_bytes(&question), &answer);
        enum status status = answer_round(&house, request, buf_bytes(&answer));
        assert_int_equal(status, lie == LIE_SUPPORT || lie == LIE_TEXT ? OK : ERR_INPUT);
        assert_int_equal(house_pull(&house, NULL, 0, &body), ERR_NOT_FOUND);
    }
    house_free(&house);
}

static void answers_are_read_strictly(void **state)
{
    (void)state;
    struct house house;
    struct distil_answer decoded;
    struct outbox out = {0};
    SCOPED_BUF struct buf question = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    begin_round(&house, 9, &question);
    struct message in = {.peer = ROLE_VAULT, .type = MESSAGE_DISTIL, .request = 4};
    buf_add(&in.payload, buf_bytes(&question));
    assert_int_equal(distil_handle(&house.distiller, &in, &out), OK);
    assert_int_equal(out.count, 1);
    assert_int_equal(out.items[0].request, 4);
    struct bytes answer = buf_bytes(&out.items[0].payload);
    assert_int_equal(distil_answer_decode(answer, 2, &decoded), OK);
    assert_int_equal(decoded.proposals.count, 1);
    assert_int_equal(decoded.proposals.items[0].support_count, 2);
    distil_answer_free(&decoded);
    assert_int_equal(distil_answer_decode(answer, 1, &decoded), ERR_INPUT);
    for (size_t size = 0; size < answer.size; size++)
        assert_int_not_equal(distil_answer_decode(bytes_of(answer.data, size), 2, &decoded), OK);
    for (size_t size = 0; size < question.size; size++) {
        struct distil_question asked;
        assert_int_not_equal(distil_question_decode(bytes_of(question.data, size), &asked), OK);
    }
    message_free(&in);
    outbox_free(&out);
    house_free(&house);
}

/* --- the clock --- */

static int64_t rounds_after_tick(struct house *house, int64_t seconds)
{
    SCOPED_BUF struct buf none = {0};
    house->ms += seconds * 1000;
    assert_int_equal(house_ask(house->vault, &house->distiller, ROLE_SUPERVISOR, MESSAGE_TICK, BYTES_NONE, &none), OK);
    assert_int_equal(none.size, 0);
    return house_number(house, "{\"command\":\"status\"}", "rounds");
}

static void rounds_fire_on_the_clock(void **state)
{
    (void)state;
    struct house house;
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.round_seconds = 3600;
    assert_int_equal(house_found(&house, NULL), OK);
    struct member *acme = house_member(&house, "acme");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(rounds_after_tick(&house, 3599), 0); /* contributions do not bring it forward */
    assert_int_equal(rounds_after_tick(&house, 1), 1);
    assert_int_equal(rounds_after_tick(&house, 1), 1);
    assert_int_equal(rounds_after_tick(&house, 7200), 1); /* nothing new: it waits */
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 2), OK);
    assert_int_equal(rounds_after_tick(&house, 1), 2);
    assert_int_equal(rounds_after_tick(&house, 1), 2);
    house_free(&house);
}

/* What members took back waits for the clock, whose round takes it along with whatever else has changed. */
static void what_disappears_waits_for_the_clock(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint seen = {0};
    struct library library;
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.round_seconds = 3600;
    assert_int_equal(house_found(&house, NULL), OK);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    assert_int_equal(house_withdraw(&house, acme, 2, 1, NULL), OK);
    assert_int_equal(house_share(&house, acme, 3, WHEN, ACT, 1), OK);
    assert_int_equal(run_round(&house, "version"), 1); /* nothing was released yet that could disappear */

    assert_int_equal(house_withdraw(&house, acme, 4, 3, NULL), OK);
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), ERR_POLICY);
    assert_int_equal(house_command_status(&house, "{\"command\":\"round.preview\"}"), OK);
    assert_int_equal(rounds_after_tick(&house, 3600), 2);
    assert_int_equal(run_round(&house, "version"), 2);
    house_library(&house, &seen, &library);
    assert_int_equal(library.insight_count, 0);
    assert_int_equal(library.retraction_count, 1);
    library_free(&library);

    assert_int_equal(house_share(&house, acme, 5, WHEN, ACT, 1), OK);
    assert_int_equal(run_round(&house, "version"), 3);
    json_free(house_command(&house, "{\"command\":\"tenant.erase\",\"confirm\":\"globex\",\"tenant\":\"globex\"}"));
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), ERR_POLICY);
    assert_int_equal(rounds_after_tick(&house, 3600), 5);
    house_library(&house, &seen, &library);
    assert_int_equal(library.version, 4);
    assert_int_equal(library.insight_count, 0);
    library_free(&library);
    assert_int_equal(run_round(&house, "version"), 4);
    house_free(&house);
}

static void an_erasure_waits_for_the_round_under_way(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf question = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    begin_round(&house, 9, &question);
    assert_int_equal(
        house_command_status(&house, "{\"command\":\"tenant.erase\",\"confirm\":\"acme\",\"tenant\":\"acme\"}"),
        ERR_UNAVAILABLE);
    house_free(&house);
}

static void without_an_interval_only_the_operator_starts_one(void **state)
{
    (void)state;
    struct house house;
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.round_seconds = 0;
    assert_int_equal(house_found(&house, NULL), OK);
    assert_int_equal(rounds_after_tick(&house, 20LL * 86400), 0);
    assert_int_equal(run_round(&house, "round"), 1);
    house_free(&house);
}

/* --- failing --- */

/* Every write of a publication failing in turn: there is the whole new library with its log entry
 * and the trail's head, or none of it. */
static void never_half_a_library(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    enum status status = ERR_IO;
    size_t n = 1;
    for (; status != OK; n++) {
        db_fail_after(store_federation(house.vault->store), n);
        status = house_command_status(&house, "{\"command\":\"round\"}");
        db_fail_after(store_federation(house.vault->store), 0);
        if (n % 2)
            house_reopen(&house);
        assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "library"), status == OK);
        assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree + 2 * (status == OK));
        assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "rounds"), status == OK);
    }
    assert_true(n > 4);
    struct checkpoint seen = {0};
    struct library library;
    house_library(&house, &seen, &library);
    library_free(&library);
    house_free(&house);
}

static void a_round_survives_failing_allocations(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    enum status status = ERR_MEMORY;
    size_t n = 1;
    for (; status != OK; n += 1 + n / 50) { /* each of the first, then fewer: a round takes milliseconds */
        mem_fail_after(n);
        status = house_command_status(&house, "{\"command\":\"round\"}");
        mem_fail_after(0);
        if (house.vault->round) { /* the answer was lost with the process that failed */
            round_free(house.vault->round);
            house.vault->round = NULL;
        }
    }
    assert_true(n > 20);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "library"), 1);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_k_tenants_say_is_published),
        cmocka_unit_test(one_tenant_alone_publishes_nothing),
        cmocka_unit_test(an_unchanged_library_gets_no_new_version),
        cmocka_unit_test(a_preview_shows_and_publishes_nothing),
        cmocka_unit_test(who_has_it_is_told_so),
        cmocka_unit_test(nobody_crowds_the_others_out),
        cmocka_unit_test(one_round_at_a_time),
        cmocka_unit_test(a_round_does_not_wait_for_ever),
        cmocka_unit_test(distil_sees_neither_tenants_nor_tasks),
        cmocka_unit_test(nothing_that_distil_claims_is_believed),
        cmocka_unit_test(answers_are_read_strictly),
        cmocka_unit_test(rounds_fire_on_the_clock),
        cmocka_unit_test(what_disappears_waits_for_the_clock),
        cmocka_unit_test(an_erasure_waits_for_the_round_under_way),
        cmocka_unit_test(without_an_interval_only_the_operator_starts_one),
        cmocka_unit_test(never_half_a_library),
        cmocka_unit_test(a_round_survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
